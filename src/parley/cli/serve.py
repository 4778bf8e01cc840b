"""``parley serve``: the public site in one command."""

from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parley.cli.site import need_site, site_option
from parley.errors import ParleyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parley.site.web.serving.supervisor import Process

__all__ = ["serve"]


@click.command()
@click.argument("folders", metavar="[FOLDER]...", nargs=-1)
@site_option
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free."
)
@click.option("--bind", default="127.0.0.1", show_default=True, help="Address to listen at; 0.0.0.0 is all.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=lambda: max(1, min(os.cpu_count() or 1, 8)),
    show_default="one for each core",
    help="Processes that answer.",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    show_default="4, or 1 behind a proxy (PARLEY_TRUSTED_HOPS)",
    help="Threads in each of them.",
)
@click.option("--shelf", is_flag=True, help="Publish every scenario that ships.")
@click.option(
    "--log",
    type=click.Choice(("file", "json")),
    default=lambda: "file" if sys.stderr.isatty() else "json",
    show_default="file on a terminal, else json",
    help="Write the log to parley.log in the site's folder, or as lines of JSON to standard error.",
)
@click.option("--no-worker", is_flag=True, help="Solve and mail elsewhere: `parley worker`.")
def serve(
    folders: tuple[str, ...],
    site: Path,
    port: int,
    bind: str,
    workers: int,
    threads: int | None,
    shelf: bool,
    log: str,
    no_worker: bool,
) -> int:
    """Serve the public site: articles, live models, the debate.

    FOLDER holds a scenario (or name one that ships); what is new in it is published. Without any, a site
    without articles starts with the arguments that ship. Settings are read from the environment
    (`docs/how-to/run-a-site.md`). Ctrl-C stops.
    """
    need_site()
    began = time.monotonic()
    listening = _listening(bind, port)
    port = listening.getsockname()[1]
    own = os.environ.get("PARLEY_URL") or f"http://{_shown(bind)}:{port}"
    from parley.site.web.serving.folder import first_articles, held, ready
    from parley.site.web.standalone import set_up

    set_up(site, PARLEY_URL=own, PARLEY_HOSTS=_hosts(own, bind))
    from parley.site.web.serving.supervisor import Supervisor

    file = _log_file(site, log)
    with held(site, own):
        ready()
        web = _web_server(listening, workers, threads or _threads())
        with Supervisor([web], os.environ, _say) as supervisor:
            made = first_articles(folders, shelf=shelf)  # while the web server starts
            _introduce(own, site, made, time.monotonic() - began)
            if file is not None:
                click.echo(f"Its log: {file}")
            if not no_worker:
                supervisor.add(_worker())
            code = supervisor.run()
    click.echo("Stopped.", err=True)
    return code


def _log_file(site: Path, log: str) -> Path | None:
    """Say where the processes that are started from here on write the log; None: to standard error."""
    from parley.site.web import logs

    os.environ.pop(logs.FILE, None)
    if log == "json":
        return None
    file = site.absolute() / "parley.log"
    try:
        logs.prepare(file)
    except OSError as fault:
        raise ParleyError(f"the log {file} cannot be written: {fault.strerror}; try --log json") from None
    return file


def _listening(bind: str, port: int) -> socket.socket:
    """Take the port here, so that it is clear at once when another process has it."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((bind, port))
    except (OSError, socket.gaierror) as fault:
        listening.close()
        raise ParleyError(f"cannot listen at {bind}, port {port}: {fault.strerror}; try --port 0") from None
    listening.listen(512)
    listening.set_inheritable(True)
    return listening


def _say(text: str) -> None:
    click.echo(f"parley: {text}", err=True)


def _web_server(listening: socket.socket, workers: int, threads: int) -> Process:
    from parley.site.web.serving.supervisor import Process

    command = [
        *(sys.executable, "-m", "gunicorn", "parley.site.web.wsgi:application", "--preload"),
        *("--bind", f"fd://{listening.fileno()}", "--workers", str(workers), "--threads", str(threads)),
        *("--worker-class", "parley.site.web.serving.patient.PatientWorker"),
        *("--worker-tmp-dir", _fast_folder(), "--no-control-socket", "--log-level", "warning"),
        *("--timeout", "60", "--graceful-timeout", "10", "--keep-alive", "5", "--forwarded-allow-ips", ""),
        *("--limit-request-line", "4094", "--limit-request-fields", "60"),
        *("--limit-request-field_size", "8190"),
        *("--max-requests", "200000", "--max-requests-jitter", "20000"),
    ]
    return Process("web server", command, (listening.fileno(),))


def _worker() -> Process:
    from parley.site.web.serving.supervisor import Process

    parley = [sys.executable, "-c", "from parley.cli.main import main; main()"]
    return Process("worker", [*parley, "worker", "--site", os.environ["PARLEY_SITE"]])


def _fast_folder() -> str:
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp"


def _threads() -> int:
    return 1 if int(os.environ.get("PARLEY_TRUSTED_HOPS", "0")) > 0 else 4


def _shown(bind: str) -> str:
    if bind in ("127.0.0.1", "0.0.0.0", "::", "::1", "localhost"):
        return "localhost"
    return f"[{bind}]" if ":" in bind else bind


def _hosts(own: str, bind: str) -> str:
    from urllib.parse import urlsplit

    name = urlsplit(own).hostname or "localhost"
    named = f"[{name}]" if ":" in name else name
    known = ["localhost", "127.0.0.1", "[::1]"]
    return ",".join(known if named in known else [named, *known])


def _introduce(own: str, site: Path, made: Sequence[str], seconds: float) -> None:
    click.echo(f"Parley serves {own}/  (ready after {seconds:.1f} s; Ctrl-C stops)")
    if made:
        click.echo(f"Published: {', '.join(made)}. Their numbers are being solved in the background.")
    click.echo(f"The site's folder is {site.absolute()}.")
    where = "" if str(site) == "parley-site" else f" --site {site}"
    click.echo(f"An editor: parley admin create NAME --email ADDRESS --role editor{where}")
