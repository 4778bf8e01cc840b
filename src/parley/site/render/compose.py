"""From an edition and its numbers to the page of an article.

What lives here: the choice of what is shown, and its sentences. What may not: solving, markup, a database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from parley.site.model.article import Assumption, Edition, Passage
from parley.site.model.article import Picture as EditionPicture
from parley.site.model.effect import Effect, Leverage, Numbers
from parley.site.model.setting import AUTHOR, Setting
from parley.site.render import article as parts
from parley.site.render.advice import (
    Gettext,
    answer,
    brief,
    letters,
    message,
    sentence,
)
from parley.site.render.formats import chance, in_form, number
from parley.site.render.forms import author_value, filled
from parley.site.render.marks import room_bar, strip
from parley.site.render.policy import LINE
from parley.site.render.safe import picture, sanitised
from parley.site.render.sweeps import shares
from parley.site.render.views import ChallengeView, Change, CommentView, Link
from parley.site.render.wording import in_runs, judged_in_runs

__all__ = ["Around", "answer", "article_page", "brief", "letters", "message", "sentence", "title_of"]

_ANCHOR = re.compile(r'id="p-([^"]+)"')


@dataclass(frozen=True, slots=True)
class Around:
    """What the server knows of an article besides its edition.

    Attributes
    ----------
    slug, href, canonical
        Its name, its path with a slash at the end, its whole address or empty.
    version, published, versions
        The number shown, its day, and all versions, newest first.
    pictures, sweeps
        Where files lie: paths with a slash at the end; ``sweeps`` empty where none are served.
    readers
        For each assumption what readers have set, in words: "9 readers moved this, the middle half to
        .15–.50".
    challenges, comments and the rest
        As in :class:`parley.site.render.article.ArticlePage`.
    """

    slug: str
    href: str
    canonical: str = ""
    version: str = ""
    published: date | None = None
    versions: tuple[parts.VersionLine, ...] = ()
    pictures: str = ""
    sweeps: str = ""
    readers: Mapping[str, str] = field(default_factory=dict)
    challenges: tuple[ChallengeView, ...] = ()
    challenge_orders: tuple[Link, ...] = ()
    comments: tuple[CommentView, ...] = ()
    comment_orders: tuple[Link, ...] = ()
    comment_count: int = 0
    removed_today: int = 0
    open: bool = True
    downloads: tuple[Link, ...] = ()
    feeds: tuple[Link, ...] = ()


def article_page(
    edition: Edition,
    around: Around,
    numbers: Numbers | None = None,
    *,
    setting: Setting = AUTHOR,
    effect: Effect | None = None,
    status: str = "",
    problem: str = "",
    gettext: Gettext = str,
) -> parts.ArticlePage:
    """Make the page of an article.

    Parameters
    ----------
    edition, around
        What it says, and what the server knows of it.
    numbers
        What was solved once for this version; None while it is being solved.
    setting, effect
        The reader's changes, and what they do: None while that is being solved.
    status
        ``author``, ``solved``, ``estimate``, ``queued``, ``unknown`` (nobody has asked yet) or ``failed``;
        what follows from the rest when left out.
    problem
        Why the reader's numbers were refused, in words.
    gettext
        The translation of sentences.
    """
    shown = effect or (numbers.effect if numbers else None)
    status = status or ("author" if setting.is_author else "solved" if effect else "queued")
    leverage = {each.assumption: each for each in numbers.leverage} if numbers else {}
    maker = _Maker(edition, around, numbers, setting, leverage, gettext)
    found = None
    if shown:
        before = numbers.effect if numbers else None
        found = answer(edition, shown, status=status, before=before, gettext=gettext)
    return parts.ArticlePage(
        slug=around.slug,
        href=around.href,
        canonical=around.canonical,
        title=edition.title,
        question=edition.question or "",
        summary=edition.summary or edition.question or "",
        published=around.published,
        byline=edition.byline or "",
        minutes=edition.minutes,
        version=around.version,
        versions=around.versions,
        blocks=tuple(maker.blocks()),
        pictures=tuple(maker.picture(each) for each in edition.pictures),
        policies=len(edition.policies),
        cards=tuple(maker.cards()),
        answer=found,
        setting=maker.setting_view(effect, status, problem),
        flips=tuple(maker.flips()),
        unfinished=numbers is not None and not numbers.finished,
        moved=bool(around.readers),
        figures=tuple(maker.figures()),
        challenges=around.challenges,
        challenge_orders=around.challenge_orders,
        flipping=sum(each.chip == "flips" for each in around.challenges),
        comments=around.comments,
        comment_orders=around.comment_orders,
        comment_count=around.comment_count,
        removed_today=around.removed_today,
        open=around.open,
        policy_line=LINE,
        disclaimer=edition.disclaimer or "",
        citation=edition.citation or "",
        source=edition.source
        if edition.source and edition.source.startswith(("http://", "https://"))
        else "",
        licence=edition.licence or "",
        downloads=around.downloads,
        feeds=around.feeds,
        solve_href=f"{around.href}solve",
        challenge_href=f"{around.href}challenge",
        comment_href=f"{around.href}comment",
        count_href=f"{around.href.rstrip('/')}.json" if around.open else "",
    )


# --- cards, flips, pictures -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the parts that need the edition, the numbers and the reader's changes together."""

    edition: Edition
    around: Around
    numbers: Numbers | None
    setting: Setting
    leverage: Mapping[str, Leverage]
    gettext: Gettext

    def blocks(self) -> list[parts.Block]:
        weights = self._weights()
        made = []
        for block in self.edition.blocks:
            if block.picture is not None:
                made.append(parts.Block(picture=self.picture(self.edition.pictures[block.picture])))
            else:
                heavier = _ANCHOR.sub(
                    lambda found: f'{found.group()} data-weight="{weights.get(found.group(1), 1)}"',
                    block.html,
                )
                made.append(parts.Block(sanitised(heavier)))
        return made

    def _weights(self) -> dict[str, int]:
        """Return how heavily each passage is underlined: as the most levered assumption that hangs on it."""
        return {
            card.passage: max((self._lever(name) for name in card.assumptions), default=1)
            for card in self.edition.cards
        }

    def _lever(self, name: str) -> int:
        found = self.leverage.get(name)
        return found.weight if found else 1

    def picture(self, each: EditionPicture) -> parts.Picture:
        if each.after is None:
            position = self.gettext("Top")
        else:
            after = self.edition.passage(each.after).number
            position = self.gettext("After claim %(number)s") % {"number": after}
        return parts.Picture(
            f"{self.around.pictures}{each.file}",
            each.alt,
            each.caption,
            each.credit,
            each.width,
            each.height,
            position,
        )

    def cards(self) -> list[parts.Card]:
        made = [self._card(passage) for passage in self.edition.passages]
        if self.edition.other:
            controls = tuple(self._control(name) for name in self.edition.other)
            words = self.gettext("Other assumptions, which no sentence states")
            made.append(parts.Card("other", None, "assumption", "", words, controls))
        return made

    def _card(self, passage: Passage) -> parts.Card:
        card = self.edition.card(passage.name)
        claims = [each for each in self.edition.claims if each.name in card.claims]
        words = self.numbers.effect.words if self.numbers else {}
        return parts.Card(
            key=passage.name,
            number=passage.number,
            kind=passage.kind,
            words=passage.exact,
            text=title_of(self.edition, passage),
            controls=tuple(self._control(name) for name in card.assumptions),
            verdict=", ".join(words[each.name] for each in claims if each.name in words),
            unmodelled=" ".join(each.reason for each in claims if each.reason),
            challenge_href=f"{self.around.href}challenge?claim={passage.name}",
        )

    def _control(self, name: str) -> parts.Control:
        each = self.edition.assumption(name)
        changes = dict(self.setting.changes)
        author = author_value(each)
        value = changes.get(each.key, author)
        evidence = each.evidence[0] if each.evidence else None
        return parts.Control(
            name=each.key,
            question=each.question,
            unit=each.unit or "",
            form=each.form,
            value=filled(each, self.setting),
            author=filled(each, AUTHOR),
            low=each.least or 0.0,
            high=1.0 if each.most is None else each.most,
            step=each.step or 0.01,
            value_words=_said(each, value),
            author_words=_said(each, author),
            judged=_judged(each, self.gettext),
            why=each.why or "",
            evidence=evidence.text if evidence else "",
            source=(evidence.source or "") if evidence else "",
            confidence=each.confidence or "",
            options=tuple(parts.Option(option, option) for option in each.options),
            changed=each.key in changes,
            reset_href=self._without(each.key),
            strip=self._strip(each),
            flips_words=self._flips_words(each),
            readers_words=self.around.readers.get(each.name, ""),
        )

    def _without(self, key: str) -> str:
        rest = Setting(tuple(pair for pair in self.setting.changes if pair[0] != key)).canonical()
        return f"{self.around.href}?s={rest}" if rest else self.around.href

    def _strip(self, each: Assumption) -> parts.Strip | None:
        index = (
            next((one for one in self.numbers.sweeps if one.assumption == each.name), None)
            if self.numbers
            else None
        )
        if self.numbers is None or index is None or each.options:
            return None
        lever = self.leverage.get(each.name)
        judged = None if each.low is None or each.high is None else (each.low, each.high)
        low, high = each.least or 0.0, 1.0 if each.most is None else each.most
        drawn = strip(
            shares(index.data),
            low,
            high,
            author=each.middle or 0.0,
            judged=judged,
            flips=[one.value for one in lever.crossings] if lever else (),
        )
        address = f"{self.around.sweeps}{each.key}" if self.around.sweeps else ""
        return parts.Strip(drawn, self._flips_words(each), address)

    def _flips_words(self, each: Assumption) -> str:
        lever = self.leverage.get(each.name)
        if lever is None:
            return ""
        if lever.options:
            options = ", ".join(one.option for one in lever.options)
            return self.gettext("▲ the advice flips with: %(options)s") % {"options": options}
        if lever.crossings:
            values = ", ".join(_value(each, one.value) for one in lever.crossings)
            return self.gettext("▲ the advice flips at %(values)s") % {"values": values}
        return self.gettext("The advice does not flip in the allowed range.")

    def figures(self) -> Iterator[parts.Figure]:
        say = in_runs(self.edition)
        for each in self.numbers.pictures if self.numbers else ():
            rows = tuple(tuple(map(say, row)) for row in each.rows)
            head = tuple(map(say, each.head))
            yield parts.Figure(each.name, picture(say(each.svg)), say(each.caption), head, rows)

    def flips(self) -> list[parts.FlipRow]:
        made = []
        for lever in sorted(self.leverage.values(), key=lambda each: each.rank):
            each = self.edition.assumption(lever.assumption)
            passage = self.edition.passage(each.passage) if each.passage else None
            if lever.options:
                flips = ", ".join(one.option for one in lever.options)
            elif lever.crossing:
                flips = _value(each, lever.crossing.value)
            else:
                flips = self.gettext("none in the allowed range")
            made.append(
                parts.FlipRow(
                    passage.number if passage else None,
                    f"#claim-{passage.name if passage else 'other'}",
                    each.question,
                    each.default or "" if each.options else _value(each, each.middle or 0.0),
                    flips,
                    lever.room,
                    room_bar(lever.room),
                    self.around.readers.get(each.name, ""),
                )
            )
        return made

    def setting_view(self, effect: Effect | None, status: str, problem: str) -> parts.Setting:
        changes = []
        for key, value in self.setting.changes:
            each = self.edition.assumption(key)
            passage = self.edition.passage(each.passage) if each.passage else None
            author = author_value(each)
            changes.append(
                Change(
                    passage.number if passage else None,
                    f"#claim-{passage.name if passage else 'other'}",
                    each.question,
                    _value(each, author),
                    _value(each, value),
                )
            )
        chip = effect.criteria[0].chip if effect else ""
        said = message(self.edition, effect, gettext=self.gettext) if effect else ""
        return parts.Setting(self.setting.canonical(), tuple(changes), chip, said, problem, status)


