"""What a reader's numbers do to the conclusion.

What lives here: frozen data with its JSON form. What may not: solving (:mod:`parley.site.model.solver`),
sentences, NumPy: the process that serves pages reads these.

Shares lie between 0 and 1; errors are half-widths of 95 % intervals from sampling. A *reading* is one
complete set of values for every uncertain number of the scenario; pages call it a run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from parley.site.model.article import Put
from parley.site.model.record import Record

__all__ = [
    "CHIPS",
    "DRAWS",
    "RUNS",
    "Certificate",
    "ClaimMove",
    "CriterionEffect",
    "Crossing",
    "Effect",
    "Flip",
    "Leverage",
    "Numbers",
    "PolicyEffect",
    "Svg",
    "SweepIndex",
    "Tally",
    "chip",
]

RUNS = 100  # readings whose values are kept one by one
DRAWS = 1024  # readings of the author's own case and of the declared challenges
# The advice turns round; holds less often; holds more often; cannot be told from before; too little is
# certified.
CHIPS = ("flips", "weakens", "strengthens", "no change", "withheld")


def chip(before: float | None, after: float | None, change: float | None, error: float | None) -> str:
    """Say in a word what happened to the advice.

    Parameters
    ----------
    before, after
        How often the recommended policy does better than whom it is held against.
    change, error
        The paired difference and the half-width of its 95 % interval.

    Returns
    -------
    str
        ``flips`` when the share crosses one half and has moved by more than the error, ``weakens`` or
        ``strengthens`` when it moves without that, ``no change`` otherwise; ``withheld`` where a share
        is not known.

    Examples
    --------
    >>> chip(0.63, 0.45, -0.18, 0.02), chip(0.63, 0.55, -0.08, 0.02), chip(0.51, 0.49, -0.02, 0.03)
    ('flips', 'weakens', 'no change')
    """
    if before is None or after is None or change is None:
        return "withheld"
    if error is None or abs(change) <= error:
        return "no change"
    if (before - 0.5) * (after - 0.5) < 0:
        return "flips"
    return "strengthens" if change > 0 else "weakens"


@dataclass(frozen=True, slots=True)
class PolicyEffect:
    """One policy by one criterion.

    ``dots`` are 50 equally likely values, ascending: one for each dot of a quantile dot plot; empty
    where no reading has a value. ``best`` is the share of readings in which no other candidate does
    better, None for what does not compete.

    ``runs`` are the values in up to 100 readings, of all policies in the same ones and in the same order:
    those in which every policy has an answer, all of them where there are fewer. They are split between
    better, the same and worse as all readings are (:mod:`parley.site.model.runs`), and rounded to four
    significant digits where that keeps greater and less. Empty for an estimate, which knows no single
    reading, and in records from before there were any.
    """

    policy: str
    dots: tuple[float, ...]
    mean: float | None
    low: float | None  # 5 %
    middle: float | None
    high: float | None  # 95 %
    best: float | None
    runs: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """The recommended policy beside one other, in the same readings.

    It ends ``better`` in one share of the readings with an answer, ``worse`` in another, the ``same`` in
    the rest; ``error`` is that of ``better + same / 2``, and ``word`` the word for it. ``gain`` is the
    mean by which it does better, ``gains`` are 50 quantiles of that; empty without an answer.
    """

    rival: str
    better: float | None
    worse: float | None
    same: float | None
    error: float | None
    word: str
    gain: float | None
    gain_error: float | None
    gains: tuple[float, ...]
    undefined: int  # readings without an answer


@dataclass(frozen=True, slots=True)
class CriterionEffect:
    """What one criterion says of the recommended policy.

    ``against`` are whom it is held against: the baseline, or every rival where it is itself the
    baseline. ``share`` is how often it does better (ties count half), ``word`` the word for that:
    robust, leans, open, fails. ``strongest`` is the candidate that is most often the best among the
    others. ``advice`` is the policy that these readings speak for: the recommended one while ``share``
    is at least one half, else the candidate that is most often the best of the others. ``best_by_mean``
    has the best mean.

    Against the author's own numbers, in the same readings: ``chip`` is one of :data:`CHIPS`; ``before``
    and ``before_word`` are the author's share and word, ``change`` how far the share moves, with its own
    ``change_error``, ``gain_change`` and ``gain_change_error`` the same of the mean margin. None where
    nothing was changed.
    """

    criterion: str
    expression: str
    higher: bool
    against: tuple[str, ...]
    share: float | None
    error: float | None
    word: str
    policies: tuple[PolicyEffect, ...]
    tallies: tuple[Tally, ...]
    strongest: str
    advice: str
    best_by_mean: str
    chip: str
    before: float | None
    before_word: str | None
    before_advice: str | None
    change: float | None
    change_error: float | None
    gain_change: float | None
    gain_change_error: float | None

    def tally(self, rival: str) -> Tally:
        """Return the tally against one other policy; raises KeyError."""
        for each in self.tallies:
            if each.rival == rival:
                return each
        raise KeyError(rival)


@dataclass(frozen=True, slots=True)
class ClaimMove:
    """A derived claim whose word is another one: shares of readings in which it holds."""

    name: str
    text: str
    before: str
    after: str
    before_share: float | None
    after_share: float | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """The proof beside the numbers.

    ``uncertified`` counts readings without an answer; ``regret`` is in stakes.
    """

    games: int
    solved: int
    draws: int
    uncertified: int
    sufficient: bool
    residual: float | None
    regret: float | None


@dataclass(frozen=True, slots=True)
class Effect(Record):
    """The conclusion under a setting, beside the author's.

    ``model`` is the digest of what was solved (``Edition.model``). ``setting`` is its canonical text,
    empty for the author's case; ``challenge`` names a declared challenge where that was solved. ``chip``
    and ``leading`` (the index of the criterion that decides it) sum up the criteria: the first that
    flips, else the first that moves. ``claims`` are the derived claims whose word changes; ``words`` has
    the word of every derived claim.
    """

    MARK: ClassVar[str] = "parley_effect"

    model: str
    setting: str
    challenge: str | None
    put: tuple[Put, ...]
    recommended: str
    verdict: str
    before_verdict: str | None
    advice: str
    chip: str
    leading: int
    criteria: tuple[CriterionEffect, ...]
    claims: tuple[ClaimMove, ...]
    words: Mapping[str, str]
    certificate: Certificate
    engine: str  # version of Parley
    seed: int
    draws: int
    milliseconds: int  # processor time of the solve


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where the answer to the first criterion crosses one half as an assumption moves.

    ``fails`` says on which side the recommendation does worse: ``above`` or ``below``. ``low`` and
    ``high`` bound the value (95 %, sampling error) where the findings looked for it more closely; None
    elsewhere.
    """

    value: float
    fails: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Flip:
    """A switch, or an option of it, that turns the answer round: ``share`` is the one under the option."""

    option: str
    share: float | None


