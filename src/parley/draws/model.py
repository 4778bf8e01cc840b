"""A table of draws: one value per parameter and draw.

What lives here: the table. What may not: the story, the game.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["REPLICATES", "Draws"]

REPLICATES = 16  # independent scramblings; draw n belongs to replicate n % 16


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Readings of a scenario's judgements.

    ``values[parameter, draw]`` float64, write-locked, rows in the order of ``parameters``: the scenario's
    parameters, then one utility per tier of every ranking (``"<player>: <first outcome of the tier>"``).
    ``choice[switch, draw]`` int16 is the index of the option of each switch. ``first`` is the number of the
    first draw: draw j of this table is draw ``first + j`` of the design, and depends on (seed, its number)
    alone.
    """

    parameters: tuple[str, ...]
    values: NDArray[np.float64]  # [parameter, draw]
    switches: tuple[str, ...]
    choice: NDArray[np.int16]  # [switch, draw]
    seed: int
    first: int

    @property
    def count(self) -> int:
        """Number of draws."""
        return int(self.values.shape[1])
