"""Checks that cross sections.

What lives here: faults that no single section can know. What may not: anything that needs the order of the
story; that is found when the story is compiled.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from parley.scenario.declared import Declared
from parley.scenario.elapsed import check_elapsed
from parley.scenario.endless import endless, endless_faults
from parley.scenario.expression import references, subtrees
from parley.scenario.middle import support
from parley.scenario.model import Draw, Endings, Expression, Move, Repeat, Reveal, Scenario, Span
from parley.scenario.names import canonical
from parley.scenario.notes import note_all
from parley.scenario.syntax import Both, Call, Compare, Either, Is, Kind, Not, Reference
from parley.scenario.trees import constant
from parley.scenario.uses import everything, in_story, leads_to, moves, steps, wishes
from parley.scenario.values import Reader, listed

__all__ = ["check_whole"]

_SMALLEST = 1e-9  # a pivot below this counts as none: the same bound as for the table of draws
_WORDS = frozenset({"rest", "otherwise", "always", "is", "not", "and", "or", "if", "else"})


def check_whole(reader: Reader, scenario: Scenario, declared: Declared) -> None:
    """Report faults that cross sections, then notes.

    Parameters
    ----------
    reader
        Takes note of faults.
    scenario
        What could be read of the scenario; with errors it may lack parts.
    declared
        Every declared name, also of what could not be read.
    """
    _names(reader, declared)
    circles = _circles(reader, scenario)
    _movers(reader, scenario, declared)
    _endings(reader, scenario)
    endless_faults(reader, scenario)
    _memory(reader, scenario, declared)
    _policies(reader, scenario, declared)
    _claims(reader, scenario)
    _correlations(reader, scenario)
    _positive(reader, scenario)
    _beliefs(reader, scenario, declared)
    if circles:
        return  # what follows definitions would go round for ever
    _rounds(reader, scenario)
    check_elapsed(reader, scenario)
    _settings(reader, scenario)
    if not any(item.severity == "error" for item in reader.diagnostics):
        note_all(reader, scenario)


# --- names ----------------------------------------------------------------------------------------------


def _names(reader: Reader, declared: Declared) -> None:
    """Report names that no expression could refer to."""
    pools: tuple[Mapping[str, object], ...] = (
        declared.players,
        declared.parameters,
        declared.definitions,
        declared.subjects,
        declared.outcomes,
    )
    for pool in pools:
        for name, owner in pool.items():
            span = owner if isinstance(owner, Span) else getattr(owner, "span", None)
            problem = _unusable(name, player=pool is declared.players)
            if problem and span is not None:
                reader.fault("P223", span, f"`{name}` cannot be a name: {problem}", "Choose another name.")


def _unusable(name: str, *, player: bool) -> str | None:
    if canonical(name) in _WORDS:
        return "the word has a meaning of its own"
    if player and canonical(name) in ("everybody", "nobody"):
        return "the word has a meaning of its own"
    if name[:1].isdigit():
        return "it starts with a digit, so it would be read as a number"
    if ("'" in name and '"' in name) or "\n" in name:
        return "it cannot be put in quotes"
    return None


# --- circles --------------------------------------------------------------------------------------------


def _circles(reader: Reader, scenario: Scenario) -> bool:
    """Report definitions that lead back to themselves."""
    links = {
        name: [each.name for each in references(item.expression.root) if each.kind is Kind.DEFINITION]
        for name, item in scenario.definitions.items()
    }
    circle = _circle(links)
    if circle is None:
        return False
    way = " -> ".join(f"`{name}`" for name in circle)
    span = scenario.definitions[circle[0]].span
    reader.fault("P247", span, f"this definition leads back to itself: {way}", "Break the circle.")
    return True


def _circle(links: Mapping[str, Iterable[str]]) -> list[str] | None:
    """Return names that lead from one back to itself, the first again at the end; or None."""
    done: set[str] = set()
    for first in links:
        path: list[str] = []
        waiting: list[tuple[str, bool]] = [(first, False)]
        while waiting:
            name, leaving = waiting.pop()
            if leaving:
                path.pop()
                done.add(name)
            elif name in path:
                return [*path[path.index(name) :], name]
            elif name not in done:
                path.append(name)
                waiting.append((name, True))
                waiting.extend((each, False) for each in links.get(name, ()))
    return None


# --- players and endings --------------------------------------------------------------------------------


def _movers(reader: Reader, scenario: Scenario, declared: Declared) -> None:
    """Report movers without payoffs, and a comparison of somebody who never moves."""
    reported = set(scenario.payoffs) | {name for name in declared.players if _mentioned(reader, name)}
    for move in moves(scenario):
        if move.player not in reported:
            reported.add(move.player)
            reader.fault(
                "P607",
                move.span,
                f"`{move.player}` moves but has no payoffs",
                f"Say under `payoffs` what `{move.player}` wants.",
            )
    comparison = scenario.comparison
    if comparison is not None and comparison.player not in {
        each.player for each in declared.subjects.values() if each.step == "move"
    }:
        reader.fault(
            "P714",
            comparison.span,
            f"`{comparison.player}` never moves, so there are no policies to compare",
            "Compare the policies of a player who moves.",
        )


def _mentioned(reader: Reader, player: str) -> bool:
    """Whether the payoffs of a player are there but at fault, which is already reported."""
    return player in reader.paid


def _endings(reader: Reader, scenario: Scenario) -> None:
    if endless(scenario):
        return
    if scenario.story and not any(isinstance(step, Endings) for step, _ in steps(scenario.story)):
        last = scenario.story[-1]
        reader.fault(
            "P527",
            last.span,
            "the story has no ending",
            "Put a step `outcomes` at its end, such as `- outcomes: {war: act is attack, peace: otherwise}`.",
        )


def _memory(reader: Reader, scenario: Scenario, declared: Declared) -> None:
    """Report players who are to remember what they never see."""
    for player in scenario.players.values():
        for name in player.remembers or ():
            if not _sees(scenario, player.name, name):
                reader.fault(
                    "P236",
                    player.span,
                    f"`{player.name}` is to remember `{name}` but never sees it",
                    f"Let `{player.name}` see it (`seen by`, `reveal`), or delete it from `remembers`.",
                )


def _sees(scenario: Scenario, player: str, name: str) -> bool:
    if name in scenario.states:
        seen_by = scenario.states[name].seen_by
        if seen_by is None or player in seen_by:
            return True
    for step, _ in steps(scenario.story):
        if isinstance(step, Reveal):
            if name in step.variables and (step.seen_by is None or player in step.seen_by):
                return True
        elif getattr(step, "name", None) == name:
            seen_by = getattr(step, "seen_by", None)
            if seen_by is None or player in seen_by or (isinstance(step, Move) and step.player == player):
                return True
    return False


# --- comparisons and claims -----------------------------------------------------------------------------


def _policies(reader: Reader, scenario: Scenario, declared: Declared) -> None:
    comparison = scenario.comparison
    if comparison is None or len(comparison.policies) != 1:
        return
    reader.fault(
        "P715",
        comparison.span,
        "one policy alone cannot be compared",
        "Add the status quo as the first, or `uncommitted: free`.",
    )


def _claims(reader: Reader, scenario: Scenario) -> None:
    for claim in scenario.claims.values():
        if claim.derives is not None and not _is_condition(claim.derives):
            reader.fault(
                "P724",
                claim.derives.span,
                f"the claim `{claim.name}` derives a number; a claim is true or false",
                "Compare it with something, such as `P(war) < 20%`.",
            )


def _is_condition(expression: Expression) -> bool:
    root = expression.root
    if isinstance(root, Reference):
        return root.kind in (Kind.DEFINITION, Kind.OUTCOME)
    return isinstance(root, Compare | Both | Either | Not | Is)


# --- numbers --------------------------------------------------------------------------------------------


def _correlations(reader: Reader, scenario: Scenario) -> None:
    """Report pairs with two correlations, and correlations that cannot hold at the same time."""
    ranks: dict[frozenset[str], float] = {}
    for group in scenario.together:
        for place, first in enumerate(group.parameters):
            for second in group.parameters[place + 1 :]:
                pair = frozenset((first, second))
                if ranks.setdefault(pair, group.rank) != group.rank:
                    reader.fault(
                        "P248",
                        group.span,
                        f"`{first}` and `{second}` have two rank correlations: "
                        f"{ranks[pair]:g} and {group.rank:g}",
                        "Keep one of the two.",
                    )
                    return
    names = list(dict.fromkeys(name for group in scenario.together for name in group.parameters))
    if not _definite(names, ranks):
        reader.fault(
            "P245",
            scenario.together[-1].span,
            f"the rank correlations of {listed(names)} cannot all hold at the same time",
            "What varies closely with two things makes these vary with each other: weaken some of them.",
        )


def _definite(names: list[str], ranks: Mapping[frozenset[str], float]) -> bool:
    """Whether the correlations of the normal scores, 2 sin(pi r / 6) for rank r, have a Cholesky root."""
    rows: list[list[float]] = []
    for i, name in enumerate(names):
        row: list[float] = []
        for j in range(i + 1):
            rank = ranks.get(frozenset((name, names[j])), 0.0)
            value = 1.0 if i == j else 2 * math.sin(math.pi * rank / 6)
            value -= math.fsum(a * b for a, b in zip(row, rows[j] if j < i else row, strict=False))
            if i == j and value <= _SMALLEST:
                return False
            row.append(math.sqrt(value) if i == j else value / rows[j][j])
        rows.append(row)
    return True


def _positive(reader: Reader, scenario: Scenario) -> None:
    """Report precisions and stakes that are not above zero."""
    found = [("the precision", scenario.precision)]
    for player in scenario.players.values():
        found.append((f"the precision of `{player.name}`", player.precision))
        found.append((f"the stake of `{player.name}`", player.stake))
    for what, expression in found:
        least = _least(scenario, expression) if expression is not None else None
        if expression is not None and least is not None and least[0] <= 0:
            said = f"is {least[0]:g}" if least[1] else "can be 0 or less"
            reader.fault(
                "P246",
                expression.span,
                f"{what} {said}; it must be above 0",
                "A precision of 1 is loose, 4 careful, 20 nearly exact; a stake is a number of payoff units.",
            )


def _least(scenario: Scenario, expression: Expression) -> tuple[float, bool] | None:
    """Return the least value of an expression and whether it is certain; None when that is not plain."""
    number = constant(expression.root)
    if number is not None:
        return number, True
    root = expression.root
    if isinstance(root, Reference) and root.kind is Kind.PARAMETER and root.name in scenario.parameters:
        judgement = scenario.parameters[root.name].judgement
        low = support(judgement)[0]
        if low < 0 or (low == 0 and judgement.shape == "fixed"):
            return low, judgement.shape == "fixed"
    return None


# --- the story ------------------------------------------------------------------------------------------


def _beliefs(reader: Reader, scenario: Scenario, declared: Declared) -> None:
    """Report a belief `at` what is no move."""
    uses = [use.expression for use in everything(scenario)]
    uses += [item.expression for item in scenario.definitions.values()]
    own = [name for name, each in declared.subjects.items() if each.step == "move"]
    for expression in uses:
        for node in subtrees(expression.root):
            if not isinstance(node, Call) or node.function != "at":
                continue
            subject = node.arguments[0]
            if (
                isinstance(subject, Reference)
                and subject.name in declared.subjects
                and subject.name not in own
            ):
                hint = f"There are {listed(own)}." if own else "Nobody moves in this story."
                where = _place(expression, subject.start, subject.end)
                reader.fault("P535", where, f"`{subject.name}` is no move of a player", hint)


def _rounds(reader: Reader, scenario: Scenario) -> None:
    """Report `last(...)` where there is no round before."""
    rounds = any(isinstance(step, Repeat) for step, _ in steps(scenario.story))
    after = () if rounds else wishes(scenario)  # an ending inside a repeat has a round before it
    for use in (*in_story(scenario), *after):
        if use.repeated:
            continue
        for node in subtrees(use.expression.root):
            through = (
                isinstance(node, Reference) and node.kind is Kind.DEFINITION and _asks_last(scenario, node)
            )
            if through or (isinstance(node, Call) and node.function == "last"):
                reader.fault(
                    "P506",
                    _place(use.expression, node.start, node.end),
                    "`last(...)` is the value in the round before, and there are no rounds here",
                    "Use it inside a `repeat`; elsewhere the plain name is its latest value.",
                )


def _asks_last(scenario: Scenario, reference: Reference) -> bool:
    expression = (
        scenario.definitions[reference.name].expression if reference.name in scenario.definitions else None
    )
    if expression is None:
        return False
    names = [name for kind, name in leads_to(scenario, expression) if kind is Kind.DEFINITION]
    inner = [
        expression,
        *(scenario.definitions[name].expression for name in names if name in scenario.definitions),
    ]
    return any(
        isinstance(node, Call) and node.function == "last" for each in inner for node in subtrees(each.root)
    )


def _place(expression: Expression, start: int, end: int) -> Span:
    """Where a part of an expression stands, as long as the expression stands on one line."""
    span = expression.span
    return Span(span.file, span.line, span.column + start, max(end - start, 1))


# --- settings -------------------------------------------------------------------------------------------


def _settings(reader: Reader, scenario: Scenario) -> None:
    """Report parameters that are set to expressions which lead back to them."""
    for settings in (scenario.overrides, *(item.set for item in scenario.challenges.values())):
        links = {name: _parameters(scenario, draw) for name, draw in settings.items() if draw.expression}
        circle = _circle({name: [each for each in found if each in links] for name, found in links.items()})
        if circle is not None:
            way = " -> ".join(f"`{name}`" for name in circle)
            span = settings[circle[0]].span
            reader.fault(
                "P707",
                span,
                f"`{circle[0]}` is set to something that depends on it: {way}",
                "Break the circle.",
            )


def _parameters(scenario: Scenario, draw: Draw) -> list[str]:
    if draw.expression is None:
        return []
    return [name for kind, name in leads_to(scenario, draw.expression) if kind is Kind.PARAMETER]
