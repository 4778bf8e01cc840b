"""Stored HTML of readers is made again from its source when the rules of the sanitiser change.

What lives here: finding what older rules made, and making it anew. What may not: the rules
(``parley.site.text.markdown``).
"""

from __future__ import annotations

from html import escape

from django.conf import settings
from django.db import transaction

from parley.errors import TextError
from parley.site.text.markdown import SANITISER, render
from parley.site.web.models import Challenge, Comment
from parley.site.web.revisions import touch

__all__ = ["clean_again", "made"]


def clean_again(most: int = 500) -> int:
    """Make anew the HTML of comments, their earlier texts and authors' answers that older rules passed.

    A text that the present rules refuse is shown as it was typed, without markup: what older rules let
    through is never shown again.

    Parameters
    ----------
    most
        Comments in one go; each is a transaction of its own.

    Returns
    -------
    int
        How many comments were made anew.
    """
    old = Comment.objects.filter(sanitiser__lt=SANITISER).order_by("pk").values_list("pk", flat=True)
    keys = list(old[:most])
    for key in keys:
        with transaction.atomic():
            comment = Comment.objects.select_for_update(of=("self",)).get(pk=key)
            html = made(comment.source) if comment.source else ""
            Comment.objects.filter(pk=key).update(html=html, sanitiser=SANITISER)
            for edit in comment.edits.all():
                edit.html = made(edit.source)
                edit.save(update_fields=("html",))
            for answered in Challenge.objects.filter(comment=key).exclude(answer_source=""):
                Challenge.objects.filter(pk=answered.pk).update(answer_html=made(answered.answer_source))
            touch(comment.article_id)
    return len(keys)


def made(source: str) -> str:
    """Return the HTML of a text that was taken before; where it is refused now, as it was typed."""
    try:
        return render(source, limit=max(settings.PARLEY_RULES.comment_characters, len(source))).html
    except TextError:
        return f'<p dir="auto">{escape(source)}</p>\n'
