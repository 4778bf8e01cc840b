"""What is asked of the study by several commands: how many readings, what is set, who is stopped how.

What lives here: the options that commands share, runs and assessments that Ctrl-C stops. What may not: what
is printed of the findings.
"""

from __future__ import annotations

import contextlib
import shlex
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from threading import Event
from types import FrameType, MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from parley.cli.counts import Count
from parley.cli.faults import explained, placed
from parley.cli.screen import Bar

if TYPE_CHECKING:
    from parley.findings import Findings
    from parley.scenario.model import Scenario
    from parley.study import Results

__all__ = [
    "Order",
    "as_typed",
    "known",
    "options",
    "pairs",
    "policies_of",
    "still_set",
    "stoppable",
    "unknown",
]

REPLICATES = 16
_COMMON = (
    click.option(
        "--draws",
        default=4096,
        show_default=True,
        type=Count(REPLICATES, 10_000_000),
        help="Readings of the same words: complete sets of values for all that is uncertain. 1e6: a million.",
    ),
    click.option(
        "--seed",
        default=0,
        show_default=True,
        type=click.IntRange(min=0, max=2**64 - 1),
        help="The same seed gives the same readings.",
    ),
    click.option(
        "--policy", "policies", multiple=True, metavar="NAME", help="Only this policy (may be repeated)."
    ),
    click.option(
        "--set",
        "overrides",
        multiple=True,
        metavar="NAME=VALUE",
        help="Put something in place of the author's: p=0.3, p='range 0 1', p='{beta: [2, 5]}', "
        "switch=off (may be repeated).",
    ),
    click.option("--threads", type=click.IntRange(min=1), help="Or processes; default: one per core."),
)


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that every command has which solves a scenario."""
    for option in reversed(_COMMON):
        command = option(command)
    return command


def pairs(overrides: tuple[str, ...]) -> dict[str, str]:
    """Read ``name=value`` options."""
    found: dict[str, str] = {}
    for text in overrides:
        name, equals, value = text.partition("=")
        name, value = name.strip(), value.strip()
        if not equals or not name or not value:
            raise click.BadParameter(f"{text!r} is not of the form NAME=VALUE", param_hint="--set")
        if name in found:
            raise click.BadParameter(f"{name!r} is set twice", param_hint="--set")
        found[name] = value
    return found


def as_typed(scenario: Scenario, given: Mapping[str, str]) -> Scenario:
    """Let the record of what was set hold the words of the command line, which read back as the same."""
    from parley.scenario.names import canonical

    typed = {canonical(name): text for name, text in given.items()}
    texts = {name: typed.get(canonical(name), text) for name, text in scenario.override_texts.items()}
    return replace(scenario, override_texts=MappingProxyType(texts))


def still_set(author: Scenario, asked: Scenario, name: str) -> bool:
    """Whether an objection left alone what ``--set`` had set."""
    from parley.scenario.names import canonical

    declared = next(each for each in author.overrides if canonical(each) == canonical(name))
    return author.overrides[declared] == asked.overrides[declared]


def policies_of(scenario: Scenario, wanted: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the policies that were asked for, in their declared spelling; None for all."""
    from parley.scenario.names import canonical

    if not wanted:
        return None
    declared = {} if scenario.comparison is None else scenario.comparison.policies
    by_name = {canonical(name): name for name in declared}
    chosen = []
    for name in wanted:
        if canonical(name) not in by_name:
            raise click.BadParameter(unknown("policy", name, declared), param_hint="--policy")
        chosen.append(by_name[canonical(name)])
    return tuple(dict.fromkeys(chosen))


