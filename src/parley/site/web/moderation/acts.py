"""The states of a comment, the arrows between them, and how an act is refused.

What lives here: the table of acts and the types that go with it. What may not: anything that changes a
comment (``decide``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from parley.errors import ParleyError
from parley.site.web.models import Act, Comment, State

__all__ = [
    "ARROWS",
    "EDITORS",
    "RULES",
    "SETTLING",
    "Conflict",
    "Decision",
    "Refused",
    "overdue",
    "refuse_long",
]

ARROWS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "approve": {
            State.HELD: State.VISIBLE,
            State.HIDDEN: State.VISIBLE,
            State.VISIBLE: State.VISIBLE,
        },
        "ask": {State.HELD: State.HELD},
        "remove": {
            State.HELD: State.REMOVED,
            State.VISIBLE: State.REMOVED,
            State.HIDDEN: State.REMOVED,
        },
        "hide": {State.VISIBLE: State.HIDDEN},
        "hold": {State.VISIBLE: State.HELD, State.HIDDEN: State.HELD},
        "restore": {State.REMOVED: State.VISIBLE},
        "uphold": {State.REMOVED: State.REMOVED},
        "withdraw": dict.fromkeys((State.HELD, State.VISIBLE, State.HIDDEN, State.REMOVED), State.WITHDRAWN),
        "pick": {State.VISIBLE: State.VISIBLE},
        "unpick": {State.VISIBLE: State.VISIBLE},
    }
)
EDITORS = frozenset({"approve", "ask", "remove", "restore", "uphold", "pick", "unpick"})
RULES = frozenset({"hide", "hold"})
SETTLING = frozenset({"approve", "remove", "restore", "uphold", "withdraw"})  # close what waits for an editor


class Refused(ParleyError):
    """The act is not one that may be done to this by this actor."""


class Conflict(ParleyError):
    """Somebody was quicker: the comment or account is no longer what the actor saw.

    ``by`` names who it was, for editors' eyes: the message that everybody may see does not.
    """

    def __init__(self, by: str = "", comment: Comment | None = None) -> None:
        self.comment = comment
        self.by = by
        super().__init__("this was changed meanwhile: look at it again, then decide")


@dataclass(frozen=True, slots=True)
class Decision:
    """What was done: the comment as it is now, and the row of the log (none for a post that is shown)."""

    comment: Comment
    act: Act | None


def refuse_long(text: str, longest: int, what: str) -> None:
    """Refuse a text that has more characters than its column holds.

    Parameters
    ----------
    text, longest
        What was written, and how many characters it may have.
    what
        Its name, in the language of whoever wrote it.

    Raises
    ------
    Refused
        It is too long.
    """
    if len(text) > longest:
        raise Refused(
            _("the %(what)s has %(count)s characters; %(most)s are allowed")
            % {"what": what, "count": len(text), "most": longest}
        )


def overdue(since: datetime) -> str:
    """Return why it is too late to appeal against what was done then; the empty text while it is not."""
    days = settings.PARLEY_RULES.appeal_days
    if timezone.now() - since > timedelta(days=days):
        return _("the %(days)s days for an appeal are over") % {"days": days}
    return ""
