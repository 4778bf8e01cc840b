"""Faults of a story, told with their place in the text."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from parley.errors import GameError, ScenarioError

if TYPE_CHECKING:
    from parley.scenario.model import Scenario

__all__ = ["placed"]


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
