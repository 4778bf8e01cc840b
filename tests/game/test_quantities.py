"""Quantities against closed forms."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest

import parley
from tests.game.stories import scenario

SPOILERS = """
players: {gov: Government, mod: Moderates}
parameters: {t: 0.7, k: 0.8, e: 0.9}
story:
  - {nature: type, options: {trustworthy: t, untrustworthy: rest}, seen by: [mod]}
  - {nature: control, options: {suppressed: k, loose: rest}, when: type is trustworthy, seen by: nobody}
  - nature: day
    options: {attack: "e if control is not suppressed else 0", quiet: rest}
  - {player: gov, move: answer, options: [go on, stop]}
  - outcomes: {peace: answer is go on, end: otherwise}
payoffs: {gov: {peace: "1 if type is trustworthy else -1", end: 0}}
quantities:
  after attack: belief(gov, type is trustworthy | day is attack)
  after quiet: belief(gov, type is trustworthy | at answer and day is quiet)
  prior: belief(gov, type is trustworthy)
  attacks: P(day is attack)
"""


def _only(results: parley.Results) -> dict[str, float]:
    found = {}
    for (name, _), values in results.quantities.items():
        assert np.ptp(values) < 1e-12
        found[name] = float(values[0])
    return found


def test_beliefs_are_bayes() -> None:
    """Kydd and Walter 2002, reduced: posteriors after an attack and after quiet."""
    t, k, e = 0.7, 0.8, 0.9
    measured = _only(parley.run(scenario(SPOILERS), draws=16))
    assert measured["after attack"] == pytest.approx(t * (1 - k) / (1 - t * k), abs=1e-12)
    quiet = t * (1 - e * (1 - k))
    assert measured["after quiet"] == pytest.approx(quiet / (quiet + (1 - t) * (1 - e)), abs=1e-12)
    assert measured["prior"] == pytest.approx(t, abs=1e-12)
    assert measured["attacks"] == pytest.approx(e * (1 - t * k), abs=1e-12)


RACE = """
players: {us: US}
parameters: {r: 2.2, s: 0.3, T: 1.5}
story:
  - {race: first, clocks: {strike: r, breach: s}, horizon: T, otherwise: nothing, flow: {us: -2}}
  - {player: us, move: act, options: [a, b]}
  - outcomes: {end: otherwise}
payoffs: {us: {end: "-3 * time(first)"}}
quantities:
  strike: P(first is strike)
  nothing: P(first is nothing)
  length: time(first)
  length if strike: time(first | first is strike)
  worth: payoff(us)
  worth if nothing: payoff(us | first is nothing)
"""


def test_a_race_with_a_horizon() -> None:
    r, s, T = 2.2, 0.3, 1.5
    total = r + s
    rings = 1 - math.exp(-total * T)
    mean = 1 / total - T * math.exp(-total * T) / rings
    measured = _only(parley.run(scenario(RACE), draws=16))
    assert measured["strike"] == pytest.approx(r / total * rings, abs=1e-12)
    assert measured["nothing"] == pytest.approx(1 - rings, abs=1e-12)
    assert measured["length if strike"] == pytest.approx(mean, abs=1e-12)
    assert measured["length"] == pytest.approx(rings / total, abs=1e-12)
    assert measured["worth"] == pytest.approx(-5 * rings / total, abs=1e-12)
    assert measured["worth if nothing"] == pytest.approx(-5 * T, abs=1e-12)


ROUNDS = """
players: {a: A}
parameters: {p: 0.25}
story:
  - repeat: 4
    as: round
    until: hit is yes
    story:
      - {nature: hit, options: {yes: p, no: rest}}
      - {reward: {a: 1}}
  - {player: a, move: act, options: [x, y]}
  - outcomes: {end: otherwise}
payoffs: {a: {end: "10 * times(hit is no)"}}
quantities:
  misses: E(times(hit is no))
  last round: E(round)
  misses if hit: E(times(hit is no) | hit is yes)
  worth: payoff(a)
"""


def test_rounds_counts_and_rewards() -> None:
    p, q = 0.25, 0.75
    chances = [p, q * p, q * q * p, q**3 * p, q**4]  # stopped in round 1, 2, 3, 4, or never hit
    misses = sum(c * m for c, m in zip(chances, [0, 1, 2, 3, 4], strict=True))
    rounds = sum(c * m for c, m in zip(chances, [1, 2, 3, 4, 4], strict=True))
    measured = _only(parley.run(scenario(ROUNDS), draws=16))
    assert measured["misses"] == pytest.approx(misses, abs=1e-12)
    assert measured["last round"] == pytest.approx(rounds, abs=1e-12)
    assert measured["worth"] == pytest.approx(10 * misses + rounds, abs=1e-12)
    hit = sum(chances[:4])
    assert measured["misses if hit"] == pytest.approx(
        sum(c * m for c, m in zip(chances[:4], range(4), strict=True)) / hit, abs=1e-12
    )


INTENDED = """
players: {a: A, b: B}
precision: 3
parameters: {p: 0.5}
story:
  - {player: a, move: act, options: [l, r], seen by: nobody}
  - {player: b, move: reply, options: [u, d]}
  - outcomes: {end: otherwise}
payoffs:
  a: {end: "(1 if reply is u else 0) + (0.2 if act is l else 0)"}
  b: {end: "1 if (reply is u and act is l) or (reply is d and act is r) else 0"}
compare:
  player: a
  policies: {known: {act: r}, secret: {intended: true, act: r}, free: free}
  recommend: secret
  by: [payoff(a)]
quantities: {up: P(reply is u)}
"""


def test_an_intended_policy_is_not_known_to_the_others() -> None:
    results = parley.run(scenario(INTENDED), draws=16)
    up = {policy: float(results.quantities["up", policy][0]) for policy in results.policies}
    worth = {policy: float(results.criteria[0, policy][0]) for policy in results.policies}
    assert up["secret"] == pytest.approx(up["free"], abs=1e-12)
    assert up["known"] < 0.5 < up["secret"]
    assert worth["secret"] == pytest.approx(up["secret"], abs=1e-12)
    assert worth["known"] == pytest.approx(up["known"], abs=1e-12)


@pytest.mark.parametrize("rate", [1e-300, 1e-14, 1e-12, 1e-9, 1e-6, 1e-3, 0.016, 0.017, 0.1, 3.0, 500.0])
def test_slow_clocks_lose_no_digits(rate: float) -> None:
    """Held against many digits: the mean of an exponential cut off at T, and the chance of that."""
    text = f"""
players: {{a: A, b: B}}
parameters: {{k: {rate!r}, T: 6}}
story:
  - {{race: r, clocks: {{ring: k}}, horizon: T, otherwise: nothing}}
  - {{player: a, move: x, options: [u, v]}}
  - outcomes: {{end: otherwise}}
payoffs: {{a: {{end: 1}}}}
quantities: {{p: P(r is ring), mean: time(r | r is ring), all: time(r)}}
"""
    measured = _only(parley.run(scenario(text), draws=16))
    with localcontext() as context:
        context.prec = 800
        x = Decimal(rate) * 6
        rings = 1 - (-x).exp()
        mean = 1 / Decimal(rate) - 6 * (-x).exp() / rings
        whole = rings / Decimal(rate)
    assert measured["p"] == pytest.approx(float(rings), rel=1e-13)
    assert measured["mean"] == pytest.approx(float(mean), rel=1e-12)
    assert measured["all"] == pytest.approx(float(whole), rel=1e-12)
