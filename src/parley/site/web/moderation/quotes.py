"""The words of a comment that its answers quote: shown as long as the comment is, and no longer.

What lives here: the quotation, and taking it away or back with the comment it comes from. What may not:
transactions of its own, words that a writer typed: only the line that the site put before them changes.
"""

from __future__ import annotations

import re

from parley.site.web.cleaning import made
from parley.site.web.models import Comment, CommentEdit, State

__all__ = ["quotation", "renew"]

_LONGEST = 300  # characters of a comment that its answer quotes


def quotation(comment: Comment) -> str:
    """Return the beginning of a comment's words as a block quote in Markdown that cannot be anything else.

    Of a comment that is not shown it is the number alone.
    """
    from parley.site.text.markdown import render

    if comment.state != State.VISIBLE:
        return f"> (#{comment.pk})"
    source = comment.source
    if comment.quoted_id is not None and (line := _line(comment.quoted_id).match(source)):
        source = source[line.end() :].lstrip()  # its own words alone: those that it quotes may have to go too
    words = " ".join(render(source, limit=max(1, len(source))).plain.split())
    if len(words) > _LONGEST:
        words = words[: _LONGEST - 1].rstrip() + "…"
    escaped = "".join(f"\\{letter}" if letter in "\\`*_[]()<>#&!|~" else letter for letter in words)
    name = comment.author.name if comment.author else comment.signed
    return f"> {escaped} (#{comment.pk}{', ' + name if name else ''})"


def _line(key: int) -> re.Pattern[str]:
    """Match the line that the site puts before an answer to the comment of this number."""
    return re.compile(rf"> (?:[^\n]* )?\(#{key}(?:, [^\n]*)?\)(?=\n\n)")


def renew(comment: Comment) -> None:
    """Write anew what answers quote of a comment, after it was hidden, shown again, or lost its name.

    A quotation that the writer of the answer changed is theirs, and stays.
    """
    line = _line(comment.pk)
    answers = Comment.objects.select_for_update(of=("self",)).filter(quoted=comment)
    words = ""
    for each in answers.exclude(state=State.WITHDRAWN).order_by("pk"):
        words = words or quotation(comment)
        texts: tuple[CommentEdit | Comment, ...] = (*each.edits.all(), each)
        for text in texts:
            found = line.match(text.source)
            if found is None or found[0] == words:
                continue
            text.source = words + text.source[found.end() :]
            text.html = made(text.source)
            fields = ["source", "html"]
            if isinstance(text, Comment):
                text.revision += 1  # who looks at the old words, or is changing them, has to look again
                fields.append("revision")
            text.save(update_fields=fields)
