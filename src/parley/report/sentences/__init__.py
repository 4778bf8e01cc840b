"""The sentences of a report: plain English from findings, that a newspaper would print.

What lives here: a small grammar (:mod:`parley.report.sentences.grammar`) and, for each thing that a report
says, one module that says it. What may not: layout, pictures, statistics, and what the terminal needs
(:mod:`parley.report.words`).

Every function returns inline text of :mod:`parley.report.document`; what comes from a scenario has gone
through :func:`parley.report.document.plain`. Plain terms come first; the theory's term stands in brackets,
once. A number is never rounded to say more than it does.
"""

from __future__ import annotations

__all__: list[str] = []
