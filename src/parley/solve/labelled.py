"""Solutions with labels: what a strategy means, in the words of the game, as plain data.

What lives here: the document that ``parley solve --json`` writes. What may not: layout, numerics.

Numbers that do not exist (beliefs where nobody can come) are None.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.game.model import Game
from parley.solve.equilibria import Equilibria
from parley.solve.profile import Profile, profile
from parley.solve.pure import PureEquilibria
from parley.solve.solution import ANSWERED, Solution, Status

__all__ = ["Document", "found_beside", "found_pure", "labelled"]

Numbers: TypeAlias = NDArray[np.float64]
Document: TypeAlias = dict[str, Any]


def found_beside(game: Game, found: Equilibria, draw: int) -> Document:
    """Describe what a search has found for one draw.

    Parameters
    ----------
    game, found, draw
        The game, what :func:`parley.solve.equilibria.equilibria` returned for it, and which draw.

    Returns
    -------
    ``starts``; ``index``, which is 1 when the signs show none to be missing; and ``equilibria``, each with
    its expected payoffs, residual, sign, whether the principal branch leads to it, how many starts came to
    it, and the probability of every action in the order of the game.

    Examples
    --------
    >>> import parley
    >>> from parley.solve.at import numbers_of
    >>> text = 'EFG 2 R "" { "us" } p "" 1 1 "act" { "go" "stay" } 0 t "" 1 "" { 1 } t "" 0'
    >>> game = parley.read_game("war.efg", text)
    >>> numbers = numbers_of(game)
    >>> from parley.solve.equilibria import equilibria
    >>> found = equilibria(game, numbers.chance, numbers.payoff, numbers.precision, stake=numbers.stake)
    >>> len(found_beside(game, found, 0)["equilibria"])
    1
    """
    columns = range(found.first[draw], found.first[draw + 1])
    return {
        "starts": found.starts,
        "index": int(found.index[draw]),
        "equilibria": [
            {
                "payoffs": dict(zip(game.players, map(float, found.value[:, each]), strict=True)),
                "residual": float(found.residual[each]),
                "sign": int(found.sign[each]),
                "principal": bool(found.principal[each]),
                "starts": int(found.hits[each]),
                "strategy": [float(share) for share in found.strategy[:, each]],
            }
            for each in columns
        ],
    }


def found_pure(game: Game, found: PureEquilibria) -> Document:
    """Describe all equilibria in pure strategies.

    Parameters
    ----------
    game, found
        The game, and what :func:`parley.solve.pure_equilibria` returned for it.

    Returns
    -------
    ``profiles`` looked at, and ``equilibria``, each with its expected payoffs, the number of what happens
    (``play``, from 1), and what is done at every information set that its player's own moves do not rule out.

    Examples
    --------
    >>> import parley
    >>> from parley.solve import pure_equilibria
    >>> from parley.solve.at import numbers_of
    >>> text = 'EFG 2 R "" { "us" } p "" 1 1 "act" { "go" "stay" } 0 t "" 1 "" { 1 } t "" 0'
    >>> game = parley.read_game("war.efg", text)
    >>> numbers = numbers_of(game)
    >>> found_pure(game, pure_equilibria(game, numbers.chance, numbers.payoff))["equilibria"][0]["sets"]
    [{'player': 'us', 'move': 'act', 'seen': '', 'action': 'go', 'reached': True}]
    """
    first = game.infoset_first_action
    return {
        "profiles": found.profiles,
        "equilibria": [
            {
                "payoffs": dict(zip(game.players, map(float, found.value[:, each]), strict=True)),
                "play": int(found.play[each]) + 1,
                "sets": [
                    {
                        "player": game.players[game.infoset_player[h]],
                        "move": game.infoset_move[h],
                        "seen": "" if game.origin else game.infoset_label[h],
                        "action": game.action_label[
                            int(first[h]) + int(found.strategy[first[h] : first[h + 1], each].argmax())
                        ],
                        "reached": bool(found.reached[h, each]),
                    }
                    for h in range(game.infosets)
                    if not found.ruled_out[h, each] and first[h + 1] - first[h] > 1
                ],
            }
            for each in range(found.strategy.shape[1])
        ],
    }


def labelled(game: Game, chance: Numbers, payoff: Numbers, solution: Solution) -> list[Document]:
    """Describe every draw of a solution with labels.

    Parameters
    ----------
    game
        That was solved.
    chance, payoff
        ``[edge, draw]`` and ``[row, player, draw]``, as they were solved.
    solution
        Of as many draws.

    Returns
    -------
    One document for each draw: ``status``, whether that is an answer (``solved``), ``residual``,
    ``tolerance`` and ``sweeps``; ``players`` with value, lambda per payoff unit, regret in stakes and the
    stake; ``sets`` with the name of the move, what its player has seen (for a scenario), reach, value, regret
    and residual, the probability and value of each action, and for each node its history, its reach and the
    belief in it. Sets of a game without a solution (``ill-posed``) are left out. A node at which several
    histories meet is named by one of them, and ``paths`` says how many there are. With rounds without a last
    one, reach is that within a round, given the state in which it begins.

    Examples
    --------
    >>> import parley
    >>> from parley.solve.at import numbers_of
    >>> text = 'EFG 2 R "" { "us" } p "" 1 1 "act" { "go" "stay" } 0 t "" 1 "" { 1 } t "" 0'
    >>> game = parley.read_game("war.efg", text)
    >>> numbers = numbers_of(game)
    >>> found = labelled(game, numbers.chance, numbers.payoff, parley.solve_at(game, 0))[0]
    >>> found["status"], found["sets"][0]["move"], found["sets"][0]["actions"][0]
    ('converged', 'act', {'action': 'go', 'probability': 0.5, 'value': 1.0})
    """
    begins = 1
    if game.loop is not None:  # the sets of one round from each head state, at the values of later ones
        from parley.solve.loops import laid_open

        begins = 1 + game.loop.heads
        game, payoff = laid_open(game, chance, payoff, solution.strategy)
    seen = profile(game, chance, payoff, solution.strategy, solution.precision)
    if begins > 1:  # given that the round begins so, whatever the chances of that
        seen = replace(seen, reach=seen.reach * begins, infoset_reach=seen.infoset_reach * begins)
    histories = _Histories(game)
    return [_draw(game, solution, seen, histories, draw) for draw in range(solution.strategy.shape[1])]


def _draw(game: Game, solution: Solution, seen: Profile, histories: _Histories, draw: int) -> Document:
    proof = solution.certificate
    status = Status(int(proof.status[draw]))
    posed = status != Status.ILL_POSED
    return {
        "status": status.name.lower().replace("_", "-"),
        "solved": status in ANSWERED,
        "residual": _number(proof.residual[draw]),
        "tolerance": solution.concept.tolerance,
        "sweeps": int(proof.sweeps[draw]),
        "players": [
            {
                "player": name,
                "value": _number(solution.value[player, draw]),
                "lambda": _number(solution.precision[player, draw]),
                "regret": _number(proof.regret[player, draw]),
                "stake": _number(solution.stake[player, draw]),
            }
            for player, name in enumerate(solution.players)
        ],
        "sets": [_set(game, solution, seen, histories, draw, h) for h in range(game.infosets)]
        if posed
        else [],
    }


def _set(
    game: Game, solution: Solution, seen: Profile, histories: _Histories, draw: int, infoset: int
) -> Document:
    actions = range(*game.infoset_first_action[infoset : infoset + 2].tolist())
    members = range(*game.infoset_first_node[infoset : infoset + 2].tolist())
    return {
        "player": game.players[game.infoset_player[infoset]],
        "move": game.infoset_move[infoset],
        "seen": "" if game.origin else game.infoset_label[infoset],
        "reach": _number(seen.infoset_reach[infoset, draw]),
        "value": _number(seen.infoset_value[infoset, draw]),
        "regret": _number(seen.infoset_regret[infoset, draw]),
        "residual": _number(seen.infoset_residual[infoset, draw]),
        "actions": [
            {
                "action": game.action_label[action],
                "probability": _number(solution.strategy[action, draw]),
                "value": _number(seen.action_value[action, draw]),
            }
            for action in actions
        ],
        "nodes": [
            {
                "history": histories.of(int(game.infoset_node[member])),
                "paths": histories.paths[int(game.infoset_node[member])],
                "reach": _number(seen.reach[game.infoset_node[member], draw]),
                "belief": _number(seen.belief[member, draw]),
            }
            for member in members
        ],
    }


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


class _Histories:
    """How nodes are come to: one path each, and the number of paths."""

    def __init__(self, game: Game) -> None:
        self.edge = [-1] * game.nodes  # the last edge on the path
        self.parent = np.repeat(np.arange(game.nodes), np.diff(game.node_first_edge)).tolist()
        self.labels = game.edge_label
        self.paths = [0] * game.nodes
        self.paths[0] = 1
        for edge, child in enumerate(game.edge_child.tolist()):
            self.paths[child] += self.paths[self.parent[edge]]
            if self.edge[child] < 0:
                self.edge[child] = edge

    def of(self, node: int) -> list[str]:
        found = []
        while self.edge[node] >= 0:
            found.append(self.labels[self.edge[node]])
            node = self.parent[self.edge[node]]
        return found[::-1]
