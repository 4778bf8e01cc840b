"""Files that commands write for other programs.

What lives here: checking a place before work is spent, and writing so that a reader never meets half a file.
What may not: what is written.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import click

__all__ = ["writable", "write", "writing"]


def writable(target: str | None, option: str = "--json") -> None:
    """Refuse a file that cannot be written before minutes are spent on solving; ``-`` and none can."""
    if target is None or target == "-":
        return
    path = Path(target)
    if path.is_dir():
        raise click.BadParameter(f"{str(path)!r} is a folder", param_hint=option)
    if not path.parent.is_dir():
        raise click.BadParameter(f"there is no folder {str(path.parent)!r}", param_hint=option)


def write(text: str, target: str) -> None:
    """Write a text to a file, or to standard output for ``-``; what is there already is replaced."""
    with writing(target) as put:
        put(text)


@contextlib.contextmanager
def writing(target: str) -> Iterator[Callable[[str], object]]:
    """Yield what writes a text piece by piece, to a file or to standard output for ``-``."""
    if target == "-":
        yield lambda text: click.echo(text, nl=False)
        return
    path = Path(target).resolve()  # through a link, to the file that it means
    if path.exists() and not path.is_file():  # a pipe or a device is written to, never replaced
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            yield stream.write
        return
    # Written beside and moved into place.
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            yield stream.write
        os.chmod(draft, 0o666 & ~_umask())
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(draft)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