def _value(each: Assumption, value: float | str) -> str:
    return value if isinstance(value, str) else in_form(value, each.form)


def title_of(edition: Edition, passage: Passage) -> str:
    """Return the sentence that stands for a passage: its claims, or its own words where there is none.

    Parameters
    ----------
    edition
        The article.
    passage
        One of it.
    """
    named = edition.card(passage.name).claims
    claims = [f"{each.text.rstrip('.')}." for each in edition.claims if each.name in named]
    if claims:
        return " ".join(claims)
    words = passage.exact.rstrip(".,;:")
    return f"{words[:1].upper()}{words[1:]}" + ("" if words.endswith(("?", "!")) else ".")


def _judged(each: Assumption, gettext: Gettext) -> str:
    """Say the author's judgement: the middle, the range within which nine tenths lie, the words for it."""
    if each.options or each.point or each.low is None or each.high is None or each.middle is None:
        return judged_in_runs(each.judgement)
    middle, low, high = (_value(each, value) for value in (each.middle, each.low, each.high))
    return gettext("middle %(middle)s, nine in ten %(low)s to %(high)s; stated: %(words)s") % {
        "middle": middle,
        "low": low,
        "high": high,
        "words": judged_in_runs(each.judgement),
    }


def _said(each: Assumption, value: float | str) -> str:
    if isinstance(value, str):
        return value
    if each.form == "chance":
        return chance(value)
    if each.form == "share":
        return f"{number(100 * value)}%"
    return f"{number(value)} {each.unit}" if each.unit else number(value)
