"""``parley export``: one reading of a scenario as a file that other programs solve."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from parley.cli.faults import placed

if TYPE_CHECKING:
    from parley.game import Game
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
    from parley.draws import sample
    from parley.game import compile as compiled
    from parley.game.efg import to_efg
    from parley.game.nfg import to_nfg
    from parley.solve import tabulate

    one = sample(scenario, 1, seed=seed, first=draw)
    switches = {
        name: list(scenario.switches[name].options)[int(option)]
        for name, option in zip(one.switches, one.choice[:, 0], strict=True)
    }
    game = compiled(scenario, switches)
    if policy is not None:
        game = _restricted(game, policy)
    tables = tabulate(game, one)
    write = to_efg if form == "efg" else to_nfg
    title = f"{scenario.title}, draw {draw} of seed {seed}" + (f", {policy}" if policy else "")
    return write(game, tables.chance[:, 0], tables.payoff[:, :, 0], title=title)


def _restricted(game: Game, policy: str) -> Game:
    from parley.game import restrict
    from parley.scenario.names import canonical

    declared = {canonical(name): name for name in game.rules}
    if canonical(policy) not in declared:
        known = ", ".join(game.rules) or "none at all"
        raise click.BadParameter(f"there is no policy {policy!r}, only {known}", param_hint="--policy")
    return restrict(game, declared[canonical(policy)]).game
