"""A site in one file, and back.

What lives here: back-up and restoring. What may not: when they are run.

The database is copied while the site runs: SQLite by its own online back-up, PostgreSQL by ``pg_dump``.
With it go the article's files, pictures, the key, and the rules; what can be made again (static files,
packages for the solver) does not. The file holds the key and readers' addresses: keep it as the site's
folder is kept.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from pathlib import Path
from typing import Any

import parley
from parley.errors import ParleyError

__all__ = ["KEPT", "BackupError", "back_up", "restore"]

KEPT = ("blobs", "media", "secret.key", "rules.toml")
_CHUNK = 1 << 20
_NOTE = "parley-backup.json"
_SQLITE, _POSTGRES = "site.sqlite3", "site.pgdump"


class BackupError(ParleyError):
    """A site cannot be backed up or restored as asked."""


def back_up(site: Path, file: Path) -> int:
    """Write a site into one compressed archive that its owner alone may read.

    Parameters
    ----------
    site
        The site's folder; Django is set up for it.
    file
        The archive, which must not exist.

    Returns
    -------
    int
        Bytes written.

    Raises
    ------
    BackupError
        The archive exists, there is no database, or `pg_dump` fails.
    """
    if file.exists():
        raise BackupError(f"{file} exists already: name another file")
    with tempfile.TemporaryDirectory(prefix="parley-backup-") as folder:
        copy = _dumped(Path(folder))
        note = {"parley": parley.__version__, "database": copy.name}
        part = file.with_name(f"{file.name}.part")
        try:
            with (
                open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out,
                tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as archive,
            ):
                _text(archive, _NOTE, json.dumps(note))
                archive.add(copy, copy.name)
                for name in KEPT:
                    if (site / name).exists():
                        archive.add(site / name, name)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    return file.stat().st_size


def restore(file: Path, site: Path) -> str:
    """Put a site back into a folder without one; returns the version of Parley that wrote the archive.

    Raises
    ------
    BackupError
        The folder or database holds a site, the archive is not ours or damaged, or `pg_restore` fails.
    """
    _undamaged(file)
    note = _note(file)
    if any((site / name).exists() for name in (_SQLITE, *KEPT[:3])):
        raise BackupError(f"{site} holds a site already: restore into a new folder")
    with tempfile.TemporaryDirectory(prefix="parley-restore-") as folder:
        with tarfile.open(file, "r:gz") as archive:
            _extract(archive, Path(folder))
        found = Path(folder)
        database = found / str(note["database"])
        if not database.is_file():
            raise BackupError(f"{file} is no back-up of a site: the database is not in it")
        if database.name == _POSTGRES:
            _postgres("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(database))
        else:
            _whole(database)
            _a_site(database)
        site.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in (*KEPT, _SQLITE):
            if (found / name).exists():
                shutil.move(found / name, site / name)
    for name in ("secret.key", _SQLITE):
        if (site / name).exists():
            (site / name).chmod(0o600)
    return str(note["parley"])


def _undamaged(file: Path) -> None:
    """Read the archive to its end, where the checksum of all that was written stands.

    Reading its files alone would stop before that, and take what a disk or a line has changed.
    """
    try:
        with gzip.open(file) as content:
            while content.read(_CHUNK):
                pass
    except (OSError, EOFError, zlib.error) as fault:
        raise BackupError(f"{file} is no back-up of a site, or it is damaged: {fault}") from None


def _a_site(file: Path) -> None:
    database = sqlite3.connect(file)
    try:
        tables = database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'web_site'").fetchone()[0]
    finally:
        database.close()
    if not tables:
        raise BackupError("the database of the back-up holds no site")


def _dumped(folder: Path) -> Path:
    from django.db import connection

    if connection.vendor == "postgresql":
        target = folder / _POSTGRES
        _postgres("pg_dump", "--format=custom", "--no-owner", f"--file={target}")
        return target
    name = Path(str(connection.settings_dict["NAME"]))
    if not name.exists():
        raise BackupError(f"there is no site in {name.parent}")
    target = folder / _SQLITE
    source, copy = sqlite3.connect(f"file:{name}?mode=ro", uri=True), sqlite3.connect(target)
    try:
        source.backup(copy, pages=2000, sleep=0.005)
    finally:
        source.close()
        copy.close()
    _whole(target)
    return target


def _whole(file: Path) -> None:
    try:
        database = sqlite3.connect(file)
        try:
            said = database.execute("PRAGMA quick_check").fetchone()[0]
        finally:
            database.close()
    except sqlite3.DatabaseError as fault:
        said = str(fault)
    if said != "ok":
        raise BackupError(f"the copy of the database is damaged: {said}")


def _postgres(program: str, *options: str) -> None:
    """Run a program of PostgreSQL on the site's database; the password goes by the environment."""
    from django.db import connection

    own: dict[str, Any] = connection.settings_dict
    path = shutil.which(program)
    if path is None:
        raise BackupError(f"`{program}` is not here: install PostgreSQL's client programs")
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = os.environ | {key: str(own[name]) for key, name in names.items() if own.get(name)}
    target = ["--dbname", str(own["NAME"])]
    done = subprocess.run(
        [path, *target, *options], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BackupError(f"{program} failed: {done.stderr.strip()[-500:]}")


def _note(file: Path) -> dict[str, Any]:
    try:
        with tarfile.open(file, "r:gz") as archive:
            member = archive.next()
            if member is None or member.name != _NOTE:
                raise BackupError(f"{file} is no back-up of a site")
            content = archive.extractfile(member)
            note: dict[str, Any] = json.loads(content.read(10_000) if content is not None else b"")
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError) as fault:
        raise BackupError(f"{file} is no back-up of a site: {fault}") from None
    if note.get("database") not in (_SQLITE, _POSTGRES):
        raise BackupError(f"{file} is no back-up of a site: it names no database")
    return note


def _text(archive: tarfile.TarFile, name: str, text: str) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(text.encode()), 0o600
    archive.addfile(member, io.BytesIO(text.encode()))


def _extract(archive: tarfile.TarFile, folder: Path) -> None:
    """Unpack plain files and folders that stay within the folder; anything else is refused.

    Python 3.11 has no filters before 3.11.4, and Debian 12 has an earlier one.
    """
    for member in archive.getmembers():
        inside = (folder / member.name).resolve().is_relative_to(folder.resolve())
        if not inside or not (member.isfile() or member.isdir()):
            raise BackupError(f"the file holds something that is no part of a site: {member.name}")
        member.uid = member.gid = 0
        member.mode = 0o700 if member.isdir() else 0o600
    archive.extractall(folder, numeric_owner=False)
