"""A scenario, kept ready to be solved again with a reader's numbers in the place of the author's.

What lives here: from a setting to its effect. What may not: the process that serves pages: this loads
the kernels, and belongs in the child (:mod:`parley.site.model.child`).

An effect is what ``parley run`` and ``parley challenge`` would say of the same readings: the same seed
gives every number that a reader leaves alone the same value, and all differences are taken reading by
reading.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

import parley
from parley.errors import ParleyError
from parley.findings.comparison import solved, verdict
from parley.findings.ledger import claims
from parley.findings.model import Answer, Share, Verdict
from parley.findings.objections import Move, moves
from parley.findings.shares import Pair
from parley.findings.statistics import UNCERTIFIED_LIMIT, spread
from parley.scenario import challenge
from parley.scenario.model import Scenario
from parley.scenario.names import canonical
from parley.site.model import cards
from parley.site.model.article import Put
from parley.site.model.effect import (
    Certificate,
    ClaimMove,
    CriterionEffect,
    Effect,
    PolicyEffect,
    Tally,
    chip,
)
from parley.site.model.errors import CancelledError, SolverError
from parley.site.model.runs import aligned, chosen
from parley.site.model.setting import AUTHOR, Setting
from parley.study import Evaluator
from parley.study.results import Results

__all__ = ["DRAWS", "Solver"]

DRAWS = 256  # readings of an answer to somebody who waits
_MOST_DRAWS = 65_536
_KEPT = 4  # runs of the author's own, by readings and seed


class Solver:
    """Solves one scenario again and again.

    Parameters
    ----------
    scenario
        As its author wrote it.
    cancel
        Asked now and then; when it returns True, the question at hand ends in a CancelledError.

    Raises
    ------
    SolverError
        The scenario compares nothing, so that nothing a reader changes has an effect; or it cannot be
        compiled.

    Examples
    --------
    >>> import parley
    >>> from parley.site.model.setting import parse
    >>> solver = Solver(parley.load("which-event-first"))
    >>> found = solver.solve(parse("B=100", solver.assumptions), draws=64, seed=7)
    >>> found.chip, found.criteria[0].before_advice, found.criteria[0].advice
    ('flips', 'status quo', 'short list')
    """

    def __init__(self, scenario: Scenario, cancel: Callable[[], bool] | None = None) -> None:
        if scenario.comparison is None or len(scenario.comparison.policies) < 2:
            raise SolverError("nothing is compared: the scenario needs `compare` with two policies")
        self.scenario = scenario
        self.assumptions = cards.assumptions(scenario)
        self._names = {each.key: each.name for each in self.assumptions}
        self._cancel = cancel or (lambda: False)
        self._probes: dict[int, Evaluator] = {}
        self._runs: OrderedDict[tuple[int, int], Results] = OrderedDict()

    def author(self, draws: int = DRAWS, seed: int = 0) -> Results:
        """Return the author's own run: the tables that effects are held against.

        Raises
        ------
        SolverError
            There are fewer than 16 or too many readings, or a game cannot be solved at all.
        """
        if not 16 <= draws <= _MOST_DRAWS:
            raise SolverError(f"{draws} readings: take 16 to {_MOST_DRAWS:,}")
        if (draws, seed) not in self._runs:
            self._runs[draws, seed] = self._asked(seed, draws, {}, {})
            while len(self._runs) > _KEPT:
                self._runs.popitem(last=False)
        self._runs.move_to_end((draws, seed))
        return self._runs[draws, seed]

    def warm(self, draws: int = DRAWS, seed: int = 0) -> None:
        """Solve the author's case, and compile what each switch leads to; raises as :meth:`author`."""
        self.author(draws, seed)
        for each in self.assumptions:
            for option in each.options if each.kind == "switch" else ():
                if option != each.default:
                    self._asked(seed, 16, {}, {each.name: option})

    def solve(self, setting: Setting = AUTHOR, draws: int = DRAWS, seed: int = 0) -> Effect:
        """Return what a setting does to the conclusion.

        Parameters
        ----------
        setting
            A reader's changes; the author's own case by default.
        draws
            Readings, at least 16.
        seed
            Of the readings.

        Raises
        ------
        SettingError
            The scenario has no such assumption.
        SolverError
            As :meth:`author`.
        CancelledError
            The question was taken back.
        """
        began = time.process_time()
        put = setting.put(self.assumptions)
        before = self.author(draws, seed)
        after = before
        if not setting.is_author:
            values = {self._names[key]: value for key, value in setting.changes if not isinstance(value, str)}
            switches = {self._names[key]: value for key, value in setting.changes if isinstance(value, str)}
            after = self._asked(seed, draws, values, switches)
        return self._effect(before, after, put, setting, None, began)

    def challenge(self, name: str, draws: int = DRAWS, seed: int = 0) -> Effect:
        """Return what an objection that the scenario states does to the conclusion.

        Raises
        ------
        ScenarioError
            There is no such objection.
        SolverError
            As :meth:`author`.
        CancelledError
            The question was taken back.
        """
        began = time.process_time()
        changed = challenge(self.scenario, name)
        stated = next(
            each for each in cards.challenges(self.scenario) if canonical(each.name) == canonical(name)
        )
        before = self.author(draws, seed)
        probe = Evaluator(changed, seed=seed, threads=1, cancel=self._cancel)
        after = self._answer(lambda: probe.results(probe.ranks(draws), only=None))
        return self._effect(before, after, stated.set, AUTHOR, stated.name, began)

    def at_values(self, name: str, places: NDArray[np.float64], readings: int, seed: int = 0) -> Results:
        """Return the criteria with a parameter at several values, value by value.

        Raises
        ------
        SolverError, CancelledError
            As :meth:`solve`.
        """

        def ask() -> Results:
            probe = self.probe(seed)
            ranks = np.tile(probe.ranks(readings), (1, len(places)))
            return probe.results(ranks, values={name: np.repeat(places, readings)})

        return self._answer(ask)

    def at_option(self, name: str, option: str, readings: int, seed: int = 0) -> Results:
        """Return the criteria with a switch at one of its options; raises as :meth:`solve`."""
        probe = self.probe(seed)
        return self._answer(lambda: probe.results(probe.ranks(readings), switches={name: option}))

    def cancelled(self) -> bool:
        """Return whether the question at hand was taken back."""
        return self._cancel()

    def probe(self, seed: int = 0) -> Evaluator:
        """Return what solves the author's scenario for further readings of a seed."""
        if seed not in self._probes:
            self._probes[seed] = Evaluator(self.scenario, seed=seed, threads=1, cancel=self._cancel)
        return self._probes[seed]

    def _asked(
        self, seed: int, draws: int, values: Mapping[str, float], switches: Mapping[str, str]
    ) -> Results:
        def ask() -> Results:
            probe = self.probe(seed)
            return probe.results(probe.ranks(draws), values=values, switches=switches, only=None)

        return self._answer(ask)

    def _answer(self, ask: Callable[[], Results]) -> Results:
        """Ask, and say in the words of this room what went wrong."""
        try:
            return ask()
        except ParleyError as fault:
            if self._cancel():
                raise CancelledError("the question was taken back") from fault
            raise SolverError(str(fault)) from fault

    def _effect(
        self,
        before: Results,
        after: Results,
        put: tuple[Put, ...],
        setting: Setting,
        objection: str | None,
        began: float,
    ) -> Effect:
        proof, known = _certificate(after), _certificate(before)
        judged = verdict(after, sufficient=proof.sufficient)
        held = verdict(before, sufficient=known.sufficient)
        if judged is None or held is None:
            raise SolverError("no verdict can be given: each criterion names a policy that is not compared")
        told = after is not before
        sure = proof.sufficient and known.sufficient
        found = tuple(
            _criterion(after, judged, item, beside, move, told=told, sure=sure)
            for item, beside, move in zip(judged.answers, held.answers, moves(before, after), strict=True)
        )
        leading = _leading(found)
        words, moved = _claims(before, after)
        return Effect(
            model=self.scenario.digest,
            setting=setting.canonical(),
            challenge=objection,
            put=put,
            recommended=judged.recommended,
            verdict=judged.word,
            before_verdict=held.word if told else None,
            advice=found[leading].advice,
            chip=found[leading].chip,
            leading=leading,
            criteria=found,
            claims=moved,
            words=words,
            certificate=proof,
            engine=parley.__version__,
            seed=after.provenance.seed,
            draws=proof.draws,
            milliseconds=round(1000 * (time.process_time() - began)),
        )


