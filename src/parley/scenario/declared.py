"""The names that a scenario declares, found before anything is parsed.

What lives here: one tolerant walk over the nodes that collects every name with its kind, place and labels,
and the faults that show at once: a name declared twice, two kinds under one name. What may not: reading
values.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from parley.scenario.grid import grid_labels, is_grid
from parley.scenario.keys import SHAPES
from parley.scenario.model import Span
from parley.scenario.names import canonical, label_key, suggest
from parley.scenario.syntax import Kind
from parley.scenario.values import Reader
from parley.scenario.yaml import Entry, Mapping, Scalar, Sequence, Value

__all__ = ["Declared", "Subject", "collect", "labels_of", "step_kind"]

_RESERVED_OUTCOMES = frozenset({"add", "otherwise", "rank"})
_STEP_HEADS = (
    "nature",
    "player",
    "move",
    "simultaneous",
    "signal",
    "race",
    "repeat",
    "set",
    "reward",
    "reveal",
    "outcomes",
)
_ON_OFF = ("on", "off")
_LARGEST_RANGE = 1_000


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that takes one of several labels: a variable, a state, a switch, a counter."""

    kind: Kind
    labels: tuple[str, ...]
    numeric: bool
    step: str  # the kind of step that sets it; "" for states and switches
    player: str | None
    span: Span


@dataclass(slots=True)
class Declared:
    """Declared names, in the order of the text."""

    players: dict[str, Span] = field(default_factory=dict)
    parameters: dict[str, Span] = field(default_factory=dict)
    definitions: dict[str, Span] = field(default_factory=dict)
    subjects: dict[str, Subject] = field(default_factory=dict)
    outcomes: dict[str, Span] = field(default_factory=dict)
    policies: dict[str, Span] = field(default_factory=dict)
    passages: dict[str, Span] = field(default_factory=dict)
    claims: dict[str, Span] = field(default_factory=dict)
    evidence: dict[str, Span] = field(default_factory=dict)
    sources: dict[str, Span] = field(default_factory=dict)
    taken: dict[str, tuple[str, Span]] = field(default_factory=dict)

    def of(self, *kinds: Kind) -> dict[str, Subject]:
        """Subjects of these kinds."""
        return {name: subject for name, subject in self.subjects.items() if subject.kind in kinds}

    def register(self, reader: Reader) -> None:
        """Make every name known to the parser of expressions."""
        names = reader.names
        for name, subject in self.subjects.items():  # first: what bears a name twice is reported once
            numeric = subject.numeric or (bool(subject.labels) and all(map(_is_number, subject.labels)))
            names.add(subject.kind, name, subject.span, subject.labels, numeric=numeric, step=subject.step)
        for pool, kind in (
            (self.players, Kind.PLAYER),
            (self.parameters, Kind.PARAMETER),
            (self.definitions, Kind.DEFINITION),
            (self.outcomes, Kind.OUTCOME),
            (self.policies, Kind.POLICY),
        ):
            for name, span in pool.items():
                names.add(kind, name, span)

    def observable(self) -> dict[str, Subject]:
        """Everything a signal can show: variables, states and switches."""
        return self.of(Kind.VARIABLE, Kind.STATE, Kind.SWITCH)


def _is_number(label: str) -> bool:
    try:
        return abs(float(label)) < float("inf")
    except ValueError:
        return False


def step_kind(mapping: Mapping) -> str | None:
    """Return which kind of step a map is, or None when it has none of their keys.

    Examples
    --------
    >>> key = Scalar("race", True, True, Span("x.md", 1, 1))
    >>> step_kind(Mapping((Entry(key, key),), False, key.span))
    'race'
    """
    names = [canonical(entry.key.value) for entry in mapping.entries]
    for name in names:
        if name in _STEP_HEADS:
            return "move" if name in ("player", "move") else name
    if "chance" in names:
        return "nature"
    if "story" in names:
        return "group"
    near = next((near for name in names if (near := suggest(name, _STEP_HEADS))), None)
    return "move" if near == "player" else near


