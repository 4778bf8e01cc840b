"""Finished pieces put together into results.

What lives here: the joining of chunks, and the evaluation of criteria, quantities, claims and expectations
from what was measured. What may not: solving, files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.draws import Draws, sample
from parley.errors import StudyError
from parley.game.reading import DEFAULT_PRECISION
from parley.study.columns import quantity_columns
from parley.study.plan import Plan, answer, margin, number
from parley.study.results import Found, Proof, Provenance, Results, Search
from parley.study.work import Options, Piece, split

__all__ = ["assemble"]

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """All that is known of the draws, joined over chunks."""

    parameters: Mapping[str, Values]
    measured: Mapping[str, Values]
    groups: Sequence[tuple[Options, NDArray[np.int64]]]


def assemble(
    planned: Plan,
    provenance: Provenance,
    pieces: Sequence[Piece],
    *,
    complete: bool = True,
    searched: NDArray[np.int64] | None = None,
    kept: Mapping[str, Mapping[str, NDArray[Any]]] | None = None,
    draws: Draws | None = None,
) -> Results:
    """Put pieces together; only draws that every policy was solved for are kept.

    Parameters
    ----------
    planned
        What was asked.
    pieces
        In any order.
    complete
        Whether these are all.
    searched, kept
        Numbers of the draws that were searched for other equilibria; the columns of every policy's search
        (:mod:`parley.study.search`).
    draws
        The draws that were solved, all of them; drawn again from the seed by default.

    Raises
    ------
    StudyError
        When no chunk is finished for all policies.
    """
    by_first: dict[int, dict[str, Piece]] = {}
    for piece in pieces:
        by_first.setdefault(int(piece.draw[0]), {})[piece.policy] = piece
    chunks = [each for _, each in sorted(by_first.items()) if len(each) == len(planned.policies)]
    if not chunks:
        raise StudyError("the run stopped before any chunk of draws was finished for all policies")
    draw = np.concatenate([each[planned.policies[0]].draw for each in chunks])
    if draws is None:
        draws = _joined(
            [
                sample(planned.scenario, len(piece.draw), seed=provenance.seed, first=int(piece.draw[0]))
                for piece in (each[planned.policies[0]] for each in chunks)
            ]
        )
    table = _Table(
        {name: draws.values[row] for row, name in enumerate(draws.parameters)},
        {
            policy: np.concatenate([each[policy].measured for each in chunks], axis=1)
            for policy in planned.policies
        },
        split(draws, planned.scenario),
    )
    table = _substituted(planned, table)
    answers = _Answers(planned, table)
    return Results(
        scenario=planned.scenario,
        provenance=provenance,
        draw=draw,
        players=tuple(planned.scenario.players),
        policies=planned.policies,
        parameters=table.parameters,
        switches={
            name: np.array(planned.scenario.switches[name].options)[draws.choice[row]]
            for row, name in enumerate(draws.switches)
        },
        precision=_precision(planned, table),
        criteria={
            (int(name), policy): values for (name, policy), values in answers.each("criterion").items()
        },
        quantities=answers.each("quantity"),
        claims=answers.once("claim"),
        margins=answers.margins(),
        expected=tuple(answers.once("expected").values()),
        proofs={policy: _proof([each[policy] for each in chunks]) for policy in planned.policies},
        complete=complete,
        search=None if searched is None or kept is None else _search(planned, table, draw, searched, kept),
    )


def _search(
    planned: Plan,
    table: _Table,
    draw: NDArray[np.int64],
    searched: NDArray[np.int64],
    kept: Mapping[str, Mapping[str, NDArray[Any]]],
) -> Search:
    """Evaluate the criteria in the equilibria found; other policies' games stay on their principal branch."""
    found: dict[str, Found] = {}
    for policy, columns in kept.items():
        at = np.searchsorted(draw, columns["draw"])
        measured = {name: values[:, at] for name, values in table.measured.items()}
        own = [columns[name] for name in quantity_columns(planned, policy)]
        measured[policy] = np.array(own, dtype=np.float64).reshape(len(own), len(at))
        answers = _Answers(
            planned,
            _Table(
                {name: values[at] for name, values in table.parameters.items()},
                measured,
                [(options, np.flatnonzero(np.isin(at, group))) for options, group in table.groups],
            ),
        )
        found[policy] = Found(
            columns["draw"],
            {int(name): values for (name, of), values in answers.each("criterion").items() if of == policy},
            columns["residual"],
            columns["regret"],
            columns["sign"],
            columns["principal"],
            columns["twin"],
        )
    return Search(searched, found)


