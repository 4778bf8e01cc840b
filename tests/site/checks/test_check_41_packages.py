"""Check 41: an article's package is data: nothing runs, leads out, swells, or is too large to solve."""

from __future__ import annotations

import contextlib
import io
import os
import zipfile
from pathlib import Path

import pytest

from parley.site.web.packages import BYTES_LIMIT, PackageError, from_archive, from_folder
from tests.site.packages import a_folder, a_text, an_archive

NAMING = a_text("summary: see notes.txt, ../notes.txt and /etc/hostname\n")


@pytest.mark.parametrize(
    "name",
    [
        "../notes.txt",
        "/etc/hostname",
        "a/../../notes.txt",
        "..\\notes.txt",
        "C:\\notes.txt",
        "C:notes.txt",
        "~/notes.txt",
    ],
)
def test_check_41_an_archive_that_leads_out_is_refused(name: str) -> None:
    with pytest.raises(PackageError, match=r"leads out|does not start|no name of a file"):
        from_archive(an_archive({"argument.md": NAMING, name: b"owned"}))


def test_check_41_links_are_refused_in_folders_and_archives(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the key")
    folder = a_folder(tmp_path / "article", NAMING)
    (folder / "notes.txt").symlink_to(secret)
    with pytest.raises(PackageError, match=r"notes\.txt is a link"):
        from_folder(folder)
    (folder / "argument.md").unlink()
    (folder / "argument.md").symlink_to(secret)
    with pytest.raises(PackageError, match=r"argument\.md is a link"):
        from_folder(folder)
    link = zipfile.ZipInfo("notes.txt")
    link.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("argument.md", NAMING)
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(PackageError, match="link"):
        from_archive(out.getvalue())


def test_check_41_links_to_folders_are_not_entered(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "notes.txt").write_text("private")
    folder = a_folder(tmp_path / "article", a_text("summary: see data/notes.txt\n"))
    (folder / "data").symlink_to(outside)
    with pytest.raises(PackageError, match="data is a link"):  # its name stands in the text: data/notes.txt
        from_folder(folder)
    folder = a_folder(tmp_path / "other", NAMING)
    (folder / "elsewhere").symlink_to(outside)
    assert from_folder(folder).files == {}


def test_check_41_pipes_do_not_hang_the_reader(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "article", NAMING)
    os.mkfifo(folder / "notes.txt")
    with pytest.raises(PackageError, match="not a plain file"):
        from_folder(folder)


def test_check_41_archives_that_swell_are_refused() -> None:
    bomb = an_archive({"argument.md": NAMING, "notes.txt": b"\0" * (BYTES_LIMIT + 1)})
    assert len(bomb) < 100_000
    with pytest.raises(PackageError, match="has more than 20,000,000 bytes"):
        from_archive(bomb)


def test_check_41_what_an_archive_says_of_its_sizes_is_not_believed() -> None:
    bomb = bytearray(an_archive({"argument.md": NAMING, "notes.txt": b"\0" * (BYTES_LIMIT + 1)}))
    directory = bomb.index(b"PK\1\2", bomb.index(b"PK\1\2") + 1)
    bomb[directory + 24 : directory + 28] = (1000).to_bytes(4, "little")
    with pytest.raises(PackageError):
        from_archive(bytes(bomb))


def test_check_41_many_entries_are_refused() -> None:
    with pytest.raises(PackageError, match="more than 2,000 files"):
        from_archive(an_archive({"argument.md": NAMING, **{f"f{n}": b"" for n in range(2001)}}))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_check_41_a_name_twice_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("argument.md", NAMING)
        archive.writestr("argument.md", a_text())
    with pytest.raises(PackageError, match="twice"):
        from_archive(out.getvalue())


def test_check_41_encrypted_and_damaged_archives_are_refused() -> None:
    whole = bytearray(an_archive({"argument.md": NAMING}))
    locked = bytearray(whole)
    locked[locked.index(b"PK\1\2") + 8] |= 1
    with pytest.raises(PackageError, match="encrypted"):
        from_archive(bytes(locked))
    for cut in (0, 10, len(whole) // 2, len(whole) - 5):
        with pytest.raises(PackageError):
            from_archive(bytes(whole[:cut]))
    for place in range(30, len(whole) - 60, 7):
        torn = bytearray(whole)
        torn[place] ^= 0xFF
        with contextlib.suppress(PackageError):
            from_archive(bytes(torn))


def test_check_41_large_folders_are_refused(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "large", NAMING)
    with (folder / "notes.txt").open("wb") as file:
        file.truncate(BYTES_LIMIT + 1)
    with pytest.raises(PackageError, match=r"notes\.txt is too large"):
        from_folder(folder)
    folder = a_folder(tmp_path / "long", a_text() + "x" * 1_000_001)
    with pytest.raises(PackageError, match=r"argument\.md is too large"):
        from_folder(folder)
    with pytest.raises(PackageError, match=r"argument\.md is too large"):
        from_archive(an_archive({"argument.md": a_text() + "x" * 1_000_001}))


def test_only_files_that_the_text_names_are_taken(tmp_path: Path) -> None:
    text = a_text("summary: see notes.txt and data/more.csv\n")
    beside = {"notes.txt": b"1", "data/more.csv": b"2", "private.txt": b"3", ".git/config": b"4"}
    folder = a_folder(tmp_path / "article", text, beside)
    assert from_folder(folder).files == {"notes.txt": b"1", "data/more.csv": b"2"}
    packed = {f"article/{name}": data for name, data in {"argument.md": text.encode(), **beside}.items()}
    assert from_archive(an_archive(packed)).files == {"notes.txt": b"1", "data/more.csv": b"2"}
