"""The claims ledger as rows of text.

What lives here: how a claim looks on one or two lines. What may not: what became of it.

A ledger of up to fifteen claims gives a claim two lines where it needs them: its words, and what it rests on.
A longer one gives each claim one line and names what it rests on without its range, so that verdict, ledger
and proof still fit on two screens; the whole text is in the scenario and in the JSON, the ranges in
``parley show``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.table import Table
from rich.text import Text

from parley.findings import Assumption, ClaimFinding, Findings, Share
from parley.report import flips, words

__all__ = ["STYLES", "coverage", "sections", "summary"]

STYLES = {
    "robust": "bold green",
    "leans": "green",
    "open": "yellow",
    "fails": "bold red",
    "divided": "bold yellow",
    "withheld": "bold red",
}
GRADE_STYLES = {"A": "bold", "B": "", "C": "dim", None: "dim"}
CROWDED = 15  # claims; above this each has one line
LONGEST_NAME = 18
FINDING = 16  # columns of what became of a claim, at least

Row = Callable[[Findings, ClaimFinding, int, bool], tuple[Text, Text]]


def coverage(findings: Findings) -> str:
    """Say how many claims there are of each kind."""
    count = findings.coverage
    kinds = f"{count.derived} derived, {count.assumed} assumed, {count.unmodelled} not modelled"
    return f"{count.claims}: {kinds}"


def sections(findings: Findings, width: int) -> Iterator[tuple[str, Table]]:
    """Lay out the claims of each kind: a line that says what the kind means, and a table.

    Parameters
    ----------
    findings
        With at least one claim.
    width
        Columns of the tables.
    """
    kinds: tuple[tuple[str, str, Row], ...] = (
        ("derived", "derived: in how many of 100 readings it holds", _derived),
        ("assumed", _assumed_title(findings), _assumed),
        ("unmodelled", "not modelled: the argument needs it, the model does not carry it", _unmodelled),
    )
    names = [len(words.clean(claim.name)) for claim in findings.claims]
    name_width = min(LONGEST_NAME, max(names))
    crowded = len(findings.claims) > CROWDED
    shares = [claim.holds for claim in findings.claims if claim.holds is not None]
    finding_width = max([FINDING, *(len(_found(share)) for share in shares)])
    room = width - name_width - finding_width - 4
    for kind, title, row in kinds:
        members = [claim for claim in findings.claims if claim.kind == kind]
        if not members:
            continue
        table = Table(box=None, show_header=False, show_edge=False, padding=(0, 2, 0, 0), pad_edge=False)
        table.add_column(width=name_width, overflow="fold")
        table.add_column(width=finding_width, no_wrap=True)
        table.add_column(overflow="fold")
        for claim in members:
            finding, text = row(findings, claim, room, crowded)
            table.add_row(words.clean(claim.name), finding, text)
        yield title, table


def summary(findings: Findings) -> Iterator[str]:
    """Sum the ledger up in a sentence for each kind of claim, for a page that has no room for all of it.

    Yields
    ------
    str
        Derived claims by word, assumed ones by grade and by what pushing them does, the unmodelled ones.
    """
    derived: dict[str, list[str]] = {}
    for claim in findings.claims:
        if claim.kind == "derived":
            word = claim.holds.word if claim.holds is not None else "not measured"
            derived.setdefault(word, []).append(words.clean(claim.name))
    if derived:
        order = [*STYLES, "not measured"]
        said = [f"{word} {', '.join(derived[word])}" for word in sorted(derived, key=order.index)]
        yield f"derived: {'; '.join(said)}."
    assumed = [claim for claim in findings.claims if claim.kind == "assumed"]
    if assumed:
        judged = [claim for claim in assumed if claim.confidence in ("C", None) and claim.carriers]
        yield f"assumed: {len(judged)} of {len(assumed)} rest on judgement (grade C or none)."
        turning = [words.clean(claim.name) for claim in assumed if flips.turns(findings, claim.name)]
        if findings.flips is not None and findings.flips.claims:
            if turning:
                yield (
                    "Pushed to either end of what is stated, or dropped, these give an answer another word: "
                    f"{words.listed(turning)}."
                )
            else:
                yield "Pushed to either end of what is stated, or dropped, none gives an answer another word."
    left = [words.clean(claim.name) for claim in findings.claims if claim.kind == "unmodelled"]
    if left:
        yield f"not modelled: {', '.join(left)}."


def _assumed_title(findings: Findings) -> str:
    title = "assumed: put in by the author; grade of the evidence"
    if not any(flips.pushed(findings, claim.name) for claim in findings.claims):
        return title
    several = findings.flips is not None and len(findings.flips.criteria) > 1
    numbered = " (by number of the criterion)" if several else ""
    return f"{title}; the answer with its numbers pushed to 5 or 95%, or dropped{numbered}"


def _text(claim: ClaimFinding, room: int, crowded: bool) -> str:
    """Return the claim's words: on one line, or in a narrow terminal on two if there are few claims."""
    return words.shorten(claim.text, room if crowded or room >= 60 else 2 * room)


