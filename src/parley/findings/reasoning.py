"""Other ways of reasoning: which findings survive when players are more precise, less so, or short-sighted.

What lives here: the ways that are tried, and verdict and claims in each. What may not: solving, sentences.

The readings that are solved again are the run's own first ones, so that whatever differs is due to the
reasoning. Words are compared with those that the same readings give as judged, not with those of the whole
run: fewer readings have wider bounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from parley.findings.comparison import candidates, overall, verdict
from parley.findings.model import Multiplicity, Survival
from parley.findings.needs import left_out
from parley.findings.precision import movers
from parley.findings.reasoning_model import ChangedClaim, Dependence, ReasonedAnswer, Way
from parley.findings.shares import Share
from parley.findings.statistics import REPLICATES, UNCERTIFIED_LIMIT, share
from parley.scenario.endless import endless
from parley.scenario.model import Scenario
from parley.scenario.players import kinds_of
from parley.study.reasoning import Reasoning
from parley.study.results import Results

if TYPE_CHECKING:
    from parley.study.evaluator import Evaluator

__all__ = ["LEVELS", "PRECISIONS", "READINGS", "reasoning"]

PRECISIONS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)  # per stake
ALONE = (1.0, 4.0, 16.0)  # of one player, all others as judged
LEVELS = (1, 2, 3)  # steps that people think ahead in experiments (Nagel 1995)
READINGS = 512  # solved again in each way
WORK = 1 << 21  # nodes times readings of one way; larger games get fewer readings
FEWEST = 32
BANDS = 5  # of the judged precision
FEWEST_IN_BAND = 128

Kept = NDArray[np.bool_]  # [draw]


def reasoning(
    results: Results, probe: Evaluator, multiplicity: Multiplicity | None = None
) -> Dependence | None:
    """Ask what becomes of the verdict and the derived claims when players reason in other ways.

    Parameters
    ----------
    results
        A run's tables.
    probe
        Solves the same scenario again, with the run's seed.
    multiplicity
        What a search for other equilibria found, if there was one: each reading's worst and best for the
        recommendation are two more ways.

    Returns
    -------
    Dependence or None
        None when the run holds fewer than 16 of its first readings, or there is neither a verdict nor a
        derived claim that could depend on anything.

    References
    ----------
    McKelvey, R. D. & Palfrey, T. R. (1998). Quantal response equilibria for extensive form games.
    Experimental Economics 1, 9-41. Stahl, D. O. & Wilson, P. W. (1994). Experimental evidence on players'
    models of other players. Journal of Economic Behavior & Organization 25, 309-327.

    Examples
    --------
    >>> import parley
    >>> from parley.study import Evaluator
    >>> scenario = parley.load(parley.catalog.template())
    >>> found = reasoning(parley.run(scenario, draws=64, seed=7), Evaluator(scenario, seed=7))
    >>> found.choosers, [way.word for way in found.ways[:3]], found.ways[3].precision
    (('union', 'company'), ['leans', 'robust', 'leans'], 2.0)
    """
    policies = _policies(results.scenario, results.policies)
    count = _count(results, policies)
    if count < REPLICATES:
        return None
    asked = _Asked(results, probe, policies, count)
    if not asked.judged.answers and not asked.claims:
        return None
    choosers = _choosers(results, policies)
    ways = [asked.judged]
    if choosers:
        ways += [asked.way(each) for each in _precisions(results.scenario, choosers)]
        ways += _bands(asked, choosers)
        noises = [True, False] if _by_logit(results.scenario, choosers) else [False]
        if endless(results.scenario) is not None:  # steps ahead are not worked out without a last round
            noises = []
        ways += [asked.way(Reasoning(level, noisy)) for noisy in noises for level in LEVELS]
        ways += _equilibria(multiplicity)
    answers = [each for way in ways for each in way.answers]
    doubtful = not answers or "withheld" in (way.word for way in ways)
    return Dependence(
        readings=count,
        policies=policies,
        choosers=choosers,
        claims=len(asked.claims),
        survives=None if doubtful else all(each.share.word == each.judged for each in answers),
        ways=tuple(ways),
    )


def _policies(scenario: Scenario, run: tuple[str, ...]) -> tuple[str, ...]:
    """Return the candidates and the policies that criteria and derived claims name; all if none compete."""
    comparison = scenario.comparison
    if comparison is None:
        return run
    competing = candidates(comparison, run)
    roots = [each.expression.root for each in comparison.by]
    roots += [claim.derives.root for claim in scenario.claims.values() if claim.derives is not None]
    named = {name for root in roots for name in left_out(scenario, root, competing, comparison.recommend)}
    return tuple(name for name in run if name in competing or name in named) or run


def _count(results: Results, policies: tuple[str, ...]) -> int:
    """Return how many of the run's first readings are solved again: fewer in large games."""
    most = min(READINGS, len(results.draw))
    nodes = sum(results.proofs[policy].nodes for policy in policies)
    affordable = max(FEWEST, WORK // max(1, nodes))
    first = int(np.argmin(np.append(results.draw[:most] == np.arange(most), False)))  # stopped runs have gaps
    wanted = min(most, affordable, first)
    return wanted if wanted == len(results.draw) else wanted - wanted % REPLICATES


def _choosers(results: Results, policies: tuple[str, ...]) -> tuple[str, ...]:
    """Return the players who move in the story; none where the policies leave nobody a choice."""
    if not any(results.proofs[policy].actions for policy in policies):
        return ()
    moving = movers(results.scenario.story)
    return tuple(name for name in results.scenario.players if name in moving)


def _precisions(scenario: Scenario, choosers: tuple[str, ...]) -> Iterator[Reasoning]:
    """Yield all choosers at one precision after the other; then each alone that has one of its own."""
    yield from (Reasoning(precision=dict.fromkeys(choosers, value)) for value in PRECISIONS)
    if len(choosers) > 1:
        for name in choosers:
            if scenario.players[name].precision is not None:
                yield from (Reasoning(precision={name: value}) for value in ALONE)


def _by_logit(scenario: Scenario, choosers: tuple[str, ...]) -> bool:
    """Whether all who choose err by logit: noisy steps ahead are worked out for them alone."""
    return all(kinds_of(scenario.players[name], scenario.errors) == ("logistic",) for name in choosers)


class _Asked:
    """Some readings of a run, solved again in one way after the other."""

    def __init__(self, results: Results, probe: Evaluator, policies: tuple[str, ...], count: int) -> None:
        self.results, self.probe, self.policies = results, probe, policies
        self.ranks = probe.ranks(count)
        self.claims = tuple(
            name
            for name, claim in results.scenario.claims.items()
            if claim.derives is not None and name in results.claims
        )
        first = _some(results, np.arange(len(results.draw)) < count, policies)
        self.held = self._held(first)
        self.judged = self._way(first, kind="judged", held=self.held)
        self.words = {each.expression: each.judged for each in self.judged.answers}

    def way(self, of: Reasoning) -> Way:
        """Solve the readings again, players reasoning in this way."""
        found = self.probe.results(self.ranks, only=None, policies=self.policies, reasoning=of)
        way = self._way(found, kind="precision" if of.level is None else "level", held=self.held)
        return replace(
            way,
            players=tuple(of.precision),
            precision=next(iter(of.precision.values()), None),
            level=of.level,
            noisy=of.noisy,
            judged=self.judged.word,
            answers=tuple(replace(each, judged=self.words[each.expression]) for each in way.answers),
        )

    def band(self, kept: Kept, players: tuple[str, ...]) -> Way:
        """Look at those readings of the run alone; their words are compared with those of all."""
        whole = _some(self.results, np.ones(len(kept), dtype=bool), self.policies)
        everything = self._way(whole, kind="judged", held=self._held(whole))
        words = {each.expression: each.judged for each in everything.answers}
        way = self._way(_some(self.results, kept, self.policies), kind="band", held=self._held(whole))
        values = self.results.precision[players[0]][kept]
        return replace(
            way,
            players=players,
            low=float(values.min()),
            high=float(values.max()),
            judged=everything.word,
            answers=tuple(replace(each, judged=words[each.expression]) for each in way.answers),
        )

    def _held(self, found: Results) -> dict[str, Share]:
        return {name: share(np.asarray(found.claims[name], np.float64), found.draw) for name in self.claims}

    def _way(self, found: Results, *, kind: str, held: dict[str, Share]) -> Way:
        status = np.stack([found.proofs[policy].status for policy in found.policies])
        unsolved = int(np.count_nonzero((status != 0).any(axis=0)))
        judged = verdict(found, sufficient=unsolved <= UNCERTIFIED_LIMIT * len(found.draw))
        residuals = np.concatenate([found.proofs[policy].residual for policy in found.policies])
        known = residuals[np.isfinite(residuals)]
        answers = []
        for each in judged.answers if judged is not None else ():
            said = each.against_baseline or each.best
            answers.append(ReasonedAnswer(each.criterion, each.expression, said, said.word))
        now = self._held(found)
        word = judged.word if judged is not None else None
        return Way(
            kind=kind,
            players=(),
            precision=None,
            low=None,
            high=None,
            level=None,
            noisy=True,
            readings=len(found.draw),
            unsolved=unsolved,
            largest_residual=float(known.max()) if known.size else None,
            judged=word,
            word=word,
            answers=tuple(answers),
            claims=tuple(
                ChangedClaim(name, now[name], held[name])
                for name in self.claims
                if now[name].word != held[name].word
            ),
        )


def _some(results: Results, kept: Kept, policies: tuple[str, ...]) -> Results:
    """Keep some readings and policies of a run: what verdict and claims read."""
    return replace(
        results,
        draw=results.draw[kept],
        policies=policies,
        criteria={key: values[kept] for key, values in results.criteria.items() if key[1] in policies},
        claims={name: values[kept] for name, values in results.claims.items()},
        proofs={
            name: replace(proof, status=proof.status[kept], residual=proof.residual[kept])
            for name, proof in results.proofs.items()
            if name in policies
        },
    )


def _bands(asked: _Asked, choosers: tuple[str, ...]) -> Iterator[Way]:
    """Yield the run's readings by the judged precision, from the lowest to the highest."""
    precision, draws = asked.results.precision, len(asked.results.draw)
    bands = min(BANDS, draws // FEWEST_IN_BAND)
    groups: list[list[str]] = []
    for name in choosers:
        same = (each for each in groups if np.array_equal(precision[each[0]], precision[name]))
        group = next(same, None)
        if group is None:
            groups.append([name])
        else:
            group.append(name)
    for players in groups if bands > 1 else ():
        values = precision[players[0]]
        if not np.isfinite(values).all() or values.min() == values.max():
            continue
        edges = np.quantile(values, np.arange(1, bands) / bands)
        band = np.searchsorted(edges, values, side="right")
        for number in np.unique(band):
            yield asked.band(band == number, tuple(players))


def _equilibria(found: Multiplicity | None) -> Iterator[Way]:
    """Yield the worst and the best of the equilibria found, reading by reading."""
    if found is None or not found.several or not found.criteria:
        return
    residuals = [each.largest_residual for each in found.policies if each.largest_residual is not None]
    for kind in ("worst", "best"):
        answers = tuple(_bounded(each, kind) for each in found.criteria)
        yield Way(
            kind=kind,
            players=(),
            precision=None,
            low=None,
            high=None,
            level=None,
            noisy=True,
            readings=found.draws,
            unsolved=0,
            largest_residual=max(residuals, default=None),
            judged="withheld" if found.survives is None else overall([each.judged for each in answers]),
            word="withheld" if found.survives is None else overall([each.share.word for each in answers]),
            answers=answers,
            claims=None,
        )


def _bounded(of: Survival, kind: str) -> ReasonedAnswer:
    bounds = of.against_baseline or of.best
    chosen = bounds.worst if kind == "worst" else bounds.best
    return ReasonedAnswer(of.criterion, of.expression, chosen, bounds.played.word)
