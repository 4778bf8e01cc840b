"""Objections beside the author: whether granting one moves the conclusion, and how far.

What lives here: paired differences of two runs of one scenario. What may not: solving, sentences.

An objection is solved for the same readings: the same seed gives every number that it leaves alone the same
value. Differences are therefore taken reading by reading, and their sampling error is that of the difference,
which is far smaller than that of either share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from parley.errors import FindingsError
from parley.findings.assessment import assess
from parley.findings.comparison import contest, label, opponents
from parley.findings.exchange import read, write
from parley.findings.model import Findings, Share
from parley.findings.needs import left_out
from parley.findings.statistics import sampling_error, share, spread
from parley.scenario.model import Challenge, Scenario
from parley.scenario.override import challenge as granted
from parley.study.results import Provenance, Results

__all__ = [
    "FORMAT",
    "MARK",
    "Challenged",
    "ClaimMove",
    "Debate",
    "Move",
    "Objection",
    "Put",
    "Shift",
    "debate",
    "moves",
    "objection",
]

MARK, FORMAT = "parley_debate", 1
Values = NDArray[np.float64]
Solve = Callable[[Scenario], Results]


@dataclass(frozen=True, slots=True)
class Shift:
    """A mean before and after, and their difference with its 95 % half-width; ``readings`` have both."""

    before: float | None
    after: float | None
    change: float | None
    error: float | None
    readings: int

    @property
    def distinct(self) -> bool:
        """Whether the change can be told from none."""
        return self.change is not None and self.error is not None and abs(self.change) > self.error


@dataclass(frozen=True, slots=True)
class Move:
    """What an objection does to one criterion's answer.

    ``against`` is whom the recommendation is held against. ``share`` is the share of readings in which the
    recommendation does better; ``margin`` by how much it does on average, in the criterion's unit.
    """

    criterion: str
    expression: str
    against: tuple[str, ...]
    before: Share
    after: Share
    share: Shift
    margin: Shift

    @property
    def reversed(self) -> bool:
        """Whether the word for the answer is another one."""
        return self.before.word != self.after.word


@dataclass(frozen=True, slots=True)
class ClaimMove:
    """A derived claim whose word an objection changes."""

    name: str
    text: str
    before: Share
    after: Share


@dataclass(frozen=True, slots=True)
class Put:
    """What an objection puts in an assumption's place: both in words, and the middle of the values used."""

    name: str
    text: str | None
    author: str
    objection: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Objection:
    """One objection, or several at once, granted: what moves.

    ``set`` is what was put in the place of the author's assumptions. ``verdict`` is the word of the verdict
    with the objection granted; it is ``withheld`` when too many readings are not certified.
    """

    name: str
    text: str
    against: str | None
    why: str | None
    set: tuple[Put, ...]
    verdict: str | None
    moves: tuple[Move, ...]
    claims: tuple[ClaimMove, ...]
    uncertified: int

    @property
    def reverses(self) -> bool:
        """Whether it changes the word of any criterion's answer."""
        return any(move.reversed for move in self.moves)

    @property
    def furthest(self) -> float:
        """The largest change of a share that can be told from none, 0 if there is none.

        Between 0 and 1, over the criteria.
        """
        return max((abs(m.share.change or 0.0) for m in self.moves if m.share.distinct), default=0.0)


@dataclass(frozen=True, slots=True)
class Debate:
    """All objections of a scenario, the one that moves most first.

    ``skipped`` names pairs that contradict each other (they set the same thing), with what they set.
    """

    title: str
    question: str | None
    recommended: str | None
    verdict: str | None
    draws: int
    objections: tuple[Objection, ...]
    skipped: Mapping[str, str]
    provenance: Provenance

    def to_json(self) -> str:
        """Write the debate as JSON, the same text as ``parley debate --json``."""
        return write(self, MARK, FORMAT)

    @staticmethod
    def from_json(text: str) -> Debate:
        """Read a debate back from :meth:`to_json`; raises FindingsError."""
        return read(Debate, text, MARK, FORMAT)


