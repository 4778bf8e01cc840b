"""The advice in words and dots: what the numbers say, whether they are the author's or a reader's.

What lives here: sentences about an effect or an estimate, the panel they stand in. What may not: cards,
markup.

Sentences are translated where they are made, by the function that is handed in; the page's script makes the
same ones from the templates in :attr:`parley.site.render.article.Answer.data`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from parley.site.model.article import Edition
from parley.site.model.effect import CriterionEffect, Effect
from parley.site.render import article as parts
from parley.site.render.curve import curve_picture
from parley.site.render.dots import Row, dot_picture, dot_table
from parley.site.render.readings import aligned_runs, runs_part, templates

__all__ = ["Gettext", "answer", "brief", "letters", "message", "rival_of", "sentence"]

Gettext = Callable[[str], str]
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def letters(edition: Edition) -> dict[str, str]:
    """Return a letter for each policy, in the order of the edition: A, B, C."""
    return {
        each.name: _LETTERS[place] if place < len(_LETTERS) else str(place + 1)
        for place, each in enumerate(edition.policies)
    }


def answer(
    edition: Edition, effect: Effect, *, status: str, before: Effect | None = None, gettext: Gettext = str
) -> parts.Answer:
    """Say what the numbers advise, how sure, by the first criterion.

    Parameters
    ----------
    edition, effect
        The article, and what was solved.
    status
        ``author``, ``solved``, ``estimate`` or ``queued``.
    before
        The author's own case, whose medians are marked beside a reader's dots.
    gettext
        The translation of sentences.
    """
    names = letters(edition)
    first = effect.criteria[0]
    medians = {each.policy: each.middle for each in before.criteria[0].policies} if before else {}
    ours = status == "author"
    rows = [
        Row(
            names.get(each.policy, "?"),
            each.policy,
            each.policy == first.advice,
            each.dots,
            None if ours else medians.get(each.policy),
        )
        for each in first.policies
    ]
    text = sentence(edition, effect, gettext=gettext)
    axis = [dot for each in before.criteria[0].policies for dot in each.dots] if before else []
    title = gettext("What each policy may bring: %(what)s") % {"what": first.criterion}
    proof = effect.certificate
    return parts.Answer(
        letter=names.get(first.advice, "?"),
        policy=first.advice,
        author_letter=names.get(effect.recommended, "?"),
        author_policy=effect.recommended,
        word=first.word,
        sentence=text,
        doubt=" ".join(
            gettext("By the %(criterion)s: %(sentence)s")
            % {
                "criterion": each.criterion,
                "sentence": sentence(edition, effect, place=place, gettext=gettext),
            }
            for place, each in enumerate(effect.criteria[1:], 1)
        ),
        status=status,
        picture=dot_picture(rows, title, text, axis),
        curve=curve_picture(rows, title, text, axis),
        runs=runs_part(rows, first, _pair(effect), status=status, title=title, axis=axis, gettext=gettext),
        rows=tuple(_table(rows, first)),
        yardstick=first.criterion[:1].upper() + first.criterion[1:],
        brief=brief(edition, effect, gettext=gettext),
        author_sentence=sentence(edition, before or effect, gettext=gettext),
        author_brief=brief(edition, before or effect, gettext=gettext),
        data=_data(edition, before or effect, names, gettext, effect if status == "solved" else None),
        proof=""
        if status in ("estimate", "queued")
        else gettext("%(draws)s runs, %(games)s games solved, %(rest)s without an answer.")
        % {"draws": f"{effect.draws:,}", "games": f"{proof.games:,}", "rest": f"{proof.uncertified:,}"},
    )


def _table(rows: Sequence[Row], first: CriterionEffect) -> Iterator[parts.PolicyRow]:
    """Yield the table behind the picture."""
    best = {each.policy: each.best for each in first.policies}
    for row in rows:
        median, middle = dot_table(row)
        share = best[row.name]
        often = "–" if share is None else f"{100 * share:.0f}%"
        yield parts.PolicyRow(row.letter, row.name, row.advised, often, median, middle)


def rival_of(first: CriterionEffect) -> str:
    """Return the policy that the share is about: the one it is held against, else the strongest other."""
    return first.against[0] if len(first.against) == 1 else first.strongest


def _pair(effect: Effect) -> tuple[int, int]:
    """Return the places of the recommended policy and of its rival."""
    first = effect.criteria[0]
    places = {each.policy: place for place, each in enumerate(first.policies)}
    return places.get(effect.recommended, 0), places.get(rival_of(first), 0)


def _hundreds(better: float, worse: float) -> tuple[int, int, int]:
    up, down = round(100 * better), round(100 * worse)
    return up, down, max(100 - up - down, 0)


def sentence(edition: Edition, effect: Effect, *, place: int = 0, gettext: Gettext = str) -> str:
    """Say how the recommended policy fares against its rival in a hundred runs.

    Parameters
    ----------
    edition, effect
        The article, and what was solved.
    place
        Of the criterion.
    gettext
        The translation of sentences.

    Returns
    -------
    str
        "C (short list) ends better than A (status quo) in 63 of 100 runs, worse in 29, the same in 8."
    """
    names = letters(edition)
    first = effect.criteria[place]
    rival = rival_of(first)
    tally = next((each for each in first.tallies if each.rival == rival), None)
    if tally is None or tally.better is None or tally.worse is None:
        return gettext("Too few runs were solved to say which policy ends better.")
    up, down, same = _hundreds(tally.better, tally.worse)
    return gettext(
        "%(a)s (%(policy)s) ends better than %(b)s (%(rival)s) in %(up)s of 100 runs, worse in %(down)s, "
        "the same in %(same)s."
    ) % {
        "a": names.get(effect.recommended, "?"),
        "policy": effect.recommended,
        "b": names.get(rival, "?"),
        "rival": rival,
        "up": up,
        "down": down,
        "same": same,
    }


def message(edition: Edition, effect: Effect, *, gettext: Gettext = str) -> str:
    """Say what a reader's numbers do to the advice: "The advice flips: C to A."."""
    first, names = effect.criteria[0], letters(edition)
    if first.chip == "flips" and first.before_advice:
        return gettext("The advice flips: %(a)s to %(b)s.") % {
            "a": names.get(first.before_advice, "?"),
            "b": names.get(first.advice, "?"),
        }
    words = {
        "weakens": gettext("The advice stands, but less often."),
        "strengthens": gettext("The advice stands, and more often."),
        "no change": gettext("The advice is unchanged."),
        "withheld": gettext("Too few runs were solved to say."),
    }
    return words.get(first.chip, "")


