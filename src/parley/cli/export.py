"""``parley export``: one reading of a scenario as a file that other programs solve."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from parley.cli.faults import placed
from parley.cli.reading import one_reading

if TYPE_CHECKING:
    from parley.scenario.model import Scenario

__all__ = ["export"]


@click.command()
@click.argument("file", metavar="NAME-OR-FILE")
@click.option(
    "--draw",
    type=click.IntRange(min=0),
    required=True,
    help="Which reading, counted from 0 as in `parley run`.",
)
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Of the readings.")
@click.option(
    "--policy", metavar="NAME", help="With the moves that this policy prescribes; free play without."
)
@click.option(
    "--format",
    "form",
    default="efg",
    show_default=True,
    type=click.Choice(["efg", "nfg"]),
    help="efg is the tree, nfg the table of its reduced strategies.",
)
@click.option("-o", "--output", metavar="FILE", help="Default: standard output. Nothing is overwritten.")
def export(file: str, draw: int, seed: int, policy: str | None, form: str, output: str | None) -> None:
    """Write one reading of a scenario for Gambit or OpenSpiel.

    All judgements take the values of that reading, so that the file is a game of plain numbers. Precisions
    are not in it: neither format has a place for them.
    """
    from parley import catalog

    scenario = catalog.load(file)
    with placed(scenario):
        text = _written(scenario, draw, seed, policy, form)
    if output is None or output == "-":
        click.echo(text, nl=False)
        return
    try:
        with Path(output).open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise click.UsageError(f"{output!r} is already there; choose another name") from None
    click.echo(f"Wrote {output}.", err=True)


def _written(scenario: Scenario, draw: int, seed: int, policy: str | None, form: str) -> str:
    from parley.game.efg import to_efg
    from parley.game.nfg import to_nfg

    game, tables, title = one_reading(scenario, draw, seed, policy)
    write = to_efg if form == "efg" else to_nfg
    return write(game, tables.chance[:, 0], tables.payoff[:, :, 0], title=title)
