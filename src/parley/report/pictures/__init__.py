"""Pictures: our own SVG, for few fixed forms.

What lives here: from plain data to one SVG element, readable without colour, without sight (a title, a
description, a table behind it), on a phone, by day and by night. What may not: findings, scenarios, anything
computed.
"""

from __future__ import annotations

from parley.report.pictures.chart import Band, Dot, Judged, Line, LineChart, Mark, Panel
from parley.report.pictures.lines import line_chart
from parley.report.pictures.table import chart_table

__all__ = ["Band", "Dot", "Judged", "Line", "LineChart", "Mark", "Panel", "chart_table", "line_chart"]
