"""Equilibria in which errors differ in kind: closed forms, a peer, certificates, the search."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm

import parley
from parley.errors import SolveError
from parley.game.model import TERMINAL, Errors, Game
from parley.scenario import loads
from parley.solve import Concept, Solution, Status, search, solve, solve_arrays, tabulate
from parley.solve.arclength import Trace, trace
from parley.solve.equilibria import equilibria
from parley.solve.profile import profile
from parley.solve.solution import ANSWERED
from parley.solve.steps import solve_levels
from parley.solve.structural import Structure, Tables
from parley.solve.structural_branch import follow_structural
from parley.solve.structural_proof import structural_misses
from parley.solve.verify import verify
from tests.solve.games import Table, random_table

Numbers = NDArray[np.float64]
KINDS = ("logistic", "normal", "normal on endings")

SIGNORINO = """
parley: 1
title: Strategic choice
players: {a: {text: A, errors: KIND}, b: {text: B, errors: KIND}}
precision: 1
story:
  - {player: a, move: opening, options: [hold, challenge]}
  - outcomes: {status quo: opening is hold}
  - {player: b, move: answer, options: [yield, resist]}
  - outcomes: {acquiescence: answer is yield, war: otherwise}
payoffs:
  a: {status quo: 0, acquiescence: 1, war: -1}
  b: {status quo: 0, acquiescence: 0, war: 0.5}
"""


def solved(text: str, **stakes: float) -> tuple[Game, Solution, Numbers, Numbers]:
    """The answer on unit stakes, with the chances and payoffs that were solved."""
    scenario = loads(text)
    game, draws = parley.compile(scenario), parley.sample(scenario, 1)
    stake = np.array([[stakes.get(name, 1.0)] for name in game.players])
    numbers = tabulate(game, draws, stake)
    return game, solve(game, draws, stakes=stake), numbers.chance, numbers.payoff


def chance_of(game: Game, solution: Solution, label: str) -> float:
    """Probability of the one action of that name."""
    return float(solution.strategy[game.action_label.index(label), 0])


@pytest.mark.parametrize(
    ("kind", "resist", "challenge"),
    [
        ("logistic", 0.6224593312, 0.4390745821),
        ("normal", 0.6381631951, 0.422542936),
        ("normal on endings", 0.6381631951, 0.4118448134),
    ],
)
def test_signorino(kind: str, resist: float, challenge: float) -> None:
    """Signorino 1999, from the closed forms for the same numbers."""
    game, found, *_ = solved(SIGNORINO.replace("KIND", kind))
    assert chance_of(game, found, "resist") == pytest.approx(resist, abs=1e-9)
    assert chance_of(game, found, "challenge") == pytest.approx(challenge, abs=1e-9)
    p = norm.cdf(0.5 / math.sqrt(2))
    if kind == "normal on endings":
        wanted = norm.cdf((1 - 2 * p) / math.sqrt(1 + p**2 + (1 - p) ** 2))
        assert chance_of(game, found, "challenge") == pytest.approx(wanted, rel=1e-14)


def test_errors_may_differ_from_player_to_player() -> None:
    text = SIGNORINO.replace("KIND", "logistic", 1).replace("KIND", "{normal on endings: [war]}")
    game, found, *_ = solved(text)
    resist = norm.cdf(0.5)  # the shock on war alone: sd 1
    assert chance_of(game, found, "resist") == pytest.approx(resist, rel=1e-14)
    assert chance_of(game, found, "challenge") == pytest.approx(1 / (1 + math.exp(2 * resist - 1)), rel=1e-13)


def test_shocks_fall_on_endings_as_later_moves_make_them_likely() -> None:
    """The same player moves twice: what it will do later is in the chances of the endings."""
    text = """
parley: 1
title: Twice
players: {a: {text: A, errors: normal on endings}}
precision: 2
story:
  - {player: a, move: first, options: [stop, go]}
  - outcomes: {stopped: first is stop}
  - {nature: luck, options: {good: 30%, bad: rest}}
  - {player: a, move: second, options: [left, right]}
  - outcomes: {l: second is left and luck is good, r: second is right, b: otherwise}
