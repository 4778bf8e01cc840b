"""The scenario: what an author wrote, typed, validated, with its place in the text.

What lives here: frozen data. What may not: reading, checking, solving. Every value that an author can get
wrong carries a :class:`Span`. Mappings keep the order of the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from parley.scenario.estimates import Estimate
from parley.scenario.pictures import Picture
from parley.scenario.places import Expression, Span
from parley.scenario.players import Errors, Player
from parley.scenario.published import Expectation
from parley.scenario.sweeps import SweepRequest

__all__ = [
    "Case",
    "Challenge",
    "Claim",
    "Clock",
    "Comparison",
    "Criterion",
    "Definition",
    "Draw",
    "Ending",
    "Endings",
    "Evidence",
    "Expectation",
    "Expression",
    "Group",
    "Judgement",
    "Move",
    "Nature",
    "Option",
    "Parameter",
    "Passage",
    "Payoff",
    "Picture",
    "Player",
    "Policy",
    "Quantity",
    "Race",
    "Ranking",
    "Repeat",
    "Reveal",
    "Reward",
    "Rule",
    "Scenario",
    "Signal",
    "Simultaneous",
    "Source",
    "Span",
    "StateVariable",
    "Step",
    "Switch",
    "Together",
    "Update",
]


# --- judgements -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judgement:
    """How uncertain a number is.

    ``shape`` and ``numbers``:

    ===============  =======================================================================
    fixed            (value,)
    uniform          (low, high)
    loguniform       (low, high), both positive
    triangular       (low, best, high)
    logtriangular    (low, best, high): triangular in the logarithm
    pert             (low, best, high): Beta with mean (low + 4 best + high) / 6
    normal           (mean, sd)
    lognormal        (median, sigma): sigma is the sd of the logarithm
    beta             (a, b)
    gamma            (shape, scale)
    exponential      (mean,)
    likelihood       (low, high): the published band of ``word`` in ``yardstick``, uniform
    choice           (value, ..., weight, ...): first half values, second half weights
    ===============  =======================================================================

    ``truncate`` is (low, high) with None for an open side; the draw is from the conditional distribution.
    """

    shape: str
    numbers: tuple[float, ...]
    truncate: tuple[float | None, float | None] | None
    word: str | None
    yardstick: str | None
    span: Span
    estimate: Estimate | None = None  # what a rate (gamma) or a proportion (beta) was counted from


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that somebody judged. ``passage`` is the id of the marked passage it comes from."""

    name: str
    judgement: Judgement
    unit: str | None
    text: str | None
    passage: str | None
    claims: tuple[str, ...]
    evidence: tuple[str, ...]
    confidence: str | None
    why: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Together:
    """Parameters that vary together: Spearman rank correlation ``rank`` of each pair (Gaussian copula)."""

    parameters: tuple[str, ...]
    rank: float
    span: Span


@dataclass(frozen=True, slots=True)
class Switch:
    """A choice between rival structures.

    ``options`` are labels (``("on", "off")`` unless declared). ``weights`` is None when the default is
    simply taken; otherwise one probability per option and each draw has its own value.
    """

    name: str
    options: tuple[str, ...]
    default: str
    weights: tuple[float, ...] | None
    text: str | None
    passage: str | None
    claims: tuple[str, ...]
    evidence: tuple[str, ...]
    confidence: str | None
    why: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Definition:
    """A named expression of the author's, usable wherever an expression is."""

    name: str
    expression: Expression
    text: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class StateVariable:
    """A finite state. ``values`` are labels, or the texts of integers when ``numeric``.

    ``seen_by`` is None for everybody.
    """

    name: str
    start: str
    values: tuple[str, ...]
    numeric: bool
    seen_by: tuple[str, ...] | None
    span: Span


# --- story ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Option:
    """One branch of a step. ``chance`` is None for ``rest`` (and always for a player's option).

    ``when`` is the condition under which the option exists. ``number`` is the label's numeric value.
    """

    label: str
    chance: Expression | None
    when: Expression | None
    number: float | None
    span: Span


