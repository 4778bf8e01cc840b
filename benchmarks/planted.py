"""Scenarios with a planted truth: text in Parley's language, and what must come out of it, in closed form.

Three families have a margin that is multilinear in independent factors of known mean and variance, so that
its analysis of variance is exact: for each set S of factors, the component's variance is the squared sum,
over all terms that hold S, of the coefficient times the means of the term's other factors, times the
variances of the factors in S. First-order, total and Shapley indices follow.

``additive``
    Normal judgements, one payoff: the margin is normal. Its share above 0, the share of readings that each
    judgement reverses, and every threshold are closed forms.
``product``
    Ranges, triangles, betas and a weighted switch, with products of two.
``reply``
    Another player replies with finite precision L to a stake of 1: it agrees with chance
    1 / (1 + exp(-L d)), d uniform on [a, b]. Its mean is (s(b) - s(a)) / (L (b - a)) with
    s(x) = ln(1 + exp(L x)); that of its square is less by (p(b) - p(a)) / (L (b - a)), p being the chance.
``box``
    The recommendation fails exactly in a box of known sides, whose share is the product of its sides.

Nothing here calls Parley. ``python -m benchmarks.planted`` checks every closed form by brute force.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

__all__ = ["FAMILIES", "Box", "Factor", "Planted", "planted"]

Values = NDArray[np.float64]
FAMILIES = ("additive", "product", "reply", "box")
NORMAL = NormalDist()
CLEAR = 1.5  # the driver's part is at least so many times the next one's
LEAST = 0.35  # and at least this


@dataclass(frozen=True)
class Factor:
    """One judgement: ``text`` in the scenario, a number that is drawn, and what it does to the margin."""

    name: str
    text: str
    kind: str  # parameter or switch
    draw: Callable[[np.random.Generator, int], Values]  # values of the parameter, or 0 and 1 of the switch
    mean: float  # of the factor
    variance: float
    of: Callable[[Values], Values] = field(default=lambda values: values)  # factor from the value
    back: Callable[[float], float] = field(default=lambda factor: factor)  # value from the factor


@dataclass(frozen=True)
class Box:
    """Where the recommendation fails: name -> (low, high), one of the two None; switches -> option."""

    sides: Mapping[str, tuple[float | None, float | None]]
    options: Mapping[str, str]


@dataclass(frozen=True)
class Planted:
    """A scenario and what is true of it. None: not in closed form."""

    family: str
    seed: int
    text: str
    factors: tuple[Factor, ...]
    margin: Callable[[Mapping[str, Values]], Values]  # from values of parameters and switches
    mean: float  # of the margin
    first: Mapping[str, float]
    total: Mapping[str, float]
    shapley: Mapping[str, float]
    driver: str  # largest Shapley effect; in a box none: ""
    break_even: Mapping[str, float]  # value at which the mean margin is 0, the others as judged
    threshold: Mapping[str, float]  # value at which half of the readings support the recommendation
    share: float | None  # of the readings in which the recommendation is better
    reversed: Mapping[str, float]  # share of readings that judging one anew reverses
    box: Box | None = None

    def sample(self, seed: int, count: int) -> dict[str, Values]:
        """Draw independent readings, without Parley."""
        random = np.random.default_rng(seed)
        return {each.name: each.draw(random, count) for each in self.factors}


def planted(family: str, seed: int) -> Planted:
    """Make the scenario of this family and seed.

    Raises
    ------
    KeyError
        There is no such family.
    """
    random = np.random.default_rng([FAMILIES.index(family) if family in FAMILIES else 0, seed])
    makers = {"additive": _additive, "product": _product, "reply": _reply, "box": _box}
    return makers[family](seed, random)


Terms = Mapping[tuple[str, ...], float]  # coefficient of each product of factors; () the constant


def _variances(factors: tuple[Factor, ...], terms: Terms) -> dict[tuple[str, ...], float]:
    """Variance of each component of the margin's analysis of variance, by set of factors."""
    known = {each.name: each for each in factors}
    sets = {
        subset
        for term in terms
        for n in range(1, len(term) + 1)
        for subset in itertools.combinations(term, n)
    }
    found = {}
    for subset in sets:
        weight = sum(
            coefficient * math.prod(known[name].mean for name in term if name not in subset)
            for term, coefficient in terms.items()
            if set(subset) <= set(term)
        )
        found[subset] = weight**2 * math.prod(known[name].variance for name in subset)
    return found


