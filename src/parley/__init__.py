"""Parley makes a strategic argument executable.

The face of the package: every name below is resolved on first use, so that importing :mod:`parley` costs
nothing and a command loads only the rooms that it needs.
"""

from __future__ import annotations

__version__ = "0.1.0"
