"""What a card's form says, for readers without a script.

What lives here: how fields are named and filled, and what they ask for when they come back. What may not:
whether that is allowed (:func:`parley.site.model.setting.parse` refuses what is not).

A card is a plain GET form: ``s`` holds the changes so far, ``v.KEY`` the number box or the list of an
assumption, ``r.KEY`` its slider, ``step=KEY:1`` the button that was pressed. A field that comes back as it
was filled asks for nothing, so that the rounding of what is shown changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from parley.site.model.article import Assumption, Edition
from parley.site.model.setting import Setting

__all__ = ["asked", "author_value", "filled"]


def author_value(each: Assumption) -> float | str:
    """Return what the author has for an assumption: the middle of the judgement, or the option taken."""
    return (each.default or "") if each.options else (each.middle or 0.0)


def filled(each: Assumption, setting: Setting) -> str:
    """Return what a field is filled with: the reader's value, else the author's to four digits."""
    value = dict(setting.changes).get(each.key)
    if value is None:
        value = author_value(each)
        return value if isinstance(value, str) else _written(float(f"{value:.4g}"))
    return value if isinstance(value, str) else _written(value)


def _written(value: float) -> str:
    return repr(value + 0.0).removesuffix(".0")


def asked(fields: Mapping[str, str], edition: Edition, setting: Setting) -> dict[str, str]:
    """Return the changes that a form asks for, the earlier ones among them.

    Parameters
    ----------
    fields
        The fields of the query, each once.
    edition
        The article.
    setting
        The changes so far: what ``s`` said, parsed.

    Returns
    -------
    dict
        Keys of assumptions with texts, for :func:`parley.site.model.setting.parse`, which names the field at
        fault where one is not allowed. A field of an assumption that does not exist is among them.
    """
    found = {key: value if isinstance(value, str) else _written(value) for key, value in setting.changes}
    known = {each.key: each for each in edition.assumptions}
    for name, text in fields.items():
        kind, _, key = name.partition(".")
        if kind not in ("v", "r") or not key:
            continue
        each = known.get(key)
        before = filled(each, setting) if each else ""
        other = fields.get(f"v.{key}", before)
        if text.strip() != before and not (kind == "r" and other.strip() != before):
            found[key] = text.strip()
    key, _, direction = fields.get("step", "").rpartition(":")
    each = known.get(key)
    if each and each.step and direction in ("1", "-1"):
        found[key] = _stepped(each, found.get(key, filled(each, setting)), int(direction))
    return found


def _stepped(each: Assumption, text: str, direction: int) -> str:
    try:
        value = float(text)
    except ValueError:
        return text  # refused with its reason where it is parsed
    value = float(f"{value + direction * (each.step or 0.0):.12g}")
    if each.least is not None:
        value = max(value, each.least)
    if each.most is not None:
        value = min(value, each.most)
    return _written(value)
