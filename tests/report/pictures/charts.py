"""Charts for the tests of pictures; run as a module it writes the golden pictures anew."""

from __future__ import annotations

from pathlib import Path

from parley.report.pictures import Band, Dot, Judged, Line, LineChart, Mark, Panel, line_chart

GOLDEN = Path(__file__).parent / "golden"
XS = tuple(float(x) for x in range(11))


def small() -> LineChart:
    """Two panels with everything in them: bands, a gap, a jump, rings, marks, what is judged."""
    rising = tuple(x / 10 for x in XS)
    band = Band(tuple(0.8 * y for y in rising), tuple(min(1.0, 1.2 * y) for y in rising))
    gap = tuple(None if x in (3.0, 4.0) else 1 - y for x, y in zip(XS, rising, strict=True))
    jump = tuple(0.2 if x < 6 else 0.7 for x in XS)
    chances = Panel(
        "chance of war",
        (
            Line("hold", rising, (band,)),
            Line("yield", gap),
            Line("a policy with a long name", jump, jumps=((5.0, 6.0),)),
        ),
        dots=(Dot(5.0, 0.5, 0),),
        marks=(Mark(5.0, "5"), Mark(5.5, "5.5")),
        floor=0.0,
        ceiling=1.0,
    )
    worth = Panel("payoff", (Line("", tuple(-y for y in rising)),))
    return LineChart(
        "How war & peace depend on <cost>",
        "cost (millions)",
        XS,
        (chances, worth),
        judged=Judged(2.0, 4.0, 12.0),
        notes=("Rings: published numbers.",),
        description="War becomes likelier.",
    )


def main() -> None:
    """Write the golden pictures anew; look at them before you keep them."""
    GOLDEN.mkdir(exist_ok=True)
    for theme in ("auto", "dark"):
        (GOLDEN / f"small-{theme}.svg").write_text(line_chart(small(), theme), encoding="utf-8")


if __name__ == "__main__":
    main()
