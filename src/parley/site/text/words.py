"""Lists of words that make an editor look: found in linear time, shown as they were written, never a verdict.

What lives here: matching. What may not: what follows from a match.

Patterns of an expression language hang on some texts; here the time grows with the length of the text alone
(Aho and Corasick 1975). A word matches as a whole word, whatever its case, accents or width. A second look
undoes the usual disguises: letters of other scripts that look alike, digits and signs for letters, dots or
spaces between letters. A list that fails says so and has no opinion: the text is neither held nor marked for
that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from parley.errors import TextError
from parley.site.text.names import skeleton

__all__ = ["LONGEST", "Match", "Opinion", "WordList"]

LONGEST = 65_536  # bytes of a text that are looked at
MOST_KINDS = 1_200  # different characters in a text: prose of 3,000 characters has fewer, in Chinese too
MOST = 20  # matches reported
_LEET = dict(zip("013457@$!|", "oleastasll", strict=True))
_NOTHING = frozenset({"Mn", "Me", "Cf"})
_SPACED = re.compile(r"(?<!\S)(?:[^\W\d_] ){2,}[^\W\d_](?!\S)")


@dataclass(frozen=True, slots=True)
class Match:
    """A word of the list that a text holds.

    Attributes
    ----------
    entry
        As the list has it.
    found
        As the text has it, after folding of case and width.
    """

    entry: str
    found: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a list says of a text: its matches, or that it could not say anything.

    Attributes
    ----------
    matches
        At most 20, each entry once, in the order of the text.
    failed
        Why there is no opinion; empty when there is one.
    """

    matches: tuple[Match, ...] = ()
    failed: str = ""


@dataclass(frozen=True)
class WordList:
    """A list of words and of phrases; `word*` stands for every word that begins so.

    Parameters
    ----------
    entries
        One word or phrase each; case, accents and width do not count.

    Raises
    ------
    TextError
        An entry has no letter or digit, or a star elsewhere than at its end.

    Examples
    --------
    >>> words = WordList(["darn", "jumping jack*"])
    >>> words.opinion("DARN it, jumping  jackrabbits!").matches
    (Match(entry='darn', found='darn'), Match(entry='jumping jack*', found='jumping jackrabbits'))
    >>> words.opinion("darning socks").matches
    ()
    >>> words.opinion("d.4.r.n").matches
    (Match(entry='darn', found='darn'),)
    """

    entries: Iterable[str]
    _plain: Any = field(init=False, repr=False, compare=False)
    _bare: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        entries = tuple(dict.fromkeys(entry.strip() for entry in self.entries if entry.strip()))
        object.__setattr__(self, "entries", entries)
        object.__setattr__(self, "_plain", _automaton(entries, disguised=False))
        object.__setattr__(self, "_bare", _automaton(entries, disguised=True))

    def opinion(self, text: str) -> Opinion:
        """Find the words of the list that a text holds.

        Parameters
        ----------
        text
            Plain words, without markup. Of a text of more than 64 KiB, or of more than 1,200 different
            characters, there is no opinion.
        """
        try:
            size, kinds = len(text.encode("utf-8", "surrogatepass")), len(set(text))
            if size > LONGEST or kinds > MOST_KINDS:
                return Opinion(failed=f"the text has {size} bytes and {kinds} different characters: too many")
            matches = self._matches(text)
        except Exception as fault:  # whatever it is: a broken list must not stop people from writing
            return Opinion(failed=f"{type(fault).__name__}: {fault}")
        return Opinion(matches)

    def _matches(self, text: str) -> tuple[Match, ...]:
        if self._plain is None:
            return ()
        seen: dict[str, Match] = {}
        plain = _line(text, _PLAIN)
        _search(self._plain, plain, seen)
        disguised = _joined(_line(text, _SHAPE))
        if len(seen) < MOST and disguised != plain:
            _search(self._bare, disguised, seen)
        return tuple(seen.values())


def _search(automaton: Any, line: str, seen: dict[str, Match]) -> None:
    for end, (entry, length, open_ended) in automaton.iter(line):
        if entry in seen:
            continue
        stop = line.index(" ", end) if open_ended or line[end] != " " else end
        seen[entry] = Match(entry, line[end - length + 1 : stop].strip())
        if len(seen) >= MOST:
            return


def _automaton(entries: Iterable[str], *, disguised: bool) -> Any:
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for entry in entries:
        word, open_ended = entry.removesuffix("*"), entry.endswith("*")
        line = _joined(_line(word, _SHAPE)) if disguised else _line(word, _PLAIN)
        if "*" in word or not line.strip():
            raise TextError(
                "entry",
                "The entry %(entry)s of a word list is no word, or has a star before its end.",
                entry=entry,
            )
        pattern = line[:-1] if open_ended else line
        automaton.add_word(pattern, (entry, len(pattern), open_ended))
    if not len(automaton):
        return None
    automaton.make_automaton()
    return automaton


class _Folding(dict[int, str]):
    """How a character is written when case, width and accents do not count; a space for what is no letter.

    For the second look shape does not count either. Filled as characters come, because `str.translate` then
    does the rest without a loop of ours.
    """

    def __init__(self, *, shape: bool) -> None:
        self.shape = shape

    def __missing__(self, code: int) -> str:
        folded = self._folded(chr(code))
        if len(self) < 16 * MOST_KINDS:
            self[code] = folded
        return folded

    def _folded(self, character: str) -> str:
        if self.shape and character in _LEET:
            return _LEET[character]
        if unicodedata.category(character) in _NOTHING:
            return ""
        wide = unicodedata.normalize("NFKC", character).casefold()
        folded = "".join(
            part if part.isalnum() else " "
            for part in unicodedata.normalize("NFD", wide)
            if unicodedata.category(part) not in _NOTHING
        )
        if self.shape and not folded.isascii():
            folded = skeleton(folded) or folded
        if len(folded) > 4:  # one sign for a whole sentence (U+FDFA) would make a text twenty times as long
            return character
        return unicodedata.normalize("NFC", folded)


_PLAIN = _Folding(shape=False)
_SHAPE = _Folding(shape=True)


def _line(text: str, folding: _Folding) -> str:
    """Return the words of a text with one space before, between and behind them."""
    return f" {' '.join(text.translate(folding).split())} "


def _joined(line: str) -> str:
    """Write single letters that stand apart as one word, so that no word hides in them."""
    return _SPACED.sub(lambda found: found.group().replace(" ", ""), line)
