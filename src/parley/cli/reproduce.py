"""``parley reproduce``: a scenario's published numbers, solved for and compared."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from parley.cli.counts import Count
from parley.cli.exits import SCENARIO
from parley.cli.faults import placed
from parley.cli.output import writable, write
from parley.cli.screen import Bar, takes_colour, width

if TYPE_CHECKING:
    from parley.findings.published import PublishedNumbers

__all__ = ["reproduce"]


@click.command()
@click.argument("names", metavar="[NAME-OR-FILE]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every scenario that ships with Parley.")
@click.option(
    "--draws",
    default=4096,
    show_default=True,
    type=Count(16, 10_000_000),
    help="Readings, where something that is uncertain is not set.",
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(min=0, max=2**64 - 1),
    help="The same seed gives the same readings.",
)
@click.option("--threads", type=click.IntRange(min=1), help="Default: one per core.")
@click.option("--json", "json_file", metavar="FILE", help="Write everything as JSON; - is standard output.")
def reproduce(
    names: tuple[str, ...],
    everything: bool,
    draws: int,
    seed: int,
    threads: int | None,
    json_file: str | None,
) -> int:
    """Solve for a scenario's published numbers and compare.

    Each entry of `expected` is solved for at the values of its `set`, and where it says `concept: limit` for
    players who never err. Every certificate is computed again without the solver. The exit code is 1 when a
    number is not met or a certificate does not hold.
    """
    writable(json_file)
    from parley import catalog
    from parley.findings.published import publications

    if everything == bool(names):
        raise click.UsageError("name scenarios, or say --all for every one that ships with Parley")
    wanted = catalog.names() if everything else names
    found: list[tuple[PublishedNumbers, float]] = []
    with Bar(label="reproducing (scenarios)") as bar:
        for number, name in enumerate(wanted):
            bar.update(number, len(wanted))
            found.append(_reproduced(name, draws, seed, threads))
    together = publications(each for each, _ in found)
    if json_file is not None:
        write(together.to_json(), json_file)
    if json_file != "-":
        _show(found, short=everything)
    return 0 if together.met else SCENARIO


def _reproduced(name: str, draws: int, seed: int, threads: int | None) -> tuple[PublishedNumbers, float]:
    """Return a scenario's comparison, and the seconds that it took."""
    from parley import catalog, study
    from parley.findings.published import published

    began = time.monotonic()
    scenario = catalog.load(name)
    with placed(scenario):
        found = published(study.reproduce(scenario, draws, seed, threads=threads))
    return found, time.monotonic() - began


def _show(found: list[tuple[PublishedNumbers, float]], *, short: bool) -> None:
    from parley.report import render_published, render_shelf

    colour, columns = takes_colour(sys.stdout), width()
    parts = [render_published(each, columns, colour) for each, _ in found if not short or not each.met]
    if len(found) > 1 or short:
        parts.append(render_shelf(found, columns, colour))
    click.echo("\n".join(parts), nl=False, color=colour)
    if short:
        click.echo(f"in {sum(seconds for _, seconds in found):.1f} seconds")
