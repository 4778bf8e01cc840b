"""``parley show``: a scenario read back: the story, who sees what, the numbers, the size of the game."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from parley.cli.faults import placed
from parley.cli.screen import takes_colour, width

if TYPE_CHECKING:
    from parley.scenario.model import Parameter, Scenario

__all__ = ["show"]


@click.command()
@click.argument("file", metavar="NAME-OR-FILE")
def show(file: str) -> None:
    """Print the story, who sees what, the numbers, the size.

    The story is an indented tree; the numbers come with the 5, 50 and 95% quantiles of what was judged; the
    size is that of the compiled game.
    """
    from parley import catalog, game
    from parley.draws import describe
    from parley.report import render_story

    scenario = catalog.load(file)
    judged = (_judged(scenario, parameter) for parameter in scenario.parameters.values())
    quantiles = {parameter.name: describe(parameter) for parameter in judged if parameter is not None}
    colour = takes_colour(sys.stdout)
    with placed(scenario):
        size = game.size(scenario)
    text = render_story(scenario, size, quantiles, width(), colour)
    click.echo(text, nl=False, color=colour)


def _judged(scenario: Scenario, parameter: Parameter) -> Parameter | None:
    """Return the parameter as it will be drawn; None when it follows from others."""
    put = scenario.overrides.get(parameter.name)
    if put is None:
        return parameter
    return None if put.judgement is None else replace(parameter, judgement=put.judgement)
