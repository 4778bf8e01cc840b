"""The article as a package: what a version of it says before anything is solved.

What lives here: frozen data with its JSON form. What may not: reading a scenario
(:mod:`parley.site.model.reading`), numbers that take solving (:mod:`parley.site.model.effect`), NumPy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from parley.site.model.record import Record

__all__ = [
    "KINDS",
    "Assumption",
    "Block",
    "Card",
    "Claim",
    "Criterion",
    "DataFile",
    "DeclaredChallenge",
    "Edition",
    "Passage",
    "Picture",
    "Player",
    "Policy",
    "Put",
    "SourceNote",
]

# How a lit passage hangs in the model; its link in the text has the class ``claim-KIND``.
KINDS = ("fact", "assumption", "derived", "advice", "unmodelled")


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch of the body, in reading order.

    ``kind`` is ``prose`` (paragraphs, lists, quotations), ``heading`` or ``picture``. ``html`` is safe
    as it stands and empty for a picture, which is ``Edition.pictures[picture]``. ``anchor`` is the id of
    a heading. ``passages`` are the lit passages within, in order: cards stand beside the block.
    """

    kind: str
    html: str
    passages: tuple[str, ...] = ()
    anchor: str | None = None
    picture: int | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the article: plain texts, to be escaped by who shows them.

    ``file`` lies beside the scenario and is a plain name. ``after`` is the passage behind whose block
    the picture stands, None for the top. ``digest`` is the sha256 of the file as the author gave it.
    """

    file: str
    alt: str
    caption: str
    credit: str
    after: str | None
    media: str  # image/png, image/jpeg, image/webp
    width: int  # pixels
    height: int
    size: int  # bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A lit passage of the text.

    ``kind`` is one of :data:`KINDS`. ``number`` counts from 1 in reading order. ``exact``, ``prefix``
    and ``suffix`` find it in the plain text of the body (Web Annotation, TextQuoteSelector): once and no
    more.
    """

    name: str
    number: int
    kind: str
    exact: str
    prefix: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of the argument.

    ``kind`` is ``assumed``, ``derived`` (``expression`` says from what) or ``unmodelled`` (``reason``
    says why not). ``structure`` says how the story carries an assumed one. ``assumptions`` carry it.
    """

    name: str
    text: str
    kind: str
    passage: str | None
    assumptions: tuple[str, ...]
    expression: str | None
    structure: str | None
    reason: str | None
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceNote:
    """A piece of evidence in words, with the source behind it."""

    text: str
    source: str | None
    url: str | None
    data: str | None  # a file of Edition.files
    confidence: str | None


@dataclass(frozen=True, slots=True)
class Assumption:
    """A number or a choice between structures that the author judged, and within what a reader may change it.

    ``kind`` is ``parameter`` or ``switch``. ``key`` is its name in addresses and forms. ``question`` is
    the author's words for it. ``form`` says how its values are written: ``chance`` and ``share`` lie
    between 0 and 1 and may be given in percent, ``number`` has a ``unit`` or none, ``option`` is one of
    ``options``.

    Of a parameter: ``low``, ``middle``, ``high`` are the 5, 50 and 95 % quantiles of the author's
    judgement, ``judgement`` is that in words, ``half`` half the distance from low to high (0 where the
    author states one value), ``least`` and ``most`` what a reader may set, ``step`` that of its slider.
    ``point``: the author is certain. Of a switch: ``options``, the author's ``default`` and ``weights``,
    empty where the default is simply taken.
    """

    name: str
    key: str
    kind: str
    form: str
    question: str
    unit: str | None
    judgement: str
    low: float | None
    middle: float | None
    high: float | None
    half: float | None
    least: float | None
    most: float | None
    step: float | None
    point: bool
    options: tuple[str, ...]
    default: str | None
    weights: tuple[float, ...]
    why: str | None
    confidence: str | None
    evidence: tuple[SourceNote, ...]
    passage: str | None
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What hangs on one passage: names of claims, assumptions and declared challenges.

    ``assumptions`` are shown here in full; ``also`` carry a claim of this passage and have their card
    elsewhere, on ``Assumption.passage``.
    """

    passage: str
    claims: tuple[str, ...]
    assumptions: tuple[str, ...]
    also: tuple[str, ...]
    challenges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy that is compared.

    ``competes``: it can be advised (a free one is a forecast). ``rules`` in words.
    """

    name: str
    rules: tuple[str, ...]
    competes: bool


@dataclass(frozen=True, slots=True)
class Criterion:
    """What the policies are compared by."""

    text: str
    expression: str
    higher: bool


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody in the story."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Put:
    """What is set otherwise, in words.

    ``before`` and ``after`` are the middles of both; None for a switch, or where an expression stands.
    """

    name: str
    question: str
    author: str
    reader: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class DeclaredChallenge:
    """An objection that the scenario itself states."""

    name: str
    text: str
    why: str | None
    passage: str | None
    claim: str | None
    set: tuple[Put, ...]


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file beside the scenario that readers may take: data that evidence rests on."""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Edition(Record):
    """A version of an article, as it reads before anything is solved.

    ``digest`` is the sha256 of the scenario's text and of every file that it names; ``model`` that of
    what is solved (:attr:`parley.scenario.Scenario.digest`). Texts are plain and must be escaped by who
    shows them; only the ``html`` of blocks is markup. ``other`` names the assumptions that hang on no
    passage. ``sanitiser`` is the version of the rules that ``html`` went through.
    """

    MARK: ClassVar[str] = "parley_edition"

    title: str
    question: str | None
    date: str | None
    byline: str | None
    citation: str | None
    source: str | None
    licence: str | None
    summary: str | None
    disclaimer: str | None
    field: str | None
    language: str
    digest: str
    model: str
    sanitiser: int
    words: int
    minutes: int
    blocks: tuple[Block, ...]
    pictures: tuple[Picture, ...]
    passages: tuple[Passage, ...]
    cards: tuple[Card, ...]
    claims: tuple[Claim, ...]
    assumptions: tuple[Assumption, ...]
    other: tuple[str, ...]
    players: tuple[Player, ...]
    player: str | None
    policies: tuple[Policy, ...]
    baseline: str | None
    recommended: str | None
    criteria: tuple[Criterion, ...]
    challenges: tuple[DeclaredChallenge, ...]
    files: tuple[DataFile, ...]

    def assumption(self, name: str) -> Assumption:
        """Return the assumption of this name or key; raises KeyError."""
        for each in self.assumptions:
            if name in (each.name, each.key):
                return each
        raise KeyError(name)

    def passage(self, name: str) -> Passage:
        """Return the passage of this name; raises KeyError."""
        for each in self.passages:
            if each.name == name:
                return each
        raise KeyError(name)

    def card(self, passage: str) -> Card:
        """Return the card of a passage; raises KeyError."""
        for each in self.cards:
            if each.passage == passage:
                return each
        raise KeyError(passage)
