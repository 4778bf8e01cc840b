"""From findings to pictures with a caption and the table behind them.

What lives here: one module for each topic, whose functions return figures, or none where there is nothing to
show. What may not: drawing, statistics.
"""

from __future__ import annotations

__all__: list[str] = []
