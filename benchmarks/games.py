"""The negotiation game, of any length, as arrays, as Gambit's ``.efg`` and as a scenario.

What lives here: games to measure with, their numbers, and a check of answers that shares no code with Parley.
What may not: clocks.

Nature draws the insurgent's type (0 or 1, equally likely), seen by the insurgent alone. In each round the
outsider strikes or holds; the insurgent attacks or complies without seeing that; the government, which sees
both, continues or breaks, and a break ends the game; then everybody has seen both moves. After the last round
the game ends too. Payoffs at the endings are uniform on [-2, 2] for each player, anew in every draw.

======  =======  =======  ========
rounds    nodes  endings   actions
======  =======  =======  ========
1            31       16        14
2           143       72        70
3           591      296       294
4         2,383    1,192     1,190
5         9,551    4,776     4,774
6        38,223   19,112    19,110
7       152,911   76,456    76,454
10    9,786,703  4.89e6    4.89e6
======  =======  =======  ========

In the *limited* version players remember the last round only: the outsider and the insurgent its two moves,
the government the two moves of the present round. Histories that nobody can tell apart from there on are one
node, so that the game grows by 40 nodes a round.

In both, every node that is no ending has two edges, every information set two nodes and two actions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.game.efg import to_efg
from parley.game.model import CHANCE, DECISION, TERMINAL, Game, Integers, Program

__all__ = [
    "LAMBDA",
    "NODES",
    "PLAYERS",
    "Numbers",
    "efg",
    "endings",
    "limited",
    "limited_scenario",
    "negotiation",
    "numbers",
    "residual",
    "scenario",
]

Array = NDArray[np.float64]

PLAYERS = ("outsider", "insurgent", "government")
OPTIONS = (("strike", "hold"), ("attack", "comply"), ("continue", "break"))
LAMBDA = 5.0
SPREAD = 2.0  # payoffs are uniform on [-SPREAD, SPREAD]
NODES = {1: 31, 2: 143, 3: 591, 4: 2383, 5: 9551, 6: 38223, 7: 152911, 8: 611663, 9: 2446671, 10: 9786703}

# The program of every game here: payoffs are not in it, see :class:`Numbers`.
PROGRAM = Program((), ("constant",) * 5, ((0.0,), (1.0,), (0.5,), (LAMBDA,), (2 * SPREAD,)))
HALF, PRECISION, STAKE = 2, 3, 4  # registers


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """What ``solve_arrays`` takes beside the game. The last axis is the draw."""

    chance: Array  # [edge, draw]
    payoff: Array  # [row, player, draw]
    precision: Array  # [player, draw] lambda per payoff unit
    stake: Array  # [player, draw] the width of the range that payoffs are drawn from

    def first(self, draws: int) -> Numbers:
        """Return the numbers of the first draws."""
        parts = (self.chance, self.payoff, self.precision, self.stake)
        return Numbers(*(np.ascontiguousarray(each[..., :draws]) for each in parts))


# --- arrays ------------------------------------------------------------------------------------------------


class _Blocks:
    """A game in the making, block of alike nodes by block."""

    def __init__(self) -> None:
        self.node_kind: list[NDArray[np.int8]] = [np.full(1, CHANCE, dtype=np.int8)]
        self.node_infoset: list[Integers] = [np.full(1, -1, dtype=np.int32)]
        self.node_payoff: list[Integers] = [np.zeros(1, dtype=np.int32)]
        self.edge_child: list[Integers] = []
        self.edge_action: list[Integers] = [np.full(2, -1, dtype=np.int32)]
        self.members: list[Integers] = []  # [set, 2] nodes
        self.owners: list[tuple[int, int, int]] = []  # player, round, sets
        self.nodes, self.sets, self.rows = 1, 0, 1

    def decide(self, player: int, number: int, sets: Integers) -> None:
        """Add nodes where a player moves; ``sets`` says of each which of the new sets it is in."""
        count = len(sets) // 2
        by_set = np.argsort(sets, kind="stable").astype(np.int32)
        self.members.append(by_set + np.int32(self.nodes))
        self.owners.append((player, number, count))
        infoset = sets + np.int32(self.sets)
        self.node_kind.append(np.full(len(sets), DECISION, dtype=np.int8))
        self.node_infoset.append(infoset)
        self.node_payoff.append(np.zeros(len(sets), dtype=np.int32))
        self.edge_action.append(np.stack([2 * infoset, 2 * infoset + 1], axis=1).ravel())
        self.nodes += len(sets)
        self.sets += count

    def end(self, count: int) -> None:
        """Add endings with payoff rows of their own."""
        self.node_kind.append(np.full(count, TERMINAL, dtype=np.int8))
        self.node_infoset.append(np.full(count, -1, dtype=np.int32))
        self.node_payoff.append(np.arange(self.rows, self.rows + count, dtype=np.int32))
        self.nodes += count
        self.rows += count

    def game(self, recall: bool) -> Game:
        kind = np.concatenate(self.node_kind)
        first = np.zeros(self.nodes + 1, dtype=np.int32)
        np.cumsum(np.where(kind == TERMINAL, 0, 2), out=first[1:])
        action = np.concatenate(self.edge_action)
        child = np.concatenate(self.edge_child)
        assert len(action) == len(child) == first[-1]
        counts = [count for *_, count in self.owners]
        pairs = 2 * np.arange(self.sets + 1, dtype=np.int32)
        return Game(
            players=PLAYERS,
            program=PROGRAM,
            node_kind=kind,
            node_infoset=np.concatenate(self.node_infoset),
            node_payoff=np.concatenate(self.node_payoff),
            node_first_edge=first,
            edge_child=child,
            edge_action=action,
            edge_chance=np.where(action < 0, np.int32(HALF), np.int32(-1)),
            edge_payoff=np.zeros(len(child), dtype=np.int32),
            payoff_register=np.zeros((self.rows, 3), dtype=np.int32),
            infoset_player=np.repeat(np.array([i for i, *_ in self.owners], dtype=np.int32), counts),
            infoset_first_action=pairs,
            infoset_first_node=pairs,
            infoset_node=np.concatenate(self.members),
            precision=np.full(3, PRECISION, dtype=np.int32),
            stake=np.full(3, STAKE, dtype=np.int32),
            ordered=True,
            perfect_recall=(recall,) * 3,
            infoset_label=self.labels([(f"{PLAYERS[i]}, round {r}",) for i, r, _ in self.owners]),
            infoset_move=self.labels([(("strike", "attack", "go on")[i],) for i, *_ in self.owners]),
            action_label=self.labels([OPTIONS[i] for i, *_ in self.owners]),
            chance_label=("type", *("",) * (self.nodes - 1)),
            edge_label=("0", "1") * (len(child) // 2),
            environment={},
        )

    def labels(self, words: list[tuple[str, ...]]) -> tuple[str, ...]:
        """Repeat the words of every block; the texts are shared."""
        together: tuple[str, ...] = ()
        for each, (*_, count) in zip(words, self.owners, strict=True):
            together += each * count
        return together


def _span(count: int) -> Integers:
    return np.arange(count, dtype=np.int32)


def negotiation(rounds: int) -> Game:
    """Build the arrays of the game; ten rounds take a second and half a gigabyte.

    Blocks of nodes follow each other by round: outsider, insurgent, government, breaks. A history of earlier
    rounds is a number h in base 4, its digits 2 s + a for moves s and a; nodes of the outsider stand at
    2 h + type, of the insurgent at 2 (2 h + type) + s, of government and breaks at 4 (2 h + type) + 2 s + a.

    >>> [negotiation(rounds).nodes for rounds in (1, 2, 3)]
    [31, 143, 591]
    """
    blocks = _Blocks()
    blocks.edge_child.append(np.array([1, 2], dtype=np.int32))
    for number in range(rounds):
        n = 4**number
        us, ins, gov = blocks.nodes, blocks.nodes + 2 * n, blocks.nodes + 6 * n
        breaks, after = gov + 8 * n, gov + 16 * n
        g = _span(8 * n)
        known = (g // 8) * 4 + g % 4  # the history with this round's moves
        onward = 2 * known + g // 4 % 2
        blocks.decide(0, number + 1, _span(2 * n) // 2)
        blocks.decide(1, number + 1, _span(4 * n) // 2)
        blocks.decide(2, number + 1, known)
        blocks.end(8 * n)
        blocks.edge_child += [np.int32(ins) + _span(4 * n), np.int32(gov) + _span(8 * n)]
        blocks.edge_child.append(np.stack([np.int32(after) + onward, np.int32(breaks) + g], axis=1).ravel())
        assert us == ins - 2 * n
    blocks.end(2 * 4**rounds)
    game = blocks.game(recall=True)
    assert game.nodes == NODES.get(rounds, game.nodes), (rounds, game.nodes)
    return game


def limited(rounds: int = 24) -> Game:
    """Build the arrays of the version in which nobody remembers more than the last round.

    In each round but the first: nodes of the outsider at 2 m + type for the last round's moves m = 2 s + a,
    of the insurgent at 2 (2 m + type) + s, of the government and breaks at 4 type + 2 s + a, whatever m.

    >>> limited().nodes
    951
    """
    blocks = _Blocks()
    blocks.edge_child.append(np.array([1, 2], dtype=np.int32))
    for number in range(rounds):
        n = 1 if number == 0 else 4
        ins, gov = blocks.nodes + 2 * n, blocks.nodes + 6 * n
        breaks, after = gov + 8, gov + 16
        i, g = _span(4 * n), _span(8)
        now = 4 * (i // 2 % 2) + 2 * (i % 2)
        blocks.decide(0, number + 1, _span(2 * n) // 2)
        blocks.decide(1, number + 1, i // 2)
        blocks.decide(2, number + 1, g % 4)
        blocks.end(8)
        blocks.edge_child.append(np.int32(ins) + i)
        blocks.edge_child.append(np.int32(gov) + np.stack([now, now + 1], axis=1).ravel())
        onward = 2 * (g % 4) + g // 4
        blocks.edge_child.append(np.stack([np.int32(after) + onward, np.int32(breaks) + g], axis=1).ravel())
    blocks.end(8)
    return blocks.game(recall=False)


def numbers(game: Game, draws: int, seed: int = 1, precision: float = LAMBDA, begin: int = 0) -> Numbers:
    """Draw payoffs uniform on [-2, 2]; draw j has the same numbers however many are drawn.

    >>> game = negotiation(1)
    >>> bool((numbers(game, 4).payoff[..., :2] == numbers(game, 2).payoff).all())
    True
    """
    rows = len(game.payoff_register)
    payoff = np.zeros((rows, len(game.players), draws))
    for draw in range(draws):
        rng = np.random.default_rng([seed, begin + draw])
        payoff[1:, :, draw] = rng.uniform(-SPREAD, SPREAD, (rows - 1, len(game.players)))
    chance = np.where(game.edge_action < 0, 0.5, 1.0)
    shape = (len(game.players), draws)
    return Numbers(
        np.ascontiguousarray(np.broadcast_to(chance[:, None], (game.edges, draws))),
        payoff,
        np.full(shape, precision),
        np.full(shape, 2 * SPREAD),
    )


def efg(game: Game, drawn: Numbers, draw: int = 0) -> str:
    """Write one draw in Gambit's format, payoffs as they are; up to seven rounds."""
    return to_efg(game, drawn.chance[:, draw], drawn.payoff[:, :, draw], title="negotiation")


