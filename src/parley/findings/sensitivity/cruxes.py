"""Which assumptions carry the conclusion: questions put, answers estimated, assumptions ranked.

What lives here: :func:`cruxes`. What may not: estimators (:mod:`.estimators`), designs (:mod:`.designs`),
sentences.

Size of the design: the largest power of two readings whose variations stay within :data:`MOST`, at least
:data:`FEWEST`, at most as many as the run has. With d independent inputs each reading is varied 2 d times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from parley.errors import FindingsError
from parley.findings.comparison import contest, label, opponents
from parley.findings.importance import CriterionCruxes, Crux, Cruxes, Index, Influence, Pawn
from parley.findings.ledger import assumptions
from parley.findings.model import Assumption
from parley.findings.needs import left_out
from parley.findings.sensitivity import designs
from parley.findings.sensitivity.estimators import Estimate, changed, first_and_total, shapley, variance
from parley.findings.sensitivity.pawn import noise, pawn
from parley.findings.statistics import REPLICATES, number_or_none
from parley.scenario.model import Comparison, Criterion, Scenario
from parley.study.evaluator import Evaluator, Input
from parley.study.results import Results

__all__ = ["FEWEST", "MOST", "NOTABLE", "cruxes", "size"]

MOST = 2**16 + 2**15  # readings solved, about
FEWEST, LARGEST = 256, 4096  # readings in the design
NOTABLE = 0.05  # an assumption that reverses at least this share of the readings carries weight
SCARCE = 16  # readings that must differ from the others in their decision, to say what decides them
BLOCK = 8192  # readings asked at a time
SHIFTED = 2**14  # readings of the run that PAWN looks at

Values = NDArray[np.float64]


def size(inputs: int, dependent: int, draws: int) -> int:
    """Return how many readings the design has, a power of two.

    Parameters
    ----------
    inputs, dependent
        Number of inputs, and of those that hang together with others.
    draws
        Readings in the run.

    Examples
    --------
    >>> size(39, 8, 4096), size(10, 0, 4096), size(10, 0, 1000)
    (1024, 4096, 512)
    """
    steps = 2 * inputs + dependent + 1
    most = min(LARGEST, max(FEWEST, MOST // steps), max(draws, REPLICATES))
    return 1 << (most.bit_length() - 1)


def cruxes(results: Results, probe: Evaluator, *, readings: int | None = None) -> Cruxes | None:
    """Say which assumptions carry the conclusion, criterion by criterion.

    Every assumption is judged anew alone, kept alone, and exchanged along random chains, with the same random
    numbers throughout; what that does to the recommendation's margin and to its being ahead is estimated.

    Parameters
    ----------
    results
        A run's tables.
    probe
        Solves the same scenario, with the policies that are compared and those that a criterion names.
    readings
        In the design: a multiple of 16. Default: :func:`size`.

    Returns
    -------
    Cruxes or None
        None when nothing is compared or uncertain, or the run left out what is needed.

    Raises
    ------
    FindingsError
        ``readings`` is not a positive multiple of 16, or the probe does not solve what is compared.

    Examples
    --------
    >>> import parley
    >>> from parley.study.evaluator import Evaluator
    >>> scenario = parley.load("which-event-first")
    >>> results = parley.run(scenario, draws=64, seed=7)
    >>> found = cruxes(results, Evaluator(scenario, ["status quo", "short list"], seed=7), readings=256)
    >>> [each.name for each in found.criteria[0].cruxes[:2]]
    ['B', 'q_other']
    """
    if readings is not None and (readings < REPLICATES or readings % REPLICATES):
        raise FindingsError(f"{readings} readings are not a positive multiple of {REPLICATES}")
    comparison, against = results.scenario.comparison, opponents(results)
    if comparison is None or not against or not probe.inputs:
        return None
    measured = [
        index
        for index, criterion in enumerate(comparison.by)
        if not left_out(results.scenario, criterion.expression.root, results.policies)
    ]
    if not measured:
        return None
    policies = _policies(results.scenario, comparison, measured, against)
    missing = [name for name in policies if name not in probe.policies]
    if missing:
        raise FindingsError(f"the probe does not solve the policy {missing[0]!r}")
    dependent = sum(bool(each.together) for each in probe.inputs)
    count = readings or size(len(probe.inputs), dependent, int(results.draw.size))
    asked = _ask(probe, count, measured, policies)
    known = {each.name: each for each in assumptions(results)}
    found = tuple(
        _criterion(results, comparison.by[index], asked.outcome(row), shifts, probe.inputs, known, against)
        for row, index in enumerate(measured)
        for shifts in [_shifts(results, index, probe.inputs)]
    )
    return Cruxes(comparison.recommend, count, asked.solved, dependent > 0, found)


def _policies(
    scenario: Scenario, comparison: Comparison, measured: list[int], against: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the policies to solve: the compared ones, and those that a criterion names."""
    compared = (comparison.recommend, *against)
    roots = [comparison.by[index].expression.root for index in measured]
    named = [name for root in roots for name in left_out(scenario, root, compared)]
    return tuple(dict.fromkeys([*compared, *named]))


