"""A made-up article with every kind of thing that a page can show, for tests and for looking at."""

from __future__ import annotations

import math
import random
import struct
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from parley.site.model import article as model
from parley.site.model.effect import (
    Certificate,
    CriterionEffect,
    Crossing,
    Effect,
    Flip,
    Leverage,
    Numbers,
    PolicyEffect,
    Svg,
    SweepIndex,
    Tally,
)
from parley.site.render.article import VersionLine
from parley.site.render.compose import Around
from parley.site.render.marks import dumbbell
from parley.site.render.safe import sanitised
from parley.site.render.views import Author, ChallengeView, Change, CommentView, Link, Mark, Quote

__all__ = ["around", "challenge", "comment", "edition", "effect", "numbers", "sweep"]

POLICIES = ("status quo", "full pause", "short list")
START = datetime(2013, 10, 22, 9, 30, tzinfo=UTC)
PROSE = (
    "Islamabad is about to open another round of talks, while much else in the country is going badly. "
    "Tomorrow the prime minister sees the president. What should he be told?"
)


def assumption(
    name: str, question: str, passage: str | None, middle: float | None, half: float | None, **more: object
) -> model.Assumption:
    made = model.Assumption(
        name=name,
        key=name.replace(" ", "_"),
        kind="parameter",
        form="chance",
        question=question,
        unit=None,
        judgement=f"{middle:g}, give or take {half:g}" if middle is not None else "off",
        low=middle - half if middle is not None and half is not None else None,
        middle=middle,
        high=middle + half if middle is not None and half is not None else None,
        half=half,
        least=0.0,
        most=1.0,
        step=0.01,
        point=False,
        options=(),
        default=None,
        weights=(),
        why="two of the twelve strikes of 2013 ended a round",
        confidence="C",
        evidence=(
            model.SourceNote("12 strikes from May to November 2013", "Bureau of counts", None, None, "B"),
        ),
        passage=passage,
        claims=(),
    )
    return replace(made, **more)  # type: ignore[arg-type]


ASSUMPTIONS = (
    assumption("q other", "chance that an ordinary strike wrecks the round", "strike", 0.17, 0.1),
    assumption("commit", "chance that the promise binds the services", "list", 0.65, 0.2),
    assumption(
        "cost",
        "loss from a tainted failure, against a clean one",
        "manner",
        12.0,
        8.0,
        form="number",
        unit="ordinary strikes",
        least=0.0,
        most=60.0,
        step=1.0,
    ),
    assumption(
        "non cooperation",
        "Islamabad refuses cooperation whatever happens",
        "manner",
        None,
        None,
        kind="switch",
        form="option",
        options=("off", "on"),
        default="off",
        least=None,
        most=None,
        step=None,
    ),
    assumption("lambda", "how closely players follow their interest", None, 0.4, 0.2),
)
PASSAGES = (
    ("talks", "fact", "Islamabad is about to open another round of talks"),
    ("strike", "assumption", "Let an American strike end the talks"),
    ("manner", "derived", "What it does will shape how they fail"),
    ("list", "advice", "hits only leaders from a list agreed by both"),
    ("kind", "unmodelled", "This group is of another kind"),
)