# --- a check that shares no code with Parley ---------------------------------------------------------------


def residual(rounds: int, strategy: Array, drawn: Numbers) -> Array:
    """Largest |z - lambda (U_1 - U_0)| / max(1, |z|) over information sets of the long game, [draw].

    Written for this game alone, whole rounds at a time, so that ten million nodes take seconds. ``strategy``
    is ``[action, draw]``. An information set that cannot be reached weighs its two nodes equally.

    >>> game, drawn = negotiation(1), numbers(negotiation(1), 2)
    >>> uniform = np.full((game.actions, 2), 0.5)
    >>> bool((residual(1, uniform, drawn) > 0.1).all())
    True
    """
    draws = strategy.shape[1]
    mixes = strategy.reshape(-1, 2, draws)  # [set, action, draw]
    reach: list[tuple[Array, Array, Array]] = []
    arriving = np.full((1, 2, draws), 0.5)  # [history, type]
    bounds = _set_bounds(rounds)
    for number in range(rounds):
        us, ins, gov = (mixes[first:last] for first, last in bounds[number])
        n = 4**number
        at_ins = arriving[:, :, None] * us[:, None]  # [h, t, s]
        at_gov = at_ins[:, :, :, None] * ins.reshape(n, 2, 1, 2, draws)  # [h, t, s, a]
        reach.append((arriving, at_ins, at_gov))
        onward = gov.reshape(n, 1, 2, 2, 2, draws)[:, :, :, :, 0] * at_gov
        arriving = np.moveaxis(onward, 1, 3).reshape(4 * n, 2, draws)
    worst = np.zeros(draws)
    payoff = drawn.payoff
    value = payoff[-2 * 4**rounds :].reshape(4**rounds, 2, 3, draws)  # [history, type, player]
    last_row = len(payoff) - 2 * 4**rounds
    for number in range(rounds - 1, -1, -1):
        n = 4**number
        us, ins, gov = (mixes[first:last] for first, last in bounds[number])
        at_us, at_ins, at_gov = reach.pop()
        breaks = payoff[last_row - 8 * n : last_row].reshape(n, 2, 2, 2, 3, draws)  # [h, t, s, a, player]
        last_row -= 8 * n
        goes_on = np.moveaxis(value.reshape(n, 2, 2, 2, 3, draws), 3, 1)
        gain = (breaks - goes_on)[..., 2, :]  # [h, t, s, a]
        mix = gov.reshape(n, 2, 2, 2, draws)
        worst = np.maximum(
            worst, _miss(mix[:, :, :, 0], mix[:, :, :, 1], _weighed(gain, at_gov, 1), drawn, 2)
        )
        mix = mix[:, None]
        value = mix[:, :, :, :, 0, None] * goes_on + mix[:, :, :, :, 1, None] * breaks
        mix = ins.reshape(n, 2, 2, draws)
        gain = (value[:, :, :, 1] - value[:, :, :, 0])[..., 1, :]  # [h, t, s]
        worst = np.maximum(worst, _miss(mix[:, :, 0], mix[:, :, 1], _weighed(gain, at_ins, 2), drawn, 1))
        value = np.einsum("htad,htsapd->htspd", mix, value)
        gain = (value[:, :, 1] - value[:, :, 0])[..., 0, :]  # [h, t]
        worst = np.maximum(worst, _miss(us[:, 0], us[:, 1], _weighed(gain, at_us, 1), drawn, 0))
        value = np.einsum("hsd,htspd->htpd", us, value)
    return worst


