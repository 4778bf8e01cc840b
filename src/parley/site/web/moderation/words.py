"""The words of the moderation log: acts, who did them, switches and lists, in the reader's language.

What lives here: one word or sentence for each code that a row holds. What may not: reading rows.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as later

from parley.site.web.models import Act, WordListEntry
from parley.site.web.sayings import joined

__all__ = ["SWITCHES", "act_words", "by_words", "list_words", "note_of", "switch_words"]

SWITCHES = {
    "hold": later("all comments are held"),
    "flow": later("comments are held by the rules alone"),
    "close": later("closed for comments"),
    "open": later("open for comments"),
}


def act_words(act: str) -> str:
    """Return an act in a reader's words; an act that is not known keeps its name."""
    known = {
        "approve": _("approved"),
        "ask": _("asked for a change"),
        "remove": _("removed"),
        "hide": _("hidden until an editor has looked"),
        "hold": _("held for an editor"),
        "restore": _("restored on appeal"),
        "uphold": _("removal upheld on appeal"),
        "withdraw": _("withdrawn by its writer"),
        "appeal": _("appealed against by its writer"),
        "answer": _("answered by the article's author"),
        "pick": _("made an editors' pick"),
        "unpick": _("no editors' pick any more"),
        "undo": _("decision taken back"),
        "reinstate": _("put back, with a ban lifted"),
        "mute": _("account muted"),
        "unmute": _("mute lifted"),
        "ban": _("account banned"),
        "unban": _("ban lifted"),
        "stand": _("mute or ban upheld on appeal"),
        "words": _("word list changed"),
        "switch": _("article's comments opened, closed or held"),
        "erase": _("account deleted"),
        "role": _("role of an account changed"),
        "publish": _("published"),
        "correct": _("corrected"),
    }
    return known.get(act, act)


def by_words(row: Act) -> str:
    """Return by whom in general: a rule, readers' reports, an editor, the writer, the author."""
    if row.act == "hide" or (row.by == "editor" and row.public.get("after_reports")):
        return _("reports of readers") if row.by == "rule" else _("an editor, after reports")
    known = {
        "rule": _("a rule"),
        "editor": _("an editor"),
        "writer": _("its writer"),
        "author": _("the author"),
        "system": _("the site"),
    }
    return known.get(row.by, row.by)


def switch_words(kept: str) -> str:
    """Return what an article was switched to; older rows hold the English sentence."""
    return _(SWITCHES.get(kept, kept))


def list_words(kind: str) -> str:
    """Return the name of a word list; one that is not known keeps its own."""
    field = WordListEntry._meta.get_field("kind")
    return str(dict(field.flatchoices).get(kind, kind))


def note_of(row: Act) -> str:
    """Return what editors alone see of an act: an editor's note, or why a rule acted."""
    detail = getattr(row, "detail", None)
    return "" if detail is None else detail.note or joined(detail.why)
