"""The sections of a scenario, one reader for each top-level key.

What lives here: nothing but the modules. What may not: names of its own.
"""

from __future__ import annotations

__all__: list[str] = []
