"""``parley backup``, ``restore``, ``article export``: a site kept elsewhere, an article for any server."""

from __future__ import annotations

from pathlib import Path

import click

from parley.cli.site import need_site, site_option

__all__ = ["article", "backup", "restore"]


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@site_option
def backup(file: Path, site: Path) -> int:
    """Write the whole site into FILE, while it runs.

    FILE becomes a compressed archive with the database, the articles' files and pictures, the key and
    the rules. It holds what the site's folder holds: keep it as safe.
    """
    need_site()
    from parley.site.web.serving.backup import back_up
    from parley.site.web.standalone import set_up

    set_up(site)
    size = back_up(site, file)
    click.echo(f"{file}: {size / 1e6:.1f} MB")
    return 0


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@site_option
def restore(file: Path, site: Path) -> int:
    """Put a site back from FILE, into a folder (or a PostgreSQL database) without one."""
    need_site()
    import os

    from parley.site.web.serving import backup as backups

    if os.environ.get("DATABASE_URL"):  # where the database lies elsewhere, the settings say where
        from parley.site.web.serving.folder import set_up_without_folder

        set_up_without_folder()
    version = backups.restore(file, site)
    click.echo(f"The site is back in {site.absolute()} (written by Parley {version}).")
    click.echo(f"Serve it: parley serve --site {site}")
    return 0


@click.group()
def article() -> None:
    """Work with an article of the site."""


@article.command()
@click.argument("slug")
@click.option(
    "-o", "--output", required=True, metavar="DIR", type=click.Path(path_type=Path), help="A new folder."
)
@click.option(
    "--url", default="", metavar="ADDRESS", help="Where it will be, for links that name it in full."
)
@click.option("--script/--no-script", default=True, help="Whether moving an assumption shows an estimate.")
@site_option
def export(slug: str, output: Path, url: str, script: bool, site: Path) -> int:
    """Write the article SLUG as files for any web server: page, style, pictures, sweeps, findings."""
    need_site()
    from parley.site.web.standalone import set_up

    set_up(site)
    from parley.site.web.serving.exporting import export_published

    written = export_published(slug, output, canonical=url, script=script)
    click.echo(f"{len(written)} files in {output}: put them on any web server; {written[0]} is the page.")
    click.echo("Opened from the disk it can be read, but browsers let no slider move there.")
    return 0
