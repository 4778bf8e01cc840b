"""``parley check``: everything that is wrong with a scenario, at once."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parley.cli.exits import SCENARIO
from parley.cli.screen import printable, takes_colour
from parley.errors import ParleyError

if TYPE_CHECKING:
    from parley.scenario import Diagnostic

__all__ = ["check"]

SEVERITIES = ("error", "warning", "note")
COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--strict", is_flag=True, help="Let warnings count as errors.")
def check(files: tuple[str, ...], strict: bool) -> int:
    """Report every fault of a scenario and what to do about it.

    Errors keep a scenario from being run; warnings say what is probably not meant; notes say what an honest
    author wants to know. The exit code is 1 when there are errors.
    """
    refused = False
    colour = takes_colour(sys.stdout)
    for name in files:
        found = _faults(_file(name))
        counts = Counter(item.severity for item in found)
        for item in found:
            click.echo(_styled(item) if colour else printable(item.render()), color=colour)
            click.echo()
        click.echo(f"{printable(name)}: {_summary(counts)}")
        refused |= counts["error"] > 0 or (strict and counts["warning"] > 0)
    return SCENARIO if refused else 0


def _file(name: str) -> Path:
    """Return the file of that name, or else that of the shipped scenario of that name."""
    from parley import catalog

    path = Path(name)
    if path.exists():
        return path
    try:
        return catalog.locate(name)
    except ParleyError:
        if path.suffix or len(path.parts) > 1:
            catalog.load(path)  # raises, naming the file that may be meant
        raise


def _faults(path: Path) -> tuple[Diagnostic, ...]:
    """Return what the text shows and, if that is right, what the story shows when it is walked."""
    from parley import game
    from parley.scenario import read_file

    scenario, found = read_file(path)
    if scenario is None:
        return found
    both = (*found, *game.inspect(scenario))
    return tuple(sorted(both, key=lambda item: (item.span.line, item.span.column)))


def _styled(item: Diagnostic) -> str:
    first, _, rest = printable(item.render()).partition("\n")
    return click.style(first, fg=COLOURS[item.severity], bold=item.severity == "error") + (
        rest and f"\n{rest}"
    )


def _summary(counts: Counter[str]) -> str:
    """Count the findings in words.

    >>> _summary(Counter({"error": 2, "note": 1})), _summary(Counter())
    ('2 errors, 1 note', 'no faults')
    """
    said = [_plural(counts[severity], severity) for severity in SEVERITIES if counts[severity]]
    if not counts["error"] and not counts["warning"]:
        said.insert(0, "no faults")
    return ", ".join(said)


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
