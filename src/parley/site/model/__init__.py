"""An article as a live model: what it says, what a reader may change in it, and what that does.

What lives here: the text of a version (:func:`edition`), a reader's changes (:class:`Setting`), their effect
(:class:`Effect`), and the process that solves them (:class:`Child`). What may not: Django, pages.

Names are resolved on first use. Whatever the process that serves pages needs loads no NumPy: all but
``Solver`` and ``prepare``, which run in the child.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parley.site.model.article import Edition
    from parley.site.model.effect import Effect, Numbers
    from parley.site.model.reading import edition
    from parley.site.model.setting import AUTHOR, Setting, parse
    from parley.site.model.strip import Estimate, Strip, estimate

__all__ = [
    "AUTHOR",
    "Edition",
    "Effect",
    "Estimate",
    "Numbers",
    "Setting",
    "Strip",
    "edition",
    "estimate",
    "parse",
]

_HOME = {
    "AUTHOR": "setting",
    "Edition": "article",
    "Effect": "effect",
    "Estimate": "strip",
    "Numbers": "effect",
    "Setting": "setting",
    "Strip": "strip",
    "edition": "reading",
    "estimate": "strip",
    "parse": "setting",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'parley.site.model' has no attribute '{name}'")
    return getattr(import_module(f"parley.site.model.{_HOME[name]}"), name)
