"""The one door between engine and argument: labelled tables of what was measured.

What lives here: frozen tables. What may not: strategies, trees, sentences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.scenario.model import Scenario

__all__ = ["Found", "Proof", "Provenance", "Results", "Search"]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Everything needed to do a run again."""

    scenario: str  # title
    path: str
    digest: str  # of text and overrides
    overrides: Mapping[str, str]  # as given to --set
    seed: int
    draws: int  # asked for
    design: str  # "scrambled Sobol', 16 replicates"
    concept: str  # in words
    version: str  # of Parley
    starts: int = 0  # of the search for other equilibria in each searched game; 0: there was no search
    searched: int = 0  # draws in which every policy's game was searched


@dataclass(frozen=True, slots=True, eq=False)
class Proof:
    """Certificates of one policy's game, by draw."""

    status: NDArray[np.int8]  # [draw] 0 converged, 1 stalled, 2 limit, 3 ill-posed
    residual: NDArray[np.float64]  # [draw]
    regret: NDArray[np.float64]  # [player, draw], in stakes
    sweeps: NDArray[np.int32]  # [draw]
    nodes: int
    infosets: int
    actions: int


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Equilibria that the search found in one policy's games, one column each, in the order of the draws."""

    draw: NDArray[np.int64]  # [equilibrium] number in the design
    criteria: Mapping[int, NDArray[np.float64]]  # criterion index -> [equilibrium]
    residual: NDArray[np.float64]  # [equilibrium]
    regret: NDArray[np.float64]  # [player, equilibrium], in stakes
    sign: NDArray[np.int8]  # [equilibrium] they add up to 1 in each draw unless some were missed
    principal: NDArray[np.bool_]  # [equilibrium] the one on the principal branch
    twin: NDArray[np.bool_]  # [equilibrium] another of its draw is its mirror image


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """What a search from many starts found. There are at least so many equilibria."""

    draw: NDArray[np.int64]  # [searched] numbers in the design
    found: Mapping[str, Found]  # policy -> what was found in its games


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """Labelled tables [.., draw] of one run. ``draw`` numbers the columns (0, 1, ... unless interrupted)."""

    scenario: Scenario
    provenance: Provenance
    draw: NDArray[np.int64]  # [draw] number in the design; replicate = draw % 16
    players: tuple[str, ...]
    policies: tuple[str, ...]
    parameters: Mapping[str, NDArray[np.float64]]  # name -> [draw]
    switches: Mapping[str, NDArray[np.str_]]  # name -> [draw] option labels
    precision: Mapping[str, NDArray[np.float64]]  # player -> [draw], per stake
    criteria: Mapping[tuple[int, str], NDArray[np.float64]]  # (criterion index, policy) -> [draw]
    quantities: Mapping[tuple[str, str], NDArray[np.float64]]  # (quantity name, policy) -> [draw]
    claims: Mapping[str, NDArray[np.float64]]  # derived claim -> [draw] 1 holds, 0 not, NaN undefined
    margins: Mapping[
        str, NDArray[np.float64]
    ]  # derived claim that is a comparison -> [draw] left - right (sign: > 0 holds)
    expected: Sequence[NDArray[np.float64]]  # one per Expectation of the scenario that is not ``apart``
    proofs: Mapping[str, Proof]  # policy -> proof
    complete: bool  # False when interrupted
    search: Search | None = None  # for other equilibria

    def to_frame(self, library: str | None = None) -> Any:
        """Return a tidy table for pandas or polars: one row for each draw and policy.

        Parameters
        ----------
        library
            ``pandas`` or ``polars``; None takes pandas where it is installed, else polars.

        Returns
        -------
        ``pandas.DataFrame`` or ``polars.DataFrame`` with ``draw``, ``replicate``, ``policy``, ``status``,
        ``residual``, then parameters, switches, ``precision of`` each player, criteria, quantities, claims
        (1 holds, 0 not), by the names that the scenario gives them. A name that is taken has its kind behind
        it, as in ``policy (parameter)``. What is undefined or was not measured is missing.

        Raises
        ------
        FrameError
            The library is neither of the two, or not installed (``pip install 'parley-workbench[frames]'``).

        Examples
        --------
        >>> import parley
        >>> table = parley.run(parley.load("which-event-first"), draws=16).to_frame()
        >>> len(table), "B" in table.columns
        (48, True)
        """
        from parley.study.tidy import results_frame

        return results_frame(self, library)

    def __repr__(self) -> str:
        """Return one line; the fields are arrays."""
        return (
            f"<Results of {self.scenario.title!r}: {len(self.draw)} readings, {len(self.policies)} policies"
            f"{'' if self.complete else ', interrupted'}>"
        )
