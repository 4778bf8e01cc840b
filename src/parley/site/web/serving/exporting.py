"""A published article as files for any web server.

What lives here: gathering what the export needs. What may not: how pages are written
(``parley.site.render.export``).
"""

from __future__ import annotations

from pathlib import Path

from parley.site.render.export import export_article
from parley.site.web import blobs
from parley.site.web.editions import edition_of, numbers_of, published_on
from parley.site.web.models import Article, Figure, Version
from parley.site.web.serving.folder import ServeError

__all__ = ["export_published"]


def export_published(
    slug: str, folder: Path, *, canonical: str = "", script: bool = True
) -> tuple[Path, ...]:
    """Write the present version of an article into a new folder.

    Returns
    -------
    tuple of Path
        What was written, ``index.html`` first.

    Raises
    ------
    ServeError
        There is no such article.
    BlobError
        A file of it is not there, or is not what it was.
    ExportError
        The folder is not empty.
    """
    article = Article.objects.filter(slug=slug, current__isnull=False).select_related("current").first()
    if article is None or article.current is None:
        raise ServeError(
            f"there is no article {slug!r} on this site; `parley publish --list` names those that are"
        )
    version: Version = article.current
    edition = edition_of(version)
    files = {name: blobs.read(digest) for name, digest in version.files.items()}
    for figure in Figure.objects.filter(version=version):
        files[figure.name] = blobs.picture_path(figure.file).read_bytes()
    return export_article(
        edition,
        numbers_of(version) if version.status == Version.Status.READY else None,
        folder,
        files=files,
        version=str(version.n),
        published=published_on(edition, article),
        canonical=canonical,
        script=script,
    )