@dataclass(frozen=True, slots=True, eq=False)
class _Outcome:
    """What came of the margin, or of the decision, at every point of the design."""

    base: Values  # [draw]
    fresh: Values  # [draw]
    redrawn: Values  # [input, draw]
    held: Values  # [input, draw]
    chain: Values  # [step, draw]
    order: NDArray[np.int64]  # [step - 1, draw]
    every: Values  # [reading] each value once

    def mapped(self, what: Callable[[Values], Values]) -> _Outcome:
        parts = (self.base, self.fresh, self.redrawn, self.held, self.chain)
        base, fresh, redrawn, held, chain = (what(part) for part in parts)
        return _Outcome(base, fresh, redrawn, held, chain, self.order, what(self.every))


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    order: NDArray[np.int64]  # [step, draw]
    answers: Values  # [criterion, table, draw]
    apart: tuple[int, ...]  # inputs with a table of their own for being held

    @property
    def solved(self) -> int:
        return int(self.answers.shape[1] * self.answers.shape[2])

    def outcome(self, row: int) -> _Outcome:
        inputs, answers = len(self.order), self.answers[row]
        base, fresh, redrawn = answers[0], answers[1], answers[2 : 2 + inputs]
        held = redrawn.copy()
        held[list(self.apart)] = answers[2 + inputs : 2 + inputs + len(self.apart)]
        steps = answers[2 + inputs + len(self.apart) :]
        chain = np.concatenate([base[np.newaxis], steps, fresh[np.newaxis]])
        return _Outcome(base, fresh, redrawn, held, chain, self.order, answers.reshape(-1))


