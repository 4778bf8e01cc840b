"""Taking an article's folder or archive apart: its text and the files that it names, nothing else.

What lives here: reading what a stranger may have written: links, paths that lead out, archives that swell.
What may not: what the text says (:mod:`parley.site.model`), the database.

A package is data. Nothing in it is run, unpickled or imported; the text is read by the language's own reader,
which knows no YAML tags.
"""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from parley.errors import ParleyError
from parley.scenario.reader import SIZE_LIMIT
from parley.scenario.tables import misnamed

__all__ = [
    "BYTES_LIMIT",
    "ENTRY_LIMIT",
    "TEXT_NAME",
    "Package",
    "PackageError",
    "from_archive",
    "from_folder",
]

TEXT_NAME = "argument.md"
BYTES_LIMIT = 20_000_000  # of all files together, unpacked
ENTRY_LIMIT = 2_000  # files in the folder or archive that are looked at
DEPTH_LIMIT = 4  # folders inside one another
_CHUNK = 1 << 16


class PackageError(ParleyError):
    """An article's folder or archive cannot be taken."""


@dataclass(frozen=True, slots=True)
class Package:
    """An article's text, and the files beside it whose names stand in the text."""

    text: str
    files: Mapping[str, bytes]


def from_folder(place: Path) -> Package:
    """Read an article from its folder, or from the Markdown file in it.

    Only files whose names stand in the text are opened; whatever else lies in the folder is left alone.

    Parameters
    ----------
    place
        The folder (its ``argument.md`` is read), or a file that ends in ``.md`` or ``.markdown``.

    Raises
    ------
    PackageError
        There is no such text, a file that it names is a link or no plain file, or there is more than
        :data:`BYTES_LIMIT` bytes.

    Examples
    --------
    >>> from parley.catalog import locate
    >>> package = from_folder(locate("taliban-talks").parent)
    >>> "aid.csv" in package.files, package.text.startswith("---")
    (True, True)
    """
    file = place / TEXT_NAME if place.is_dir() else place
    if file.suffix.lower() not in (".md", ".markdown"):
        raise PackageError(f"{file.name} is not Markdown: an article is a folder with the file {TEXT_NAME}")
    text = _decoded(_opened(file, file.name, SIZE_LIMIT))
    files: dict[str, bytes] = {}
    left = BYTES_LIMIT
    for name, path in _beside(file.parent):
        if path == file or name not in text or misnamed(name) is not None:
            continue
        files[name] = _opened(path, name, left)
        left -= len(files[name])
    return Package(text, files)


def from_archive(data: bytes) -> Package:
    """Read an article from a ZIP archive, in memory: nothing is unpacked onto the disk.

    One folder around everything is taken off.

    Raises
    ------
    PackageError
        It is no such archive, it is encrypted, holds a link, a name twice, a name that leads out, or more
        than :data:`BYTES_LIMIT` bytes once unpacked.

    Examples
    --------
    >>> from_archive(b"no archive")
    Traceback (most recent call last):
    ...
    parley.site.web.packages.PackageError: this is not a ZIP archive
    """
    if len(data) > BYTES_LIMIT:
        raise PackageError(f"the archive has {len(data):,} bytes; at most {BYTES_LIMIT:,} are taken")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = _listed(archive)
            if TEXT_NAME not in names:
                raise PackageError(f"the archive holds no {TEXT_NAME}")
            left = [BYTES_LIMIT]
            text = _decoded(_unpacked(archive, names[TEXT_NAME], SIZE_LIMIT, left))
            files = {
                name: _unpacked(archive, info, BYTES_LIMIT, left)
                for name, info in names.items()
                if name != TEXT_NAME and name in text
            }
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError) as fault:
        raise PackageError("this is not a ZIP archive") from fault
    except RuntimeError as fault:  # zipfile's word for an archive with a password
        raise PackageError("the archive is encrypted") from fault
    except Exception as fault:
        if isinstance(fault, ParleyError):
            raise
        raise PackageError("the archive is damaged") from fault  # zlib and lzma raise errors of their own
    return Package(text, files)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise PackageError(f"{TEXT_NAME} is not UTF-8 text: byte {fault.start}") from None


def _beside(folder: Path) -> Iterator[tuple[str, Path]]:
    """List what lies in a folder, by name; hidden folders and links to folders are not entered."""
    seen = 0
    todo = [(folder, "", 0)]
    while todo:
        here, prefix, depth = todo.pop()
        for entry in sorted(os.scandir(here), key=lambda each: each.name):
            seen += 1
            if seen > ENTRY_LIMIT:
                raise PackageError(
                    f"the folder holds more than {ENTRY_LIMIT:,} files: is it the article's own?"
                )
            if entry.is_dir(follow_symlinks=False):
                if depth < DEPTH_LIMIT and not entry.name.startswith("."):
                    todo.append((Path(entry.path), f"{prefix}{entry.name}/", depth + 1))
            else:
                yield f"{prefix}{entry.name}", Path(entry.path)


def _opened(path: Path, name: str, limit: int) -> bytes:
    """Read a plain file; a link, a pipe or a device is refused before a byte of it is read."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise PackageError(f"there is no file {name}") from None
    except OSError as fault:
        if path.is_symlink():
            raise PackageError(f"{name} is a link: put the file itself there") from None
        raise PackageError(f"{name} cannot be read: {fault.strerror}") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise PackageError(f"{name} is not a plain file")
    with open(handle, "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise PackageError(f"{name} is too large: {_allowed(name)}")
    return data


def _allowed(name: str) -> str:
    limit = SIZE_LIMIT if name.endswith(TEXT_NAME) else BYTES_LIMIT
    return f"at most {limit:,} bytes are taken{'' if limit == SIZE_LIMIT else ', all files together'}"


def _listed(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the plain files of an archive under their names, the folder around everything taken off."""
    entries = archive.infolist()
    if len(entries) > ENTRY_LIMIT:
        raise PackageError(f"the archive holds more than {ENTRY_LIMIT:,} files")
    if sum(each.file_size for each in entries) > BYTES_LIMIT:
        raise PackageError(f"unpacked, the archive has more than {BYTES_LIMIT:,} bytes")
    names: dict[str, zipfile.ZipInfo] = {}
    for each in entries:
        if each.is_dir():
            continue
        _plain_entry(each)
        if each.filename in names:
            raise PackageError(f"the archive holds {each.filename[:80]!r} twice")
        names[each.filename] = each
    tops = {name.partition("/")[0] for name in names}
    if TEXT_NAME not in names and len(tops) == 1 and all("/" in name for name in names):
        names = {name.partition("/")[2]: each for name, each in names.items()}
    return names


def _plain_entry(entry: zipfile.ZipInfo) -> None:
    shown = repr(entry.filename[:80])
    wrong = misnamed(entry.filename)
    if wrong is not None:
        raise PackageError(f"the archive holds {shown}: {wrong}")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind and kind != stat.S_IFREG:
        raise PackageError(f"the archive holds {shown}, which is a link or no plain file")
    if entry.flag_bits & 0x1:
        raise PackageError("the archive is encrypted")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int, left: list[int]) -> bytes:
    """Unpack one file; what it says of its size is not believed."""
    pieces: list[bytes] = []
    size = 0
    with archive.open(entry) as file:
        while piece := file.read(_CHUNK):
            size += len(piece)
            if size > min(limit, left[0]):
                raise PackageError(f"{entry.filename[:80]} is too large: {_allowed(entry.filename)}")
            pieces.append(piece)
    left[0] -= size
    return b"".join(pieces)
