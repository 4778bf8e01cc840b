"""What the page of an article takes: the argument in one column, its numbers in the other.

What lives here: the records of the article's template. What may not: how they are made
(:mod:`parley.site.render.compose`), anything personal: the page is one for all readers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from parley.site.render.safe import NOTHING, Safe
from parley.site.render.views import ChallengeView, Change, CommentView, Link

__all__ = [
    "Answer",
    "ArticlePage",
    "Block",
    "Card",
    "Control",
    "Figure",
    "FlipRow",
    "Option",
    "Picture",
    "PolicyRow",
    "Setting",
    "Strip",
    "VersionLine",
]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the article: its caption says who, what, where, when; its credit who made it.

    ``position`` says where it stands, for the list at the foot of the article: "Top", "After claim 5".
    """

    src: str
    alt: str
    caption: str
    credit: str
    width: int
    height: int
    position: str


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the article: sanitised prose, or a picture."""

    html: Safe = NOTHING
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Strip:
    """How the advice depends on one assumption: a small picture, the same in words, where the numbers are.

    ``sweep`` is the address of the packed sweep that the page's script reads, or empty.
    """

    svg: Safe
    sentence: str
    sweep: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a switch."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Control:
    """An assumption that a reader may move.

    Attributes
    ----------
    name
        In the scenario; the form's fields are ``v.<name>``.
    question
        In plain words.
    unit
        Of the number, or empty.
    form
        How values are written: ``chance``, ``share``, ``number``, ``option``.
    value, author
        What the field holds now, and the author's own: a number, or the name of an option.
    low, high, step
        What a reader may set; the step of the buttons.
    value_words, author_words
        Both in readers' words: "11%, 1 in 9".
    judged
        The author's judgement in words: ".40 (.25 to .60)".
    why, evidence, source, confidence
        What the author says of it; empty where nothing is said.
    options
        Of a switch; empty for a number.
    changed
        Whether the reader's value is another than the author's.
    reset_href
        The same page without this change.
    flips_words
        "flips at .22", "does not flip in the allowed range", or empty while nothing is solved.
    readers_words
        "9 readers moved this: .15 to .50 in the middle half", or empty.
    """

    name: str
    question: str
    unit: str
    form: str
    value: str
    author: str
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    value_words: str = ""
    author_words: str = ""
    judged: str = ""
    why: str = ""
    evidence: str = ""
    source: str = ""
    confidence: str = ""
    options: tuple[Option, ...] = ()
    changed: bool = False
    reset_href: str = ""
    strip: Strip | None = None
    flips_words: str = ""
    readers_words: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A claim and what hangs on it.

    ``key`` is the passage's name (anchors ``p-<key>`` in the text and ``claim-<key>`` on the card),
    ``number`` the one beside it; ``kind`` is ``fact``, ``assumption`` or ``advice``; ``words`` the passage
    as the article has it; ``text`` the claim as the model states it; ``verdict`` what the solution says of
    it, ``unmodelled`` why it has no numbers. A card without a number holds assumptions that hang on no
    passage.
    """

    key: str
    number: int | None
    kind: str
    words: str
    text: str
    controls: tuple[Control, ...]
    verdict: str = ""
    unmodelled: str = ""
    challenge_href: str = ""


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy in the table behind the lead picture; all values are formatted."""

    letter: str
    name: str
    advised: bool
    best: str
    median: str
    middle: str


@dataclass(frozen=True, slots=True)
class Runs:
    """A hundred runs, in each of which all policies meet the same numbers.

    ``words`` count them, or say why there are none to be shown (``shown`` is false): an estimate knows no
    single run. ``legend`` says what a column of the picture is, ``few`` that there are fewer than a hundred.
    """

    picture: Safe
    words: str
    legend: str
    shown: bool
    few: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The advice, how sure, by which yardstick.

    Attributes
    ----------
    letter, policy
        Of the policy that does best: the advice.
    author_letter, author_policy
        Of what the author recommends, where the numbers are the author's or a reader's.
    word
        How sure in one word of the report: robust, leans, open, fails.
    sentence
        "Ends better than A in 63 of 100 runs, worse in 29, the same in 8."
    doubt
        The same by the other criteria, or empty.
    status
        ``author``, ``solved``, ``estimate``, ``queued``, ``unknown``, ``failed``.
    picture
        One row of dots for each policy, on one axis.
    curve
        The same as cumulative curves.
    runs
        A hundred runs one by one; None where one policy stands alone.
    rows
        The table behind it.
    yardstick
        What is measured: "net worth to Washington, in ordinary strikes".
    brief
        How sure in a few words, for the bar at the foot of a phone: "C beats A in 63 of 100 runs".
    author_sentence, author_brief
        The same of the author's case, for the way back to it.
    data
        What the script needs to draw the picture again: names, letters, the author's dots.
    proof
        How many readings were solved, how well: a sentence.
    """

    letter: str
    policy: str
    author_letter: str
    author_policy: str
    word: str
    sentence: str
    doubt: str
    status: str
    picture: Safe
    rows: tuple[PolicyRow, ...]
    yardstick: str
    brief: str = ""
    author_sentence: str = ""
    author_brief: str = ""
    data: str = ""
    proof: str = ""
    curve: Safe = NOTHING
    runs: Runs | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """The reader's numbers that the page shows: none is the author's case.

    ``status`` is that of the answer: ``author``, ``solved``, ``estimate``, ``queued``, ``unknown`` (nobody
    has asked yet), ``failed``. ``canonical`` is the text behind ``?s=``; ``message`` says what became of it
    in a sentence ("The advice flips: C to A"), ``problem`` why it was refused.
    """

    canonical: str = ""
    changes: tuple[Change, ...] = ()
    chip: str = ""
    message: str = ""
    problem: str = ""
    status: str = "author"


