"""A finished piece as the columns of a stored chunk, and back.

What lives here: the names and meaning of the columns. What may not: files, solving.

==================  =====================================================================
``draw``            number in the design
``status``          0 converged, 1 stalled, 2 limit, 3 ill-posed
``residual``        of the quantal-response equation
``sweeps``          used by the solver
``regret``          one number per player, in stakes
``value``           one expected payoff per player, in the author's units
``size``            nodes, information sets, actions of the largest game
``strategy``        one probability per action (NaN beyond a draw's own game)
``quantity: ...``   one column per quantity measured under the chunk's policy
``parameter: ...``  one column per parameter and utility
``switch: ...``     one column per switch, its option
==================  =====================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.draws.model import Draws
from parley.scenario.expression import unparse
from parley.study.plan import Plan
from parley.study.work import Piece

__all__ = ["from_columns", "quantity_columns", "to_columns"]

Columns = Mapping[str, NDArray[Any]]


def quantity_columns(planned: Plan, policy: str) -> tuple[str, ...]:
    """Return the names of the quantity columns of a policy's chunks, in the order of the plan."""
    return tuple(f"quantity: {unparse(call)}" for call in planned.calls[policy])


def to_columns(planned: Plan, piece: Piece, draws: Draws) -> dict[str, NDArray[Any]]:
    """Return the columns of a piece.

    Parameters
    ----------
    planned
        Of the run.
    piece
        Solved and measured.
    draws
        The same draws.
    """
    columns: dict[str, NDArray[Any]] = {
        "draw": piece.draw,
        "status": piece.status,
        "residual": piece.residual,
        "sweeps": piece.sweeps,
        "regret": piece.regret,
        "value": piece.value,
        "size": np.repeat(np.array(piece.size, dtype=np.float64)[:, None], len(piece.draw), axis=1),
        "strategy": piece.strategy,
    }
    columns |= dict(zip(quantity_columns(planned, piece.policy), piece.measured, strict=True))
    columns |= {f"parameter: {name}": draws.values[row] for row, name in enumerate(draws.parameters)}
    columns |= {
        f"switch: {name}": np.array(planned.scenario.switches[name].options)[draws.choice[row]]
        for row, name in enumerate(draws.switches)
    }
    return columns


def from_columns(planned: Plan, policy: str, columns: Columns) -> Piece:
    """Return the piece that columns were made from."""
    count = len(columns["draw"])
    measured = [columns[name] for name in quantity_columns(planned, policy)]
    nodes, infosets, actions = (int(each) for each in columns["size"][:, 0])
    return Piece(
        policy,
        columns["draw"],
        np.array(measured, dtype=np.float64).reshape(len(measured), count),
        columns["status"],
        columns["residual"],
        columns["regret"],
        columns["value"],
        columns["sweeps"],
        (nodes, infosets, actions),
        columns["strategy"],
    )
