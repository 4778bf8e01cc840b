"""``parley report``: what was found, as a page to read, to print and to pass on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parley.cli.browser import browser_or_fail, print_pdf
from parley.cli.debate import hold
from parley.cli.exits import INSUFFICIENT, INTERRUPTED
from parley.cli.order import Order, as_typed, options, pairs, policies_of
from parley.cli.output import write

if TYPE_CHECKING:
    from parley.findings import Debate, Findings
    from parley.report.document import Document, Figure
    from parley.scenario.model import Scenario

__all__ = ["report", "write_report"]

RUN = "run.json"  # in the folder of a kept run
PAGE, TEXT, PAPER, DATA, PICTURES = "report.html", "report.md", "report.pdf", "findings.json", "pictures"


@click.command()
@click.argument("source", metavar="NAME-OR-FILE-OR-RUN")
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    metavar="FOLDER",
    type=click.Path(file_okay=False),
    help="Where to write; made if it is not there. Files of these names in it are replaced.",
)
@click.option(
    "--pdf",
    is_flag=True,
    help="Print the page to report.pdf as well, with the Chromium, Chrome or Edge on this machine "
    "(PARLEY_BROWSER names another).",
)
@click.option(
    "--objections",
    is_flag=True,
    help="Of a kept run or of findings: grant every objection too, which is solved for.",
)
@options
@click.option("--quick", is_flag=True, help="Leave out what has to be solved for besides.")
@click.option("--quiet", is_flag=True, help="No progress.")
def report(
    source: str,
    folder: str,
    pdf: bool,
    objections: bool,
    draws: int,
    seed: int,
    policies: tuple[str, ...],
    overrides: tuple[str, ...],
    threads: int | None,
    quick: bool,
    quiet: bool,
) -> int:
    """Write what was found as a report to read, to print and to pass on.

    NAME-OR-FILE-OR-RUN is a scenario, which is then solved; the folder of a run that `parley run --save`
    kept, or the findings that `parley run --json` wrote: then nothing is solved. The report is one HTML file
    that needs no network and no script, the same as Markdown with its pictures beside it, and the findings
    as JSON; with --pdf also a PDF file. Of a scenario every objection is granted too, to say which bites; of
    a run they are only listed, unless you ask for --objections.
    """
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise click.BadParameter(f"{folder!r} is a file", param_hint="-o")
    browser = browser_or_fail() if pdf else None  # said before minutes are spent on solving
    kept = _kept(source)
    if kept is None:
        given = pairs(overrides)
        from parley import catalog

        scenario: Scenario | None = as_typed(catalog.load(source, given), given)
        assert scenario is not None
        order = Order(draws, seed, policies_of(scenario, policies), 0, threads, quick, quiet)
        results = order.results(scenario)
        findings = None if results is None else order.findings(results)
        if findings is None:
            return INTERRUPTED
    else:
        _nothing_to_solve(overrides, policies)
        findings, scenario = kept
        record = findings.provenance
        some = tuple(findings.policies) if findings.left_out else None
        order = Order(record.draws, record.seed, some, 0, threads, not objections, quiet)
    debate = None
    if scenario is not None and scenario.challenges and findings.verdict is not None and not order.quick:
        debate = hold(scenario, replace(order, quick=True))
        if debate is None:
            return INTERRUPTED
    page = write_report(findings, scenario, target, debate)
    click.echo(f"Wrote {page}")
    if browser is not None:
        print_pdf(page, target / PAPER, browser)
        click.echo(f"Wrote {target / PAPER}")
    return 0 if findings.certification.sufficient else INSUFFICIENT


def write_report(
    findings: Findings, scenario: Scenario | None, folder: Path, debate: Debate | None = None
) -> Path:
    """Write a report's files into a folder, and return the page."""
    from parley.report.compose import compose
    from parley.report.document import to_html, to_markdown

    document = compose(findings, scenario, debate=debate)
    pictures = folder / PICTURES
    pictures.mkdir(parents=True, exist_ok=True)
    drawn = {figure.name: figure.svg for figure in _figures(document)}
    for name, svg in drawn.items():
        write(svg, str(pictures / f"{name}.svg"))
    addresses = {name: f"{PICTURES}/{name}.svg" for name in drawn}
    write(to_markdown(document, addresses), str(folder / TEXT))
    write(findings.to_json(), str(folder / DATA))
    write(to_html(document), str(folder / PAGE))
    return folder / PAGE


def _figures(document: Document) -> list[Figure]:
    from parley.report.document import Figure, Section

    found: list[Figure] = []
    waiting = list(document.sections)
    while waiting:
        section = waiting.pop()
        waiting += [block for block in section.blocks if isinstance(block, Section)]
        found += [block for block in section.blocks if isinstance(block, Figure)]
    return found


def _kept(source: str) -> tuple[Findings, Scenario | None] | None:
    """Return what a kept run or a file of findings holds; None when the source is a scenario."""
    path = Path(source)
    if path.is_dir() and (path / RUN).is_file():
        return _of_run(path)
    if path.suffix.lower() == ".json" and path.is_file():
        return _of_file(path)
    return None


def _of_run(path: Path) -> tuple[Findings, Scenario]:
    from parley.findings import Findings, assess
    from parley.study import Store, read_run, stored_scenario

    with Store.open(path) as store:
        scenario, text = stored_scenario(store), store.findings()
    return (assess(read_run(path)) if text is None else Findings.from_json(text)), scenario


def _of_file(path: Path) -> tuple[Findings, Scenario | None]:
    """Return the findings, and their scenario where it is still as it was."""
    from parley import catalog
    from parley.errors import ParleyError
    from parley.findings import Findings

    try:
        text = path.read_text(encoding="utf-8")
        json.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError) as fault:
        raise click.UsageError(f"{str(path)!r} holds no JSON: {fault}") from None
    findings = Findings.from_json(text)
    record = findings.provenance
    try:
        scenario = catalog.load(record.path, record.overrides)
    except ParleyError:
        scenario = None
    if scenario is None or scenario.digest != record.digest:
        click.echo(
            f"{record.path} is not there any more as it was: the report has no passages of the article and "
            "no story.",
            err=True,
        )
        return findings, None
    return findings, scenario


def _nothing_to_solve(overrides: tuple[str, ...], policies: tuple[str, ...]) -> None:
    if overrides or policies:
        option = "--set" if overrides else "--policy"
        raise click.UsageError(f"{option} is for a scenario; these findings are made already")
