"""What a reader searches for, and the piece of a text in which it stands.

What lives here: reading a query, cutting an excerpt. What may not: an index, HTML: the pieces are plain
text, which the template escapes and marks.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["LONGEST_QUERY", "Piece", "Query", "excerpt", "fold", "read_query"]

LONGEST_QUERY = 200  # characters
MOST_TERMS = 10
_PART = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: words by their beginning, phrases as they stand, and what must not be there.

    A term is a tuple of words; ``phrases`` and ``without`` hold terms, ``words`` single words.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    without: tuple[tuple[str, ...], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to be found."""
        return not self.words and not self.phrases


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an excerpt; ``hit`` where it is what was looked for."""

    text: str
    hit: bool = False


def read_query(text: str) -> Query:
    """Read what somebody typed; nothing in it is an operator but quotation marks and a leading minus.

    At most ten terms of the first 200 characters are taken.

    Examples
    --------
    >>> read_query('drone* "the talks" -NEAR(x')
    Query(words=('drone',), phrases=(('the', 'talks'),), without=(('NEAR', 'x'),))
    >>> read_query('"" * -').empty
    True
    """
    words: list[str] = []
    phrases: list[tuple[str, ...]] = []
    without: list[tuple[str, ...]] = []
    for minus, phrase, bare in _PART.findall(unicodedata.normalize("NFC", text)[:LONGEST_QUERY])[:MOST_TERMS]:
        found = tuple(each for each in _WORD.findall(phrase or bare) if any(map(str.isalnum, each)))
        if not found:
            continue
        if minus:
            without.append(found)
        elif phrase or len(found) > 1:
            phrases.append(found)
        else:
            words.extend(found)
    return Query(tuple(words), tuple(phrases), tuple(without))


def fold(text: str) -> str:
    """Return a text without the accents of its Latin letters, letter for letter: as long as it was.

    An index finds words so. Letters that are no others with a mark (ø, ß) and other scripts stay as they are.

    Examples
    --------
    >>> fold("Müller im Café, Łódź"), fold("Ελλάδα")
    ('Muller im Cafe, Łodz', 'Ελλάδα')
    """
    return text if text.isascii() else "".join(map(_bare, text))


@lru_cache(4096)
def _bare(letter: str) -> str:
    apart = unicodedata.normalize("NFD", letter)
    first, marks = apart[:1], apart[1:]
    return first if first.isascii() and marks and all(map(unicodedata.combining, marks)) else letter


def excerpt(text: str, query: Query, longest: int = 240) -> tuple[Piece, ...]:
    """Cut the part of a text in which the first hit stands, with all hits told apart.

    Examples
    --------
    >>> excerpt("The talks will fail.", read_query("talk"))
    (Piece(text='The ', hit=False), Piece(text='talks', hit=True), Piece(text=' will fail.', hit=False))
    """
    pattern = _pattern(query)
    folded = fold(text)  # as long as the text: places in the one are places in the other
    first = pattern.search(folded) if pattern else None
    start, end = _around(text, first.start() if first else 0, longest)
    cut = text[start:end]
    pieces: list[Piece] = [Piece("… ")] if start else []
    at = 0
    for found in pattern.finditer(folded[start:end]) if pattern else ():
        if found.start() > at:
            pieces.append(Piece(cut[at : found.start()]))
        pieces.append(Piece(cut[found.start() : found.end()], hit=True))
        at = found.end()
    if at < len(cut):
        pieces.append(Piece(cut[at:]))
    if end < len(text):
        pieces.append(Piece(" …"))
    return tuple(pieces)


def _pattern(query: Query) -> re.Pattern[str] | None:
    terms = [rf"\b{re.escape(fold(each))}\w*" for each in query.words]
    terms += [
        r"\b" + r"\W+".join(re.escape(fold(each)) for each in phrase) + r"\b" for phrase in query.phrases
    ]
    return re.compile("|".join(terms), re.IGNORECASE) if terms else None


def _around(text: str, at: int, longest: int) -> tuple[int, int]:
    """Return a window around a place that begins and ends between words."""
    start = max(0, at - longest // 3)
    if start:
        gap = text.find(" ", start, at)
        start = gap + 1 if gap >= 0 else start
    end = min(len(text), start + longest)
    if end < len(text):
        gap = text.rfind(" ", at, end)
        end = gap if gap > at else end
    return start, end
