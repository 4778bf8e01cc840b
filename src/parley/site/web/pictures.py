"""Pictures of articles: decoded, bounded, written anew.

What lives here: turning an author's file into one that can be shown to readers. What may not: where it is
kept.

What a file claims to be is not believed: Pillow's own decoder for PNG, JPEG and WebP has to read it. Its size
in pixels is known before a pixel is decoded. What is served was encoded here, so that neither its place of
taking nor anything hidden behind it comes along. SVG is a program and is refused.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parley.errors import ParleyError

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["PIXEL_LIMIT", "Encoded", "PictureError", "encode"]

PIXEL_LIMIT = 16_000_000
SIDE_LIMIT = 12_000
_SUFFIX = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
_OPTIONS: dict[str, dict[str, Any]] = {
    "PNG": {"optimize": False, "compress_level": 9},
    "JPEG": {"quality": 88, "optimize": True, "progressive": True},
    "WEBP": {"quality": 88, "method": 4},
}


class PictureError(ParleyError):
    """A picture cannot be taken."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture that can be shown.

    ``name`` is the sha256 of the bytes with the ending of their kind; ``media`` its type; sizes in pixels.
    """

    name: str
    data: bytes
    media: str
    width: int
    height: int


def encode(data: bytes, name: str) -> Encoded:
    """Decode a picture and write it anew, without metadata, turned the way its camera noted.

    Parameters
    ----------
    data
        The file as the author gave it.
    name
        What messages call it.

    Raises
    ------
    PictureError
        It is not PNG, JPEG or WebP, moves, has more than :data:`PIXEL_LIMIT` pixels, or is damaged.

    Examples
    --------
    >>> encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "map.svg")
    Traceback (most recent call last):
    ...
    parley.site.web.pictures.PictureError: map.svg is not a picture in PNG, JPEG or WebP
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own limit is lower than the one that is warned of
            image = Image.open(io.BytesIO(data), formats=tuple(_SUFFIX))
    except UnidentifiedImageError:
        raise PictureError(f"{name} is not a picture in PNG, JPEG or WebP") from None
    except Image.DecompressionBombError:
        raise PictureError(f"{name} has far more than {PIXEL_LIMIT // 1_000_000} million pixels") from None
    except Exception as fault:  # decoders raise whatever they like at damaged files
        raise PictureError(f"{name} is damaged: {type(fault).__name__}") from fault
    with image:
        width, height = image.size
        if width * height > PIXEL_LIMIT or max(width, height) > SIDE_LIMIT:
            raise PictureError(
                f"{name} has {width:,} × {height:,} pixels; at most {PIXEL_LIMIT // 1_000_000} million "
                f"are taken, and {SIDE_LIMIT:,} on a side"
            )
        if getattr(image, "n_frames", 1) != 1:
            raise PictureError(f"{name} moves: give a picture that stands still")
        kind = str(image.format)
        try:
            written = _written(image, kind)
        except Exception as fault:  # likewise
            raise PictureError(f"{name} is damaged: {type(fault).__name__}") from fault
    digest = hashlib.sha256(written[0]).hexdigest()
    return Encoded(f"{digest}.{_SUFFIX[kind]}", written[0], f"image/{kind.lower()}", *written[1])


def _written(image: Image.Image, kind: str) -> tuple[bytes, tuple[int, int]]:
    from PIL import Image, ImageOps

    image.load()
    turned = ImageOps.exif_transpose(image)
    plain = _in_srgb(turned if turned is not None else image)
    clear = plain.mode in ("RGBA", "LA", "PA") or "transparency" in plain.info
    mode = "L" if plain.mode in ("1", "L") else "RGBA" if clear and kind != "JPEG" else "RGB"
    # A new picture takes over pixels alone: profiles, comments and thumbnails stay behind.
    fresh = Image.new(mode, plain.size)
    fresh.paste(plain.convert(mode))
    out = io.BytesIO()
    fresh.save(out, format=kind, **_OPTIONS[kind])
    return out.getvalue(), fresh.size


def _in_srgb(image: Image.Image) -> Image.Image:
    """Bring colours into the space that every browser assumes, since the profile is left behind."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(image, source, target, outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a damaged profile: the numbers stand as they are
