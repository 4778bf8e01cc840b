"""Certificates computed again, in plain NumPy.

What lives here: residual, regret, value and the tests of probabilities, from the game's arrays and the stored
strategies alone. What may not: anything that the solver computes with; this module shares no code with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.errors import SolveError
from parley.game.model import CHANCE, DECISION, TERMINAL, Game
from parley.solve.solution import ANSWERED, Solution, Status
from parley.solve.verify_shocks import NO_SPREAD, ending_chances, missed_probits, spread_of, wanted_probits

if TYPE_CHECKING:
    from parley.solve.verify_loops import RoundsChecked

__all__ = ["Passes", "Verification", "circular", "is_proper", "is_well_posed", "verify"]

Numbers: TypeAlias = NDArray[np.float64]
Fixed: TypeAlias = list[set[int]]

BATCH = 1 << 21  # numbers in the largest array of one batch of draws
SUM = 1e-9  # by which probabilities may miss 1 in sum
EQUAL = 1e-9  # by which regret and value may differ from the stored ones, in stakes
TIE = 1e-12  # relative difference below which two actions are equally good
ROUNDING = 64 * float(np.finfo(float).eps)
LEAST = float(np.finfo(float).tiny)  # a probability below has no log-odds to speak of


@dataclass(frozen=True, slots=True, eq=False)
class Verification:
    """What was found. ``problems`` are (column of the draw, what is wrong), in the order of the draws."""

    problems: tuple[tuple[int, str], ...]
    residual: Numbers  # [draw] NaN where there is no game
    regret: Numbers  # [player, draw] in stakes
    value: Numbers  # [player, draw]

    @property
    def sound(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.problems


def verify(
    game: Game, chance: Numbers, payoff: Numbers, precision: Numbers, stake: Numbers, solution: Solution
) -> Verification:
    """Recompute the certificate of every draw and compare it with the stored one.

    Parameters
    ----------
    game
        The structure.
    chance, payoff, precision, stake
        ``[edge, draw]`` (ignored on decision edges), ``[row, player, draw]`` in the author's units,
        ``[player, draw]`` lambda per payoff unit, ``[player, draw]``.
    solution
        What the solver stored.

    Returns
    -------
    Verification
        Names every draw whose status, residual, regret, value, precision or probabilities are not what the
        numbers give.

    Raises
    ------
    SolveError
        When the shapes do not agree.

    Examples
    --------
    >>> import parley, parley.solve
    >>> scenario = parley.load("which-event-first")
    >>> game, draws = parley.compile(scenario), parley.sample(scenario, 16, seed=1)
    >>> numbers = parley.solve.tabulate(game, draws)
    >>> lam = numbers.precision / numbers.stake
    >>> solution = parley.solve.solve(game, draws)
    >>> verify(game, numbers.chance, numbers.payoff, lam, numbers.stake, solution).sound
    True
    """
    draws = solution.strategy.shape[1]
    players = len(game.players)
    _check(game, chance, payoff, precision, stake, solution)
    posed = is_well_posed(game, chance, payoff, precision, stake)
    if game.loop is not None:
        from parley.solve.verify_loops import RoundsChecked, sound_discounts

        posed &= sound_discounts(game.loop, payoff)
    residual, steepest = np.full(draws, np.nan), np.ones(draws)
    regret, value = np.full((players, draws), np.nan), np.full((players, draws), np.nan)
    proper = posed & is_proper(game, solution.strategy)
    which = np.flatnonzero(proper)
    fixed = [circular(game, player) for player in range(players)]
    size = max(1, BATCH // (max(game.nodes, len(payoff), game.edges) * players))
    full = payoff if game.loop is None else payoff.copy()  # with the values of later rounds
    for begin in range(0, len(which), size):
        part = which[begin : begin + size]
        numbers = (chance[:, part], payoff[:, :, part], precision[:, part], solution.strategy[:, part])
        checker: Passes | RoundsChecked
        if game.loop is None:
            checker = Passes(game, *numbers, fixed)
            residual[part], steepest[part] = checker.residual(), checker.steepest
        else:
            checker = RoundsChecked(game, *numbers, fixed, Passes)
            residual[part] = np.maximum(checker.residual(), checker.miss(stake[:, part]))
            steepest[part] = checker.steepest
            full[:, :, part] = checker.payoff
        value[:, part] = checker.value[0]
        for player in range(players):
            regret[player, part] = np.maximum(checker.gain(player), 0.0) / stake[player, part]
    judge = _Judge(full, precision, stake, solution, posed, proper, residual, regret, value, steepest)
    return Verification(tuple(judge.problems()), residual, regret, value)


def _check(
    game: Game, chance: Numbers, payoff: Numbers, precision: Numbers, stake: Numbers, solution: Solution
) -> None:
    draws, players = solution.strategy.shape[1], len(game.players)
    shapes = {
        "strategy": (solution.strategy.shape, (game.actions, draws)),
        "chance": (chance.shape, (game.edges, draws)),
        "payoff": (payoff.shape, (len(game.payoff_register), players, draws)),
        "precision": (precision.shape, (players, draws)),
        "stake": (stake.shape, (players, draws)),
        "value": (solution.value.shape, (players, draws)),
        "regret": (solution.certificate.regret.shape, (players, draws)),
        "residual": (solution.certificate.residual.shape, (draws,)),
        "status": (solution.certificate.status.shape, (draws,)),
    }
    for name, (found, wanted) in shapes.items():
        if found != wanted:
            raise SolveError(f"{name} has shape {found}, but the game asks for {wanted}")


def is_well_posed(
    game: Game, chance: Numbers, payoff: Numbers, precision: Numbers, stake: Numbers
) -> NDArray[np.bool_]:
    """Tell which draws' numbers make a game, ``[draw]``; arguments as of :func:`verify`."""
    by_chance = game.edge_action < 0
    with np.errstate(all="ignore"):
        good = np.isfinite(payoff).all(axis=(0, 1)) & np.isfinite(precision).all(axis=0)
        good &= np.isfinite(chance[by_chance]).all(axis=0) & (chance[by_chance] >= 0).all(axis=0)
        good &= (precision >= 0).all(axis=0) & np.isfinite(stake).all(axis=0) & (stake > 0).all(axis=0)
        good &= (np.abs(payoff).max(axis=0, initial=0.0) * precision < 1e100).all(axis=0)
        for node in np.flatnonzero(game.node_kind == CHANCE):
            edges = slice(game.node_first_edge[node], game.node_first_edge[node + 1])
            good &= np.abs(chance[edges].sum(axis=0) - 1.0) <= SUM
    return np.asarray(good)


