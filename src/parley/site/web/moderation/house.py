"""What editors set for the whole site or one article: word lists, holding everything, closing the comments.

What lives here: the changes, each with its row of the log. What may not: matching words
(``parley.site.text.words``), holding comments (the rules on posts).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from parley.site.text.words import WordList
from parley.site.web import journal
from parley.site.web.access import May, may
from parley.site.web.models import Account, Article, WordListEntry
from parley.site.web.moderation.acts import Conflict, Refused
from parley.site.web.moderation.words import SWITCHES, switch_words
from parley.site.web.revisions import touch

__all__ = ["LISTS", "change_words", "switch"]

LISTS = ("suspect", "banned")
LONGEST = 120  # characters of an entry


def change_words(
    editor: Account, kind: str, *, add: Sequence[str] = (), drop: Sequence[int] = ()
) -> tuple[int, int]:
    """Add phrases to a word list and take entries from it; return how many came and went.

    Parameters
    ----------
    editor
        Who does it.
    kind
        ``suspect`` (a comment is held) or ``banned`` (it is refused, with the word shown).
    add
        Phrases; ``word*`` stands for every word that begins so. One that is on a list already moves to
        this one.
    drop
        Keys of entries of this list.

    Raises
    ------
    Refused
        Not an editor, no such list, or a phrase too long.
    TextError
        A phrase has no letter or digit, or a star elsewhere than at its end.
    """
    if not may(editor, May.MODERATE):
        raise Refused("only an editor may change a word list")
    if kind not in LISTS:
        raise Refused(
            _("there is no word list `%(kind)s`; there are %(all)s") % {"kind": kind, "all": ", ".join(LISTS)}
        )
    phrases = list(dict.fromkeys(" ".join(each.lower().split()) for each in add if each.strip()))
    for phrase in phrases:
        if len(phrase) > LONGEST:
            values = {"entry": phrase[:20], "count": len(phrase), "most": LONGEST}
            raise Refused(_("the entry `%(entry)s…` has %(count)s characters; %(most)s are allowed") % values)
    WordList(phrases)
    with transaction.atomic():
        journal.begin()
        dropped = WordListEntry.objects.filter(pk__in=drop, kind=kind).delete()[0]
        added = 0
        for phrase in phrases:
            entry, made = WordListEntry.objects.get_or_create(phrase=phrase, defaults={"kind": kind})
            if not made and entry.kind != kind:
                entry.kind = kind
                entry.save(update_fields=("kind",))
                made = True
            added += made
        if added or dropped:
            journal.append(
                journal.Entry(
                    act="words",
                    by="editor",
                    subject="rules",
                    public={"list": kind, "added": added, "dropped": dropped},
                    actor=editor,
                )
            )
    return added, dropped


def switch(article: Article, editor: Account, to: str) -> Article:
    """Hold all comments under an article or not; close it for comments or open it.

    Parameters
    ----------
    article, editor
        Where, as the editor saw it, and who does it.
    to
        ``hold``, ``flow``, ``close`` or ``open``.

    Raises
    ------
    Refused
        Not an editor; no such switch; the article is a draft or withdrawn, or is that way already.
    Conflict
        The article's switches were changed meanwhile.
    """
    if not may(editor, May.MODERATE):
        raise Refused("only an editor may do this")
    if to not in SWITCHES:
        raise Refused(
            _("there is no switch `%(name)s`; there are %(all)s") % {"name": to, "all": ", ".join(SWITCHES)}
        )
    with transaction.atomic():
        journal.begin()
        found = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
        if found.state not in (Article.State.PUBLISHED, Article.State.CLOSED):
            raise Refused(_("the article is %(state)s") % {"state": found.get_state_display()})
        if (found.premoderate, found.state) != (article.premoderate, article.state):
            raise Conflict()
        before = found.state
        if to in {"hold", "flow"}:
            if found.premoderate == (to == "hold"):
                raise Refused(_("it is so already: %(what)s") % {"what": switch_words(to)})
            found.premoderate = to == "hold"
        else:
            state = Article.State.CLOSED if to == "close" else Article.State.PUBLISHED
            if found.state == state:
                raise Refused(_("it is so already: %(what)s") % {"what": switch_words(to)})
            found.state = state
        found.save(update_fields=("premoderate", "state"))
        journal.append(
            journal.Entry(
                act="switch",
                by="editor",
                subject="article",
                subject_id=found.pk,
                article=found,
                before=before,
                after=found.state,
                public={"switch": to},
                actor=editor,
            )
        )
        touch(found)
    return found