def _mean(factors: tuple[Factor, ...], terms: Terms, without: str | None = None) -> tuple[float, float]:
    """Return the margin's mean as a + b f of one factor; b is 0 without one."""
    known = {each.name: each.mean for each in factors}
    constant, slope = 0.0, 0.0
    for term, coefficient in terms.items():
        part = coefficient * math.prod(known[name] for name in term if name != without)
        if without in term:
            slope += part
        else:
            constant += part
    return constant, slope


def _multilinear(
    family: str,
    seed: int,
    text: str,
    factors: tuple[Factor, ...],
    terms: Terms,
    *,
    share: float | None = None,
    reversed: Mapping[str, float] | None = None,
    threshold: Mapping[str, float] | None = None,
) -> Planted:
    parts = _variances(factors, terms)
    whole = sum(parts.values())
    names = [each.name for each in factors]
    first = {name: parts.get((name,), 0.0) / whole for name in names}
    total = {name: sum(v for s, v in parts.items() if name in s) / whole for name in names}
    shapley = {name: sum(v / len(s) for s, v in parts.items() if name in s) / whole for name in names}
    even = {}
    for each in factors:
        constant, slope = _mean(factors, terms, each.name)
        if slope and each.kind == "parameter":
            value = each.back(-constant / slope)
            if math.isfinite(value):
                even[each.name] = value

    def margin(values: Mapping[str, Values]) -> Values:
        factor = {each.name: each.of(values[each.name]) for each in factors}
        count = len(next(iter(factor.values())))
        found = np.zeros(count)
        for term, coefficient in terms.items():
            found += coefficient * math.prod((factor[name] for name in term), start=np.ones(count))
        return found

    return Planted(
        family,
        seed,
        text,
        factors,
        margin,
        _mean(factors, terms)[0],
        first,
        total,
        shapley,
        max(shapley, key=lambda name: shapley[name]),
        even,
        threshold or {},
        share,
        reversed or {},
    )


def _clear(of: Planted) -> bool:
    """Whether the driver is one beyond doubt, and its break-even within what was judged."""
    parts = sorted(of.shapley.values(), reverse=True)
    return parts[0] >= max(LEAST, CLEAR * parts[1])


def _number(random: np.random.Generator, low: float, high: float) -> float:
    return float(np.round(random.uniform(low, high), 3))


def _normal(name: str, mean: float, sd: float) -> Factor:
    return Factor(
        name,
        f"{{normal: {{mean: {mean!r}, sd: {sd!r}}}}}",
        "parameter",
        lambda random, n: random.normal(mean, sd, n),
        mean,
        sd**2,
    )


def _uniform(name: str, low: float, high: float) -> Factor:
    return Factor(
        name,
        f"{{range: [{low!r}, {high!r}]}}",
        "parameter",
        lambda random, n: random.uniform(low, high, n),
        (low + high) / 2,
        (high - low) ** 2 / 12,
    )