def _precision(planned: Plan, table: _Table) -> dict[str, Values]:
    """Return every player's precision, ``[draw]``."""
    count = sum(len(columns) for _, columns in table.groups)
    found: dict[str, Values] = {}
    for name, player in planned.scenario.players.items():
        stated = player.precision or planned.scenario.precision
        found[name] = np.full(count, DEFAULT_PRECISION)
        if stated is not None:
            for options, columns in table.groups:
                given = {other: values[columns] for other, values in table.parameters.items()}
                found[name][columns] = number(planned, stated, given, dict(options), len(columns))
    return found


def _substituted(planned: Plan, table: _Table) -> _Table:
    """Put expressions in the place of the parameters that they replace."""
    parameters = dict(table.parameters)
    for name, override in planned.scenario.overrides.items():
        if override.expression is not None:
            parameters[name] = np.array(parameters[name])
            for options, columns in table.groups:
                given = {other: values[columns] for other, values in table.parameters.items()}
                parameters[name][columns] = number(
                    planned, override.expression, given, dict(options), len(columns)
                )
    return _Table(parameters, table.measured, table.groups)


def _joined(parts: Sequence[Draws]) -> Draws:
    return Draws(
        parts[0].parameters,
        np.concatenate([part.values for part in parts], axis=1),
        parts[0].switches,
        np.concatenate([part.choice for part in parts], axis=1),
        parts[0].seed,
        parts[0].first,
    )


def _proof(pieces: Sequence[Piece]) -> Proof:
    nodes, infosets, actions = max(piece.size for piece in pieces)
    return Proof(
        np.concatenate([piece.status for piece in pieces]),
        np.concatenate([piece.residual for piece in pieces]),
        np.concatenate([piece.regret for piece in pieces], axis=1),
        np.concatenate([piece.sweeps for piece in pieces]),
        nodes,
        infosets,
        actions,
    )


class _Answers:
    """Evaluates the scenario's expressions, one group of draws with equal switches at a time."""

    def __init__(self, planned: Plan, table: _Table) -> None:
        self.planned = planned
        self.table = table
        self.count = sum(len(columns) for _, columns in table.groups)

    def _parts(self, columns: NDArray[np.int64]) -> tuple[dict[str, Values], dict[str, Values]]:
        measured = {policy: values[:, columns] for policy, values in self.table.measured.items()}
        parameters = {name: values[columns] for name, values in self.table.parameters.items()}
        return measured, parameters

    def each(self, kind: str) -> dict[tuple[str, str], Values]:
        """Return ``[draw]`` by (name, policy) for all expressions of a kind."""
        found: dict[tuple[str, str], Values] = {}
        for options, columns in self.table.groups:
            measured, parameters = self._parts(columns)
            for question in self.planned.asked:
                if question.kind == kind:
                    for policy in self.planned.policies:
                        values = found.setdefault((question.name, policy), np.full(self.count, np.nan))
                        values[columns] = answer(
                            self.planned, question, policy, measured, parameters, dict(options)
                        )
        return found

    def once(self, kind: str) -> dict[str, Values]:
        """Return ``[draw]`` by name, quantities without a policy read under the recommended one."""
        found: dict[str, Values] = {}
        for options, columns in self.table.groups:
            measured, parameters = self._parts(columns)
            for question in self.planned.asked:
                if question.kind == kind:
                    values = found.setdefault(question.name, np.full(self.count, np.nan))
                    values[columns] = answer(
                        self.planned, question, self.planned.reference, measured, parameters, dict(options)
                    )
        return found

    def margins(self) -> dict[str, Values]:
        """Return by how much each derived claim that is a comparison holds."""
        found: dict[str, Values] = {}
        for options, columns in self.table.groups:
            measured, parameters = self._parts(columns)
            for question in self.planned.asked:
                if question.kind == "claim":
                    values = margin(
                        self.planned, question, self.planned.reference, measured, parameters, dict(options)
                    )
                    if values is not None:
                        found.setdefault(question.name, np.full(self.count, np.nan))[columns] = values
        return found
