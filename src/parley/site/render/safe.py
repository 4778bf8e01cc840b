"""Text that is HTML already, and how it comes to be trusted.

What lives here: the one type that templates write without escaping. What may not: sanitising (the rooms
``parley.site.text`` and ``parley.site.model`` do it).

Templates escape every value. They never say ``|safe`` (a test reads them): only a value of type
:class:`Safe` is written as it is, so that whoever makes one has to say where it comes from.
"""

from __future__ import annotations

import re

from markupsafe import Markup

__all__ = ["NOTHING", "Safe", "picture", "sanitised"]

# The one inline rule of the report's pictures; parley.css has it in its place.
_PAPER = ' style="stroke:var(--paper)"'
_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
_TAG = re.compile(r"<[^>\"]*(?:\"[^\"]*\"[^>\"]*)*>?")
_VALUE = re.compile(r'"[^"]*"')
_LIVE = re.compile(
    r"<(?:script|foreignobject|iframe|object|embed|style|link|animate\w*|set|use|image|a)\b"
    r"|\bon\w+\s*=|\bstyle\s*=|\bhref\s*=|'|<!|<\?",
    re.IGNORECASE,
)


class Safe(Markup):
    """HTML that is written into a page as it is.

    Make one with :func:`sanitised` or :func:`picture`, never from a reader's words.
    """

    __slots__ = ()


NOTHING = Safe("")


def sanitised(html: str) -> Safe:
    """Take HTML that the sanitiser has passed: a comment's or a bio's stored HTML, a block of an article.

    Parameters
    ----------
    html
        What ``parley.site.text.markdown.render`` or ``parley.site.model`` returned, and nothing else.

    Examples
    --------
    >>> sanitised("<p>It <em>leans</em>.</p>")
    Safe('<p>It <em>leans</em>.</p>')
    """
    return Safe(html)


def picture(svg: str) -> Safe:
    """Take a picture that Parley has drawn, for a page under a policy without inline styles.

    The picture's own style sheet is left out: it stands once in ``parley.css``. What could run, load or lead
    somewhere is refused, although no picture of ours has any.

    Parameters
    ----------
    svg
        One SVG element.

    Raises
    ------
    ValueError
        When it is no SVG element, or holds something alive.

    Examples
    --------
    >>> picture('<svg viewBox="0 0 1 1"><style>.a{fill:red}</style><path class="a" d="M0 0"/></svg>')
    Safe('<svg viewBox="0 0 1 1"><path class="a" d="M0 0"/></svg>')
    >>> picture('<svg onload="alert(1)"></svg>')
    Traceback (most recent call last):
    ...
    ValueError: a picture holds something alive: 'onload='
    """
    plain = _STYLE.sub("", svg).replace(_PAPER, ' data-on="paper"').strip()
    if not (plain.startswith("<svg") and plain.endswith("</svg>")):
        raise ValueError(f"{plain[:40]!r} is no picture: it is not one <svg> element")
    for tag in _TAG.findall(plain):
        alive = _LIVE.search(_VALUE.sub('""', tag))  # in values the same words are only words
        if alive:
            raise ValueError(f"a picture holds something alive: {alive.group()!r}")
    return Safe(plain)
