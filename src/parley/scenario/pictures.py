"""Pictures that belong to the article.

What lives here: frozen data. What may not: opening any file.
"""

from __future__ import annotations

from dataclasses import dataclass

from parley.scenario.places import Span

__all__ = ["Picture"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture beside the scenario: ``after`` names the passage behind whose paragraph it stands."""

    file: str
    alt: str
    caption: str | None
    credit: str | None
    after: str | None
    span: Span
