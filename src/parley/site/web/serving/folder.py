"""The folder of a site, made ready to be served: tables, static files, first articles.

What lives here: what is done once before processes start. What may not: the processes.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
import warnings
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import django
from django.conf import settings
from django.core.management import call_command

import parley
from parley.errors import ParleyError
from parley.site.web.standalone import database_works, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FIELD", "ServeError", "first_articles", "held", "ready", "set_up_without_folder"]

FIELD = "arguments"  # of the scenarios that ship, those that argue for a policy
_STAMP = ".collected"


class ServeError(ParleyError):
    """The site cannot be served as asked."""


def set_up_without_folder() -> None:
    """Set Django up for a database elsewhere, before the site's folder is back, with one for now."""
    os.environ["PARLEY_SITE"] = tempfile.mkdtemp(prefix="parley-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "parley.site.web.settings"
    django.setup()


@contextmanager
def held(site: Path, address: str) -> Iterator[None]:
    """Hold the folder for one server; the lock goes with the process, however it ends.

    Raises
    ------
    ServeError
        Another process serves this folder.
    """
    file = (site / "serve.lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise ServeError(f"the site in {site.absolute()} is being served already{_by(file)}") from None
    file.truncate(0)
    file.write(f"{os.getpid()} {address}\n")
    file.flush()
    try:
        yield
    finally:
        file.truncate(0)
        file.close()


def _by(file: IO[str]) -> str:
    file.seek(0)
    words = file.read().split()
    return f", by process {words[0]} at {words[1]}" if len(words) == 2 else ""


def ready() -> None:
    """Bring the tables up to date, and put the static files in place (both only where something changed).

    Raises
    ------
    StandaloneError
        The database cannot be used.
    """
    from parley.site.web.models import Site

    tables()
    with database_works():
        Site.objects.get_or_create(pk=1)
    _collect()


def _collect() -> None:
    root = Path(settings.STATIC_ROOT)
    digest = _static_digest()
    stamp = root / _STAMP
    if stamp.exists() and stamp.read_text("ascii") == digest:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest, "ascii")


def _static_digest() -> str:
    parts = [parley.__version__, django.__version__]
    for folder in settings.STATICFILES_DIRS:
        for file in sorted(Path(folder).rglob("*")):
            if file.is_file():
                parts.append(f"{file.name}:{hashlib.sha256(file.read_bytes()).hexdigest()}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def first_articles(folders: Sequence[str], *, shelf: bool = False) -> list[str]:
    """Publish what a site starts with, and return the slugs of what is new.

    Parameters
    ----------
    folders
        Folders of scenarios, or names of shipped ones. None: on a site without articles, the shipped
        arguments.
    shelf
        All shipped scenarios.

    Raises
    ------
    ParleyError
        A scenario cannot be published; those before it are.
    """
    from parley.catalog import entries
    from parley.site.web.models import Article, Version
    from parley.site.web.publishing import publish

    wanted = list(folders)
    if not wanted and not Article.objects.exists():
        wanted = [each.name for each in entries() if each.field == FIELD]
        wanted.sort(key=lambda name: name == "taliban-talks")  # the newest article stands first
    if shelf:
        wanted += [each.name for each in entries() if each.name not in wanted]
    before = set(Version.objects.values_list("pk", flat=True))
    with database_works():
        made = [publish(each) for each in wanted]
    return [each.article.slug for each in made if each.pk not in before]
