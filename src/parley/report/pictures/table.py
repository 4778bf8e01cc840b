"""The table behind a picture: the same numbers for those who cannot see it, and for those who want them.

What lives here: HTML and Markdown. What may not: layout.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from parley.report import words
from parley.report.pictures.chart import Line, LineChart
from parley.report.pictures.scales import LOG

__all__ = ["FORMS", "alike", "chart_table", "evenly"]

FORMS = ("html", "markdown")
_FAR = 100.0


def chart_table(chart: LineChart, form: str = "html", rows: int | None = 11) -> str:
    r"""Write the numbers of a line chart as a table.

    Parameters
    ----------
    chart
        The picture.
    form
        ``html`` or ``markdown``.
    rows
        About so many points, evenly chosen, the first and the last among them; None: all.

    Returns
    -------
    str
        One column for the number along the axis and one for each line; a line with bands says its widest one
        in brackets.

    Raises
    ------
    ValueError
        When there is no such form.

    Examples
    --------
    >>> from parley.report.pictures import Line, LineChart, Panel
    >>> chart = LineChart("Two", "x", (0.0, 1.0), (Panel("y", (Line("a|b", (1.0, None)),)),))
    >>> print(chart_table(chart, "markdown"), end="")
    | x | y: a\|b |
    |---|---|
    | 0 | 1 |
    | 1 | no value |
    """
    if form not in FORMS:
        raise ValueError(f"there is no form {form!r}; there are: {', '.join(FORMS)}")
    head = [chart.x_title]
    chosen = evenly(chart.xs, chart.kind, rows)
    columns = [alike([chart.xs[number] for number in chosen])]
    for panel in chart.panels:
        for line in panel.lines:
            head.append(f"{panel.title}: {line.label}" if line.label else panel.title)
            columns.append(_column(line, chosen))
    head = [words.clean(each) for each in head]
    body = list(zip(*columns, strict=True))
    return _html(words.clean(chart.title), head, body) if form == "html" else _markdown(head, body)


def evenly(xs: Sequence[float], kind: str, rows: int | None) -> list[int]:
    """Choose points that lie evenly along an axis, the first and the last among them.

    Parameters
    ----------
    xs
        Where the points lie, increasing.
    kind
        Of the axis, ``linear`` or ``log``.
    rows
        At most so many, two or more; None: all.

    Examples
    --------
    >>> evenly([0.0, 1.0, 1.9, 2.0, 2.1, 3.0, 4.0], "linear", 5)
    [0, 1, 3, 5, 6]
    """
    if rows is None or len(xs) <= rows:
        return list(range(len(xs)))
    places = [math.log(x) for x in xs] if kind == LOG else list(xs)
    wanted = [places[0] + (places[-1] - places[0]) * each / (rows - 1) for each in range(rows)]
    return sorted({min(range(len(xs)), key=lambda at: abs(places[at] - place)) for place in wanted})


def alike(values: Sequence[float | None]) -> list[str]:
    """Write the numbers of a column alike, each for itself where they differ a hundredfold.

    Examples
    --------
    >>> alike([1.0, 0.25, None]), alike([226.4, 0.693])
    (['1.000', '0.250', 'n/a'], ['226', '0.693'])
    """
    sizes = [abs(value) for value in values if value]
    if sizes and max(sizes) > _FAR * min(sizes) and max(sizes) > 1:
        return [words.figure(value) for value in values]
    return words.figures(values)


def _column(line: Line, chosen: list[int]) -> list[str]:
    middle = alike([line.values[number] for number in chosen])
    if line.bands:
        low = alike([line.bands[0].low[number] for number in chosen])
        high = alike([line.bands[0].high[number] for number in chosen])
        middle = [f"{m} ({a} to {b})" for m, a, b in zip(middle, low, high, strict=True)]
    return ["no value" if line.values[at] is None else text for at, text in zip(chosen, middle, strict=True)]


def _markdown(head: list[str], body: list[tuple[str, ...]]) -> str:
    def row(cells: list[str]) -> str:
        return f"| {' | '.join(_cell(each) for each in cells)} |\n"

    return row(head) + "|" + "---|" * len(head) + "\n" + "".join(row(list(each)) for each in body)


def _cell(text: str) -> str:
    text = escape(text, quote=False)
    return "".join("\\" + sign if sign in "\\|`*_[]" else sign for sign in text)


def _html(caption: str, head: list[str], body: list[tuple[str, ...]]) -> str:
    top = "".join(f'<th scope="col">{escape(each)}</th>' for each in head)
    rows = "".join(f"<tr>{_row(cells)}</tr>\n" for cells in body)
    return (
        f"<table>\n<caption>{escape(caption)}</caption>\n<thead><tr>{top}</tr></thead>\n"
        f"<tbody>\n{rows}</tbody>\n</table>\n"
    )


def _row(cells: tuple[str, ...]) -> str:
    values = "".join(f"<td>{escape(each)}</td>" for each in cells[1:])
    return f'<th scope="row">{escape(cells[0])}</th>{values}'
