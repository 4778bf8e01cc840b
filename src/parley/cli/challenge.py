"""``parley challenge``: grant one objection, and see what moves."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parley.cli.exits import INSUFFICIENT, INTERRUPTED
from parley.cli.order import Order, as_typed, known, options, pairs, policies_of, still_set, unknown
from parley.cli.output import writable, write
from parley.cli.screen import takes_colour, width

if TYPE_CHECKING:
    from parley.findings import Challenged
    from parley.scenario.model import Scenario

__all__ = ["challenge"]

FILES = (".yaml", ".yml")


@click.command()
@click.argument("scenario", metavar="NAME-OR-FILE")
@click.argument("objection", metavar="OBJECTION")
@options
@click.option("--json", "json_file", metavar="FILE", help="Write both findings and what moves as JSON.")
@click.option(
    "--save",
    metavar="DIR",
    type=click.Path(file_okay=False),
    help="Keep the run with the objection granted in a folder; `parley verify` checks it.",
)
@click.option("--quick", is_flag=True, help="Don't ask what carries the conclusion then.")
@click.option(
    "--show", "sections", multiple=True, metavar="SECTION", help="As in `parley run` (may be repeated)."
)
@click.option("--quiet", is_flag=True, help="Print what moves alone, and no progress.")
def challenge(
    scenario: str,
    objection: str,
    draws: int,
    seed: int,
    policies: tuple[str, ...],
    overrides: tuple[str, ...],
    threads: int | None,
    json_file: str | None,
    save: str | None,
    quick: bool,
    sections: tuple[str, ...],
    quiet: bool,
) -> int:
    """Grant one objection and say what moves.

    The same readings are solved as the author has them and with the objection granted; the differences come
    first, then the findings with it granted. OBJECTION is the name of one that the scenario states under
    `challenges`, or a YAML file of the form of such an entry (text, set, why, against).
    """
    given = pairs(overrides)
    writable(json_file)
    known(sections)
    from parley import catalog
    from parley.findings import Challenged, assess
    from parley.findings import objection as moved

    author = as_typed(catalog.load(scenario, given), given)
    name, granted = _granted(author, objection)
    granted = as_typed(granted, {key: text for key, text in given.items() if still_set(author, granted, key)})
    order = Order(draws, seed, policies_of(author, policies), 0, threads, quick, quiet)
    before = order.results(author)
    after = None if before is None else order.results(granted, save)
    findings = None if after is None else order.findings(after, save)
    if before is None or after is None or findings is None:
        return INTERRUPTED
    beside = assess(before)
    moves = moved(granted.challenges[name], before, after, beside, findings)
    found = Challenged(moves, beside, findings)
    if json_file is not None:
        write(found.to_json(), json_file)
    if json_file != "-":
        _show(found, sections, quiet=quiet)
    return 0 if findings.certification.sufficient else INSUFFICIENT


def _granted(scenario: Scenario, objection: str) -> tuple[str, Scenario]:
    """Return the name of the objection, and the scenario with it granted."""
    from parley.scenario import challenge, object_to
    from parley.scenario.names import canonical

    for name in scenario.challenges:
        if canonical(name) == canonical(objection):
            return name, challenge(scenario, name)
    if objection.lower().endswith(FILES) or Path(objection).is_file():
        return Path(objection).stem, object_to(scenario, objection)
    text = unknown("challenge", objection, scenario.challenges)
    raise click.BadParameter(f"{text}; an objection in a file ends in .yaml", param_hint="OBJECTION")


def _show(found: Challenged, sections: tuple[str, ...], *, quiet: bool) -> None:
    from parley.report import render, render_objection

    colour, columns = takes_colour(sys.stdout), width()
    click.echo(render_objection(found.objection, columns, colour), nl=False, color=colour)
    if not quiet:
        text = render(found.challenged, columns, colour, author=found.author, show=sections)
        click.echo("\n" + text, nl=False, color=colour)
