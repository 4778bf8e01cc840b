"""The value of information: what knowing more would be worth before choosing.

What lives here: the expected value of perfect information, and of perfect information on one input at a time,
for the choice between the candidates by each criterion. What may not: regression
(:mod:`parley.findings.conditional`), sentences.

The choice is that of somebody who goes by the mean: without further knowledge the candidate with the best
mean, p*. Knowing everything he takes the best in each reading; the gain, E[max_p V_p] - max_p E[V_p], is the
expected value of perfect information (Raiffa & Schlaifer 1961). Knowing input X alone he takes the candidate
with the best E[V_p | X], and gains E[max_p E(V_p | X)] - max_p E[V_p] (partial perfect information; Strong,
Oakley & Brennan 2014, *Medical Decision Making* 34, 311-326).

The estimate plays that through: E[V_p - V_p* | X] is learned from fifteen replicates, the choice is made in
the sixteenth, and what it really gains there is counted. It never exceeds the value of perfect information,
it is not pushed up by noise as the mean of a fitted maximum is, and an input that tells nothing changes no
choice. It may fall short by the little that a slightly misplaced switch of choices loses.

The mean of the candidate with the best mean is a little too high when others are close (the highest of
several noisy means), and the value of perfect information then a little too low, by less than the sampling
error of their difference, ``lead_error``.

Inputs that hang together are no difficulty: what one tells about the others belongs to what it is worth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parley.findings.comparison import Compared, compared
from parley.findings.conditional import (
    ENTER,
    READINGS_PER_DEGREE,
    cells,
    degrees,
    fit,
    group_basis,
    joint_basis,
    rank_basis,
)
from parley.findings.policy_model import Information, InputValue
from parley.findings.statistics import REPLICATES, TIE, number_or_none, sampling_error, scale, share
from parley.study.results import Results

__all__ = ["information"]

Values = NDArray[np.float64]


def information(results: Results) -> tuple[Information, ...] | None:
    """Say what knowing more would be worth, criterion by criterion.

    Parameters
    ----------
    results
        A run's tables.

    Returns
    -------
    tuple of Information, or None
        One for each criterion that this run measured; None when fewer than two candidates were run. Inputs
        are the parameters that vary, the weighted switches (as choices), and each ranking as a whole (the sum
        of functions of its utilities). A parameter that an expression replaces is no input.

    Raises
    ------
    FindingsError
        A criterion of the scenario has no values in the results.

    Examples
    --------
    >>> import parley
    >>> found = information(parley.run(parley.load("which-event-first"), draws=512, seed=7))[0]
    >>> found.perfect >= 0, all(item.value <= found.perfect for item in found.inputs)
    (True, True)
    """
    found = compared(results)
    if found is None:
        return None
    # Replicates side by side: the fits sum over each.
    order = np.argsort(results.draw % REPLICATES, kind="stable")
    questions: dict[bytes, list[_Question]] = {}
    asked = []
    for each in found:
        defined = np.array(np.isfinite(each.values).all(axis=0))
        question = _question(each, order[defined[order]], results.draw)
        questions.setdefault(defined.tobytes(), []).append(question)
        asked.append(question)
    for same in questions.values():
        # One input at a time: with many readings the functions of all would fill the memory.
        for told in _inputs(results, same[0].kept):
            for question in same:
                question.told.append(_value(told, question))
    return tuple(_answer(question) for question in asked)


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    """One criterion, the readings in which every candidate is defined, and what was found so far."""

    of: Compared
    kept: NDArray[np.int64]  # [draw] columns of the results, replicates side by side
    draw: NDArray[np.int64]  # [draw] numbers in the design
    order: tuple[int, ...]  # the candidates' rows: best mean first
    gains: Values  # [rival, draw] over the candidate with the best mean, in units
    unit: float  # a power of two: squares of huge values would overflow
    noise: float  # gains up to this are none
    told: list[InputValue]


def _question(of: Compared, kept: NDArray[np.int64], draw: NDArray[np.int64]) -> _Question:
    values = of.values[:, kept]
    unit = float(2.0 ** np.frexp(np.abs(values).max(initial=0.0))[1])
    values = values / unit
    if not kept.size:
        return _Question(of, kept, draw[kept], tuple(range(len(values))), values[1:], unit, 0.0, [])
    ranked = tuple(int(row) for row in np.argsort(-values.mean(axis=1), kind="stable"))
    gains = values[list(ranked[1:])] - values[ranked[0]]
    noise = TIE * scale(values)
    gains = np.where(np.abs(gains) <= noise, 0.0, gains)
    return _Question(of, kept, draw[kept], ranked, gains, unit, float(np.median(noise)), [])


@dataclass(frozen=True, slots=True, eq=False)
class _Input:
    """What there is to know."""

    name: str
    kind: str
    basis: Values  # [function, draw]
    cell: NDArray[np.int64] | None  # [draw]


def _inputs(results: Results, kept: NDArray[np.int64]) -> Iterator[_Input]:
    """Return every input that varies, with its functions over the readings that are kept."""
    scenario, degree = results.scenario, degrees(kept.size)
    if not degree:
        return
    for name in scenario.parameters:
        put = scenario.overrides.get(name)
        values = results.parameters[name][kept] if name in results.parameters else np.empty(0)
        if _varies(values) and (put is None or put.expression is None):
            yield _Input(name, "parameter", rank_basis(values, degree), cells(values))
    for player, payoff in scenario.payoffs.items():
        if payoff.ranking is None:
            continue
        names = [f"{player}: {tier[0]}" for tier in payoff.ranking.tiers]
        rows = [results.parameters[name][kept] for name in names if name in results.parameters]
        rows = [row for row in rows if _varies(row)]
        if rows:
            alone = len(rows) == 1
            basis = rank_basis(rows[0], degree) if alone else joint_basis(np.stack(rows), degree)
            yield _Input(f"ranking of {player}", "ranking", basis, cells(rows[0]) if alone else None)
    for name, options in results.switches.items():
        if _varies(options[kept]):
            yield _Input(name, "switch", group_basis(options[kept]), None)


def _varies(values: NDArray[np.float64] | NDArray[np.str_]) -> bool:
    return bool(values.size) and bool((values[1:] != values[:-1]).any())


def _answer(question: _Question) -> Information:
    of, draw, gains, unit = question.of, question.draw, question.gains, question.unit
    known = bool(draw.size)
    perfect = np.maximum(gains.max(axis=0), 0.0)
    changed = share((perfect > 0).astype(np.float64), draw)
    return Information(
        criterion=of.label,
        expression=of.criterion.expression.source,
        higher=of.criterion.higher,
        candidates=of.policies,
        defined=int(draw.size),
        undefined=of.values.shape[1] - int(draw.size),
        needed=READINGS_PER_DEGREE,
        choice=of.policies[question.order[0]] if known else None,
        runner_up=of.policies[question.order[1]] if known else None,
        lead=_in(unit, -float(gains[0].mean()) + 0.0) if known else None,
        lead_error=_in(unit, sampling_error(gains[0], draw)),
        perfect=_in(unit, float(perfect.mean())) if known else None,
        perfect_error=_in(unit, sampling_error(perfect, draw)),
        perfect_chance=changed.share,
        perfect_chance_error=changed.error,
        inputs=tuple(sorted(question.told, key=lambda item: -(item.value or 0.0))),
    )


def _in(unit: float, value: float | None) -> float | None:
    """Return a number in the criterion's own unit."""
    return None if value is None else number_or_none(value * unit)


