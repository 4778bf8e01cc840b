"""``parley log``: the public moderation log checked and copied."""

from __future__ import annotations

import os
from pathlib import Path

import click

from parley.cli.site import need_site, site_option
from parley.errors import ParleyError

__all__ = ["log"]

SHOWN = 20  # faults that are printed


@click.group()
def log() -> None:
    """Check or copy the moderation log of a public site.

    Each entry carries the hash of the one before: whoever keeps a copy can tell whether anything before
    it was changed or taken out.
    """


@log.command()
@site_option
@click.option(
    "--copy",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A copy kept from earlier (log.csv, or what `parley log export` wrote): compare it as well.",
)
def verify(site: Path, copy: Path | None) -> int:
    """Check that the log is unbroken and that every comment is as the log left it.

    Exit code 1 if anything is wrong.
    """
    _start(site)
    from parley.site.web.journal import GENESIS
    from parley.site.web.models import Act
    from parley.site.web.moderation.copies import check_copy, check_site

    found = check_site()
    if copy is not None:
        try:
            found += check_copy(copy.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            raise ParleyError(f"{copy.name} is not a text in UTF-8, so no copy of the log") from None
    last = Act.objects.order_by("-seq").only("seq", "hash").first()
    for sentence in found[:SHOWN]:
        click.echo(f"broken: {sentence}", err=True)
    if len(found) > SHOWN:
        click.echo(f"... and {len(found) - SHOWN} more", err=True)
    entries, seal = (last.seq, last.hash) if last is not None else (0, GENESIS)
    click.echo(f"{entries} entries, last seal {seal}: {'unbroken' if not found else 'BROKEN'}")
    return 1 if found else 0


@log.command()
@site_option
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
def export(site: Path, form: str, output: Path | None) -> None:
    """Write the whole log, with all that its hashes cover; it holds no names."""
    _start(site)
    from parley.site.web.moderation.copies import export as written

    if output is None:
        for piece in written(form):
            click.echo(piece, nl=False)
        return
    with output.open("w", encoding="utf-8", newline="") as file:
        file.writelines(written(form))
    click.echo(f"wrote {output}")


def _start(site: Path) -> None:
    """Set the site up; a folder without a site is refused, not made."""
    need_site()
    own = bool(os.environ.get("DATABASE_URL")) or (site / "site.sqlite3").exists()
    if not site.is_dir() or not own:
        raise ParleyError(f"there is no site in {site}: name its folder by --site DIR or PARLEY_SITE")
    from parley.site.web.standalone import start

    start(site)
