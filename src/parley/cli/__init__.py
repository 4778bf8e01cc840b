"""Commands: each reads its options, calls one function of a room, and prints what it returns.

What lives here: options, exit codes, progress, interruption. What may not: computation, sentences about
findings.
"""

from __future__ import annotations

__all__: list[str] = []