def unknown(kind: str, name: str, declared: Mapping[str, object]) -> str:
    """Say that there is no policy or challenge of a name, and which there are."""
    if not declared:
        return f"there is no {kind} {name!r}: this scenario has none"
    close = get_close_matches(name, declared, n=1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    return f"there is no {kind} {name!r}; {hint}there are: {', '.join(declared)}"


@contextlib.contextmanager
def stoppable() -> Iterator[Event]:
    """Turn the first Ctrl-C into an event; the second one interrupts at once."""
    stop = Event()

    def on_interrupt(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of the study, for one scenario after another."""

    draws: int
    seed: int
    policies: tuple[str, ...] | None
    starts: int
    threads: int | None
    quick: bool
    quiet: bool
    executor: str = "threads"

    def results(self, scenario: Scenario, save: str | None = None) -> Results | None:
        """Run the study; None when it was stopped, after saying what was kept."""
        from parley import study
        from parley.errors import ParleyError

        with placed(scenario), stoppable() as stop, Bar(quiet=self.quiet) as bar:
            try:
                results = study.run(
                    scenario,
                    self.draws,
                    self.seed,
                    self.policies,
                    store=save,
                    threads=self.threads,
                    starts=self.starts,
                    executor=self.executor,
                    progress=bar.update,
                    cancel=stop.is_set,
                )
            except ParleyError:
                # Stopped within a chunk or before one was whole: pieces may be on disk all the same.
                if not stop.is_set():
                    raise
                results = None
        if results is None or not results.complete:
            click.echo(_stopped(bar, save), err=True)
            return None
        explained(scenario, results)
        return results

    def limit(self, scenario: Scenario) -> Results | None:
        """Run the study with players who never err; None when it was stopped, after saying so."""
        from parley import study
        from parley.errors import StudyError

        bar = Bar(label="solving (games)", quiet=self.quiet)
        with placed(scenario), stoppable() as stop, bar:
            try:
                return study.run_limit(
                    scenario,
                    self.draws,
                    self.seed,
                    self.policies,
                    threads=self.threads,
                    progress=lambda games: bar.update(games, 0),
                    cancel=stop.is_set,
                )
            except StudyError:
                if not stop.is_set():
                    raise
        click.echo("Stopped. Nothing is kept.", err=True)
        return None

    def findings(self, results: Results, save: str | None = None) -> Findings | None:
        """Assess a run and keep the findings; None when it was stopped, after saying so."""
        from parley.findings import assess

        found = assess(results) if self.quick else self._probed(results, save)
        if found is not None and save is not None:
            _keep(found, results.scenario, save)
        return found

    def _probed(self, results: Results, save: str | None) -> Findings | None:
        """Assess a run with an evaluator at hand; None when it was stopped, after saying so."""
        from parley.errors import StudyError
        from parley.findings import assess
        from parley.study import Answers, Evaluator

        bar = Bar(label="asking what carries it (games)", quiet=self.quiet)
        with stoppable() as stop, bar, contextlib.ExitStack() as stack:
            answers = None
            if save is not None:
                answers = stack.enter_context(Answers(Path(save), results.provenance, keep=True))
            probe = Evaluator(
                results.scenario,
                results.policies,
                seed=self.seed,
                threads=self.threads,
                cancel=stop.is_set,
                answers=answers,
                progress=lambda games: bar.update(games, 0),
            )
            try:
                return assess(results, probe)
            except StudyError:
                if not stop.is_set():
                    raise
        what = "The same command resumes." if save is not None else "--quick leaves this part out."
        click.echo(f"Stopped while asking what carries the conclusion. {what}", err=True)
        return None


def _keep(findings: Findings, scenario: Scenario, save: str) -> None:
    """Put the findings into the folder of the run that they come from."""
    from parley.study import Store

    chunk = Store.open(save).chunk
    with Store.resume(save, scenario, findings.provenance, findings.policies, chunk) as store:
        store.finish(findings.to_json())


def _stopped(bar: Bar, save: str | None) -> str:
    if save is None:
        return (
            f"Stopped after {bar.done} of {bar.total} chunks. Nothing is kept; with --save DIR it would be."
        )
    kept = f"Stopped: kept {bar.done} of {bar.total} chunks in {shlex.quote(save)}"
    return f"{kept}; the same command resumes."


def known(sections: tuple[str, ...]) -> None:
    """Refuse a section that there is not, before anything is solved."""
    if not sections:
        return
    from parley.report import SECTIONS

    for name in sections:
        if name != "all" and name not in SECTIONS:
            text = f"there is no section {name!r}; there are: {', '.join(SECTIONS)}, all"
            raise click.BadParameter(text, param_hint="--show")
