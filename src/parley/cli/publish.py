"""``parley publish``: a scenario becomes an article of a public site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from parley.cli.site import need_site, site_option
from parley.errors import ParleyError

if TYPE_CHECKING:
    from parley.site.web.models import Account

__all__ = ["publish"]


@click.command()
@click.argument("folder", required=False)
@site_option
@click.option("--slug", metavar="NAME", help="Its address, /a/NAME/; the folder's name unless given.")
@click.option("--note", default="", metavar="TEXT", help="What changed, for readers.")
@click.option("--correction", is_flag=True, help="The new version puts an error right.")
@click.option("--thanks", default="", metavar="NAME", help="The reader whose challenge it adopts.")
@click.option("--owner", metavar="NAME", help="The account that may answer challenges to it.")
@click.option("--pre-moderate/--no-pre-moderate", default=None, help="Editors read comments first.")
@click.option("--draft", is_flag=True, help="Readers do not see it yet.")
@click.option("--list", "listing", is_flag=True, help="List the articles of the site.")
@click.option("--withdraw", metavar="NAME", help="Take an article away from readers.")
@click.option("--close", metavar="NAME", help="Take no more comments under an article.")
@click.option("--open", "open_", metavar="NAME", help="Publish a draft, or take comments again.")
def publish(
    folder: str | None,
    site: Path,
    slug: str | None,
    note: str,
    correction: bool,
    thanks: str,
    owner: str | None,
    pre_moderate: bool | None,
    draft: bool,
    listing: bool,
    withdraw: str | None,
    close: str | None,
    open_: str | None,
) -> int:
    """Publish an article, or a new version of one.

    FOLDER holds an argument.md and the data and pictures that it names; the name of a scenario that ships
    will do. Readers see the text at once; its numbers follow when `parley worker` has solved them. What did
    not change makes no new version.
    """
    acts = {"withdrawn": withdraw, "closed": close, "published": open_}
    if sum((folder is not None, listing, *(each is not None for each in acts.values()))) != 1:
        raise click.UsageError("give a FOLDER, or one of --list, --withdraw, --close and --open")
    need_site()
    from parley.site.web.standalone import start

    start(site)
    if listing:
        _list()
        return 0
    for state, name in acts.items():
        if name is not None:
            _set(name, state)
            return 0
    assert folder is not None
    from parley.site.web.publishing import publish as published

    version = published(
        folder,
        slug=slug,
        note=note,
        correction=correction,
        thanks=thanks,
        owner=_account(owner),
        premoderate=pre_moderate,
        draft=draft,
    )
    words = "solved" if version.status == "ready" else "its numbers follow when `parley worker` has run"
    click.echo(f"/a/{version.article.slug}/ is version {version.n}: {version.title} ({words})")
    return 0


def _account(name: str | None) -> Account | None:
    from parley.site.web.models import Account

    if name is None:
        return None
    found = Account.objects.filter(name__iexact=name).first()
    if found is None:
        raise ParleyError(f"there is no account {name!r}")
    return found


def _set(name: str, state: str) -> None:
    from parley.site.web.models import Article
    from parley.site.web.publishing import set_state

    found = Article.objects.filter(slug=name).first()
    if found is None:
        known = ", ".join(Article.objects.order_by("slug").values_list("slug", flat=True)) or "none at all"
        raise ParleyError(f"there is no article {name!r}; there is {known}")
    click.echo(f"/a/{found.slug}/ is now {set_state(found, state).get_state_display()}")


def _list() -> None:
    from parley.site.web.models import Article, Version

    for each in Article.objects.select_related("current").order_by("slug"):
        version, told = each.current, "no version"
        if version is not None:
            told = f"version {version.n}, {version.get_status_display()}: {version.title}"
            if version.status == Version.Status.FAILED:
                told += f" ({version.failure})"
        click.echo(f"/a/{each.slug}/  {each.get_state_display()}  {told}")
