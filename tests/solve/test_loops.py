"""Stories with rounds without a last one: equilibria against closed forms, peers and finite repeats."""

from __future__ import annotations

import tempfile
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

import parley
from parley.draws import Draws
from parley.errors import SolveError, StudyError
from parley.game.policy import restrict
from parley.game.rounds import ranges_over_rounds, rounds, values
from parley.scenario.model import Scenario
from parley.solve import level_k, limit, solve, solve_arrays, tabulate
from parley.solve.equilibria import search
from parley.solve.solution import Certificate, Solution, Status
from parley.solve.verify import verify

STOP = """
parley: 1
title: When to stop
players: {a: {text: A, precision: care}}
parameters: {d: {range: [0.5, 0.95]}, care: 20}
story:
  - repeat: forever
    discount: d
    story:
      - {player: a, move: act, options: [stay, leave]}
      - {outcomes: {gone: act is leave}}
      - {reward: {a: 1}}
payoffs: {a: {gone: 5}}
quantities: {gone: P(gone), worth: payoff(a)}
"""


def read(text: str, **settings: str) -> Scenario:
    return parley.loads(text, "story.yaml", settings or None)


def solved(scenario: Scenario, draws: int = 1, policy: str | None = None) -> tuple[Solution, Draws]:
    game, table = parley.compile(scenario), parley.sample(scenario, draws, seed=1)
    stakes = tabulate(game, table).stake
    return solve(game if policy is None else restrict(game, policy).game, table, stakes=stakes), table


def quantities(scenario: Scenario, draws: int = 16) -> dict[str, np.ndarray]:
    found = parley.run(scenario, draws=draws, seed=1).quantities
    return {name: np.asarray(each) for (name, _), each in found.items()}


# --- closed forms -----------------------------------------------------------------------------------------


def test_stopping_has_the_value_of_its_own_equation() -> None:
    """v = leave 5 + stay (1 + d v), the odds of leaving exp(lambda (5 - 1 - d v))."""
    found, table = solved(read(STOP), 256)
    d = table.values[table.parameters.index("d")]
    v, lam = found.value[0], 20.0 / found.stake[0]
    leave = 1.0 / (1.0 + np.exp(-lam * (4.0 - d * v)))
    assert np.all(found.certificate.status == Status.CONVERGED)
    np.testing.assert_allclose(leave * 5.0 + (1.0 - leave) * (1.0 + d * v), v, rtol=1e-9)
    np.testing.assert_allclose(found.stake[0], np.abs(5.0 - 1.0 / (1.0 - d)), rtol=1e-12)


def test_a_branch_that_folds_is_followed_through() -> None:
    """Near indifference whoever expects to stay stays: several equilibria, and the branch turns back."""
    found, _ = solved(read(STOP, d="0.8002"))
    assert found.certificate.status[0] == Status.CONVERGED
    d, lam = 0.8002, 20.0 / found.stake[0, 0]
    grid = np.linspace(4.9, 5.1, 2_000_001)
    leave = 1.0 / (1.0 + np.exp(-lam * (4.0 - d * grid)))
    away = leave * 5.0 + (1.0 - leave) * (1.0 + d * grid) - grid
    roots = grid[:-1][np.sign(away[:-1]) != np.sign(away[1:])]
    assert np.min(np.abs(roots - found.value[0, 0])) < 2e-7


def test_players_may_err_normally() -> None:
    """The same equation, leaving being likely as the normal law has it."""
    text = STOP.replace("precision: care", "precision: care, errors: normal")
    found, table = solved(read(text, care="6"), 32)
    d = table.values[table.parameters.index("d")]
    leave = norm.cdf(6.0 / found.stake[0] * (4.0 - d * found.value[0]) / np.sqrt(2.0))
    np.testing.assert_allclose(found.strategy[1], leave, atol=1e-9)
    worth = leave * 5.0 + (1.0 - leave) * (1.0 + d * found.value[0])
    np.testing.assert_allclose(found.value[0], worth, rtol=1e-9)


def test_who_never_errs_stops_when_it_is_better() -> None:
    for d, worth in ((0.5, 5.0), (0.9, 10.0)):
        found, _ = solved(read(STOP, d=str(d), care="5000"))
        assert found.value[0, 0] == pytest.approx(worth, abs=1e-9)


