"""A sweep and its derivative as streams of integers that the kernels read.

What lives here: the order of the streams. What may not: arithmetic, what is computed from what.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.game.model import Game
from parley.solve.elimination import Pattern, fill_in
from parley.solve.kernels import layout
from parley.solve.sweep import VALUE, Sweep
from parley.solve.tangents import Derivative, differentiated

__all__ = ["Schedule", "schedule"]

ELIMINATION = 4_000_000  # multiplications of one elimination, beyond which there is none
HEAVY = 8  # times as long as a sweep, beyond which a derivative is only computed where nothing else helps

Integers: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Schedule:
    """A plan (:mod:`parley.solve.kernels.layout`), and where the numbers of a game go in it."""

    plan: Integers
    constant_row: Integers  # [constant] payoff row
    constant_player: Integers  # [constant]
    chance_edge: Integers  # [chance in use] edge
    first_action: Integers  # [infoset + 1]
    state_infoset: Integers  # information sets of the state
    state: int  # log-odds in the state
    actions: int
    ordered: bool  # no information set depends on itself within one sweep
    differentiable: bool  # the plan holds the derivative of the sweep

    @property
    def heavy(self) -> bool:
        """Whether the derivative takes many times as long as the sweep."""
        header = self.plan
        sweep = (
            header[layout.STATIC] - header[layout.ARRIVALS] + header[layout.CORE_END] - header[layout.CORE]
        )
        return bool(header[layout.ELIMINATE] - header[layout.TANGENTS] > HEAVY * sweep)

    def desk(self, lanes: int) -> NDArray[np.float64]:
        """Room for the kernels, with the moves of those who have one action filled in."""
        rows, line = int(self.plan[layout.DESK]), 64 // 8  # rows do not cross the lines of the cache
        room = np.zeros(rows * lanes + line)
        first = -room.ctypes.data // 8 % line
        desk = room[first : first + rows * lanes].reshape(rows, lanes)
        first, last = int(self.plan[layout.PROBABILITY]), int(self.plan[layout.MIX])
        desk[first : first + self.actions] = 1.0
        desk[last - 1] = 1.0
        return desk


def schedule(game: Game) -> Schedule:
    """Lay out one sweep over a game, and its derivative unless it would be too long.

    Parameters
    ----------
    game
        Any game; where its information sets cannot be put in order, those that stand in the way respond to
        the strategy of the sweep before.

    Returns
    -------
    The arrays for the kernels, the same for all draws.
    """
    sweep = Sweep(game)
    order = sweep.lay_out()
    derivative = differentiated(sweep, order) if sweep.state else None
    pattern = fill_in(derivative.rows, ELIMINATION) if derivative is not None else None
    if derivative is None or pattern is None:
        sweep.reuse(order)
        header = sweep.header(0, 0, 0)
    else:
        header = sweep.header(pattern.places, derivative.places, len(derivative.gaps))
    streams = _Streams(sweep, header, derivative, pattern)
    streams.stream_forward()
    streams.stream_steps(order)
    return Schedule(
        plan=_integers(streams.numbers),
        constant_row=_integers(row for row, _ in sweep.constants),
        constant_player=_integers(player for _, player in sweep.constants),
        chance_edge=_integers(sweep.chances),
        first_action=_integers(sweep.first_action),
        state_infoset=_integers(sweep.state_order),
        state=sweep.size,
        actions=game.actions,
        ordered=not sweep.lagged,
        differentiable=pattern is not None or not sweep.state,
    )


class _Streams:
    """A plan in the making: header, then streams."""

    def __init__(
        self, sweep: Sweep, header: list[int], derivative: Derivative | None, pattern: Pattern | None
    ) -> None:
        self.sweep, self.numbers = sweep, header
        self.derivative, self.pattern = derivative, pattern

    def open(self, place: int) -> None:
        """Let an entry of the header point here."""
        self.numbers[place] = len(self.numbers)

    def add(self, *numbers: int) -> None:
        """Append to the stream."""
        self.numbers.extend(numbers)

    def stream_forward(self) -> None:
        reach, static = self.sweep.rows[layout.REACH], self.static_reach()
        for place, wanted in ((layout.ARRIVALS, 1), (layout.MOVING, 0)):
            self.open(place)
            for row, terms in enumerate(self.sweep.reach_terms):
                if row and static[row] == wanted:
                    self.add(reach + row, len(terms))
                    for source, probability in terms:
                        self.add(reach + source, self.sweep.likely_before(probability))
        self.open(layout.MOVING_END)
        self.open(layout.BELIEFS)
        for infoset in self.sweep.weighed():
            nodes = self.sweep.nodes_of[infoset]
            self.add(self.sweep.rows[layout.WEIGHT] + self.sweep.weight_of[infoset], len(nodes))
            self.add(*(reach + self.sweep.reach_of[node] for node in nodes))
        self.open(layout.BELIEFS_END)
        self.open(layout.MIXES)
        for infoset in self.sweep.state_order:
            odds = self.sweep.rows[layout.ODDS] + self.sweep.odds_of[infoset]
            self.add(self.sweep.mix_row(infoset), self.sweep.choices[infoset], odds)
        self.open(layout.MIXES_END)

    def stream_steps(self, order: list[tuple[int, int, int]]) -> None:
        for wanted, place in enumerate((layout.STATIC, layout.CORE, layout.CORE_END)):
            self.open(place)
            for stage, kind, index in order:
                if stage == wanted:
                    if kind == VALUE:
                        self.stream_value(index)
                    else:
                        self.stream_response(index)
        self.open(layout.REST_END)
        self.open(layout.TANGENTS)
        if self.derivative is not None and self.pattern is not None:
            entry, places = self.sweep.rows[layout.ENTRY], self.pattern.place
            self.add(*self.derivative.stream(lambda row, column: entry + places[row][column]))
            self.open(layout.ELIMINATE)
            self.add(*self.pattern.elimination(entry, self.sweep.rows[layout.PIVOT]))
            self.open(layout.LOWER)
            self.add(*self.pattern.lower(entry))
            self.open(layout.UPPER)
            self.add(*self.pattern.upper(entry))

    def stream_value(self, index: int) -> None:
        node, row, terms = self.sweep.values[index]
        paid = any(payoff for _, _, payoff in terms)
        self.add(layout.SUM_PAID if paid else layout.SUM, row, len(terms))
        for probability, value, payoff in terms:
            self.add(self.sweep.likely_at(node, probability), value, *([payoff] if paid else []))

    def stream_response(self, infoset: int) -> None:
        choices, members = self.sweep.choices[infoset], len(self.sweep.nodes_of[infoset])
        odds = self.sweep.fresh_row(infoset)
        weight = self.sweep.rows[layout.WEIGHT] + self.sweep.weight_of.get(infoset, 0)
        first = self.sweep.likely(self.sweep.first_action[infoset])
        self.add(layout.RESPOND, first, choices, odds, weight, members)
        for action in range(choices):
            for member in range(members):
                self.add(*self.sweep.choice[infoset][member * choices + action])

    def static_reach(self) -> list[int]:
        static: list[int] = []
        for terms in self.sweep.reach_terms:
            depends = any(not static[source] or 0 <= p < self.sweep.game.actions for source, p in terms)
            static.append(int(not depends))
        return static


def _integers(numbers: Iterable[int]) -> Integers:
    array = np.array(list(numbers), dtype=np.int32)
    array.setflags(write=False)
    return array
