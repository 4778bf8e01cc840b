"""Results of a run that stays on the disk: every table is read when it is asked for.

What lives here: results, proofs and searches backed by the readings of a folder. What may not: solving.

A run of a million draws has more columns than memory should hold. Findings look at a few at a time, and a
reader keeps the last of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from parley.study.assemble import assemble
from parley.study.plan import Plan
from parley.study.readings import Readings, kept_piece, make_readings
from parley.study.results import Proof, Results, Search
from parley.study.search import selected
from parley.study.store import Key, Store
from parley.study.work import Piece

__all__ = ["HELD", "held", "stored_results"]

HELD = 256 * 2**20  # bytes of results that are held in memory although they are in a folder

K = TypeVar("K")
_BY_DRAW = ("draw", "measured", "status", "residual", "regret", "value", "sweeps", "strategy")


def held(planned: Plan, draws: int) -> int:
    """Return about how many bytes the results of a run take while they are put together in memory.

    Examples
    --------
    >>> import parley
    >>> from parley.study.plan import plan
    >>> held(plan(parley.load("which-event-first")), 1_000_000) // 2**20
    1411
    """
    scenario = planned.scenario
    players = len(scenario.players)
    kinds = [each.kind for each in planned.asked]
    once = 2 * len(scenario.parameters) + players + sum(kind in ("claim", "expected") for kind in kinds)
    # measured twice, piece by piece and joined; so are residual, regret, sweeps and status
    each = sum(2 * len(calls) + 2 * (players + 3) for calls in planned.calls.values())
    asked = len(planned.policies) * sum(kind in ("criterion", "quantity") for kind in kinds)
    return 8 * draws * (once + kinds.count("claim") + each + asked)


def stored_results(
    planned: Plan,
    store: Store,
    *,
    complete: bool,
    searched: NDArray[np.int64] | None = None,
    kept: Mapping[str, Mapping[str, NDArray[Any]]] | None = None,
) -> Results:
    """Return the results of a run in a folder, read column by column.

    Parameters
    ----------
    planned, store
        Of the run; where the store is open for writing and the run is complete, its table of readings is
        made in it.
    complete
        Whether all chunks are there, and the search when one was asked for.
    searched, kept
        As for :func:`parley.study.assemble.assemble`.

    Raises
    ------
    StudyError
        When no chunk is finished for all policies, or one is damaged.
    """
    if complete and store.writable:
        make_readings(planned, store)
    table = Readings(planned, store)
    place = {policy: number for number, policy in enumerate(planned.policies)}
    return Results(
        scenario=planned.scenario,
        provenance=store.provenance,
        draw=table.draw,
        players=tuple(planned.scenario.players),
        policies=planned.policies,
        parameters=_Tables(table, _named("parameter: ")),
        switches=_Tables(table, _named("switch: ")),
        precision=_Tables(table, _named("precision: ")),
        criteria=_Tables(table, _criterion(planned)),
        quantities=_Tables(table, _quantity(planned)),
        claims=_Tables(table, _named("claim: ")),
        margins=_Tables(table, _named("margin: ")),
        expected=_Rows(_Tables(table, _named("expected: "))),
        proofs={policy: _StoredProof(table, number) for policy, number in place.items()},
        complete=complete,
        search=None if searched is None or kept is None else _search(planned, store, searched, kept),
    )


def _named(head: str) -> Callable[[str], str | None]:
    return lambda column: column.removeprefix(head) if column.startswith(head) else None


def _criterion(planned: Plan) -> Callable[[str], tuple[int, str] | None]:
    def key(column: str) -> tuple[int, str] | None:
        found = re.fullmatch(r"([0-9]+): criterion ([0-9]+)", column)
        return (int(found[2]), planned.policies[int(found[1])]) if found else None

    return key


def _quantity(planned: Plan) -> Callable[[str], tuple[str, str] | None]:
    def key(column: str) -> tuple[str, str] | None:
        found = re.fullmatch(r"([0-9]+): quantity (.*)", column, re.DOTALL)
        return (found[2], planned.policies[int(found[1])]) if found else None

    return key


class _Tables(Mapping[K, NDArray[Any]]):
    """Columns by what they hold."""

    def __init__(self, table: Readings, key: Callable[[str], K | None]) -> None:
        self._table = table
        self._key = key

    @cached_property
    def _columns(self) -> dict[K, str]:
        found = ((self._key(name), name) for name in self._table.names())
        return {key: name for key, name in found if key is not None}

    def __getitem__(self, key: K) -> NDArray[Any]:
        return self._table.column(self._columns[key])

    def __contains__(self, key: object) -> bool:
        return key in self._columns  # Mapping's own would read the column

    def __iter__(self) -> Iterator[K]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


class _Rows(Sequence[NDArray[np.float64]]):
    """Columns by number."""

    def __init__(self, tables: _Tables[str]) -> None:
        self._tables = tables

    @overload
    def __getitem__(self, index: int) -> NDArray[np.float64]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[NDArray[np.float64]]: ...
    def __getitem__(self, index: int | slice) -> NDArray[np.float64] | Sequence[NDArray[np.float64]]:
        numbers = range(len(self))[index]
        if isinstance(numbers, range):
            return [self[number] for number in numbers]
        return self._tables[str(numbers)]

    def __len__(self) -> int:
        return len(self._tables)


class _StoredProof(Proof):
    """The certificates of one policy's game, read when they are asked for."""

    _table: Readings
    _number: int

    def __init__(self, table: Readings, number: int) -> None:
        # the certificates are frozen, and so are these
        object.__setattr__(self, "_table", table)
        object.__setattr__(self, "_number", number)

    def _column(self, name: str) -> NDArray[Any]:
        return self._table.column(f"{self._number}: {name}")

    @property
    def status(self) -> NDArray[np.int8]:
        return self._column("status")

    @property
    def residual(self) -> NDArray[np.float64]:
        return self._column("residual")

    @property
    def regret(self) -> NDArray[np.float64]:
        return self._column("regret")

    @property
    def sweeps(self) -> NDArray[np.int32]:
        return self._column("sweeps")

    @cached_property
    def _size(self) -> tuple[int, ...]:
        name = f"{self._number}: size"
        sizes = (tuple(block[name][:, 0]) for block in self._table.blocks(lambda each: each == name))
        return tuple(int(each) for each in max(sizes))

    @property
    def nodes(self) -> int:
        return self._size[0]

    @property
    def infosets(self) -> int:
        return self._size[1]

    @property
    def actions(self) -> int:
        return self._size[2]


def _search(
    planned: Plan,
    store: Store,
    searched: NDArray[np.int64],
    kept: Mapping[str, Mapping[str, NDArray[Any]]],
) -> Search | None:
    """Measure the equilibria found: only the chunks of the searched draws are read."""
    pieces = []
    for number, policy in enumerate(planned.policies):
        parts = []
        for first in np.unique(searched // store.chunk) * store.chunk:
            piece = kept_piece(planned, store, Key(number, int(first)))
            parts.append(_some(piece, np.flatnonzero(np.isin(piece.draw, searched))))
        pieces.append(_together(policy, parts))
    draws = selected(planned.scenario, store.provenance.seed, searched)
    return assemble(planned, store.provenance, pieces, searched=searched, kept=kept, draws=draws).search


def _some(piece: Piece, at: NDArray[np.intp]) -> Piece:
    return replace(piece, **{name: getattr(piece, name)[..., at] for name in _BY_DRAW})


def _together(policy: str, parts: Sequence[Piece]) -> Piece:
    joined = {name: np.concatenate([getattr(part, name) for part in parts], axis=-1) for name in _BY_DRAW}
    return replace(parts[0], policy=policy, size=max(part.size for part in parts), **joined)
