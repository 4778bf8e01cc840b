"""``compare``, ``quantities`` and ``expected``: what is asked of the model.

What lives here: policies, criteria, quantities, published numbers. What may not: answering.
"""

from __future__ import annotations

from types import MappingProxyType

from parley.scenario.declared import Declared, Subject
from parley.scenario.expression import Context
from parley.scenario.model import Comparison, Criterion, Expectation, Expression, Policy, Quantity, Rule
from parley.scenario.names import canonical, label_key
from parley.scenario.published import CONCEPTS
from parley.scenario.syntax import Call, Kind
from parley.scenario.values import Fields, Reader, listed
from parley.scenario.yaml import Entry, Mapping, Scalar, Sequence, Value

__all__ = ["read_comparison", "read_expectations", "read_quantities", "read_source", "read_values"]


def read_comparison(reader: Reader, declared: Declared, value: Value) -> Comparison | None:
    """Read ``compare``: whose policies are compared, by what, and which is recommended."""
    fields = reader.fields(value, "comparison")
    if fields is None:
        return None
    player: str | None = None
    written = fields.get("player")
    if written is not None:
        scalar = reader.scalar(written, "`player`")
        player = reader.choose(scalar, declared.players, "player", "P230") if scalar is not None else None
    policies: dict[str, Policy] = {}
    given = fields.get("policies")
    entries = (
        reader.named(given, "`policies`", "status quo: {posture: as usual}") if given is not None else []
    )
    for entry in entries:
        policies[entry.key.value] = _policy(reader, declared, player, entry)
    if given is not None and isinstance(given, Mapping) and not given.entries:
        reader.fault(
            "P211", given.span, "`policies` is empty; it must name a policy", "Write `uncommitted: free`."
        )
    recommend: str | None = None
    chosen = fields.get("recommend")
    if chosen is not None:
        scalar = reader.scalar(chosen, "`recommend`")
        recommend = reader.choose(scalar, declared.policies, "policy", "P713") if scalar is not None else None
    by = _criteria(reader, fields, player)
    if player is None or recommend is None or not policies:
        return None
    return Comparison(player, MappingProxyType(policies), recommend, by, fields.span)


def _criteria(reader: Reader, fields: Fields, player: str | None) -> tuple[Criterion, ...]:
    value = fields.get("by")
    if value is None:
        if player is None:
            return ()
        span = fields.key("player")
        scalar = Scalar(f"payoff({player})", True, False, span)
        expression = reader.expression(scalar, "the payoff", Context.QUANTITY)
        return () if expression is None else (Criterion(expression, True, None, span),)
    if isinstance(value, Scalar) and len(parts := _parts(value)) > 1:
        shown = ", ".join(f'"{part}"' if "," in part else part for part in parts)
        message = "`by` names several quantities, but this is a single value"
        reader.fault("P210", value.span, message, f"Put several in a list: `[{shown}]`.")
        return ()
    items = value.items if isinstance(value, Sequence) else (value,)
    found: list[Criterion] = []
    for item in items:
        higher, text = True, None
        written: Value | None = item
        if isinstance(item, Mapping):
            inner = reader.fields(item, "criterion")
            if inner is None:
                continue
            written = inner.get("quantity")
            higher = reader.one_of(inner.get("better"), "`better`", ("higher", "lower")) != "lower"
            text = reader.text(inner.get("text"), "`text`")
        expression = reader.expression(written, "a criterion", Context.QUANTITY)
        if expression is not None:
            _direction(reader, item, expression)
            found.append(Criterion(expression, higher, text, item.span))
    if isinstance(value, Sequence) and not value.items:
        reader.fault(
            "P211", value.span, "`by` is empty; it must name a quantity", "Write `by: [payoff(us)]`."
        )
    return tuple(found)


def _parts(scalar: Scalar) -> list[str]:
    """Return what stands between the commas outside of parentheses; one part when it is a number."""
    parts, depth = [""], 0
    for letter in scalar.value:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    parts = [part.strip() for part in parts]
    return parts if all("(" in part for part in parts) else [scalar.value]


