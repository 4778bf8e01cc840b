"""The body of an article: an author's Markdown as safe HTML, block by block, its claims lit.

What lives here: Markdown to blocks, and where each lit passage stands. What may not: the model, pictures.

An author's text is trusted no further than a reader's: raw HTML is text, links lead to http, https, mail
or a place on the page, and what comes out goes through a second filter (nh3) that knows nothing of the
first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from parley.site.model.article import Block, Passage
from parley.site.model.errors import EditionError

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

__all__ = ["CONTEXT", "LENGTH_LIMIT", "SANITISER", "Body", "body"]

SANITISER = 1  # version of the rules below: a stored text says by which it was made
LENGTH_LIMIT = 200_000  # characters of an article
CONTEXT = 32  # characters before and after a passage that help to find it
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MARK = re.compile(r"\{#([^{}\n]*)\}")
_LINK = re.compile(r"(?:https?://[^/\\]|mailto:[^/\\]|#)", re.IGNORECASE)
_TAGS = {
    "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "em", "strong", "code", "pre",
    "a", "sup", "br", "hr",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title", "class", "id", "rel"},
    "ol": {"start"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "h5": {"id"},
    "h6": {"id"},
}


@dataclass(frozen=True, slots=True)
class Body:
    """An article's blocks, the passages lit in them, its plain text and the number of its words."""

    blocks: tuple[Block, ...]
    passages: tuple[Passage, ...]
    text: str
    words: int


def body(article: str, kinds: Mapping[str, str]) -> Body:
    r"""Make safe blocks of an article.

    Parameters
    ----------
    article
        Markdown without front matter and model, with passages marked ``[words]{#name}``.
    kinds
        Name of every passage -> one of :data:`parley.site.model.article.KINDS`.

    Returns
    -------
    Body
        Passages numbered from 1 in reading order.

    Raises
    ------
    EditionError
        The text is too long, a link leads where no link may, a picture stands in the text, or a passage
        cannot be lit: it is not found, lies in another or around a link, or its words and those around
        it occur twice.

    Examples
    --------
    >>> found = body("[Talks *fail*]{#a}.\n", {"a": "assumption"})
    >>> found.blocks[0].html
    '<p><a class="claim claim-assumption" id="p-a" href="#claim-a">Talks <em>fail</em><sup>1</sup></a>.</p>'
    >>> found.passages[0].exact, found.passages[0].suffix
    ('Talks fail', '.')
    """
    if len(article) > LENGTH_LIMIT:
        raise EditionError(f"the article has {len(article):,} characters; the limit is {LENGTH_LIMIT:,}")
    numbers: dict[str, int] = {}
    tokens = _parser().parse(_COMMENT.sub("", article))
    _prepare(tokens, kinds, numbers)
    blocks, texts, places = [], list[str](), dict[str, tuple[int, int]]()
    length = 0
    for part in _parts(tokens):
        text = "\n".join(_plain(token, places, length) for token in part if token.type == "inline")
        if part[0].type in ("fence", "code_block"):
            text = part[0].content
        blocks.append(_block(part, text))
        texts.append(text)
        length += len(text) + 1
    text = "\n".join(texts)
    missing = [name for name in kinds if name not in places]
    if missing:
        raise EditionError(
            f"the passage {missing[0]!r} is not found in the text of the article: mark words of a paragraph, "
            "a heading or a list"
        )
    passages = tuple(
        _passage(name, number, kinds[name], text, *places[name]) for name, number in numbers.items()
    )
    return Body(tuple(blocks), passages, text, len(text.split()))


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False})
    parser.inline.ruler.before("link", "passage", _passage_rule)
    parser.add_render_rule("passage_open", _open)
    parser.add_render_rule("passage_close", _close)
    return parser


def _passage_rule(state: StateInline, silent: bool) -> bool:
    """Read ``[words]{#name}``."""
    if state.src[state.pos] != "[":
        return False
    start, stop = state.pos + 1, state.md.helpers.parseLinkLabel(state, state.pos)
    if stop < 0 or state.src[stop + 1 : stop + 3] != "{#":
        return False
    mark = _MARK.match(state.src, stop + 1)
    if mark is None:
        return False
    if not silent:
        end = state.posMax
        state.pos, state.posMax = start, stop
        state.push("passage_open", "a", 1).meta = {"name": mark[1].strip()}
        state.md.inline.tokenize(state)
        state.push("passage_close", "a", -1)
        state.posMax = end
    state.pos = mark.end()
    return True