@dataclass(frozen=True, slots=True)
class FlipRow:
    """A line of "What would change the advice"; values are formatted.

    ``room`` is the distance to the flip in units of the author's half-range, None where there is none;
    ``bar`` is that as a small picture.
    """

    number: int | None
    href: str
    question: str
    author: str
    flips: str
    room: float | None
    bar: Safe = NOTHING
    readers: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of the findings, the sentence below it, and the table behind it."""

    name: str
    svg: Safe
    caption: str
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of the article and what changed; ``correction`` where it put an error right."""

    number: str
    href: str
    published: date
    note: str
    correction: bool = False


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """The page of an article, the same for every reader.

    Attributes
    ----------
    slug, href, canonical
        Its name, its path, and its whole address where the site knows its own.
    title, question, summary, published, byline, minutes
        Its head; ``byline`` may be empty, ``published`` None.
    version, versions
        The number shown, and all of them, newest first.
    blocks, pictures
        The argument in reading order, and its pictures.
    cards
        Claims in reading order, then what hangs on none.
    answer
        The advice; None while the numbers are being computed.
    setting
        The reader's numbers.
    flips, moved, figures, unfinished
        What would change the advice, whether readers' values stand in it; pictures of the findings; whether
        all this is still being computed.
    challenges, challenge_orders, comments, comment_orders
        The debate, and links to its other orders (the one in use has no address).
    flipping
        How many challenges flip the advice.
    comment_count, removed_today
        How many comments are shown; how many were removed today.
    open
        Whether comments are taken.
    policy_line, disclaimer
        What is welcome, in a line; that comments are their writers' views.
    citation, source, licence
        Where the argument comes from (``source`` is an ``http(s)`` address or empty), how it may be used.
    downloads, feeds
        The model, the data; feeds of this article.
    solve_href, challenge_href, comment_href
        Where the forms go.
    count_href
        Where the page asks how many ``comments`` and ``challenges`` there are by now (JSON), or empty.
    """

    slug: str
    href: str
    title: str
    question: str
    blocks: tuple[Block, ...]
    cards: tuple[Card, ...]
    canonical: str = ""
    summary: str = ""
    published: date | None = None
    byline: str = ""
    minutes: int = 1
    version: str = ""
    versions: tuple[VersionLine, ...] = ()
    pictures: tuple[Picture, ...] = ()
    policies: int = 0
    answer: Answer | None = None
    setting: Setting = Setting()
    flips: tuple[FlipRow, ...] = ()
    moved: bool = False
    figures: tuple[Figure, ...] = ()
    unfinished: bool = False
    challenges: tuple[ChallengeView, ...] = ()
    challenge_orders: tuple[Link, ...] = ()
    flipping: int = 0
    comments: tuple[CommentView, ...] = ()
    comment_orders: tuple[Link, ...] = ()
    comment_count: int = 0
    removed_today: int = 0
    open: bool = True
    policy_line: str = ""
    disclaimer: str = ""
    citation: str = ""
    source: str = ""
    licence: str = ""
    downloads: tuple[Link, ...] = ()
    feeds: tuple[Link, ...] = ()
    solve_href: str = ""
    challenge_href: str = ""
    comment_href: str = ""
    count_href: str = ""

    @property
    def corrections(self) -> int:
        """How many versions put an error right."""
        return sum(each.correction for each in self.versions)

    @property
    def claims(self) -> int:
        """How many claims the article makes."""
        return sum(card.number is not None for card in self.cards)
