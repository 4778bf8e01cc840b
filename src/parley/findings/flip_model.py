"""What would reverse the conclusion: frozen data, ready for words, pictures and JSON.

What lives here: the types. What may not: how they are found (:mod:`parley.findings.flips`), sentences.

As everywhere in findings, None stands for a number that does not exist; nothing here is an array.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from parley.findings.shares import Share, Spread

__all__ = [
    "ClaimPush",
    "CriterionFlips",
    "CriterionPush",
    "Crossing",
    "CurvePoint",
    "Flip",
    "Flips",
    "JointFlip",
    "JointMove",
    "NumberPush",
    "Push",
    "SwitchOption",
]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The conclusion with one assumption at one value, all others as in each reading.

    ``rank`` is the share of the stated judgement below the value: 0 and 1 at its ends and, where
    ``outside``, beyond. ``share`` of the defined readings supports the recommendation (a tie counts half);
    ``margin`` is the mean. Errors are half-widths of 95 % intervals.
    """

    value: float
    rank: float
    outside: bool
    share: float | None
    share_error: float | None
    margin: float | None
    margin_error: float | None
    undefined: int


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where a curve crosses: the share one half, or the mean margin 0.

    ``low`` and ``high`` bound it (95 %, sampling error of the curve); None where no bound was found within
    what was searched. ``fails`` says on which side the recommendation is worse, ``above`` or ``below``.
    ``several``: the curve crosses more than once, and this is the crossing nearest to the middle of the
    judgement. ``rank`` is the share of the judgement below the value.
    """

    value: float
    low: float | None
    high: float | None
    rank: float
    outside: bool
    fails: str
    several: bool


@dataclass(frozen=True, slots=True)
class Flip:
    """At which value of one assumption the recommendation changes.

    ``low``, ``middle``, ``high`` are the ends of what was searched as stated (0.1 and 99.9 % of the
    judgement, or its finite ends) and the median. In ``compared`` readings one of the two is better at the
    reading's own value; in ``undefined`` ones the comparison is undefined or a tie, and in ``broken`` ones,
    a part of the compared, no change was found but some value within the range gives no certified answer.
    ``share`` of the compared readings have a value within the range at which the sign of the margin
    changes; ``values`` spreads the one nearest to the reading's own. ``beyond`` is the share in which there
    is none within, but one outside (``outside`` says how far was looked). ``several`` is the share with
    more than one within. ``fails`` says on which side of the value the recommendation is worse: ``above``,
    ``below``, or ``either`` when readings differ; None without any.
    """

    name: str
    kind: str
    text: str | None
    unit: str | None
    low: float
    middle: float
    high: float
    outside: tuple[float, float]
    compared: int
    undefined: int
    broken: int
    share: float | None
    share_error: float | None
    beyond: float | None
    several: float | None
    fails: str | None
    values: Spread | None
    threshold: Crossing | None
    break_even: Crossing | None
    curve: tuple[CurvePoint, ...]


@dataclass(frozen=True, slots=True)
class SwitchOption:
    """The conclusion with a switch at one of its options, everything else as in each reading.

    ``change`` and ``error`` are as in :class:`Push`.
    """

    switch: str
    option: str
    default: bool
    share: Share
    margin: Spread
    change: float | None
    error: float | None

    @property
    def moves(self) -> bool:
        """Whether the share differs from the stated one beyond sampling error."""
        return _moves(self.change, self.error)


@dataclass(frozen=True, slots=True)
class JointMove:
    """One assumption's part in a joint flip: from the middle of its judgement to ``value``.

    ``rank`` is the share of the judgement below ``value``.
    """

    name: str
    kind: str
    unit: str | None
    start: float
    value: float
    rank: float


@dataclass(frozen=True, slots=True)
class JointFlip:
    """The smallest move away from the central reading that changes the answer.

    In the central reading every number is at its median and every switch at its default;
    ``supports`` says whether the recommendation is better there, ``margin`` by how much. ``moves`` changes
    few assumptions (at most three), at ``distance``; ``all_moves`` changes whatever helps, at
    ``least``. Distances are in normal scores: one is from the median to the 84 % quantile of one number;
    numbers judged together count by their joint law (Mahalanobis). ``before`` and ``after`` are the margins
    solved again just short of the flip of ``moves`` and just past it. ``moves`` is empty when none was
    found within 0.1 to 99.9 % of the judgements.
    """

    supports: bool
    margin: float
    moves: tuple[JointMove, ...]
    distance: float | None
    before: float | None
    after: float | None
    all_moves: tuple[JointMove, ...]
    least: float | None


@dataclass(frozen=True, slots=True)
class CriterionFlips:
    """What reverses one criterion's answer.

    ``against`` names whom the recommendation is held against; of several the best counts. ``stated`` is
    the answer in the readings that were pushed. ``flips`` lists assumptions, nearest first. ``joint`` is
    None when the central reading has no certified answer or is a tie.
    """

    criterion: str
    expression: str
    against: tuple[str, ...]
    stated: Share
    flips: tuple[Flip, ...]
    options: tuple[SwitchOption, ...]
    joint: JointFlip | None


@dataclass(frozen=True, slots=True)
class Push:
    """The conclusion with some numbers put elsewhere; ``values`` are where (empty when spread out).

    ``change`` is the difference of the share from the stated one over the same readings, ``error`` the
    half-width of its 95 % interval: much narrower than that of either share.
    """

    values: Mapping[str, float]
    share: Share
    change: float | None
    error: float | None

    @property
    def moves(self) -> bool:
        """Whether the share differs from the stated one beyond sampling error."""
        return _moves(self.change, self.error)


@dataclass(frozen=True, slots=True)
class NumberPush:
    """The conclusion with one number at 5 % and at 95 % of its judgement."""

    name: str
    low: Push
    high: Push


@dataclass(frozen=True, slots=True)
class CriterionPush:
    """What becomes of one criterion's answer when a claim is pushed.

    ``alone`` has each number that carries the claim at either end. ``hurts`` and ``helps`` have all of them
    at the end that speaks, by the mean margin, against and for the recommendation. ``dropped``: nothing is
    believed of them but their bounds. ``options`` has the other options of the switches that carry it.
    """

    criterion: str
    expression: str
    stated: Share
    alone: tuple[NumberPush, ...]
    hurts: Push | None
    helps: Push | None
    dropped: Push | None
    options: tuple[SwitchOption, ...]


@dataclass(frozen=True, slots=True)
class ClaimPush:
    """An assumed claim, pushed and dropped.

    ``numbers`` and ``switches`` carry it; when there are neither, the story or certain numbers do, and
    ``criteria`` is empty. ``beliefs`` says what is believed of each number when the claim is dropped.
    """

    claim: str
    numbers: tuple[str, ...]
    switches: tuple[str, ...]
    beliefs: Mapping[str, str]
    criteria: tuple[CriterionPush, ...]


@dataclass(frozen=True, slots=True)
class Flips:
    """What would reverse the conclusion, and what becomes of it when assumed claims are pushed.

    ``readings`` of the run were pushed, ``solved`` readings solved in all (under each compared policy).
    """

    recommended: str
    readings: int
    solved: int
    criteria: tuple[CriterionFlips, ...]
    claims: tuple[ClaimPush, ...]


def _moves(change: float | None, error: float | None) -> bool:
    return change is not None and error is not None and abs(change) > error
