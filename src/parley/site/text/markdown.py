"""Markdown of readers and authors as HTML that is safe to put into a page.

What lives here: the parser, the list of what may pass, links, the limits. What may not: templates, storage.

Two fences stand one behind the other. The parser (CommonMark, no HTML, no pictures, no reference definitions)
makes only the tags of a short list, and asks `checked_link` about every address. Its output then passes
through an allow-list cleaner (nh3), which knows nothing of Markdown and would stop what the first fence let
through. Texts that would take long are refused before they are parsed; nesting is refused, never cut off.

`SANITISER` is stored beside the HTML. Raise it whenever what may pass changes: stored HTML is then made again
from its source.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from parley.errors import TextError
from parley.site.text.paths import same_site

if TYPE_CHECKING:
    import nh3
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

__all__ = ["AUTHOR_LIMIT", "READER_LIMIT", "SANITISER", "Rendered", "checked_link", "normalised", "render"]

SANITISER = 1
READER_LIMIT = 3_000  # characters
AUTHOR_LIMIT = 100_000
DEEPEST = 8  # quotes and lists inside one another, and emphasis likewise
# From each "[" before a "](" the parser looks ahead through the paragraph: the most brackets × characters.
LOOK_AHEAD = {False: 30_000, True: 1_500_000}
LONGEST_BARE = 1_000  # characters of an address without markup that becomes a link
MARKS_ON_A_LETTER = 6  # Vietnamese and Hebrew need two or three, a heap over the lines above needs many

_SCHEMES = ("http", "https", "mailto")
_TAGS = frozenset(
    {"p", "br", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a", "bdi", "hr"}
)
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_DIRECTED = ("p", "li", "blockquote", "pre", *sorted(_HEADINGS))
_NESTS = frozenset(
    f"{kind}_{end}" for kind in ("blockquote", "bullet_list", "ordered_list") for end in ("open", "close")
)
_REL = {False: "nofollow ugc noopener", True: "noopener"}
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_DIRECTION = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BARE = re.compile(r"https?://[^\s<>\"'`\\]+", re.IGNORECASE)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(.*)", re.IGNORECASE | re.DOTALL)
_WEB = re.compile(r"//(?:[\w-]+(?:\.[\w-]+)*\.?|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?(?:[/?#][^\\\s]*)?")
_MAIL = re.compile(r"[^@\s/\\?&]+@[^@\s/\\?&]+")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as it is stored beside its source.

    Attributes
    ----------
    html
        Safe HTML.
    plain
        The same words without markup, without controls of the direction of writing, for mail, search and
        comparison.
    links
        Where its links lead, in order.
    quotes
        The words of its block quotes, in order (of quotes inside one another, the outermost).
    sanitiser
        The version of the rules that made it.
    """

    html: str
    plain: str
    links: tuple[str, ...]
    quotes: tuple[str, ...]
    sanitiser: int = SANITISER


def render(source: str, *, author: bool = False, limit: int | None = None) -> Rendered:
    r"""Turn a text in Markdown into safe HTML and as plain words.

    Parameters
    ----------
    source
        What was typed.
    author
        The text is an article's: headings stay headings (one level down: the page has its own first heading),
        links into the site are allowed, links are followed by search engines, and the limit is higher.
    limit
        The most characters taken; by default 3,000 from readers and 100,000 from authors.

    Raises
    ------
    TextError
        The text is empty, too long, holds characters that nobody can see, is nested too deep, or holds so
        many brackets that parsing it would take long.

    Examples
    --------
    >>> render("*Blame* falls on [us](javascript:alert(1)).").html
    '<p dir="auto"><em>Blame</em> falls on [us](javascript:alert(1)).</p>\n'
    >>> print(render("see <https://example.org/a>").html.strip())
    <p dir="auto">see <a href="https://example.org/a" rel="nofollow ugc
    noopener"><bdi>https://example.org/a</bdi></a></p>
    """
    text = normalised(source, limit=limit or (AUTHOR_LIMIT if author else READER_LIMIT))
    _refuse_slow(text, author=author)
    parser = _parser(author)
    tokens = parser.parse(text)
    _refuse_deep(tokens)
    links: list[str] = []
    html = parser.renderer.render(_prepared(tokens, author, links), parser.options, {})
    plain, quotes = _words(tokens)
    if not plain:
        raise TextError("empty", "There is nothing to read in this text. Write at least a word.")
    return Rendered(_cleaner(author).clean(html), plain, tuple(links), quotes)