# --- finite repeats ---------------------------------------------------------------------------------------

TALKS = """
parley: 1
title: Talks under threat
players:
  a: {text: A, precision: 8, stake: 10 A_REMEMBERS}
  b: {text: B, precision: 8, stake: 10 B_REMEMBERS}
parameters: {w: {range: [0, 1]}}
state: {mood: {start: calm, values: [calm, angry]}}
story:
  - repeat: ROUNDS
    story:
      - {player: a, move: act, options: [hold, push, leave]}
      - {player: b, move: answer, options: [yes, no], when: act is push}
      - {nature: luck, options: {bad: 20%, good: rest}, when: mood is angry}
      - outcomes:
          gone: act is leave
          deal: act is push and answer is yes and mood is calm
          war: luck is bad and mood is angry
      - {when: act is push, set: {mood: {angry: 60%, calm: rest}}}
      - {reward: {a: w, b: 0.5 if mood is calm else -0.2}}
      - {nature: stop, options: {halt: 20%, on: rest}}
      - {outcomes: {over: stop is halt}}
  LAST
payoffs:
  a: {gone: 4, deal: 5, war: -3, over: 0}
  b: {gone: 1, deal: 3, war: -2, over: 0}
quantities:
  gone: P(gone)
  war: P(war)
  deal: P(deal)
  a: payoff(a)
  b: payoff(b)
  pushed: P(act is push | war or gone or deal)
  belief: belief(b, act is push | war)
  at answer: belief(b, mood is angry | at answer)
  in war: payoff(a | war)
  angry: P(mood is angry | deal or war or gone)
  stale luck: P(luck is good | gone)
"""


def talks(number: int | None) -> Scenario:
    if number is None:
        text = TALKS.replace("ROUNDS", "forever\n    discount: 0.9999999999").replace("LAST", "")
        return read(text.replace("A_REMEMBERS", "").replace("B_REMEMBERS", ""))
    text = TALKS.replace("ROUNDS", str(number)).replace("LAST", "- outcomes: [over]")
    text = text.replace("A_REMEMBERS", ", remembers: [mood]")
    return read(text.replace("B_REMEMBERS", ", remembers: [mood, act]"))


def test_every_quantity_is_what_ever_longer_repeats_come_to() -> None:
    """Beyond sixty rounds nothing is left: the story goes on with chance 0.8 at most."""
    endless = quantities(talks(None), 16)
    apart = []
    for number in (10, 60):
        finite = quantities(talks(number), 16)
        assert finite.keys() == endless.keys()
        apart.append(max(np.abs(finite[name] - endless[name]).max() for name in endless))
    assert 1e-7 < apart[0] < 1e-2
    assert apart[1] < 1e-8


# --- a peer: stochastic games solved by hand ----------------------------------------------------------------

CHICKEN = """
parley: 1
title: Two moods
players: {{a: {{text: A, precision: 2, stake: 3}}, b: {{text: B, precision: 2, stake: 3}}}}
state: {{mood: {{start: calm, values: [calm, angry]}}}}
story:
  - repeat: forever
    discount: {{a: {da}, b: {db}}}
    story:
      - simultaneous:
          - {{player: a, move: x, options: [0, 1]}}
          - {{player: b, move: y, options: [0, 1]}}
{steps}
payoffs: {{a: 0, b: 0}}
"""

reals = st.floats(-2.0, 2.0).map(lambda x: round(x, 3))