def is_proper(game: Game, strategy: Numbers) -> NDArray[np.bool_]:
    """Draws whose strategies are probabilities."""
    with np.errstate(invalid="ignore"):
        good = ((strategy >= 0.0) & (strategy <= 1.0)).all(axis=0)
        if game.infosets:
            totals = np.add.reduceat(strategy, game.infoset_first_action[:-1], axis=0)
            good &= (np.abs(totals - 1.0) <= SUM).all(axis=0)
    return np.asarray(good)


class Passes:
    """Passes over a game for some draws, node by node.

    ``value [node, player, draw]`` holds expected payoffs, ``share [edge, draw]`` probabilities; ``fixed`` are
    each player's information sets that can precede themselves (:func:`circular`).
    """

    def __init__(
        self,
        game: Game,
        chance: Numbers,
        payoff: Numbers,
        precision: Numbers,
        strategy: Numbers,
        fixed: Fixed,
    ) -> None:
        self.game, self.payoff, self.precision, self.strategy = game, payoff, precision, strategy
        decisions = game.edge_action >= 0
        self.share = chance.copy()
        self.share[decisions] = strategy[game.edge_action[decisions]]
        self.first = game.node_first_edge.tolist()
        self.child = game.edge_child.tolist()
        self.paid = game.edge_payoff.tolist()
        self.fixed = fixed
        self.draws = strategy.shape[1]
        self.value = self.values(self.share)
        self.led: Numbers | None = None  # [node, ending, draw] once it is asked for
        self.steepest = np.ones(self.draws)  # by which normal errors magnify rounding

    def edges(self, node: int) -> range:
        """Edges of a node."""
        return range(self.first[node], self.first[node + 1])

    def members(self, infoset: int) -> list[int]:
        """Nodes of an information set."""
        first, last = self.game.infoset_first_node[infoset : infoset + 2]
        return [int(node) for node in self.game.infoset_node[first:last]]

    def values(self, share: Numbers) -> Numbers:
        """Compute expected payoffs ``[node, player, draw]``."""
        value = self.payoff[self.game.node_payoff]
        for node in range(self.game.nodes - 1, -1, -1):
            for edge in self.edges(node):
                value[node] += share[edge] * (value[self.child[edge]] + self.payoff[self.paid[edge]])
        return value

    def log_reach(self, own: int = -1) -> Numbers:
        """Logarithms of the realisation probabilities ``[node, draw]``, moves of player ``own`` left out."""
        share = self.share
        if self.game.errors:  # a choice too unlikely to be a number counts as the least likely that is
            share = np.where((self.game.edge_action >= 0)[:, None], np.maximum(share, LEAST), share)
        with np.errstate(divide="ignore"):
            logarithm = np.log(share)
        for infoset in np.flatnonzero(self.game.infoset_player == own):
            for node in self.members(int(infoset)):
                logarithm[self.first[node] : self.first[node + 1]] = 0.0
        reach = np.full((self.game.nodes, self.draws), -np.inf)
        reach[0] = 0.0
        for node in range(self.game.nodes):
            for edge in self.edges(node):
                child = self.child[edge]
                reach[child] = np.logaddexp(reach[child], reach[node] + logarithm[edge])
        return reach

    def arrivals(self) -> list[Numbers]:
        """Logarithms from which each player's beliefs follow, by player ``[node, draw]``.

        With perfect recall a player's own moves are the same before all nodes of a set, and say nothing.
        Normal errors make moves so unlikely that they are stored as 0 much sooner than logistic ones do, so
        that here they are left out.
        """
        whole = self.log_reach()
        if not self.game.errors:
            return [whole] * len(self.game.players)
        return [
            self.log_reach(own) if perfect else whole for own, perfect in enumerate(self.game.perfect_recall)
        ]

    def action_values(self, infoset: int, weight: Numbers, value: Numbers) -> Numbers:
        """Compute ``[action, draw]`` from ``value [node, draw]`` and ``weight [member, draw]``."""
        player = self.game.infoset_player[infoset]
        total = 0.0
        for node, each in zip(self.members(infoset), weight, strict=True):
            edges = self.edges(node)
            children, rows = [self.child[edge] for edge in edges], [self.paid[edge] for edge in edges]
            total = total + each * (value[children] + self.payoff[rows, player])
        return np.asarray(total)

    def residual(self) -> Numbers:
        """Largest relative miss of the quantal-response equation, [draw]."""
        reach = self.arrivals()
        worst = np.zeros(self.draws)
        for infoset, player in enumerate(self.game.infoset_player):
            arrival = reach[player][self.members(infoset)]
            top = arrival.max(axis=0)
            nowhere = np.isneginf(top)
            weight = np.exp(np.where(nowhere, 0.0, arrival - np.where(nowhere, 0.0, top)))
            weight /= weight.sum(axis=0)
            worth = self.action_values(infoset, weight, self.value[:, player])
            first, last = self.game.infoset_first_action[infoset : infoset + 2]
            likely = self.strategy[first:last]
            errors = self.game.errors[player].kind if self.game.errors else "logistic"
            if errors != "logistic" and last - first > 1:
                leads = self.leads(infoset, weight) if errors != "normal" else None
                worst = np.maximum(worst, self.missed(likely, self.precision[player] * worth, leads))
                continue
            odds = np.log(np.maximum(likely, LEAST))
            odds = odds - odds[0]
            wanted = self.precision[player] * (worth - worth[0])
            # where a probability is too small to be a number, being smaller still is no fault
            wanted = np.where(likely < LEAST, np.maximum(wanted, odds), wanted)
            wanted = np.where(likely[0] < LEAST, np.minimum(wanted, odds), wanted)
            miss = np.abs(odds - wanted) / np.maximum(1.0, np.abs(odds))
            worst = np.maximum(worst, miss.max(axis=0))
        return worst

    def leads(self, infoset: int, weight: Numbers) -> Numbers:
        """Compute how likely each option leads to each ending, ``[option, ending, draw]``."""
        if self.led is None:
            self.led = ending_chances(self.game, self.share)
        endings = list(self.game.errors[self.game.infoset_player[infoset]].endings)
        total = 0.0
        for node, each in zip(self.members(infoset), weight, strict=True):
            children = [self.child[edge] for edge in self.edges(node)]
            total = total + each * self.led[children][:, endings]
        return np.asarray(total)

    def missed(self, likely: Numbers, worth: Numbers, leads: Numbers | None) -> Numbers:
        """Compute the largest relative miss of probits, [draw]; ``leads`` where shocks fall on endings."""
        spread = None if leads is None else spread_of(leads)
        if spread is not None:
            self.steepest = np.maximum(self.steepest, 1.0 / np.where(spread > NO_SPREAD, spread, 1.0))
        return missed_probits(likely, wanted_probits(worth, spread))

    def gain(self, player: int) -> Numbers:
        """Compute what the best reply of a player to the others adds to its payoff, [draw].

        Where the player's recall is imperfect, the reply is found set by set from the last to the first, each
        weighed as if the player's own earlier moves led to all its nodes; a set that can precede itself keeps
        its mix. It is then a lower bound.
        """
        return np.asarray(self.reply(player)[1][0] - self.value[0, player])

    def reply(self, player: int) -> tuple[Numbers, Numbers]:
        """Find the best reply of :meth:`gain`: shares ``[edge, draw]``, its values ``[node, draw]``."""
        own = set(np.flatnonzero(self.game.infoset_player == player).tolist())
        replies, mine = self.share.copy(), self.share.copy()
        for infoset in own:
            for node in self.members(infoset):
                mine[self.first[node] : self.first[node + 1]] = 1.0
        reach = np.zeros((self.game.nodes, self.draws))
        reach[0] = 1.0
        for node in range(self.game.nodes):
            for edge in self.edges(node):
                reach[self.child[edge]] += reach[node] * mine[edge]
        value = np.full((self.game.nodes, self.draws), np.nan)
        known = [False] * self.game.nodes
        stack: list[tuple[int, bool]] = [(0, True)]  # nodes to value, information sets to decide
        decided = set(self.fixed[player])
        while stack:
            number, is_node = stack[-1]
            if (is_node and known[number]) or (not is_node and number in decided):
                stack.pop()
                continue
            nodes = [number] if is_node else self.members(number)
            wanted = {self.child[edge] for node in nodes for edge in self.edges(node)}
            missing = [(node, True) for node in wanted if not known[node]]
            here = int(self.game.node_infoset[number]) if is_node else -1
            if here in own and here not in decided:
                missing.append((here, False))
            if missing:
                stack.extend(missing)
                continue
            stack.pop()
            if is_node:
                value[number] = self.payoff[self.game.node_payoff[number], player]
                for edge in self.edges(number):
                    worth = value[self.child[edge]] + self.payoff[self.paid[edge], player]
                    value[number] += replies[edge] * worth
                known[number] = True
            else:
                self.decide(number, reach, value, replies)
                decided.add(number)
        return replies, value

    def decide(self, infoset: int, reach: Numbers, value: Numbers, replies: Numbers) -> None:
        """Let the information set's best action be taken for certain: the first of those that tie."""
        nodes = self.members(infoset)
        worth = self.action_values(infoset, reach[nodes], value)
        best, choice = worth[0], np.zeros(self.draws, dtype=np.intp)
        for action in range(1, len(worth)):
            gain = worth[action] - best
            better = gain > TIE * (np.abs(worth[action]) + np.abs(best))
            choice, best = np.where(better, action, choice), np.where(better, worth[action], best)
        for node in nodes:
            for action, edge in enumerate(self.edges(node)):
                replies[edge] = choice == action


