"""What a request asks for.

What lives here: questions about a request. What may not: answers.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

__all__ = ["once", "wants_json"]


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller asked for JSON rather than a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def once(request: HttpRequest, name: str, values: Any = None) -> str | None:
    """Return a parameter that is given exactly once; None when missing, empty or repeated."""
    found = (values if values is not None else request.GET).getlist(name)
    return found[0] if len(found) == 1 and found[0] != "" else None
