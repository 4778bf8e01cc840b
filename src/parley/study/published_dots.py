"""Published numbers that lie on a sweep.

What lives here: which of a scenario's ``expected`` numbers were published for values on the sweep's way. What
may not: solving.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parley.game.tracking import policy_of, quantities_in
from parley.scenario.expression import unparse
from parley.scenario.model import Expectation, Scenario
from parley.scenario.sweeps import SweepRequest
from parley.scenario.syntax import Both, Call, Kind, Node, Reference
from parley.study.sweep_model import Curve, PublishedDot

__all__ = ["published_dots"]


def published_dots(
    scenario: Scenario, request: SweepRequest, curves: Sequence[Curve]
) -> tuple[PublishedDot, ...]:
    """Return the published numbers that lie on the curves of a sweep.

    Parameters
    ----------
    scenario, request, curves
        Of the sweep.

    Returns
    -------
    tuple of PublishedDot
        Those of ``expected`` that are about a quantity that is drawn, under its policy and concept, at a
        value of the varied parameter within the sweep, with all else as in the sweep.
    """
    found = []
    for expectation in scenario.expected:
        x = _place(scenario, request, expectation)
        if x is None or not request.low <= x <= request.high:
            continue
        for number, curve in enumerate(curves):
            if _same(scenario, expectation, curve):
                found.append(PublishedDot(number, x, expectation.value, expectation.tolerance))
    return tuple(found)


def _place(scenario: Scenario, request: SweepRequest, expectation: Expectation) -> float | None:
    """Return for which value of the varied parameter a number was published; None when off the way."""
    if expectation.concept != request.concept:
        return None
    names = {*expectation.set, *request.set} - {request.vary}
    for name in names:
        own = _own(scenario, name)
        value = expectation.set.get(name, own)
        if value is None or value != request.set.get(name, own):
            return None
    place = expectation.set.get(request.vary, _own(scenario, request.vary))
    return place if isinstance(place, float | int) else None


def _own(scenario: Scenario, name: str) -> str | float | None:
    """Return what the scenario itself says for certain of a parameter or switch."""
    if name in scenario.switches:
        switch = scenario.switches[name]
        return switch.default if switch.weights is None else None
    override = scenario.overrides.get(name)
    judged = scenario.parameters[name].judgement
    if judged.shape != "fixed" or (override is not None and override.expression is not None):
        return None
    return judged.numbers[0]


def _same(scenario: Scenario, expectation: Expectation, curve: Curve) -> bool:
    """Whether a published number is about what a curve shows."""
    shown, root = curve.shown.expression.root, expectation.expression.root
    if curve.policy is None:
        return unparse(root) == unparse(shown)
    assert scenario.comparison is not None
    calls = list(quantities_in(root, scenario))
    policies = {policy_of(call) or scenario.comparison.recommend for call in calls}
    if policies != {curve.policy}:
        return False
    plain = _anywhere(root) if isinstance(root, Call) else root
    return unparse(plain) == unparse(shown)


def _anywhere(call: Call) -> Call:
    """Return a quantity without the policy behind its bar."""
    return replace(call, given=_without_policy(call.given))


def _without_policy(node: Node | None) -> Node | None:
    if isinstance(node, Reference) and node.kind is Kind.POLICY:
        return None
    if isinstance(node, Both):
        left, right = _without_policy(node.left), _without_policy(node.right)
        if left is None or right is None:
            return left or right
        return replace(node, left=left, right=right)
    return node