@dataclass(frozen=True, slots=True)
class Leverage:
    """How far an assumption is from turning the advice round.

    ``crossing`` is the flip value nearest to the author's middle, None where the allowed range holds
    none; ``room`` is the distance to it in units of the author's half-range (None where the author
    states a single value or there is no flip). ``options`` are those of a switch that flip. ``swing`` is
    the largest change of the share over what was swept; ``rank`` counts from 1 in the order of least
    room, then largest swing; ``weight`` is 3, 2 or 1: how heavily its passages are underlined.
    """

    assumption: str
    crossing: Crossing | None
    crossings: tuple[Crossing, ...]
    room: float | None
    options: tuple[Flip, ...]
    swing: float
    rank: int
    weight: int


@dataclass(frozen=True, slots=True)
class SweepIndex:
    """Where the packed sweep of an assumption lies; the layout is told in :mod:`parley.site.model.strip`."""

    assumption: str
    points: int
    size: int  # bytes
    digest: str  # sha256 of the bytes
    data: str  # base64 of the bytes


@dataclass(frozen=True, slots=True)
class Svg:
    """A picture of the report, drawn.

    ``name`` is one such as ``answer-1``; ``head`` and ``rows`` are the table of its numbers.
    """

    name: str
    svg: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Numbers(Record):
    """All that is solved once for a version of an article.

    ``effect`` is the author's own case; ``findings`` the JSON of :class:`parley.findings.Findings` (a
    text, to be handed out as it is); ``challenges`` the effect of every declared challenge by name. As long
    as only the author's own case is solved, everything else is empty.
    """

    MARK: ClassVar[str] = "parley_numbers"

    model: str
    effect: Effect
    findings: str
    challenges: Mapping[str, Effect]
    leverage: tuple[Leverage, ...]
    sweeps: tuple[SweepIndex, ...]
    pictures: tuple[Svg, ...]
    engine: str
    seconds: float  # processor time

    @classmethod
    def of(cls, effect: Effect) -> Self:
        """Return the numbers of a version of which the author's own case alone is solved."""
        return cls(effect.model, effect, "", {}, (), (), (), effect.engine, effect.milliseconds / 1000)

    @property
    def finished(self) -> bool:
        """Whether everything is solved."""
        return bool(self.findings)