def brief(edition: Edition, effect: Effect, *, gettext: Gettext = str) -> str:
    """Say the same in a few words, of the two whichever is ahead first: "C beats A in 63 of 100 runs"."""
    names = letters(edition)
    first = effect.criteria[0]
    rival = rival_of(first)
    tally = next((each for each in first.tallies if each.rival == rival), None)
    if tally is None or tally.better is None or tally.worse is None:
        return ""
    up, down, _ = _hundreds(tally.better, tally.worse)
    ahead, behind = (rival, effect.recommended) if down > up else (effect.recommended, rival)
    return gettext("%(a)s beats %(b)s in %(up)s of 100 runs") % {
        "a": names.get(ahead, "?"),
        "b": names.get(behind, "?"),
        "up": max(up, down),
    }


def _data(
    edition: Edition, author: Effect, names: Mapping[str, str], gettext: Gettext, solved: Effect | None
) -> str:
    """Write what the page's script draws from: one JSON object for an attribute.

    ``solved`` is the reader's own case where that is what the page shows.
    """
    first = author.criteria[0]
    recommended, rival = _pair(author)
    places = {each.policy: place for place, each in enumerate(first.policies)}
    return json.dumps(
        {
            "letters": [names[each.policy] for each in first.policies],
            "names": [each.policy for each in first.policies],
            "dots": [[float(f"{dot:.4g}") for dot in each.dots] for each in first.policies],
            "runs": aligned_runs(first),
            **({"shown": aligned_runs(solved.criteria[0])} if solved is not None else {}),
            "higher": first.higher,
            "recommended": recommended,
            "favoured": places.get(first.advice, 0),
            "rival": rival,
            "competes": [each.competes for each in edition.policies],
            "runWords": templates(gettext),
            "words": {
                "sentence": gettext(
                    "%(a)s (%(policy)s) ends better than %(b)s (%(rival)s) in %(up)s of 100 runs, worse in "
                    "%(down)s, the same in %(same)s."
                ),
                "brief": gettext("%(a)s beats %(b)s in %(up)s of 100 runs"),
                "flips": gettext("The advice flips: %(a)s to %(b)s."),
                "estimate": gettext("estimate"),
                "solved": gettext("solved"),
                "queued": gettext("being solved"),
                "author": gettext("author's case"),
                "refused": gettext("not taken"),
            },
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
