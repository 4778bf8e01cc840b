"""``parley mail``: the outbox of a site."""

from __future__ import annotations

from pathlib import Path

import click

from parley.cli.site import need_site, site_option

__all__ = ["mail"]


@click.group()
def mail() -> None:
    """Look after the outgoing mail of a public site."""


@mail.command()
@site_option
def status(site: Path) -> int:
    """Say what waits, what may or may not have been sent, and what was given up."""
    need_site()
    from parley.site.web.standalone import start

    start(site)
    from parley.site.web.outlets import mail as outbox

    found = outbox.state()
    click.echo(f"{found.waiting} waiting, the oldest for {found.oldest:.0f} s")
    click.echo(f"{found.uncertain} uncertain: handed over by a process that ended; not sent again")
    click.echo(f"{found.given_up} given up")
    for line in outbox.troubles():
        click.echo(line)
    return 0


@mail.command()
@click.argument("numbers", metavar="NUMBER...", type=int, nargs=-1, required=True)
@site_option
def retry(numbers: tuple[int, ...], site: Path) -> int:
    """Let mails be sent again that are uncertain or were given up, by the numbers that `status` shows."""
    need_site()
    from parley.site.web.standalone import start

    start(site)
    from parley.site.web.outlets import mail as outbox

    for number in numbers:
        outbox.retry(number)
        click.echo(f"mail {number} waits again")
    return 0
