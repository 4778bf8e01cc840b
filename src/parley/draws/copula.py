"""Judgements that vary together: a Gaussian copula from stated rank correlations.

What lives here: the correlation matrix and its square root. What may not: marginal distributions.

A Spearman rank correlation r of two continuous numbers joined by a Gaussian copula belongs to the correlation
2 sin(pi r / 6) of their normal scores (Pearson 1907; Kruskal 1958, *JASA* 53:814-861, eq. 6.3).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from parley.errors import DrawsError
from parley.scenario.model import Together

__all__ = ["Copula", "copula"]

_SMALLEST = 1e-9  # eigenvalue below which a correlation matrix counts as singular


@dataclass(frozen=True, slots=True, eq=False)
class Copula:
    """Which rows hang together, and how; see :func:`copula`."""

    groups: tuple[_Group, ...]

    def partners(self, name: str) -> tuple[str, ...]:
        """Return the other names of the group that a name is in, in the order of their rows."""
        found = (group.names for group in self.groups if name in group.names)
        return tuple(other for names in found for other in names if other != name)

    def correlate(self, p: NDArray[np.float64], q: NDArray[np.float64]) -> None:
        """Give independent points ``[row, draw]`` and their complements the stated correlations, in place.

        The first row of each group keeps its points.
        """
        for group in self.groups:
            scores = [_score(p[place], q[place]) for place in group.places]
            for i, place in enumerate(group.places[1:], start=1):
                # Term by term, not as a matrix product: a sum's order, hence its bits, must not depend on
                # how many draws stand side by side.
                mixed = group.root[i, 0] * scores[0]
                for j in range(1, i + 1):
                    mixed = mixed + group.root[i, j] * scores[j]
                p[place] = _inside(special.ndtr(mixed))
                q[place] = _inside(special.ndtr(-mixed))

    def condition(self, mixed: NDArray[np.float64], fresh: NDArray[np.float64], kept: frozenset[int]) -> None:
        """Draw the rows that are not kept from their distribution given the kept ones, in place.

        Parameters
        ----------
        mixed
            ``[row, draw]`` ranks; the kept rows are read, the others of a group with a kept row are written.
        fresh
            ``[row, draw]`` ranks of the joint law, independent of the kept rows: the randomness.
        kept
            Rows.

        Notes
        -----
        With normal scores z of covariance S, kept rows K and others U, the scores
        z'_U + S_UK S_KK^-1 (z_K - z'_K) have the distribution of z_U given z_K when z' is fresh: the part of
        z' that its own kept rows explain is exchanged.
        """
        for group in self.groups:
            held = [i for i, place in enumerate(group.places) if place in kept]
            free = [i for i in range(len(group.places)) if i not in held]
            if not held or not free:
                continue
            covariance = group.root @ group.root.T
            weight = np.linalg.solve(covariance[np.ix_(held, held)], covariance[np.ix_(held, free)])
            apart = [
                _score(mixed[group.places[i]], 1 - mixed[group.places[i]])
                - _score(fresh[group.places[i]], 1 - fresh[group.places[i]])
                for i in held
            ]
            for column, i in enumerate(free):
                score = _score(fresh[group.places[i]], 1 - fresh[group.places[i]])
                for k in range(len(held)):
                    score = score + weight[k, column] * apart[k]
                mixed[group.places[i]] = _within(special.ndtr(score))


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    names: tuple[str, ...]  # in the order of their rows
    places: tuple[int, ...]
    root: NDArray[np.float64]  # lower triangular root of the correlation of the normal scores


def copula(rows: Mapping[str, int], together: Sequence[Together]) -> Copula:
    """Return the copula of parameters that are judged together.

    Parameters
    ----------
    rows
        Row of each parameter.
    together
        Groups of parameters with the rank correlation of each pair. Pairs in no group are independent
        given the pairs that are in one.

    Raises
    ------
    DrawsError
        When a name is unknown, a pair has two correlations, or the whole is not positive definite.

    Examples
    --------
    >>> from parley.scenario.model import Span
    >>> p = np.array([[0.1, 0.5, 0.9], [0.5, 0.5, 0.5]])
    >>> q = 1 - p
    >>> copula({"a": 0, "b": 1}, [Together(("a", "b"), 0.5, Span("a.md", 1, 1))]).correlate(p, q)
    >>> p.round(3).tolist()
    [[0.1, 0.5, 0.9], [0.254, 0.5, 0.746]]
    """
    correlation: dict[tuple[str, str], float] = {}
    for group in together:
        _add_pairs(group, rows, correlation)
    return Copula(
        tuple(
            _Group(tuple(names), tuple(rows[name] for name in names), _square_root(names, correlation))
            for names in _components(rows, correlation)
        )
    )


def _score(p: NDArray[np.float64], q: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.where(p <= q, special.ndtri(p), -special.ndtri(q)), dtype=np.float64)


def _inside(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keep the complement of a deep tail, which rounds to 1, inside (0, 1); the tail itself is exact."""
    return np.minimum(share, 1 - 2.0**-53)


def _within(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keep a rank strictly inside (0, 1): here one number stands for both tails."""
    return np.clip(share, 2.0**-53, 1 - 2.0**-53)


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
