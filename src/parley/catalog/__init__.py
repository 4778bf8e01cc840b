"""The shelf: scenarios that ship with Parley, found by name.

What lives here: scenario files, the way to them, and the list of them. What may not: solving, reading numbers
out of a file.
"""

from __future__ import annotations

from parley.catalog.entries import FIDELITY, Entry, entries, entry_of, search
from parley.catalog.shelf import load, locate, names, template

__all__ = ["FIDELITY", "Entry", "entries", "entry_of", "load", "locate", "names", "search", "template"]