@dataclass(frozen=True, slots=True)
class Challenged:
    """One objection granted: what moves, and the findings of both sides."""

    objection: Objection
    author: Findings
    challenged: Findings

    def to_json(self) -> str:
        """Write it as JSON, the same text as ``parley challenge --json``."""
        return write(self, "parley_challenge", FORMAT)

    @staticmethod
    def from_json(text: str) -> Challenged:
        """Read it back from :meth:`to_json`; raises FindingsError."""
        return read(Challenged, text, "parley_challenge", FORMAT)


def debate(
    scenario: Scenario,
    solve: Solve,
    *,
    pairs: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Debate:
    """Grant every objection of a scenario in turn and say who moves the conclusion.

    Parameters
    ----------
    scenario
        With ``challenges``.
    solve
        Runs a scenario; the same number of readings and seed for all, e.g.
        ``lambda each: parley.run(each, draws=4096, seed=7)``.
    pairs
        Grant every two objections together as well, unless they set the same thing.
    progress
        Called with (objections done, objections in all).

    Returns
    -------
    Debate
        Objections in the order of how far they move: those that change the word of an answer first, then by
        the largest change of a share.

    Raises
    ------
    FindingsError
        The scenario states no objection, or compares nothing.

    Examples
    --------
    >>> import parley
    >>> found = debate(parley.load("which-event-first"), lambda each: parley.run(each, draws=64, seed=7))
    >>> [item.name for item in found.objections]
    ['leaky list', 'equal damage', 'no promise binds']
    """
    if not scenario.challenges:
        raise FindingsError("the scenario states no objection: write some under `challenges`")
    groups: list[tuple[Challenge, ...]] = [(item,) for item in scenario.challenges.values()]
    skipped: dict[str, str] = {}
    for one, other in combinations(scenario.challenges.values(), 2) if pairs else ():
        both = [name for name in one.set if name in other.set]
        if both:
            skipped[f"{one.name} + {other.name}"] = ", ".join(both)
        else:
            groups.append((one, other))
    author = solve(scenario)
    if not opponents(author):
        raise FindingsError("nothing is compared: an objection needs a recommendation to move")
    before = assess(author)
    found: list[Objection] = []
    for group in groups:
        if progress is not None:
            progress(len(found), len(groups))
        changed = scenario
        for item in group:
            changed = granted(changed, item.name)
        found.append(_objection(group, author, before, solve(changed)))
    order = sorted(found, key=lambda item: (not item.reverses, -item.furthest))
    return Debate(
        title=scenario.title,
        question=scenario.question,
        recommended=before.verdict.recommended if before.verdict is not None else None,
        verdict=before.verdict.word if before.verdict is not None else None,
        draws=int(author.draw.size),
        objections=tuple(order),
        skipped=skipped,
        provenance=author.provenance,
    )


def objection(
    challenge: Challenge,
    author: Results,
    changed: Results,
    before: Findings | None = None,
    after: Findings | None = None,
) -> Objection:
    """Say what one objection moves.

    Parameters
    ----------
    challenge
        What is objected.
    author, changed
        Runs of the scenario as its author has it and with the objection granted: the same readings.
    before, after
        What was made of the two, where it is known already.

    Raises
    ------
    FindingsError
        The two runs are not of the same readings and policies, or compare nothing.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> runs = [
    ...     parley.run(each, draws=64, seed=7)
    ...     for each in (scenario, parley.scenario.challenge(scenario, "leaky list"))
    ... ]
    >>> found = objection(scenario.challenges["leaky list"], *runs)
    >>> [(move.criterion, round(move.share.change, 2)) for move in found.moves][:1]
    [('net worth to Washington, in ordinary strikes', -0.12)]
    """
    return _objection((challenge,), author, before or assess(author), changed, after)


def _objection(
    group: Sequence[Challenge],
    author: Results,
    before: Findings,
    changed: Results,
    after: Findings | None = None,
) -> Objection:
    if author.policies != changed.policies or not np.array_equal(author.draw, changed.draw):
        raise FindingsError("an objection is held against the author's run of the same readings and policies")
    after = after or assess(changed)
    return Objection(
        name=" + ".join(item.name for item in group),
        text="; ".join(item.text for item in group),
        against=group[0].against if len(group) == 1 else None,
        why=group[0].why if len(group) == 1 else None,
        set=_put(author, before, after, changed),
        verdict=after.verdict.word if after.verdict is not None else None,
        moves=moves(author, changed),
        claims=_claims(before, after),
        uncertified=after.certification.uncertified,
    )


def _put(author: Results, before: Findings, after: Findings, changed: Results) -> tuple[Put, ...]:
    """Return the assumptions that are set otherwise than the author has them."""
    texts, own = changed.scenario.override_texts, author.scenario.override_texts
    return tuple(
        Put(
            one.name,
            one.text,
            one.judgement,
            other.judgement.removeprefix("set to "),
            one.middle,
            other.middle,
        )
        for one, other in zip(before.assumptions, after.assumptions, strict=True)
        if texts.get(one.name) != own.get(one.name)
    )


def moves(author: Results, changed: Results) -> tuple[Move, ...]:
    """Say what becomes of each criterion's answer.

    Parameters
    ----------
    author, changed
        Runs of the same readings and policies.

    Returns
    -------
    tuple of Move
        Without the criteria that name a policy which was not run.

    Raises
    ------
    FindingsError
        Nothing is compared.

    Examples
    --------
    >>> import parley
    >>> author = parley.run(parley.load("which-event-first"), draws=16, seed=7)
    >>> [move.share.change for move in moves(author, author)]
    [0.0, 0.0]
    """
    comparison, against = author.scenario.comparison, opponents(author)
    if comparison is None or not against:
        raise FindingsError("nothing is compared: an objection needs a recommendation to move")
    found = []
    for index, criterion in enumerate(comparison.by):
        if left_out(author.scenario, criterion.expression.root, author.policies):
            continue
        margins = [contest(each, index) for each in (author, changed)]
        won = [_won(margin) for margin in margins]
        found.append(
            Move(
                criterion=label(author.scenario, criterion.expression, criterion.text),
                expression=criterion.expression.source,
                against=against,
                before=share(won[0], author.draw, _ties(margins[0])),
                after=share(won[1], author.draw, _ties(margins[1])),
                share=_shift(won[0], won[1], author.draw),
                margin=_shift(margins[0], margins[1], author.draw),
            )
        )
    return tuple(found)


def _won(margin: Values) -> Values:
    """1 where the recommendation does better, 0 where worse, a half where the two are equal."""
    return np.where(np.isnan(margin), np.nan, (np.sign(margin) + 1.0) / 2.0)


def _ties(margin: Values) -> float:
    defined = np.isfinite(margin)
    return float((margin[defined] == 0).mean()) if defined.any() else 0.0


def _shift(before: Values, after: Values, draw: NDArray[np.int64]) -> Shift:
    both = np.isfinite(before) & np.isfinite(after)
    if not both.any():
        return Shift(None, None, None, None, 0)
    change = np.where(both, after - before, np.nan)
    error = sampling_error(change, draw)
    return Shift(
        before=float(before[both].mean()),
        after=float(after[both].mean()),
        change=spread(change, draw).mean,
        error=error,
        readings=int(np.count_nonzero(both)),
    )


def _claims(before: Findings, after: Findings) -> tuple[ClaimMove, ...]:
    """Return the derived claims whose word is another one."""
    found = []
    for one, other in zip(before.claims, after.claims, strict=True):
        if one.holds is not None and other.holds is not None and one.holds.word != other.holds.word:
            found.append(ClaimMove(one.name, one.text, one.holds, other.holds))
    return tuple(found)
