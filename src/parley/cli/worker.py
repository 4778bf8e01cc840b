"""``parley worker``: what a site does beside serving pages."""

from __future__ import annotations

from pathlib import Path

import click

from parley.cli.site import need_site, site_option

__all__ = ["worker"]


@click.command()
@site_option
@click.option("--once", is_flag=True, help="Do what is due, then end.")
def worker(site: Path, once: bool) -> int:
    """Solve, mail and tidy for a public site.

    Runs beside `parley serve`, which starts one unless told otherwise; several may run at once. Ends in good
    order on Ctrl-C or SIGTERM: work that takes long is given back and done by the next.
    """
    need_site()
    from parley.site.web.standalone import start

    start(site)
    from parley.site.web import logs
    from parley.site.web.jobs.process import run

    logs.configure()

    return run(once=once, ready=lambda: click.echo("parley worker: ready", err=True))