def _open(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    meta = tokens[index].meta
    name = escape(meta["name"])
    return f'<a class="claim claim-{meta["kind"]}" id="p-{name}" href="#claim-{name}">'


def _close(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return f"<sup>{tokens[index].meta['number']}</sup></a>"


def _prepare(tokens: Sequence[Token], kinds: Mapping[str, str], numbers: dict[str, int]) -> None:
    """Give passages their numbers, check links, and bring headings below the title."""
    anchors: set[str] = set()
    for index, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{max(2, int(token.tag[1]))}"
        if token.type == "heading_open":
            token.attrSet(
                "id", _anchor("".join(each.content for each in tokens[index + 1].children or ()), anchors)
            )
        _check(token.children or (), kinds, numbers)


def _check(children: Sequence[Token], kinds: Mapping[str, str], numbers: dict[str, int]) -> None:
    inside: str | None = None
    for token in children:
        if token.type == "image":
            source = token.attrs.get("src", "")
            raise EditionError(
                f"the picture {source!r} stands in the text: list it under `pictures` at the top of the file"
            )
        if token.type == "link_open":
            _check_link(token, inside)
        elif token.type == "passage_open":
            name = token.meta["name"]
            if inside is not None:
                raise EditionError(f"the passage {name!r} lies inside {inside!r}: mark one of the two")
            if name not in kinds or name in numbers:
                raise EditionError(f"the passage {name!r} is marked twice or unknown to the model")
            inside = name
            numbers[name] = len(numbers) + 1
            token.meta["kind"] = kinds[name]
        elif token.type == "passage_close":
            token.meta["number"] = len(numbers)
            inside = None


def _check_link(token: Token, inside: str | None) -> None:
    address = str(token.attrs.get("href", ""))
    if inside is not None:
        raise EditionError(f"the passage {inside!r} has a link in it: mark words beside the link")
    if not _LINK.match(address):
        raise EditionError(f"the link to {address[:80]!r} leads nowhere: write it in full, with https://")
    if not address.startswith("#"):
        token.attrSet("rel", "noopener")


def _anchor(text: str, taken: set[str]) -> str:
    stem = "s-" + ("-".join(re.findall(r"\w+", text.lower())) or "part")
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    taken.add(name)
    return name


def _parts(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield the tokens of one top-level block after the other."""
    part: list[Token] = []
    depth = 0
    for token in tokens:
        part.append(token)
        depth += token.nesting
        if depth == 0:
            yield part
            part = []


def _block(part: list[Token], text: str) -> Block:
    import nh3

    parser = _parser()
    drawn = parser.renderer.render(part, parser.options, {}).strip()
    html = nh3.clean(
        drawn, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None, url_schemes={"http", "https", "mailto"}
    )
    passages = tuple(
        child.meta["name"] for token in part for child in token.children or () if child.type == "passage_open"
    )
    heading = part[0].type == "heading_open"
    return Block(
        kind="heading" if heading else "prose",
        html=html,
        passages=passages,
        anchor=str(part[0].attrs["id"]) if heading else None,
    )


def _plain(token: Token, places: dict[str, tuple[int, int]], start: int) -> str:
    """Return the words of a block without marks, and note where passages begin and end in the whole text."""
    pieces: list[str] = []
    size, name, begun = 0, "", 0
    for child in token.children or ():
        if child.type == "passage_open":
            name, begun = child.meta["name"], size
        elif child.type == "passage_close":
            places[name] = (start + begun, start + size)
        elif child.type in ("softbreak", "hardbreak"):
            pieces.append(" ")
            size += 1
        elif child.content:
            pieces.append(child.content)
            size += len(child.content)
    return "".join(pieces)


def _passage(name: str, number: int, kind: str, text: str, start: int, stop: int) -> Passage:
    exact = text[start:stop]
    prefix, suffix = text[max(0, start - CONTEXT) : start], text[stop : stop + CONTEXT]
    whole = prefix + exact + suffix
    if not exact.strip() or text.find(whole) != text.rfind(whole):
        raise EditionError(
            f"the passage {name!r} ({exact[:60]!r}) cannot be told from another place with the same words: "
            "mark more of them"
        )
    return Passage(name, number, kind, exact, prefix, suffix)
