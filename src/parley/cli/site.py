"""What the commands of the public site have in common: its folder, and whether its libraries are there.

What lives here: options and refusals. What may not: Django; the room ``site`` sets it up.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import click

from parley.errors import ParleyError

__all__ = ["need_site", "site_option"]

_NEEDED = ("django", "allauth", "jinja2", "markdown_it", "nh3", "argon2", "PIL")

site_option = click.option(
    "--site",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    default=lambda: Path(os.environ.get("PARLEY_SITE", "parley-site")),
    show_default="PARLEY_SITE, or parley-site",
    help="Folder of the site: database, pictures, key, settings.",
)


def need_site() -> None:
    """Refuse, with what to type, where the libraries of the site are not installed.

    Raises
    ------
    ParleyError
        Some are missing; names them.
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise ParleyError(
            f"the site needs more libraries ({', '.join(missing)}): pip install 'parley-workbench[site]'"
        )