def _direction(reader: Reader, item: Value, expression: Expression) -> None:
    """Note a chance of which nobody said whether less of it is better."""
    root = expression.root
    if isinstance(item, Scalar) and isinstance(root, Call) and root.function == "P":
        source = expression.source.replace('"', "'")
        shown = f'quantity: "{source}", better:'
        reader.fault(
            "P935",
            item.span,
            "more of this chance counts as better",
            f"Write `{{{shown} lower}}` if less is better, or `{{{shown} higher}}` to say so.",
        )


def _policy(reader: Reader, declared: Declared, player: str | None, entry: Entry) -> Policy:
    name, value, span = entry.key.value, entry.value, entry.key.span
    if isinstance(value, Scalar):
        if value.value.strip() != "free":
            reader.fault(
                "P710",
                value.span if not value.null else span,
                f"the policy `{name}` must be a map, a list of rules, or `free`",
                _fixed(declared, player, value.value),
            )
        return Policy(name, (), False, span)
    rules: list[Rule] = []
    intended = False
    if isinstance(value, Sequence):
        for item in value.items:
            fields = reader.fields(item, "rule")
            if fields is None:
                continue
            written, play = fields.get("move"), fields.get("play")
            scalar = reader.scalar(written, "`move`") if written is not None else None
            when = reader.expression(fields.get("when"), "`when`", Context.CONDITION)
            move = _move(reader, declared, player, scalar) if scalar is not None else None
            mix = _mix(reader, declared, move, play) if move is not None and play is not None else None
            if move is not None and mix:
                rules.append(Rule(move, MappingProxyType(mix), when, item.span))
        return Policy(name, tuple(rules), False, span)
    found = reader.fields(value, "policy")
    if found is not None:
        flag = reader.one_of(found.get("intended"), "`intended`", ("true", "false"))
        intended = flag == "true"
        for fixed in found.others:
            move = _move(reader, declared, player, fixed.key)
            mix = _mix(reader, declared, move, fixed.value) if move is not None else None
            if move is not None and mix:
                rules.append(Rule(move, MappingProxyType(mix), None, fixed.key.span))
    return Policy(name, tuple(rules), intended, span)


def _fixed(declared: Declared, player: str | None, written: str) -> str:
    """Say how a policy fixes a move, in the names of the scenario."""
    own = [
        (name, subject.labels)
        for name, subject in declared.subjects.items()
        if subject.step == "move" and subject.labels and _mover(declared, subject) == player
    ]
    wanted = label_key(written)
    for name, labels in own:
        for label in labels:
            if label_key(label) == wanted:
                return f"Write `{{{name}: {label}}}`."
    example = f"{own[0][0]}: {own[0][1][0]}" if own else "posture: pause"
    return f"Write `{{{example}}}`, or `free` when nothing is fixed."


def _move(reader: Reader, declared: Declared, player: str | None, scalar: Scalar) -> str | None:
    """Return the focal player's move that is meant."""
    moves = {name: subject for name, subject in declared.subjects.items() if subject.step == "move"}
    own = {name: subject for name, subject in moves.items() if _mover(declared, subject) == player}
    wanted = canonical(scalar.value)
    for name, subject in moves.items():
        if player is not None and canonical(name) == wanted and name not in own:
            hint = f"A policy fixes moves of the player that is compared: {listed(own)}."
            message = f"`{name}` is a move of `{subject.player}`, not of `{player}`"
            reader.fault("P711", scalar.span, message, hint)
            return None
    holder = next((name for name, each in own.items() if wanted in map(canonical, each.labels)), None)
    if holder is not None and wanted not in map(canonical, own):
        message = f"`{scalar.value}` is no move but an option of `{holder}`"
        reader.fault("P712", scalar.span, message, f"Write `{holder}: {scalar.value}`.")
        return None
    return reader.choose(scalar, own or moves, f"move of `{player}`" if player else "move", "P712")


def _mover(declared: Declared, subject: Subject) -> str | None:
    wanted = canonical(subject.player or "")
    return next((name for name in declared.players if canonical(name) == wanted), None)


