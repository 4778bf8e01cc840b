"""``parley solve``: one game of plain numbers, solved and shown set by set."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parley.cli.exits import INSUFFICIENT
from parley.cli.faults import placed
from parley.cli.output import writable, write
from parley.cli.reading import Reading, one_reading
from parley.cli.screen import takes_colour, width

if TYPE_CHECKING:
    from parley.solve import Solution, Tables
    from parley.solve.labelled import Document

__all__ = ["solve"]

SETS = 10
FORMS = (".efg", ".nfg")


@click.command()
@click.argument("file", metavar="FILE")
@click.option(
    "--lambda",
    "precisions",
    metavar="L,L,...",
    help="Precisions per unit of payoff, as Gambit counts them. Default: 4 per stake for a file of Gambit's, "
    "what the reading says for a scenario.",
)
@click.option("--draw", type=click.IntRange(min=0), help="Of a scenario: which reading, counted from 0.")
@click.option(
    "--seed", type=click.IntRange(min=0, max=2**64 - 1), help="Of a scenario: of the readings.  [default: 0]"
)
@click.option(
    "--policy", metavar="NAME", help="Of a scenario: with the moves of this policy; free play without."
)
@click.option(
    "--starts", default=0, type=click.IntRange(min=0), help="Look for other equilibria from so many starts."
)
@click.option("--pure", is_flag=True, help="List all equilibria in pure strategies too.")
@click.option("--sets", default=SETS, show_default=True, type=click.IntRange(min=0), help="Sets to show.")
@click.option("--all", "everything", is_flag=True, help="Show every set and every node.")
@click.option("--json", "json_file", metavar="FILE", help="Write everything as JSON; - is standard output.")
@click.option("--picture", metavar="FILE.svg", help="Write the game tree as a picture, for one precision.")
def solve(
    file: str,
    precisions: str | None,
    draw: int | None,
    seed: int | None,
    policy: str | None,
    starts: int,
    pure: bool,
    sets: int,
    everything: bool,
    json_file: str | None,
    picture: str | None,
) -> int:
    """Solve one game of plain numbers and show what happens where.

    FILE is a game of Gambit's (.efg or .nfg), or a scenario, of which --draw picks one reading. For every
    information set the command prints how likely play comes there, what its player then believes, what each
    action is worth there and how likely it is taken. The exit code is 3 when a game could not be solved.
    """
    writable(json_file)
    writable(picture, "--picture")
    lambdas = _lambdas(precisions)
    if picture is not None and len(lambdas or ()) > 1:
        raise click.UsageError("--picture draws one solution: say one number with --lambda")
    if Path(file).suffix.lower() in FORMS:
        _only_scenarios(draw, seed, policy)
        task = _Task(_from_file(file), lambdas, starts)
    else:
        task = _Task(_from_scenario(file, draw, seed or 0, policy), lambdas, starts)
    document = task.document(file)
    if pure:
        document["pure"] = task.pure()
    if picture is not None:
        write(task.picture(), picture)
    if json_file is not None:
        write(json.dumps(document, ensure_ascii=False, indent=1) + "\n", json_file)
    if json_file != "-":
        _show(document, None if everything else sets)
    solved = all(each["solved"] for each in document["solutions"])
    return 0 if solved else INSUFFICIENT


def _lambdas(text: str | None) -> list[float] | None:
    if text is None:
        return None
    from parley.errors import SolveError
    from parley.solve.at import precisions

    try:
        return [float(each) for each in precisions([float(each) for each in text.split(",")])]
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no list of numbers such as 0.5,1,5", param_hint="--lambda"
        ) from None
    except SolveError as fault:
        raise click.BadParameter(str(fault), param_hint="--lambda") from None


def _only_scenarios(draw: int | None, seed: int | None, policy: str | None) -> None:
    for name, value in (("--draw", draw), ("--seed", seed), ("--policy", policy)):
        if value is not None:
            raise click.UsageError(f"{name} is for scenarios: this file holds one game of plain numbers")


def _from_file(file: str) -> Reading:
    from parley.game import read_game
    from parley.solve.at import numbers_of

    game = read_game(file)
    assert game.origin is not None
    return Reading(game, numbers_of(game), game.origin.title or Path(file).name)


def _from_scenario(file: str, draw: int | None, seed: int, policy: str | None) -> Reading:
    from parley import catalog

    scenario = catalog.load(file)
    if draw is None:
        raise click.UsageError("a scenario stands for many games: say with --draw which reading to solve")
    with placed(scenario):
        return one_reading(scenario, draw, seed, policy)


@dataclass(frozen=True)
class _Task:
    """A game and the precisions to solve it at; None for those of its own tables."""

    reading: Reading
    lambdas: list[float] | None
    starts: int  # of a search for other equilibria; 0: none

    def tables(self) -> Tables:
        """Return a column for each precision, with lambda per payoff unit in place of precision."""
        import numpy as np

        from parley.solve import Tables as Columns

        given = self.reading.tables
        draws = len(self.lambdas or [0.0])
        if self.lambdas is None:
            with np.errstate(all="ignore"):
                lam = given.precision / given.stake
        else:
            lam = np.ascontiguousarray(np.broadcast_to(self.lambdas, (len(self.reading.game.players), draws)))
        return Columns(
            np.repeat(given.chance, draws, axis=1),
            np.repeat(given.payoff, draws, axis=2),
            lam,
            np.repeat(given.stake, draws, axis=1),
        )

    @cached_property
    def solved(self) -> tuple[Tables, Solution]:
        """The numbers that were solved, and the solution."""
        from parley.solve import solve_arrays

        tables = self.tables()
        numbers = (tables.chance, tables.payoff, tables.precision)
        return tables, solve_arrays(self.reading.game, *numbers, stake=tables.stake)

    def document(self, file: str) -> Document:
        """Solve, and describe what was found as plain data."""
        import parley
        from parley.solve.labelled import labelled

        game, (tables, solution) = self.reading.game, self.solved
        solutions = labelled(game, tables.chance, tables.payoff, solution)
        if self.starts:
            self.search(tables, solutions)
        size = {
            "players": len(game.players),
            "sets": game.infosets,
            "actions": game.actions,
            "nodes": game.nodes,
        }
        return {
            "parley": parley.__version__,
            "title": self.reading.title,
            "file": file,
            "size": size,
            "solutions": solutions,
        }

    def picture(self) -> str:
        """Draw the tree of the solved game."""
        from parley.report.figures.game import figure
        from parley.solve.unrolled import tree_of

        tables, solution = self.solved
        found = tree_of(self.reading.game, tables.chance, tables.payoff, solution)
        return figure(found, self.reading.title).svg

    def pure(self) -> Document:
        """List all equilibria in pure strategies."""
        from parley.solve import pure_equilibria
        from parley.solve.labelled import found_pure

        game, given = self.reading.game, self.reading.tables
        return found_pure(game, pure_equilibria(game, given.chance, given.payoff))

    def search(self, tables: Tables, solutions: list[Document]) -> None:
        """Note beside each solution which equilibria a search from many starts has found."""
        from parley.solve.equilibria import equilibria
        from parley.solve.labelled import found_beside

        numbers = (tables.chance, tables.payoff, tables.precision)
        found = equilibria(self.reading.game, *numbers, stake=tables.stake, starts=self.starts)
        for draw, solution in enumerate(solutions):
            solution["search"] = found_beside(self.reading.game, found, draw)


def _show(document: Document, sets: int | None) -> None:
    from parley.report import render_solution

    colour = takes_colour(sys.stdout)
    click.echo(render_solution(document, width(), colour, sets=sets), nl=False, color=colour)
