"""``parley verify``: recompute every certificate of a stored run without the kernels."""

from __future__ import annotations

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

    DIR is what `parley run --save` wrote. Nothing of the solver's compiled code is used. The exit code is 3
    when anything differs; the policy and the draw are named.
    """
    from parley import study

    with Bar(label="verifying", quiet=quiet) as bar:
        found = study.verify(folder, progress=bar.update)
    for problem in found.problems[:SHOWN]:
        click.echo(printable(_said(problem)))
    if len(found.problems) > SHOWN:
        click.echo(f"... and {len(found.problems) - SHOWN:,} more")
    if found.problems:
        click.echo(f"{_plural(len(found.problems), 'problem')} in {found.draws:,} readings", err=True)
        return INSUFFICIENT
    if not quiet:
        click.echo(f"Every certificate holds: {found.draws:,} readings, recomputed without the solver.")
        if not found.complete:
            click.echo("The run is not finished; the command that began it goes on with it.")
    return 0


def _said(problem: Problem) -> str:
    place = [f"policy {problem.policy!r}"] if problem.policy is not None else []
    if problem.draw is not None:
        place.append(f"draw {problem.draw}")
    return f"{', '.join(place)}: {problem.message}" if place else problem.message


def _plural(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
