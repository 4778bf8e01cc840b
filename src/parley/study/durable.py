"""Files that are whole or not there, and folders that one process writes.

What lives here: atomic replacement and the lock of a folder. What may not: what the files mean.

A file is written beside its place under a name that ends in ``.partial``, forced to the disk, and put in its
place in one step, so nobody ever sees half of it, whenever the process or the machine stops. The lock belongs
to the process and goes with it, however it ends.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from parley.errors import StudyError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

__all__ = ["PARTIAL", "FolderLock", "cannot_write", "replacing", "sweep", "write_text"]

PARTIAL = ".partial"  # ending of a file that is being written


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Yield the name under which to write; put the file in its place when the block ends well.

    Raises
    ------
    StudyError
        When the file can't be written: no room, no right, no such folder. Nothing is left behind then.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with replacing(Path(folder, "a.txt")) as partial:
    ...         _ = partial.write_text("whole", encoding="utf-8")
    ...     [file.name for file in Path(folder).iterdir()]
    ['a.txt']
    """
    partial = target.with_name(target.name + PARTIAL)
    try:
        yield partial
        with partial.open("r+b") as file:
            os.fsync(file.fileno())
        os.replace(partial, target)
        _sync_folder(target.parent)
    except OSError as error:
        raise cannot_write(target, error) from error
    finally:
        # Once the file is in its place there is nothing to remove. Behind a failure, a folder that forbids
        # removing keeps the half until the next run sweeps; the failure itself is what is told.
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def cannot_write(target: Path, error: Exception) -> StudyError:
    """Say which file could not be written, why, and what to do.

    Examples
    --------
    >>> str(cannot_write(Path("run.json"), OSError(28, "No space left on device"))).partition(";")[0]
    "cannot write 'run.json': No space left on device"
    """
    reason = getattr(error, "strerror", None) or str(error).partition("\n")[0]
    return StudyError(
        f"cannot write '{target}': {reason}; what was finished before is kept: "
        "make room or give the right to write there, then run again"
    )


def write_text(target: Path, text: str) -> None:
    r"""Write a text file, whole or not at all, byte for byte (UTF-8, line ends as they are).

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_text(Path(folder, "a.txt"), "one\r\ntwo")
    ...     Path(folder, "a.txt").read_bytes()
    b'one\r\ntwo'
    """
    with replacing(target) as partial:
        partial.write_bytes(text.encode("utf-8", "surrogateescape"))  # names of files need not be UTF-8


def sweep(folder: Path) -> None:
    """Remove what an earlier process left half written in a folder.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "0-0.parquet.partial").write_bytes(b"half")
    ...     sweep(Path(folder))
    ...     list(Path(folder).iterdir())
    []
    """
    for leftover in folder.glob(f"*{PARTIAL}"):
        try:
            leftover.unlink(missing_ok=True)
        except OSError as error:
            raise StudyError(f"cannot remove the half-written '{leftover}': {error.strerror}") from error


def _sync_folder(folder: Path) -> None:
    """Force the folder's own entry to the disk, where a system lets folders be opened."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class FolderLock:
    """The right to write in a folder, held by one process (and one holder in it) at a time.

    Parameters
    ----------
    file
        The lock's file, made if need be. It stays behind when the lock is given back: what counts is who
        holds it, not whether it is there.

    Raises
    ------
    StudyError
        When another holds it, or the folder can't be locked.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     lock = FolderLock(Path(folder, "run.lock"))
    ...     lock.release()
    """

    _OFFSET = 1 << 20  # Windows locks bytes against reading too: lock one far behind the number that is read

    def __init__(self, file: Path) -> None:
        try:
            self._handle: int | None = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise StudyError(f"cannot write in '{file.parent}': {error.strerror}") from error
        try:
            self._acquire(self._handle)
        except OSError as error:
            holder = _first_line(self._handle)
            self.release()
            if isinstance(error, (BlockingIOError, PermissionError)):
                raise StudyError(
                    f"'{file.parent}' is being written by another run (process {holder or 'unknown'}): "
                    "wait until it ends, or save into another folder"
                ) from error
            raise StudyError(
                f"'{file.parent}' cannot be locked ({error.strerror}): save into a folder on a local disk"
            ) from error
        os.ftruncate(self._handle, 0)
        os.lseek(self._handle, 0, os.SEEK_SET)
        os.write(self._handle, f"{os.getpid()}\n".encode())

    def _acquire(self, handle: int) -> None:
        if sys.platform == "win32":
            os.lseek(handle, self._OFFSET, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def release(self) -> None:
        """Give the folder back; a second time does nothing."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _first_line(handle: int) -> str:
    os.lseek(handle, 0, os.SEEK_SET)
    return os.read(handle, 32).decode("ascii", errors="replace").strip()