def _two(
    text: str, more: str, room: int, crowded: bool, style: str = "", least: tuple[int, int] = (3, 5)
) -> Text:
    """Return words and what stands behind them: on two lines, or side by side when the ledger is crowded.

    Side by side the words get ``least`` of the room, or what is left.
    """
    if not more:
        return Text(text, style=style)
    if not crowded:
        return Text(text, style=style).append(f"\n{words.shorten(more, room)}", style="dim")
    kept = words.shorten(text, max(room - len(words.clean(more)) - 3, room * least[0] // least[1]))
    return Text(kept, style=style).append(f" ({words.shorten(more, room - len(kept) - 3)})", style="dim")


def _derived(findings: Findings, claim: ClaimFinding, room: int, crowded: bool) -> tuple[Text, Text]:
    share = claim.holds
    if share is None:
        why = words.not_measured(claim.needs).removeprefix("not measured ") if claim.needs else ""
        return Text("not measured", style="dim"), _two(_text(claim, room, crowded), why, room, crowded)
    finding = Text(_found(share), style=STYLES[share.word])
    if not share.undefined:
        return finding, Text(_text(claim, room, crowded))
    remark = f" (undefined in {share.undefined:,}{'' if crowded else ' readings'})"
    text = words.shorten(claim.text, room - len(remark)) if crowded else _text(claim, room, crowded)
    return finding, Text(text).append(remark, style="dim")


def _found(share: Share) -> str:
    """Return a claim's share, its error and its word: one cell of the table."""
    decimals = words.decimals_of(share)
    amount = words.brief(words.of_hundred(share.share, decimals).replace(" of 100", ""))
    if share.share not in (None, 0.0, 1.0) and share.error is not None:
        amount += " ±" + words.give_or_take(share.error, decimals).removeprefix("give or take ")
    return f"{amount:<8} {share.word}"


def _assumed(findings: Findings, claim: ClaimFinding, room: int, crowded: bool) -> tuple[Text, Text]:
    style = GRADE_STYLES[claim.confidence]
    ranges = {item.name: item for item in findings.assumptions}
    carried = [_range(ranges[name]) if name in ranges and not crowded else name for name in claim.carriers]
    if claim.structure:
        carried.append(claim.structure)
    # A claim that the story carries, with nothing behind it that could have a grade.
    by_story = claim.structure and not claim.evidence and not any(name in ranges for name in claim.carriers)
    grade = "by the story" if by_story else words.GRADES[claim.confidence]
    tested, behind = flips.pushed(findings, claim.name), "; ".join(carried)
    if tested and crowded:
        # What pushing a claim does is a finding: it comes first and may take more than half of the line.
        more = f"{tested}; {behind}"
        text = _two(_text(claim, room, crowded), more, room, crowded, style, least=(2, 5))
    else:
        text = _two(_text(claim, room, crowded), behind, room, crowded, style)
        if tested:
            text.append(f"\n{words.shorten(tested, room)}", style="dim")
    return Text(grade, style=style), text


def _range(item: Assumption) -> str:
    text = f"{item.name} {item.judgement}"
    return f"{text} ({item.unit})" if item.unit else text


def _unmodelled(findings: Findings, claim: ClaimFinding, room: int, crowded: bool) -> tuple[Text, Text]:
    return Text("-", style="dim"), _two(_text(claim, room, crowded), claim.reason or "", room, crowded)