def _leading(found: Sequence[CriterionEffect]) -> int:
    """Return the criterion that sums up an effect: the first that flips, else the first that moves."""
    for wanted in (("withheld",), ("flips",), ("weakens", "strengthens")):
        for place, each in enumerate(found):
            if each.chip in wanted:
                return place
    return 0


def _criterion(
    results: Results, judged: Verdict, item: Answer, beside: Answer, move: Move, *, told: bool, sure: bool
) -> CriterionEffect:
    """Say what one criterion says; ``told``: something was changed, ``sure``: enough is certified."""
    comparison = results.scenario.comparison
    assert comparison is not None
    index = next(n for n, each in enumerate(comparison.by) if each.expression.source == item.expression)
    policies = _policies(results, index, item, judged.recommended, move.against)
    sign = 1.0 if item.higher else -1.0
    means = {
        each.policy: sign * each.mean for each in policies if each.mean is not None and each.best is not None
    }
    mark = "no change"
    if not sure:
        mark = "withheld"
    elif told:
        mark = chip(move.share.before, move.share.after, move.share.change, move.share.error)
    return CriterionEffect(
        criterion=item.criterion,
        expression=item.expression,
        higher=item.higher,
        against=move.against,
        share=move.after.share,
        error=move.after.error,
        word=move.after.word,
        policies=policies,
        tallies=tuple(_tally(name, pair) for name, pair in (item.pairs or {}).items()),
        strongest=item.rival,
        advice=_advice(judged.recommended, item, move.after),
        best_by_mean=max(means, key=lambda name: means[name], default=judged.recommended),
        chip=mark,
        before=move.before.share if told else None,
        before_word=move.before.word if told else None,
        before_advice=_advice(judged.recommended, beside, move.before) if told else None,
        change=move.share.change if told else None,
        change_error=move.share.error if told else None,
        gain_change=move.margin.change if told else None,
        gain_change_error=move.margin.error if told else None,
    )


