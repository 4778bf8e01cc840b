"""Quantities measured on a solved game: chances, payoffs, expectations, times and beliefs.

What lives here: what each quantity asks of every ending, and its value for all draws. What may not:
solving; sentences.

Write reach(t) for the realisation probability of the ending t, E and C for the event and the condition
(1 or 0 at every ending). Then ``P(E | C)`` is the sum of reach x E x C over the sum of reach x C;
``E(x | C)`` and ``time(race | C)`` put x in the place of E; ``payoff(i | C)`` puts the total payoff of the
paths to the ending. ``belief(i, E | C)`` is the posterior that i gives to E, knowing what it has seen,
averaged over where C holds: the sum over i's information g of reach(g and C) x reach(g and E) / reach(g),
over reach(C). ``| at move`` takes the nodes of that decision instead of the endings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parley.game.lower import Lowering, LoweringError, Situation
from parley.game.model import TERMINAL, Game, Loop, Program
from parley.game.passes import collected
from parley.game.reading import numbers_of
from parley.game.rounds import collected_over_rounds
from parley.game.situation import situation
from parley.game.symbolic import Builder
from parley.game.tracking import given_of
from parley.scenario.model import Scenario
from parley.scenario.syntax import Call, Node, Number, Reference

__all__ = ["Meter", "measure", "meter"]

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Reading:
    """One quantity: at ``places`` (nodes) the registers of its event (or value) and its condition."""

    call: Call
    places: NDArray[np.int64]
    event: NDArray[np.int64]  # [place] register
    condition: NDArray[np.int64]  # [place] register
    group: NDArray[np.int64]  # [place] number of the believer's information; zeros otherwise
    player: int  # -1 unless payoff


@dataclass(frozen=True, slots=True, eq=False)
class Meter:
    """Quantities prepared for one game; ``program`` goes on where the game's own ends."""

    game: Game
    program: Program
    readings: tuple[_Reading, ...]


def meter(game: Game, scenario: Scenario, switches: Mapping[str, str], calls: Sequence[Call]) -> Meter:
    """Prepare quantities for measurement on a game.

    Parameters
    ----------
    game
        Compiled (and perhaps restricted) from ``scenario`` under ``switches``.
    calls
        Quantities found by :func:`parley.game.tracking.quantities_in`.

    Examples
    --------
    >>> import parley
    >>> from parley.game.tracking import asked, quantities_in
    >>> scenario = parley.load("which-event-first")
    >>> game = parley.compile(scenario)
    >>> calls = [call for each in asked(scenario) for call in quantities_in(each.expression.root, scenario)]
    >>> len(meter(game, scenario, {}, calls).readings) == len(calls)
    True
    """
    builder = Builder.resume(game.program.parameters, game.program.operation, game.program.arguments)
    options = {name: switch.default for name, switch in scenario.switches.items()} | dict(switches)
    numbers = numbers_of(scenario)
    lowering = Lowering(scenario, builder, numbers)
    situations = {place: situation(known, options) for place, known in game.environment.items()}
    readings = tuple(_reading(game, lowering, situations, call) for call in calls)
    program = Program(tuple(builder.parameters), tuple(builder.operation), tuple(builder.arguments))
    return Meter(game, program, readings)


def _places(game: Game, move: str | None) -> list[int]:
    if move is None:
        return [place for place in game.environment if game.node_kind[place] == TERMINAL]
    return [
        place
        for place in game.environment
        if game.node_kind[place] != TERMINAL
        and move
        in (
            game.chance_label[place],
            game.infoset_move[game.node_infoset[place]] if game.node_infoset[place] >= 0 else "",
        )
    ]


def _reading(game: Game, lowering: Lowering, situations: Mapping[int, Situation], call: Call) -> _Reading:
    conditions, move = given_of(call)
    places = _places(game, move)
    value: Node
    player = -1
    match call.function:
        case "payoff":
            assert isinstance(call.arguments[0], Reference)
            player = game.players.index(call.arguments[0].name)
            value = Number(1.0, call.start, call.end)
        case "belief":
            value = call.arguments[1]
        case "time":
            value = Call("time", call.arguments, None, call.start, call.end)
        case _:
            value = call.arguments[0]
    if game.loop is not None:
        places = _with_value(game.loop, lowering, situations, places, (value, *conditions))
    event = [lowering.node(value, situations[place]) for place in places]
    condition = []
    for place in places:
        register = 1
        for each in conditions:
            register = lowering.builder.apply("and", register, lowering.node(each, situations[place]))
        condition.append(register)
    return _Reading(
        call,
        np.array(places, dtype=np.int64),
        np.array(event, dtype=np.int64),
        np.array(condition, dtype=np.int64),
        _groups(game, call, places),
        player,
    )


