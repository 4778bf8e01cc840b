"""Files of articles on the disk, each under the name of its digest.

What lives here: writing whole or not at all, finding again, putting an article's folder together for the
solver. What may not: which version has which files (:class:`~parley.site.web.models.Version`).

========================  ==================================================================================
``blobs/ab/abcd…``        files as authors gave them: data that readers may take, pictures that they may not
``media/abcd….png``       pictures as they are shown
``packages/<digest>/``    a version's text and files under their own names, for the solver; made when needed
========================  ==================================================================================
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from parley.errors import ParleyError
from parley.scenario.tables import misnamed
from parley.site.web.models import Version
from parley.site.web.packages import TEXT_NAME

__all__ = ["BlobError", "blob_path", "keep", "keep_picture", "package_path", "picture_path", "read"]


class BlobError(ParleyError):
    """A file that a version needs is not there, or is not what it was."""


def keep(data: bytes) -> str:
    """Keep a file under its digest (sha256, hexadecimal), which is returned; a second time does nothing."""
    digest = hashlib.sha256(data).hexdigest()
    _write(blob_path(digest), data)
    return digest


def keep_picture(name: str, data: bytes) -> None:
    """Keep a picture that was encoded here, under the name that its bytes gave it."""
    _write(picture_path(name), data)


def blob_path(digest: str) -> Path:
    """Return where a file lies.

    Raises
    ------
    BlobError
        This is no digest.
    """
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise BlobError(f"{digest[:80]!r} is no digest of a file")
    return Path(settings.PARLEY_SITE) / "blobs" / digest[:2] / digest


def picture_path(name: str) -> Path:
    """Return where a picture lies.

    Raises
    ------
    BlobError
        This is no name of a picture.
    """
    digest, _, kind = name.partition(".")
    if kind not in ("png", "jpg", "webp"):
        raise BlobError(f"{name[:80]!r} is no name of a picture")
    blob_path(digest)
    return Path(settings.MEDIA_ROOT) / name


def read(digest: str) -> bytes:
    """Return a file, checked against its digest.

    Raises
    ------
    BlobError
        It is not there, or its bytes changed.
    """
    try:
        data = blob_path(digest).read_bytes()
    except FileNotFoundError:
        raise BlobError(
            f"the file {digest} is missing in the site's folder: restore it from the back-up"
        ) from None
    if hashlib.sha256(data).hexdigest() != digest:
        raise BlobError(f"the file {digest} was changed in the site's folder: restore it from the back-up")
    return data


def package_path(version: Version) -> Path:
    """Return the file with a version's text, the version's data beside it; put together when it is not there.

    The folder is made under another name and then renamed: whoever finds it finds it whole.

    Raises
    ------
    BlobError
        A file of the version is missing or changed.
    """
    folder = Path(settings.PARLEY_SITE) / "packages" / version.digest
    if not (folder / TEXT_NAME).is_file():
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
        try:
            lay_out(fresh, version.source, {name: read(digest) for name, digest in version.files.items()})
            try:
                fresh.rename(folder)
            except OSError:
                if not (folder / TEXT_NAME).is_file():  # else another process was quicker
                    raise
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return folder / TEXT_NAME


def lay_out(folder: Path, text: str, files: Mapping[str, bytes]) -> Path:
    """Write a text and the files beside it into a folder; returns the text's file.

    Raises
    ------
    BlobError
        A name leads out of the folder.
    """
    for name, data in files.items():
        if misnamed(name) is not None or name == TEXT_NAME:
            raise BlobError(f"{name[:80]!r} is no name of a file beside an article: {misnamed(name)}")
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    file = folder / TEXT_NAME
    file.write_bytes(text.encode("utf-8"))
    return file


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, and see that it outlives a loss of power."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
