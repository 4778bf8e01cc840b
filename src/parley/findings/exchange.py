"""Records as JSON, and back.

What lives here: the written form of frozen dataclasses. What may not: statistics, the types themselves.

The form is the types: an object per dataclass with its fields in order, arrays for tuples, null for None.
Reading checks every name and type (a field that has a default may be absent), so that a file of another
version or a damaged one is refused with the path to the first fault.
"""

from __future__ import annotations

import dataclasses
import json
import math
import types
import typing
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar

from parley.errors import FindingsError

__all__ = ["read", "write"]

T = TypeVar("T")


def write(record: Any, mark: str, version: int) -> str:
    """Write a dataclass as JSON text, two blanks of indent, ending in a newline.

    Parameters
    ----------
    record
        A dataclass of numbers, texts, truth values, None, and tuples, mappings and dataclasses of those.
    mark
        The first key, which says what kind of file it is.
    version
        Its value.

    Examples
    --------
    >>> from parley.findings.model import Regret
    >>> print(write(Regret(0.5, float("nan")), "parley_regret", 1), end="")
    {
      "parley_regret": 1,
      "largest": 0.5,
      "median": null
    }
    """
    content = {mark: version, **_plain(record)}
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def read(kind: type[T], text: str, mark: str, version: int) -> T:
    """Read a dataclass from JSON text.

    Raises
    ------
    FindingsError
        The text is not JSON, of another kind or version, or a field is missing, unknown or of another type.

    Examples
    --------
    >>> from parley.findings.model import Regret
    >>> read(Regret, '{"parley_regret": 1, "largest": 0.5, "median": null}', "parley_regret", 1)
    Regret(largest=0.5, median=None)
    """
    try:
        content = json.loads(text)
    except json.JSONDecodeError as fault:
        raise FindingsError(f"not JSON: {fault}") from fault
    if not isinstance(content, dict) or mark not in content:
        raise FindingsError(f"not findings: the key {mark!r} is missing")
    written = content.pop(mark)
    if written != version:
        raise FindingsError(f"{mark} of version {written!r}; this Parley reads version {version}")
    found = _typed(kind, content, kind.__name__.lower())
    assert isinstance(found, kind)
    return found


def _typed(kind: Any, value: Any, path: str) -> Any:
    """Return the value as the annotated type, or raise with the path to it."""
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        return _optional(kind, value, path)
    if origin is tuple:
        return _sequence(kind, value, path)
    if origin is Mapping:
        _expect(value, dict, path)
        item = typing.get_args(kind)[1]
        return {key: _typed(item, entry, f"{path}.{key}") for key, entry in value.items()}
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _record(kind, value, path)
    if kind is float:
        _expect(value, (int, float), path)
        return float(value)
    _expect(value, kind, path)
    return value


def _optional(kind: Any, value: Any, path: str) -> Any:
    if value is None:
        return None
    (member,) = (item for item in typing.get_args(kind) if item is not types.NoneType)
    return _typed(member, value, path)


def _sequence(kind: Any, value: Any, path: str) -> Any:
    _expect(value, list, path)
    item = typing.get_args(kind)[0]
    return tuple(_typed(item, entry, f"{path}[{number}]") for number, entry in enumerate(value))


@lru_cache(maxsize=256)
def _fields(kind: type) -> tuple[dict[str, Any], frozenset[str]]:
    """Return the types of a dataclass's fields, in order, and which must be there: those without a default.

    A field with a default came later: files from before do not have it.
    """
    hints = typing.get_type_hints(kind)
    fields = dataclasses.fields(kind)
    needed = frozenset(field.name for field in fields if field.default is dataclasses.MISSING)
    return {field.name: hints[field.name] for field in fields}, needed


def _record(kind: type, value: Any, path: str) -> Any:
    _expect(value, dict, path)
    hints, needed = _fields(kind)
    missing, unknown = needed - set(value), set(value) - set(hints)
    if missing or unknown:
        what = (
            f"missing: {', '.join(sorted(missing))}" if missing else f"unknown: {', '.join(sorted(unknown))}"
        )
        raise FindingsError(f"{path}: {what}")
    return kind(
        **{name: _typed(of, value[name], f"{path}.{name}") for name, of in hints.items() if name in value}
    )


def _expect(value: Any, kind: type | tuple[type, ...], path: str) -> None:
    wanted = kind if isinstance(kind, tuple) else (kind,)
    # True is an int in Python; in JSON it is not.
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
        raise FindingsError(
            f"{path}: expected {' or '.join(item.__name__ for item in wanted)}, found {value!r}"
        )