def _with_value(
    loop: Loop,
    lowering: Lowering,
    situations: Mapping[int, Situation],
    places: Sequence[int],
    asked: Sequence[Node],
) -> list[int]:
    """Leave out ends of rounds at which what is asked for has not happened."""
    found = []
    for place in places:
        if loop.next_head[place] >= 0:
            try:
                for each in asked:
                    lowering.node(each, situations[place])
            except LoweringError:
                continue
        found.append(place)
    return found


def _groups(game: Game, call: Call, places: Sequence[int]) -> NDArray[np.int64]:
    if call.function != "belief":
        return np.zeros(len(places), dtype=np.int64)
    assert isinstance(call.arguments[0], Reference)
    believer = call.arguments[0].name
    numbers: dict[object, int] = {}
    return np.array(
        [
            numbers.setdefault(game.environment[place]["knowledge"][believer], len(numbers))
            for place in places
        ],
        dtype=np.int64,
    )


def measure(
    prepared: Meter,
    registers: Values,
    reach: Values,
    payoff: Values,
    shares: Values,
    value: Values,
) -> Values:
    """Measure all prepared quantities for all draws.

    Parameters
    ----------
    prepared
        From :func:`meter`.
    registers
        ``[register, draw]`` of ``prepared.program``.
    reach
        ``[node, draw]`` realisation probabilities, as of :func:`parley.game.rounds.visits`.
    payoff
        ``[row, player, draw]``.
    shares
        ``[edge, draw]`` probability of each edge at its node.
    value
        ``[player, draw]`` expected payoffs of the whole game.

    Returns
    -------
    ``[quantity, draw]``; NaN where a condition has no chance.

    Examples
    --------
    >>> import parley
    >>> from parley.game.passes import expected, reach
    >>> from parley.game.policy import restrict
    >>> from parley.game.program import evaluate
    >>> from parley.scenario.syntax import Call, Kind, Reference
    >>> scenario = parley.load("which-event-first")
    >>> game = restrict(parley.compile(scenario), "pause").game
    >>> tainted = Call("P", (Reference(Kind.OUTCOME, "tainted failure", 2, 17),), None, 0, 18)
    >>> prepared = meter(game, scenario, {}, [tainted])
    >>> draws = parley.sample(scenario, 16)
    >>> row = [draws.parameters.index(name) for name in prepared.program.parameters]
    >>> registers = evaluate(prepared.program, draws.values[row])
    >>> shares, payoff = registers[game.edge_chance], registers[game.payoff_register]
    >>> value = expected(game, shares, payoff)
    >>> float(measure(prepared, registers, reach(game, shares), payoff, shares, value).max())
    0.0
    """
    game, sums = prepared.game, dict[int, Values]()
    result = np.empty((len(prepared.readings), reach.shape[1]))
    for number, reading in enumerate(prepared.readings):
        weight = reach[reading.places] * registers[reading.condition]
        if reading.player >= 0:
            if np.all(reading.condition == 1):
                result[number] = value[reading.player]
                continue
            if reading.player not in sums:
                sums[reading.player] = (
                    collected(game, shares, reach, payoff[:, reading.player])
                    if game.loop is None
                    else collected_over_rounds(game, shares, payoff, reading.player)
                )
            top = _total(sums[reading.player][reading.places] * registers[reading.condition])
        elif reading.call.function == "belief":
            top = _believed(reading, registers, reach, weight)
        else:
            top = _total(weight * registers[reading.event])
        result[number] = _ratio(top, _total(weight))
    return result


def _total(rows: Values) -> Values:
    """Sum over rows in their order: NumPy's own sum adds a single column in another order than several."""
    if rows.shape[1] == 1 and len(rows):
        return np.asarray(np.add.accumulate(rows, axis=0)[-1])
    return np.asarray(np.add.reduce(rows, axis=0))


def _ratio(top: Values, bottom: Values) -> Values:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(bottom > 0, top / bottom, np.nan))


def _believed(reading: _Reading, registers: Values, reach: Values, weight: Values) -> Values:
    total = np.zeros(reach.shape[1])
    event = reach[reading.places] * registers[reading.event]
    for group in np.unique(reading.group):
        inside = reading.group == group
        here = _total(weight[inside])
        posterior = _ratio(_total(event[inside]), _total(reach[reading.places[inside]]))
        total += np.where(here > 0, here * posterior, 0.0)
    return total
