"""What a player's precision means, in odds.

What lives here: the value of a precision expression in every reading, and its translation. What may not:
games, strategies.

Precision is per unit of a player's stake (agent logit quantal response, McKelvey & Palfrey 1998): the odds
of the better of two options are exp(precision x difference). A difference of a tenth of the stake therefore
has the odds exp(precision / 10).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from parley.errors import FindingsError
from parley.findings.model import Precision
from parley.scenario.model import Expression, Group, Move, Repeat, Simultaneous, Step
from parley.scenario.syntax import (
    Arithmetic,
    Both,
    Call,
    Compare,
    Conditional,
    Either,
    Is,
    Kind,
    Negate,
    Node,
    Not,
    Number,
    Reference,
)
from parley.study.results import Results

__all__ = ["DEFAULT_PRECISION", "precision"]

DEFAULT_PRECISION = 4.0

Values = NDArray[np.float64]
Binary = Callable[[Values, Values], Values]

ARITHMETIC: dict[str, Binary] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": np.divide,
    "^": np.power,
}
COMPARISON: dict[str, Binary] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
FUNCTIONS: dict[str, Callable[..., Values]] = {
    "min": np.minimum,
    "max": np.maximum,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "abs": np.abs,
}


def precision(results: Results) -> tuple[Precision, ...]:
    """Say for every player who moves how closely it follows its interest.

    Returns
    -------
    tuple of Precision
        In the order of the scenario's players; a player whose precision is defined in no reading is left
        out. Nothing when the policies of the run leave nobody a choice.

    Raises
    ------
    FindingsError
        A precision depends on something that is neither a parameter, a definition nor a switch.
    """
    scenario = results.scenario
    if not any(proof.actions for proof in results.proofs.values()):
        return ()
    moving = _movers(scenario.story)
    found: list[Precision] = []
    for player in scenario.players.values():
        if player.name not in moving:
            continue
        stated = player.precision or scenario.precision
        values = _values(results, stated)
        known = values[np.isfinite(values)]
        if not known.size:
            continue
        low, middle, high = (float(x) for x in np.quantile(known, (0.05, 0.5, 0.95)))
        # exp overflows only for a precision above 7000: such a player never errs.
        odds = math.exp(min(middle / 10.0, 700.0))
        stake = player.stake.source if player.stake is not None else None
        chance = odds / (1.0 + odds)
        found.append(Precision(player.name, player.text, stake, low, middle, high, odds, chance))
    return tuple(found)


def _movers(story: tuple[Step, ...]) -> set[str]:
    movers: set[str] = set()
    for step in story:
        if isinstance(step, Move):
            movers.add(step.player)
        elif isinstance(step, Simultaneous):
            movers.update(move.player for move in step.moves)
        elif isinstance(step, Repeat | Group):
            movers |= _movers(step.story)
    return movers


def _values(results: Results, stated: Expression | None) -> Values:
    if stated is None:
        return np.full(results.draw.size, DEFAULT_PRECISION)
    with np.errstate(all="ignore"):
        return np.broadcast_to(np.asarray(_evaluate(results, stated.root), np.float64), results.draw.shape)


def _evaluate(results: Results, node: Node) -> Values:
    match node:
        case Number():
            return np.asarray(node.value)
        case Reference():
            return _reference(results, node)
        case Negate():
            return -_evaluate(results, node.operand)
        case Arithmetic():
            return ARITHMETIC[node.operator](_evaluate(results, node.left), _evaluate(results, node.right))
        case Compare():
            return COMPARISON[node.operator](_evaluate(results, node.left), _evaluate(results, node.right))
        case Call() if node.function in FUNCTIONS:
            return FUNCTIONS[node.function](*(_evaluate(results, item) for item in node.arguments))
        case Conditional():
            test = np.asarray(_evaluate(results, node.test), dtype=bool)
            return np.where(test, _evaluate(results, node.then), _evaluate(results, node.otherwise))
        case _:
            return _condition(results, node)


def _condition(results: Results, node: Node) -> Values:
    match node:
        case Not():
            return np.asarray(_evaluate(results, node.operand) == 0, np.float64)
        case Both():
            return _evaluate(results, node.left) * _evaluate(results, node.right)
        case Either():
            return np.maximum(_evaluate(results, node.left), _evaluate(results, node.right))
        case Is() if node.subject.name in results.switches:
            is_so = results.switches[node.subject.name] == node.label
            return np.asarray(is_so != node.negated, np.float64)
        case _:
            raise FindingsError("a precision can depend on parameters, definitions and switches only")


def _reference(results: Results, node: Reference) -> Values:
    if node.kind is Kind.PARAMETER and node.name in results.parameters:
        return results.parameters[node.name]
    if node.kind is Kind.DEFINITION and node.name in results.scenario.definitions:
        return _evaluate(results, results.scenario.definitions[node.name].expression.root)
    raise FindingsError(f"the results hold no values of {node.name!r}, on which a precision depends")