def _set_bounds(rounds: int) -> list[list[tuple[int, int]]]:
    """First and last information set of outsider, insurgent and government in every round."""
    bounds, first = [], 0
    for number in range(rounds):
        here = []
        for sets in (4**number, 2 * 4**number, 4 * 4**number):
            here.append((first, first + sets))
            first += sets
        bounds.append(here)
    return bounds


def _weighed(gain: Array, reach: Array, axis: int) -> Array:
    """Expect a gain over the two nodes of each information set."""
    total = reach.sum(axis=axis)
    weighed = (gain * reach).sum(axis=axis)
    return np.asarray(np.where(total > 0, weighed / np.where(total > 0, total, 1.0), gain.mean(axis=axis)))


def _miss(zero: Array, one: Array, gain: Array, drawn: Numbers, player: int) -> Array:
    odds = np.log(one) - np.log(zero)
    miss = np.abs(odds - drawn.precision[player] * gain) / np.maximum(1.0, np.abs(odds))
    return np.asarray(miss.reshape(-1, miss.shape[-1]).max(axis=0))


# --- scenarios ---------------------------------------------------------------------------------------------

HEAD = """\
parley: 1
title: Negotiation
question: Who breaks the talks?
precision: {precision:g}
players:
"""

ROUND = """\
- player: outsider
  move: {strike}
  options: [strike, hold]
  seen by: [government]
- player: insurgent
  move: {attack}
  options: [attack, comply]
- player: government
  move: {go}
  options: [continue, break]
- when: {go} is break
  story:
"""


