"""Two written findings held against each other.

What lives here: where stored findings differ from computed ones. What may not: files, statistics.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

__all__ = ["differences"]

_TOLERANCE = 1e-9  # relative; another processor may round exp and log otherwise in the last digit


def differences(stored: str, computed: str) -> tuple[str, ...]:
    """Say where stored findings are not the computed ones.

    Parameters
    ----------
    stored, computed
        JSON texts of :meth:`parley.findings.Findings.to_json`.

    Returns
    -------
    One sentence per difference, with its path; numbers may differ by one part in a thousand million.

    Examples
    --------
    >>> differences('{"share": 0.91, "word": "robust"}', '{"share": 0.41, "word": "robust"}')
    ('findings.share is stored as 0.91, computed as 0.41',)
    """
    try:
        kept = json.loads(stored)
    except ValueError as error:
        return (f"findings are no JSON: {error}",)
    return tuple(_walk("findings", kept, json.loads(computed)))


def _walk(path: str, stored: Any, computed: Any) -> Iterator[str]:
    if isinstance(stored, dict) and isinstance(computed, dict):
        for key in dict.fromkeys([*computed, *stored]):
            if key in stored and key in computed:
                yield from _walk(f"{path}.{key}", stored[key], computed[key])
            else:
                yield f"{path}.{key} is {'missing' if key in computed else 'not part of the findings'}"
    elif isinstance(stored, list) and isinstance(computed, list) and len(stored) == len(computed):
        for number, (left, right) in enumerate(zip(stored, computed, strict=True)):
            yield from _walk(f"{path}[{number}]", left, right)
    elif not _same(stored, computed):
        yield f"{path} is stored as {_shown(stored)}, computed as {_shown(computed)}"


def _same(stored: Any, computed: Any) -> bool:
    numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in (stored, computed))
    if numbers:
        return math.isclose(stored, computed, rel_tol=_TOLERANCE, abs_tol=1e-12)
    return type(stored) is type(computed) and bool(stored == computed)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."
