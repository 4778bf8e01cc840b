"""``parley verify``: recompute every certificate of a stored run without the kernels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from parley.cli.exits import INSUFFICIENT
from parley.cli.screen import Bar, printable

if TYPE_CHECKING:
    from parley.study import Problem

__all__ = ["verify"]

SHOWN = 50  # problems; one changed file may have thousands


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False))
@click.option("--quiet", is_flag=True, help="Print nothing when all is well.")
def verify(folder: str, quiet: bool) -> int:
    """Recompute every certificate of a kept run, and compare.

    DIR is what `parley run --save` wrote. Draws, certificates, quantities and the findings are computed
    again; nothing of the solver's compiled code is used. The exit code is 3 when anything differs; the policy
    and the draw are named, or the place in the findings.
    """
    from parley import study

    with Bar(label="verifying", quiet=quiet) as bar:
        found = study.verify(folder, progress=bar.update)
    said = [_said(problem) for problem in found.problems]
    if not said and found.complete:
        said = list(_findings(folder))
    for text in said[:SHOWN]:
        click.echo(printable(text))
    if len(said) > SHOWN:
        click.echo(f"... and {len(said) - SHOWN:,} more")
    if said:
        click.echo(f"{_plural(len(said), 'problem')} in {found.draws:,} readings", err=True)
        return INSUFFICIENT
    if not quiet:
        click.echo(f"Every certificate holds: {found.draws:,} readings, recomputed without the solver.")
        if not found.complete:
            click.echo("The run is not finished; the command that began it goes on with it.")
    return 0


def _findings(folder: str) -> Iterator[str]:
    """Say where the findings of a finished run are not what its readings and kept answers give."""
    from parley.findings import assess
    from parley.findings.differences import differences
    from parley.study import Store, answered, read_run

    stored = Store.open(folder).findings()
    if stored is None:
        return
    problems: list[Problem] = []
    computed = assess(read_run(folder), answered(folder, problems)).to_json()
    yield from map(_said, problems)
    yield from differences(stored, computed)


def _said(problem: Problem) -> str:
    place = [f"policy {problem.policy!r}"] if problem.policy is not None else []
    if problem.draw is not None:
        place.append(f"draw {problem.draw}")
    return f"{', '.join(place)}: {problem.message}" if place else problem.message


def _plural(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