def endings(rounds: int) -> Iterator[tuple[int, int, int, tuple[tuple[int, int], ...]]]:
    """List the endings of the long game: payoff row, round of the break or 0, type, moves of the rounds."""
    row = 1
    for number in range(rounds):
        for g in range(8 * 4**number):
            h, kind, now = g // 8, g // 4 % 2, g % 4
            yield row + g, number + 1, kind, _moves(4 * h + now, number + 1)
        row += 8 * 4**number
    for k in range(2 * 4**rounds):
        yield row + k, 0, k % 2, _moves(k // 2, rounds)


def _moves(history: int, rounds: int) -> tuple[tuple[int, int], ...]:
    digits = [history >> 2 * (rounds - 1 - k) & 3 for k in range(rounds)]
    return tuple((digit >> 1, digit & 1) for digit in digits)


def scenario(rounds: int, payoff: Array | None = None, precision: float = LAMBDA) -> str:
    """Write the long game in Parley's language; up to four rounds fit in its limits.

    Parameters
    ----------
    rounds
        How many. Without ``payoff`` at most two.
    payoff
        ``[row, player]`` as in :class:`Numbers`. None: a parameter ``x<row> <player>`` for each, uniform on
        [-2, 2].
    precision
        Lambda per payoff unit: every stake is 1.

    >>> scenario(1).splitlines()[1]
    'title: Negotiation'
    """
    rows = 8 * (4**rounds - 1) // 3 + 2 * 4**rounds
    lines = [HEAD.format(precision=precision).rstrip()]
    lines += [f"  {name}: {{text: The {name}, stake: 1}}" for name in PLAYERS]
    if payoff is None:
        lines.append("parameters:")
        names = [f"x{row} {name}" for row in range(1, rows + 1) for name in PLAYERS]
        lines += [f"  {name}: {{range: [{-SPREAD:g}, {SPREAD:g}]}}" for name in names]
    lines += ["story:", "  - nature: kind", "    options: [soft, hard]", "    seen by: [insurgent]"]
    ended: dict[int, list[str]] = {}
    for row, number, kind, moves in endings(rounds):
        known = [f"kind is {('soft', 'hard')[kind]}"]
        for k, (s, a) in enumerate(moves, 1):
            known += [f"strike {k} is {OPTIONS[0][s]}", f"attack {k} is {OPTIONS[1][a]}"]
        ended.setdefault(number, []).append(f"e{row}: {' and '.join(known)}")
    for k in range(1, rounds + 1):
        step = ROUND.format(strike=f"strike {k}", attack=f"attack {k}", go=f"go on {k}")
        lines += ["  " + line for line in step.splitlines()]
        lines += ["      - outcomes:", *(f"          {each}" for each in ended[k])]
        lines += [f"  - reveal: strike {k}", "    to: [outsider, insurgent]"]
    lines += ["  - outcomes:", *(f"      {each}" for each in ended[0])]
    lines += _paid(payoff, rows)
    return "\n".join([*lines, ""])


def _paid(payoff: Array | None, rows: int) -> list[str]:
    lines = ["payoffs:"]
    for player, name in enumerate(PLAYERS):
        lines.append(f"  {name}:")
        for row in range(1, rows + 1):
            worth: Any = f"x{row} {name}" if payoff is None else repr(float(payoff[row, player]))
            lines.append(f"    e{row}: {worth}")
    return lines


def limited_scenario(rounds: int = 24, payoff: Array | None = None, precision: float = LAMBDA) -> str:
    """Write the version with limited memory in Parley's language.

    Without ``payoff`` (as for :func:`scenario`) at most 19 rounds fit in the limit on parameters.
    """
    rows = 8 * rounds + 8
    lines = [HEAD.format(precision=precision).rstrip()]
    for name, memory in zip(
        PLAYERS,
        ("last strike, last attack", "kind, last strike, last attack", "strike, attack"),
        strict=True,
    ):
        lines.append(f"  {name}: {{text: The {name}, stake: 1, remembers: [{memory}]}}")
    if payoff is None:
        lines.append("parameters:")
        names = [f"x{row} {name}" for row in range(1, rows + 1) for name in PLAYERS]
        lines += [f"  {name}: {{range: [{-SPREAD:g}, {SPREAD:g}]}}" for name in names]
    lines += ["state:"]
    for last, (yes, no) in (("last strike", OPTIONS[0]), ("last attack", OPTIONS[1])):
        lines.append(f"  {last}: {{start: nothing yet, values: [nothing yet, {yes}, {no}]}}")
    lines += ["story:", "  - nature: kind", "    options: [soft, hard]", "    seen by: [insurgent]"]
    lines += [f"  - repeat: {rounds}", "    as: round", "    story:"]
    lines += [
        "      " + line for line in ROUND.format(strike="strike", attack="attack", go="go on").splitlines()
    ]
    lines += ["          - outcomes:"]
    for number in range(rounds):
        for g in range(8):
            lines.append(
                f"              e{8 * number + g + 1}: round is {number + 1} and {_now(g // 4, g % 4)}"
            )
    for last, yes_no, move in (("last strike", OPTIONS[0], "strike"), ("last attack", OPTIONS[1], "attack")):
        lines += [f"      - set: {{{last}: nothing yet}}"]  # forgets for certain, so that histories merge
        for option in yes_no:
            lines += [f"      - set: {{{last}: {option}}}", f"        when: {move} is {option}"]
    lines += ["  - outcomes:"]
    lines += [f"      e{8 * rounds + k + 1}: {_now(k % 2, k // 2)}" for k in range(8)]
    lines += _paid(payoff, rows)
    return "\n".join([*lines, ""])


def _now(kind: int, moves: int) -> str:
    s, a = OPTIONS[0][moves >> 1], OPTIONS[1][moves & 1]
    return f"kind is {('soft', 'hard')[kind]} and strike is {s} and attack is {a}"
