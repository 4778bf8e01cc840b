"""Sweeps shown: how quantities move with one number, as sentences, as a table, as a picture.

What lives here: language and layout. What may not: games, solvers, statistics.
"""

from __future__ import annotations

from parley.report.sweeps.chart import sweep_chart, sweep_picture
from parley.report.sweeps.page import render_sweep
from parley.report.sweeps.sentences import sentences
from parley.report.sweeps.tables import sweep_document, sweep_rows

__all__ = [
    "render_sweep",
    "sentences",
    "sweep_chart",
    "sweep_document",
    "sweep_picture",
    "sweep_rows",
]
