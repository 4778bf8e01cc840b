"""``story``: the steps.

What lives here: one reader per kind of step. What may not: checks that need the whole story.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

from parley.scenario.declared import Declared, step_kind
from parley.scenario.expression import Context
from parley.scenario.keys import SHAPES, STEPS
from parley.scenario.model import (
    Clock,
    Ending,
    Endings,
    Expression,
    Group,
    Move,
    Nature,
    Race,
    Repeat,
    Reveal,
    Reward,
    Signal,
    Simultaneous,
    Step,
    Update,
)
from parley.scenario.names import canonical
from parley.scenario.sections.forever import is_forever, read_discount, superfluous_discount
from parley.scenario.sections.options import (
    option_of,
    read_chances,
    read_nature_options,
    read_options,
    read_plain_options,
)
from parley.scenario.sections.people import read_seen_by
from parley.scenario.syntax import Kind
from parley.scenario.trees import constant
from parley.scenario.values import Fields, Reader, listed
from parley.scenario.yaml import Mapping, Scalar, Sequence, Value

__all__ = ["REPEAT_LIMIT", "STEP_LIMIT", "read_story"]

STEP_LIMIT = 500
REPEAT_LIMIT = 100
_HEADS = frozenset(shape.keys[0].name for shape in STEPS if shape.name != "group")


class _Story:
    """Reads steps, counting them."""

    def __init__(self, reader: Reader, declared: Declared) -> None:
        self.reader = reader
        self.declared = declared
        self.count = 0

    def steps(self, value: Value | None, what: str) -> tuple[Step, ...]:
        if value is None:
            return ()
        sequence = self.reader.sequence(value, what, "- player: us")
        found: list[Step] = []
        for item in sequence.items if sequence is not None else ():
            self.count += 1
            if self.count == STEP_LIMIT + 1:
                self.reader.fault(
                    "P171",
                    item.span,
                    f"the story has more than {STEP_LIMIT} steps",
                    "Use `repeat` for rounds.",
                )
            step = self.step(item)
            if step is not None:
                found.append(step)
        if sequence is not None and not sequence.items:
            self.reader.fault(
                "P211", value.span, f"{what} is empty; it must hold steps", "Write `- player: us` ..."
            )
        return tuple(found)

    def step(self, value: Value) -> Step | None:
        mapping = self.reader.mapping(value, "a step of the story", "- player: us")
        if mapping is None:
            return None
        kind = step_kind(mapping)
        if kind is None:
            self._no_kind(mapping)
            return None
        self._second_head(mapping, kind)
        if kind == "nature":
            mapping = self._chance(mapping)
        fields = self.reader.fields(mapping, kind, extra=_HEADS)
        if fields is None:
            return None
        when = self.reader.expression(fields.get("when"), "`when`", Context.CONDITION)
        return _READERS[kind](self, fields, when)

    def _no_kind(self, mapping: Mapping) -> None:
        heads = [shape.keys[0].name for shape in STEPS if shape.name != "group"]
        first = mapping.entries[0].key if mapping.entries else None
        self.reader.fault(
            "P501",
            first.span if first is not None else mapping.span,
            "this step does not say what happens",
            f"A step begins with one of {listed(heads, 20)}, or has a `story` of its own.",
        )

    def _chance(self, mapping: Mapping) -> Mapping:
        """Report `chance` in the place of `nature`, and return the step as it is meant."""
        names = [canonical(entry.key.value) for entry in mapping.entries]
        if "nature" in names or "chance" not in names:
            return mapping
        entry = mapping.entries[names.index("chance")]
        name = entry.value.value if isinstance(entry.value, Scalar) else "..."
        message = "what chance decides is a step `nature`, not `chance`"
        self.reader.fault("P201", entry.key.span, message, f"Write `- nature: {name}`.")
        meant = replace(entry, key=replace(entry.key, value="nature"))
        return replace(mapping, entries=tuple(meant if each is entry else each for each in mapping.entries))

    def _second_head(self, mapping: Mapping, kind: str) -> None:
        own = SHAPES[kind].names
        for entry in mapping.entries:
            name = canonical(entry.key.value)
            if name in _HEADS and name not in own:
                self.reader.fault(
                    "P502",
                    entry.key.span,
                    f"`{name}` begins another step, but this is still {SHAPES[kind].article}",
                    "Put `- ` before it, in the column of the other steps.",
                )

    # --- one reader per kind ----------------------------------------------------------------------------

    def name(self, fields: Fields, key: str) -> str | None:
        value = fields.get(key)
        scalar = self.reader.scalar(value, f"`{key}`") if value is not None else None
        return None if scalar is None else scalar.value

    def seen_by(self, fields: Fields) -> tuple[str, ...] | None:
        return read_seen_by(self.reader, self.declared, fields.get("seen by"))

    def nature(self, fields: Fields, when: Expression | None) -> Step | None:
        name, value = self.name(fields, "nature"), fields.get("options")
        seen_by = self.seen_by(fields)
        if value is None:
            return None
        options, equal, weight = read_nature_options(self.reader, value, f"the options of `{name}`")
        if name is None:
            return None
        return Nature(name, options, equal, weight, seen_by, when, fields.key("nature"))

    def move(self, fields: Fields, when: Expression | None) -> Move | None:
        name, value, player = self.name(fields, "move"), fields.get("options"), fields.get("player")
        seen_by = self.seen_by(fields)
        scalar = self.reader.scalar(player, "`player`") if player is not None else None
        mover = (
            self.reader.choose(scalar, self.declared.players, "player", "P230")
            if scalar is not None
            else None
        )
        if value is None:
            return None
        options = read_options(self.reader, value, f"the options of `{name}`")
        if name is None or mover is None:
            return None
        return Move(mover, name, options, seen_by, when, fields.key("move"))

    def simultaneous(self, fields: Fields, when: Expression | None) -> Step | None:
        value = fields.get("simultaneous")
        sequence = (
            self.reader.sequence(value, "`simultaneous`", "- {player: a, move: x, ...}") if value else None
        )
        moves: list[Move] = []
        for item in sequence.items if sequence is not None else ():
            mapping = self.reader.mapping(item, "a move", "- player: us")
            if mapping is None:
                continue
            kind = step_kind(mapping)
            if kind != "move":
                self.reader.fault(
                    "P503",
                    mapping.entries[0].key.span if mapping.entries else item.span,
                    "only players' moves can be simultaneous",
                    "Put this step before or after the `simultaneous` one.",
                )
                continue
            inner = self.reader.fields(mapping, "move")
            if inner is not None:
                own = self.reader.expression(inner.get("when"), "`when`", Context.CONDITION)
                move = self.move(inner, own)
                moves += [move] if move is not None else []
        if sequence is not None and len(sequence.items) < 2:
            self.reader.fault(
                "P504",
                fields.key("simultaneous"),
                "a simultaneous step needs at least two moves",
                "With one move, write the move itself as the step.",
            )
        return Simultaneous(tuple(moves), when, fields.key("simultaneous"))

    def signal(self, fields: Fields, when: Expression | None) -> Step | None:
        name, seen_by = self.name(fields, "signal"), self.seen_by(fields)
        shown = fields.get("of")
        scalar = self.reader.scalar(shown, "`of`") if shown is not None else None
        pool = self.declared.observable()
        of = (
            self.reader.choose(scalar, pool, "variable, state or switch", "P231")
            if scalar is not None
            else None
        )
        error = self._error(fields, name)
        if of is None or name is None:
            return None
        if of == name:
            assert scalar is not None
            message = f"`{name}` cannot be a signal of itself"
            self.reader.fault(
                "P231", scalar.span, message, "Name the variable, state or switch that it tells of."
            )
            return None
        subject = self.declared.subjects.get(name)
        labels = subject.labels if subject is not None else pool[of].labels
        given = fields.get("options")
        options = (
            read_plain_options(self.reader, given, f"the options of `{name}`", least=2)
            if given is not None
            else ()
        )
        chances = self._chances(fields, of, pool[of].labels, labels)
        if "error" in fields and set(map(canonical, labels)) != set(map(canonical, pool[of].labels)):
            self.reader.fault(
                "P532",
                fields.key("options"),
                f"with `error`, the labels of `{name}` must be those of `{of}`",
                "Leave `options` out, or give `chances` for each truth.",
            )
        if not options:
            span = fields.key("signal")
            options = tuple(option_of(label, span) for label in labels)
        return Signal(name, of, options, error, chances, seen_by, when, fields.key("signal"))

    def _error(self, fields: Fields, name: str | None) -> Expression | None:
        forms = [key for key in ("error", "chances") if key in fields]
        if len(forms) != 1:
            self.reader.fault(
                "P530",
                fields.key(forms[1]) if forms else fields.key("signal"),
                f"the signal `{name}` has both `error` and `chances`"
                if forms
                else f"the signal `{name}` needs `error` or `chances`",
                "`error: 20%` is wrong in one case out of five; `chances` gives the labels for each truth.",
            )
        value = fields.get("error")
        error = self.reader.expression(value, "`error`", Context.CHANCE)
        number = constant(error.root) if error is not None else None
        if number is not None and value is not None and not 0 <= number <= 1:
            self.reader.fault(
                "P513",
                value.span,
                f"the error is {number:g}; a chance lies between 0 and 1",
                "Write `20%` or 0.2.",
            )
        return error

    def _chances(
        self, fields: Fields, of: str, truths: tuple[str, ...], labels: tuple[str, ...]
    ) -> MappingProxyType[str, tuple[Expression | None, ...]] | None:
        value = fields.get("chances")
        if value is None:
            return None
        rows: dict[str, tuple[Expression | None, ...]] = {}
        mapping = self.reader.mapping(value, "`chances`", "truth: {label: 70%, other: rest}")
        given: set[str] = set()
        for entry in self.reader.named(mapping, "`chances`") if mapping is not None else ():
            truth = self.reader.choose(entry.key, truths, f"value of `{of}`", "P234")
            row = read_chances(
                self.reader, entry.value, labels, f"`{entry.key.value}`", "label of the signal"
            )
            given.add(truth or "")
            if truth is None or row is None:
                continue
            found = {option.label: option for option in row}
            absent = [label for label in labels if label not in found]
            if absent and isinstance(entry.value, Mapping):
                self.reader.fault(
                    "P531",
                    entry.key.span,
                    f"when `{of}` is `{truth}`, the chance of `{absent[0]}` is not said",
                    f"Write `{absent[0]}: 0` if it cannot happen then.",
                )
                continue
            rows[truth] = tuple(found[label].chance for label in labels)
        missing = [truth for truth in truths if truth not in given]
        if mapping is not None and missing:
            self.reader.fault(
                "P531",
                fields.key("chances"),
                f"`chances` does not say what the signal shows when `{of}` is `{missing[0]}`",
                f"Write `{missing[0]}: {{...}}`.",
            )
        return MappingProxyType(rows)

    def race(self, fields: Fields, when: Expression | None) -> Step | None:
        name, seen_by = self.name(fields, "race"), self.seen_by(fields)
        value = fields.get("clocks")
        mapping = self.reader.mapping(value, "`clocks`", "strike: sigma") if value is not None else None
        entries = self.reader.named(mapping, f"the clocks of `{name}`") if mapping is not None else []
        clocks: list[Clock] = []
        for entry in entries:
            rate_value: Value | None = entry.value
            condition: Expression | None = None
            if isinstance(entry.value, Mapping):
                inner = self.reader.fields(entry.value, "clock")
                rate_value = inner.get("rate") if inner is not None else None
                if inner is not None:
                    condition = self.reader.expression(inner.get("when"), "`when`", Context.CONDITION)
            rate = self._positive(rate_value, f"the rate of `{entry.key.value}`", or_zero=True)
            if rate is not None:
                clocks.append(Clock(entry.key.value.strip(), rate, condition, entry.key.span))
        if mapping is not None and not entries:
            self.reader.fault(
                "P510", mapping.span, f"the clocks of `{name}` are empty", "Write `strike: sigma`."
            )
        horizon = self._positive(fields.get("horizon"), "the horizon", or_zero=False)
        otherwise = self.name(fields, "otherwise")
        if ("horizon" in fields) != ("otherwise" in fields):
            has, lacks = ("horizon", "otherwise") if "horizon" in fields else ("otherwise", "horizon")
            self.reader.fault(
                "P533",
                fields.key(has),
                f"the race `{name}` has `{has}` but no `{lacks}`",
                "`horizon` is the time after which nobody wins; `otherwise` names what happens then.",
            )
        if otherwise is not None and canonical(otherwise) in {canonical(clock.label) for clock in clocks}:
            self.reader.fault(
                "P220",
                fields.key("otherwise"),
                f"`{otherwise}` is the name of a clock already",
                "Choose another word for what happens when none rings.",
            )
        flow = self.by_player(fields.get("flow"), "`flow`")
        if name is None:
            return None
        return Race(name, tuple(clocks), horizon, otherwise, flow, seen_by, when, fields.key("race"))

    def _positive(self, value: Value | None, what: str, *, or_zero: bool) -> Expression | None:
        expression = self.reader.expression(value, what, Context.CHANCE)
        number = constant(expression.root) if expression is not None else None
        if value is not None and number is not None and (number < 0 or (number == 0 and not or_zero)):
            self.reader.fault(
                "P534",
                value.span,
                f"{what} is {number:g}; it must be {'0 or more' if or_zero else 'more than 0'}",
                "A rate is a number of events per unit of time; a horizon is a length of time.",
            )
        return expression

    def by_player(self, value: Value | None, what: str) -> MappingProxyType[str, Expression]:
        """Read a map from players to expressions."""
        found: dict[str, Expression] = {}
        mapping = self.reader.mapping(value, what, "us: -cost") if value is not None else None
        for entry in self.reader.named(mapping, what) if mapping is not None else ():
            player = self.reader.choose(entry.key, self.declared.players, "player", "P230")
            expression = self.reader.expression(entry.value, f"what `{entry.key.value}` gets", Context.REWARD)
            if player is not None and expression is not None:
                found[player] = expression
        return MappingProxyType(found)

    def repeat(self, fields: Fields, when: Expression | None) -> Step | None:
        value = fields.get("repeat")
        if is_forever(value):
            return self.forever(fields, when)
        if "discount" in fields:
            superfluous_discount(self.reader, fields)
        times = self.reader.integer(value, "`repeat`")
        if value is not None and times is not None and not 1 <= times <= REPEAT_LIMIT:
            self.reader.fault(
                "P505",
                value.span,
                f"`repeat` is {times}; it must be from 1 to {REPEAT_LIMIT}",
                "It is the largest number of rounds; `until` ends them earlier. `forever` has no last round.",
            )
        until = self.reader.expression(fields.get("until"), "`until`", Context.CONDITION)
        story = self.steps(fields.get("story"), "the story of `repeat`")
        counter = self.name(fields, "as")
        return None if times is None else Repeat(times, counter, until, story, when, fields.key("repeat"))

    def forever(self, fields: Fields, when: Expression | None) -> Step | None:
        discount = read_discount(self.reader, self.declared, fields)
        until = self.reader.expression(fields.get("until"), "`until`", Context.CONDITION)
        story = self.steps(fields.get("story"), "the story of `repeat`")
        if discount is None:
            return None
        return Repeat(0, None, until, story, when, fields.key("repeat"), discount)

    def group(self, fields: Fields, when: Expression | None) -> Step | None:
        story = self.steps(fields.get("story"), "the story of the group")
        return Group(story, when, fields.key("story"))

    def updates(self, fields: Fields, when: Expression | None) -> Step | None:
        value = fields.get("set")
        mapping = self.reader.mapping(value, "`set`", "set: {mood: angry}") if value is not None else None
        pool = self.declared.of(Kind.STATE)
        found: list[Update] = []
        entries = self.reader.named(mapping, "`set`") if mapping is not None else []
        for entry in entries:
            state = self.reader.choose(entry.key, pool, "state", "P235")
            if state is None:
                continue
            # Several updates share the condition through a group: the first might change what it tests.
            own = when if len(entries) == 1 else None
            if isinstance(entry.value, Mapping):
                what = f"the chances of `{state}`"
                options = read_chances(
                    self.reader, entry.value, pool[state].labels, what, f"value of `{state}`"
                )
                if options:
                    found.append(Update(state, None, options, own, entry.key.span))
                continue
            new = self._new_value(entry.value, state)
            if new is not None:
                found.append(Update(state, new, (), own, entry.key.span))
        if mapping is not None and not entries:
            self.reader.fault(
                "P211", mapping.span, "`set` is empty; it must name a state", "Write `set: {mood: angry}`."
            )
        if len(found) == 1 and len(entries) == 1:
            return found[0]
        return Group(tuple(found), when, fields.key("set")) if found else None

    def _new_value(self, value: Value, state: str) -> Expression | str | None:
        subject = self.declared.subjects[state]
        scalar = self.reader.scalar(value, f"the new value of `{state}`")
        if scalar is None:
            return None
        if not subject.numeric:
            return self.reader.choose(scalar, subject.labels, f"value of `{state}`", "P234")
        expression = self.reader.expression(scalar, f"the new value of `{state}`", Context.UPDATE)
        number = constant(expression.root) if expression is not None else None
        if number is not None and subject.labels:
            low, high = float(subject.labels[0]), float(subject.labels[-1])
            if not low <= number <= high or number != int(number):
                self.reader.fault(
                    "P540",
                    scalar.span,
                    f"`{state}` cannot become {number:g}: it is a whole number from {low:g} to {high:g}",
                    "Change the value, or `from` and `to` under `state`.",
                )
        return expression

    def reward(self, fields: Fields, when: Expression | None) -> Step | None:
        payoffs = self.by_player(fields.get("reward"), "`reward`")
        return Reward(payoffs, when, fields.key("reward"))

    def reveal(self, fields: Fields, when: Expression | None) -> Step | None:
        pool = self.declared.of(Kind.VARIABLE, Kind.STATE)
        names = self.reader.chosen(fields.get("reveal"), "`reveal`", pool, "variable or state", "P231")
        seen_by = read_seen_by(self.reader, self.declared, fields.get("to"), "`to`")
        return Reveal(names, seen_by, when, fields.key("reveal"))

    def endings(self, fields: Fields, when: Expression | None) -> Step | None:
        value = fields.get("outcomes")
        found: list[Ending] = []
        if isinstance(value, Mapping):
            for entry in self.reader.named(value, "`outcomes`"):
                written = entry.value
                always = isinstance(written, Scalar) and written.value.strip() in ("otherwise", "always")
                condition = None
                if not always:
                    what = f"the condition of `{entry.key.value}`"
                    condition = self.reader.expression(written, what, Context.CONDITION)
                if always or condition is not None:
                    found.append(Ending(self._outcome(entry.key), condition, entry.key.span))
        elif value is not None:
            for scalar in self.reader.scalars(value, "`outcomes`"):
                found.append(Ending(self._outcome(scalar), None, scalar.span))
        if isinstance(value, Mapping | Sequence) and not (
            value.entries if isinstance(value, Mapping) else value.items
        ):
            self.reader.fault(
                "P211", value.span, "`outcomes` is empty; it must name an ending", "Write `[war]`."
            )
        for ending, after in pairwise(found):
            if ending.when is None:
                self.reader.fault(
                    "P526",
                    after.span,
                    f"`{after.outcome}` can never be reached: `{ending.outcome}` before it always holds",
                    "Put the ending without a condition last.",
                )
                break
        return Endings(tuple(found), when, fields.key("outcomes"))

    def _outcome(self, scalar: Scalar) -> str:
        """Return the outcome in the spelling of its first mention."""
        wanted = canonical(scalar.value)
        return next((name for name in self.declared.outcomes if canonical(name) == wanted), scalar.value)


def read_story(reader: Reader, declared: Declared, value: Value) -> tuple[Step, ...]:
    """Read ``story``: a list of steps."""
    return _Story(reader, declared).steps(value, "`story`")


_READERS: dict[str, Callable[[_Story, Fields, Expression | None], Step | None]] = {
    "nature": _Story.nature,
    "move": _Story.move,
    "simultaneous": _Story.simultaneous,
    "signal": _Story.signal,
    "race": _Story.race,
    "repeat": _Story.repeat,
    "group": _Story.group,
    "set": _Story.updates,
    "reward": _Story.reward,
    "reveal": _Story.reveal,
    "outcomes": _Story.endings,
}