def _triangle(name: str, low: float, mode: float, high: float) -> Factor:
    variance = (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18
    return Factor(
        name,
        f"{{range: [{low!r}, {mode!r}, {high!r}]}}",
        "parameter",
        lambda random, n: random.triangular(low, mode, high, n),
        (low + mode + high) / 3,
        variance,
    )


def _beta(name: str, a: float, b: float) -> Factor:
    return Factor(
        name,
        f"{{beta: [{a!r}, {b!r}]}}",
        "parameter",
        lambda random, n: random.beta(a, b, n),
        a / (a + b),
        a * b / ((a + b) ** 2 * (a + b + 1)),
    )


def _switch(name: str, chance: float) -> Factor:
    return Factor(
        name,
        f"{{options: {{on: {chance!r}, off: rest}}, default: off}}",
        "switch",
        lambda random, n: (random.random(n) < chance).astype(np.float64),
        chance,
        chance * (1 - chance),
    )


def _chance(name: str, low: float, high: float, precision: float) -> Factor:
    """Make the chance of a yes whose difference is uniform and whose precision is known."""

    def chance(value: Values | float) -> Values:
        return np.asarray(1.0 / (1.0 + np.exp(-precision * np.asarray(value))))

    def soft(value: float) -> float:
        return math.log1p(math.exp(precision * value))

    width = precision * (high - low)
    mean = (soft(high) - soft(low)) / width
    square = mean - float(chance(high) - chance(low)) / width

    def back(factor: float) -> float:
        return math.log(factor / (1 - factor)) / precision if 0.0 < factor < 1.0 else math.nan

    return Factor(
        name,
        f"{{range: [{low!r}, {high!r}]}}",
        "parameter",
        lambda random, n: random.uniform(low, high, n),
        mean,
        square - mean**2,
        chance,
        back,
    )


SCENARIO = """parley: 1
title: A planted truth ({family} {seed})
players: {{us: We, them: {{text: They, stake: 1}}}}
precision: {precision!r}
parameters:
{parameters}{switches}story:
  - {{player: us, move: act, options: [stay, go]}}
  - outcomes: {{stayed: act is stay}}
{story}payoffs:
{payoffs}compare:
  player: us
  policies: {{stay: {{act: stay}}, go: {{act: go}}}}
  recommend: go
  by: [payoff(us)]
"""


def _scenario(
    family: str,
    seed: int,
    factors: tuple[Factor, ...],
    story: str,
    payoffs: str,
    precision: float = 1.0,
) -> str:
    numbers = "".join(f"  {each.name}: {each.text}\n" for each in factors if each.kind == "parameter")
    switches = "".join(f"  {each.name}: {each.text}\n" for each in factors if each.kind == "switch")
    return SCENARIO.format(
        family=family,
        seed=seed,
        parameters=numbers,
        switches=f"switches:\n{switches}" if switches else "",
        story=story,
        payoffs=payoffs,
        precision=precision,
    )


ONE_SHOT = "  - outcomes: {gone: act is go}\n"


def _one_shot(family: str, seed: int, factors: tuple[Factor, ...], expression: str) -> str:
    payoffs = f"  us: {{stayed: 0, gone: {expression!s}}}\n  them: {{stayed: 0, gone: 0}}\n"
    return _scenario(family, seed, factors, ONE_SHOT, payoffs)


def _written(factors: tuple[Factor, ...], terms: Terms) -> str:
    """Write a sum of products in Parley's language."""
    names = {each.name: f"(1 if {each.name} is on else 0)" for each in factors if each.kind == "switch"}
    parts = [
        " * ".join([f"({coefficient!r})", *(names.get(name, name) for name in term)])
        for term, coefficient in terms.items()
    ]
    return '"' + " + ".join(parts) + '"'


def _additive(seed: int, random: np.random.Generator) -> Planted:
    count = int(random.integers(3, 7))
    names = [f"x{number}" for number in range(count)]
    part = _number(random, 0.5, 0.7)  # of the variance that is the driver's
    while True:
        others = np.sort(random.dirichlet(np.full(count - 1, 2.0)))[::-1] * (1 - part)
        if others[0] <= part / CLEAR:
            break
    parts = dict(zip(random.permutation(names).tolist(), [part, *others], strict=True))
    # means far from 0, so that a flip has a size that 2 % can be taken of
    factors = tuple(_normal(name, _number(random, 4, 6), _number(random, 0.4, 1.0)) for name in names)
    signs = dict(zip(names, random.choice([-1.0, 1.0], count), strict=True))
    terms: dict[tuple[str, ...], float] = {
        (each.name,): float(signs[each.name] * np.round(math.sqrt(parts[each.name] / each.variance), 4))
        for each in factors
    }
    sigma = math.sqrt(sum(terms[each.name,] ** 2 * each.variance for each in factors))
    wanted = NORMAL.inv_cdf(_number(random, 0.15, 0.85)) * sigma
    terms[()] = float(np.round(wanted - _mean(factors, terms)[0], 4))
    height = _mean(factors, terms)[0] / sigma
    shared = {
        each.name: 1 - terms[each.name,] ** 2 * each.variance / sigma**2 for each in factors
    }  # correlation of the margin with that of a reading that differs in this alone
    flips = {each.name: each.mean - height * sigma / terms[each.name,] for each in factors}
    return _multilinear(
        "additive",
        seed,
        _one_shot("additive", seed, factors, _written(factors, terms)),
        factors,
        terms,
        share=NORMAL.cdf(height),
        reversed={name: 2 * (NORMAL.cdf(height) - _both_above(height, rho)) for name, rho in shared.items()},
        threshold=flips,
    )


def _both_above(height: float, correlation: float) -> float:
    """P(X < h, Y < h) of two standard normal numbers: Plackett's integral over the correlation."""
    nodes, weights = np.polynomial.legendre.leggauss(64)
    angle = math.asin(correlation)
    at = (nodes + 1) * angle / 2
    inside = np.exp(-(height**2) / (1 + np.sin(at)))
    return NORMAL.cdf(height) ** 2 + float(weights @ inside) * angle / 2 / (2 * math.pi)


def _product(seed: int, random: np.random.Generator) -> Planted:
    while True:
        factors = (
            _uniform("level", 1.0, _number(random, 1.5, 4.0)),
            _triangle("size", 1.0, _number(random, 1.1, 2.0), _number(random, 2.2, 4.0)),
            _beta("part", _number(random, 1.0, 6.0), _number(random, 1.0, 6.0)),
            _switch("mood", _number(random, 0.2, 0.8)),
            _uniform("idle", 0.0, 1.0),
        )
        terms: dict[tuple[str, ...], float] = {
            (each.name,): _number(random, -3, 3) for each in factors if each.name != "idle"
        }
        terms["level", "size"] = _number(random, -1, 1)
        terms["size", "mood"] = _number(random, -1, 1)
        spread = math.sqrt(sum(_variances(factors, terms).values()))
        wanted = _number(random, -0.8, 0.8) * spread
        terms[()] = float(np.round(wanted - _mean(factors, terms)[0], 4))
        found = _multilinear(
            "product", seed, _one_shot("product", seed, factors, _written(factors, terms)), factors, terms
        )
        if _clear(found):
            return found


def _reply(seed: int, random: np.random.Generator) -> Planted:
    while True:
        precision = _number(random, 1.0, 8.0)
        middle, half = _number(random, -0.2, 0.4), _number(random, 0.05, 0.5)
        low, high = round(middle - half, 3), round(middle + half, 3)
        factors = (
            _chance("wish", low, high, precision),
            _uniform("gain", 1.0, _number(random, 1.5, 4.0)),
            _triangle("cost", 1.0, _number(random, 1.2, 2.0), _number(random, 2.5, 5.0)),
            _uniform("idle", 0.0, 1.0),
        )
        terms: dict[tuple[str, ...], float] = {("wish", "gain"): 1.0, ("wish", "cost"): 1.0, ("cost",): -1.0}
        spread = math.sqrt(sum(_variances(factors, terms).values()))
        wanted = _number(random, -0.8, 0.8) * spread
        terms[()] = float(np.round(wanted - _mean(factors, terms)[0], 4))
        story = (
            "  - {player: them, move: reply, options: [agree, refuse]}\n"
            "  - outcomes: {agreed: reply is agree, refused: otherwise}\n"
        )
        payoffs = (
            f'  us: {{stayed: 0, agreed: "gain + ({terms[()]!r})", refused: "-cost + ({terms[()]!r})"}}\n'
            "  them: {stayed: 0, agreed: wish, refused: 0}\n"
        )
        text = _scenario("reply", seed, factors, story, payoffs, precision)
        found = _multilinear("reply", seed, text, factors, terms)
        if _clear(found):
            return found


def _box(seed: int, random: np.random.Generator) -> Planted:
    sides = int(random.integers(2, 4))
    names = [f"x{number}" for number in range(6)]
    chosen = sorted(random.permutation(names)[:sides].tolist())
    factors = (*(_uniform(name, 0.0, 1.0) for name in names), _switch("mood", 0.5))
    bounds: dict[str, tuple[float | None, float | None]] = {}
    volume = 1.0
    for name in chosen:
        part = _number(random, 0.45, 0.7)
        bounds[name] = (round(1 - part, 3), None) if random.random() < 0.5 else (None, part)
        volume *= part
    conditions = [
        f"{name} > {low!r}" if low is not None else f"{name} < {high!r}"
        for name, (low, high) in bounds.items()
    ]
    options = {"mood": "on"} if random.random() < 0.5 else {}
    if options:
        conditions.append("mood is on")
        volume *= 0.5
    expression = f'"-1 if {" and ".join(conditions)} else 1"'

    def margin(values: Mapping[str, Values]) -> Values:
        inside = np.ones(len(values["x0"]), dtype=bool)
        for name, (low, high) in bounds.items():
            inside &= values[name] > low if low is not None else values[name] < high  # type: ignore[operator]
        for name in options:
            inside &= values[name] == 1.0
        return np.where(inside, -1.0, 1.0)

    return Planted(
        "box",
        seed,
        _one_shot("box", seed, factors, expression),
        factors,
        margin,
        1 - 2 * volume,
        {},
        {},
        {},
        "",
        {},
        {},
        1 - volume,
        {},
        Box(bounds, options),
    )


def check(of: Planted, count: int = 1 << 18, seed: int = 1) -> dict[str, float]:
    """How far each closed form is from brute force, in standard errors of the latter (below 5: equal)."""
    values = of.sample(seed, count)
    margin = of.margin(values)
    apart = {"mean": abs(margin.mean() - of.mean) / (margin.std() / math.sqrt(count))}
    if of.share is not None:
        error = math.sqrt(of.share * (1 - of.share) / count)
        apart["share"] = abs(np.mean(margin > 0) - of.share) / error
    fresh = of.sample(seed + 1, count)
    for name in of.first:
        kept = of.margin({**fresh, name: values[name]})
        anew = of.margin({**values, name: fresh[name]})
        variance = margin.var()
        for what, truth, sample in (
            ("first", of.first[name], (margin - margin.mean()) * (kept - kept.mean()) / variance),
            ("total", of.total[name], 0.5 * (margin - anew) ** 2 / variance),
        ):
            error = max(sample.std() / math.sqrt(count), 1e-12)
            apart[f"{what} {name}"] = abs(sample.mean() - truth) / error
        if name in of.reversed:
            truth = of.reversed[name]
            found = np.mean((margin > 0) != (anew > 0))
            apart[f"reversed {name}"] = abs(found - truth) / math.sqrt(truth * (1 - truth) / count)
        for what, where in (("even", of.break_even), ("threshold", of.threshold)):
            if name in where:
                at = of.margin({**values, name: np.full(count, where[name])})
                held = at if what == "even" else (at > 0) - 0.5
                apart[f"{what} {name}"] = abs(held.mean()) / max(held.std() / math.sqrt(count), 1e-12)
    return apart


if __name__ == "__main__":
    for family in FAMILIES:
        found = [value for seed in range(50) for value in check(planted(family, seed)).values()]
        print(
            f"{family:10} {len(found):5} closed forms, worst {max(found):.2f} standard errors of brute force"
        )
