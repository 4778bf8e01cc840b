"""Utilities of endings of which only the order is known.

What lives here: rankings as points of a simplex. What may not: payoffs in any other form.

With n tiers the best has utility 1, the worst 0, and the n - 2 between them are uniform over everything that
agrees with the order: sorted independent uniforms. Where K of the n - 1 steps down are marked ``much worse``,
each marked step is at least 0.5 / K of the range, so that together they make at least half of it, and the
spacings are uniform over what is left: 0.5 / K for each marked step plus 0.5 times a flat Dirichlet. A
ranking with one tier has nothing to prefer; its utility is 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parley.errors import DrawsError
from parley.scenario.model import Ranking

__all__ = ["dimensions", "names", "utilities"]

_MARKED = 0.5  # share of the range that the marked steps have between them, at least


def names(player: str, ranking: Ranking) -> tuple[str, ...]:
    """Names of the utility parameters of a ranking, one per tier, best first.

    Examples
    --------
    >>> from parley.scenario.model import Span
    >>> names("ttp", Ranking((("peace",), ("truce", "talks")), (False,), Span("a.md", 1, 1)))
    ('ttp: peace', 'ttp: truce')
    """
    if not ranking.tiers or not all(ranking.tiers) or len(ranking.gaps) != len(ranking.tiers) - 1:
        raise DrawsError(
            f"the ranking of '{player}' needs at least one outcome in every tier and one gap between tiers"
        )
    return tuple(f"{player}: {tier[0]}" for tier in ranking.tiers)


def dimensions(ranking: Ranking) -> int:
    """Count the uniforms that a draw of the utilities takes: one per tier between best and worst.

    Examples
    --------
    >>> from parley.scenario.model import Span
    >>> dimensions(Ranking((("a",), ("b",), ("c",)), (False, False), Span("a.md", 1, 1)))
    1
    """
    return max(len(ranking.tiers) - 2, 0)


def utilities(ranking: Ranking, p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draw the utilities of a ranking.

    Parameters
    ----------
    ranking
        Tiers from best to worst and the marked steps between them.
    p
        ``[dimension, draw]`` uniforms, as many rows as :func:`dimensions` says.

    Returns
    -------
    NDArray[np.float64]
        ``[tier, draw]``, from 1 down to 0.

    Examples
    --------
    >>> from parley.scenario.model import Span
    >>> order = Ranking((("a",), ("b",), ("c",)), (False, True), Span("a.md", 1, 1))
    >>> utilities(order, np.array([[0.25]])).ravel().tolist()
    [1.0, 0.625, 0.0]
    """
    count, draws = len(ranking.tiers), p.shape[1]
    if count == 1:
        return np.zeros((1, draws))
    utility = np.concatenate([np.ones((1, draws)), np.sort(p, axis=0)[::-1], np.zeros((1, draws))])
    marked = sum(ranking.gaps)
    if marked:
        # Counted from the worst tier up: how much of the marked steps lies below each tier.
        below = np.array([sum(ranking.gaps[tier:]) for tier in range(count)]) / marked
        utility = _MARKED * below[:, np.newaxis] + (1 - _MARKED) * utility
    return utility