def normalised(source: str, *, limit: int) -> str:
    r"""Return a text with one kind of line end and in composed characters, or say why it cannot be taken.

    Raises
    ------
    TextError
        It is empty or too long, holds controls or broken characters, or heaps of marks on one letter.

    Examples
    --------
    >>> normalised("one\r\ntwo", limit=10)
    'one\ntwo'
    >>> normalised("bell \a", limit=10)
    Traceback (most recent call last):
    ...
    parley.errors.TextError: The character U+0007 (number 6 of the text) cannot be shown. Take it out.
    """
    if len(source) > 4 * limit:  # before any work: nothing shortens a text by more than this
        raise _too_long(len(source), limit)
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", source))
    if len(text) > limit:
        raise _too_long(len(text), limit)
    if not text.strip():
        raise TextError("empty", "There is nothing to read in this text. Write at least a word.")
    unseen = _UNSEEN.search(text)
    if unseen:
        raise TextError(
            "unseen",
            "The character U+%(code)s (number %(place)d of the text) cannot be shown. Take it out.",
            code=f"{ord(unseen.group()):04X}",
            place=unseen.start() + 1,
        )
    _refuse_heaps(text)
    return text


def checked_link(address: str, *, author: bool = False) -> str | None:
    r"""Return an address that a link may lead to, or None.

    Readers may link to whole addresses of the web (http, https, with a host and without a user's name) and to
    mail addresses; authors to paths and places of the same site too. Everything else is refused: other
    schemes however they are spelt, addresses that begin with `//` or hold a backslash.

    Examples
    --------
    >>> checked_link("https://example.org/a?b#c")
    'https://example.org/a?b#c'
    >>> checked_link("//example.org"), checked_link("java\tscript:x"), checked_link("https://bank@evil.example")
    (None, None, None)
    """
    if author and address.startswith("#") and not re.search(r"[\s\\]", address):
        return address
    if author and address.startswith("/"):
        return same_site(address)
    found = _SCHEME.fullmatch(address)
    if found is None or found[1].lower() not in _SCHEMES or _DIRECTION.search(unquote(address)):
        return None
    if any(ord(character) <= 32 or ord(character) == 127 for character in address):
        return None
    pattern = _MAIL if found[1].lower() == "mailto" else _WEB
    return address if pattern.fullmatch(found[2]) else None


def _too_long(length: int, limit: int) -> TextError:
    return TextError(
        "too_long",
        "The text has %(length)d characters; at most %(limit)d are taken. Shorten it.",
        length=length,
        limit=limit,
    )


def _refuse_heaps(text: str) -> None:
    if text.isascii():
        return
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > MARKS_ON_A_LETTER:
            raise TextError("marks", "More than %(most)d marks stand on one letter.", most=MARKS_ON_A_LETTER)


def _refuse_slow(text: str, *, author: bool) -> None:
    work = sum(part.count("[", 0, part.rfind("](") + 1) * len(part) for part in text.split("\n\n"))
    if work > LOOK_AHEAD[author]:
        raise TextError(
            "brackets",
            "The text has %(found)d opening brackets, too many for its paragraphs. Take some out.",
            found=text.count("["),
        )


def _refuse_deep(tokens: Sequence[Token]) -> None:
    deepest = depth = 0
    for token in tokens:
        if token.type in _NESTS:
            depth += token.nesting
            deepest = max(deepest, depth)
    inside = max((child.level for token in tokens for child in token.children or ()), default=0)
    if max(deepest, inside) > DEEPEST:
        raise TextError(
            "nested",
            "Quotes, lists or emphasis are nested more than %(most)d deep. Write it flatter.",
            most=DEEPEST,
        )


@cache
def _parser(author: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Past maxNesting the parser drops text without a word, so it is set beyond what _refuse_deep lets pass.
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 4 * DEEPEST + 8})
    parser.disable(["image", "html_block", "html_inline", "reference"])
    checked = partial(checked_link, author=author)
    parser.validateLink = lambda url: checked(url) is not None  # type: ignore[method-assign]
    parser.inline.ruler.at("link", _link)
    parser.add_render_rule("fence", _code_block)
    parser.add_render_rule("code_block", _code_block)
    parser.add_render_rule("code_inline", _code_inline)
    return parser


def _link(state: StateInline, silent: bool) -> bool:
    """Try the parser's rule for links only where a link can be."""
    from markdown_it.rules_inline import link

    at = state.pos
    return state.src[at] == "[" and state.src.find("](", at) >= 0 and link(state, silent)


