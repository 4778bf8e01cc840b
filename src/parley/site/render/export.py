"""An article as a folder of files for any web server: no accounts, no debate, no server behind it.

What lives here: what the folder holds. What may not: reading a database, the command.

Without a script the page shows the author's case and every assumption; with one, moving an assumption shows
the estimate from its sweep. Nothing is solved.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from parley.errors import ParleyError
from parley.site.model.article import Edition
from parley.site.model.effect import Numbers
from parley.site.render.compose import Around, article_page
from parley.site.render.environment import STATIC, make_environment, render
from parley.site.render.views import Link, Site

__all__ = ["ExportError", "export_article"]


class ExportError(ParleyError):
    """An article cannot be written there."""


def export_article(
    edition: Edition,
    numbers: Numbers | None,
    folder: Path,
    *,
    files: Mapping[str, bytes],
    version: str = "",
    published: date | None = None,
    canonical: str = "",
    script: bool = False,
) -> tuple[Path, ...]:
    """Write an article as files.

    Parameters
    ----------
    edition, numbers
        The article; without numbers the page says that they are missing.
    folder
        Where; it must not exist, or be empty.
    files
        The bytes of each picture and data file that the edition names.
    version, published, canonical
        What the page says of itself.
    script
        Whether moving an assumption shows an estimate.

    Returns
    -------
    tuple of Path
        What was written, ``index.html`` first.

    Raises
    ------
    ExportError
        When the folder holds something, or a file that the edition names is not given.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ExportError(f"{folder} is not empty: name a folder that does not exist yet")
    named = [*(each.file for each in edition.pictures), *(each.name for each in edition.files)]
    for name in named:
        if name not in files:
            raise ExportError(f"the article names the file {name!r}, which was not given")
    around = Around(
        slug="",
        href="index.html",
        canonical=canonical,
        version=version,
        published=published,
        pictures="files/",
        sweeps="sweeps/" if script else "",
        open=False,
        downloads=tuple(Link(each.name, f"files/{each.name}") for each in edition.files),
    )
    page = replace(article_page(edition, around, numbers), solve_href="")
    site = Site(name="Parley", language=edition.language, home="index.html", export=True, script=script)
    environment = make_environment(static=lambda name: name, site=site)
    pieces = {"index.html": render("article.html", environment, page=page).encode()}
    for name in ("parley.css", "icon.svg", *(["parley.js"] if script else [])):
        pieces[name] = (STATIC / name).read_bytes()
    for name in named:
        pieces[f"files/{name}"] = files[name]
    if script and numbers:
        keys = {each.name: each.key for each in edition.assumptions}
        for sweep in numbers.sweeps:
            pieces[f"sweeps/{keys[sweep.assumption]}"] = b64decode(sweep.data)
    if numbers:
        pieces["findings.json"] = json.dumps(json.loads(numbers.findings), ensure_ascii=False).encode()
    return tuple(_write(folder, name, data) for name, data in pieces.items())


def _write(folder: Path, name: str, data: bytes) -> Path:
    target = folder / name
    if not target.resolve().is_relative_to(folder.resolve()):
        raise ExportError(f"the file name {name!r} leads out of the folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return target
