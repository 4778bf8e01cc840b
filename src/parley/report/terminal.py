"""Findings in a terminal: the answer first, then the table, the claims and the proof, on two screens.

What lives here: layout. What may not: statistics, sentences longer than a label (:mod:`parley.report.words`).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterable, Mapping

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from parley.errors import FindingsError
from parley.findings import Findings, Measure, PolicyProof
from parley.report import (
    cruxes,
    discovery,
    flips,
    history,
    information,
    ledger,
    reasoning,
    robustness,
    words,
)
from parley.report.ledger import STYLES
from parley.report.others import UNSEARCHED, others

__all__ = ["NARROWEST", "SECTIONS", "WIDEST", "draw", "heading", "render"]

NARROWEST, WIDEST = 60, 120
INDENT = (0, 0, 0, 2)
FEW_LINES = 16  # of quantities, when each policy has a line of its own


def render(
    findings: Findings,
    width: int = 100,
    colour: bool = False,
    *,
    author: Findings | None = None,
    objection: str | None = None,
    show: Collection[str] = (),
) -> str:
    """Lay findings out for a terminal or a plain text file.

    The answer always comes first. Then the sections that a first reading needs; a last line names the
    others.

    Parameters
    ----------
    findings
        What :func:`parley.findings.assess` returned.
    width
        Columns, kept within 60 and 120.
    colour
        Whether to add ANSI colours; without them the text holds no escape sequence at all.
    author
        The findings as the author has it, when ``findings`` grant an objection: shown beside them.
    objection
        The objection that is granted, in words.
    show
        Further sections, of :data:`SECTIONS`, or ``all``.

    Returns
    -------
    str
        Lines without trailing blanks, ending in a newline.

    Raises
    ------
    FindingsError
        There is no section of that name.

    Examples
    --------
    >>> import parley
    >>> from parley.report import render
    >>> results = parley.run(parley.load("which-event-first"), draws=16)
    >>> print(render(parley.assess(results), width=80).splitlines()[0])
    Which event comes first
    """
    width = min(max(width, NARROWEST), WIDEST)
    parts = [*_title(findings), *_granted(objection), *_answer(findings, author)]
    unknown = [name for name in show if name != "all" and name not in SECTIONS]
    if unknown:
        raise FindingsError(f"there is no section {unknown[0]!r}; there are: {', '.join(SECTIONS)}, all")
    chosen, more = _chosen(findings, width, draw(parts, width, False).count("\n"), show)
    for name in SECTIONS:
        parts += chosen.get(name, ())
    if more:
        parts.append(heading("MORE", f"--show {', --show '.join(more)}, or --show all"))
    return draw(parts, width, colour)


def _chosen(
    findings: Findings, width: int, used: int, show: Collection[str]
) -> tuple[dict[str, list[RenderableType]], list[str]]:
    """Choose what a first reading needs most, on two screens; then what was asked for besides.

    A section whose long form does not fit may have a short one, which is always there. Returns the sections
    that are shown, and the names of those that have more to say.
    """
    chosen = {name: list(short(findings, width)) for name, short in SHORT.items()}
    lines = {name: draw(parts, width, False).count("\n") for name, parts in chosen.items()}
    left = SCREENS - used - sum(lines.values())
    whole = {name: list(section(findings, width)) for name, section in SECTIONS.items()}
    shown = {name for name in SECTIONS if name in show or "all" in show}
    for name in NEEDED:
        longer = draw(whole[name], width, False).count("\n") - lines.get(name, 0)
        if longer <= left:
            shown.add(name)
            left -= longer
    chosen |= {name: whole[name] for name in shown}
    return chosen, [name for name, parts in whole.items() if parts and name not in shown]


def draw(parts: Iterable[RenderableType], width: int, colour: bool) -> str:
    """Write renderables as text without trailing blanks."""
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def heading(name: str, remark: str = "") -> Text:
    """Return the heading of a section, with an empty line above it."""
    text = Text(f"\n{name}", style="bold")
    return text.append(f"  {remark}", style="not bold dim") if remark else text


def _indented(text: str | Text) -> Padding:
    return Padding(text if isinstance(text, Text) else Text(text), INDENT)


def _columns(*ratios: int | None) -> Table:
    """Return a grid; a column without a ratio takes what it needs."""
    grid = Table(box=None, show_header=False, show_edge=False, padding=(0, 1, 0, 0), pad_edge=False)
    for ratio in ratios:
        grid.add_column(ratio=ratio, no_wrap=ratio is None, overflow="fold")
    return grid


def _title(findings: Findings) -> Iterable[RenderableType]:
    yield Text(words.clean(findings.title), style="bold")
    if findings.question:
        yield Text(words.clean(findings.question))


def _granted(objection: str | None) -> Iterable[RenderableType]:
    if objection is not None:
        yield Text("\nWith this objection granted", style="bold")
        yield _indented(words.clean(objection))


def _answer(findings: Findings, author: Findings | None) -> Iterable[RenderableType]:
    verdict, sufficient = findings.verdict, findings.certification.sufficient
    word = verdict.word if verdict is not None else ""
    yield heading("VERDICT", f"{findings.draws:,} readings of the same words")
    yield _indented(Text(words.headline(findings), style=STYLES.get(word if sufficient else "withheld", "")))
    if verdict is None or not sufficient:
        return
    unmeasured = [item for item in findings.measures if item.kind == "criterion" and item.needs]
    table = _columns(None, 1)
    for item in verdict.answers:
        word = (item.against_baseline or item.best).word
        said = Text.assemble((words.clean(item.criterion), "bold"), f" ({_better(item.higher)}): ")
        said.append(word, style=STYLES[word])
        before = words.unchallenged(author, item) if author is not None else None
        for line in (words.answer(findings, item), before, words.best_of_all(findings, item)):
            if line is not None:
                said.append(f"\n{line}")
        table.add_row("-", said)
    for measure in unmeasured:
        name = (words.clean(measure.name), "bold")
        table.add_row("-", Text.assemble(name, f": {words.not_measured(measure.needs)}"))
    yield Padding(table, INDENT)


def _better(higher: bool) -> str:
    return "more is better" if higher else "less is better"


def _comparison(findings: Findings, width: int) -> Iterable[RenderableType]:
    criteria = [item for item in findings.measures if item.kind == "criterion"]
    if not criteria:
        return
    yield heading("POLICIES", "mean, then the range that holds nine readings in ten")
    table = Table(box=None, show_edge=False, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    table.add_column("", overflow="fold")
    for name in ("mean", "5%", "50%", "95%", "best in"):
        table.add_column(name, justify="right", no_wrap=True)
    for item in criteria:
        label = Text(words.clean(item.name)).append(f" ({_better(item.higher is not False)})", style="dim")
        if item.needs:
            label.append(f" {words.not_measured(item.needs)}")
        table.add_row(label, "", "", "", "", "")
        rows = [(each.mean, each.low, each.middle, each.high) for each in item.spread.values()]
        written = words.figures(value for row in rows for value in row)
        for place, policy in enumerate(item.spread):
            _policy_row(table, findings, item, policy, written[4 * place : 4 * place + 4])
    yield Padding(table, INDENT)


def _policy_row(table: Table, findings: Findings, item: Measure, policy: str, values: list[str]) -> None:
    spread = item.spread[policy]
    verdict = findings.verdict
    recommended = verdict is not None and policy == verdict.recommended
    name = Text("  " + words.clean(policy) + (" (recommended)" if recommended else ""))
    if spread.undefined:
        name.append(f" [undefined in {spread.undefined:,}]", style="dim")
    best = words.of_hundred(item.best_share[policy]) if policy in item.best_share else "not a candidate"
    best = words.brief(best) if findings.certification.sufficient else "withheld"
    table.add_row(name, *values, best if item.best_share else "", style="bold" if recommended else "")


def _quantities(findings: Findings, width: int) -> Iterable[RenderableType]:
    rows = [item for item in findings.measures if item.kind == "quantity"]
    if not rows:
        return
    policies = [name for name in findings.policies if any(name in item.spread for item in rows)]
    names = [words.clean(policy) for policy in policies]
    labels = [
        words.clean(item.name) + (f": {words.not_measured(item.needs)}" if item.needs else "")
        for item in rows
    ]
    few = len(rows) * (len(policies) + 1) <= FEW_LINES
    # With the range beside the mean, below it, or (many policies, many quantities) without it.
    for joint in (" ", "\n", *(() if few else (None,))):
        cells = [[_cell(item, policy, joint) for policy in policies] for item in rows]
        column = [_widest([name, *(row[i] for row in cells)]) for i, name in enumerate(names)]
        if sum(column) + 2 * len(column) + 2 + min(24, width // 4) <= width:
            remark = "mean" if joint is None else "mean (5 to 95%)"
            yield heading("ALSO MEASURED", remark)
            yield Padding(_across(labels, names, cells), INDENT)
            return
    yield heading("ALSO MEASURED", "mean" if not few else "mean (5 to 95%)")
    yield Padding(_down(labels, names, cells), INDENT)


def _widest(cells: list[str]) -> int:
    return max(len(line) for cell in cells for line in cell.split("\n"))


def _across(rows: list[str], names: list[str], cells: list[list[str]]) -> Table:
    """One row for each quantity, one column for each policy."""
    table = Table(box=None, show_edge=False, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    table.add_column("", overflow="fold")
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
    for row, values in zip(rows, cells, strict=True):
        table.add_row(row, *values)
    return table


def _down(rows: list[str], names: list[str], cells: list[list[str]]) -> Table:
    """One line for each policy under each quantity: for narrow terminals and many policies."""
    table = Table(box=None, show_edge=False, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("", overflow="fold")
    table.add_column("", justify="right", no_wrap=True)
    for row, values in zip(rows, cells, strict=True):
        table.add_row(row, "")
        for name, value in zip(names, values, strict=True):
            table.add_row(f"  {name}", value.replace("\n", " "))
    return table


def _cell(item: Measure, policy: str, joint: str | None) -> str:
    """Return mean and range of a measure under a policy; the mean alone when nothing joins the two."""
    spread = item.spread.get(policy)
    if spread is None:
        return ""
    if not spread.defined:
        return words.ABSENT
    mean, low, high = words.figures((spread.mean, spread.low, spread.high))
    text = mean if joint is None or low == high == mean else f"{mean}{joint}({low} to {high})"
    return f"{text}{joint or ' '}[{spread.undefined:,} undefined]" if spread.undefined else text


def _robustness(findings: Findings, width: int) -> Iterable[RenderableType]:
    if not findings.robustness or not findings.certification.sufficient:
        return
    yield heading("ROBUSTNESS", "whom eleven ways of guarding against doubt prefer")
    for item in findings.robustness:
        label = Text(words.clean(item.criterion), style="bold").append(": ")
        yield _indented(label.append(Text(robustness.disagreement(item), style="not bold")))
        table = _columns(None, 1)
        for policy, reasons in robustness.choices(item):
            table.add_row(f"  {policy}", Text(reasons, style="dim"))
        yield Padding(table, INDENT)
    for line in (*robustness.dominance(findings), *robustness.remarks(findings)):
        yield _indented(Text(line, style="dim"))


def _information(findings: Findings, width: int) -> Iterable[RenderableType]:
    if not findings.information or not findings.certification.sufficient:
        return
    yield heading("INFORMATION", "what knowing more before choosing would be worth")
    for item in findings.information:
        label = Text(words.clean(item.criterion), style="bold").append(": ")
        yield _indented(label.append(Text(" ".join(information.perfect(item)), style="not bold")))
        table = _columns(None, None, 1)
        for row in information.rows(item):
            table.add_row(f"  {words.clean(row[0])}", *row[1:])
        if table.row_count:
            yield Padding(table, INDENT)
        rest = information.rest(item)
        if rest is not None:
            yield Padding(Text(rest, style="dim"), (0, 0, 0, 4))


def _cruxes(findings: Findings, width: int) -> Iterable[RenderableType]:
    if findings.cruxes is not None and findings.certification.sufficient:
        yield heading("WHAT CARRIES IT", cruxes.remark(findings))
        yield from cruxes.cruxes(findings, width)


def _flips(findings: Findings, width: int) -> Iterable[RenderableType]:
    if findings.flips is not None and findings.certification.sufficient:
        yield heading("WHEN IT WOULD BE WRONG", flips.remark(findings))
        yield from flips.section(findings, width)


def _discovery(findings: Findings, width: int) -> Iterable[RenderableType]:
    if not findings.discovery or not findings.certification.sufficient:
        return
    yield heading("WHERE IT FAILS", discovery.REMARK)
    for item in findings.discovery:
        label = Text(words.clean(item.criterion), style="bold").append(": ")
        yield _indented(label.append(Text(" ".join(discovery.failing(findings, item)), style="not bold")))
        second = discovery.opinion(item)
        if second is not None:
            yield Padding(Text(second, style="dim"), (0, 0, 0, 4))


def _reasoning(findings: Findings, width: int) -> Iterable[RenderableType]:
    if findings.reasoning is None or not findings.certification.sufficient:
        return
    yield heading("REASONING", reasoning.remark(findings))
    yield from reasoning.reasoning(findings, width)


def _claims(findings: Findings, width: int) -> Iterable[RenderableType]:
    if not findings.claims:
        return
    yield heading("CLAIMS", ledger.coverage(findings))
    for title, rows in ledger.sections(findings, width - INDENT[3]):
        yield _indented(Text(title, style="dim"))
        yield Padding(rows, INDENT)


def _history(findings: Findings, width: int) -> Iterable[RenderableType]:
    if findings.history is not None and findings.certification.sufficient:
        yield heading("HISTORY", history.remark(findings.history))
        yield from history.section(findings.history, width)


def _claims_in_short(findings: Findings, width: int) -> Iterable[RenderableType]:
    if findings.claims:
        yield heading("CLAIMS", ledger.coverage(findings))
        for line in ledger.summary(findings):
            yield _indented(line)


def _proof_in_short(findings: Findings, width: int) -> Iterable[RenderableType]:
    yield heading("PROOF")
    table = _columns(None, 1)
    for title, solved in _solved(findings):
        table.add_row(Text(title, style="dim"), solved)
    for number, line in enumerate(others(findings)):
        table.add_row(Text("" if number else "others", style="dim"), line)
    table.add_row(Text("record", style="dim"), _record(findings))
    table.add_row(Text("again", style="dim"), words.command(findings))
    yield Padding(table, INDENT)


def _reasoning_in_short(findings: Findings, width: int) -> Iterable[RenderableType]:
    if findings.reasoning is not None and findings.certification.sufficient:
        yield heading("REASONING", reasoning.remark(findings))
        for line in reasoning.summary(findings.reasoning):
            yield _indented(line)


def _notes_in_short(findings: Findings, width: int) -> Iterable[RenderableType]:
    notes = [*(words.clean(note) for note in findings.notes), *words.unsound(findings)]
    if findings.verdict is not None or findings.coverage.derived:
        notes.append(words.thresholds())
    if notes:
        yield heading("NOTES")
        table = _columns(None, 1)
        for note in notes:
            table.add_row("-", note)
        yield Padding(table, INDENT)


def _solved(findings: Findings) -> Iterable[tuple[str, Text]]:
    """Say what was solved and how exactly, and what was not, policy by policy."""
    proof = findings.certification
    if proof.solved == proof.games:
        solved, exact = Text("all certified", style="green"), "exact to"
    else:
        solved = Text(f"{proof.games - proof.solved:,} not certified", style="bold red")
        exact = "the others exact to"
    count = len(proof.policies)
    policies = f"{count} policies" if count != 1 else "1 policy"
    games = Text(f"{findings.draws:,} readings x {policies} = {proof.games:,} games: ")
    games.append(solved)
    if proof.largest_residual is not None:
        games.append(f"; {exact} {words.scientific(proof.largest_residual)} (residual)")
    yield "solved", games
    for item in proof.policies:
        for failure in _failures(item):
            yield "", Text(failure, style="red")


def _proof(findings: Findings, width: int) -> Iterable[RenderableType]:
    proof = findings.certification
    yield heading("PROOF")
    table = _columns(None, 1)
    for title, solved in _solved(findings):
        table.add_row(Text(title, style="dim"), solved)
    for regret in _regrets(findings):
        table.add_row(Text("regret", style="dim"), regret)
    for number, line in enumerate(others(findings)):
        table.add_row(Text("" if number else "others", style="dim"), line)
    table.add_row(Text("size", style="dim"), _sizes(proof.policies))
    table.add_row(Text("method", style="dim"), words.method(findings))
    table.add_row(Text("record", style="dim"), _record(findings))
    table.add_row(Text("again", style="dim"), words.command(findings))
    yield Padding(table, INDENT)


def _record(findings: Findings) -> str:
    record = findings.provenance
    said = f"seed {record.seed}, Parley {record.version}, scenario {record.digest[:12]}"
    return said if record.starts else said + UNSEARCHED


def _failures(item: PolicyProof) -> Iterable[str]:
    for status, draws in item.failed.items():
        listed = ", ".join(str(number) for number in draws)
        count = item.statuses[status]
        more = " ..." if count > len(draws) else ""
        which = "draw" if count == 1 else "draws"
        yield f"{words.clean(item.policy)}: {count:,} {status} ({which} {listed}{more})"


def _regrets(findings: Findings) -> Iterable[str]:
    """One line: over all policies, the largest regret of each player and the largest of the medians."""
    parts = []
    for player, text in findings.players.items():
        found = [item.regret[player] for item in findings.certification.policies if player in item.regret]
        largest = max((item.largest for item in found if item.largest is not None), default=None)
        median = max((item.median for item in found if item.median is not None), default=None)
        if largest is not None and largest > 0:
            parts.append(f"{words.clean(text)} {words.figure(largest)} ({words.figure(median)})")
    if parts:
        yield "most that another choice would gain (median), in stakes: " + ", ".join(parts)


def _sizes(proofs: tuple[PolicyProof, ...]) -> str:
    def span(values: list[int]) -> str:
        low, high = min(values), max(values)
        return f"{low:,}" if low == high else f"{low:,} to {high:,}"

    nodes = span([item.nodes for item in proofs])
    infosets = span([item.infosets for item in proofs])
    actions = span([item.actions for item in proofs])
    return f"nodes {nodes}, information sets {infosets}, actions {actions}"


def _notes(findings: Findings, width: int) -> Iterable[RenderableType]:
    notes = [*words.precisions(findings), *(words.clean(note) for note in findings.notes)]
    measured = [item for item in findings.expected if not item.needs]
    if measured:
        notes.append(
            f"Published numbers reproduced: {sum(item.met for item in measured)} of {len(measured)}."
        )
    for item in findings.expected:
        if item.needs:
            said = words.not_measured(item.needs)
            notes.append(f"Published number {words.clean(item.expression)}: {said}.")
    notes.extend(words.unsound(findings))
    if findings.verdict is not None or findings.coverage.derived:
        notes.append(words.thresholds())
    yield heading("NOTES")
    table = _columns(None, 1)
    for note in notes:
        table.add_row("-", note)
    yield Padding(table, INDENT)


SECTIONS: Mapping[str, Callable[[Findings, int], Iterable[RenderableType]]] = {
    "policies": _comparison,
    "measured": _quantities,
    "cruxes": _cruxes,
    "flips": _flips,
    "failures": _discovery,
    "claims": _claims,
    "robustness": _robustness,
    "information": _information,
    "reasoning": _reasoning,
    "history": _history,
    "proof": _proof,
    "notes": _notes,
}
SHORT: Mapping[str, Callable[[Findings, int], Iterable[RenderableType]]] = {
    "claims": _claims_in_short,
    "reasoning": _reasoning_in_short,
    "proof": _proof_in_short,
    "notes": _notes_in_short,
}
# What a first reading needs, most needed first.
NEEDED = ("cruxes", "flips", "failures", "policies", "claims", "history", "proof", "notes", "measured")
SCREENS = 98  # lines of two screens, less the one that names what is left out
