"""How players are taken to reason, where that is not as the scenario says.

What lives here: the choice. What may not: solving.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.errors import StudyError

__all__ = ["AS_JUDGED", "Reasoning"]

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reasoning:
    """Another way in which players may come to their choices.

    Parameters
    ----------
    level
        None: in equilibrium, everybody is right about the others. k: players think k steps ahead, those of
        level k reply to level k - 1, and level 0 chooses at random.
    noisy
        Whether players of a level err as their precision says, or take the best action for certain.
    precision
        Player -> precision per stake, in place of what was judged.
    limit
        Nobody errs: what the equilibrium tends to as everybody's precision per stake grows without bound, at
        the same rate (a sequential equilibrium). No precision is used then.

    Raises
    ------
    StudyError
        When the level is below 1, a precision is negative or not finite, players of an equilibrium are
        asked not to err in another way than by ``limit``, or the limit is asked for at a level or precision.

    Examples
    --------
    >>> Reasoning(level=2).in_words()
    'level-2 thinking from random play, noisy replies'
    """

    level: int | None = None
    noisy: bool = True
    precision: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    limit: bool = False

    def __post_init__(self) -> None:
        if self.level is not None and self.level < 1:
            raise StudyError(f"players think at least 1 step ahead, not {self.level}")
        if self.level is None and not self.noisy:
            raise StudyError(
                "an equilibrium of best replies is not solved for so: ask for the limit (limit=True)"
            )
        if self.limit and (self.level is not None or self.precision):
            raise StudyError("the limit knows neither levels nor precisions: nobody errs in it")
        for player, value in self.precision.items():
            if not (math.isfinite(value) and value >= 0.0):
                raise StudyError(
                    f"the precision of '{player}' must be a finite number, 0 or more, not {value}"
                )

    def in_words(self) -> str | None:
        """Name the solution concept; None where it is the equilibrium that is always solved for."""
        if self.limit:
            return "limit of quantal response as precision grows without bound"
        if self.level is None:
            return None
        return f"level-{self.level} thinking from random play, {'noisy' if self.noisy else 'best'} replies"

    def record(self) -> dict[str, Any]:
        """Return it in values that JSON can hold."""
        told = {"level": self.level, "noisy": self.noisy, "precision": dict(sorted(self.precision.items()))}
        return {**told, "limit": True} if self.limit else told

    def check(self, players: tuple[str, ...]) -> None:
        """Insist that the precisions are of these players; raises StudyError."""
        unknown = [name for name in self.precision if name not in players]
        if unknown:
            raise StudyError(f"there is no player '{unknown[0]}'; there are: {', '.join(players)}")

    def put(self, precision: Values, players: tuple[str, ...]) -> Values:
        """Put its precisions in the place of those judged, ``[player, draw]`` per stake.

        Examples
        --------
        >>> Reasoning(precision={"b": 8.0}).put(np.ones((2, 1)), ("a", "b")).tolist()
        [[1.0], [8.0]]
        """
        if self.limit:
            return np.full_like(precision, np.inf)
        if not self.precision:
            return precision
        found = precision.copy()
        for name, value in self.precision.items():
            found[players.index(name)] = value
        return found


AS_JUDGED = Reasoning()
