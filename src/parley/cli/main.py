"""The command ``parley``: its subcommands, and what happens when something goes wrong.

What lives here: the group, and the one place where an error becomes a message and an exit code. What may
not: rooms. A command imports what it needs when it is called, so that ``parley --help`` answers at once.

"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any, NoReturn, cast

import click

import parley
from parley.cli.admin import admin
from parley.cli.catalog import catalog
from parley.cli.challenge import challenge
from parley.cli.check import check
from parley.cli.debate import debate
from parley.cli.exits import FAULT, INSUFFICIENT, INTERRUPTED, PIPE, SCENARIO, USAGE
from parley.cli.export import export
from parley.cli.fit import fit
from parley.cli.import_ import import_
from parley.cli.keep import article, backup, restore
from parley.cli.log import log
from parley.cli.mail import mail
from parley.cli.new import new
from parley.cli.publish import publish
from parley.cli.query import query
from parley.cli.report import report
from parley.cli.reproduce import reproduce
from parley.cli.run import run
from parley.cli.screen import printable
from parley.cli.search import search
from parley.cli.serve import serve
from parley.cli.show import show
from parley.cli.solve import solve
from parley.cli.sweep import sweep
from parley.cli.verify import verify
from parley.cli.webhook import webhook
from parley.cli.worker import worker
from parley.errors import DrawsError, GameError, ParleyError, ScenarioError, SolveError

__all__ = ["Program", "main", "program"]


class Program(click.Group):
    """A group of commands whose errors are messages, never tracebacks."""

    def main(self, args: Sequence[str] | None = None, *_: Any, **extra: Any) -> NoReturn:
        """Run a command and exit with its code."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # A terminal that cannot show a sign shows a question mark instead of failing.
                stream.reconfigure(errors="replace")
        extra.pop("standalone_mode", None)
        extra.setdefault("prog_name", "parley")
        sys.exit(self._guarded(args, extra))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they are used."""
        return list(self.commands)

    def _guarded(self, args: Sequence[str] | None, extra: dict[str, Any]) -> int:
        try:
            result = super().main(args, standalone_mode=False, **extra)
            if sys.stdout is not None:  # closed by the caller (`>&-`)
                sys.stdout.flush()
        except BrokenPipeError:
            _leave_pipe()
            return PIPE
        except (click.Abort, KeyboardInterrupt):
            _say("Stopped.")
            return INTERRUPTED
        except click.exceptions.Exit as end:
            return end.exit_code
        except click.ClickException as fault:
            fault.show()
            return fault.exit_code
        except ParleyError as fault:
            return _own(fault)
        except OSError as fault:
            _say(f"parley: {fault.strerror or fault}" + (f": {fault.filename}" if fault.filename else ""))
            return USAGE
        except Exception as fault:
            return _unexpected(fault)
        return result if isinstance(result, int) else 0


def _say(text: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        click.echo(printable(text), err=True)


def _own(fault: ParleyError) -> int:
    """Print an error that Parley raised on purpose, and return the exit code that it means."""
    if isinstance(fault, ScenarioError):
        _say(str(fault))
        # What was written behind --set is read like the file, but it is the command that is at fault.
        by_hand = all(cast(Any, item).span.file.startswith(("--set", "--vary")) for item in fault.diagnostics)
        return USAGE if by_hand else SCENARIO
    _say(f"parley: {fault}")
    if isinstance(fault, GameError | DrawsError):
        return SCENARIO
    return INSUFFICIENT if isinstance(fault, SolveError) else USAGE


def _unexpected(fault: Exception) -> int:
    """Print what nobody expected as one line, with where it happened inside the package."""
    place = traceback.extract_tb(fault.__traceback__)[-1]
    where = f"{os.path.basename(place.filename)}:{place.lineno}"
    what = " ".join(str(fault).split())
    _say(f"parley: {type(fault).__name__}: {what} ({where})")
    _say(
        "This is a fault in Parley, not in your scenario. Please report it with the command, the line above, "
        "the output of `parley --version`, and the scenario if you may share it. "
        "With PARLEY_TRACEBACK=1 the command shows more."
    )
    if os.environ.get("PARLEY_TRACEBACK"):
        _say("".join(traceback.format_exception(fault)).rstrip())
    return FAULT


def _leave_pipe() -> None:
    """Keep the interpreter from complaining about the closed pipe once more when it ends."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@click.group(
    name="parley",
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 the scenario is at fault, 2 the command is at fault, "
    "3 not solved well enough to speak.",
)
@click.version_option(parley.__version__, "--version", prog_name="Parley", message="%(prog)s %(version)s")
def program() -> None:
    """Make a strategic argument executable.

    Write the argument as prose beside a game, and see in what share of the readings of your words the
    conclusion follows.
    """


for command in (
    catalog,
    new,
    check,
    show,
    run,
    report,
    sweep,
    challenge,
    debate,
    reproduce,
    fit,
    verify,
    query,
    solve,
    export,
    import_,
    publish,
    worker,
    admin,
    serve,
    backup,
    restore,
    article,
    log,
    mail,
    webhook,
    search,
):
    program.add_command(command)


def main() -> NoReturn:
    """Run the command line."""
    program.main()
