"""When a comment waits for an editor: the published rules, as one function of facts.

What lives here: the rules and their words. What may not: the database, the request.

The order is that of Coral's pipeline: the text itself, staff, words, history, spam, links, newcomers, the
article. Every rule that applies is named, not only the first: an editor sees all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from parley.site.text.spam import Thresholds, fingerprint, likeness, signs
from parley.site.text.words import Match
from parley.site.web.rules import Rules
from parley.site.web.sayings import PUBLISHED, said, saying

__all__ = ["PUBLISHED", "Facts", "Reason", "holds"]

_HOLDING = frozenset(PUBLISHED) - {"capitals", "stretched"}  # these two are told, but hold nothing alone


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that applies, and its case as a code and values.

    ``holding`` is false where it is only told to editors.
    """

    rule: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    holding: bool = True

    @property
    def case(self) -> dict[str, Any]:
        """The case as a queue and the log keep it."""
        return saying(self.code, **self.values)

    @property
    def text(self) -> str:
        """The case in words, in the present language."""
        return said(self.case)

    def stored(self) -> dict[str, Any]:
        """Return the form in which a comment keeps it."""
        return {"rule": self.rule, **self.case}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at.

    Attributes
    ----------
    plain, links
        The words of the text, and where its links lead.
    staff
        Written by an editor, or by the author of the article under it.
    points, approved
        The writer's, see :class:`parley.site.web.models.Account`.
    first
        Whether the account has written nothing before.
    judged, removed
        Of the writer's comments on which editors decided in the last days: how many, how many were removed.
    earlier
        Fingerprints of the account's texts of the last minutes.
    matches
        Words of the site's list that the text holds.
    seconds
        How long it was typed; None when that is not known.
    trapped
        Whether the field that people do not see was filled in.
    premoderated
        Whether the article holds everything.
    edited
        Whether this is a change of a text that an editor had approved.
    """

    plain: str
    links: Sequence[str] = ()
    staff: bool = False
    points: int = 0
    approved: int = 0
    first: bool = False
    judged: int = 0
    removed: int = 0
    earlier: Sequence[int] = ()
    matches: Sequence[Match] = ()
    seconds: float | None = None
    trapped: bool = False
    premoderated: bool = False
    edited: bool = False


def holds(facts: Facts, rules: Rules) -> list[Reason]:
    """Return why a comment is held; the empty list shows it at once.

    Parameters
    ----------
    facts
        About the text, its writer and the article.
    rules
        The site's numbers.

    Returns
    -------
    list of Reason
        In the order of the rules. Reasons that hold nothing alone stand in it only beside one that does.

    Examples
    --------
    >>> known = Facts("The army has reasons of its own.", points=7)
    >>> holds(known, Rules())
    []
    >>> [reason.text for reason in holds(Facts("Well said.", points=2, approved=2), Rules())]
    ['first posts (2 of 5 approved)']
    """
    if facts.staff:
        return []
    newcomer = facts.points < rules.newcomer_until
    found = [
        *_of_text(facts, rules),
        *_of_words(facts),
        *_of_history(facts, rules),
        *_of_signs(facts, rules, newcomer),
        *_of_standing(facts, rules, newcomer),
    ]
    if facts.premoderated:
        found.append(Reason("article", "article"))
    return found if any(reason.holding for reason in found) else []


def _of_text(facts: Facts, rules: Rules) -> list[Reason]:
    found = []
    if facts.trapped:
        found.append(Reason("trap", "trap"))
    own = fingerprint(facts.plain)
    if own and any(likeness(own, other) >= Thresholds().likeness for other in facts.earlier):
        found.append(Reason("repeat", "repeat", {"minutes": rules.repeat_minutes}))
    return found


def _of_words(facts: Facts) -> list[Reason]:
    return [Reason("words", "words", {"found": each.found, "entry": each.entry}) for each in facts.matches]


def _of_history(facts: Facts, rules: Rules) -> list[Reason]:
    if facts.judged < rules.removed_judged or facts.removed < rules.removed_share * facts.judged:
        return []
    values = {"removed": facts.removed, "judged": facts.judged, "days": rules.removed_days}
    return [Reason("history", "history", values)]


def _of_signs(facts: Facts, rules: Rules, newcomer: bool) -> list[Reason]:
    limits = Thresholds(links=rules.newcomer_links, seconds=rules.typing_seconds)
    found = []
    for sign in signs(facts.plain, facts.links, seconds=facts.seconds, thresholds=limits):
        if (sign.code == "links" and not newcomer) or (sign.code == "hasty" and not facts.first):
            continue
        found.append(Reason(sign.code, sign.code, sign.values, sign.code in _HOLDING))
    return found


def _of_standing(facts: Facts, rules: Rules, newcomer: bool) -> list[Reason]:
    if not newcomer:
        return []
    if facts.edited:
        return [Reason("edit", "edit")]
    values = {"points": facts.points, "needed": rules.newcomer_until}
    if facts.points < 0:
        return [Reason("newcomer", "after-removals", values)]
    if facts.approved >= rules.newcomer_until:
        return [Reason("newcomer", "points-after-removals", values)]
    return [Reason("newcomer", "first-posts", values)]
