"""Pictures of an article: looked at with suspicion.

What lives here: what kind of picture a file is, how large. What may not: SVG; what is served is a copy made
anew of the decoded points (``parley.site.web.pictures``).

Who publishes an article may have its pictures from anywhere: the kind is told by the file's content, its
size before a single point is decoded.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from parley.site.model.errors import EditionError

__all__ = ["BYTES_LIMIT", "POINTS_LIMIT", "Image", "look"]

BYTES_LIMIT = 8_000_000
POINTS_LIMIT = 16_000_000
_MEDIA = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


@dataclass(frozen=True, slots=True)
class Image:
    """What a picture's file is: its media type, width and height in points, size in bytes, sha256."""

    media: str
    width: int
    height: int
    size: int
    digest: str


def look(path: Path) -> Image:
    """Say what a picture's file is, without decoding it.

    Raises
    ------
    EditionError
        There is no such plain file, it is larger than 8 MB or 16 million points, or it is no PNG, JPEG
        or WebP.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "map.png"
    >>> _ = place.write_bytes(b"<svg onload='alert(1)'/>")
    >>> look(place)
    Traceback (most recent call last):
    ...
    parley.site.model.errors.EditionError: the picture 'map.png' is no PNG, JPEG or WebP: ...
    """
    return _look(path.name, _read(path))


def _look(name: str, data: bytes) -> Image:
    from PIL import Image as Pillow

    try:
        with _calm(), Pillow.open(BytesIO(data), formats=tuple(_MEDIA)) as found:
            media, width, height = _MEDIA[found.format or ""], found.width, found.height
    except Pillow.DecompressionBombError as fault:
        raise EditionError(
            f"the picture {name!r} is too large; the limit is {POINTS_LIMIT:,} points"
        ) from fault
    except (OSError, ValueError, KeyError, SyntaxError) as fault:
        raise EditionError(
            f"the picture {name!r} is no PNG, JPEG or WebP: save it as one of these"
        ) from fault
    if width * height > POINTS_LIMIT:
        raise EditionError(
            f"the picture {name!r} has {width:,} x {height:,} points; the limit is {POINTS_LIMIT:,}"
        )
    return Image(media, width, height, len(data), hashlib.sha256(data).hexdigest())


@contextmanager
def _calm() -> Iterator[None]:
    """Keep Pillow from warning of sizes: the limit here is lower, and an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _read(path: Path) -> bytes:
    try:
        if path.is_symlink() or not path.is_file():
            raise EditionError(f"there is no picture {path.name!r} beside the article")
        with path.open("rb") as file:
            data = file.read(BYTES_LIMIT + 1)
    except OSError as fault:
        raise EditionError(f"the picture {path.name!r} cannot be read: {fault.strerror}") from fault
    if len(data) > BYTES_LIMIT:
        raise EditionError(f"the picture {path.name!r} has more than {BYTES_LIMIT:,} bytes")
    return data
