"""``parley sweep``: how the answer moves with one number, as a table, a picture, data."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parley.cli.counts import Amount, Count
from parley.cli.exits import INSUFFICIENT, INTERRUPTED
from parley.cli.faults import placed
from parley.cli.order import as_typed, pairs, stoppable
from parley.cli.output import writable, write
from parley.cli.screen import Bar, takes_colour, width

if TYPE_CHECKING:
    from parley.scenario.model import Parameter, Scenario
    from parley.scenario.sweeps import SweepRequest
    from parley.study import Sweep

__all__ = ["sweep"]

DRAWS = 256
LIMIT = 0.01  # of the games may lack a certificate, as in a verdict
SHARES = (0.05, 0.95)  # of a judgement: where a sweep goes that is not told


@click.command()
@click.argument("scenario", metavar="NAME-OR-FILE")
@click.option("--vary", metavar="PARAMETER", help="What to move.  [default: the scenario's own sweep]")
@click.option("--from", "low", type=Amount(), metavar="A", help="Where to begin.")
@click.option("--to", "high", type=Amount(), metavar="B", help="Where to end.")
@click.option("--scale", type=click.Choice(["linear", "log"]), help="Even in distance or in proportion.")
@click.option(
    "--steps", type=int, metavar="N", help="Points; more are added where a curve turns.  [default: 61]"
)
@click.option(
    "--show",
    multiple=True,
    metavar="QUANTITY",
    help="What to show: a quantity such as 'P(war)' or the name of one (may be repeated).",
)
@click.option(
    "--policy", "policies", multiple=True, metavar="NAME", help="Only this policy (may be repeated)."
)
@click.option(
    "--concept", type=click.Choice(["quantal", "limit"]), help="Players err as the scenario says, or never."
)
@click.option(
    "--number",
    type=click.IntRange(min=1),
    metavar="N",
    help="Which of the scenario's own sweeps.  [default: 1, the first]",
)
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="NAME=VALUE",
    help="Put something in place of the author's, as in `parley run` (may be repeated).",
)
@click.option(
    "--draws",
    default=DRAWS,
    show_default=True,
    type=Count(1, 100_000),
    help="Readings of the same words at each point, where anything else is uncertain.",
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(min=0, max=2**64 - 1),
    help="The same seed gives the same readings.",
)
@click.option("--threads", type=click.IntRange(min=1), help="Default: one per core.")
@click.option("-o", "--output", metavar="FILE.svg", help="Draw the picture; - is standard output.")
@click.option(
    "--theme",
    type=click.Choice(["auto", "light", "dark"]),
    default="auto",
    show_default=True,
    help="Of the picture; auto: as the reader's machine is set.",
)
@click.option("--csv", "csv_file", metavar="FILE", help="Write all points as CSV; - is standard output.")
@click.option("--json", "json_file", metavar="FILE", help="Write everything as JSON; - is standard output.")
def sweep(
    scenario: str,
    overrides: tuple[str, ...],
    draws: int,
    seed: int,
    threads: int | None,
    output: str | None,
    theme: str,
    csv_file: str | None,
    json_file: str | None,
    **wanted: Any,
) -> int:
    """Move one number from end to end and show how the answer moves with it.

    Everything else stays as judged: at every point the same readings of the words are solved. Without
    options it is the scenario's own `sweep:`. The terminal shows a table of some ten rows, and says where
    curves cross or jump; -o draws the picture. The exit code is 3 when more than 1 of 100 games have no
    certificate.
    """
    files = _Files(output, csv_file, json_file)
    files.check()
    given = pairs(overrides)
    from parley import catalog

    asked = as_typed(catalog.load(scenario, given), given)
    request = _request(asked, wanted)
    found = _solved(asked, request, draws, seed, threads)
    if found is None:
        return INTERRUPTED
    files.put(found, theme)
    if not files.speaks:
        from parley.report.sweeps import render_sweep

        colour = takes_colour(sys.stdout)
        click.echo(render_sweep(found, width(), colour), nl=False, color=colour)
    return INSUFFICIENT if found.unsolved > LIMIT * found.games else 0


@dataclass(frozen=True, slots=True)
class _Files:
    """Where the picture and the data go."""

    picture: str | None
    csv: str | None
    json: str | None

    def check(self) -> None:
        """Refuse places that cannot be written, before anything is solved."""
        targets = {"--output": self.picture, "--csv": self.csv, "--json": self.json}
        for option, target in targets.items():
            writable(target, option)
        if self.picture not in (None, "-") and Path(str(self.picture)).suffix.lower() not in (".svg", ""):
            raise click.BadParameter(
                f"a picture is written as SVG: name a file that ends in .svg, not {self.picture!r}",
                param_hint="--output",
            )
        named = [target for target in targets.values() if target is not None]
        if len(set(named)) < len(named):
            raise click.UsageError("-o, --csv and --json cannot go to the same place")

    @property
    def speaks(self) -> bool:
        """Whether something else than the table is written to standard output."""
        return "-" in (self.picture, self.csv, self.json)

    def put(self, found: Sweep, theme: str) -> None:
        """Write what was asked for."""
        from parley.report.sweeps import sweep_document, sweep_picture, sweep_rows

        if self.picture is not None:
            write(sweep_picture(found, theme), self.picture)
        if self.csv is not None:
            buffer = io.StringIO()
            csv.writer(buffer, lineterminator="\n").writerows(sweep_rows(found))
            write(buffer.getvalue(), self.csv)
        if self.json is not None:
            write(json.dumps(sweep_document(found), ensure_ascii=False, indent=1) + "\n", self.json)


def _solved(
    scenario: Scenario, request: SweepRequest, draws: int, seed: int, threads: int | None
) -> Sweep | None:
    """Solve the sweep; None when it was stopped, after saying so."""
    from parley import study
    from parley.errors import StudyError

    with placed(scenario), stoppable() as stop, Bar(label="sweeping (games)") as bar:
        try:
            return study.sweep(
                scenario,
                request,
                draws=draws,
                seed=seed,
                threads=threads,
                cancel=stop.is_set,
                progress=lambda games: bar.update(games, 0),
            )
        except StudyError:
            if not stop.is_set():
                raise
    click.echo("Stopped; nothing is kept.", err=True)
    return None


# --- what is swept --------------------------------------------------------------------------------------


def _request(scenario: Scenario, wanted: Mapping[str, Any]) -> SweepRequest:
    """Return the scenario's own sweep, or one that the options describe, or its own with their changes."""
    from parley.scenario import read_request

    number = wanted["number"]
    fields: dict[str, Any] = {}
    if wanted["vary"] is None:
        own = _own(scenario, number or 1)
        if all(not value for name, value in wanted.items() if name != "number"):
            return own
        fields = _fields(own)
    elif number is not None:
        raise click.UsageError("--number chooses one of the scenario's own sweeps, --vary makes another")
    for name, option in (("vary", "vary"), ("from", "low"), ("to", "high"), ("scale", "scale")):
        if wanted[option] is not None:
            fields[name] = wanted[option]
    for name in ("steps", "concept"):
        if wanted[name] is not None:
            fields[name] = wanted[name]
    for name in ("show", "policies"):
        if wanted[name]:
            fields[name] = list(wanted[name])
    if "from" not in fields or "to" not in fields:
        fields |= {
            name: value
            for name, value in _range(scenario, fields["vary"], wanted).items()
            if name not in fields
        }
    return read_request(scenario, _written(fields), "--vary")


