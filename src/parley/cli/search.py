"""``parley search``: the index of a site."""

from __future__ import annotations

from pathlib import Path

import click

from parley.cli.site import need_site, site_option

__all__ = ["search"]


@click.group()
def search() -> None:
    """Look after the search of a public site."""


@search.command()
@site_option
def rebuild(site: Path) -> int:
    """Fill the index anew from what readers may see.

    The database keeps it in step by itself; this is for after a repair of the database.
    """
    need_site()
    from parley.site.web.standalone import start

    start(site)
    from parley.site.web.search import index

    count = index.rebuild()
    click.echo(f"{count} text{'' if count == 1 else 's'} in the index")
    return 0
