"""One reading of a scenario: every judgement at the value of one draw, which leaves a game of plain numbers.

What lives here: what ``parley export`` and ``parley solve`` have in common. What may not: files of other
programs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

if TYPE_CHECKING:
    from parley.game import Game
    from parley.scenario.model import Scenario
    from parley.solve import Tables

__all__ = ["Reading", "one_reading"]


class Reading(NamedTuple):
    """A game and its numbers, in one column."""

    game: Game
    tables: Tables
    title: str


def one_reading(scenario: Scenario, draw: int, seed: int, policy: str | None) -> Reading:
    """Compile a scenario as one draw has it, with the moves that a policy prescribes."""
    from parley.draws import sample
    from parley.game import compile as compiled
    from parley.solve import tabulate

    one = sample(scenario, 1, seed=seed, first=draw)
    switches = {
        name: list(scenario.switches[name].options)[int(option)]
        for name, option in zip(one.switches, one.choice[:, 0], strict=True)
    }
    game = compiled(scenario, switches)
    tables = tabulate(game, one)
    if policy is not None:
        game = _restricted(game, policy)
        # Precision means the same under every policy: it is per stake of the game in which all are free.
        tables = tabulate(game, one, tables.stake)
    title = f"{scenario.title}, draw {draw} of seed {seed}" + (f", {policy}" if policy else "")
    return Reading(game, tables, title)


def _restricted(game: Game, policy: str) -> Game:
    from parley.game import restrict
    from parley.scenario.names import canonical

    declared = {canonical(name): name for name in game.rules}
    if canonical(policy) not in declared:
        known = ", ".join(game.rules) or "none at all"
        raise click.BadParameter(f"there is no policy {policy!r}, only {known}", param_hint="--policy")
    return restrict(game, declared[canonical(policy)]).game
