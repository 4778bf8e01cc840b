"""The frame of a card: its title, its style, light and dark as the notebook is.

What lives here: one style sheet, the writing of a card. What may not: what a card says.

A notebook has a theme of its own, whatever the machine's: Jupyter says it in ``data-jp-theme-light``, VS Code
in a class of the body, the documentation in ``data-theme``. A card follows what it finds of these, else the
machine. It has its own paper, so that it can be read whatever lies behind it.
"""

from __future__ import annotations

from collections.abc import Sequence

from parley.report.document import Block, Inline, Paragraph, to_fragment
from parley.report.pictures.theme import DARK, LIGHT, style_sheet

__all__ = ["MOST", "count", "exactness", "framed", "rest"]

MOST = 8  # rows of a table; a last line counts the others

_NIGHT = ('[data-jp-theme-light="false"]', "body.vscode-dark", 'body[data-theme="dark"]')
_DAY = ('[data-jp-theme-light="true"]', "body.vscode-light", 'body[data-theme="light"]')
_SHADES = {True: "--line:#2f363e;--tint:#1c2229", False: "--line:#dfe3e8;--tint:#f5f7f9"}
_RULES = """
{color:var(--ink);background:var(--paper);border:1px solid var(--line);border-radius:.5rem;
padding:.8rem 1.1rem;max-width:46rem;box-sizing:border-box;margin:.3rem 0;overflow-wrap:break-word;
font:15px/1.5 system-ui,-apple-system,'Segoe UI',
Roboto,'Helvetica Neue',Arial,'Liberation Sans','DejaVu Sans',sans-serif}
 .parley-kind{color:var(--soft);font-size:13px}
 .parley-title{font-size:19px;font-weight:650;line-height:1.25;margin:.05rem 0 .5rem}
 p{margin:.45rem 0;color:inherit}
 p.lead{font-size:16.5px;font-weight:550}
 p.note{color:var(--soft);font-size:13.5px}
 ul{margin:.4rem 0;padding-left:1.2rem}
 li{margin:.15rem 0;color:inherit}
 code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;
background:var(--tint);color:inherit;padding:.05em .3em;border-radius:.25em;overflow-wrap:anywhere}
 .wide{overflow-x:auto;margin:.6rem 0}
 table{border-collapse:collapse;width:100%;margin:0;font-size:14px;table-layout:auto;
font-variant-numeric:tabular-nums}
 caption{caption-side:top;text-align:left;color:var(--soft);font-size:13.5px;padding:0 0 .2rem}
 thead tr:nth-child(n),@tbody tr:nth-child(n),@tbody tr:nth-child(n):hover{background:none;color:inherit}
 thead th{color:var(--soft);font-weight:600;vertical-align:bottom}
 th,@td{text-align:left;vertical-align:top;padding:.28rem .8rem .28rem 0;border:0;
border-bottom:1px solid var(--line);color:inherit;max-width:none;overflow-wrap:break-word}
 tbody th{font-weight:500;min-width:5.5rem}
 th code{overflow-wrap:normal;white-space:nowrap}
 .number{text-align:right}
 tbody .number{white-space:nowrap}
 figure{margin:.8rem 0;padding:0}
 figcaption{color:var(--soft);font-size:13.5px}
 details{color:var(--soft);font-size:13.5px}
 details summary{cursor:pointer}
"""


def _style() -> str:
    lines = _RULES.strip().replace("\n ", "\n@").replace("@", ".parley-card ").split("\n")
    rules = [".parley-card" + "".join(lines).lstrip()]
    for night, machine in ((False, ""), (True, "@media (prefers-color-scheme:dark)")):
        rule = f".parley-card{{{_variables(night)}}}"
        rules.append(f"{machine}{{{rule}}}" if machine else rule)
    for night, places in ((False, _DAY), (True, _NIGHT)):
        here = ",".join(f"{place} .parley-card,{place} .parley-card .parley-picture.auto" for place in places)
        rules.append(f"{here}{{{_variables(night)}}}")
    return "".join(rules)


def _variables(night: bool) -> str:
    colours = ";".join(f"--{name}:{colour}" for name, colour in (DARK if night else LIGHT).items())
    return f"{colours};{_SHADES[night]}"


def framed(kind: str, title: Inline, blocks: Sequence[Block], *, pictures: bool = False) -> str:
    """Write a card.

    Parameters
    ----------
    kind
        What is shown: the class, and how much of it. Inline text.
    title
        Inline text, see :mod:`parley.report.document.model`.
    blocks
        What the card says, without sections (a heading would enter the notebook's table of contents).
    pictures
        Whether there is a picture, which needs rules of its own.

    Examples
    --------
    >>> text = framed("Findings", "Talks < war", [Paragraph("It leans.", "lead")])
    >>> '<div class="parley-title">Talks &lt; war</div>' in text, "<script" in text
    (True, False)
    """
    drawn = style_sheet("auto") if pictures else ""
    return "\n".join(
        [
            '<div class="parley-card">',
            f"<style>{drawn}{_style()}</style>",
            f'<div class="parley-kind">{_line(kind)}</div>',
            f'<div class="parley-title">{_line(title)}</div>',
            to_fragment(blocks),
            "</div>",
        ]
    )


def _line(text: Inline) -> str:
    return to_fragment([Paragraph(text)]).removeprefix("<p>").removesuffix("</p>")


def count(amount: int, thing: str) -> str:
    """Write an amount of things.

    >>> count(1, "player"), count(2048, "reading")
    ('1 player', '2,048 readings')
    """
    return f"{amount:,} {thing}" if amount == 1 else f"{amount:,} {thing}s"


def exactness(residual: float) -> str:
    """Write a residual.

    >>> exactness(0.0), exactness(2.2e-16)
    (', exactly', ', exact to 2.2e-16')
    """
    return f", exact to {residual:.1e}" if residual else ", exactly"


def rest(left: int, width: int, where: str = "") -> tuple[tuple[Inline, ...], ...]:
    """Return the row that counts what a table has no room for; none when nothing is left out.

    >>> rest(3, 2), rest(0, 2)
    ((('and 3 more', ''),), ())
    """
    if left <= 0:
        return ()
    return ((f"and {left:,} more{where}", *("" for _ in range(width - 1))),)