def circular(game: Game, player: int) -> set[int]:
    """Find those of a player's information sets that can precede themselves, directly or by way of others."""
    own = [h for h in range(game.infosets) if game.infoset_player[h] == player]
    bit = {infoset: 1 << k for k, infoset in enumerate(own)}
    below = [0] * game.nodes
    after = dict.fromkeys(own, 0)
    for node in range(game.nodes - 1, -1, -1):
        if game.node_kind[node] == TERMINAL:
            continue
        for child in game.edge_child[game.node_first_edge[node] : game.node_first_edge[node + 1]]:
            below[node] |= below[child]
        infoset = int(game.node_infoset[node])
        if game.node_kind[node] == DECISION and infoset in bit:
            after[infoset] |= below[node]
            below[node] |= bit[infoset]
    changed = True
    while changed:
        changed = False
        for infoset in own:
            wider = rest = after[infoset]
            while rest:
                lowest = rest & -rest
                rest ^= lowest
                wider |= after[own[lowest.bit_length() - 1]]
            changed = changed or wider != after[infoset]
            after[infoset] = wider
    return {infoset for infoset in own if after[infoset] & bit[infoset]}


@dataclass(frozen=True, slots=True, eq=False)
class _Judge:
    """Stored numbers beside those recomputed."""

    payoff: Numbers
    precision: Numbers
    stake: Numbers
    solution: Solution
    posed: NDArray[np.bool_]
    proper: NDArray[np.bool_]
    residual: Numbers
    regret: Numbers
    value: Numbers
    steepest: Numbers

    def problems(self) -> Iterator[tuple[int, str]]:
        suspects = self.suspects()
        for draw in np.flatnonzero(suspects):
            for message in self.messages(int(draw)):
                yield int(draw), message

    def suspects(self) -> NDArray[np.bool_]:
        """Draws with any problem; the messages are worked out for these alone."""
        stored = self.solution.certificate
        ill = stored.status == Status.ILL_POSED
        with np.errstate(all="ignore"):
            scale = np.maximum(1.0, (np.abs(self.payoff).max(axis=0, initial=0.0) / self.stake).max(axis=0))
            sound = self.proper & ~ill & np.isin(stored.status, list(Status))
            sound &= ~(np.isin(stored.status, ANSWERED) & (self.residual > self.solution.concept.tolerance))
            sound &= np.abs(stored.residual - self.residual) <= self.noise()
            sound &= (np.abs(stored.regret - self.regret) <= EQUAL * scale).all(axis=0)
            sound &= (np.abs(self.solution.value - self.value) <= EQUAL * scale * self.stake).all(axis=0)
            sound &= np.isclose(self.solution.precision, self.precision, rtol=EQUAL, atol=0.0).all(axis=0)
            sound &= np.isclose(self.solution.stake, self.stake, rtol=EQUAL, atol=0.0).all(axis=0)
        return np.asarray(~np.where(self.posed, sound, ill))

    def noise(self) -> Numbers:
        """By which two honest computations of the residual may differ, [draw]."""
        scale = (np.abs(self.payoff).max(axis=0, initial=0.0) * self.precision).max(axis=0)
        return np.asarray(ROUNDING * np.maximum(1.0, scale * self.steepest))

    def messages(self, draw: int) -> Iterator[str]:
        stored, status = self.solution.certificate, int(self.solution.certificate.status[draw])
        if status not in list(Status):
            yield f"its status is {status}, which is none"
        elif not self.posed[draw]:
            if status != Status.ILL_POSED:
                yield f"its numbers make no game, yet it is called {Status(status).name.lower()}"
            return
        elif status == Status.ILL_POSED:
            yield "it is called ill-posed, yet its numbers make a game"
            return
        if not self.proper[draw]:
            yield "its strategy is no probabilities: a number outside 0 to 1, or a sum other than 1"
            return
        yield from self.compare(draw, stored.residual[draw], status)
        players = self.solution.players
        for name, found, wanted in (
            ("regret", stored.regret, self.regret),
            ("value", self.solution.value, self.value),
            ("precision", self.solution.precision, self.precision),
            ("stake", self.solution.stake, self.stake),
        ):
            for row, player in enumerate(players):
                a, b = float(found[row, draw]), float(wanted[row, draw])
                unit = float(self.stake[row, draw]) if name == "value" else 1.0
                top = float(np.abs(self.payoff[:, row, draw]).max() / self.stake[row, draw])
                slack = EQUAL * max(1.0, top) * unit if name in ("regret", "value") else EQUAL * abs(b)
                if not abs(a - b) <= slack:
                    yield f"the {name} of {player} is stored as {a:.12g}, computed as {b:.12g}"

    def compare(self, draw: int, found: float, status: int) -> Iterator[str]:
        wanted, tolerance = float(self.residual[draw]), self.solution.concept.tolerance
        if status in ANSWERED and not wanted <= tolerance:
            name = Status(status).name.lower()
            yield f"it is called {name}, but its residual is {wanted:.3g}, more than {tolerance:.3g}"
        if not abs(found - wanted) <= float(self.noise()[draw]):
            yield f"the residual is stored as {found:.6g}, computed as {wanted:.6g}"
