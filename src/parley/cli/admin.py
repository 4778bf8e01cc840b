"""``parley admin``: accounts of editors and administrators.

What lives here: options, and asking for a password on the terminal. What may not: Django; the room ``site``
does it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from parley.cli.site import need_site, site_option
from parley.errors import ParleyError

__all__ = ["admin"]

ROLES = ("reader", "author", "editor", "admin")


@click.group()
def admin() -> None:
    """Appoint editors and administrators of the public site.

    There is no account to begin with and no password that comes with the site.
    """


@admin.command()
@click.argument("name")
@click.option("--email", required=True, metavar="ADDRESS", help="Its address, for codes and new passwords.")
@click.option("--role", type=click.Choice(ROLES), default="admin", show_default=True, help="Its role.")
@click.option("--link", is_flag=True, help="Print a link that sets the password, instead of asking for it.")
@site_option
def create(name: str, email: str, role: str, link: bool, site: Path) -> int:
    """Make an account: NAME is shown beside what it writes.

    The password is asked for on the terminal. Where there is none, or with --link, a link is printed instead:
    it sets the password once, within an hour. Editors and administrators set up a second factor when they
    first
    open a page of theirs.
    """
    _start(site)
    from parley.site.web.accounts import roles

    asked = not link and sys.stdin.isatty()
    roles.check_new(name, email)
    account = roles.create(name, email, role, _password(name, email) if asked else None)
    click.echo(f"{account.name} is {_article(role)} {role}.")
    if not asked:
        _print_link(roles.password_link(account))
    return 0


@admin.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@site_option
def give_role(name: str, role: str, site: Path) -> int:
    """Give the account NAME another role; its sessions end."""
    _start(site)
    from parley.site.web.accounts import roles

    account = roles.named(name)
    roles.appoint(account, role, by=None)
    click.echo(f"{account.name} is {_article(role)} {role}.")
    return 0


@admin.command("list")
@click.option("--all", "everybody", is_flag=True, help="Readers too.")
@site_option
def listing(everybody: bool, site: Path) -> int:
    """List editors, authors and administrators: role, second factor, last sign-in, name."""
    _start(site)
    from parley.site.web.accounts import roles

    for line in roles.listed(everybody=everybody):
        click.echo(line)
    return 0


@admin.command()
@click.argument("name")
@site_option
def link(name: str, site: Path) -> int:
    """Print a link that sets the password of the account NAME, once, within an hour."""
    _start(site)
    from parley.site.web.accounts import roles

    _print_link(roles.password_link(roles.named(name)))
    return 0


@admin.command()
@click.argument("name")
@site_option
def reset(name: str, site: Path) -> int:
    """Take the second factor of the account NAME away, for somebody who lost it; its sessions end."""
    _start(site)
    from parley.site.web.accounts import roles

    account = roles.named(name)
    roles.reset_second_factor(account)
    click.echo(f"{account.name} has no second factor any more.")
    return 0


def _start(site: Path) -> None:
    """Set the site up; links lead to where `parley serve` serves it now, unless PARLEY_URL says where."""
    need_site()
    lock = site / "serve.lock"
    words = lock.read_text("utf-8").split() if lock.exists() else []
    if len(words) == 2 and words[1].startswith(("http://", "https://")):
        os.environ.setdefault("PARLEY_URL", words[1])
    from parley.site.web.standalone import start

    start(site)


def _password(name: str, email: str) -> str:
    """Ask twice, and again while the password does not do.

    Raises
    ------
    ParleyError
        It did not do three times.
    """
    from parley.site.web.accounts import roles

    for _ in range(3):
        given: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        wrong = roles.password_faults(given, name, email)
        if not wrong:
            return given
        click.echo("\n".join(wrong), err=True)
    raise ParleyError("no account was made: the password did not do three times; try --link")


def _print_link(address: str) -> None:
    click.echo("This link sets the password, once, within an hour (PARLEY_URL says where the site is):")
    click.echo(address)


def _article(role: str) -> str:
    return "an" if role[0] in "ae" else "a"
