"""What the site says of a case and keeps: a code and values in the store, a sentence where it is shown.

What lives here: the sentences, keeping one, saying one in the reader's language. What may not: the database,
the request.

A row of an older release may hold the sentence itself: it is shown as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as later
from django.utils.translation import override

from parley.site.web.models import Report

__all__ = [
    "PUBLISHED",
    "Kept",
    "case_of",
    "joined",
    "packed",
    "plainly",
    "rule_words",
    "said",
    "saying",
    "together",
]

Kept = str | Mapping[str, Any]  # what a row holds: a sentence of an older release, or a code with values

SAYINGS: Mapping[str, str] = {
    "trap": later("a field that people do not see was filled in"),
    "repeat": later("repeats a text of the last %(minutes)s minutes"),
    "words": later("word list: “%(found)s” (entry “%(entry)s”)"),
    "history": later("%(removed)s of %(judged)s comments removed in %(days)s days"),
    "links": later("%(found)d links (more than %(most)d)"),
    "capitals": later("%(found)d %% of the letters are capitals (more than %(most)d %%)"),
    "stretched": later("%(found)s stands %(times)d times in a row"),
    "hasty": later("typed in %(found)s seconds (less than %(least)s)"),
    "edit": later("changed after an editor had approved it"),
    "after-removals": later("after removals (%(points)s points, %(needed)s needed)"),
    "points-after-removals": later("%(points)s of %(needed)s points after removals"),
    "first-posts": later("first posts (%(points)s of %(needed)s approved)"),
    "article": later("every comment on this article is held"),
    "appeal": later("appeal against entry %(seq)s of the log"),
    "weight": later("%(count)s reports of weight %(weight)s"),
    "unsolved": later("It could not be solved: %(error)s"),
}
# What the log says of each rule; the words of a single case are in a saying.
PUBLISHED = {
    "trap": later("a field that people do not see was filled in"),
    "repeat": later("it repeats an earlier text of the same account within minutes"),
    "words": later("it holds a word of the site's list"),
    "history": later("too many of the account's recent comments were removed"),
    "hasty": later("it was typed too fast for a first post"),
    "links": later("it is a newcomer's and has many links"),
    "capitals": later("most of it is in capitals"),
    "stretched": later("one character stands many times in a row"),
    "newcomer": later("first posts are read by an editor before they appear"),
    "article": later("all comments on this article are read by an editor before they appear"),
    "edit": later("a newcomer changed a text that an editor had approved"),
}
_REPORTS = "reports"  # how often each reason was given: names and counts, no sentence


def saying(code: str, /, **values: object) -> dict[str, Any]:
    """Return what a row keeps of a case.

    Parameters
    ----------
    code
        One of :data:`SAYINGS`, or ``reports`` with the count of each reason.
    **values
        What stands in the sentence; texts and numbers.

    Raises
    ------
    KeyError
        There is no such sentence.

    Examples
    --------
    >>> saying("repeat", minutes=10)
    {'code': 'repeat', 'values': {'minutes': 10}}
    """
    if code not in SAYINGS and code != _REPORTS:
        raise KeyError(code)
    return {"code": code, "values": values}


def said(kept: Kept) -> str:
    """Return a kept case as a sentence in the present language; an older row's as it was written.

    Examples
    --------
    >>> said(saying("repeat", minutes=10)), said({"rule": "new", "text": "First posts"}), said("spam 2")
    ('repeats a text of the last 10 minutes', 'First posts', 'spam 2')
    """
    if isinstance(kept, str) and not kept.startswith("{"):
        return kept
    case: Mapping[str, Any] = json.loads(kept) if isinstance(kept, str) else kept
    values = case.get("values", {})
    if "template" in case:  # of a fault, with {names}
        words = _(case["template"]).format(**values)
        return f"{case['field']}: {words}" if case.get("field") else words
    if case.get("code") == _REPORTS:
        labels = {str(Report.Reason(reason).label): count for reason, count in values.items()}
        return ", ".join(f"{label} {count}" for label, count in sorted(labels.items()))
    template = SAYINGS.get(case.get("code", ""))
    return _(template) % values if template is not None else str(case.get("text", case.get("code", "")))


def plainly(kept: Kept) -> str:
    """Return a kept case in English, for tables and documents that programs read."""
    with override(None):
        return said(kept)


def packed(kept: Mapping[str, Any]) -> str:
    """Return a case as one text, for a column of texts; :func:`said` reads it.

    Examples
    --------
    >>> said(packed(saying("unsolved", error="too large")))
    'It could not be solved: too large'
    """
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, default=str)


def rule_words(rule: str) -> str:
    """Return what a rule is, in the present language; a rule that is not known keeps its name."""
    return _(PUBLISHED[rule]) if rule in PUBLISHED else rule


def case_of(stored: Mapping[str, Any]) -> Kept:
    """Return a comment's reason without its rule, as a queue keeps it; an older row's as its sentence.

    Examples
    --------
    >>> case_of({"rule": "edit", "code": "edit", "values": {}}), case_of({"rule": "new", "text": "First"})
    ({'code': 'edit', 'values': {}}, 'First')
    """
    if "code" not in stored:
        return str(stored.get("text", ""))
    return {name: value for name, value in stored.items() if name != "rule"}


def joined(kept: Iterable[Kept]) -> str:
    """Return some cases as one text, in the present language."""
    return "; ".join(map(said, kept))


def together(*lists: Iterable[Kept]) -> list[Kept]:
    """Return some lists as one, each case once, in their order.

    Examples
    --------
    >>> together(["a"], ["b", "a"])
    ['a', 'b']
    """
    found: list[Kept] = []
    for each in (case for cases in lists for case in cases):
        if each not in found:
            found.append(each)
    return found