@cache
def _cleaner(author: bool) -> nh3.Cleaner:
    import nh3

    tags = set(_TAGS | _HEADINGS if author else _TAGS)
    return nh3.Cleaner(
        tags=tags,
        clean_content_tags={"script", "style"},
        attributes={"a": {"href"}, "ol": {"start"}, **{tag: {"dir"} for tag in _DIRECTED if tag in tags}},
        url_schemes=set(_SCHEMES),
        url_relative="pass_through" if author else "deny",
        link_rel=_REL[author],
        strip_comments=True,
    )


def _code_block(
    renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
) -> str:
    return f'<pre dir="auto"><code>{_escaped(tokens[index].content)}</code></pre>\n'


def _code_inline(
    renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
) -> str:
    return f"<code><bdi>{_escaped(tokens[index].content)}</bdi></code>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _prepared(tokens: list[Token], author: bool, links: list[str]) -> list[Token]:
    """Make headings flat (readers) or one level lower (authors), give each block its direction of writing."""
    prepared: list[Token] = []
    for token in tokens:
        if token.type in ("heading_open", "heading_close") and author:
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
        elif token.type in ("heading_open", "heading_close"):
            token.tag = "p"
        if token.nesting == 1 and token.tag in _DIRECTED:
            token.attrSet("dir", "auto")
        if token.children is not None:
            token.children = list(_linked(token.children, links))
            if prepared and prepared[-1].type == "heading_open" and not author:
                token.children = _strong(token.children)
        prepared.append(token)
    return prepared


def _strong(children: list[Token]) -> list[Token]:
    from markdown_it.token import Token

    return [Token("strong_open", "strong", 1), *children, Token("strong_close", "strong", -1)]


def _linked(children: list[Token], links: list[str]) -> Iterator[Token]:
    """Yield inline tokens in which bare addresses are links, and the words of every link are isolated."""
    inside = False
    for token in children:
        if token.type == "link_open":
            inside = True
            href = str(token.attrGet("href"))
            token.attrs = {"href": href}  # a title would be shown to some readers and not to others
            links.append(href)
            yield token
            yield _isolate(1)
        elif token.type == "link_close":
            inside = False
            yield _isolate(-1)
            yield token
        elif token.type == "text" and not inside:
            yield from _bare(token, links)
        else:
            yield token


def _isolate(nesting: int) -> Token:
    from markdown_it.token import Token

    return Token("bdi_open" if nesting == 1 else "bdi_close", "bdi", -1 if nesting == -1 else 1)


def _bare(token: Token, links: list[str]) -> Iterator[Token]:
    from markdown_it.token import Token

    done = 0
    for found in _BARE.finditer(token.content):
        address = _trimmed(found.group()) if len(found.group()) <= LONGEST_BARE else ""
        if checked_link(address) is None:
            continue
        if found.start() > done:
            yield Token("text", "", 0, content=token.content[done : found.start()])
        done = found.start() + len(address)
        links.append(address)
        yield Token("link_open", "a", 1, attrs={"href": address})
        yield _isolate(1)
        yield Token("text", "", 0, content=address)
        yield _isolate(-1)
        yield Token("link_close", "a", -1)
    if done < len(token.content):
        yield Token("text", "", 0, content=token.content[done:])


def _trimmed(address: str) -> str:
    """Return a bare address without the stop of the sentence, or the bracket, that it stands in."""
    while address:
        if address[-1] in ".,;:!?*_~…”’»" or (
            address[-1] in ")]}"
            and address.count(address[-1]) > address.count("([{"[")]}".index(address[-1])])
        ):
            address = address[:-1]
        else:
            break
    return address


def _words(tokens: Sequence[Token]) -> tuple[str, tuple[str, ...]]:
    """Return the plain words of a text, one line per block, and those of each outermost block quote."""
    lines: list[str] = []
    quotes: list[str] = []
    depth = start = 0
    for token in tokens:
        if token.type == "blockquote_open":
            start = len(lines) if depth == 0 else start
            depth += 1
        elif token.type == "blockquote_close":
            depth -= 1
            if depth == 0:
                quotes.append("\n".join(lines[start:]))
        elif token.children is not None:
            lines.append(_DIRECTION.sub("", "".join(_word(child) for child in token.children)).strip())
        elif token.type in ("fence", "code_block"):
            lines.append(_DIRECTION.sub("", token.content).strip())
    return "\n".join(line for line in lines if line).strip(), tuple(quotes)


def _word(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    return token.content if token.type in ("text", "code_inline") else ""
