"""Whether what a scenario asks about can happen at all.

What lives here: the conditions and events of quantities, held against the endings of the walked story. What
may not: NumPy, probabilities.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from parley.game.flatten import facts
from parley.game.last_round import last_places, reachable, without_value
from parley.game.lower import LoweringError, Situation
from parley.game.situation import situation
from parley.game.tracking import Asked, asked, given_of, policy_of, quantities_in
from parley.game.walk import Node, Walk
from parley.scenario.diagnostics import Diagnostic, diagnostic
from parley.scenario.syntax import Call
from parley.scenario.syntax import Node as Syntax

__all__ = ["condition_faults"]


def condition_faults(walked: Walk, options: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Yield quantities that are conditioned on what cannot happen, and events that never or always happen.

    Parameters
    ----------
    walked
        The free game's graph.
    options
        The option of every switch.
    """
    comparison = walked.scenario.comparison
    policies = tuple(comparison.policies) if comparison is not None else ()
    reached = {policy: reachable(walked, policy) for policy in (*policies, "")}
    for question in asked(walked.scenario):
        for call in quantities_in(question.expression.root, walked.scenario):
            named = policy_of(call)
            under = [named] if named is not None else list(policies) or [""]
            nodes = set().union(*(reached[policy] for policy in under))
            if walked.heads is not None:
                last = [last_places(walked, policy, reached[policy]) for policy in under]
                reason = without_value(walked, call, any(each.endless for each in last))
                if reason is not None:
                    yield _diagnose("P817", f"{_text(question, call)} {reason}", question, call, walked)
                    continue
                nodes = set().union(*(each.nodes for each in last))
            yield from _judge(walked, options, question, call, [walked.nodes[each] for each in sorted(nodes)])


def _judge(
    walked: Walk, options: Mapping[str, str], question: Asked, call: Call, nodes: Sequence[Node]
) -> Iterator[Diagnostic]:
    conditions, move = given_of(call)
    kind, label = ("terminal", None) if move is None else ("decision", move)
    places = [
        situation(node.environment, options)
        for node in nodes
        if node.environment is not None and node.kind == kind and (label is None or node.label == label)
    ]
    try:
        met = [at for at in places if all(_true(walked, each, at) for each in conditions)]
        if not met:
            what = f"'{move}' is never decided" if move is not None and not places else "the condition"
            reason = what if what != "the condition" else "its condition can never be met"
            yield _diagnose("P840", f"{_text(question, call)} has no value: {reason}", question, call, walked)
            return
        event = call.arguments[-1] if call.function in ("P", "belief") else None
        if event is not None:
            truths = {_true(walked, event, at) for at in met}
            if truths == {False}:
                yield _diagnose(
                    "P841",
                    f"{_text(question, call)} is always 0: the event cannot happen",
                    question,
                    call,
                    walked,
                )
    except LoweringError as error:
        yield _diagnose("P801", str(error), question, error.node, walked)


def _places(
    walked: Walk, options: Mapping[str, str], call: Call, move: str | None, nodes: Sequence[Node]
) -> list[Situation]:
    """Return the situations at which a quantity is read, one for all that agree on what it reads."""
    read = sorted(set(facts(call, walked.scenario)))
    kind = "terminal" if move is None else "decision"
    distinct: dict[tuple[object, ...], Situation] = {}
    for node in nodes:
        known = node.environment
        if known is not None and node.kind == kind and (move is None or node.label == move):
            key = (known["outcome"], *[known["facts"].get(fact) for fact in read])
            if key not in distinct:
                distinct[key] = situation(known, options)
    return list(distinct.values())


def _true(walked: Walk, node: Syntax, at: Situation) -> bool:
    return walked.lowering.builder.value(walked.lowering.node(node, at)) != 0.0


def _text(question: Asked, call: Call) -> str:
    return f"'{question.expression.source[call.start : call.end] or question.expression.source}'"


def _diagnose(code: str, message: str, question: Asked, node: Syntax, walked: Walk) -> Diagnostic:
    span = question.expression.span
    return diagnostic(code, message, span, hint=None, line=walked.scenario.text.splitlines()[span.line - 1])
