"""Faults of a story, told with their place in the text."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from parley.errors import GameError, ScenarioError

if TYPE_CHECKING:
    from parley.scenario.model import Scenario
    from parley.study import Results

__all__ = ["explained", "placed"]


@contextlib.contextmanager
def placed(scenario: Scenario) -> Iterator[None]:
    """Turn an error of the compiled story into the diagnostics that ``parley check`` would show.

    Raises
    ------
    ScenarioError
        The story is at fault, and where.
    GameError
        It is, but nothing in the text explains it.
    """
    from parley import game

    try:
        yield
    except GameError as fault:
        errors = [item for item in game.inspect(scenario) if item.severity == "error"]
        if not errors:
            raise
        raise ScenarioError(errors) from fault


def explained(scenario: Scenario, results: Results) -> None:
    """Raise the diagnostics of numbers that make no game in any reading: a chance of 90, a rate below 0.

    Raises
    ------
    ScenarioError
        Under some policy no reading is a game, and what in the text is at fault.
    """
    from parley import game
    from parley.solve.solution import Status

    if any((proof.status == Status.ILL_POSED).all() for proof in results.proofs.values()):
        errors = [item for item in game.inspect(scenario) if item.severity == "error"]
        if errors:
            raise ScenarioError(errors)