payoffs: {a: {stopped: 0.2, l: 1, r: 0.4, b: -0.5}}
"""
    game, found, *_ = solved(text)
    left = [norm.cdf(2 * (x - 0.4) / math.sqrt(2)) for x in (1.0, -0.5)]
    chances = np.array([0.3 * left[0], 0.3 * (1 - left[0]) + 0.7 * (1 - left[1]), 0.7 * left[1]])
    gain = chances @ np.array([1.0, 0.4, -0.5]) - 0.2
    wanted = norm.cdf(2 * gain / math.sqrt(1 + chances @ chances))
    assert chance_of(game, found, "go") == pytest.approx(wanted, rel=1e-13)


SIGNAL = """
parley: 1
title: A signal
players: {a: {text: A, errors: KIND}, b: {text: B, errors: OTHER}}
precision: 3
story:
  - {nature: type, options: {strong: 40%, weak: rest}, seen by: [a]}
  - {player: a, move: dress, options: [plain, proud]}
  - {player: b, move: answer, options: [leave, fight]}
  - outcomes: {won: answer is fight and type is weak, lost: answer is fight, left: otherwise}
payoffs:
  a: {won: -1, lost: 0.2, left: 1, add: "0.4 if (dress is proud) = (type is strong) else 0"}
  b: {won: 1, lost: -1, left: 0}
"""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_beliefs_follow_from_what_the_others_do(kind: str, other: str) -> None:
    """A signalling game against Bayes' rule and responses written down here."""
    game, found, *_ = solved(SIGNAL.replace("KIND", kind).replace("OTHER", other))
    # while b answers alike, a's two options lead to the same endings, and a bonus settles it: no even start
    assert found.certificate.status[0] == (Status.UNTRACED if kind == KINDS[2] else Status.CONVERGED)

    def at(player: int, seen: str, option: str) -> float:
        for h in range(game.infosets):
            first, last = game.infoset_first_action[h : h + 2]
            if game.infoset_player[h] == player and game.infoset_label[h] == seen:
                return float(found.strategy[first:last, 0][game.action_label[first:last].index(option)])
        raise AssertionError(seen)

    def respond(which: str, gain: float, spread: float) -> float:
        if which == "logistic":
            return 1 / (1 + math.exp(-3 * gain))
        return float(norm.cdf(3 * gain / (math.sqrt(2) if which == "normal" else spread)))

    proud = {t: at(0, f"type: {t}", "proud") for t in ("strong", "weak")}
    fight = {d: at(1, f"dress: {d}", "fight") for d in ("plain", "proud")}
    for dress in ("plain", "proud"):
        sent = {t: proud[t] if dress == "proud" else 1 - proud[t] for t in proud}
        strong = 0.4 * sent["strong"] / (0.4 * sent["strong"] + 0.6 * sent["weak"])
        spread = math.sqrt(strong**2 + (1 - strong) ** 2 + 1)
        assert fight[dress] == pytest.approx(respond(other, 1 - 2 * strong, spread), abs=1e-9)
    for t, paid in (("strong", 0.2), ("weak", -1.0)):
        worth = {d: fight[d] * paid + (1 - fight[d]) for d in fight}
        bonus = 0.4 if t == "strong" else -0.4
        spread = math.sqrt(2) * abs(fight["proud"] - fight["plain"])
        assert proud[t] == pytest.approx(
            respond(kind, worth["proud"] - worth["plain"] + bonus, spread), abs=1e-8
        )


# --- a peer: the compiled kernels, for logistic errors ----------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    precision=st.sampled_from([1.0, 6.0, 20.0]),
    merge=st.booleans(),
    forget=st.sampled_from([0.0, 0.3]),
)
def test_logistic_games_are_solved_as_the_kernels_solve_them(
    seed: int, precision: float, merge: bool, forget: float
) -> None:
    table = random_table(np.random.default_rng(seed), draws=3, most=90, merge=merge, forget=forget)
    lam = table.lam(precision, 3)
    known = solve_arrays(table.game, table.chance, table.payoff, lam, stake=np.ones_like(lam))
    plan = Structure(table.game)
    found = follow_structural(plan, table.chance, table.payoff, lam, Concept(), None)
    both = (known.certificate.status == Status.CONVERGED) & (found.status == Status.CONVERGED)
    assert both.all()
    assert np.abs(known.strategy - found.strategy).max(initial=0.0) < 1e-7
    misses = structural_misses(plan, Tables(table.chance, table.payoff, lam), known.strategy)
    assert np.allclose(misses.max(axis=0, initial=0.0), known.certificate.residual, rtol=0, atol=1e-12)


