"""Findings become words: sentences, terminal pages, the story of a scenario as a tree.

What lives here: language and layout. What may not: games, solvers, statistics.
"""

from __future__ import annotations

from parley.report.debate import render_debate, render_objection
from parley.report.published import render_published, render_shelf
from parley.report.solution import render_solution
from parley.report.story import render_story
from parley.report.terminal import SECTIONS, render

__all__ = [
    "SECTIONS",
    "render",
    "render_debate",
    "render_objection",
    "render_published",
    "render_shelf",
    "render_solution",
    "render_story",
]
