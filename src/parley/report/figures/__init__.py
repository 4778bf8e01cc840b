"""Findings as pictures: each with a caption that says what is to be seen, and the table behind it.

What lives here: from findings to the data of a picture. What may not: how it is drawn
(:mod:`parley.report.pictures`), statistics.
"""

from __future__ import annotations

__all__: list[str] = []