def collect(sections: dict[str, Entry], reader: Reader) -> Declared:
    """Collect every declared name of the model.

    Parameters
    ----------
    sections
        The top-level entries.
    reader
        Takes note of names declared twice.
    """
    declared = Declared()
    walk = _Walk(declared, reader)
    for name, pool, kind in (
        ("players", declared.players, "player"),
        ("parameters", declared.parameters, "parameter"),
        ("define", declared.definitions, "definition"),
    ):
        for entry in _entries(sections.get(name)):
            if walk.take(entry.key, kind):
                pool[entry.key.value] = entry.key.span
    for entry in _entries(sections.get("switches")):
        walk.switch(entry)
    for entry in _entries(sections.get("state")):
        walk.state(entry)
    if "story" in sections:
        walk.story(sections["story"].value)
    walk.signals()
    for entry in _entries(_child(sections.get("compare"), "policies")):
        declared.policies.setdefault(entry.key.value, entry.key.span)
    for name, pool in (
        ("claims", declared.claims),
        ("evidence", declared.evidence),
        ("sources", declared.sources),
    ):
        for entry in _entries(sections.get(name)):
            pool.setdefault(entry.key.value, entry.key.span)
    return declared


def _entries(entry: Entry | None) -> tuple[Entry, ...]:
    return entry.value.entries if entry is not None and isinstance(entry.value, Mapping) else ()


def _child(entry: Entry | None, name: str) -> Entry | None:
    return next((item for item in _entries(entry) if canonical(item.key.value) == name), None)


def _scalar(value: Value | None) -> Scalar | None:
    return value if isinstance(value, Scalar) and not value.null else None


def labels_of(value: Value | None) -> tuple[str, ...]:
    """Return the labels in a list, in the keys of a map or on a grid, each once."""
    found: list[Scalar] = []
    if isinstance(value, Sequence):
        found = [item for item in value.items if isinstance(item, Scalar) and not item.null]
    elif isinstance(value, Mapping) and is_grid(value):
        labels = grid_labels(value)
        return labels if isinstance(labels, tuple) else ()
    elif isinstance(value, Mapping):
        found = [entry.key for entry in value.entries if not entry.key.null]
    seen: dict[str, str] = {}
    for scalar in found:
        seen.setdefault(label_key(scalar.value), scalar.value.strip())
    return tuple(seen.values())


def _parts(step: Mapping, kind: str | None) -> dict[str, Value]:
    """Return values by key; a misspelt key counts as the one that was probably meant."""
    parts = {canonical(entry.key.value): entry.value for entry in step.entries}
    known = SHAPES[kind].names if kind is not None else ()
    if kind == "nature" and "chance" in parts:
        parts.setdefault("nature", parts["chance"])
    for name in [name for name in parts if name not in known]:
        near = suggest(name, known)
        if near is not None and near not in parts:
            parts[near] = parts[name]
    return parts