@dataclass(frozen=True, slots=True)
class Nature:
    """A chance move. ``seen_by`` is None for everybody. A plain list of options is equally likely.

    With ``weight``, chances are proportional to its values; in it, the step's own name stands for the option.
    """

    name: str
    options: tuple[Option, ...]
    equally_likely: bool
    weight: Expression | None
    seen_by: tuple[str, ...] | None
    when: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class Move:
    """A player's choice. The mover always sees it; ``seen_by`` None means everybody, at once."""

    player: str
    name: str
    options: tuple[Option, ...]
    seen_by: tuple[str, ...] | None
    when: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class Simultaneous:
    """Moves that nobody sees before all are made."""

    moves: tuple[Move, ...]
    when: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class Signal:
    """A noisy observation of ``of`` (a variable, state or switch).

    Exactly one of the two forms. ``error``: the signal shows the truth with 1 - error, each other label
    with error / (k - 1); ``chances``: truth label -> one chance per option (None = rest). Options are
    the signal's labels. The step is skipped when ``of`` has not happened.
    """

    name: str
    of: str
    options: tuple[Option, ...]
    error: Expression | None
    chances: Mapping[str, tuple[Expression | None, ...]] | None
    seen_by: tuple[str, ...] | None
    when: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class Clock:
    """One of the competing clocks of a race: exponential with ``rate`` per unit of time."""

    label: str
    rate: Expression
    when: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class Race:
    """Competing exponential clocks: which rings first, and when.

    With ``horizon`` (a length of time) the race may end with nobody first; the variable then takes the
    label ``otherwise``. ``flow`` maps a player to a payoff per unit of time while the race runs.
    """

    name: str
    clocks: tuple[Clock, ...]
    horizon: Expression | None
    otherwise: str | None
    flow: Mapping[str, Expression]
    seen_by: tuple[str, ...] | None
    when: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class Repeat:
    """Rounds: ``story`` up to ``times`` times, stopping after a round in which ``until`` holds.

    ``discount`` (player -> expression) is given when there is no last round; ``times`` is then 0.
    """

    times: int
    counter: str | None
    until: Expression | None
    story: tuple[Step, ...]
    when: Expression | None
    span: Span
    discount: Mapping[str, Expression] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Steps under one condition."""

    story: tuple[Step, ...]
    when: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class Update:
    """New value of a state: a label, an expression (numeric states), or random ``options``."""

    state: str
    value: Expression | str | None
    options: tuple[Option, ...]
    when: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class Reward:
    """Payoffs collected on the way."""

    payoffs: Mapping[str, Expression]
    when: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class Reveal:
    """Variables whose current value is shown to players at this point."""

    variables: tuple[str, ...]
    seen_by: tuple[str, ...] | None
    when: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class Ending:
    """One outcome; ``when`` None means otherwise (always)."""

    outcome: str
    when: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class Endings:
    """Outcomes tried top to bottom: the first that holds ends the story; if none holds it goes on."""

    endings: tuple[Ending, ...]
    when: Expression | None
    span: Span


Step: TypeAlias = (
    Nature | Move | Simultaneous | Signal | Race | Repeat | Group | Update | Reward | Reveal | Endings
)


# --- wishes ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ranking:
    """Endings from best to worst; each tier is a tuple of equals.

    ``gaps[i]`` is True when the step from tier i down to tier i + 1 is marked ``much worse``. Utilities
    run from 1 to 0 and are drawn uniformly over all that agree; the marked gaps together make at least
    half of the range. ``tiers[i]`` gets the utility parameter ``<player>: <first outcome of the tier>``.
    """

    tiers: tuple[tuple[str, ...], ...]
    gaps: tuple[bool, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Payoff:
    """A player's payoff: by outcome, plus ``add`` in every ending; or a ranking (plus ``add``).

    ``by_outcome`` lists every outcome the author gave; missing ones are diagnosed unless ``whatever``
    (an expression under the key ``otherwise``) is there.
    """

    player: str
    by_outcome: Mapping[str, Expression]
    otherwise: Expression | None
    ranking: Ranking | None
    add: tuple[Expression, ...]
    span: Span


# --- what is asked --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """Part of a policy: at ``move`` (when ``when`` holds) play ``mix``: option label -> probability."""

    move: str
    mix: Mapping[str, float]
    when: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class Policy:
    """A partial rule for the focal player. No rules means free. ``intended``: the others don't know it."""

    name: str
    rules: tuple[Rule, ...]
    intended: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Criterion:
    """What the policies are compared by; ``higher`` is False when less is better."""

    expression: Expression
    higher: bool
    text: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which policies of which player are compared; the first policy is the baseline."""

    player: str
    policies: Mapping[str, Policy]
    recommend: str
    by: tuple[Criterion, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Quantity:
    """A named quantity to report."""

    name: str
    expression: Expression
    text: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of the argument: exactly one of assumed, derived, unmodelled.

    ``assumes`` names parameters, switches, steps or players that carry it; ``derives`` is a condition on
    quantities; ``unmodelled`` is the reason why not. ``structure`` (text) says, for an assumed claim, how
    the story itself carries it when no number does.
    """

    name: str
    text: str
    assumes: tuple[str, ...]
    structure: str | None
    derives: Expression | None
    unmodelled: str | None
    passage: str | None
    evidence: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Case:
    """A piece of history: what was given, what happened, where it is recorded.

    One of three kinds. With neither ``forecast`` nor ``clock``, ``happened`` is an event of the story, told
    under ``given``. ``forecast`` is a chance, and ``clock`` a rate, over parameters; then ``happened`` is
    None and ``occurred`` says whether it came about: within ``after`` units of time for a clock. ``instead``
    are events that could have happened in place of ``happened``. ``used_for`` are parameters that were
    set with this very case in view, as the author says.
    """

    name: str
    text: str | None
    given: Mapping[str, str | float]
    happened: Expression | None
    occurred: bool
    instead: tuple[Expression, ...]
    forecast: Expression | None
    clock: Expression | None
    after: float | None
    date: str | None
    source: str | None
    evidence: tuple[str, ...]
    used_for: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Draw:
    """A judgement or a switch value put in another's place (``set:`` of a challenge, ``--set``).

    Exactly one is not None: ``judgement`` (parameter), ``expression`` (parameter := expression over other
    parameters), ``option`` (switch).
    """

    judgement: Judgement | None
    expression: Expression | None
    option: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Challenge:
    """An objection that computes: the same scenario with some things set otherwise."""

    name: str
    text: str
    set: Mapping[str, Draw]
    against: str | None
    why: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Source:
    """Where something is recorded."""

    name: str
    text: str
    url: str | None
    licence: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known, from which source, with what confidence (A counted, B read off, C judged)."""

    name: str
    text: str
    source: str | None
    data: str | None
    confidence: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Passage:
    """A marked passage ``[words]{#name}`` of the article."""

    name: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole scenario. Mappings are read-only and keep the order of the text."""

    title: str
    question: str | None
    about: Mapping[str, str]  # author, date, citation, licence ... as the front matter has them
    article: str  # the Markdown without front matter and model fences
    passages: Mapping[str, Passage]
    players: Mapping[str, Player]
    precision: Expression | None
    parameters: Mapping[str, Parameter]
    together: tuple[Together, ...]
    switches: Mapping[str, Switch]
    definitions: Mapping[str, Definition]
    states: Mapping[str, StateVariable]
    story: tuple[Step, ...]
    outcomes: tuple[str, ...]
    payoffs: Mapping[str, Payoff]
    comparison: Comparison | None
    quantities: Mapping[str, Quantity]
    claims: Mapping[str, Claim]
    cases: Mapping[str, Case]
    challenges: Mapping[str, Challenge]
    sources: Mapping[str, Source]
    evidence: Mapping[str, Evidence]
    expected: tuple[Expectation, ...]
    path: str  # where it was read from, or "<text>"
    text: str  # the whole source text
    digest: str  # sha256 of text, data and overrides, hexadecimal
    overrides: Mapping[str, Draw] = field(default_factory=dict)
    override_texts: Mapping[str, str] = field(default_factory=dict)  # the same, as they were written
    data: Mapping[str, str] = field(default_factory=dict)  # files that were counted, and their texts
    errors: tuple[Errors, ...] = ()  # of everybody who has none of their own
    sweeps: tuple[SweepRequest, ...] = ()
    pictures: tuple[Picture, ...] = ()

    def __repr__(self) -> str:
        """Return one line; the fields hold the whole text."""
        return f"<Scenario {self.title!r}: {len(self.players)} players, {len(self.parameters)} parameters>"