@settings(max_examples=12, deadline=None)
@given(
    pay=st.lists(reals, min_size=16, max_size=16),
    calm=st.lists(st.floats(0.0, 1.0).map(lambda x: round(x, 3)), min_size=8, max_size=8),
    discount=st.tuples(st.sampled_from([0.0, 0.3, 0.7]), st.sampled_from([0.5, 0.8])),
)
def test_a_stochastic_game_has_the_equilibrium_that_iteration_finds(
    pay: list[float], calm: list[float], discount: tuple[float, float]
) -> None:
    """Mixes answer one another and values follow, until nothing changes; at low precision there is one."""
    reward = np.array(pay).reshape(2, 2, 2, 2)  # mood, x, y, player
    stays = np.array(calm).reshape(2, 2, 2)
    steps = "\n".join(
        f"      - when: {when}\n"
        f"        story:\n"
        f"          - {{reward: {{a: {reward[m, x, y, 0]}, b: {reward[m, x, y, 1]}}}}}\n"
        f"          - {{set: {{next: {{calm: {stays[m, x, y]}, angry: rest}}}}}}"
        for (m, mood), x, y in product(enumerate(("calm", "angry")), (0, 1), (0, 1))
        for when in [f"mood is {mood} and x is {x} and y is {y}"]
    )
    steps += (
        "\n      - {when: next is calm, set: {mood: calm}}\n      - {when: next is angry, set: {mood: angry}}"
    )
    text = CHICKEN.format(da=discount[0], db=discount[1], steps=steps)
    text = text.replace(
        "values: [calm, angry]}}", "values: [calm, angry]}, next: {start: calm, values: [calm, angry]}}"
    )
    found, _ = solved(read(text))
    value, mix = np.zeros((2, 2)), np.full((2, 2), 0.5)  # mood, player: worth, chance of option 1
    for _ in range(4000):
        ahead = stays[..., None] * value[0] + (1.0 - stays[..., None]) * value[1]
        whole = reward + np.array(discount) * ahead  # mood, x, y, player
        other = np.stack([1.0 - mix, mix])  # option, mood, player
        mine = np.einsum("mxy,ym->mx", whole[..., 0], other[..., 1])
        theirs = np.einsum("mxy,xm->my", whole[..., 1], other[..., 0])
        answer = np.stack([mine[:, 1] - mine[:, 0], theirs[:, 1] - theirs[:, 0]], axis=1)
        fresh = 0.5 * mix + 0.5 / (1.0 + np.exp(-2.0 / 3.0 * answer))
        value = np.einsum("mxyp,xm,ym->mp", whole, other[..., 0], other[..., 1])
        change, mix = np.abs(fresh - mix).max(), fresh
    assert change < 1e-13
    np.testing.assert_allclose(found.value[:, 0], value[0], atol=1e-9)
    assert found.certificate.status[0] == Status.CONVERGED


# --- stakes and deviations ----------------------------------------------------------------------------------


def numbers(scenario: Scenario, draws: int = 4) -> tuple[Any, ...]:
    game = parley.compile(scenario)
    table = tabulate(game, parley.sample(scenario, draws, seed=1))
    return game, table, table.precision / table.stake


def test_the_whole_stake_is_the_span_of_all_ways_that_play_can_go() -> None:
    """Value iteration over all paths, which shares nothing with the policy improvement."""
    text = TALKS.replace("ROUNDS", "forever\n    discount: 0.9").replace("LAST", "")
    scenario = read(
        text.replace("stake: 10 A_REMEMBERS", "stake: whole").replace(", stake: 10 B_REMEMBERS", "")
    )
    game, table, _ = numbers(scenario)
    ends = np.zeros((2, 2, game.loop.heads, table.payoff.shape[2]))  # least and most, player, head
    bare = table.payoff.copy()
    bare[game.loop.entry_row] = bare[game.loop.return_row] = 0.0
    for _ in range(400):
        reach = []
        for sign, end in ((-1.0, ends[0]), (1.0, ends[1])):
            worth = np.full((game.nodes, *table.payoff.shape[1:]), -np.inf)
            for node in reversed(range(1, game.nodes)):
                edges = range(game.node_first_edge[node], game.node_first_edge[node + 1])
                if not edges:
                    head = game.loop.next_head[node]
                    later = 0.0 if head < 0 else end[:, head] * (0.9 if game.loop.of_head[node] >= 0 else 1.0)
                    worth[node] = sign * (bare[game.node_payoff[node]] + later)
                for edge in edges:
                    along = worth[game.edge_child[edge]] + sign * bare[game.edge_payoff[edge]]
                    worth[node] = np.maximum(worth[node], along)
            begins = game.edge_child[: 1 + game.loop.heads]
            paid = bare[game.edge_payoff[: 1 + game.loop.heads]]
            reach.append((sign * worth[begins] + paid).transpose(1, 0, 2))
        ends = np.stack([each[:, 1:] for each in reach])
    span = reach[1][:, 0] - reach[0][:, 0]
    np.testing.assert_allclose(ranges_over_rounds(game, table.payoff), span, rtol=1e-9)
    np.testing.assert_allclose(table.stake, span, rtol=1e-9)


