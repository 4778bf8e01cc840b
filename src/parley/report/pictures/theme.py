"""Colours and type of every picture, light and dark.

What lives here: the palette, the style sheet, strokes and marks that tell lines apart without colour. What
may not: shapes of one picture.

The colours of lines keep a contrast of 4.5 to 1 against the paper (WCAG 2.2, 1.4.3), so that they serve for
text as well, and stay apart for the common kinds of colour blindness; ``tests/report/pictures`` measures
both. They follow the palette of Okabe and Ito (2008), darkened for paper and lightened for the night.
"""

from __future__ import annotations

from parley.report.pictures.svg import Element, element, points

__all__ = ["DARK", "DASHES", "LIGHT", "LINES", "MARKERS", "THEMES", "marker", "style_sheet"]

THEMES = ("auto", "light", "dark")
LIGHT = {
    "paper": "#ffffff",
    "ink": "#1b1f24",
    "soft": "#57606a",
    "grid": "#dfe3e8",
    "line1": "#0a5fa8",
    "line2": "#b34400",
    "line3": "#00734f",
    "line4": "#8f3f84",
    "line5": "#6a5a00",
    "line6": "#1b1f24",
}
DARK = {
    "paper": "#14181d",
    "ink": "#e8ebee",
    "soft": "#a3acb6",
    "grid": "#2f363e",
    "line1": "#6cb6ff",
    "line2": "#f29a5c",
    "line3": "#3fcf9f",
    "line4": "#e39bd6",
    "line5": "#d9c24a",
    "line6": "#e8ebee",
}
LINES = 6  # lines that can be told apart in one panel
DASHES = (None, "8 3", "2.5 2.5", "10 3 2.5 3", "14 5", "5 2 2 2 2 2")
MARKERS = ("circle", "square", "triangle", "diamond", "cross", "bar")
FONT = (
    "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,"
    "'Liberation Sans','DejaVu Sans',sans-serif"
)
_ROOT = "parley-picture"
_SHAPES = (  # what every renderer knows
    "{font-family:" + FONT + ";font-size:13.5px}",
    " .title{font-size:16px;font-weight:600}",
    " .note{font-size:12.5px}",
    " .grid{stroke-width:1}",
    " .axis{stroke-width:1;fill:none}",
    " .line{fill:none;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}",
    " .jump{fill:none;stroke-width:1;stroke-dasharray:1.5 3}",
    " .band{stroke:none;fill-opacity:.13}",
    " .mark{stroke-width:1.2;stroke-dasharray:4 3}",
)
_COLOURS = (  # for renderers that know variables; for others the colours stand in attributes
    "{width:100%;height:auto;max-width:36rem}",
    " text{fill:var(--ink)}",
    " .soft{fill:var(--soft)}",
    " .note{fill:var(--soft)}",
    " .paper{fill:var(--paper)}",
    " .grid{stroke:var(--grid)}",
    " .axis{stroke:var(--soft)}",
    " .mark{stroke:var(--ink)}",
    " .ring{fill:none;stroke:var(--ink)}",
    " .judged{fill:var(--ink)}",
    " .middle{fill:var(--paper);stroke:var(--ink)}",
    " .halo{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}",
)


def style_sheet(theme: str) -> str:
    """Return the style sheet of a picture.

    Parameters
    ----------
    theme
        ``light``, ``dark``, or ``auto``: as the reader's machine is set (``prefers-color-scheme``).

    Returns
    -------
    str
        Every rule holds inside a picture alone, so that pictures may stand in a page with styles of its own,
        and pictures of several themes beside each other.

    Raises
    ------
    ValueError
        When there is no such theme.

    Examples
    --------
    >>> "prefers-color-scheme" in style_sheet("auto"), "prefers-color-scheme" in style_sheet("dark")
    (True, False)
    """
    if theme not in THEMES:
        raise ValueError(f"there is no theme {theme!r}; there are: {', '.join(THEMES)}")
    here = f".{_ROOT}.{theme}"
    colours = [f"{here}{{{_variables(DARK if theme == 'dark' else LIGHT)}}}"]
    if theme == "auto":
        colours.append(f"@media (prefers-color-scheme:dark){{{here}{{{_variables(DARK)}}}}}")
    colours += [f".{_ROOT}{rule}" for rule in _COLOURS]
    for number in range(1, LINES + 1):
        colour = f"var(--line{number})"
        colours.append(f".{_ROOT} .s{number}{{stroke:{colour}}}.{_ROOT} .f{number}{{fill:{colour}}}")
    shapes = "".join(f".{_ROOT}{rule}" for rule in _SHAPES)
    return f"{shapes}@supports (color:var(--ink)){{{''.join(colours)}}}"


def _variables(palette: dict[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in palette.items())


def marker(line: int, x: float, y: float, size: float = 3.6) -> Element:
    """Return the mark of a line at a place: its own shape, in its own colour.

    Parameters
    ----------
    line
        Which line, from 0.
    x, y
        The middle of the mark.
    size
        Half its width.
    """
    colour = LIGHT[f"line{line + 1}"]
    filled = {"class_": f"f{line + 1}", "fill": colour}
    shape = MARKERS[line]
    if shape == "circle":
        return element("circle", cx=x, cy=y, r=size, **filled)
    if shape == "square":
        return element("rect", x=x - size, y=y - size, width=2 * size, height=2 * size, **filled)
    outlines = {
        "triangle": ((0.0, -1.25), (1.2, 0.95), (-1.2, 0.95)),
        "diamond": ((0.0, -1.4), (1.4, 0.0), (0.0, 1.4), (-1.4, 0.0)),
        "bar": ((-0.45, -1.5), (0.45, -1.5), (0.45, 1.5), (-0.45, 1.5)),
        "cross": (
            *((-0.4, -1.3), (0.4, -1.3), (0.4, -0.4), (1.3, -0.4), (1.3, 0.4), (0.4, 0.4)),
            *((0.4, 1.3), (-0.4, 1.3), (-0.4, 0.4), (-1.3, 0.4), (-1.3, -0.4), (-0.4, -0.4)),
        ),
    }
    corners = [(x + size * dx, y + size * dy) for dx, dy in outlines[shape]]
    return element("polygon", points=points(corners), **filled)
