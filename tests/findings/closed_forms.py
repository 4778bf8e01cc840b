"""Functions whose sensitivity indices are known in closed form, and the designs that the product asks them.

Each is a function of rows of numbers with a law of its own; `mixed` draws from its conditional distributions,
as :meth:`parley.study.evaluator.Evaluator.mixed` does for ranks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.stats import multivariate_normal

from parley.draws.points import points
from parley.findings.sensitivity import designs

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Named:
    name: str
    rows: tuple[int, ...]
    together: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """First-order, total and Shapley indices ``[input]``."""

    first: Values
    total: Values
    shapley: Values


def known(explained: Mapping[frozenset[int], float], inputs: int) -> Known:
    """Return the indices that follow from Var E[Y | X_u] of every set u of inputs."""
    every = frozenset(range(inputs))
    variance = explained[every]
    shapley = np.zeros(inputs)
    for i in range(inputs):
        for size in range(inputs):
            for chosen in combinations(sorted(every - {i}), size):
                gain = explained[frozenset(chosen) | {i}] - explained[frozenset(chosen)]
                shapley[i] += gain / comb(inputs - 1, size) / inputs / variance
    first = np.array([explained[frozenset({i})] for i in range(inputs)]) / variance
    total = 1 - np.array([explained[every - {i}] for i in range(inputs)]) / variance
    return Known(first, total, shapley)


def subsets(inputs: int) -> list[frozenset[int]]:
    return [frozenset(u) for size in range(inputs + 1) for u in combinations(range(inputs), size)]


class Independent:
    """Independent inputs, uniform on (0, 1)."""

    def __init__(self, inputs: int) -> None:
        self.inputs = tuple(Named(str(i), (i,)) for i in range(inputs))

    def sample(self, u: Values) -> Values:
        return u

    def mixed(self, ranks: Values, fresh: Values, keep: Collection[str]) -> Values:
        found = fresh.copy()
        for name in keep:
            found[int(name)] = ranks[int(name)]
        return found

    def value(self, x: Values) -> Values:
        raise NotImplementedError

    def known(self) -> Known:
        raise NotImplementedError


class SobolG(Independent):
    """Sobol' G: the product of (|4 x - 2| + a) / (1 + a) (Saltelli & Sobol' 1995)."""

    def __init__(self, rng: np.random.Generator, inputs: int) -> None:
        super().__init__(inputs)
        self.a = rng.choice([0.0, 0.5, 1.0, 3.0, 9.0, 50.0], size=inputs)

    def value(self, x: Values) -> Values:
        a = self.a[:, None]
        return np.asarray(np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=0))

    def known(self) -> Known:
        part = 1 / (3 * (1 + self.a) ** 2)
        count = len(self.inputs)
        return known({u: float(np.prod(1 + part[list(u)])) - 1 for u in subsets(count)}, count)


class Ishigami(Independent):
    """Ishigami & Homma 1990: sin x1 + a sin^2 x2 + b x3^4 sin x1 on (-pi, pi)."""

    def __init__(self, rng: np.random.Generator) -> None:
        super().__init__(3)
        self.a, self.b = rng.uniform(2, 9), rng.uniform(0.02, 0.3)

    def value(self, x: Values) -> Values:
        x = (2 * x - 1) * np.pi
        return np.asarray(np.sin(x[0]) * (1 + self.b * x[2] ** 4) + self.a * np.sin(x[1]) ** 2)

    def known(self) -> Known:
        b = self.b
        parts = {
            frozenset({0}): 0.5 * (1 + b * np.pi**4 / 5) ** 2,
            frozenset({1}): self.a**2 / 8,
            frozenset({0, 2}): b**2 * np.pi**8 * 8 / 225,
        }
        return known({u: sum(v for part, v in parts.items() if part <= u) for u in subsets(3)}, 3)


class Gaussian:
    """A linear function of correlated normal numbers (Owen & Prieur 2017, *SIAM/ASA J. UQ* 5:986-1002)."""

    def __init__(self, rng: np.random.Generator, inputs: int, *, joined: bool) -> None:
        self.weight = rng.normal(size=inputs) * rng.choice([0.0, 0.1, 1.0, 1.0, 2.0], size=inputs)
        self.weight[0] += 1.0
        root = rng.normal(size=(inputs, inputs))
        whole = root @ root.T
        scale = np.sqrt(np.diag(whole))
        mixing = 0.6 if joined else 0.0
        self.covariance = mixing * whole / np.outer(scale, scale) + (1 - mixing) * np.eye(inputs)
        self.root = np.linalg.cholesky(self.covariance)
        names = [str(i) for i in range(inputs)]
        self.inputs = tuple(
            Named(name, (i,), tuple(n for n in names if n != name) if joined else ())
            for i, name in enumerate(names)
        )
        self.limit = rng.uniform(-1.2, 1.2)  # the decision's threshold, in standard deviations

    def sample(self, u: Values) -> Values:
        return np.asarray(self.root @ special.ndtri(u))

    def mixed(self, ranks: Values, fresh: Values, keep: Collection[str]) -> Values:
        kept = [int(name) for name in keep]
        free = [i for i in range(len(self.weight)) if i not in kept]
        found = fresh.copy()
        found[kept] = ranks[kept]
        if kept and free:
            held = self.covariance[np.ix_(kept, kept)]
            slope = np.linalg.solve(held, self.covariance[np.ix_(kept, free)])
            found[free] += slope.T @ (ranks[kept] - fresh[kept])
        return found

    def value(self, x: Values) -> Values:
        return np.asarray(self.weight @ x)

    @property
    def variance(self) -> float:
        return float(self.weight @ self.covariance @ self.weight)

    def explained(self, u: frozenset[int]) -> float:
        rows = sorted(u)
        if not rows:
            return 0.0
        pull = self.covariance[rows] @ self.weight
        return float(pull @ np.linalg.solve(self.covariance[np.ix_(rows, rows)], pull))

    def known(self) -> Known:
        count = len(self.weight)
        return known({u: self.explained(u) for u in subsets(count)}, count)

    def shapley(self) -> Values:
        """Owen & Prieur 2017, theorem 2: an independent way to the Shapley effects."""
        count = len(self.weight)
        found = np.zeros(count)
        for i in range(count):
            others = [j for j in range(count) if j != i]
            for size in range(count):
                for chosen in combinations(others, size):
                    u, rest = list(chosen), [j for j in range(count) if j not in chosen]
                    given = self.covariance[np.ix_(rest, rest)]
                    if u:
                        across = self.covariance[np.ix_(rest, u)]
                        given = given - across @ np.linalg.solve(self.covariance[np.ix_(u, u)], across.T)
                    at = rest.index(i)
                    gain = (given[at] @ self.weight[rest]) ** 2 / given[at, at]
                    found[i] += gain / comb(count - 1, size) / count
        return np.asarray(found / self.variance)

    def decided(self, values: Values) -> Values:
        return np.asarray(values > self.limit * np.sqrt(self.variance), dtype=np.float64)

    def known_of_decision(self) -> tuple[Known, float]:
        """Return the indices of the decision, and its variance."""
        ahead = float(special.ndtr(-self.limit))
        count = len(self.weight)

        def explained(u: frozenset[int]) -> float:
            r = min(self.explained(u) / self.variance, 1.0)
            if r < 1e-12:
                return 0.0
            if r > 1 - 1e-12:
                return ahead * (1 - ahead)
            both = multivariate_normal.cdf([-self.limit, -self.limit], cov=[[1, r], [r, 1]])
            return float(both) - ahead**2

        return known({u: explained(u) for u in subsets(count)}, count), ahead * (1 - ahead)


Function = Independent | Gaussian


@dataclass(frozen=True)
class Asked:
    base: Values
    fresh: Values
    redrawn: Values
    held: Values
    chain: Values
    order: NDArray[np.int64]


def ask(function: Function, draws: int, seed: int) -> Asked:
    """Evaluate a function at the points of the product's own designs."""
    count = len(function.inputs)
    u = points(2 * count, draws, seed=seed, first=0, design="sobol")
    one, other = function.sample(u[:count]), function.sample(u[count:])
    order = designs.orders(count, draws, seed)
    redrawn = np.stack([function.value(x) for x in designs.redrawn(function, one, other)])
    held = redrawn.copy()
    for number, x in designs.held(function, one, other):
        held[number] = function.value(x)
    between = [function.value(x) for x in designs.chain(function, one, other, order)]
    base, fresh = function.value(one), function.value(other)
    return Asked(base, fresh, redrawn, held, np.stack([base, *between, fresh]), order)
