"""The tree of a parsed expression.

What lives here: the node types that :mod:`parley.scenario.expression` builds and every other room
reads. What may not: parsing, evaluation, names of players or parameters of any one scenario.

Every node carries ``start`` and ``end``, character offsets into the expression's own source, so that a
fault can be shown with a caret. Names are already resolved: a :class:`Reference` says what kind of thing
it names, and ``name`` is the *declared* spelling (``short_list`` and ``short list`` are one name).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

__all__ = [
    "Arithmetic",
    "Both",
    "Call",
    "Compare",
    "Conditional",
    "Either",
    "Is",
    "Kind",
    "Negate",
    "Node",
    "Not",
    "Number",
    "Reference",
]


class Kind(StrEnum):
    """What a name in an expression stands for."""

    PARAMETER = "parameter"  # a judgement, one value per draw
    SWITCH = "switch"  # a categorical choice between rival structures
    VARIABLE = "variable"  # what happened at a step: a move, nature, a signal, a race
    STATE = "state"  # a declared state variable
    COUNTER = "counter"  # the number of the current round of a repeat
    DEFINITION = "definition"  # a named expression of the author's
    OUTCOME = "outcome"  # an ending; as a condition it is true when the story ended so
    PLAYER = "player"  # only inside payoff(...) and belief(...)
    POLICY = "policy"  # only behind the bar of a quantity


@dataclass(frozen=True, slots=True)
class Number:
    """A literal; ``35%`` is 0.35."""

    value: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reference:
    """A resolved name, in its declared spelling."""

    kind: Kind
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Is:
    """``subject is label`` or ``subject is not label``; the label is one of the subject's declared ones.

    The subject is a name, or ``last(name)``.
    """

    subject: Reference | Call
    label: str
    negated: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Negate:
    """Unary minus."""

    operand: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Not:
    """Logical negation."""

    operand: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``left operator right`` with an operator out of ``+ - * / ^``."""

    operator: str
    left: Node
    right: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Compare:
    """``left operator right`` with an operator out of ``< <= > >= = !=``."""

    operator: str
    left: Node
    right: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Both:
    """``left and right``."""

    left: Node
    right: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Either:
    """``left or right``."""

    left: Node
    right: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Conditional:
    """``then if test else otherwise``."""

    test: Node
    then: Node
    otherwise: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Call:
    """``function(arguments)``, or ``function(arguments | given)`` for a quantity.

    Functions of numbers: ``min max exp log sqrt abs Phi``. Functions of the story: ``last(x)`` (a
    :class:`Reference`), ``times(x is label)`` (an :class:`Is`), ``happened(x)``, ``time(race)``.
    Quantities (claims, comparisons, reports only): ``P(event | given)``, ``payoff(player | given)``,
    ``E(expression | given)``, ``belief(player, event | given)``, ``time(race | given)``. Inside the
    ``given`` of a belief, ``at(x)`` (written ``at x``) names a decision.
    """

    function: str
    arguments: tuple[Node, ...]
    given: Node | None
    start: int
    end: int


Node: TypeAlias = (
    Number | Reference | Is | Negate | Not | Arithmetic | Compare | Both | Either | Conditional | Call
)