def _value(of: _Input, question: _Question) -> InputValue:
    """Say what knowing one input is worth: choose by what the other replicates say, count what it gains."""
    gains, draw, unit = question.gains, question.draw, question.unit
    mean = gains.mean(axis=1, keepdims=True)
    told = fit(of.basis, gains - mean, draw % REPLICATES, of.cell)
    gain, changes, moved = np.zeros(draw.size), np.zeros(draw.size), 0.0
    if told.entered.any():
        expected = mean + told.expected
        choice = expected.argmax(axis=0)
        change = np.max(expected, axis=0) > question.noise
        gain = np.where(change, gains[choice, np.arange(draw.size)], 0.0)
        changes = change.astype(np.float64)
        # Where the choice switches is known as well as what is expected: no better.
        fewest, most = (np.mean((expected + side * told.width > 0.0).any(axis=0)) for side in (-1.0, 1.0))
        moved = float(max(most - changes.mean(), changes.mean() - fewest))
        if of.cell is not None and 0.0 < changes.mean() < 1.0:
            moved = max(moved, 0.5 / (1 + int(of.cell.max())))  # nor than the parts of the range tell
    value, error = float(gain.mean()), sampling_error(gain, draw)
    chance = share(changes, draw)
    return InputValue(
        name=of.name,
        kind=of.kind,
        value=_in(unit, value),
        error=_in(unit, error),
        chance=chance.share,
        chance_error=None if chance.error is None else max(chance.error, moved),
        floor=_in(unit, _most(mean[:, 0], ENTER * told.noise)),
        distinguishable=error is not None and value - error > 0.0,
    )


def _most(mean: Values, deviation: Values) -> float:
    """Return the most that knowing a number can be worth whose effects are no larger than this.

    For one rival: whatever the distribution, E[max(0, G)] - max(0, m) is at most (sqrt(m^2 + s^2) - |m|) / 2
    when G has mean m and standard deviation s (Scarf 1958). Rivals add up.

    >>> round(_most(np.array([0.0, -3.0]), np.array([1.0, 4.0])), 9)
    1.5
    """
    # As a quotient: the difference of a large and a slightly larger number would be lost.
    size = np.abs(mean)
    root = np.sqrt(mean * mean + deviation * deviation)
    below = np.where(root + size > 0, root + size, 1.0)
    return float(np.sum(0.5 * deviation * deviation / below))
