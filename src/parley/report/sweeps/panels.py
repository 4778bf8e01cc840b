"""Which curves of a sweep stand over one axis, and what they are called there.

What lives here: grouping and names. What may not: layout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from parley.report import words
from parley.report.pictures.theme import LINES
from parley.scenario.sweeps import Shown
from parley.scenario.syntax import Call
from parley.study.sweep_model import Curve, Sweep

__all__ = ["CHANCE", "Group", "axis_title", "groups", "name_of", "title_of"]

CHANCE = "chance"
PAYOFF = "payoff"
_CHANCES = ("P", "belief")
_SHORT = 40  # letters of a text that serves as a name


@dataclass(frozen=True, slots=True)
class Group:
    """Curves over one axis: ``curves`` are places in the sweep, ``labels`` their names ("" when alone)."""

    title: str
    kind: str | None  # CHANCE, PAYOFF, or None for anything else
    curves: tuple[int, ...]
    labels: tuple[str, ...]


def groups(sweep: Sweep) -> tuple[Group, ...]:
    """Put curves over axes.

    What the author put together is together. A quantity that has several policies has an axis of its own.
    Quantities with one curve each share an axis when all are chances, or all are payoffs.
    """
    found: list[Group] = []
    single: list[int] = []
    for axis, run in groupby(range(len(sweep.curves)), key=lambda each: _axis(sweep.curves[each])):
        places = list(run)
        if len(places) == 1 and not isinstance(axis, int):
            single += places
            continue
        found += _singles(sweep, single)
        single = []
        labels = _labels([sweep.curves[each] for each in places])
        found += _parted(*_over(sweep, places), places, labels)
    return tuple(found + _singles(sweep, single))


def _axis(curve: Curve) -> int | str:
    return curve.shown.name if curve.shown.axis is None else curve.shown.axis


def _labels(curves: Sequence[Curve]) -> list[str]:
    """Name curves: by policy where one quantity has several, else by quantity, or by both."""
    quantities = {curve.shown.name for curve in curves}
    several = {name for name in quantities if sum(curve.shown.name == name for curve in curves) > 1}
    found = []
    for curve in curves:
        policy = words.clean(curve.policy or "")
        if curve.shown.name not in several:
            found.append(name_of(curve))
        else:
            found.append(policy if len(several) == 1 else f"{name_of(curve)}, {policy}")
    return found


def _over(sweep: Sweep, places: Sequence[int]) -> tuple[str, str | None]:
    """Return title and kind of the axis of some curves."""
    curves = [sweep.curves[each] for each in places]
    kinds = {_kind(curve) for curve in curves}
    kind = kinds.pop() if len(kinds) == 1 else None
    one = len({curve.shown.name for curve in curves}) == 1
    return (title_of(curves[0].shown) if one or kind is None else kind), kind


def _singles(sweep: Sweep, places: Sequence[int]) -> list[Group]:
    """Put quantities of one curve each together with those of their kind that follow."""
    found: list[Group] = []
    for kind, run in groupby(places, key=lambda each: _kind(sweep.curves[each]) or each):
        together = list(run)
        if len(together) == 1:
            curve = sweep.curves[together[0]]
            found.append(Group(title_of(curve.shown), _kind(curve), tuple(together), ("",)))
        else:
            labels = [name_of(sweep.curves[each]) for each in together]
            found += _parted(str(kind), str(kind), together, labels)
    return found


def _parted(title: str, kind: str | None, places: Sequence[int], labels: Sequence[str]) -> list[Group]:
    """Part what has more curves than can be told apart."""
    return [
        Group(title, kind, tuple(places[first : first + LINES]), tuple(labels[first : first + LINES]))
        for first in range(0, len(places), LINES)
    ]


def _kind(curve: Curve) -> str | None:
    root = curve.shown.expression.root
    if not isinstance(root, Call):
        return None
    return CHANCE if root.function in _CHANCES else PAYOFF if root.function == "payoff" else None


def title_of(shown: Shown) -> str:
    """Return what a quantity is called where there is room: its text, else its name."""
    return words.clean(shown.text or shown.name)


def name_of(curve: Curve) -> str:
    """Return what a curve's quantity is called beside its line."""
    text = words.clean(curve.shown.text or "")
    return text if 0 < len(text) <= _SHORT else words.clean(curve.shown.name)


def axis_title(sweep: Sweep) -> str:
    """Return what is moved, in words: its name, its text, its unit.

    >>> import parley
    >>> from parley.study import sweep
    >>> from parley.scenario import read_request
    >>> scenario = parley.load("which-event-first")
    >>> request = read_request(scenario, "{vary: kappa, from: 0.1, to: 1, steps: 2}")
    >>> axis_title(sweep(scenario, request, draws=16))
    'kappa: rate at which the Taliban break talks themselves (per month)'
    """
    parameter = sweep.scenario.parameters[sweep.request.vary]
    title = words.clean(parameter.name)
    if parameter.text:
        title += f": {words.clean(parameter.text)}"
    return f"{title} ({words.clean(parameter.unit)})" if parameter.unit else title
