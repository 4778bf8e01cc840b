"""``parley webhook``: other programs that are told what happens on a site."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import click

from parley.cli.site import need_site, site_option
from parley.errors import ParleyError

__all__ = ["webhook"]


@click.group()
def webhook() -> None:
    """Tell other programs what happens on a public site: signed posts, without words or names."""


@webhook.command()
@click.argument("url")
@site_option
@click.option("--event", "events", multiple=True, metavar="NAME", help="Only this event (may be repeated).")
def add(url: str, site: Path, events: tuple[str, ...]) -> int:
    """Add a webhook; prints its secret, once.

    Events: comment.held, comment.shown, comment.removed, report.made, appeal.made, article.version; all of
    them unless some are named. Each post carries Parley-Timestamp, Parley-Delivery and Parley-Signature:
    `v1=` and the HMAC-SHA-256, under the secret, of the timestamp, a full stop and the body. Refuse a
    timestamp more than 300 seconds from your clock, and a delivery that you have had. Addresses that are
    not public are refused unless PARLEY_WEBHOOKS=private.
    """
    webhooks = _site(site)
    made = webhooks.add(url, events)
    click.echo(f"webhook {made.pk}: {made.url}")
    click.echo(f"secret: {made.secret}")
    return 0


@webhook.command("list")
@site_option
def list_(site: Path) -> int:
    """List the webhooks, what waits for each, and what failed."""
    webhooks = _site(site)
    rows = webhooks.overview()
    if not rows:
        click.echo("There is no webhook; add one with `parley webhook add https://...`.")
    for row in rows:
        click.echo(row)
    return 0


@webhook.command()
@click.argument("number", type=int)
@site_option
def remove(number: int, site: Path) -> int:
    """Remove a webhook, with what waits for it."""
    webhooks = _site(site)
    webhooks.find(number).delete()
    click.echo(f"webhook {number} is removed")
    return 0


@webhook.command()
@click.argument("number", type=int)
@site_option
def test(number: int, site: Path) -> int:
    """Send a webhook the event `test` now, and say what it answered."""
    webhooks = _site(site)
    status = webhooks.test(webhooks.find(number))
    click.echo(f"webhook {number} answered {status}")
    if not 200 <= status < 300:
        raise ParleyError(f"webhook {number} did not take it: it must answer 200 to 299")
    return 0


def _site(site: Path) -> ModuleType:
    need_site()
    from parley.site.web.standalone import start

    start(site)
    from parley.site.web.outlets import webhooks

    return webhooks
