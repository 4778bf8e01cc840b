"""The shelf: scenarios that ship with Parley, found by name.

What lives here: scenario files and the way to them. What may not: solving, reading numbers out of a file.
"""

from __future__ import annotations

from parley.catalog.shelf import load, locate, names, template

__all__ = ["load", "locate", "names", "template"]
