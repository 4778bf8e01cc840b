"""``parley debate``: grant every objection in turn, and see who moves the conclusion."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from parley.cli.exits import INTERRUPTED
from parley.cli.order import Order, as_typed, options, pairs, policies_of
from parley.cli.output import writable, write
from parley.cli.screen import takes_colour, width

if TYPE_CHECKING:
    from parley.findings import Debate
    from parley.scenario.model import Scenario
    from parley.study import Results

__all__ = ["debate", "hold"]


class _StoppedError(Exception):
    """Ctrl-C; what was kept is said already."""


@click.command()
@click.argument("scenario", metavar="NAME-OR-FILE")
@options
@click.option("--pairs", "two", is_flag=True, help="Grant every two objections together as well.")
@click.option("--json", "json_file", metavar="FILE", help="Write the debate as JSON; - is standard output.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
def debate(
    scenario: str,
    draws: int,
    seed: int,
    policies: tuple[str, ...],
    overrides: tuple[str, ...],
    threads: int | None,
    two: bool,
    json_file: str | None,
    quiet: bool,
) -> int:
    """Grant every objection in turn and say who moves the conclusion, and how far.

    NAME-OR-FILE is a scenario with `challenges`. All are solved for the same readings; the one that moves
    most comes first.
    """
    given = pairs(overrides)
    writable(json_file)
    from parley import catalog
    from parley.report import render_debate

    asked = as_typed(catalog.load(scenario, given), given)
    order = Order(draws, seed, policies_of(asked, policies), 0, threads, True, quiet)
    found = hold(asked, order, pairs=two)
    if found is None:
        return INTERRUPTED
    if json_file is not None:
        write(found.to_json(), json_file)
    if json_file != "-":
        colour = takes_colour(sys.stdout)
        click.echo(render_debate(found, width(), colour), nl=False, color=colour)
    return 0


def hold(scenario: Scenario, order: Order, *, pairs: bool = False) -> Debate | None:
    """Grant every objection of a scenario; None when that was stopped."""
    from parley.findings import debate as held

    def solve(each: Scenario) -> Results:
        results = order.results(each)
        if results is None:
            raise _StoppedError
        return results

    try:
        return held(scenario, solve, pairs=pairs)
    except _StoppedError:
        return None