# --- games of every kind ----------------------------------------------------------------------------------


def erring(table: Table, rng: np.random.Generator) -> Game:
    """Give the players of a game kinds of errors, and its ends names; shocks on endings where that can be."""
    game = table.game
    widest = [
        max(
            [int(n) for h, n in enumerate(np.diff(game.infoset_first_action)) if game.infoset_player[h] == i]
            or [2]
        )
        for i in range(len(game.players))
    ]
    kinds = [KINDS[int(rng.integers(3 if wide <= 2 else 2))] for wide in widest]
    if all(kind == "logistic" for kind in kinds):
        kinds[int(rng.integers(len(kinds)))] = "normal"
    shocked = tuple(sorted(rng.choice(4, int(rng.integers(1, 5)), replace=False).tolist()))
    errors = tuple(Errors(kind, shocked if kind == KINDS[2] else ()) for kind in kinds)
    ends = np.where(game.node_kind == TERMINAL, rng.integers(-1, 4, game.nodes), -1).astype(np.int32)
    return replace(game, errors=errors, endings=("w", "x", "y", "z"), node_ending=ends)


def random_erring(seed: int, draws: int, **shape: Any) -> Table:
    rng = np.random.default_rng(seed)
    table = random_table(rng, draws=draws, most=70, **shape)
    return replace(table, game=erring(table, rng))


def answered(table: Table, lam: Numbers, which: NDArray[np.intp] | None = None, threads: int = 1) -> Solution:
    columns = np.arange(lam.shape[1]) if which is None else which
    return solve_arrays(
        table.game,
        np.ascontiguousarray(table.chance[:, columns]),
        np.ascontiguousarray(table.payoff[:, :, columns]),
        np.ascontiguousarray(lam[:, columns]),
        stake=np.ones((len(table.game.players), len(columns))),
        threads=threads,
    )


def test_random_games_are_solved_and_their_certificates_hold() -> None:
    statuses: list[int] = []
    for seed in range(24):
        table = random_erring(seed, 3, merge=bool(seed % 2), forget=0.3 * (seed % 3 == 0))
        lam = table.lam((1.0, 4.0, 12.0)[seed % 3], 3)
        found = answered(table, lam)
        checked = verify(table.game, table.chance, table.payoff, lam, np.ones_like(lam), found)
        assert checked.problems == ()
        statuses += found.certificate.status.tolist()
        seen = profile(table.game, table.chance, table.payoff, found.strategy, lam)
        worst = seen.infoset_residual.max(axis=0, initial=0.0)
        assert np.allclose(worst, found.certificate.residual, rtol=0, atol=1e-12)
    assert np.mean(np.array(statuses) == Status.CONVERGED) > 0.9
    assert np.mean(np.isin(statuses, ANSWERED)) > 0.95


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), shift=st.sampled_from([1e-7, 1e-4]))
def test_a_strategy_that_is_moved_is_found_out(seed: int, shift: float) -> None:
    table = random_erring(seed, 1)
    game = table.game
    if not game.infosets:
        return
    lam = table.lam(2.0, 1)
    found = answered(table, lam)
    moved = found.strategy.copy()
    first = int(game.infoset_first_action[seed % game.infosets])
    moved[first] += shift if moved[first] < 0.5 else -shift
    moved[first + 1] -= shift if found.strategy[first] < 0.5 else -shift
    if found.certificate.status[0] not in ANSWERED:
        return
    broken = dataclasses.replace(found, strategy=moved)
    checked = verify(game, table.chance, table.payoff, lam, np.ones_like(lam), broken)
    assert any("residual" in message for _, message in checked.problems)


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_any_part_of_a_batch_has_the_bits_of_the_whole(seed: int) -> None:
    table = random_erring(seed, 9, seen=0.3)
    lam = table.lam(6.0, 9)
    whole = answered(table, lam)
    for columns in (np.array([4]), np.array([7, 2, 5])):
        part = answered(table, lam, columns)
        assert part.strategy.tobytes() == np.ascontiguousarray(whole.strategy[:, columns]).tobytes()
        assert part.certificate.residual.tobytes() == whole.certificate.residual[columns].tobytes()
        assert part.certificate.sweeps.tolist() == whole.certificate.sweeps[columns].tolist()


