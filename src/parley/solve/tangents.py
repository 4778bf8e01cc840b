"""The order in which a sweep is differentiated.

What lives here: which beliefs, values and responses depend on what, and the stream ``TANGENTS`` of
:mod:`parley.solve.kernels.layout`. What may not: arithmetic.

A *source* is one action of the state. Its column tells how a sweep changes when the action becomes likelier
by a small factor and no other action changes; the columns of an information set's log-odds are combinations
of those of its actions. A likelier action shifts the beliefs of the information sets below it, and each
shift runs up the game from there. A source therefore consists of shifts; those that earlier sources have in
common with it are added up from their columns, up to sign, and only the others are worked out. In a game of
rounds few are.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from parley.solve.kernels import layout
from parley.solve.sweep import RESPONSE, VALUE, Sweep

__all__ = ["Derivative", "differentiated"]

LIMIT = 8_000_000  # terms of a derivative, beyond which it is not laid out
UNIT = -2  # room of a derivative that is 1


@dataclass(slots=True)
class Source:
    """One column. ``infoset`` is -1 for the share of lambda."""

    infoset: int
    action: int  # among those of the information set
    logs: dict[int, int] = field(default_factory=dict)  # reach row -> UNIT, or room for dlog reach
    reach: list[int] = field(default_factory=list)  # reach rows with room of their own, in order
    shifts: dict[int, tuple[int, ...]] = field(default_factory=dict)  # information set -> whose reach grows
    own: list[int] = field(default_factory=list)  # information sets whose shifts are worked out
    parts: list[tuple[int, int]] = field(default_factory=list)  # (sign, number of an earlier source)
    steps: list[tuple[int, int]] = field(default_factory=list)  # kind, index
    values: set[int] = field(default_factory=set)  # value rows
    responses: set[int] = field(default_factory=set)  # information sets
    place: dict[int, int] = field(default_factory=dict)  # equation -> number in the room for columns


class Derivative:
    """All columns of a sweep."""

    def __init__(self, sweep: Sweep, order: list[tuple[int, int, int]]) -> None:
        self.sweep = sweep
        self.core = [(kind, index) for stage, kind, index in order if stage == 1]
        self.terms = 0
        self.places = 0  # of all columns
        self.sources: list[Source] = []
        self.source_of: dict[tuple[int, int], int] = {}
        self.sharing: dict[int, list[int]] = defaultdict(list)  # information set -> sources that shift it
        self.rows: list[set[int]] = [set() for _ in range(sweep.size)]  # [equation] variables
        self.gaps: dict[tuple[int, int, int, int], int] = {}  # worth of two actions -> number of the gap
        self.index()

    def index(self) -> None:
        """Find who reads what."""
        sweep = self.sweep
        self.position = {step: place for place, step in enumerate(self.core)}
        self.readers: dict[int, list[int]] = defaultdict(list)
        self.valued: dict[int, list[int]] = defaultdict(list)
        for place, (kind, index) in enumerate(self.core):
            if kind == RESPONSE:
                reads = {value for value, _ in sweep.choice[index]}
            else:
                node, _, terms = sweep.values[index]
                reads = {value for _, value, _ in terms}
                if sweep.decides(node):
                    self.valued[sweep.infoset[node]].append(place)
            for row in reads:
                self.readers[row].append(place)
        self.by_action: dict[int, list[int]] = defaultdict(list)
        self.by_origin: dict[int, list[int]] = defaultdict(list)
        for row, paths in enumerate(sweep.reach_terms):
            for origin, probability in paths:
                self.by_origin[origin].append(row)
                self.by_action[probability].append(row)
        self.by_reach: dict[int, list[int]] = defaultdict(list)
        for infoset in sweep.weighed():
            for node in sweep.nodes_of[infoset]:
                self.by_reach[sweep.reach_of[node]].append(infoset)

    def trace(self) -> bool:
        """Work out all columns, those of late moves first; returns whether they stay within the limit."""
        for infoset in self.sweep.state_order:
            for action in range(self.sweep.choices[infoset]):
                self.add(Source(infoset, action))
                if self.terms > LIMIT:
                    return False
            self.combine(infoset)
        self.time = Source(-1, 0)
        self.follow_steps(self.time, [k for k, (kind, _) in enumerate(self.core) if kind == RESPONSE])
        self.find_gaps()
        return self.terms <= LIMIT

    def find_gaps(self) -> None:
        """Give numbers to the differences of worth that columns share."""
        sweep = self.sweep
        for source in [*self.sources, self.time]:
            for kind, index in source.steps:
                if kind == VALUE and self.tilts(index):
                    self.gap(*sweep.values[index][2][1][1:], *sweep.values[index][2][0][1:])
            for infoset in source.own:
                if sweep.choices[infoset] == 2:
                    pairs = sweep.choice[infoset]
                    for one, other in zip(pairs[::2], pairs[1::2], strict=True):
                        self.gap(*other, *one)

    def gap(self, value: int, payoff: int, other: int, paid: int) -> int:
        """Return the number of a difference of worth."""
        return self.gaps.setdefault((value, payoff, other, paid), len(self.gaps))

    def tilts(self, index: int) -> bool:
        """Whether a value is that of a node at which one of two actions is chosen, as the sweep has it."""
        node, _, terms = self.sweep.values[index]
        return (
            len(terms) == 2 and self.sweep.decides(node) and self.sweep.infoset[node] not in self.sweep.lagged
        )

    def add(self, source: Source) -> None:
        """Work out the column of a source."""
        number = len(self.sources)
        self.follow_reach(source)
        self.find_shifts(source)
        self.divide(source)
        lags = source.infoset in self.sweep.lagged
        places = [self.position[RESPONSE, each] for each in source.own if (RESPONSE, each) in self.position]
        self.follow_steps(source, places + (self.valued[source.infoset] if lags else []))
        equations = {row for _, part in source.parts for row in self.sources[part].place}
        for infoset in source.responses & self.sweep.state:
            equations.update(self.equations(infoset))
        for row in sorted(equations):
            source.place[row] = self.places
            self.places += 1
        self.terms += len(equations)
        self.sources.append(source)
        self.source_of[source.infoset, source.action] = number
        if not lags and not source.reach:
            for infoset in source.shifts:
                self.sharing[infoset].append(number)

    def equations(self, infoset: int) -> range:
        """Numbers of an information set's log-odds."""
        first = self.sweep.odds_of[infoset]
        return range(first, first + self.sweep.choices[infoset] - 1)

    def combine(self, infoset: int) -> None:
        """Note where the columns of an information set's log-odds are not zero."""
        for action in range(self.sweep.choices[infoset]):
            for row in self.sources[self.source_of[infoset, action]].place:
                self.rows[row].update(self.equations(infoset))

    # --- what depends on a source -------------------------------------------------------------------------

    def follow_reach(self, source: Source) -> None:
        """Find the nodes whose reach grows, by the same factor (UNIT) or by one of their own."""
        sweep = self.sweep
        number = sweep.first_action[source.infoset] + source.action
        heap = sorted(set(self.by_action[number]))
        known = set(heap)
        while heap:
            row = heapq.heappop(heap)
            rooms = [
                {source.logs.get(origin), UNIT if p == number else None} - {None}
                for origin, p in sweep.reach_terms[row]
            ]
            if all(each == {UNIT} for each in rooms):
                source.logs[row] = UNIT
            else:
                source.logs[row] = row
                source.reach.append(row)
                self.terms += len(rooms)
            for user in self.by_origin[row]:
                if user not in known:
                    known.add(user)
                    heapq.heappush(heap, user)

    def find_shifts(self, source: Source) -> None:
        """Find the information sets whose beliefs change."""
        touched = {infoset for row in source.logs for infoset in self.by_reach[row]}
        for infoset in sorted(touched):
            rooms = [source.logs.get(self.sweep.reach_of[node], -1) for node in self.sweep.nodes_of[infoset]]
            if len(set(rooms)) > 1:
                source.shifts[infoset] = tuple(rooms)

    def divide(self, source: Source) -> None:
        """Compose the shifts of those of earlier sources, as far as that goes."""
        left = dict(source.shifts)
        for infoset in source.shifts if not source.reach else ():
            if infoset not in left:
                continue
            for number in reversed(self.sharing[infoset]):
                sign = self.alike(left, self.sources[number].shifts)
                if sign:
                    source.parts.append((sign, number))
                    for each in self.sources[number].shifts:
                        del left[each]
                    break
        source.own = sorted(left)
        self.terms += sum(len(left[infoset]) for infoset in left)

    @staticmethod
    def alike(left: dict[int, tuple[int, ...]], shifts: dict[int, tuple[int, ...]]) -> int:
        """Return 1 or -1 when all shifts are among those left, or their opposites; else 0."""
        sign = 0
        for infoset, rooms in shifts.items():
            other = left.get(infoset)
            if other is None:
                return 0
            fits = (
                1
                if rooms == other
                else -1
                if all((a == UNIT) != (b == UNIT) for a, b in zip(rooms, other, strict=True))
                else 0
            )
            if not fits or sign not in (0, fits):
                return 0
            sign = fits
        return sign

    def follow_steps(self, source: Source, places: list[int]) -> None:
        """Find the values and responses that change."""
        sweep = self.sweep
        heap = sorted(set(places))
        known = set(heap)

        def push(users: list[int]) -> None:
            for user in users:
                if user not in known:
                    known.add(user)
                    heapq.heappush(heap, user)

        while heap:
            place = heapq.heappop(heap)
            kind, index = self.core[place]
            source.steps.append((kind, index))
            if kind == RESPONSE:
                source.responses.add(index)
                self.terms += len(sweep.choice[index])
                if index not in sweep.lagged:
                    push(self.valued[index])
            else:
                row = sweep.values[index][1]
                source.values.add(row)
                self.terms += len(sweep.values[index][2])
                push(self.readers[row])

    # --- the stream ----------------------------------------------------------------------------------------

    def stream(self, entry: Callable[[int, int], int]) -> list[int]:
        """Return ``TANGENTS``; ``entry`` tells the desk row of (equation, variable)."""
        sweep = self.sweep
        stream = [layout.D_ONES, sweep.size, *(entry(row, row) for row in range(sweep.size))]
        stream += [layout.D_GAPS, len(self.gaps)]
        for pair, number in self.gaps.items():
            stream += [sweep.slope_gaps + number, *pair]
        for source in self.sources:
            place = source.place

            def target(row: int, place: dict[int, int] = place) -> int:
                return sweep.rows[layout.COLUMN] + place[row]

            self.stream_reach(stream, source)
            self.stream_steps(stream, source, target)
            self.stream_parts(stream, source, target)
            if source.action + 1 == sweep.choices[source.infoset]:
                self.stream_columns(stream, source.infoset, entry)
        self.stream_steps(stream, self.time, lambda row: sweep.rows[layout.TIMEWISE] + row)
        return stream

    def log_row(self, source: Source, reach_row: int) -> int:
        """Desk row of the derivative of a logarithm of reach, -1 for 0."""
        room = source.logs.get(reach_row)
        if room is None:
            return -1
        return self.sweep.likely(-1) if room == UNIT else self.sweep.slope_logs + room

    def stream_reach(self, stream: list[int], source: Source) -> None:
        """Differentiate reach, then the beliefs that are not composed."""
        sweep = self.sweep
        number = sweep.first_action[source.infoset] + source.action
        reach = sweep.rows[layout.REACH]
        for row in source.reach:
            terms = sweep.reach_terms[row]
            stream += [layout.D_ARRIVE, sweep.slope_logs + row, reach + row, len(terms)]
            for origin, probability in terms:
                stream += [reach + origin, sweep.likely_before(probability), self.log_row(source, origin)]
                stream.append(sweep.likely(-1) if probability == number else -1)
        for each in source.own:
            nodes = sweep.nodes_of[each]
            stream += [layout.D_BELIEVE, sweep.slope_weights + sweep.weight_of[each]]
            stream += [sweep.rows[layout.WEIGHT] + sweep.weight_of[each], len(nodes)]
            stream += [self.log_row(source, sweep.reach_of[node]) for node in nodes]

    def stream_steps(self, stream: list[int], source: Source, target: Callable[[int], int]) -> None:
        """Differentiate values and responses."""
        shifted = set(source.own)
        for kind, index in source.steps:
            if (
                kind == VALUE
                and self.tilts(index)
                and self.sweep.infoset[self.sweep.values[index][0]] in (source.responses)
            ):
                self.stream_tilt(stream, source, index)
            elif kind == VALUE:
                self.stream_value(stream, source, index)
            else:
                targets = [-1] * (self.sweep.choices[index] - 1)
                if index in self.sweep.state:
                    targets = [target(row) for row in self.equations(index)]
                if len(targets) == 1:
                    self.stream_lean(stream, source, index, index in shifted, targets[0])
                else:
                    self.stream_response(stream, source, index, index in shifted)
                    stream += targets

    def stream_tilt(self, stream: list[int], source: Source, index: int) -> None:
        """Differentiate the value of a node with two actions, whose probabilities change."""
        sweep = self.sweep
        _, row, terms = sweep.values[index]
        inner = [(p, value) for p, value, _ in terms if value in source.values]
        gap = self.gap(*terms[1][1:], *terms[0][1:])
        stream += [layout.D_TILT, sweep.slope_values + row, sweep.slope_gaps + gap]
        stream += [sweep.slope_actions + terms[1][0], len(inner)]
        for probability, value in inner:
            stream += [sweep.likely(probability), sweep.slope_values + value]

    def stream_lean(
        self, stream: list[int], source: Source, infoset: int, shifted: bool, target: int
    ) -> None:
        """Differentiate the response of an information set with two actions."""
        sweep = self.sweep
        first, pairs = sweep.first_action[infoset], sweep.choice[infoset]
        members = len(pairs) // 2
        weights = [sweep.rows[layout.WEIGHT] + sweep.weight_of.get(infoset, 0) + m for m in range(members)]
        if members == 1:
            weights = [sweep.likely(-1)]
        stream += [layout.D_LEAN, sweep.likely(first), sweep.fresh_row(infoset) if source.infoset < 0 else -1]
        stream += [sweep.slope_actions + first + 1, target, members if shifted else 0]
        if shifted:
            for m in range(members):
                gap = self.gap(*pairs[2 * m + 1], *pairs[2 * m])
                stream += [sweep.slope_weights + sweep.weight_of[infoset] + m, sweep.slope_gaps + gap]
        for action in (1, 0):
            values = [(weights[m], pairs[2 * m + action][0]) for m in range(members)]
            inner = [(weight, value) for weight, value in values if value in source.values]
            stream.append(len(inner))
            for weight, value in inner:
                stream += [weight, sweep.slope_values + value]

    def stream_value(self, stream: list[int], source: Source, index: int) -> None:
        """Differentiate a value; only terms that change are listed."""
        sweep = self.sweep
        node, row, terms = sweep.values[index]
        infoset = sweep.infoset[node] if sweep.decides(node) else -1
        pieces: list[int] = []
        count = 0
        for probability, value, payoff in terms:
            slope = -1
            if infoset in sweep.lagged:
                if infoset == source.infoset and probability == sweep.first_action[infoset] + source.action:
                    slope = sweep.likely_before(probability)
            elif infoset in source.responses:
                slope = sweep.slope_actions + probability
            inner = sweep.slope_values + value if value in source.values else -1
            if slope >= 0 or inner >= 0:
                count += 1
                pieces += [sweep.likely_at(node, probability), value, payoff, slope, inner]
        stream += [layout.D_SUM, sweep.slope_values + row, count, *pieces]

    def stream_response(self, stream: list[int], source: Source, infoset: int, shifted: bool) -> None:
        """Differentiate a response, up to the rows that take the derivatives of its log-odds."""
        sweep = self.sweep
        choices, members = sweep.choices[infoset], len(sweep.nodes_of[infoset])
        first, weight = sweep.first_action[infoset], sweep.weight_of.get(infoset, 0)
        stream += [layout.D_RESPOND, sweep.likely(first), choices]
        stream += [sweep.fresh_row(infoset) if source.infoset < 0 else -1]
        stream += [sweep.rows[layout.WEIGHT] + weight, members]
        stream += [sweep.slope_weights + weight if shifted else -1, sweep.slope_actions + first]
        for action in range(choices):
            for member in range(members):
                value, payoff = sweep.choice[infoset][member * choices + action]
                stream += [value, payoff, sweep.slope_values + value if value in source.values else -1]

    def stream_parts(self, stream: list[int], source: Source, target: Callable[[int], int]) -> None:
        """Add the columns of which a source is composed."""
        for sign, number in source.parts:
            part = self.sources[number].place
            stream += [layout.D_ADD, sign, len(part)]
            for row, place in part.items():
                stream += [target(row), self.sweep.rows[layout.COLUMN] + place]

    def stream_columns(self, stream: list[int], infoset: int, entry: Callable[[int, int], int]) -> None:
        """Combine the columns of an information set's actions to those of its log-odds."""
        sweep = self.sweep
        places = [
            self.sources[self.source_of[infoset, action]].place for action in range(sweep.choices[infoset])
        ]
        room = sweep.rows[layout.COLUMN]
        for k, variable in enumerate(self.equations(infoset), start=1):
            rows = sorted({row for place in places for row in place})
            stream += [layout.D_COLUMN, sweep.mix_row(infoset) + k, len(rows)]
            for row in rows:
                sources = [room + place[row] for place in places if row in place]
                mine = room + places[k][row] if row in places[k] else -1
                stream += [entry(row, variable), mine, len(sources), *sources]


def differentiated(sweep: Sweep, order: list[tuple[int, int, int]]) -> Derivative | None:
    """Work out the derivative of a sweep, or None where it would be too long."""
    derivative = Derivative(sweep, order)
    return derivative if derivative.trace() else None
