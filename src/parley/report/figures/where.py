"""Where the recommendation fails, as a plane of the two numbers that matter most.

What lives here: captions, outlines, the table behind. What may not: the search, counts, layout.
"""

from __future__ import annotations

from collections.abc import Sequence

from parley.findings import Failure, Findings, Plane, PlaneAxis, Region
from parley.report import words
from parley.report.discovery import failing, where
from parley.report.document import Figure, Table, plain
from parley.report.pictures.region import Axis, Outline, RegionChart, region_chart

__all__ = ["where_chart", "where_figures"]

AREA = (
    "Both axes are stretched: every column and every row holds about as many readings, so that an area is a "
    "share of the readings. All readings are counted here that can be compared."
)
FEW = 20  # readings of a cell below which its share says little by itself
GROUPS = 4  # rows and columns of the table


def where_figures(findings: Findings, theme: str = "auto") -> tuple[Figure, ...]:
    """Draw for each criterion where the recommendation fails.

    Parameters
    ----------
    findings
        Of :func:`parley.findings.assess`.
    theme
        See :func:`parley.report.pictures.theme.style_sheet`.

    Returns
    -------
    tuple of Figure
        ``where-1`` for the first criterion, and so on; none for a criterion without a plane: where it never
        or always fails, too few readings were run, or fewer than two numbers vary.

    Examples
    --------
    >>> import parley
    >>> findings = parley.assess(parley.run(parley.load("which-event-first"), draws=1024, seed=7))
    >>> [figure.name for figure in where_figures(findings)]
    ['where-1']
    """
    if not findings.certification.sufficient:
        return ()
    figures = []
    for number, failure in enumerate(findings.discovery or (), start=1):
        if failure.plane is not None:
            picture = region_chart(where_chart(findings, failure, failure.plane), theme)
            caption = plain(failing(findings, failure)[0])
            figures.append(Figure(f"where-{number}", picture, caption, _table(failure.plane)))
    return tuple(figures)


def where_chart(findings: Findings, failure: Failure, plane: Plane) -> RegionChart:
    """Return the data of one criterion's picture."""
    across, up = (_axis(axis) for axis in (plane.across, plane.up))
    cells = (len(plane.across.edges) - 1) * (len(plane.up.edges) - 1)
    total = sum(map(sum, plane.counts))
    notes = [AREA]
    if total < FEW * cells:
        notes.append(f"A cell holds about {max(round(total / cells), 1)} readings: by itself it says little.")
    notes += [_hidden(region, plane) for region in failure.regions if _hidden(region, plane)]
    return RegionChart(
        title=f"Where it fails: {words.clean(failure.criterion)}",
        across=across,
        up=up,
        counts=plane.counts,
        failures=plane.failures,
        outlines=tuple(_outline(region, plane, number) for number, region in enumerate(failure.regions)),
        notes=tuple(notes),
        description=" ".join(failing(findings, failure)),
    )


def _axis(axis: PlaneAxis) -> Axis:
    return Axis(
        f"{_named(axis)}{f' ({words.clean(axis.unit)})' if axis.unit else ''}", axis.edges, axis.middle
    )


def _named(axis: PlaneAxis) -> str:
    if axis.kind == "ranking" and axis.text:
        return f"{words.clean(axis.text)}, from 0 to 1"
    return f"{words.clean(axis.text)}, {words.clean(axis.name)}" if axis.text else words.clean(axis.name)


def _outline(region: Region, plane: Plane, number: int) -> Outline:
    start = "outside that it fails" if number else "it fails"
    said = f"{start} in {words.of_hundred(region.density.share)} readings where {where(region.restrictions)}"
    return Outline(_sides(region, plane.across), _sides(region, plane.up), said)


def _sides(region: Region, axis: PlaneAxis) -> tuple[float | None, float | None]:
    sides = [each for each in region.restrictions if each.name == axis.name]
    low = next((each.low for each in sides if each.low is not None), None)
    return low, next((each.high for each in sides if each.high is not None), None)


def _hidden(region: Region, plane: Plane) -> str:
    """Say what else bounds a region, which the plane cannot show."""
    shown = (plane.across.name, plane.up.name)
    others = [each for each in region.restrictions if each.name not in shown]
    return f"The plane does not show that {where(others)}." if others else ""


def _table(plane: Plane) -> Table:
    """Return the shares of failures in quarters of both numbers, from the cells."""
    columns, rows = (_parts(len(axis.edges) - 1) for axis in (plane.across, plane.up))
    first = f"{plain(_named(plane.up))} ↓ {plain(_named(plane.across))} →"
    head = (first, *(_span(plane.across.edges, part) for part in columns))
    body = tuple(
        (_span(plane.up.edges, line), *(_failing(plane, line, part) for part in columns))
        for line in reversed(rows)
    )
    return Table("It fails in so many of the readings of each part.", head, body, tuple(range(1, len(head))))


def _parts(cells: int) -> list[range]:
    count = min(GROUPS, cells)
    bounds = [round(cells * part / count) for part in range(count + 1)]
    return [range(bounds[part], bounds[part + 1]) for part in range(count)]


def _span(edges: Sequence[float], part: range) -> str:
    return f"{words.figure(edges[part.start])} to {words.figure(edges[part.stop])}"


def _failing(plane: Plane, rows: range, columns: range) -> str:
    count, failed = (
        sum(table[row][column] for row in rows for column in columns)
        for table in (plane.counts, plane.failures)
    )
    return f"{failed:,} of {count:,}"
