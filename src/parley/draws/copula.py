"""Judgements that vary together: a Gaussian copula from stated rank correlations.

What lives here: the correlation matrix and its square root. What may not: marginal distributions.

A Spearman rank correlation r of two continuous numbers joined by a Gaussian copula belongs to the correlation
2 sin(pi r / 6) of their normal scores (Pearson 1907; Kruskal 1958, *JASA* 53:814-861, eq. 6.3).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from parley.errors import DrawsError
from parley.scenario.model import Together

__all__ = ["correlate"]

_SMALLEST = 1e-9  # eigenvalue below which a correlation matrix counts as singular


def correlate(
    rows: Mapping[str, int],
    together: Sequence[Together],
    p: NDArray[np.float64],
    q: NDArray[np.float64],
) -> None:
    """Give the rows of ``p`` and ``q`` that are named together their rank correlation, in place.

    Parameters
    ----------
    rows
        Row of each parameter; the first of those that vary together keeps its points.
    together
        Groups of parameters with the rank correlation of each pair. Pairs in no group are independent
        given the pairs that are in one.
    p, q
        ``[row, draw]`` points and their complements; changed.

    Raises
    ------
    DrawsError
        When a name is unknown, a pair has two correlations, or the whole is not positive definite.

    Examples
    --------
    >>> from parley.scenario.model import Span
    >>> p = np.array([[0.1, 0.5, 0.9], [0.5, 0.5, 0.5]])
    >>> q = 1 - p
    >>> correlate({"a": 0, "b": 1}, [Together(("a", "b"), 0.5, Span("a.md", 1, 1))], p, q)
    >>> p.round(3).tolist()
    [[0.1, 0.5, 0.9], [0.254, 0.5, 0.746]]
    """
    correlation: dict[tuple[str, str], float] = {}
    for group in together:
        _add_pairs(group, rows, correlation)
    for names in _components(rows, correlation):
        root = _square_root(names, correlation)
        places = [rows[name] for name in names]
        scores = [_score(p[place], q[place]) for place in places]
        for i, place in enumerate(places[1:], start=1):
            # Term by term, not as a matrix product: a sum's order, hence its bits, must not depend on
            # how many draws stand side by side.
            mixed = root[i, 0] * scores[0]
            for j in range(1, i + 1):
                mixed = mixed + root[i, j] * scores[j]
            p[place] = _inside(special.ndtr(mixed))
            q[place] = _inside(special.ndtr(-mixed))


def _score(p: NDArray[np.float64], q: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.where(p <= q, special.ndtri(p), -special.ndtri(q)), dtype=np.float64)


def _inside(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keep the complement of a deep tail, which rounds to 1, inside (0, 1); the tail itself is exact."""
    return np.minimum(share, 1 - 2.0**-53)


def _add_pairs(group: Together, rows: Mapping[str, int], correlation: dict[tuple[str, str], float]) -> None:
    for name in group.parameters:
        if name not in rows:
            raise DrawsError(f"together: '{name}' is not a parameter")
    if len(set(group.parameters)) != len(group.parameters):
        raise DrawsError(f"together: {_listed(group.parameters)} names a parameter twice")
    if not -1 < group.rank < 1:
        raise DrawsError(
            f"together: the rank correlation {group.rank:g} of {_listed(group.parameters)} "
            "is not between -1 and 1, both exclusive"
        )
    for one, other in combinations(sorted(group.parameters, key=rows.__getitem__), 2):
        value = 2 * math.sin(math.pi * group.rank / 6)
        if correlation.setdefault((one, other), value) != value:
            raise DrawsError(f"together: '{one}' and '{other}' are given two different rank correlations")


def _components(rows: Mapping[str, int], correlation: Mapping[tuple[str, str], float]) -> list[list[str]]:
    """List the sets of names joined by pairs, each in the order of the rows."""
    component = {name: {name} for pair in correlation for name in pair}
    for one, other in correlation:
        if component[one] is not component[other]:
            joined = component[one] | component[other]
            component.update(dict.fromkeys(joined, joined))
    distinct = {id(names): names for names in component.values()}.values()
    return [sorted(names, key=rows.__getitem__) for names in distinct]


def _square_root(names: list[str], correlation: Mapping[tuple[str, str], float]) -> NDArray[np.float64]:
    """Lower triangular root of the correlation matrix of `names`."""
    matrix = np.eye(len(names))
    for i, j in combinations(range(len(names)), 2):
        matrix[i, j] = matrix[j, i] = correlation.get((names[i], names[j]), 0.0)
    smallest = float(np.linalg.eigvalsh(matrix)[0])
    if smallest < _SMALLEST:
        raise DrawsError(
            f"together: the rank correlations of {_listed(names)} contradict one another "
            f"(their matrix is not positive definite: smallest eigenvalue {smallest:.3g}); "
            "bring some of them nearer to 0"
        )
    return np.asarray(np.linalg.cholesky(matrix), dtype=np.float64)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
