"""Time the pictures of a report and weigh them, once what they show has been checked.

Each form is drawn from data as large as the flagship's or larger; seconds are processor time of one drawing,
the least of nine. Before a time is printed: the picture is one SVG element that says what it is and has as
many marks as its data. Figures go to `build/bench/pictures.json`.

    python -m benchmarks.bench_pictures
"""

from __future__ import annotations

import json
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from statistics import NormalDist

from parley.report.pictures import Line, LineChart, Panel, line_chart
from parley.report.pictures.bars import Bar, BarChart, BarRow, bar_chart
from parley.report.pictures.chart import Judged
from parley.report.pictures.comparison import Comparison, Range, comparison
from parley.report.pictures.dots import DotPlot, dot_plot
from parley.report.pictures.flip import FlipChart, Turn, flip_chart
from parley.report.pictures.influence import Influence, Row, influence
from parley.report.pictures.ledger import WORDS, Cell, LedgerStrip, ledger_strip
from parley.report.pictures.nodes import Node, Tree
from parley.report.pictures.prior import Prior, Strip, prior
from parley.report.pictures.region import Axis, Outline, RegionChart, region_chart
from parley.report.pictures.timeline import Case, Timeline, timeline
from parley.report.pictures.tornado import End, TornadoChart, TornadoRow, tornado
from parley.report.pictures.tree import tree

OUTPUT = Path("build/bench/pictures.json")
SECONDS, BYTES = 0.030, 60_000
TIMES = 9
LONG = "a policy whose name a committee wrote, and then another one"

Draw = Callable[[], str]


def forms() -> dict[str, tuple[Draw, str, int]]:
    """Return each form: how it is drawn, the marks to be counted in it, and how many there must be."""
    normal = NormalDist(-0.4)
    plot = DotPlot(LONG, LONG, tuple(normal.inv_cdf((k + 0.5) / 50) for k in range(50)), LONG, LONG, (LONG,))
    ranges = tuple(
        Range(f"{LONG} {n}", n - 3.0, n - 1.0, n, n + 1.0, n + 3.0, "> 99 of 100") for n in range(8)
    )
    policies = Comparison(LONG, LONG, ranges, "best in", ranges[1:], LONG, "better in", (LONG, LONG))
    cells = tuple(Cell(f"C{n}", "derived", WORDS[n % 4], (n % 10 + 1) / 10, "99") for n in range(40))
    xs = tuple(n / 100 for n in range(101))
    lines = tuple(Line(f"{LONG} {n}", tuple((x + n / 7) ** 2 for x in xs)) for n in range(5))
    chart = LineChart(LONG, LONG, xs, (Panel(LONG, lines), Panel(LONG, lines)))
    steps = tuple(Row("acts", f"{LONG} {n}", LONG, LONG, n % 5, (0, 1, n % 5)) for n in range(24))
    story = Influence(LONG, tuple(f"{LONG} {n}" for n in range(5)), steps)
    nodes = [Node(None, "decision", player=0, group=0)]
    for n in range(29):
        nodes.append(Node(2 * n, "end", LONG, 0.5, 0.5, None, "", None, LONG, (1.25, -0.5)))
        nodes.append(Node(2 * n, "decision", LONG, 0.5, 0.5, n % 2, LONG, n // 3))
    game = Tree(LONG, (LONG, LONG), tuple(nodes))
    past = tuple(Case(f"{LONG} {n}", LONG, f"20{n:02}-03", 0.4, 0.2, 0.6, 0.5, n > 9) for n in range(24))
    strips = tuple(Strip(f"{LONG} {n}", (0.1, 0.2, 0.3, 0.4, 0.5), LONG) for n in range(6))
    return {
        "dots": (lambda: dot_plot(plot), "circle", 50 + 2),
        "comparison": (lambda: comparison(policies), "circle", 8 + 7),
        "claims": (lambda: ledger_strip(LedgerStrip(LONG, cells)), "rect", 1 + 2 * (40 + 4)),
        "story": (lambda: influence(story), "circle", 24 * 4 + 5 + 1 + 2),
        "tree": (lambda: tree(game), "circle", 29 + 16 + 2),
        "cases": (lambda: timeline(Timeline(LONG, past, LONG)), "circle", 24 * 2 + 2),
        "prior": (lambda: prior(Prior(LONG, LONG, strips, "B")), "rect", 1 + 2 * 6),
        "lines": (lambda: line_chart(chart), "polyline", 2 * 5 * 2),
        **assumptions(),
    }


def assumptions() -> dict[str, tuple[Draw, str, int]]:
    """Return the forms that show what assumptions do."""
    bar = Bar(90.0, 80.0, 100.0, "90 ±10")
    bars = BarChart(LONG, (LONG, LONG), (BarRow(LONG, "A", (bar, bar)),) * 10, (LONG,))
    ends = (End(0.0, 5.0, "at 0.123: <1"), End(100.0, 5.0, "at 12.3: > 99"))
    whirl = TornadoChart(LONG, LONG, 34.0, "as judged: 34", (TornadoRow(LONG, "C", ends),) * 10, (LONG,))
    xs = tuple(n / 16 for n in range(17))
    shares = tuple(100 * x for x in xs)
    turn = Turn(0.5, 0.4, 0.6, LONG)
    flip = FlipChart(
        LONG,
        LONG,
        LONG,
        xs,
        shares,
        shares,
        shares,
        (0.1, 0.9),
        Judged(0.2, 0.5, 0.8),
        half=turn,
        average=turn,
    )
    axis, counts = Axis(LONG, tuple(map(float, range(13))), 6.0), ((9,) * 12,) * 12
    outlines = (Outline((None, 4.5), (2.5, None), LONG), Outline((9.0, None), (None, None), LONG))
    region = RegionChart(LONG, axis, axis, counts, counts, outlines, (LONG,))
    return {
        "bars": (lambda: bar_chart(bars), "rect", 1 + 10 * 3 + 1),
        "tornado": (lambda: tornado(whirl), "path", 10 * 3),
        "flip": (lambda: flip_chart(flip), "circle", 17 + 2),
        "region": (lambda: region_chart(region), "circle", 1),
    }


def right(picture: str, mark: str, count: int) -> None:
    """Assert that a picture is one, and shows as much as its data has."""
    root = ET.fromstring(picture)
    kinds = [each.tag.rpartition("}")[2] for each in root.iter()]
    assert kinds[:2] == ["svg", "title"], kinds[:2]
    assert kinds.count(mark) == count, (mark, kinds.count(mark), count)


def least(draw: Draw) -> float:
    """Return the least processor time of a drawing, in seconds."""
    found = []
    for _ in range(TIMES):
        began = time.process_time()
        draw()
        found.append(time.process_time() - began)
    return min(found)


def main() -> None:
    """Draw, check, time."""
    record = {}
    for name, (draw, mark, count) in forms().items():
        picture = draw()
        right(picture, mark, count)
        seconds, size = least(draw), len(picture.encode())
        record[name] = {"seconds": seconds, "bytes": size}
        print(f"{name:12} {1000 * seconds:6.1f} ms  {size / 1000:6.1f} kB")
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    slow = [name for name, each in record.items() if each["seconds"] > SECONDS or each["bytes"] > BYTES]
    if slow:
        sys.exit(f"above {1000 * SECONDS:.0f} ms or {BYTES / 1000:.0f} kB: {', '.join(slow)}")


if __name__ == "__main__":
    main()
