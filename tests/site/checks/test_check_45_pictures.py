"""Check 45: pictures are what their decoder says, bounded before decoding, written anew, never SVG."""

from __future__ import annotations

import io
import struct
import time
import zlib
from typing import Any

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from parley.site.web.pictures import PictureError, encode

SECRET = b"secret-place"


def a_picture(kind: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 1 if mode in ("P", "1") else (200, 30, 60, 128)[: len(mode)]).save(
        out, kind, **options
    )
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_check_45_metadata_stays_behind(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()  # description
    exif[0x0112] = 6  # turned
    options: dict[str, Any] = {"exif": exif}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options["icc_profile"] = profile
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", SECRET.decode())
        options["pnginfo"] = text
    elif kind == "JPEG":
        options["comment"] = SECRET
    else:
        options["xmp"] = SECRET
    given = a_picture(kind, **options) + SECRET
    found = encode(given, "photo")
    assert SECRET in given
    assert SECRET not in found.data
    assert profile[:40] not in found.data
    with Image.open(io.BytesIO(found.data)) as again:
        assert again.format == kind
        assert not again.getexif()
        assert not {"icc_profile", "comment", "xmp", "Comment"} & again.info.keys()
        assert again.size == (found.width, found.height) == (20, 40)  # turned as the camera noted


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg/>",
        b"GIF89a" + bytes(100),
        b"%PDF-1.7",
        b"",
        b"\x89PNG\r\n\x1a\n",
        a_picture("BMP"),
        a_picture("TIFF"),
        a_picture("GIF", mode="P"),
    ],
)
def test_check_45_other_kinds_are_refused_whatever_their_name(data: bytes) -> None:
    with pytest.raises(PictureError, match=r"photo\.png is (not a picture|damaged)"):
        encode(data, "photo.png")


def test_check_45_a_picture_is_what_its_decoder_says() -> None:
    assert encode(a_picture("JPEG"), "photo.png").name.endswith(".jpg")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_check_45_size_is_known_before_a_pixel_is_decoded() -> None:
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    bomb = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")
    start = time.process_time()
    with pytest.raises(PictureError, match="16 million"):
        encode(bomb, "bomb.png")
    assert time.process_time() - start < 0.5
    with pytest.raises(PictureError, match="16 million"):
        encode(a_picture("PNG", (4001, 4000), "1"), "just.png")
    assert encode(a_picture("PNG", (4000, 4000), "1"), "just.png").width == 4000


def test_check_45_pictures_that_move_or_are_cut_are_refused() -> None:
    frames = [Image.new("RGB", (8, 8), (n * 90, 0, 0)) for n in range(3)]
    for kind in ("PNG", "WEBP"):
        out = io.BytesIO()
        frames[0].save(out, kind, save_all=True, append_images=frames[1:])
        with pytest.raises(PictureError, match="moves"):
            encode(out.getvalue(), "film")
    whole = a_picture("JPEG", (400, 400))
    with pytest.raises(PictureError, match="damaged"):
        encode(whole[: len(whole) // 2], "half.jpg")


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "P"), ("PNG", "LA"), ("PNG", "1"), ("JPEG", "CMYK"), ("WEBP", "RGBA")]
)
def test_every_way_of_colouring_is_taken(kind: str, mode: str) -> None:
    found = encode(a_picture(kind, mode=mode), "photo")
    with Image.open(io.BytesIO(found.data)) as again:
        assert again.mode in ("L", "RGB", "RGBA")
        assert again.size == (40, 20)
