"""What to call a scenario in a command.

What lives here: from a path to the name that commands take. What may not: reading the scenario.
"""

from __future__ import annotations

from pathlib import Path

from parley.catalog import shelf

__all__ = ["known_as"]


def known_as(path: str) -> str:
    """Return the name of a shipped scenario, or the path of any other.

    Examples
    --------
    >>> from parley import catalog
    >>> known_as(str(catalog.locate("which-event-first"))), known_as("mine.md")
    ('which-event-first', 'mine.md')
    """
    return shelf.name_of(Path(path)) or path
