"""A back-up that was cut, changed or is not complete is refused, and leaves no half of a site behind."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from parley.site.web.serving.backup import BackupError, restore


def a_database(folder: Path, *, table: str = "web_site") -> bytes:
    file = folder / "made.sqlite3"
    database = sqlite3.connect(file)
    database.execute(f"CREATE TABLE {table} (id INTEGER, words TEXT)")
    database.executemany(f"INSERT INTO {table} VALUES (?, ?)", [(n, f"word {n * n}") for n in range(500)])
    database.commit()
    database.close()
    data = file.read_bytes()
    file.unlink()
    return data


def an_archive(folder: Path, files: Mapping[str, bytes]) -> Path:
    file = folder / "site.tar.gz"
    note = json.dumps({"parley": "0.1.0", "database": "site.sqlite3"}).encode()
    with tarfile.open(file, "w:gz") as archive:
        for name, data in {"parley-backup.json": note, **files}.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return file


def whole(folder: Path) -> Path:
    picture = bytes(n * n % 251 for n in range(50_000))
    return an_archive(folder, {"site.sqlite3": a_database(folder), "media/x.webp": picture})


def test_a_whole_one_is_restored(tmp_path: Path) -> None:
    assert restore(whole(tmp_path), tmp_path / "again") == "0.1.0"
    assert (tmp_path / "again" / "site.sqlite3").stat().st_size > 8_000


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_one_that_was_cut_is_refused(tmp_path: Path, share: float) -> None:
    file = whole(tmp_path)
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])
    with pytest.raises(BackupError, match="damaged"):
        restore(file, tmp_path / "again")
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("part", range(20, 100, 5))
def test_one_with_a_changed_byte_is_refused_wherever_it_is(tmp_path: Path, part: int) -> None:
    file = whole(tmp_path)
    data = bytearray(file.read_bytes())
    data[len(data) * part // 100] ^= 0x10
    file.write_bytes(data)
    with pytest.raises(BackupError):
        restore(file, tmp_path / "again")
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("database", [None, b"", "other"])
def test_one_without_a_site_in_it_is_refused(tmp_path: Path, database: bytes | str | None) -> None:
    data = a_database(tmp_path, table="notes") if isinstance(database, str) else database
    file = an_archive(tmp_path, {"secret.key": b"k" * 40} | ({} if data is None else {"site.sqlite3": data}))
    with pytest.raises(BackupError):
        restore(file, tmp_path / "again")
    assert not (tmp_path / "again").exists()
