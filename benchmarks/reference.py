"""The principal branch in tiny steps, by code that shares nothing with the engine.

What lives here: logit responses of all information sets at once in plain NumPy, and pseudo-arclength
continuation of their log-odds. What may not: anything from ``parley.solve``. Slow, and meant to be.

The unknowns are the log-odds z of every action against the first of its information set; the equation is
z = t lambda (U - U_first), U from realisation probabilities and values under the mixes that z stands for. The
branch is followed from t = 0 until t first reaches 1, through folds; where another branch crosses it goes
straight on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parley.game.model import TERMINAL, Game

__all__ = ["Response", "Walk", "follow"]

Array = NDArray[np.float64]

WIDTH = 1e-6  # of the difference quotients
SHARP = 1e-10  # residual of a point
SMALLEST = 1e-7  # step


class Response:
    """The map of one draw: [unknown, point] and [point] to [unknown, point]."""

    def __init__(self, game: Game, chance: Array, payoff: Array, precision: Array) -> None:
        self.game, self.chance, self.payoff, self.precision = game, chance, payoff, precision
        self.first_action = game.infoset_first_action.tolist()
        self.first_edge, self.child = game.node_first_edge.tolist(), game.edge_child.tolist()
        self.size = game.actions - game.infosets
        self.members = [
            game.infoset_node[game.infoset_first_node[h] : game.infoset_first_node[h + 1]].tolist()
            for h in range(game.infosets)
        ]

    def mixes(self, odds: Array) -> Array:
        """Probabilities [action, point] and their logarithms from log-odds."""
        mix = np.empty((self.game.actions, odds.shape[1]))
        row = 0
        for h in range(self.game.infosets):
            first, last = self.first_action[h : h + 2]
            z = np.concatenate([np.zeros((1, odds.shape[1])), odds[row : row + last - first - 1]])
            z = z - z.max(axis=0)
            mix[first:last] = z - np.log(np.exp(z).sum(axis=0))
            row += last - first - 1
        return mix

    def __call__(self, odds: Array, time: Array) -> Array:
        """Log-odds that answer the mixes of ``odds`` at shares ``time`` of lambda."""
        game = self.game
        logarithm = self.mixes(odds)
        with np.errstate(divide="ignore"):
            share = np.repeat(np.log(self.chance)[:, None], odds.shape[1], axis=1)
        moves = game.edge_action >= 0
        share[moves] = logarithm[game.edge_action[moves]]
        reach = np.full((game.nodes, odds.shape[1]), -np.inf)
        reach[0] = 0.0
        for node in range(game.nodes):
            for edge in range(self.first_edge[node], self.first_edge[node + 1]):
                to = self.child[edge]
                reach[to] = np.logaddexp(reach[to], reach[node] + share[edge])
        share = np.exp(share)
        value = np.repeat(self.payoff[game.node_payoff][:, :, None], odds.shape[1], axis=2)
        onward = self.payoff[game.edge_payoff]
        for node in range(game.nodes - 1, -1, -1):
            if game.node_kind[node] != TERMINAL:
                edges = slice(self.first_edge[node], self.first_edge[node + 1])
                worth = value[game.edge_child[edges]] + onward[edges, :, None]
                value[node] = (share[edges, None, :] * worth).sum(axis=0)
        return self.respond(reach, value, onward) * time

    def respond(self, reach: Array, value: Array, onward: Array) -> Array:
        """Weigh action values by beliefs: log-odds at the full lambda."""
        game, rows = self.game, []
        for h in range(game.infosets):
            player, nodes = int(game.infoset_player[h]), self.members[h]
            top = reach[nodes].max(axis=0)
            weight = np.exp(reach[nodes] - np.where(np.isneginf(top), 0.0, top))
            weight = np.where(np.isneginf(top), 1.0, weight)
            weight /= weight.sum(axis=0)
            worth: Array = np.zeros((1, reach.shape[1]))
            for node, each in zip(nodes, weight, strict=True):
                edges = slice(self.first_edge[node], self.first_edge[node + 1])
                worth = worth + each * (value[game.edge_child[edges], player] + onward[edges, player, None])
            rows.append(self.precision[player] * (worth[1:] - worth[0]))
        return np.concatenate(rows) if rows else np.zeros((0, reach.shape[1]))

    def jacobian(self, odds: Array, time: float) -> tuple[Array, Array, Array]:
        """Residual z - response, its derivative by z, and by t."""
        size = self.size
        points = np.repeat(odds[:, None], size + 1, axis=1)
        width = WIDTH * np.maximum(1.0, np.abs(odds))
        points[np.arange(size), np.arange(size)] += width
        image = self(points, np.full(size + 1, time))
        base = image[:, size]
        by_odds = np.eye(size) - (image[:, :size] - base[:, None]) / width
        by_time = -base / time if time > 0 else -self(odds[:, None], np.ones(1))[:, 0]
        return odds - base, by_odds, by_time

    def strategy(self, odds: Array) -> Array:
        """Probabilities [action]."""
        return np.exp(self.mixes(odds[:, None])[:, 0])


@dataclass(frozen=True, slots=True)
class Walk:
    """Where the branch was followed to; ``time`` is 1 when it got to the wanted lambda."""

    odds: Array
    time: float
    steps: int
    folds: int


def follow(response: Response, largest: float = 0.05, closeness: float = 0.01, limit: int = 20_000) -> Walk:
    """Follow the principal branch.

    Parameters
    ----------
    response
        The draw.
    largest
        Length of a step, in log-odds and shares of lambda, relative to max(1, log-odds).
    closeness
        Most by which a corrected point may differ from the predicted one.
    limit
        Most steps.
    """
    point = np.zeros(response.size + 1)
    direction = np.zeros(response.size + 1)
    direction[-1] = 1.0
    _, by_odds, by_time = response.jacobian(point[:-1], 0.0)
    direction = _tangent(by_odds, by_time, direction)
    length, folds, step = largest / 10, 0, 0
    while step < limit and length >= SMALLEST:
        step += 1
        scale = max(1.0, float(np.abs(point[:-1]).max(initial=0.0)))
        guess = point + length * scale * direction
        if guess[-1] >= 1.0 and direction[-1] > 0:
            share = (1.0 - point[-1]) / direction[-1]
            arrived = _arrive(response, point + share * direction, closeness * scale)
            if arrived is not None:
                return Walk(arrived, 1.0, step, folds)
            length /= 2
            continue
        found = _correct(response, guess, direction)
        if found is None or np.abs(found - guess).max() > closeness * scale:
            length /= 2
            continue
        _, by_odds, by_time = response.jacobian(found[:-1], float(found[-1]))
        ahead = _tangent(by_odds, by_time, direction)
        if not float(ahead @ direction) > 0.98:
            length /= 2
            continue
        folds += int(ahead[-1] * direction[-1] < 0)
        point, direction = found, ahead
        length = min(largest, 1.5 * length)
    return Walk(point[:-1], float(point[-1]), step, folds)


def _tangent(by_odds: Array, by_time: Array, along: Array) -> Array:
    bordered = np.vstack([np.column_stack([by_odds, by_time]), along])
    right = np.zeros(len(along))
    right[-1] = 1.0
    try:
        direction = np.linalg.solve(bordered, right)
    except np.linalg.LinAlgError:
        return np.full(len(along), np.nan)
    return np.asarray(direction / np.linalg.norm(direction))


def _correct(response: Response, guess: Array, border: Array) -> Array | None:
    """Newton on the plane through the guess, normal to the border."""
    point = guess.copy()
    for _ in range(8):
        residual, by_odds, by_time = response.jacobian(point[:-1], float(point[-1]))
        if np.abs(residual / np.maximum(1.0, np.abs(point[:-1]))).max(initial=0.0) < SHARP:
            return point
        bordered = np.vstack([np.column_stack([by_odds, by_time]), border])
        try:
            point = point - np.linalg.solve(bordered, np.append(residual, border @ (point - guess)))
        except np.linalg.LinAlgError:
            return None
        if not np.isfinite(point).all() or np.abs(point - guess).max() > 10.0:
            return None
    return None


def _arrive(response: Response, guess: Array, most: float) -> Array | None:
    """Newton at the wanted lambda."""
    odds = guess[:-1].copy()
    for _ in range(12):
        residual, by_odds, _ = response.jacobian(odds, 1.0)
        if np.abs(residual / np.maximum(1.0, np.abs(odds))).max(initial=0.0) < SHARP:
            return odds if np.abs(odds - guess[:-1]).max(initial=0.0) <= most else None
        try:
            odds = odds - np.linalg.solve(by_odds, residual)
        except np.linalg.LinAlgError:
            return None
        if not np.isfinite(odds).all():
            return None
    return None
