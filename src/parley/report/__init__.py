"""Findings become words: sentences, terminal pages, the story of a scenario as a tree, the shelf.

What lives here: language and layout. What may not: games, solvers, statistics.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parley.report.debate import render_debate, render_objection
    from parley.report.published import render_published, render_shelf
    from parley.report.shelf import render_catalog, render_entry
    from parley.report.solution import render_solution
    from parley.report.story import render_story
    from parley.report.terminal import SECTIONS, render

__all__ = [
    "SECTIONS",
    "render",
    "render_catalog",
    "render_debate",
    "render_entry",
    "render_objection",
    "render_published",
    "render_shelf",
    "render_solution",
    "render_story",
]

# Resolved on first use: the list of the shelf must not wait for what findings need.
_HOME = {
    "SECTIONS": "terminal",
    "render": "terminal",
    "render_catalog": "shelf",
    "render_debate": "debate",
    "render_entry": "shelf",
    "render_objection": "debate",
    "render_published": "published",
    "render_shelf": "published",
    "render_solution": "solution",
    "render_story": "story",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'parley.report' has no attribute '{name}'")
    return getattr(import_module(f"parley.report.{_HOME[name]}"), name)