def edition(title: str = "Let the talks fail, but not by our hand", **more: object) -> model.Edition:
    """An edition; ``more`` replaces fields."""
    passages = tuple(
        model.Passage(name, number, kind, words, "", "")
        for number, (name, kind, words) in enumerate(PASSAGES, 1)
    )
    claims = tuple(
        model.Claim(
            f"C{each.number}",
            f"Claim {each.number} in the words of the model",
            "unmodelled" if each.kind == "unmodelled" else "assumed",
            each.name,
            (),
            None,
            None,
            "with one group in the story nothing can differ" if each.kind == "unmodelled" else None,
            (),
        )
        for each in passages
    )
    made = model.Edition(
        title=title,
        question="Which posture makes it likeliest that failing talks unite the country? At what price?",
        date="2013-10-22",
        byline=None,
        citation="Our paraphrase of an opinion column",
        source="https://example.org/column",
        licence="Text and model Apache-2.0",
        summary="A newspaper column as a game.",
        disclaimer="The views are the column's, not this site's.",
        field="arguments",
        language="en",
        digest="d" * 64,
        model="m" * 64,
        sanitiser=1,
        words=900,
        minutes=5,
        blocks=_blocks(passages),
        pictures=(
            model.Picture(
                "strikes.png",
                "Bars: strikes by month",
                "Strikes by month, 2004 to 2014",
                "PARLEY/own drawing",
                None,
                "image/png",
                1200,
                640,
                50000,
                "p" * 64,
            ),
            model.Picture(
                "polls.png",
                "A line that falls",
                "Support for force in polls, 2009 to 2013",
                "PARLEY/own drawing",
                "strike",
                "image/png",
                1200,
                640,
                50000,
                "q" * 64,
            ),
        ),
        passages=passages,
        cards=tuple(
            model.Card(
                each.name,
                (f"C{each.number}",),
                tuple(one.name for one in ASSUMPTIONS if one.passage == each.name),
                (),
                (),
            )
            for each in passages
        ),
        claims=claims,
        assumptions=ASSUMPTIONS,
        other=("lambda",),
        players=(model.Player("us", "United States"),),
        player="us",
        policies=tuple(model.Policy(name, (), True) for name in POLICIES),
        baseline="status quo",
        recommended="short list",
        criteria=(model.Criterion("net worth to Washington, in ordinary strikes", "payoff(us)", True),),
        challenges=(),
        files=(),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def _blocks(passages: tuple[model.Passage, ...]) -> tuple[model.Block, ...]:
    made = [model.Block("picture", "", picture=0)]
    for each in passages:
        link = (
            f'<a class="claim claim-{each.kind}" id="p-{each.name}" href="#claim-{each.name}">{each.exact}'
            f"<sup>{each.number}</sup></a>"
        )
        made.append(model.Block("prose", f"<p>{PROSE} {link}.</p>", (each.name,)))
        if each.name == "strike":
            made.append(model.Block("picture", "", picture=1))
            made.append(
                model.Block("heading", '<h2 id="failure">Failure is nearly certain</h2>', anchor="failure")
            )
    return tuple(made)


def dots(middle: float, spread: float) -> tuple[float, ...]:
    """Fifty equally likely values of a bell."""
    levels = [(each + 0.5) / 50 for each in range(50)]
    return tuple(middle + spread * math.log(each / (1 - each)) for each in levels)


def runs(better: float, worse: float) -> tuple[tuple[float, ...], ...]:
    """A hundred runs: the short list ends better than the status quo in so many of them, worse in so many."""
    found = []
    for each in range(100):
        base, other = ((each * 37 % 100) + 0.5) / 100, ((each * 61 % 100) + 0.5) / 100
        rank = (each * 29 % 100) / 100
        gain = 0.5 + 6 * rank if rank < better else -0.5 - 4 * (1 - rank) if rank >= 1 - worse else 0.0
        ours = -14.0 + 3.5 * math.log(base / (1 - base))
        values = (ours, -13.0 + 3.5 * math.log(other / (1 - other)), ours + gain)
        found.append([float(f"{value:.4g}") for value in values])
    return tuple(zip(*found, strict=True))


def effect(
    setting: str = "", *, better: float = 0.63, worse: float = 0.29, chip: str = "no change"
) -> Effect:
    """What was solved: the short list against the rest."""
    middles = (-14.0, -13.0, -11.0 if better > worse else -15.0)
    policies = tuple(
        PolicyEffect(name, dots(middle, 3.5), middle, middle - 10, middle, middle + 10, share, own)
        for name, middle, share, own in zip(
            POLICIES, middles, (0.2, 0.25, 0.55), runs(better, worse), strict=True
        )
    )
    tallies = tuple(
        Tally(rival, better, worse, 1 - better - worse, 0.03, "leans", 1.0, 0.3, dots(1.0, 2.0), 0)
        for rival in POLICIES[:2]
    )
    first = CriterionEffect(
        criterion="net worth to Washington, in ordinary strikes",
        expression="payoff(us)",
        higher=True,
        against=("status quo",),
        share=better + (1 - better - worse) / 2,
        error=0.03,
        word="leans",
        policies=policies,
        tallies=tallies,
        strongest="full pause",
        advice="short list" if better > worse else "status quo",
        best_by_mean="short list",
        chip=chip,
        before=0.67,
        before_word="leans",
        before_advice="short list",
        change=0.0,
        change_error=0.02,
        gain_change=0.0,
        gain_change_error=0.1,
    )
    return Effect(
        model="m" * 64,
        setting=setting,
        challenge=None,
        put=(),
        recommended="short list",
        verdict="leans",
        before_verdict="leans",
        advice=first.advice,
        chip=chip,
        leading=0,
        criteria=(first,),
        claims=(),
        words={"C3": "leans"},
        certificate=Certificate(12, 12, 1024, 0, True, 1e-10, 1e-9),
        engine="0.6",
        seed=1,
        draws=1024,
        milliseconds=120,
    )


def sweep(author: float, low: float, high: float, policies: int = 3) -> bytes:
    """Pack a sweep in which the third policy does better as the assumption grows."""
    points, quantiles = 41, 50
    values = [low + (high - low) * each / (points - 1) for each in range(points)]
    head = struct.pack("<4sBBBBBBHI", b"PSW1", 0, points, policies, quantiles, 2, 255, 256, 0)
    low_value, high_value = -60.0, 40.0
    body = struct.pack("<ddd", low_value, high_value, author) + struct.pack(f"<{points}d", *values)
    codes, means, better, worse, best = [], [], [], [], []
    for place in range(points):
        along = place / (points - 1)
        for policy in range(policies):
            middle = (-14.0, -13.0, -18.0 + 12.0 * along, -16.0, -15.0)[policy]
            codes += [round((dot - low_value) / 100 * 65534) for dot in dots(middle, 3.5)]
            means.append(round((middle - low_value) / 100 * 65534))
            own = policy == 2
            better.append(65535 if own else round((0.2 + 0.6 * along) * 65534))
            worse.append(65535 if own else round((0.75 - 0.6 * along) * 65534))
            best.append(round((0.3, 0.3, 0.4, 0.0, 0.0)[policy] * 65534))
    for table in (codes, means, better, worse, best):
        body += struct.pack(f"<{len(table)}H", *table)
    return head + body


def numbers(of: model.Edition | None = None) -> Numbers:
    """All that is solved once; for the sample's own assumptions, or made up for another edition's."""
    assumptions = of.assumptions if of else ASSUMPTIONS
    count = len(of.policies) if of else len(POLICIES)
    swept = tuple(
        SweepIndex(
            each.name,
            41,
            13000,
            "s" * 64,
            b64encode(sweep(each.middle, each.least, each.most, count)).decode(),
        )
        for each in assumptions
        if each.middle is not None and each.least is not None and each.most is not None
    )
    svg = (
        '<svg class="parley-picture auto" viewBox="0 0 440 60" role="img"><style>.x{fill:red}</style>'
        '<title>Tornado</title><text x="10" y="30">Tornado</text></svg>'
    )
    return Numbers(
        model="m" * 64,
        effect=effect(),
        findings="{}",
        challenges={},
        leverage=tuple(_made_up(of)) if of else LEVERS,
        sweeps=swept,
        pictures=(Svg("tornado", svg, "What moves the answer most.", ("name", "swing"), (("cost", "0.5"),)),),
        engine="0.6",
        seconds=60.0,
    )


LEVERS = (
    Leverage("q other", Crossing(0.46, "below"), (Crossing(0.46, "below"),), 2.9, (), 0.6, 1, 3),
    Leverage("cost", Crossing(22.0, "above"), (Crossing(22.0, "above"),), 1.25, (), 0.5, 2, 3),
    Leverage("commit", None, (), None, (), 0.2, 3, 2),
    Leverage("non cooperation", None, (), None, (Flip("on", 0.4),), 0.1, 4, 2),
    Leverage("lambda", None, (), None, (), 0.05, 5, 1),
)


def _made_up(of: model.Edition) -> Iterator[Leverage]:
    for rank, each in enumerate(of.assumptions, 1):
        weight = 3 if rank < 5 else 2 if rank < 12 else 1
        if each.middle is None or each.most is None or rank % 3:
            yield Leverage(each.name, None, (), None, (), 0.1, rank, weight)
        else:
            flip = Crossing((each.middle + each.most) / 2, "above")
            yield Leverage(each.name, flip, (flip,), 0.4 * rank, (), 0.5, rank, weight)


WORDS = (
    "The map of deals says otherwise: none of nine ended in peace, and the tenth was another group.",
    "Aid that lives off a problem will keep the problem. Look at who is paid when the talks fail.",
    "I was in Swat in 2009. The mandate came from the videos, not from any collapse of talks.",
    "Where does the number for leaks come from? One raid is not a rate.",
)


def comment(number: int, *, replies: int = 0, words: str | None = None, **more: object) -> CommentView:
    """A comment with answers."""
    chance = random.Random(number)
    text = words or f"<p>{' '.join(chance.sample(WORDS, 2))}</p>"
    made = CommentView(
        id=number,
        href=f"/c/{number}/",
        posted=START + timedelta(hours=number),
        author=Author(
            f"reader {number}", f"/u/reader-{number}/", ("new", "recognised", "contributor")[number % 3]
        ),
        html=sanitised(text),
        edited=START + timedelta(hours=number, minutes=4) if number % 5 == 0 else None,
        pick=number % 9 == 0,
        quote=Quote("the talks will fail", "#p-strike") if number % 4 == 0 else None,
        marks=(
            Mark("advances", "Advances the story", chance.randrange(20)),
            Mark("convinced", "Changed my mind", chance.randrange(4)),
        ),
        replies=tuple(comment(1000 * number + each) for each in range(replies)),
    )
    return replace(made, **more)  # type: ignore[arg-type]


TOMBSTONE = CommentView(
    id=481,
    href="/c/481/",
    posted=START,
    tombstone="Removed by an editor: personal attack (policy 1).",
    log_href="/log/#481",
)


def challenge(number: int, chip: str = "flips", **more: object) -> ChallengeView:
    """A challenge, solved."""
    made = ChallengeView(
        comment=comment(number, replies=number % 2),
        changes=(
            Change(
                2,
                "#claim-strike",
                "chance that an ordinary strike wrecks the round",
                "17%",
                "50%",
                "strikes were aimed at the men at the table",
                "https://example.org/source",
            ),
        ),
        chip=chip,
        effect="The advice flips: C to A. A ends better than C in 55 of 100 runs (author's numbers: 29).",
        dumbbell=dumbbell(0.63, 0.41, "A", "C", "From 63 to 41 of 100 runs"),
        setting_href="?s=q_other=0.5",
        version="1.2",
        holds="still flips the advice in version 1.3",
        declared=number % 2 == 0,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def around(comments: int = 8, challenges: int = 3, **more: object) -> Around:
    """What the server knows besides."""
    chips = ("flips", "weakens", "no change", "strengthens", "waiting", "asks")
    made = Around(
        slug="talks",
        href="/a/talks/",
        canonical="https://parley.example/a/talks/",
        version="1.2",
        published=date(2013, 10, 22),
        versions=(
            VersionLine("1.2", "/a/talks/v/3", date(2013, 11, 2), "Corrected the count of strikes.", True),
            VersionLine("1.0", "/a/talks/v/1", date(2013, 10, 22), "First version."),
        ),
        pictures="/a/talks/pictures/",
        sweeps="/a/talks/sweeps/",
        readers={"q other": "9 readers moved this: 15% to 50% in the middle half"},
        challenges=tuple(challenge(each + 2, chips[each % len(chips)]) for each in range(challenges)),
        challenge_orders=(Link("Most convincing", ""), Link("Newest", "?challenges=newest")),
        comments=(*(comment(each + 20, replies=each % 3) for each in range(comments)), TOMBSTONE),
        comment_orders=(
            Link("Editors’ picks", "?comments=picks"),
            Link("Newest", ""),
            Link("Oldest", "?comments=oldest"),
        ),
        comment_count=comments,
        removed_today=2,
        downloads=(Link("Model (JSON)", "/a/talks.json"), Link("Scenario", "/a/talks/argument.md")),
        feeds=(Link("Comments (Atom)", "/feeds/talks/comments.atom", "application/atom+xml"),),
    )
    return replace(made, **more)  # type: ignore[arg-type]
