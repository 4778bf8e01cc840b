"""Draws the three pictures of the flagship's article from the data beside it.

SVG with the report's own letters and colours, rendered with Chromium to PNG, 1200 pixels wide. The PNG are
kept: letters differ from machine to machine.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from io import BytesIO

from parley.catalog import locate
from parley.report.pictures.frame import EDGE, LINE, NOTE, TEXT, TITLE, WIDTH, frame, paragraph
from parley.report.pictures.svg import Element, element
from parley.report.pictures.theme import LIGHT

__all__ = ["deals", "drawn", "polls", "strikes"]

FOLDER = locate("taliban-talks").parent
PIXELS = 1200
CHROMIUM = "/usr/bin/chromium"
LEFT, RIGHT = EDGE + 26, WIDTH - EDGE


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table beside the scenario."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def label(
    text: str, x: float, y: float, *, anchor: str = "start", kind: str = "soft", size: float = NOTE
) -> Element:
    """Set one line of words."""
    fill = LIGHT["ink" if kind == "ink" else "soft"]
    return element(
        "text", text, class_="note", x=x, y=y, text_anchor=anchor, fill=fill, font_size=size,
        font_weight="600" if kind == "ink" else None,
    )  # fmt: skip


def line(ax: float, ay: float, bx: float, by: float, colour: str = "grid", width: float = 1.0) -> Element:
    """Draw a straight line."""
    return element("line", x1=ax, y1=ay, x2=bx, y2=by, stroke=LIGHT[colour], stroke_width=width)


def heading(title: str, under: str) -> tuple[list[Element], float]:
    """Set the title and what is measured; returns where they end."""
    first, bottom = paragraph(title, EDGE, EDGE, WIDTH - 2 * EDGE, size=TITLE, kind="title")
    second, bottom = paragraph(under, EDGE, bottom + 2, WIDTH - 2 * EDGE, size=NOTE, kind="note")
    return [*first, *second], bottom + 10


# --- strikes ----------------------------------------------------------------------------------------------


def strikes() -> str:
    """Draw strikes by month, 2004 to 2014."""
    counted = [
        (int(row["year"]), int(row["month"]), int(row["strikes_tbij"]))
        for row in rows("drone_strikes_monthly.csv")
    ]
    parts, top = heading("American drone strikes in Pakistan", "Strikes in each month, 2004 to 2014")
    bottom, most = top + 190, max(count for _, _, count in counted)
    first, last = counted[0][0], counted[-1][0]
    step = (RIGHT - LEFT) / len(counted)

    def y(count: float) -> float:
        return bottom - (bottom - top - 12) * count / most

    for tick in range(0, most + 1, 5):
        parts += [line(LEFT, y(tick), RIGHT, y(tick)), label(str(tick), LEFT - 5, y(tick) + 4, anchor="end")]
    for place, (_, _, count) in enumerate(counted):
        if count:
            x = LEFT + place * step
            parts.append(
                element(
                    "rect", x=x, y=y(count), width=step - 0.5, height=bottom - y(count), fill=LIGHT["line1"]
                )
            )
    for year in range(first, last + 1):
        x = LEFT + 12 * (year - first) * step
        parts += [
            line(x, bottom, x, bottom + 4, "soft"),
            label(str(year), x + 6 * step, bottom + 16, anchor="middle", size=11.0),
        ]
    parts.append(line(LEFT, bottom, RIGHT, bottom, "soft"))
    pause = [
        place
        for place, (year, month, _) in enumerate(counted)
        if (year, month) in ((2014, n) for n in range(1, 6))
    ]
    left, right = LEFT + pause[0] * step, LEFT + (pause[-1] + 1) * step
    parts.append(
        element(
            "rect",
            x=left,
            y=top + 8,
            width=right - left,
            height=bottom - top - 8,
            fill=LIGHT["line3"],
            fill_opacity=0.18,
        )
    )
    for row, words in enumerate(("no strike in", "five months")):
        parts.append(label(words, left - 5, top + 18 + 15 * row, anchor="end", kind="ink"))
    talks = LEFT + (12 * (2013 - first) + 10) * step
    parts.append(line(talks, y(18.5), talks, bottom, "line2", 1.6))
    for row, words in enumerate(("chief killed,", "1 Nov 2013")):
        parts.append(label(words, talks - 5, y(18.5) + 8 + 15 * row, anchor="end", kind="ink"))
    total = sum(count for _, _, count in counted)
    return frame(
        parts, bottom + 26, theme="light", title="American drone strikes in Pakistan by month",
        description=f"{total} strikes from {first} to {last}, most in 2010; none from January to May 2014.",
    )  # fmt: skip


# --- polls ------------------------------------------------------------------------------------------------

ARMY = "favour using the army against extremist groups in FATA/KP"
OTHERS = (
    ("WorldPublicOpinion", "support the government in the Swat offensive", "Swat offensive"),
    ("Gallup Pakistan/Al Jazeera", "support the military campaign against the Taliban", "campaign"),
    ("Gallup Pakistan", "support the South Waziristan operation", "South Waziristan"),
    ("Gallup Pakistan/Jang", "use force now", "force now"),
)
PLACES = {
    "Swat offensive": (9, 4, "start"),
    "campaign": (9, 12, "start"),
    "South Waziristan": (-6, -12, "start"),
    "force now": (3, 18, "end"),
}


def polls() -> str:
    """Draw support for force in polls, 2009 to 2013."""
    asked = rows("opinion.csv")
    series = [(int(row["year"]) + 0.35, int(row["value_pct"])) for row in asked if row["item"] == ARMY]
    parts, top = heading("Support for force fades", "Pakistanis who back the use of the army, in %")
    bottom = top + 200

    def x(year: float) -> float:
        return LEFT + (RIGHT - LEFT) * (year - 2009) / 5

    def y(percent: float) -> float:
        return bottom - (bottom - top) * percent / 80

    for tick in range(0, 81, 20):
        parts += [line(LEFT, y(tick), RIGHT, y(tick)), label(str(tick), LEFT - 5, y(tick) + 4, anchor="end")]
    for year in range(2009, 2014):
        parts.append(label(str(year), x(year + 0.5), bottom + 16, anchor="middle"))
    path = "M" + "L".join(f"{x(at):.1f} {y(value):.1f}" for at, value in series)
    parts.append(element("path", d=path, fill="none", stroke=LIGHT["line1"], stroke_width=2.4))
    for at, value in series:
        parts += [
            element("circle", cx=x(at), cy=y(value), r=4, fill=LIGHT["line1"]),
            label(str(value), x(at) + 7, y(value) - 7, kind="ink"),
        ]
    for pollster, item, short in OTHERS:
        row = next(each for each in asked if (each["pollster"], each["item"]) == (pollster, item))
        at, value = int(row["year"]) + (int(row["month"]) - 0.5) / 12, int(row["value_pct"])
        across, down, anchor = PLACES[short]
        spot = {"x": x(at) - 4, "y": y(value) - 4, "width": 8, "height": 8}
        parts.append(element("rect", **spot, fill=LIGHT["paper"], stroke=LIGHT["line2"], stroke_width=2))
        parts.append(label(f"{value} {short}", x(at) + across, y(value) + down, anchor=anchor))
    under = bottom + 34
    parts += [
        element("circle", cx=EDGE + 6, cy=under - 4, r=4, fill=LIGHT["line1"]),
        label("Pew: the same question each spring", EDGE + 18, under),
        element(
            "rect", x=EDGE + 2, y=under + 9, width=8, height=8, fill=LIGHT["paper"], stroke=LIGHT["line2"]
        ),
        label("other polls, each with a question of its own", EDGE + 18, under + 17),
    ]
    return frame(
        parts, bottom + 60, theme="light", title="Support for the use of the army in polls, 2009 to 2013",
        description="From 53% in 2009 to 32% in 2012 in Pew's polls; 70% for the Swat offensive, 30% for "
        "force now in July 2013.",
    )  # fmt: skip


# --- deals ------------------------------------------------------------------------------------------------

NAMES = {
    "D1": "Shakai 2004", "D2": "Sararogha 2005", "D3": "N. Waziristan 2006", "D4": "Bajaur 2006",
    "D5": "Swat 2008", "D6": "S. Waziristan 2008", "D7": "Swat 2009", "D8": "offer of 2013",
    "D9": "all parties, 2013", "D10": "talks of 2014",
}  # fmt: skip
ENDS = {"superseded by operation": "until the operation"}


def deals() -> str:
    """Draw how long each arrangement lasted and how it ended."""
    parts, top = heading("How earlier deals ended", "Days from the signature to the end")
    start, width = 150.0, 105.0
    most = 1000.0  # days that fit; the one that lasted longer is broken off
    y = top
    for row in rows("peace_deals.csv"):
        days = float(row["days"] or 0)
        struck = row["us_strike_intervened"].startswith("yes")
        end = start + width * min(days, most) / most
        middle = y + 12
        parts.append(label(NAMES[row["id"]], start - 8, middle + 4, anchor="end", kind="ink"))
        parts.append(
            element(
                "rect",
                x=start,
                y=y + 5,
                width=max(end - start, 2.5),
                height=14,
                fill=LIGHT["line2" if struck else "line1"],
            )
        )
        if days > most:
            parts += [line(end - 9, y + 21, end - 3, y + 3, "paper", 3.0)]
        said = ENDS.get(row["how_ended"], row["how_ended"])
        parts.append(label(f"{int(days):,}: {said}" if row["days"] else said, end + 7, middle + 4))
        y += 25
    y += 8
    for colour, said in (("line1", "ended without an American strike"), ("line2", "ended by one")):
        parts += [
            element("rect", x=EDGE, y=y, width=12, height=12, fill=LIGHT[colour]),
            label(said, EDGE + 18, y + 10),
        ]
        y += TEXT * LINE
    return frame(
        parts, y + 6, theme="light", title="How ten arrangements with militants ended",
        description="None ended in peace. Six fell by themselves after 48 to 934 days, three were ended by "
        "an American strike, one lasted until the army's operation of 2014.",
    )  # fmt: skip


# --- files ------------------------------------------------------------------------------------------------


def drawn() -> Iterator[tuple[str, str]]:
    """Yield each picture's file and its SVG."""
    yield "strikes.png", strikes()
    yield "polls.png", polls()
    yield "deals.png", deals()


def main() -> int:
    """Write the pictures; return the exit code."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": int(WIDTH), "height": 400}, device_scale_factor=PIXELS / WIDTH
        )
        for name, svg in drawn():
            page.set_content(f'<body style="margin:0">{svg}')
            data = page.locator("svg").screenshot()
            with Image.open(BytesIO(data)) as image:
                plain = image.convert("RGB").crop((0, 0, PIXELS, image.height))
            out = BytesIO()
            plain.quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
            (FOLDER / name).write_bytes(out.getvalue())
            print(f"{name}: {plain.width} x {plain.height}, {len(out.getvalue()):,} bytes")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
