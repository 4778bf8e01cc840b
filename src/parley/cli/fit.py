"""``parley fit``: estimate parameters of a scenario from observed plays."""

from __future__ import annotations

import re
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parley.cli.faults import placed
from parley.cli.order import as_typed, pairs
from parley.cli.output import writable, write
from parley.cli.screen import Bar, takes_colour, width

if TYPE_CHECKING:
    from parley.study import Fit

__all__ = ["fit"]

CURVE = 41  # points of a drawn profile


@click.command()
@click.argument("scenario", metavar="NAME-OR-FILE")
@click.argument("data", metavar="DATA.csv")
@click.option(
    "--estimate", "names", multiple=True, metavar="NAME", help="A parameter to estimate (may be repeated)."
)
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="NAME=VALUE",
    help="Put something in place of the author's, also where a search starts (lambda=2) or stays "
    "(lambda='range 0.1 5'); may be repeated.",
)
@click.option("--ignore", multiple=True, metavar="COLUMN", help="Leave a column aside (may be repeated).")
@click.option(
    "--confidence",
    default=95.0,
    show_default=True,
    type=click.FloatRange(0.0, 100.0, min_open=True, max_open=True),
    help="Of the intervals, in per cent.",
)
@click.option("--json", "json_file", metavar="FILE", help="Write everything as JSON; - is standard output.")
@click.option(
    "--profile",
    metavar="FILE.svg",
    help="Draw the profile likelihood of the estimate; of several, each into FILE-name.svg.",
)
@click.option("--threads", type=click.IntRange(min=1), help="Default: one per core.")
def fit(
    scenario: str,
    data: str,
    names: tuple[str, ...],
    overrides: tuple[str, ...],
    ignore: tuple[str, ...],
    confidence: float,
    json_file: str | None,
    profile: str | None,
    threads: int | None,
) -> int:
    """Estimate parameters of a scenario from observed plays.

    DATA.csv, a file here or beside the scenario, has a row per play. A column named after a move, a draw of
    nature, a signal, a race or a state holds what it came to (blank: not observed), `outcome` how the play
    ended, `count` for how many plays the row stands. A column named after a parameter or a switch gives its
    value in that row. The estimates maximise the likelihood: the chance that the solved game gives to all
    that was observed.
    """
    given = pairs(overrides)
    _check(json_file, profile, len(names))
    from parley import catalog, study

    asked = as_typed(catalog.load(scenario, given), given)
    with placed(asked), Bar(label="solving") as bar:
        found = study.fit(
            asked,
            _place(asked.path, data),
            names,
            confidence=confidence / 100,
            ignore=ignore,
            curve=0 if profile is None else CURVE,
            threads=threads,
            progress=lambda games: bar.update(games, 0),
        )
    if json_file is not None:
        from parley.findings.fit_exchange import fit_to_json

        write(fit_to_json(found), json_file)
    if json_file != "-" and profile != "-":
        _show(found)
    if profile is not None:
        _draw(found, profile)
    return 0


def _check(json_file: str | None, profile: str | None, estimates: int) -> None:
    """Refuse places that cannot be written, before anything is solved."""
    writable(json_file)
    writable(profile, "--profile")
    if profile is None:
        return
    if profile != "-" and Path(profile).suffix.lower() != ".svg":
        raise click.BadParameter(
            f"a picture is written as SVG: name a file that ends in .svg, not {profile!r}",
            param_hint="--profile",
        )
    if profile == "-" and (estimates > 1 or json_file == "-"):
        raise click.UsageError("standard output takes one picture and nothing else: name a file")


def _place(scenario: str, data: str) -> Path:
    """Return the file of that name here, or else beside the scenario."""
    here, beside = Path(data), Path(scenario).parent / data
    for path in (here, beside):
        if path.is_file():
            return path
    if here.is_dir():
        raise click.BadParameter(f"{data!r} is a folder", param_hint="DATA.csv")
    known = sorted(path.name for path in Path(scenario).parent.glob("*.csv"))
    close = get_close_matches(here.name, known, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    raise click.BadParameter(
        f"there is no file {data!r}, neither here nor beside the scenario{hint}", param_hint="DATA.csv"
    )


def _draw(found: Fit, target: str) -> None:
    """Draw each profile; several go to files of their own."""
    from parley.report.fit_picture import profile_chart
    from parley.report.pictures import line_chart

    for each in found.estimates:
        picture = line_chart(profile_chart(found, each))
        if len(found.estimates) == 1:
            write(picture, target)
            continue
        path = Path(target)
        name = "-".join(re.findall(r"[\w.]+", each.name))
        write(picture, str(path.with_name(f"{path.stem}-{name}{path.suffix}")))


def _show(found: Fit) -> None:
    from parley.report.fit import render_fit

    colour = takes_colour(sys.stdout)
    click.echo(render_fit(found, width(), colour), nl=False, color=colour)
