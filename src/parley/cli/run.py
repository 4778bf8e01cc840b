"""``parley run``: solve a scenario for many readings and print what was found."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from parley.cli.exits import INSUFFICIENT, INTERRUPTED
from parley.cli.order import Order, as_typed, known, options, pairs, policies_of
from parley.cli.output import writable, write
from parley.cli.screen import takes_colour, width

if TYPE_CHECKING:
    from parley.findings import Findings

__all__ = ["run"]


@click.command()
@click.argument("scenario", metavar="NAME-OR-FILE")
@options
@click.option("--json", "json_file", metavar="FILE", help="Write the findings as JSON; - is standard output.")
@click.option(
    "--save",
    metavar="DIR",
    type=click.Path(file_okay=False),
    help="Keep the run in a folder: an interrupted run goes on from there, `parley verify` checks it.",
)
@click.option(
    "--starts",
    default=0,
    show_default=True,
    type=click.IntRange(min=0, max=100_000),
    metavar="N",
    help="Look for other equilibria from N starts, in up to 64 of the readings; 0: don't look.",
)
@click.option(
    "--executor",
    default="threads",
    show_default=True,
    metavar="WHO",
    help="Who solves: threads, processes, or tcp://host:port of a Dask scheduler. All give the same bits.",
)
@click.option(
    "--concept",
    default="quantal",
    show_default=True,
    type=click.Choice(["quantal", "limit"]),
    help="Players err as the scenario says, or never. For limit nothing is kept and --quick is taken.",
)
@click.option(
    "--quick",
    is_flag=True,
    help="Say whether the conclusion follows, not what carries it or what would reverse it.",
)
@click.option(
    "--show",
    "sections",
    multiple=True,
    metavar="SECTION",
    help="Print a further section as well, or all (may be repeated); the last line names them.",
)
@click.option("--quiet", is_flag=True, help="Print the verdict alone, and no progress.")
def run(
    scenario: str,
    draws: int,
    seed: int,
    policies: tuple[str, ...],
    overrides: tuple[str, ...],
    threads: int | None,
    json_file: str | None,
    save: str | None,
    starts: int,
    executor: str,
    concept: str,
    quick: bool,
    sections: tuple[str, ...],
    quiet: bool,
) -> int:
    """Solve a scenario and say whether its conclusion follows.

    It is solved for many readings of the same words, under every policy that it compares. NAME-OR-FILE is a
    scenario that ships with Parley (such as taliban-talks) or a file.
    """
    given = pairs(overrides)
    writable(json_file)
    known(sections)
    if concept == "limit":
        _alone(save, starts, executor)
    from parley import catalog

    asked = as_typed(catalog.load(scenario, given), given)
    limit = concept == "limit"
    order = Order(draws, seed, policies_of(asked, policies), starts, threads, quick or limit, quiet, executor)
    results = order.limit(asked) if limit else order.results(asked, save)
    findings = None if results is None else order.findings(results, save)
    if findings is None:
        return INTERRUPTED
    if json_file is not None:
        write(findings.to_json(), json_file)
    if json_file != "-":
        _show(findings, sections, quiet=quiet)
    return 0 if findings.certification.sufficient else INSUFFICIENT


def _alone(save: str | None, starts: int, executor: str) -> None:
    """Refuse what is there for quantal response alone."""
    given = {"--save": save is not None, "--starts": starts > 0, "--executor": executor != "threads"}
    for name in (name for name, wanted in given.items() if wanted):
        raise click.UsageError(f"{name} goes with quantal response: leave it out, or --concept limit")


def _show(findings: Findings, sections: tuple[str, ...], *, quiet: bool) -> None:
    from parley.report import render
    from parley.report.words import headline

    if quiet:
        click.echo(headline(findings))
        return
    colour = takes_colour(sys.stdout)
    click.echo(render(findings, width(), colour, show=sections), nl=False, color=colour)
