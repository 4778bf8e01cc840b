"""Django made ready for a process that serves no pages: commands, the worker.

What lives here: reading the settings of a site's folder, bringing its tables up to date. What may not: pages.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parley.errors import ParleyError

__all__ = ["StandaloneError", "database_works", "set_up", "start", "tables"]


class StandaloneError(ParleyError):
    """The site's folder or its database cannot be used."""


def set_up(site: Path, **environment: str) -> None:
    """Set Django up for a site's folder, which is made, for its owner's eyes alone, where there is none.

    Parameters
    ----------
    site
        The folder.
    environment
        Further names and values, as :mod:`parley.site.web.settings` reads them; what is set already holds.

    Raises
    ------
    StandaloneError
        The folder cannot be made or written.
    """
    place = site.absolute()
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise StandaloneError(f"the folder {place} cannot be made: {fault.strerror}") from None
    if not os.access(place, os.W_OK | os.X_OK):
        raise StandaloneError(f"the folder {place} cannot be written by this user")
    os.environ["PARLEY_SITE"] = str(place)
    os.environ["DJANGO_SETTINGS_MODULE"] = "parley.site.web.settings"
    for name, value in environment.items():
        os.environ.setdefault(name, value)
    import django

    django.setup()


def start(site: Path) -> None:
    """Set Django up for a site's folder; the folder and its tables are made where they are missing.

    Raises
    ------
    StandaloneError
        The folder cannot be made or written, or the database does not answer.
    """
    set_up(site)
    tables()


def tables() -> None:
    """Make the tables, or bring them up to date; both only where something is missing.

    Raises
    ------
    StandaloneError
        The database does not answer.
    """
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with database_works():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def database_works() -> Iterator[None]:
    """Say of a database that is no database, or on a full disk, that it is at fault, and not Parley.

    Raises
    ------
    StandaloneError
        The database does not answer.
    """
    from django.db import DatabaseError

    try:
        yield
    except DatabaseError as fault:
        raise StandaloneError(f"the site's database cannot be used: {fault}") from None
