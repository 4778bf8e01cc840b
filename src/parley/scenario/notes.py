"""Notes: what an honest author wants to know about a scenario that can be run.

What lives here: what is unused, unsourced or hidden in a number. What may not: faults.
"""

from __future__ import annotations

from parley.scenario.expression import subtrees
from parley.scenario.model import Nature, Scenario, Signal
from parley.scenario.syntax import Kind, Number
from parley.scenario.uses import Use, everything, in_story, leads_to, moves, steps, wishes
from parley.scenario.values import Reader

__all__ = ["note_all"]

_PLAIN = (0.0, 1.0)


def note_all(reader: Reader, scenario: Scenario) -> None:
    """Note what is unused, unsourced, or a number without a name.

    Parameters
    ----------
    reader
        Takes the notes.
    scenario
        A scenario without faults.
    """
    _unused(reader, scenario)
    _unasked(reader, scenario)
    _certain_together(reader, scenario)
    _passages(reader, scenario)
    _naked(reader, scenario)
    _evidence(reader, scenario)
    _used_twice(reader, scenario)
    if next(moves(scenario), None) is None and scenario.story:
        reader.fault(
            "P911",
            scenario.story[0].span,
            "no player moves: everything is left to chance",
            "Add a move (`player`, `move`, `options`) if somebody decides.",
        )


def _unused(reader: Reader, scenario: Scenario) -> None:
    """Note parameters, switches and definitions on which nothing depends."""
    used: set[tuple[Kind, str]] = set()
    for use in everything(scenario):
        used |= leads_to(scenario, use.expression)
    for step, _ in steps(scenario.story):
        if isinstance(step, Signal) and step.of in scenario.switches:
            used.add((Kind.SWITCH, step.of))
    for name, parameter in scenario.parameters.items():
        if (Kind.PARAMETER, name) not in used:
            reader.fault(
                "P930",
                parameter.span,
                f"nothing depends on the parameter `{name}`",
                "Use it in a payoff, chance or rate, or delete it; as it stands it changes no result.",
            )
    for name, switch in scenario.switches.items():
        if (Kind.SWITCH, name) not in used:
            reader.fault(
                "P931",
                switch.span,
                f"nothing depends on the switch `{name}`",
                f"Use it in a condition, such as `when: {name} is {switch.options[0]}`, or delete it.",
            )
    for name, definition in scenario.definitions.items():
        if (Kind.DEFINITION, name) not in used:
            hint = "Use it in an expression, or delete it."
            reader.fault("P932", definition.span, f"nothing uses the definition `{name}`", hint)


def _unasked(reader: Reader, scenario: Scenario) -> None:
    """Note what chance decides although nothing asks for it."""
    asked: set[str] = set()
    for use in everything(scenario):
        asked |= {name for kind, name in leads_to(scenario, use.expression) if kind is Kind.VARIABLE}
    for player in scenario.players.values():
        asked |= set(player.remembers or ())
    asked |= {step.of for step, _ in steps(scenario.story) if isinstance(step, Signal)}
    movers = {move.player for move in moves(scenario)}
    for step, _ in steps(scenario.story):
        if not isinstance(step, Nature | Signal) or step.name in asked:
            continue
        if isinstance(step, Signal) and (movers if step.seen_by is None else movers & {*step.seen_by}):
            continue  # who sees it learns from it
        verb = "decides" if isinstance(step, Nature) else "shows"
        hint = f"Ask for it, such as `... if {step.name} is {step.options[0].label} else ...` in a payoff"
        hint += ", or let a player who moves see it." if isinstance(step, Signal) else ", or delete the step."
        reader.fault("P934", step.span, f"nothing depends on what `{step.name}` {verb}", hint)


def _certain_together(reader: Reader, scenario: Scenario) -> None:
    for group in scenario.together:
        for name in group.parameters:
            if name in scenario.parameters and scenario.parameters[name].judgement.shape == "fixed":
                reader.fault(
                    "P933",
                    group.span,
                    f"`{name}` is certain, so it cannot vary together with anything",
                    f"Give `{name}` a range, or delete it here.",
                )


def _passages(reader: Reader, scenario: Scenario) -> None:
    """Note marked passages that nothing refers to."""
    used = {item.passage for item in scenario.parameters.values()}
    used |= {item.passage for item in scenario.switches.values()}
    used |= {item.passage for item in scenario.claims.values()}
    used |= {item.against for item in scenario.challenges.values()}
    for name, passage in scenario.passages.items():
        if name not in used:
            reader.fault(
                "P940",
                passage.span,
                f"nothing hangs on the passage `{name}`",
                f"Write `from: {name}` at the parameter, switch or claim that it states, or unmark it.",
            )


def _naked(reader: Reader, scenario: Scenario) -> None:
    """Note numbers in payoffs that have no name: each is a hidden assumption."""
    uses: list[Use] = [*wishes(scenario), *(use for use in in_story(scenario) if use.role == "reward")]
    found = [
        (use.expression, node)
        for use in uses
        for node in subtrees(use.expression.root)
        if isinstance(node, Number) and node.value not in _PLAIN
    ]
    if not found:
        return
    first = min(found, key=lambda item: (item[0].span.line, item[0].span.column + item[1].start))[0]
    many = f"{len(found)} numbers in payoffs have" if len(found) > 1 else "a number in payoffs has"
    reader.fault(
        "P941",
        first.span,
        f"{many} no name, judgement or source",
        "A number without a name is a hidden assumption; make it a parameter if anybody could doubt it.",
    )


def _evidence(reader: Reader, scenario: Scenario) -> None:
    for name, item in scenario.evidence.items():
        if item.source is None and item.data is None:
            hint = "Write `source: ...`, the name of an entry of `sources`."
            reader.fault("P942", item.span, f"the evidence `{name}` has no source", hint)


def _used_twice(reader: Reader, scenario: Scenario) -> None:
    """Note cases whose evidence has set a parameter, where the author does not say so."""
    for name, case in scenario.cases.items():
        for parameter in scenario.parameters.values():
            shared = [each for each in case.evidence if each in parameter.evidence]
            if shared and parameter.name not in case.used_for:
                reader.fault(
                    "P943",
                    case.span,
                    f"the case `{name}` rests on `{shared[0]}`, and so does `{parameter.name}`",
                    f"Write `used for: {parameter.name}` to say that it is no independent test, or keep the "
                    "evidence of one of them.",
                )