def test_threads_and_chunks_do_not_change_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    table = random_erring(11, 40, seen=0.3)
    lam = table.lam(6.0, 40)
    whole = answered(table, lam)
    for chunk, threads in ((7, 2), (39, 1)):
        monkeypatch.setattr("parley.solve.batch._chunk", lambda *_, size=chunk: size)
        assert answered(table, lam, threads=threads).strategy.tobytes() == whole.strategy.tobytes()


# --- more than one equilibrium ----------------------------------------------------------------------------

STAG = """
parley: 1
title: Stag hunt
players: {a: {text: A, errors: KIND}, b: {text: B, errors: KIND}}
precision: LAM
story:
  - simultaneous:
      - {player: a, move: x, options: [hare, stag]}
      - {player: b, move: y, options: [hare, stag]}
  - outcomes: {both: x is stag and y is stag, a alone: x is stag, b alone: y is stag, none: otherwise}
payoffs:
  a: {both: 1, a alone: 0, b alone: 0.6, none: 0.6}
  b: {both: 1, b alone: 0, a alone: 0.6, none: 0.6}
"""


def hunts(kind: str, lam: float) -> list[float]:
    """Chances of stag that answer themselves, the same for both, by scanning one number."""

    def gap(p: float) -> float:
        gain = p - 0.6
        if kind == "logistic":
            return 1 / (1 + math.exp(-lam * gain)) - p
        # between stag and hare the endings both | a alone and b alone | none change places
        spread = math.sqrt(2.0) if kind == "normal" else math.sqrt(2 * (p**2 + (1 - p) ** 2))
        return float(norm.cdf(lam * gain / spread)) - p

    grid = np.linspace(1e-9, 1 - 1e-9, 4001)
    values = [gap(p) for p in grid.tolist()]
    return [
        brentq(gap, grid[k], grid[k + 1], xtol=1e-15)
        for k in range(4000)
        if (values[k] > 0) != (values[k + 1] > 0)
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lam", [2.0, 10.0])
def test_all_equilibria_of_a_stag_hunt_are_found(kind: str, lam: float) -> None:
    scenario = loads(STAG.replace("KIND", kind).replace("LAM", str(lam)))
    game, draws = parley.compile(scenario), parley.sample(scenario, 1)
    found = search(game, draws)
    stag = np.sort(found.strategy[game.action_label.index("stag")])
    assert np.allclose(stag, hunts(kind, lam), rtol=0, atol=1e-9)
    assert found.count.tolist() == [3 if lam == 10.0 else 1]
    assert found.index.tolist() == [1]
    assert found.principal.sum() == 1
    # the risky hunt is given up along the principal branch
    assert found.strategy[game.action_label.index("stag"), found.principal][0] == pytest.approx(
        stag[0], abs=1e-9
    )


def steep(seed: int, draws: int) -> tuple[Table, Numbers]:
    """A game of many hidden moves at a precision at which branches fold and chances underflow."""
    table = random_table(np.random.default_rng(seed), draws=draws, most=40, players=3, seen=0.2, luck=0.1)
    game = replace(table.game, errors=(Errors("normal"),) * 3)
    return replace(table, game=game), table.lam(40.0, draws)


def test_a_branch_that_folds_is_followed_round_its_bends(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = []

    def watched(*given: Any, **options: Any) -> Trace:
        found = trace(*given, **options)
        turns.append(found.turns)
        return found

    monkeypatch.setattr("parley.solve.structural_branch.trace", watched)
    table, lam = steep(0, 2)
    found = answered(table, lam)
    assert turns == [2]
    assert found.certificate.status.tolist() == [Status.CONVERGED] * 2
    assert verify(table.game, table.chance, table.payoff, lam, np.ones_like(lam), found).sound


@pytest.mark.parametrize("seed", [10, 11])
def test_beliefs_after_moves_too_unlikely_to_be_written(seed: int) -> None:
    table, lam = steep(seed, 2)
    found = answered(table, lam)
    assert (found.strategy == 0.0).any()
    assert found.certificate.status.tolist() == [Status.CONVERGED] * 2
    assert verify(table.game, table.chance, table.payoff, lam, np.ones_like(lam), found).sound


def test_branches_that_cross_are_called_forked() -> None:
    """Two who must choose alike and have no reason for either way: the way on is a matter of chance."""
    text = """
parley: 1
title: Which side of the road
players: {a: {text: A, errors: normal}, b: {text: B, errors: normal}}
precision: 6
story:
  - simultaneous:
      - {player: a, move: x, options: [l, r]}
      - {player: b, move: y, options: [l, r]}
  - outcomes: {pass: (x is l and y is l) or (x is r and y is r), crash: otherwise}
payoffs: {a: {pass: 1, crash: 0}, b: {pass: 1, crash: 0}}
"""
    scenario = loads(text)
    answer = solve(parley.compile(scenario), parley.sample(scenario, 1))
    assert answer.certificate.status.tolist() == [Status.FORKED]
    assert np.allclose(answer.strategy, 0.5)


# --- what is refused, and what stays well-behaved ---------------------------------------------------------


def test_an_answer_near_a_given_strategy() -> None:
    scenario = loads(STAG.replace("KIND", "normal").replace("LAM", "10"))
    game, draws = parley.compile(scenario), parley.sample(scenario, 1)
    numbers = tabulate(game, draws)
    top = hunts("normal", 10.0)[-1]
    near = np.full((game.actions, 1), 0.1)
    near[[k for k, label in enumerate(game.action_label) if label == "stag"]] = 0.9
    lam = numbers.precision / numbers.stake
    found = solve_arrays(game, numbers.chance, numbers.payoff, lam, stake=numbers.stake, start=near)
    assert chance_of(game, found, "stag") == pytest.approx(top, abs=1e-9)


def test_numbers_that_make_no_game_are_ill_posed() -> None:
    table = random_erring(3, 2)
    lam = table.lam(2.0, 2)
    table.payoff[1, 0, 1] = np.nan
    found = answered(table, lam)
    assert found.certificate.status.tolist() == [Status.CONVERGED, Status.ILL_POSED]
    assert np.isfinite(found.strategy[:, 0]).all()


def test_steep_errors_come_to_the_best_reply() -> None:
    game, found, *_ = solved(SIGNORINO.replace("KIND", "normal").replace("precision: 1", "precision: 1e6"))
    assert found.certificate.status.tolist() == [Status.CONVERGED]
    assert chance_of(game, found, "resist") == 1.0
    assert chance_of(game, found, "challenge") == 0.0


def test_noisy_steps_ahead_are_refused_and_sure_ones_are_not() -> None:
    table = random_erring(2, 1)
    lam = table.lam(2.0, 1)
    given_numbers = (table.game, table.chance, table.payoff, lam)
    with pytest.raises(SolveError, match="logistic"):
        solve_levels(*given_numbers, stake=np.ones_like(lam), level=1)
    found = solve_levels(*given_numbers, stake=np.ones_like(lam), level=1, noisy=False)
    assert found.certificate.residual.tolist() == [0.0]


def test_a_search_needs_no_principal_branch_to_be_certified() -> None:
    table = random_erring(17, 2, seen=0.3)
    lam = table.lam(8.0, 2)
    found = equilibria(table.game, table.chance, table.payoff, lam, stake=np.ones_like(lam), starts=12)
    assert found.count.min() >= 1
    assert found.residual.max() <= 1e-9
