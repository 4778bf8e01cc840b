"""What only the compiled story shows: faults that no single line of the text has.

What lives here: the walk of a scenario read as diagnostics, and the size of its game. What may not: NumPy
(``parley check`` must answer at once), arrays.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from parley.errors import GameError
from parley.game.cases import tellings
from parley.game.chance import Seen, WalkError
from parley.game.lower import LoweringError
from parley.game.plausible import chance_faults
from parley.game.possible import condition_faults
from parley.game.probe import histories
from parley.game.shocks import applied, insist_on_two
from parley.game.tracking import tracked
from parley.game.walk import NODE_LIMIT, walk
from parley.scenario.diagnostics import Diagnostic, diagnostic
from parley.scenario.model import (
    Endings,
    Expression,
    Group,
    Move,
    Nature,
    Race,
    Repeat,
    Scenario,
    Signal,
    Simultaneous,
    Span,
    Step,
    Update,
)

__all__ = ["Size", "inspect", "size"]

_MOST_COMBINATIONS = 8

_CODES = {
    "no value": "P801",
    "no ending": "P803",
    "no option": "P804",
    "unseen option": "P805",
    "unseen rule": "P806",
    "missing option": "P807",
    "no clock": "P808",
    "out of range": "P809",
    "too large": "P810",
    "too many options": "P811",
    "hidden state": "P815",
    "count": "P816",
}

_HINTS = {
    "no value": "use happened(...) or `when:` so that it is only read where it exists",
    "no ending": "add an outcome for it, or `otherwise` as the last one",
    "no option": "give it an option that is always there, or skip the step with `when:`",
    "unseen option": "let the player see what they depend on (`seen by`, `reveal`), or drop the condition",
    "unseen rule": "let the policy depend only on what the player sees",
    "missing option": "name an option that is always there, or add a rule with `when:`",
    "no clock": "leave one clock running, add a `horizon:`, or skip the race with `when:`",
    "out of range": "widen `from:` / `to:`, or write min(...) and max(...)",
    "too many options": "split the move into moves of two options, or write `errors: normal`",
    "too large": "repeat fewer times, let players see less, or use `remembers:`",
    "hidden state": "let everybody see it (`seen by`, `reveal`), or let the rounds not ask for it",
    "count": "count in a state up to a bound: `set: {strikes: min(strikes + 1, 3)}`",
}


@dataclass(frozen=True, slots=True)
class Size:
    """How large a scenario's free game is.

    ``histories`` estimates the nodes of the tree before identical futures are merged.
    """

    nodes: int
    edges: int
    infosets: int
    actions: int
    terminals: int
    movers: tuple[str, ...]
    histories: float


def size(scenario: Scenario) -> Size:
    """Return the size of a scenario's free game under the default switches.

    Raises
    ------
    GameError
        When the story breaks off or is too large.

    Examples
    --------
    >>> import parley
    >>> size(parley.load("which-event-first")).movers
    ('us',)
    """
    options = {name: switch.default for name, switch in scenario.switches.items()}
    walked = walk(scenario, options, tracked(scenario))
    return Size(
        len(walked.nodes),
        sum(len(node.edges) for node in walked.nodes),
        len(walked.infosets),
        sum(len(each.options) for each in walked.infosets),
        sum(node.kind == "terminal" for node in walked.nodes),
        tuple(name for name in scenario.players if any(each.player == name for each in walked.infosets)),
        histories(scenario, options),
    )


def inspect(scenario: Scenario, *, limit: int = NODE_LIMIT) -> tuple[Diagnostic, ...]:
    """Find the faults that show only when the story is walked.

    Every combination of switches is walked when there are at most eight, else the defaults and each single
    departure from them.

    Parameters
    ----------
    scenario
        A scenario without faults in its text.
    limit
        Largest number of nodes.

    Returns
    -------
    Diagnostics in the order of the text.

    Examples
    --------
    >>> import parley
    >>> inspect(parley.load("which-event-first"))
    ()
    """
    seen = Seen()
    found: dict[tuple[str, Span, str], Diagnostic] = {}
    doubtful: dict[tuple[str, Span, str], Diagnostic] | None = None
    for options in _combinations(scenario):
        try:
            walked = walk(scenario, options, tracked(scenario), limit=limit, seen=seen)
            insist_on_two(walked, applied(scenario, options))
        except (GameError, LoweringError) as error:
            fault = _fault(scenario, error, options)
            return (fault,)
        for each in chance_faults(walked):
            found.setdefault((each.code, each.span, each.message), each)
        if doubtful is None or doubtful:  # what some choice of switches makes possible is possible
            here = {(each.code, each.span, each.message): each for each in condition_faults(walked, options)}
            doubtful = here if doubtful is None else {key: doubtful[key] for key in doubtful if key in here}
    told = tuple(_cases(scenario, limit))
    if any(each.severity == "error" for each in told):
        return told
    for each in (*(doubtful or {}).values(), *_never(scenario, seen), *told):
        found.setdefault((each.code, each.span, each.message), each)
    return tuple(sorted(found.values(), key=lambda each: (each.span.line, each.span.column, each.code)))


def _cases(scenario: Scenario, limit: int) -> Iterator[Diagnostic]:
    """Tell the cases as they have it: what is given must be on offer, what happened possible."""
    for telling in tellings(scenario):
        asking = telling.without_baseline()
        options = {name: switch.default for name, switch in asking.switches.items()}
        try:
            walked = walk(asking, options, tracked(asking), limit=limit)
        except (GameError, LoweringError) as error:
            yield _fault(scenario, error, options)
            return
        yield from condition_faults(walked, options)


def _combinations(scenario: Scenario) -> Iterator[dict[str, str]]:
    default = {name: switch.default for name, switch in scenario.switches.items()}
    count = 1
    for switch in scenario.switches.values():
        count *= len(switch.options)
    if count > _MOST_COMBINATIONS:
        yield default
        for name, switch in scenario.switches.items():
            yield from ({**default, name: option} for option in switch.options if option != switch.default)
        return
    combinations = [dict[str, str]()]
    for name, switch in scenario.switches.items():
        ordered = sorted(switch.options, key=lambda option, first=switch.default: option != first)  # type: ignore[misc]
        combinations = [{**each, name: option} for each in combinations for option in ordered]
    yield from combinations


def _fault(scenario: Scenario, error: GameError, options: Mapping[str, str]) -> Diagnostic:
    kind = error.kind if isinstance(error, WalkError) else "too large"
    span = error.span if isinstance(error, WalkError) else None
    message = error.message if isinstance(error, WalkError) else str(error)
    if isinstance(error, WalkError) and error.path:
        message = f"{message}; it happens after {error.path}"
    if kind == "too large":
        try:
            estimate = _round(histories(scenario, dict(options)))
        except GameError:
            estimate = "an unknown number of"
        message = f"{message}; before merging it has about {estimate} histories"
    return diagnostic(
        _CODES[kind], message, span or _story_span(scenario), hint=_HINTS[kind], line=_line(scenario, span)
    )


def _round(number: float) -> str:
    """Write an estimate with the digits that it has."""
    return f"{float(f'{number:.1e}'):,.0f}" if number < 1e9 else f"10^{round(math.log10(number))}"


def _story_span(scenario: Scenario) -> Span:
    return scenario.story[-1].span if scenario.story else Span(scenario.path, 1, 1)


def _line(scenario: Scenario, span: Span | None) -> str:
    lines = scenario.text.splitlines()
    number = (span or _story_span(scenario)).line
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _never(scenario: Scenario, seen: Seen) -> Iterator[Diagnostic]:
    """Yield steps, conditions, options and endings that no path of the story ever meets."""
    for step in scenario.story:
        yield from _never_step(step, scenario, seen)
    for option, name in seen.silent.values():
        if id(option) in seen.available:
            message = f"'{option.label}' is not on offer where '{name}' has not happened"
            hint = f"if it should be, write `... or not happened({name})`"
            yield diagnostic("P950", message, option.span, hint=hint, line=_line(scenario, option.span))


def _never_step(step: Step, scenario: Scenario, seen: Seen) -> Iterator[Diagnostic]:
    condition = step.when
    if condition is not None and True not in seen.truths.get(id(condition), set()):
        yield _warning("P820", f"this never happens: '{condition.source}' is never true", condition, scenario)
        return
    match step:
        case Group(story=story) | Repeat(story=story):
            for each in story:
                yield from _never_step(each, scenario, seen)
        case Simultaneous(moves=moves):
            for move in moves:
                yield from _never_step(move, scenario, seen)
        case Endings(endings=endings):
            yield from (
                _warning("P822", f"the story can never end as '{each.outcome}' here", each.span, scenario)
                for each in endings
                if id(each) not in seen.available
            )
        case Move() | Nature() | Race() | Signal() | Update() if id(step) not in seen.reached:
            name = step.state if isinstance(step, Update) else step.name
            yield _warning(
                "P820", f"'{name}' is never reached: the story always ends before", step.span, scenario
            )
        case Move(options=options) | Nature(options=options):
            yield from _never_option(options, seen, scenario)
        case Race(clocks=clocks):
            yield from _never_option(clocks, seen, scenario)
        case _:
            return


def _never_option(options: Iterable[object], seen: Seen, scenario: Scenario) -> Iterator[Diagnostic]:
    for each in options:
        if id(each) not in seen.available:
            label, span = getattr(each, "label", ""), getattr(each, "span", None)
            yield _warning(
                "P821", f"'{label}' is never possible: its condition is never true", span, scenario
            )


def _warning(code: str, message: str, place: Expression | Span | None, scenario: Scenario) -> Diagnostic:
    span = place.span if isinstance(place, Expression) else place or _story_span(scenario)
    return diagnostic(code, message, span, hint=None, line=_line(scenario, span))
