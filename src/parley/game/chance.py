"""What chance can do at a step: nature, noisy signals, races of clocks, random updates.

What lives here: the branches of a chance step, each with the register of its probability. What may not:
NumPy, the order of the story.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from parley.errors import GameError
from parley.game.lower import Lowering, Situation
from parley.scenario.model import Expression, Nature, Option, Race, Signal, Span, Step, Update
from parley.scenario.syntax import Node as Syntax

__all__ = ["Branch", "ChanceSteps", "Pay", "Seen", "WalkError"]

Pay: TypeAlias = tuple[int, ...]
"""One register per player."""


class WalkError(GameError):
    """The story breaks off: ``kind`` says how, ``span`` where, ``path`` how it came there."""

    def __init__(self, kind: str, message: str, span: Span | None, path: str) -> None:
        super().__init__(message if not path else f"{message} (reached by {path})")
        self.kind = kind
        self.message = message
        self.span = span
        self.path = path
        self.node: Syntax | None = None


@dataclass(slots=True)
class Seen:
    """What the walk came across, for the checks: by identity of the step, option, clock or ending.

    ``silent`` are options that were missing because something that they ask for had not happened.
    """

    reached: set[int] = field(default_factory=set)
    truths: dict[int, set[bool]] = field(default_factory=dict)
    available: set[int] = field(default_factory=set)
    silent: dict[int, tuple[Option, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Branch:
    """One way that a chance step can go; ``elapsed`` and ``pay`` are registers of a race."""

    label: str
    register: int
    elapsed: int | None = None
    pay: Pay | None = None


class ChanceSteps:
    """Computes the branches of the chance steps of one story.

    Parameters
    ----------
    lowering
        Of the scenario.
    index
        Player -> number.
    seen
        Where to note what was possible.
    lower, decide, fault
        The walk's own: the register of an expression, the truth of a condition, an error with its place.
    """

    def __init__(
        self,
        lowering: Lowering,
        index: Mapping[str, int],
        seen: Seen,
        lower: Callable[[Expression, Situation], int],
        decide: Callable[[Expression, Situation], bool],
        fault: Callable[[str, str, Span | None], WalkError],
    ) -> None:
        self.scenario = lowering.scenario
        self.builder = lowering.builder
        self.bounds: dict[tuple[int, str], Span] = {}  # register and what it must be -> the step
        self.index = index
        self.seen = seen
        self._lower = lower
        self._decide = decide
        self._fault = fault

    def branches(self, step: Nature | Signal | Race | Update, at: Situation) -> list[Branch] | None:
        """Return the branches of a chance step, or None where it does nothing."""
        match step:
            case Nature():
                options = [each for each in step.options if each.when is None or self._decide(each.when, at)]
                self.seen.available.update(id(each) for each in options)
                if not options:
                    raise self._fault("no option", f"nothing can happen at '{step.name}'", step.span)
                if step.equally_likely:
                    share = self.builder.constant(1 / len(options))
                    return [Branch(each.label, share) for each in options]
                if step.weight is not None:
                    return self._weighted(step, step.weight, at)
                return self._random([(each.label, each.chance) for each in options], at, step)
            case Signal():
                return self._signal(step, at)
            case Race():
                return self._race(step, at)
            case Update(options=()):
                return [Branch(self._new_value(step, at), 1)]
            case Update():
                return self._random([(each.label, each.chance) for each in step.options], at, step)

    def _weighted(self, step: Nature, weight: Expression, at: Situation) -> list[Branch]:
        """Return chances in proportion to what the weight is with each option in the place of the step."""
        chosen = [replace(at, labels={**at.labels, step.name: each.label}) for each in step.options]
        weights = [self._lower(weight, each) for each in chosen]
        total = self.builder.total(weights)
        self.bounds.update({(each, "weight"): step.span for each in weights})
        self.bounds[total, "weights"] = step.span
        shares = [self.builder.apply("divide", each, total) for each in weights]
        return self._possible(
            [Branch(each.label, share) for each, share in zip(step.options, shares, strict=True)]
        )

    def _random(
        self, options: Sequence[tuple[str, Expression | None]], at: Situation, step: Step
    ) -> list[Branch]:
        stated = [self._lower(chance, at) for _, chance in options if chance is not None]
        total = self.builder.total(stated)
        rest_left = len(stated) < len(options)
        self.bounds[self.builder.apply("maximum", total, 1) if rest_left else total, "sum"] = step.span
        for register in stated:
            self.bounds[register, "chance"] = step.span
        rest = self.builder.apply("subtract", 1, total)
        chances = iter(stated)
        branches = [Branch(label, rest if chance is None else next(chances)) for label, chance in options]
        return self._possible(branches)

    def _possible(self, branches: list[Branch]) -> list[Branch]:
        """Drop what has no chance in any draw."""
        return [branch for branch in branches if self.builder.value(branch.register) != 0.0]

    def _signal(self, step: Signal, at: Situation) -> list[Branch] | None:
        truth = at.labels.get(step.of)
        if truth is None:
            return None
        labels = [option.label for option in step.options]
        if step.chances is not None:
            return self._random(list(zip(labels, step.chances[truth], strict=True)), at, step)
        assert step.error is not None
        error = self._lower(step.error, at)
        self.bounds[error, "chance"] = step.span
        wrong = self.builder.apply("divide", error, self.builder.constant(max(len(labels) - 1, 1)))
        right = self.builder.apply("subtract", 1, error)
        return self._possible([Branch(label, right if label == truth else wrong) for label in labels])

    def _race(self, step: Race, at: Situation) -> list[Branch]:
        apply, one = self.builder.apply, 1
        running = [each for each in step.clocks if each.when is None or self._decide(each.when, at)]
        self.seen.available.update(id(each) for each in running)
        rates = [self._lower(each.rate, at) for each in running]
        self.bounds.update({(rate, "rate"): step.span for rate in rates})
        pairs = [(each, rate) for each, rate in zip(running, rates, strict=True) if rate != 0]
        total = self.builder.total([rate for _, rate in pairs])
        if step.horizon is None:
            if not pairs:
                raise self._fault("no clock", f"no clock can run in the race '{step.name}'", step.span)
            self.bounds[total, "total"] = step.span
            elapsed = apply("divide", one, total)
            pay = self._flow(step, elapsed, at)
            return [Branch(each.label, apply("divide", rate, total), elapsed, pay) for each, rate in pairs]
        horizon = self._lower(step.horizon, at)
        self.bounds[horizon, "horizon"] = step.span
        span = apply("multiply", total, horizon)
        last = apply("exp", apply("negate", span))  # nobody rings in time
        runs = apply("less", 0, total)
        first = apply("negate", apply("expm1", apply("negate", span)))
        elapsed = apply("multiply", horizon, self._mean_share(span))
        pay = self._flow(step, elapsed, at)
        branches = [
            Branch(
                each.label,
                apply("where", runs, apply("multiply", apply("divide", rate, total), first), 0),
                apply("where", runs, elapsed, 0),
                tuple(apply("where", runs, each_pay, 0) for each_pay in pay),
            )
            for each, rate in pairs
        ]
        assert step.otherwise is not None
        branches.append(Branch(step.otherwise, last, horizon, self._flow(step, horizon, at)))
        return self._possible(branches)

    def _mean_share(self, span: int) -> int:
        """Return the mean time to the first ring, given that it comes in time, as a share of the horizon.

        With x the total rate times the horizon it is 1 / x - 1 / (e^x - 1), which cancels for small x; its
        series is 1/2 - x/12 + x^3/720 - x^5/30240 + x^7/1209600.
        """
        apply, constant = self.builder.apply, self.builder.constant
        square = apply("multiply", span, span)
        series = constant(1 / 1_209_600)
        for coefficient in (-1 / 30_240, 1 / 720, -1 / 12):
            series = apply("add", constant(coefficient), apply("multiply", square, series))
        series = apply("add", constant(0.5), apply("multiply", span, series))
        exact = apply("subtract", apply("divide", 1, span), apply("divide", 1, apply("expm1", span)))
        return apply("where", apply("less", span, constant(0.1)), series, exact)

    def _flow(self, step: Race, elapsed: int, at: Situation) -> Pay:
        pay = [0] * len(self.index)
        for player, rate in step.flow.items():
            pay[self.index[player]] = self.builder.apply("multiply", self._lower(rate, at), elapsed)
        return tuple(pay)

    def _new_value(self, step: Update, at: Situation) -> str:
        if not isinstance(step.value, Expression):
            assert step.value is not None
            return step.value
        state = self.scenario.states[step.state]
        number = self.builder.value(self._lower(step.value, at))
        if number is None:
            raise self._fault(
                "no value",
                f"'{step.state}' may not depend on an uncertain number; use a random update",
                step.value.span,
            )
        label = f"{number:g}"
        if label not in state.values:
            raise self._fault(
                "out of range",
                f"'{step.state}' becomes {label}, but it runs from {state.values[0]} to {state.values[-1]}",
                step.value.span,
            )
        return label
