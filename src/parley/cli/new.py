"""``parley new``: a small commented scenario that runs as it is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click

__all__ = ["new"]

SUFFIX = ".md"


@click.command()
@click.argument("name")
@click.option("--from", "model", metavar="NAME", help="Start from a scenario that ships with Parley.")
def new(name: str, model: str | None) -> None:
    """Write NAME.md, a small commented scenario that runs as it is.

    Nothing is ever overwritten.
    """
    from parley import catalog

    target = Path(name if name.endswith(SUFFIX) else name + SUFFIX)
    if not target.suffix or not re.fullmatch(r"[\w .()+-]*\w[\w .()+-]*", target.stem):
        raise click.UsageError(f"{target.stem!r} cannot be a name: use letters, digits, blanks, - and _")
    source = catalog.locate(model) if model is not None else catalog.template()
    text = source.read_text(encoding="utf-8")
    if not target.parent.is_dir():
        raise click.UsageError(f"there is no folder {str(target.parent)!r}")
    beside = sorted(path for path in source.parent.iterdir() if path.is_file() and path != source)
    data = [target.parent / path.name for path in beside] if model is not None else []
    for path in (target, *data):
        if path.exists():
            raise click.UsageError(f"{str(path)!r} is already there; choose another name or folder")
    with target.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
    for path, copy in zip(beside, data, strict=False):
        copy.write_bytes(path.read_bytes())
    click.echo(f"Wrote {', '.join(str(path) for path in (target, *data))}.")
    if model is not None and re.search(r"^expected:", text, re.MULTILINE):
        click.echo(
            "Its published numbers (`expected`) are the original's: delete them when yours is another model."
        )
    click.echo(f"Next:  parley run {shlex.quote(str(target))}")
    click.echo("Then change it, line by line; `parley check` says at once what is wrong.")
