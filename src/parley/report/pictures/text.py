"""Text in a picture: how wide it is, where its lines end, where labels stand beside each other.

What lives here: estimates that need no font file, and placement. What may not: what a text says.

Nobody knows which font a reader's machine has. Widths are those of DejaVu Sans, the widest of the usual
ones, so that what fits here fits everywhere.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

__all__ = ["spread", "text_width", "wrap"]

_WIDTHS = {  # hundredths of the font's size
    27: "'",
    28: "ijl",
    29: "IJ",
    32: " ,.",
    34: "/:;\\|",
    35: "f",
    36: "-",
    39: "()[]t",
    40: "!",
    41: "r",
    46: '"',
    50: "*_`\N{EN DASH}",
    52: "sz",
    53: "?",
    55: "c",
    56: "L",
    58: "Fk",
    59: "vxy",
    60: "P",
    61: "TYao",
    62: "e",
    63: "ESbdghnpqu",
    64: "$0123456789{}",
    66: "K",
    68: "AV",
    69: "BRXZ",
    70: "C",
    73: "U",
    75: "HN",
    77: "DG",
    78: "&",
    79: "OQ",
    82: "w",
    84: "#+<=>^~\N{MULTIPLICATION SIGN}",
    86: "M",
    95: "%",
    97: "m",
    99: "W",
    100: "@\N{HORIZONTAL ELLIPSIS}",
}
_WIDTH = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_OTHER = 79  # a letter that is not in the table: accented, Greek, Cyrillic
_IDEOGRAPH = 100
_BOLD = 1.14  # how much wider bold text is


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Estimate how wide a text is.

    Parameters
    ----------
    text
        One line.
    size
        Of the font, in units of the picture.
    bold
        Whether it is set in bold.

    Returns
    -------
    Width in units of the picture; rather too large than too small.

    Examples
    --------
    >>> text_width("0.5", 10), text_width("", 10)
    (16.0, 0.0)
    """
    total = sum(_WIDTH.get(letter) or _unlisted(letter) for letter in text)
    return total * size / 100 * (_BOLD if bold else 1.0)


def _unlisted(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return _IDEOGRAPH
    base = unicodedata.normalize("NFD", letter)[0]
    return _WIDTH.get(base, _OTHER)


def wrap(text: str, size: float, width: float, *, lines: int, bold: bool = False) -> list[str]:
    """Break a text into lines that fit a width, between words where that is possible.

    Parameters
    ----------
    text
        Blanks and line ends in it count as one blank.
    size, bold
        Of the font.
    width
        In units of the picture.
    lines
        At most so many; what does not fit is cut, and an ellipsis says so.

    Returns
    -------
    list of str
        At least one line, the only one empty where the text is.

    Examples
    --------
    >>> wrap("the chance of a clean failure", 10, 100, lines=3)
    ['the chance of a', 'clean failure']
    >>> wrap("the chance of a clean failure", 10, 60, lines=2)
    ['the chance', 'of a …']
    """
    found: list[str] = []
    rest = text.split()
    while rest and len(found) < lines:
        line = rest.pop(0)
        while rest and text_width(f"{line} {rest[0]}", size, bold=bold) <= width:
            line += f" {rest.pop(0)}"
        if text_width(line, size, bold=bold) > width:
            line, tail = _split(line, size, width, bold=bold)
            rest = [tail, *rest] if tail else rest
        found.append(line)
    if rest:
        found[-1] = _cut(found[-1], size, width, bold=bold)
    return found or [""]


def _split(word: str, size: float, width: float, *, bold: bool) -> tuple[str, str]:
    """Break a word that is wider than the line; one letter stays in any case."""
    end = 1
    while end < len(word) and text_width(word[: end + 1], size, bold=bold) <= width:
        end += 1
    return word[:end], word[end:]


def _cut(line: str, size: float, width: float, *, bold: bool) -> str:
    """Put an ellipsis behind a line, in the place of its last words or letters where there is no room."""
    while line and text_width(f"{line} …", size, bold=bold) > width:
        line = line[: line.rindex(" ")] if " " in line else line[:-1]
    return f"{line} …" if line else "…"


def spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Place labels in a column so that none covers another, each as near as can be to where it wants to be.

    Parameters
    ----------
    wanted
        ``[label]`` where the middle of each label wants to be.
    heights
        ``[label]`` their heights.
    low, high
        The ends of the column.

    Returns
    -------
    ``[label]`` the middles, inside the column where it is high enough for all; else the labels run over its
    end. The sum of the squared distances is the smallest there is (the pool-adjacent-violators method of
    isotonic regression; Barlow et al., Statistical Inference under Order Restrictions, 1972).

    Examples
    --------
    >>> spread([10, 12, 50], [10, 10, 10], 0, 100)
    [6.0, 16.0, 50.0]
    """
    order = sorted(range(len(wanted)), key=lambda each: (wanted[each], each))
    pools: list[list[float]] = []  # where the first label of a pool would start, and how many it holds
    used = 0.0
    for each in order:
        pools.append([wanted[each] - heights[each] / 2 - used, 1.0])
        used += heights[each]
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            start, count = pools.pop()
            before, held = pools.pop()
            pools.append([(before * held + start * count) / (held + count), held + count])
    starts = [start for start, count in pools for _ in range(int(count))]
    found = [0.0] * len(wanted)
    above = 0.0
    for each, start in zip(order, starts, strict=True):
        inside = max(min(start, high - used), low)
        found[each] = inside + above + heights[each] / 2
        above += heights[each]
    return found