def _mix(reader: Reader, declared: Declared, move: str, value: Value) -> dict[str, float] | None:
    """Read one option, or a map from options to chances."""
    labels = declared.subjects[move].labels
    if not isinstance(value, Mapping):
        scalar = reader.scalar(value, f"what is played at `{move}`")
        label = reader.choose(scalar, labels, f"option of `{move}`", "P233") if scalar is not None else None
        return None if label is None else {label: 1.0}
    weights = reader.weights(value, f"the chances at `{move}`")
    mix: dict[str, float] = {}
    for place, entry in enumerate(reader.named(value, f"the chances at `{move}`")):
        label = reader.choose(entry.key, labels, f"option of `{move}`", "P233")
        if label is not None and weights is not None and place < len(weights):
            mix[label] = weights[place]
    return mix if weights is not None else None


def read_quantities(reader: Reader, declared: Declared, value: Value) -> dict[str, Quantity]:
    """Read ``quantities``: what is reported, under every policy."""
    found: dict[str, Quantity] = {}
    for entry in reader.named(value, "`quantities`", "p war: P(war)"):
        name, written, text = entry.key.value, entry.value, None
        if isinstance(written, Mapping):
            fields = reader.fields(written, "quantity")
            if fields is None:
                continue
            text = reader.text(fields.get("text"), "`text`")
            expression = reader.expression(fields.get("quantity"), "`quantity`", Context.QUANTITY)
        else:
            expression = reader.expression(written, f"`{name}`", Context.QUANTITY)
        if expression is not None:
            found[name] = Quantity(name, expression, text, entry.key.span)
    return found


def read_expectations(reader: Reader, declared: Declared, value: Value) -> tuple[Expectation, ...]:
    """Read ``expected``: published numbers that the scenario must reproduce."""
    example = "[{quantity: P(war), value: 0.3, tolerance: 0.01}]"
    sequence = reader.sequence(value, "`expected`", example)
    found: list[Expectation] = []
    for item in sequence.items if sequence is not None else ():
        fields = reader.fields(item, "expectation")
        if fields is None:
            continue
        expression = reader.expression(fields.get("quantity"), "`quantity`", Context.QUANTITY)
        number = reader.number(fields.get("value"), "`value`")
        tolerance = reader.number(fields.get("tolerance"), "`tolerance`")
        source = read_source(reader, declared, fields)
        if tolerance is not None and tolerance < 0:
            reader.fault("P740", fields.key("tolerance"), "a tolerance cannot be negative", "Write `1e-3`.")
        elif expression is not None and number is not None and tolerance is not None:
            found.append(
                Expectation(
                    expression,
                    number,
                    tolerance,
                    source,
                    item.span,
                    MappingProxyType(read_values(reader, declared, fields.get("set"))),
                    reader.one_of(fields.get("concept"), "`concept`", CONCEPTS) or CONCEPTS[0],
                    reader.text(fields.get("text"), "`text`"),
                )
            )
    return tuple(found)


def read_values(reader: Reader, declared: Declared, value: Value | None) -> dict[str, str | float]:
    """Read numbers of parameters and options of switches, as a published number or a sweep sets them."""
    found: dict[str, str | float] = {}
    switches = declared.of(Kind.SWITCH)
    entries = reader.named(value, "`set`", "{p: 0.3}") if value is not None else []
    for entry in entries:
        name = reader.choose(entry.key, [*declared.parameters, *switches], "parameter or switch", "P231")
        if name is None:
            continue
        if name not in switches:
            number = reader.number(entry.value, f"`{name}`")
            if number is not None:
                found[name] = number
            continue
        scalar = reader.scalar(entry.value, f"`{name}`")
        if scalar is not None:
            option = reader.choose(scalar, switches[name].labels, f"option of `{name}`", "P234")
            if option is not None:
                found[name] = option
    return found


def read_source(reader: Reader, declared: Declared, fields: Fields) -> str | None:
    """Read ``source``: the name of an entry of ``sources``."""
    value = fields.get("source")
    scalar = reader.scalar(value, "`source`") if value is not None else None
    return reader.choose(scalar, declared.sources, "source", "P703") if scalar is not None else None