class _Walk:
    """Fills a :class:`Declared`."""

    def __init__(self, declared: Declared, reader: Reader) -> None:
        self._declared = declared
        self._reader = reader
        self._signals: list[tuple[Scalar, Mapping]] = []

    def take(self, key: Scalar, kind: str) -> bool:
        """Claim a name for a kind; report it when it is taken (within one map its reader does)."""
        name = canonical(key.value)
        if not name:
            return False
        taken = self._declared.taken.get(name)
        if taken is None:
            self._declared.taken[name] = (kind, key.span)
            return True
        other, span = taken
        steps = ("variable", "counter")
        if other != kind or kind in steps:
            what = f"another {kind}" if other == kind else f"a {other}"
            self._reader.fault(
                "P222",
                key.span,
                f"`{key.value}` names {what} already",
                f"See line {span.line}; give one of the two another name.",
            )
        return False

    def subject(self, key: Scalar, kind: Kind, labels: tuple[str, ...], **more: str | bool | None) -> None:
        """Declare something that takes labels."""
        free = self.take(key, "variable" if kind is Kind.VARIABLE else kind.value)
        if not free and key.value in self._declared.subjects:
            return
        self._declared.subjects[key.value] = Subject(
            kind=kind,
            labels=labels,
            numeric=bool(more.get("numeric")),
            step=str(more.get("step") or ""),
            player=str(more["player"]) if more.get("player") else None,
            span=key.span,
        )

    def switch(self, entry: Entry) -> None:
        options = _child(entry, "options")
        labels = labels_of(options.value) if options is not None else ()
        self.subject(entry.key, Kind.SWITCH, labels or _ON_OFF)

    def state(self, entry: Entry) -> None:
        values, low, high = (_child(entry, name) for name in ("values", "from", "to"))
        if values is not None:
            self.subject(entry.key, Kind.STATE, labels_of(values.value))
            return
        ends: list[int] = []
        for end in (low, high):
            scalar = _scalar(end.value) if end is not None else None
            if scalar is not None and scalar.value.strip().lstrip("+-").isdecimal():
                ends.append(int(scalar.value))
        labels: tuple[str, ...] = ()
        if len(ends) == 2 and 0 <= ends[1] - ends[0] <= _LARGEST_RANGE:
            labels = tuple(str(number) for number in range(ends[0], ends[1] + 1))
        self.subject(entry.key, Kind.STATE, labels, numeric=True)

    def story(self, value: Value | None) -> None:
        items = value.items if isinstance(value, Sequence) else (value,)  # a lone map: the dash is missing
        for item in items:
            if isinstance(item, Mapping):
                self._step(item)

    def _step(self, step: Mapping) -> None:
        kind = step_kind(step)
        parts = _parts(step, kind)
        if kind == "nature":
            self._variable(parts.get("nature"), labels_of(parts.get("options")), kind)
        elif kind == "move":
            player = _scalar(parts.get("player"))
            name = player.value if player is not None else None
            self._variable(parts.get("move"), labels_of(parts.get("options")), kind, name)
        elif kind == "signal":
            head = _scalar(parts.get("signal"))
            if head is not None:
                self._signals.append((head, step))
        elif kind == "race":
            otherwise = _scalar(parts.get("otherwise"))
            clocks = labels_of(parts.get("clocks"))
            more = (otherwise.value,) if otherwise is not None else ()
            self._variable(parts.get("race"), (*clocks, *more), kind)
        elif kind == "simultaneous":
            self.story(parts.get("simultaneous"))
        elif kind == "repeat":
            self._counter(parts)
        elif kind == "outcomes":
            self._outcomes(parts.get("outcomes"))
        if kind in ("repeat", "group") and "story" in parts:
            self.story(parts["story"])

    def _variable(
        self, head: Value | None, labels: tuple[str, ...], step: str, player: str | None = None
    ) -> None:
        scalar = _scalar(head)
        if scalar is not None:
            self.subject(scalar, Kind.VARIABLE, labels, step=step, player=player)

    def _counter(self, parts: dict[str, Value]) -> None:
        counter, times = _scalar(parts.get("as")), _scalar(parts.get("repeat"))
        if counter is None:
            return
        digits = times.value.strip() if times is not None else ""
        count = int(digits[:9]) if digits.isdecimal() else 0  # more than nine are refused elsewhere
        labels = tuple(str(number) for number in range(1, min(count, 100) + 1))
        self.subject(counter, Kind.COUNTER, labels, numeric=True, step="repeat")

    def _outcomes(self, value: Value | None) -> None:
        keys: list[Scalar] = []
        if isinstance(value, Sequence):
            keys = [item for item in value.items if isinstance(item, Scalar) and not item.null]
        elif isinstance(value, Mapping):
            keys = [entry.key for entry in value.entries if not entry.key.null]
        elif isinstance(value, Scalar) and not value.null:
            keys = [value]
        for key in keys:
            if canonical(key.value) in _RESERVED_OUTCOMES:
                self._reader.fault(
                    "P525",
                    key.span,
                    f"an outcome cannot be called `{key.value}`",
                    "The word has a meaning of its own under `payoffs`; choose another name.",
                )
            elif self.take(key, "outcome"):
                self._declared.outcomes[key.value] = key.span

    def signals(self) -> None:
        """Declare the signals, once everything that they may show is known (signals of signals in order)."""
        waiting = self._signals
        while waiting:
            later: list[tuple[Scalar, Mapping]] = []
            for head, step in waiting:
                labels = self._signal_labels(step)
                if labels is None:
                    later.append((head, step))
                else:
                    self.subject(head, Kind.VARIABLE, labels, step="signal")
            if len(later) == len(waiting):
                for head, _ in later:
                    self.subject(head, Kind.VARIABLE, (), step="signal")
                return
            waiting = later

    def _signal_labels(self, step: Mapping) -> tuple[str, ...] | None:
        parts = {canonical(entry.key.value): entry.value for entry in step.entries}
        if "options" in parts:
            return labels_of(parts["options"])
        chances = parts.get("chances")
        if isinstance(chances, Mapping):
            seen: dict[str, str] = {}
            for entry in chances.entries:
                for label in labels_of(entry.value):
                    seen.setdefault(label_key(label), label)
            return tuple(seen.values())
        shown = _scalar(parts.get("of"))
        wanted = canonical(shown.value) if shown is not None else ""
        for name, subject in self._declared.subjects.items():
            if canonical(name) == wanted:
                return subject.labels
        return None
