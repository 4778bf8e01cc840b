"""``pictures``: the pictures of the article.

What lives here: reading them. What may not: opening them; whether a file is there is all that is asked.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from parley.scenario.declared import Declared
from parley.scenario.pictures import Picture
from parley.scenario.sections.numbers import read_passage
from parley.scenario.tables import misnamed
from parley.scenario.values import Reader
from parley.scenario.yaml import Scalar, Value

__all__ = ["ENDINGS", "MOST", "read_pictures"]

ENDINGS = (".png", ".jpg", ".jpeg", ".webp")
MOST = 40


def read_pictures(reader: Reader, declared: Declared, value: Value) -> tuple[Picture, ...]:
    """Read ``pictures``: file, what it shows, caption, credit, and where it stands."""
    items = reader.sequence(value, "`pictures`", "[{file: map.png, alt: ...}]")
    if items is None:
        return ()
    if len(items.items) > MOST:
        message = f"there are {len(items.items):,} pictures; the limit is {MOST}"
        reader.fault("P793", items.span, message, "Keep those that carry the argument.")
        return ()
    found = (_picture(reader, declared, item) for item in items.items)
    return tuple(each for each in found if each is not None)


def _picture(reader: Reader, declared: Declared, value: Value) -> Picture | None:
    fields = reader.fields(value, "picture")
    if fields is None:
        return None
    file = fields.get("file")
    scalar = reader.scalar(file, "`file`") if file is not None else None
    alt = reader.text(fields.get("alt"), "`alt`")
    after = read_passage(reader, declared, fields.get("after"), "`after`")
    if scalar is None or alt is None or not _usable(reader, scalar):
        return None
    return Picture(
        file=scalar.value.strip(),
        alt=alt,
        caption=reader.text(fields.get("caption"), "`caption`"),
        credit=reader.text(fields.get("credit"), "`credit`"),
        after=after,
        span=scalar.span,
    )


def _usable(reader: Reader, scalar: Scalar) -> bool:
    """Whether a name can be that of a picture beside the scenario; says so where no such file is there."""
    name = scalar.value.strip()
    problem = misnamed(name)
    if problem is not None or "/" in name:
        hint = "Put the picture beside the scenario and give its name alone."
        message = f"the picture `{name[:80]}` cannot be shown: {problem or 'it lies in another folder'}"
        reader.fault("P791", scalar.span, message, hint)
        return False
    if PurePosixPath(name).suffix.lower() not in ENDINGS:
        message = f"`{name}` is no picture that every browser shows"
        reader.fault("P792", scalar.span, message, "Save it as .png, .jpg or .webp.")
        return False
    if reader.files.folder is not None and not (reader.files.folder / name).is_file():
        message = f"there is no file `{name}` beside the scenario"
        reader.fault("P790", scalar.span, message, "Put it there, or delete the entry.")
    return True