def _own(scenario: Scenario, number: int) -> SweepRequest:
    """Return one of the scenario's own sweeps."""
    if not scenario.sweeps:
        names = ", ".join(scenario.parameters) or "none at all"
        raise click.UsageError(
            f"this scenario has no `sweep:`; say what to move with --vary. Its parameters: {names}"
        )
    if number > len(scenario.sweeps):
        raise click.BadParameter(
            f"the scenario has {len(scenario.sweeps)} of its own, not {number}", param_hint="--number"
        )
    return scenario.sweeps[number - 1]


def _fields(own: SweepRequest) -> dict[str, Any]:
    found: dict[str, Any] = {"vary": own.vary, "from": own.low, "to": own.high, "scale": own.scale}
    found |= {"steps": own.steps, "show": _shown(own), "concept": own.concept}
    if own.policies:
        found["policies"] = list(own.policies)
    if own.set:
        found["set"] = dict(own.set)
    if own.text is not None:
        found["text"] = own.text
    return found


def _shown(own: SweepRequest) -> list[str | list[str]]:
    """Return what a sweep shows, as the language has it: a list inside for what shares an axis."""
    axes = groupby(own.show, key=lambda each: each.name if each.axis is None else each.axis)
    together = [[each.name for each in run] for _, run in axes]
    return [names if len(names) > 1 else names[0] for names in together]


def _range(scenario: Scenario, vary: str, wanted: Mapping[str, Any]) -> dict[str, float]:
    """Return where a sweep goes that is not told: over nine tenths of the author's judgement, and say so."""
    from parley.scenario.middle import quantile
    from parley.scenario.names import canonical

    known: dict[str, Parameter] = {canonical(name): each for name, each in scenario.parameters.items()}
    parameter = known.get(canonical(vary))
    if parameter is None:
        return {"from": 0.0, "to": 1.0}  # the name is at fault, and reported by who reads it
    if parameter.judgement.shape == "fixed":
        raise click.UsageError(f"{parameter.name} is certain: say where to move it with --from and --to")
    low, high = (quantile(parameter.judgement, share) for share in SHARES)
    told = [f"--{name} {value:.3g}" for name, value in (("from", low), ("to", high))]
    missing = [
        text for text, given in zip(told, (wanted["low"], wanted["high"]), strict=True) if given is None
    ]
    click.echo(f"{parameter.name}: {' '.join(missing)}, where 5 and 95 of 100 readings lie", err=True)
    return {"from": float(f"{low:.3g}"), "to": float(f"{high:.3g}")}


def _written(fields: Mapping[str, Any]) -> str:
    """Write a request as the language has it: JSON is YAML, and numbers stand as they are."""
    parts = []
    for name, value in fields.items():
        plain = repr(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
        parts.append(f"{name}: {plain}")
    return "{" + ", ".join(parts) + "}"
