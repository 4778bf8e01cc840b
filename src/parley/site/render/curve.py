"""The lead picture for those who read curves: how many of a hundred outcomes end at or below each value.

What lives here: places of curves and their letters, the picture. What may not: where the quantiles come from.

It is drawn from the same fifty quantiles as the dots, on the same axis and in the same space. One plot holds
all policies, since what is to be read is which curve lies to the right of another, and by how much at which
height; a letter stands on each, at a height of its own, and each has its own dashes. The page's script moves
them by the same rules (``frontend/src/curve.ts``); a test in a browser compares both.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import escape

from parley.site.render.dots import INSIDE, LEFT, WIDTH, Row, axis, domain, height, named, place, tenth
from parley.site.render.safe import Safe, picture

__all__ = ["curve", "curve_picture"]

KEY, MARGIN = 18.0, 6.0  # of the line that names a policy; of the air between names and plot
_DASHES = 6  # kinds of dashes in the style sheet


def curve(
    dots: Sequence[float], low: float, high: float, top: float, floor: float, level: float
) -> tuple[str, float, float]:
    """Draw through equally likely values, ascending, from nought at the left to all at the right.

    Parameters
    ----------
    dots
        Their values; the first of fifty is the middle of the first fiftieth part, and so on.
    low, high
        The ends of the axis.
    top, floor
        Where all and none of the outcomes stand.
    level
        At which share of the height its letter stands.

    Returns
    -------
    path, x, y
        The curve; the place of its letter. An empty path, at the left, without a value.

    Examples
    --------
    >>> curve((0.0, 1.0), 0.0, 1.0, 0.0, 100.0, 0.5)
    ('M10 100H10V75L330 25V0H330', 170.0, 50.0)
    """
    y = floor - level * (floor - top)
    if not dots:
        return "", LEFT, y
    count = len(dots)
    places = [place(dot, low, high) for dot in dots]
    heights = [floor - (at + 0.5) / count * (floor - top) for at in range(count)]
    inner = "".join(f"L{tenth(x)} {tenth(up)}" for x, up in zip(places[1:], heights[1:], strict=True))
    path = (
        f"M{tenth(LEFT)} {tenth(floor)}H{tenth(places[0])}V{tenth(heights[0])}{inner}"
        f"V{tenth(top)}H{tenth(LEFT + INSIDE)}"
    )
    rank = min(max(level * count - 0.5, 0.0), count - 1.0)
    left = min(int(rank), max(count - 2, 0))
    right = min(left + 1, count - 1)
    return path, places[left] + (places[right] - places[left]) * (rank - left), y


def curve_picture(
    rows: Sequence[Row], title: str, description: str, more: Sequence[float] = (), *, most: str = "100"
) -> Safe:
    """Draw a curve for each policy.

    Parameters
    ----------
    rows, title, description, more
        As of :func:`parley.site.render.dots.dot_picture`.
    most
        The words at the top of the plot: "100 of 100".

    Examples
    --------
    >>> drawn = curve_picture([Row("A", "wait", True, (0.0, 1.0))], "Curve", "One policy.")
    >>> drawn.count('class="line"'), drawn.count('class="tag"')
    (1, 1)
    """
    low, high = domain([*more, *(dot for row in rows for dot in row.dots)])
    whole = height(len(rows))
    top, floor = KEY * len(rows) + MARGIN + 4, whole - 24
    parts = [
        f'<svg class="curve" viewBox="0 0 {WIDTH} {whole:g}" role="img" data-top="{top:g}">',
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>",
        f'<g class="grid">{axis(low, high, top, floor)}</g>',
        f'<g class="scale">{_levels(top, floor, most)}</g>',
    ]
    curves = [
        curve(row.dots, low, high, top, floor, _level(index, len(rows))) for index, row in enumerate(rows)
    ]
    for index, (row, (path, _x, _y)) in enumerate(zip(rows, curves, strict=True)):
        up = KEY * index + 14
        kind = f"row dash{index % _DASHES}{' advised' if row.advised else ''}"
        parts.append(
            f'<g class="{kind}"><path class="line" d="M10 {up - 5:g}h26"/>'
            f'<text x="44" y="{up:g}">{named(row.letter, row.name)}</text>'
            f'<path class="line moved" d="{path}"/></g>'
        )
    for row, (path, x, y) in zip(rows, curves, strict=True):  # letters lie above all curves
        shown = escape(row.letter) if path else ""
        parts.append(f'<text class="tag" x="{tenth(x)}" y="{tenth(y + 5)}">{shown}</text>')
    parts.append("</svg>")
    return picture("".join(parts))


def _level(index: int, count: int) -> float:
    """Return the share of the height at which a letter stands, so that no two are at one height.

    The first policy's stands highest, as its name does.
    """
    return 1.0 - (index + 1) / (count + 1)


def _levels(top: float, floor: float, most: str) -> str:
    """Draw where none, half and all of the outcomes stand."""
    drawn = []
    for share, words in ((1.0, most), (0.5, "50"), (0.0, "0")):
        y = floor - share * (floor - top)
        drawn.append(
            f'<line x1="10" x2="330" y1="{tenth(y)}" y2="{tenth(y)}"/>'
            f'<text x="10" y="{tenth(y - 3)}">{escape(words)}</text>'
        )
    return "".join(drawn)