def _ask(probe: Evaluator, count: int, measured: list[int], policies: tuple[str, ...]) -> _Asked:
    """Solve every reading of the design."""
    ranks, fresh = probe.ranks(count), probe.ranks(count, copy=1)
    order = designs.orders(len(probe.inputs), count, probe.seed)
    apart = tuple(number for number, each in enumerate(probe.inputs) if each.together)

    def tables() -> Iterator[Values]:
        yield from (ranks, fresh)
        yield from designs.redrawn(probe, ranks, fresh)
        yield from (table for _, table in designs.held(probe, ranks, fresh))
        yield from designs.chain(probe, ranks, fresh, order)

    margins = [
        np.stack([contest(answer, index) for index in measured])
        for table in _blocks(tables(), max(1, BLOCK // count))
        for answer in [probe.results(table, policies=policies)]
    ]
    answers = np.concatenate(margins, axis=1).reshape(len(measured), -1, count)
    return _Asked(order, answers, apart)


def _blocks(tables: Iterable[Values], together: int) -> Iterator[Values]:
    """Put a few tables side by side: so many readings fill all cores, and so few the memory."""
    waiting: list[Values] = []
    for table in tables:
        waiting.append(table)
        if len(waiting) == together:
            yield np.concatenate(waiting, axis=1)
            waiting = []
    if waiting:
        yield np.concatenate(waiting, axis=1)


def _criterion(
    results: Results,
    criterion: Criterion,
    margin: _Outcome,
    shifts: Mapping[str, Pawn],
    inputs: tuple[Input, ...],
    known: Mapping[str, Assumption],
    against: tuple[str, ...],
) -> CriterionCruxes:
    """Estimate, rank and mark the assumptions behind one criterion's answer."""
    decision = margin.mapped(lambda values: (np.sign(values) + 1) / 2)
    steady = not variance(margin.every) > 0
    differing = np.concatenate([decision.base, decision.fresh])
    behind = int(np.count_nonzero(differing < 0.5))
    ahead = int(np.count_nonzero(differing > 0.5))
    decided = min(behind, ahead) < SCARCE
    nothing: list[Influence | None] = [None] * len(inputs)
    on_margin = nothing if steady else _influences(margin, inputs, discrete=False)
    on_decision = nothing if decided else _influences(decision, inputs, discrete=True)
    reversed_by = _indices(changed(decision.base, decision.redrawn))
    found = [
        _crux(
            results.scenario,
            each,
            known.get(each.name),
            reversed_by[place],
            on_margin[place],
            on_decision[place],
            shifts.get(each.name),
        )
        for place, each in enumerate(inputs)
    ]
    ranked = sorted(found, key=_weight, reverse=True)
    judged = differing[np.isfinite(differing)]
    return CriterionCruxes(
        criterion=label(results.scenario, criterion.expression, criterion.text),
        expression=criterion.expression.source,
        against=against,
        ahead=float(judged.mean()) if judged.size else None,
        reversed=_indices(changed(decision.base, decision.fresh[np.newaxis]))[0],
        steady=steady,
        decided=decided,
        undefined=int(np.count_nonzero(np.isnan(margin.every))),
        cruxes=tuple(_judged(each, first=place == 0) for place, each in enumerate(ranked)),
    )


def _influences(outcome: _Outcome, inputs: tuple[Input, ...], *, discrete: bool) -> list[Influence | None]:
    first, total = first_and_total(
        outcome.base, outcome.fresh, outcome.redrawn, outcome.held, discrete=discrete
    )
    dependent = any(each.together for each in inputs)
    shared = shapley(outcome.chain, outcome.order, dependent=dependent, discrete=discrete)
    parts = zip(_indices(first), _indices(total), _indices(shared), strict=True)
    return [Influence(*each) for each in parts]


def _indices(found: Estimate) -> list[Index]:
    rows = zip(found.value.tolist(), found.low.tolist(), found.high.tolist(), strict=True)
    return [Index(*(number_or_none(value) for value in row)) for row in rows]


def _crux(
    scenario: Scenario,
    each: Input,
    assumed: Assumption | None,
    reversed_by: Index,
    margin: Influence | None,
    decision: Influence | None,
    pawn: Pawn | None,
) -> Crux:
    text: str | None
    confidence: str | None
    if assumed is None:  # a ranking
        player = scenario.players[each.name.removeprefix("ranking of ")]
        text, judgement, confidence = player.text, "only the order is stated", None
    else:
        text, judgement, confidence = assumed.text, assumed.judgement, assumed.confidence
    return Crux(
        name=each.name,
        kind=each.kind,
        text=text,
        judgement=judgement,
        confidence=confidence,
        together=each.together,
        reversed=reversed_by,
        margin=margin,
        decision=decision,
        pawn=pawn,
        rests_on_judgement=False,
    )


def _weight(crux: Crux) -> tuple[float, float]:
    """Return what ranks an assumption: decisions that it reverses, then its part of the variance."""
    reversed_by = crux.reversed.value if crux.reversed.distinct else None
    part = crux.margin.shapley.value if crux.margin is not None else None
    return reversed_by or 0.0, part or 0.0


def _judged(crux: Crux, *, first: bool) -> Crux:
    """Mark an assumption that carries weight and that nothing but somebody's judgement supports."""
    moves = crux.reversed.distinct or (crux.margin is not None and crux.margin.shapley.distinct)
    carries = (first and moves) or (crux.reversed.distinct and (crux.reversed.value or 0.0) >= NOTABLE)
    return replace(crux, rests_on_judgement=carries and crux.confidence in (None, "C"))


def _shifts(results: Results, index: int, inputs: tuple[Input, ...]) -> dict[str, Pawn]:
    """Return PAWN indices of the assumptions that hang together with others, from the run's own readings."""
    joined = [each.name for each in inputs if each.together and each.name in results.parameters]
    if not joined:
        return {}
    margin = contest(results, index)[:SHIFTED]
    known = np.isfinite(margin)
    if np.count_nonzero(known) < FEWEST or not variance(margin) > 0:
        return {}
    least = noise(margin[known], results.provenance.seed)
    return {
        name: Pawn(pawn(results.parameters[name][:SHIFTED][known], margin[known]), least) for name in joined
    }
