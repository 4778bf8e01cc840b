"""Charts for the tests of pictures; run as a module it writes the golden pictures anew."""

from __future__ import annotations

from pathlib import Path

from parley.report.pictures import Band, Dot, Judged, Line, LineChart, Mark, Panel, line_chart
from parley.report.pictures.influence import Box, Influence, Row, influence
from parley.report.pictures.nodes import Node, Tree
from parley.report.pictures.prior import Prior, Strip, prior
from parley.report.pictures.timeline import Case, Timeline, timeline
from parley.report.pictures.tree import tree

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


def story() -> Influence:
    """A story with every kind of step, a frame in a frame, and what is hidden."""
    rounds = Box(
        "up to 3 times, until deal is yes",
        (
            Row("acts", "The state chooses offer", "high | low", actor=0, seen=(0, 1)),
            Box(
                "if offer is low",
                (
                    Row("acts", "The rebels & friends choose answer", "accept | fight", "", 1, (0, 1, 2)),
                    Row("world", "trust becomes 1", "", "if answer is accept: ", seen=(2,)),
                ),
            ),
        ),
    )
    return Influence(
        "Who moves, who sees <what>",
        ("The state", "The rebels & friends", "The public"),
        (
            Row("chance", "chance: strength", "strong | weak", seen=(1,)),
            rounds,
            Row("shown", "shown: strength", seen=(0, 1)),
            Row("ends", "the story ends as", "deal | war"),
        ),
        ("Payments on the way are not shown.",),
        "Five steps.",
    )


def signalling() -> Tree:
    """A signalling game: two kinds, two signs, an answer to the sign alone; one branch is never taken."""
    nodes = [Node(None, "chance", move="kind")]
    for kind, often in (("strong", 0.25), ("weak & poor", 0.75)):
        sender = len(nodes)
        nodes.append(Node(0, "decision", kind, often, often, 0, "sign", 2 + sender))
        for group, (sign, chance) in enumerate((("beer", 1.0), ("quiche", 0.0))):
            receiver = len(nodes)
            nodes.append(Node(sender, "decision", sign, chance, often * chance, 1, "answer", group))
            for answer, taken in (("duel", 0.004), ("leave alone", 0.996)):
                pays = (1.0 if answer == "duel" else 3.0, -0.5)
                reach = often * chance * taken
                nodes.append(Node(receiver, "end", answer, taken, reach, None, "", None, answer, pays))
    return Tree("Beer <or> quiche", ("stranger", "bully"), tuple(nodes), ("A note.",), "Two kinds.")


def centipede() -> Tree:
    """A game too deep to go from the left to the right."""
    nodes = [Node(None, "decision", player=0, move="move 1", group=0)]
    for step in range(1, 9):
        last, pays = len(nodes) - 1, (step * 0.4, 12.5 - step)
        name = f"taken at {step}"
        nodes.append(Node(last, "end", "take", 0.5, 0.5**step, None, "", None, name, pays))
        if step < 8:
            move = f"move {step + 1}"
            nodes.append(
                Node(last, "decision", "pass", 0.5, 0.5**step, step % 2, move, 6 if step > 5 else step)
            )
        else:
            nodes.append(Node(last, "others", "3 others", 0.5, 0.5**step))
    return Tree("A centipede", ("first", "second"), tuple(nodes), (), "Eight moves.")


def history() -> Timeline:
    """Two cases within a month, one much later, one without a date; two have set numbers already."""
    cases = (
        Case("the spring truce", "war", "2013-11-20", 0.12, 0.05, 0.3, 0.5, True),
        Case("the first truce of many in the valley & beyond", "peace", "2013-11-01", 0.9, 0.8, 1.0, 0.5),
        Case("a truce", "<peace>", "2019", 0.0, 0.0, 0.0, 0.5),
        Case("of old", "it rang after 2.27", "long ago", used=True),
    )
    return Timeline(
        "What happened", cases, "chance of a coin", ("Bars: nine of ten readings.",), "Four cases."
    )


def judged() -> Prior:
    """A proportion before a count, as counted, after it, and as cases move it."""
    strips = (
        Strip("before the count", (0.006, 0.146, 0.5, 0.854, 0.994), "Jeffreys' prior"),
        Strip("what was counted", (2 / 12,), "2 of 12"),
        Strip("what the readings take", (0.05, 0.11, 0.176, 0.26, 0.39)),
        Strip("weighted by the cases <all>", (0.04, 0.15, 0.33)),
        Strip("with nothing known", (), "anything"),
    )
    notes = ("Grade A, counted.",)
    return Prior("luck & skill: how often it goes well", "chance", strips, "A", 0.0, 1.0, notes, "Luck.")


def main() -> None:
    """Write the golden pictures anew; look at them before you keep them."""
    GOLDEN.mkdir(exist_ok=True)
    for theme in ("auto", "dark"):
        (GOLDEN / f"small-{theme}.svg").write_text(line_chart(small(), theme), encoding="utf-8")
        (GOLDEN / f"signalling-{theme}.svg").write_text(tree(signalling(), theme), encoding="utf-8")
        (GOLDEN / f"centipede-{theme}.svg").write_text(tree(centipede(), theme), encoding="utf-8")
        (GOLDEN / f"history-{theme}.svg").write_text(timeline(history(), theme), encoding="utf-8")
        (GOLDEN / f"judged-{theme}.svg").write_text(prior(judged(), theme), encoding="utf-8")
        (GOLDEN / f"story-{theme}.svg").write_text(influence(story(), theme), encoding="utf-8")


if __name__ == "__main__":
    main()
