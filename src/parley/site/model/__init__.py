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
    from parley.site.model.setting import Setting

__all__ = ["Edition", "Effect", "Numbers", "Setting", "edition"]

_HOME = {
    "Edition": "article",
    "Effect": "effect",
    "Numbers": "effect",
    "Setting": "setting",
    "edition": "reading",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'parley.site.model' has no attribute '{name}'")
    return getattr(import_module(f"parley.site.model.{_HOME[name]}"), name)