def test_regret_is_what_the_best_of_all_plans_would_add() -> None:
    """Every deterministic plan of A, one option for each information set, is tried."""
    text = TALKS.replace("ROUNDS", "forever\n    discount: 0.9").replace("LAST", "")
    scenario = read(text.replace("A_REMEMBERS", "").replace("B_REMEMBERS", ""))
    game, table, lam = numbers(scenario, 2)
    found = solve_arrays(game, table.chance, table.payoff, lam, stake=table.stake)
    own = np.flatnonzero(game.infoset_player == 0)
    best = np.full(2, -np.inf)
    for plan in product(*[range(3) for _ in own]):
        strategy = np.array(found.strategy)
        for infoset, choice in zip(own, plan, strict=True):
            first = game.infoset_first_action[infoset]
            strategy[first : first + 3] = 0.0
            strategy[first + choice] = 1.0
        shares = np.array(table.chance)
        decided = game.edge_action >= 0
        shares[decided] = strategy[game.edge_action[decided]]
        best = np.maximum(best, values(game, rounds(game, shares, table.payoff), table.payoff)[0, 0])
    regret = (best - found.value[0]) / table.stake[0]
    np.testing.assert_allclose(found.certificate.regret[0], regret, atol=1e-10)
    assert regret.min() > 1e-4


# --- where nothing ends -------------------------------------------------------------------------------------

DILEMMA = """
parley: 1
title: Cooperate for ever
players: {a: {text: A, precision: 400}, b: {text: B, precision: 400}}
parameters: {d: 0.9}
state: {trust: {start: whole, values: [whole, broken]}}
story:
  - repeat: forever
    discount: d
    story:
      - simultaneous:
          - {player: a, move: x, options: [work, cheat]}
          - player: b
            move: y
            options: {work: trust is whole, cheat: trust is broken}
      - {reward: {a: (3 if y is work else 0) if x is work else 5 if y is work else 1}}
      - {when: x is cheat or y is cheat, set: {trust: broken}}
payoffs: {a: 0, b: 0}
compare:
  player: a
  policies: {work: {x: work}, cheat: {x: cheat}, free: free}
  recommend: work
  by: [payoff(a)]
quantities:
  worked: P(y is work)
  cheated after work: P(x is cheat | last(y) is work)
  broken: P(trust is broken)
"""


def test_payoffs_against_a_grim_opponent() -> None:
    scenario = read(DILEMMA)
    assert solved(scenario, policy="work")[0].value[0, 0] == pytest.approx(30.0, rel=1e-12)
    assert solved(scenario, policy="cheat")[0].value[0, 0] == pytest.approx(14.0, rel=1e-12)
    for d, worth in ((0.45, 5 + 0.45 / 0.55), (0.55, 3 / 0.45)):
        assert solved(read(DILEMMA, d=str(d)))[0].value[0, 0] == pytest.approx(worth, rel=1e-6)


def test_where_nothing_ends_rounds_count_by_the_discount() -> None:
    """Of a cheat's rounds the first counts 1 - d, in which alone the other works."""
    found = parley.run(read(DILEMMA), draws=16, seed=1).quantities
    assert found["worked", "cheat"][0] == pytest.approx(0.1, rel=1e-12)
    assert found["worked", "work"][0] == pytest.approx(1.0, rel=1e-12)
    assert found["broken", "cheat"][0] == pytest.approx(1.0, rel=1e-12)
    assert found["cheated after work", "cheat"][0] == pytest.approx(1.0, rel=1e-12)


