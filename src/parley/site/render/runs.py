"""The lead picture for those who count: a hundred runs, and what every policy brings in the same one.

What lives here: the count of runs, places of marks and columns, the picture, the words. What may not: the
choice of readings (:mod:`parley.site.model.runs`).

Above, each policy has a line with a stroke for every run; the page's script shows one run at a time on it
(Hullman, Resnick and Adar, PLOS ONE 10(11), 2015). Below, each run is a column: up where the recommended
policy ends better than its rival, down where it ends worse, as long as the difference. The columns are in
order, so that what belongs together stands together; scattered ones make a risk look larger (Price and
others, *Judgment and Decision Making*, 2022). The script draws the same by the same rules
(``frontend/src/runs.ts``); a test in a browser compares both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import escape

from parley.site.render.dots import INSIDE, LEFT, WIDTH, Row, axis, domain, height, named, place, tenth
from parley.site.render.safe import Safe, picture

__all__ = ["Pairing", "runs_picture"]

STEP = 34.0  # from a policy to the next
UNDER = 24.0  # the numbers of the axis
LEAST = 3.0  # of the ground on either side of no difference
WORDS = 17.0  # below the columns
THICKEST = 8.0  # of a column


@dataclass(frozen=True, slots=True)
class Pairing:
    """The runs of one policy beside those of another.

    ``gains`` are by how much it ends better in each; ``order`` are the runs from the largest gain to the
    largest loss; ``better``, ``worse`` and ``same`` count them.
    """

    gains: tuple[float, ...]
    order: tuple[int, ...]
    better: int
    worse: int
    same: int

    @classmethod
    def of(cls, ours: Sequence[float], theirs: Sequence[float], *, higher: bool) -> Pairing:
        """Hold two policies beside each other, run by run.

        Examples
        --------
        >>> Pairing.of((3.0, 1.0, 2.0), (1.0, 2.0, 2.0), higher=True)
        Pairing(gains=(2.0, -1.0, 0.0), order=(0, 2, 1), better=1, worse=1, same=1)
        """
        sign = 1.0 if higher else -1.0
        gains = tuple(sign * (one - other) for one, other in zip(ours, theirs, strict=True))
        better, worse = sum(each > 0 for each in gains), sum(each < 0 for each in gains)
        order = tuple(sorted(range(len(gains)), key=lambda at: -gains[at]))
        return cls(gains, order, better, worse, len(gains) - better - worse)


def runs_picture(
    rows: Sequence[Row],
    pair: Pairing,
    title: str,
    description: str,
    more: Sequence[float] = (),
    *,
    words: tuple[str, str] = ("better", "worse"),
) -> Safe:
    """Draw the runs of each policy, and the recommended one beside its rival.

    Parameters
    ----------
    rows
        As of :func:`parley.site.render.dots.dot_picture`; their dots are runs, in one order for all.
    pair
        The recommended policy and its rival.
    title, description, more
        As there.
    words
        Of the columns that go up, at the left, and of those that go down, at the right.

    Examples
    --------
    >>> rows = [Row("A", "wait", False, (1.0, 2.0)), Row("B", "go", True, (3.0, 1.0))]
    >>> pair = Pairing.of(rows[1].dots, rows[0].dots, higher=True)
    >>> drawn = runs_picture(rows, pair, "Two runs", "B is better in one.")
    >>> 'class="up" d="M90 ' in drawn, 'class="down" d="M250 ' in drawn
    (True, True)
    """
    known = [*more, *(value for row in rows for value in row.dots)]
    low, high = domain(known)
    whole, floor = height(len(rows)), STEP * len(rows)
    parts = [
        f'<svg class="runs" viewBox="0 0 {WIDTH} {whole:g}" role="img">',
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>",
        f'<g class="grid">{axis(low, high, 18, floor)}</g>',
    ]
    for index, row in enumerate(rows):
        xs = [tenth(place(value, low, high)) for value in row.dots]
        strokes = "".join(f"M{x} 20v9" for x in xs)
        now = f"M{xs[0]} 17.5v14" if xs else ""
        kind = "row advised" if row.advised else "row"
        parts.append(
            f'<g class="{kind}" transform="translate(0 {STEP * index:g})">'
            f'<text x="10" y="13">{named(row.letter, row.name)}</text>'
            f'<path class="each" d="{strokes}"/><path class="now" d="{now}"/></g>'
        )
    parts.append(f'<g class="pairs">{_columns(pair, floor + UNDER, whole - WORDS, words)}</g></svg>')
    return picture("".join(parts))


def _columns(pair: Pairing, top: float, floor: float, words: tuple[str, str]) -> str:
    """Draw a column for each run, from the largest gain at the left to the largest loss at the right."""
    count = len(pair.gains)
    pitch = INSIDE / max(count, 1)
    zero, scale = _ground(pair.gains, top, floor)
    paths = {"up": "", "down": "", "same": ""}
    for rank, run in enumerate(pair.order):
        x, gain = tenth(LEFT + (rank + 0.5) * pitch), pair.gains[run]
        end = zero - gain * scale - (gain > 0) + (gain < 0)  # one more, so that the least is seen
        if gain:
            paths["up" if gain > 0 else "down"] += f"M{x} {tenth(zero)}V{tenth(end)}"
        else:
            paths["same"] += f"M{x} {tenth(zero - 2)}v4"
    here = tenth(LEFT + (pair.order.index(0) + 0.5) * pitch) if count else ""
    now = f"M{here} {tenth(top)}V{tenth(floor)}" if count else ""
    thick = f"{min(0.75 * pitch, THICKEST):.3g}"
    return (
        f'<path class="now" d="{now}"/>'
        f'<line class="zero" x1="10" x2="330" y1="{tenth(zero)}" y2="{tenth(zero)}"/>'
        + "".join(f'<path class="{kind}" d="{d}" stroke-width="{thick}"/>' for kind, d in paths.items())
        + f'<text class="better" x="10" y="{tenth(floor + 13)}">{escape(words[0] if count else "")}</text>'
        f'<text class="worse" x="330" y="{tenth(floor + 13)}" text-anchor="end">'
        f"{escape(words[1] if count else '')}</text>"
    )


def _ground(gains: Sequence[float], top: float, floor: float) -> tuple[float, float]:
    """Return where no difference stands, and how long a difference of one is, both ways alike."""
    most, least = max(gains, default=0.0), -min(gains, default=0.0)
    most, least = max(most, 0.0), max(least, 0.0)
    part = most / (most + least) if most + least else 0.5
    zero = top + min(max((floor - top) * part, LEAST), floor - top - LEAST)
    sides = ((most, zero - top - 1), (least, floor - zero - 1))
    return zero, min((room / long for long, room in sides if long), default=0.0)
