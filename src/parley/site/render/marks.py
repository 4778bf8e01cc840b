"""Small pictures beside numbers: where advice flips, a share before and after, the room to a flip.

What lives here: places and shapes. What may not: where the numbers come from.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import escape

from parley.site.render.safe import Safe, picture

__all__ = ["dumbbell", "room_bar", "strip"]

_WIDE, _HIGH, _MIDDLE = 300.0, 44.0, 18.0
_FULL_ROOM = 6.0  # half-ranges that fill the bar


def strip(
    points: Sequence[tuple[float, float | None]],
    low: float,
    high: float,
    *,
    author: float,
    judged: tuple[float, float] | None = None,
    flips: Sequence[float] = (),
) -> Safe:
    """Draw how often the author's advice does better along an assumption; ▲ is where that crosses one half.

    Parameters
    ----------
    points
        Values of the assumption, ascending, each with the share of runs (0 to 1); None where nothing was
        solved.
    low, high
        The ends, those of the slider below.
    author, judged
        The author's value and range.
    flips
        Where the advice flips.

    Examples
    --------
    >>> drawn = strip([(0.0, 0.2), (1.0, 0.8)], 0.0, 1.0, author=0.7, flips=[0.5])
    >>> drawn.count('class="flip"'), 'class="share" d="M0 28.8L300 7.2"' in drawn
    (1, True)
    """

    def place(value: float) -> str:
        share = min(max((value - low) / (high - low), 0.0), 1.0) if high > low else 0.5
        return f"{share * _WIDE:.4g}"

    runs: list[list[tuple[str, str]]] = [[]]
    for value, share in points:
        if share is None:
            runs.append([])
        else:
            runs[-1].append((place(value), f"{_MIDDLE + (0.5 - share) * 2 * _MIDDLE:.3g}"))
    drawn = [run for run in runs if run]
    line = "".join("M" + "L".join(f"{x} {y}" for x, y in run) for run in drawn)
    area = "".join(
        f"M{run[0][0]} {_MIDDLE:g}" + "".join(f"L{x} {y}" for x, y in run) + f"L{run[-1][0]} {_MIDDLE:g}Z"
        for run in drawn
    )
    floor = f"{2 * _MIDDLE:g}"
    band = ""
    if judged:
        left, right = (float(place(each)) for each in judged)
        band = f'<rect class="judged" x="{left:g}" width="{max(right - left, 1):.4g}" height="{floor}"/>'
    marks = "".join(f'<path class="flip" d="M{place(each)} {2 * _MIDDLE - 3:g}l5 9h-10Z"/>' for each in flips)
    return picture(
        f'<svg class="strip" viewBox="0 0 {_WIDE:g} {_HIGH:g}" aria-hidden="true">'
        f'{band}<path class="area" d="{area}"/>'
        f'<line class="even" x2="{_WIDE:g}" y1="{_MIDDLE:g}" y2="{_MIDDLE:g}"/>'
        f'<path class="share" d="{line}"/>'
        f'<line class="author" x1="{place(author)}" x2="{place(author)}" y2="{floor}"/>{marks}</svg>'
    )


def dumbbell(author: float, reader: float, left: str, right: str, title: str) -> Safe:
    """Draw a share before and after a reader's changes, between never and always, the middle marked.

    Parameters
    ----------
    author, reader
        Shares of runs in which the author's advice does better, 0 to 1.
    left, right
        What the ends mean: the rival's letter, the advised policy's letter.
    title
        For those who cannot see it.

    Raises
    ------
    ValueError
        When a share is not between 0 and 1.

    Examples
    --------
    >>> "author 63" in dumbbell(0.63, 0.4, "A", "C", "From 63 to 40 of 100 runs")
    True
    """
    for share in (author, reader):
        if not 0 <= share <= 1:
            raise ValueError(f"{share} is no share of runs: shares lie between 0 and 1")
    start, span = 22.0, 276.0
    end, middle = start + span, start + span / 2
    here, there = f"{start + author * span:.4g}", f"{start + reader * span:.4g}"
    labels = _apart(
        [(float(here), f"author {100 * author:.0f}"), (float(there), f"reader {100 * reader:.0f}")]
    )
    words = "".join(
        f'<text x="{x:.4g}" y="42" text-anchor="middle">{escape(text)}</text>' for x, text in labels
    )
    return picture(
        f'<svg class="dumbbell" viewBox="0 0 320 48" role="img"><title>{escape(title)}</title>'
        f'<text class="end" x="4" y="20">{escape(left)}</text>'
        f'<text class="end" x="316" y="20" text-anchor="end">{escape(right)}</text>'
        f'<line class="rail" x1="{start:g}" x2="{end:g}" y1="16" y2="16"/>'
        f'<line class="even" x1="{middle:g}" x2="{middle:g}" y1="5" y2="27"/>'
        f'<line class="bar" x1="{here}" x2="{there}" y1="16" y2="16"/>'
        f'<circle class="from" cx="{here}" cy="16" r="6"/><circle class="to" cx="{there}" cy="16" r="5.5"/>'
        f"{words}</svg>"
    )


def _apart(labels: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Move labels that would cover each other apart, within the picture."""
    room, first, last = 76.0, 38.0, 282.0
    (low, one), (high, two) = sorted(labels)
    if high - low < room:
        low, high = (low + high - room) / 2, (low + high + room) / 2
        shift = max(first - low, 0.0) - max(high - last, 0.0)
        low, high = low + shift, high + shift
    return [(max(low, first), one), (min(high, last), two)]


def room_bar(room: float | None) -> Safe:
    """Draw the room to a flip as a bar; the scale ends at six of the author's half-ranges.

    Examples
    --------
    >>> room_bar(3.0)
    Safe('<svg class="room" viewBox="0 0 100 10" aria-hidden="true"><rect width="50" height="10"/></svg>')
    """
    width = 100.0 if room is None else max(min(room / _FULL_ROOM, 1.0) * 100, 1.5)
    kind = ' class="none"' if room is None else ""
    return picture(
        '<svg class="room" viewBox="0 0 100 10" aria-hidden="true">'
        f'<rect{kind} width="{width:.3g}" height="10"/></svg>'
    )