def test_a_chance_of_nothing_is_no_ending_and_a_tiny_one_is() -> None:
    text = """
    parley: 1
    title: A fuse
    players: {a: A}
    parameters: {p: 0.5}
    story:
      - repeat: forever
        discount: 0.9
        story: [{nature: fuse, options: {burns: p, holds: rest}}, {outcomes: {bang: fuse is burns}}]
    payoffs: {a: 0}
    quantities: {bang: P(bang), held: P(fuse is holds)}
    """
    for p, bang in (("0.5", 1.0), ("1e-30", 1.0), ("0", 0.0)):
        found = quantities(read(text, p=p))
        assert found["bang"][0] == pytest.approx(bang, abs=1e-12)
        assert found["held"][0] == pytest.approx(1.0 - bang, abs=1e-12)


# --- certificates -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["strategy", "value", "residual", "regret"])
def test_what_was_tampered_with_is_found(part: str) -> None:
    game, table, lam = numbers(talks(None))
    found = solve_arrays(game, table.chance, table.payoff, lam, stake=table.stake)
    given = (game, table.chance, table.payoff, lam, table.stake)
    assert verify(*given, found).sound
    proof = found.certificate
    strategy, value = np.array(found.strategy), np.array(found.value)
    residual, regret = np.array(proof.residual), np.array(proof.regret)
    changed = {"strategy": strategy, "value": value, "residual": residual, "regret": regret}[part]
    changed[..., 2] += 1e-6
    if part == "strategy":
        strategy[1, 2] -= 2e-6
        strategy[2:, 2] -= 1e-6
    forged = Solution(
        found.players,
        strategy,
        value,
        found.precision,
        found.stake,
        Certificate(proof.status, residual, regret, proof.sweeps),
        found.concept,
    )
    assert {draw for draw, _ in verify(*given, forged).problems} == {2}


def test_a_stored_run_is_verified() -> None:
    folder = tempfile.mkdtemp() + "/run"
    parley.run(talks(None), draws=16, seed=1, store=folder)
    assert parley.verify(folder).sound


def test_a_draw_has_the_same_bits_in_any_company() -> None:
    scenario = read(STOP)
    game = parley.compile(scenario)
    whole = solve(game, parley.sample(scenario, 300, seed=1), threads=2)
    for first, count in ((0, 1), (7, 3), (120, 90)):
        part = solve(game, parley.sample(scenario, count, seed=1, first=first), threads=1)
        for name in ("strategy", "value"):
            assert np.array_equal(getattr(part, name), getattr(whole, name)[:, first : first + count])
        assert np.array_equal(part.certificate.residual, whole.certificate.residual[first : first + count])


# --- hostile input ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("discount", [1.0, 1.2, -0.1, np.nan, np.inf])
def test_a_discount_out_of_range_makes_the_draw_ill_posed(discount: float) -> None:
    scenario = read(STOP)
    game, table = parley.compile(scenario), parley.sample(scenario, 3, seed=1)
    bad = np.array(table.values)
    bad[table.parameters.index("d"), 1] = discount
    draws = Draws(table.parameters, bad, table.switches, table.choice, table.seed, table.first)
    found = solve(game, draws)
    assert found.certificate.status.tolist() == [Status.CONVERGED, Status.ILL_POSED, Status.CONVERGED]
    assert np.isnan(found.value[:, 1]).all()
    numbers = tabulate(game, draws)
    with np.errstate(all="ignore"):
        lam = numbers.precision / numbers.stake
    assert verify(game, numbers.chance, numbers.payoff, lam, numbers.stake, found).sound


def test_what_is_not_worked_out_is_refused() -> None:
    scenario = read(STOP)
    game, table, lam = numbers(scenario)
    given = (game, table.chance, table.payoff)
    with pytest.raises(SolveError, match="repeat: forever"):
        level_k(*given, 2, precision=lam)
    with pytest.raises(SolveError, match="repeat: forever"):
        limit(*given)
    with pytest.raises(SolveError, match="repeat: forever"):
        search(game, parley.sample(scenario, 2), starts=4)
    with pytest.raises(SolveError, match="repeat: forever"):
        solve_arrays(*given, lam, stake=table.stake, start=np.full((game.actions, 4), 0.5))
    with pytest.raises(StudyError, match="repeat: forever"):
        parley.run(scenario, draws=16, starts=4)


def test_cancelling_stops_between_steps() -> None:
    scenario = read(STOP)
    with pytest.raises(SolveError, match="cancelled"):
        solve(parley.compile(scenario), parley.sample(scenario, 8), cancel=lambda: True)