def _advice(recommended: str, item: Answer, share: Share) -> str:
    """Return the policy that the readings speak for."""
    return recommended if share.share is None or share.share >= 0.5 else item.rival


def _policies(
    results: Results, index: int, item: Answer, recommended: str, against: tuple[str, ...]
) -> tuple[PolicyEffect, ...]:
    """Sum up every policy, and keep what all of them bring in the same readings."""
    comparison = results.scenario.comparison
    assert comparison is not None
    names = tuple(comparison.policies)
    values = np.stack([solved(results, name, results.criteria[index, name]) for name in names])
    rival = against[0] if len(against) == 1 else item.rival
    pair = values[[names.index(recommended), names.index(rival)]] * (1.0 if item.higher else -1.0)
    readings = chosen(pair[0], pair[1], np.logical_and.reduce(np.isfinite(values)))
    runs = aligned(values[:, readings])
    return tuple(_policy(results, name, item, values[place], runs[place]) for place, name in enumerate(names))


def _policy(
    results: Results, policy: str, item: Answer, values: NDArray[np.float64], runs: tuple[float, ...]
) -> PolicyEffect:
    found = spread(values, results.draw, dots=True)
    return PolicyEffect(
        policy=policy,
        dots=found.dots or (),
        mean=found.mean,
        low=found.low,
        middle=found.middle,
        high=found.high,
        best=item.best_share.get(policy),
        runs=runs,
    )


def _tally(rival: str, pair: Pair) -> Tally:
    share, ties = pair.better.share, pair.better.ties
    return Tally(
        rival=rival,
        better=None if share is None else max(0.0, share - ties / 2),
        worse=None if share is None else max(0.0, 1.0 - share - ties / 2),
        same=None if share is None else ties,
        error=pair.better.error,
        word=pair.better.word,
        gain=pair.margin.mean,
        gain_error=pair.margin.error,
        gains=pair.margin.dots or (),
        undefined=pair.better.undefined,
    )


def _claims(before: Results, after: Results) -> tuple[dict[str, str], tuple[ClaimMove, ...]]:
    """Return the word of each derived claim, and those whose word is another one."""
    words: dict[str, str] = {}
    moved = []
    # Words alone are wanted: what carries each claim is in the edition, so no assumption is summed up here.
    for one, other in zip(claims(before, ()), claims(after, ()), strict=True):
        if one.holds is None or other.holds is None:
            continue
        words[other.name] = other.holds.word
        if one.holds.word != other.holds.word:
            moved.append(
                ClaimMove(
                    other.name,
                    other.text,
                    one.holds.word,
                    other.holds.word,
                    one.holds.share,
                    other.holds.share,
                )
            )
    return words, tuple(moved)


def _certificate(results: Results) -> Certificate:
    statuses = np.stack([proof.status for proof in results.proofs.values()])
    uncertified = int(np.count_nonzero(np.any(statuses != 0, axis=0)))
    draws = int(results.draw.size)
    return Certificate(
        games=int(statuses.size),
        solved=int(np.count_nonzero(statuses == 0)),
        draws=draws,
        uncertified=uncertified,
        sufficient=uncertified <= UNCERTIFIED_LIMIT * draws,
        residual=_largest(proof.residual[proof.status == 0] for proof in results.proofs.values()),
        regret=_largest(proof.regret[:, proof.status == 0] for proof in results.proofs.values()),
    )


def _largest(tables: Iterable[NDArray[np.float64]]) -> float | None:
    found = [float(np.nanmax(each)) for each in tables if np.isfinite(each).any()]
    return max(found, default=None)
