"""When would the recommendation be wrong: single flips, joint flips, claims pushed and dropped.

What lives here: :func:`flips`. What may not: sentences, games.
"""

from __future__ import annotations

from parley.findings.flips.study import flips

__all__ = ["flips"]
