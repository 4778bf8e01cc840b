"""A scenario read back to its author: the story as a tree, who sees what, the numbers behind it.

What lives here: scenarios in words. What may not: games, draws, findings. Sizes and quantiles come from the
caller, who has them from the rooms that know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from parley.findings.judgements import in_words, percent, set_in_words, switch_in_words
from parley.findings.ledger import grade
from parley.report import words
from parley.report.terminal import NARROWEST, WIDEST, draw, heading
from parley.scenario.model import (
    Clock,
    Endings,
    Expression,
    Group,
    Move,
    Nature,
    Option,
    Payoff,
    Policy,
    Race,
    Repeat,
    Reveal,
    Reward,
    Scenario,
    Signal,
    Simultaneous,
    Step,
    Update,
)
from parley.scenario.players import kinds_of

__all__ = ["GameSize", "policy_in_words", "render_story", "story_lines"]

MANY = 8  # numbers that are written out

Quantiles = Mapping[str, tuple[float, float, float]]


class GameSize(Protocol):
    """How large the compiled game is."""

    @property
    def nodes(self) -> int:
        """Nodes, after equal futures are merged."""

    @property
    def edges(self) -> int:
        """Edges."""

    @property
    def infosets(self) -> int:
        """Information sets."""

    @property
    def actions(self) -> int:
        """Actions, over all information sets."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the tree: how deep it stands, what it says, and a remark on who sees it."""

    depth: int
    text: str
    remark: str = ""


def render_story(
    scenario: Scenario,
    size: GameSize | None = None,
    quantiles: Quantiles | None = None,
    width: int = 100,
    colour: bool = False,
) -> str:
    """Lay a scenario out for a terminal: players, story, wishes, policies, numbers, size.

    Parameters
    ----------
    scenario
        What to show.
    size
        The compiled game's size, if known.
    quantiles
        Parameter -> 5, 50 and 95 % quantiles, where known.
    width
        Columns, kept within 60 and 120.
    colour
        Whether to add ANSI colours.

    Returns
    -------
    str
        Lines without trailing blanks, ending in a newline.

    Examples
    --------
    >>> import parley
    >>> from parley.report import render_story
    >>> "STORY" in render_story(parley.load(parley.catalog.template()))
    True
    """
    width = min(max(width, NARROWEST), WIDEST)
    parts: list[RenderableType] = [Text(words.clean(scenario.title), style="bold")]
    if scenario.question:
        parts.append(Text(words.clean(scenario.question)))
    parts += [
        heading("PLAYERS"),
        _players(scenario),
        heading("STORY", "seen by everybody unless it says otherwise"),
    ]
    parts += [_line(line) for line in _steps(scenario, scenario.story, 0)]
    if scenario.payoffs:
        parts += [heading("PAYOFFS"), *(_line(line) for line in _payoffs(scenario))]
    if scenario.comparison is not None:
        parts += [heading("POLICIES", _of(scenario, scenario.comparison.player)), *_policies(scenario)]
    if scenario.parameters:
        parts += [heading("NUMBERS", "quantiles of what was judged"), _numbers(scenario, quantiles)]
    if scenario.switches:
        parts += [heading("SWITCHES"), *(_line(line) for line in _switches(scenario))]
    if size is not None:
        text = (
            f"nodes {size.nodes:,}, edges {size.edges:,}, information sets {size.infosets:,}, "
            f"actions {size.actions:,} (nobody bound by a policy, switches as set, equal futures merged)"
        )
        parts += [heading("SIZE"), _line(_Line(0, text))]
    return draw(parts, width, colour)


def story_lines(scenario: Scenario) -> Iterator[tuple[int, str, str]]:
    """Yield the steps of the story in words: how deep each stands, what happens, who sees it.

    Examples
    --------
    >>> import parley
    >>> next(story_lines(parley.load("which-event-first")))
    (0, 'United States chooses posture: as usual | short list | pause', '')
    """
    for line in _steps(scenario, scenario.story, 0):
        yield line.depth, words.clean(line.text), words.clean(line.remark)


def policy_in_words(policy: Policy) -> str:
    """Say what a policy prescribes.

    Examples
    --------
    >>> import parley
    >>> policy_in_words(parley.load("which-event-first").comparison.policies["pause"])
    'posture pause'
    """
    return words.clean(_rules(policy))


def _line(line: _Line) -> Padding:
    # The hanging indent is a narrower block: continuation lines stand under the text.
    text = Text(words.clean(line.text))
    if line.remark:
        text.append(f"  [{words.clean(line.remark)}]", style="dim")
    grid = Table(box=None, show_header=False, show_edge=False, padding=(0, 1, 0, 0), pad_edge=False)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row("-", text)
    return Padding(grid, (0, 0, 0, 2 + 3 * line.depth))


def _of(scenario: Scenario, player: str) -> str:
    return words.clean(scenario.players[player].text) if player in scenario.players else player


def _seen(scenario: Scenario, seen_by: tuple[str, ...] | None, mover: str | None = None) -> str:
    """Say who sees a step; a mover always sees its own."""
    if seen_by is None:
        return ""
    names = [_of(scenario, name) for name in seen_by if name != mover]
    if not names:
        return "seen by nobody else" if mover is not None else "seen by nobody"
    return f"seen by {', '.join(names)} only"


def _when(when: Expression | None) -> str:
    return f"if {words.clean(when.source)}: " if when is not None else ""


def _steps(scenario: Scenario, story: Sequence[Step], depth: int) -> Iterator[_Line]:
    for step in story:
        yield from _step(scenario, step, depth)


def _step(scenario: Scenario, step: Step, depth: int) -> Iterator[_Line]:
    lead = _when(step.when)
    match step:
        case Nature():
            text, seen = f"{lead}chance decides {step.name}: ", _seen(scenario, step.seen_by)
            if step.weight is not None:
                weight = words.clean(step.weight.source)
                yield _Line(depth, f"{text}{_labels(step.options)} (chances in proportion to {weight})", seen)
            elif step.equally_likely and all(option.when is None for option in step.options):
                yield _Line(depth, f"{text}{_labels(step.options)} (equally likely)", seen)
            else:
                yield _Line(depth, text, seen)
                yield from _chances(step.options, depth + 1, equally=step.equally_likely)
        case Move():
            yield from _move(scenario, step, depth)
        case Simultaneous():
            yield _Line(depth, f"{lead}at once, none seeing the other's choice:")
            for move in step.moves:
                yield from _move(scenario, move, depth + 1)
        case Signal():
            yield from _signal(scenario, step, depth)
        case Race():
            yield from _race(scenario, step, depth)
        case Repeat():
            until = f", until {words.clean(step.until.source)}" if step.until is not None else ""
            counter = f" ({step.counter})" if step.counter else ""
            rounds = f"up to {step.times} times" if step.discount is None else _for_ever(step.discount)
            yield _Line(depth, f"{lead}{rounds}{counter}{until}:")
            yield from _steps(scenario, step.story, depth + 1)
        case Group():
            yield _Line(depth, lead.strip() or "then:")
            yield from _steps(scenario, step.story, depth + 1)
        case _:
            yield from _small_step(scenario, step, depth, lead)


def _for_ever(discount: Mapping[str, Expression]) -> str:
    """Say that there is no last round, and what the next one counts for."""
    worth = {words.clean(each.source) for each in discount.values()}
    if len(worth) == 1:
        return f"again and again, the next round counting {worth.pop()} of this one"
    each = ", ".join(f"{words.clean(each.source)} for {name}" for name, each in discount.items())
    return f"again and again, the next round counting {each} of this one"


def _small_step(
    scenario: Scenario, step: Update | Reward | Reveal | Endings, depth: int, lead: str
) -> Iterator[_Line]:
    match step:
        case Update():
            state = scenario.states.get(step.state)
            remark = _seen(scenario, state.seen_by) if state is not None else ""
            if step.options:
                yield _Line(depth, f"{lead}{step.state} changes by chance", remark)
                yield from _chances(step.options, depth + 1)
            else:
                value = step.value.source if isinstance(step.value, Expression) else step.value
                yield _Line(depth, f"{lead}{step.state} becomes {words.clean(value or '')}", remark)
        case Reward():
            paid = (f"{_of(scenario, name)} {words.clean(e.source)}" for name, e in step.payoffs.items())
            yield _Line(depth, f"{lead}on the way: {'; '.join(paid)}")
        case Reveal():
            to = ", ".join(_of(scenario, name) for name in step.seen_by or ()) or "everybody"
            yield _Line(depth, f"{lead}{', '.join(step.variables)} is shown to {to}")
        case Endings():
            yield _Line(depth, f"{lead}the story ends, by the first of these that holds:")
            for ending in step.endings:
                reason = f"if {words.clean(ending.when.source)}" if ending.when is not None else "otherwise"
                yield _Line(depth + 1, f"{ending.outcome}: {reason}")


def _move(scenario: Scenario, move: Move, depth: int) -> Iterator[_Line]:
    remark = _seen(scenario, move.seen_by, move.player)
    text = f"{_when(move.when)}{_of(scenario, move.player)} chooses {move.name}: "
    if all(option.when is None for option in move.options):
        yield _Line(depth, text + _labels(move.options), remark)
        return
    yield _Line(depth, text, remark)
    for option in move.options:
        yield _Line(depth + 1, f"{option.label}{_if(option.when)}")


def _labels(options: Sequence[Option]) -> str:
    """Return the options in a row; of many numbers the first two and the last."""
    labels = [option.label for option in options]
    if len(labels) > MANY and all(option.number is not None for option in options):
        return f"{labels[0]}, {labels[1]}, ... {labels[-1]} ({len(labels)} numbers)"
    return " | ".join(labels)


def _chances(options: Sequence[Option], depth: int, *, equally: bool = False) -> Iterator[_Line]:
    """One line for each branch with its chance and its condition."""
    for option in options:
        chance = words.clean(option.chance.source) if option.chance is not None else "the rest"
        said = "as likely as the others" if equally else f"with chance {chance}"
        if option.chance is None and not equally:
            said = chance
        yield _Line(depth, f"{option.label}: {said}{_if(option.when)}")


def _if(when: Expression | None) -> str:
    return f", if {words.clean(when.source)}" if when is not None else ""


def _signal(scenario: Scenario, signal: Signal, depth: int) -> Iterator[_Line]:
    remark = _seen(scenario, signal.seen_by)
    text = f"{_when(signal.when)}{signal.name} tells of {signal.of}"
    if signal.error is not None:
        yield _Line(depth, f"{text}, wrong with chance {words.clean(signal.error.source)}", remark)
        return
    yield _Line(depth, text, remark)
    for truth, chances in (signal.chances or {}).items():
        pairs = zip(signal.options, chances, strict=True)
        listed = ", ".join(f"{o.label} {words.clean(c.source) if c else 'the rest'}" for o, c in pairs)
        yield _Line(depth + 1, f"when it is {truth}: {listed}")


def _race(scenario: Scenario, race: Race, depth: int) -> Iterator[_Line]:
    yield _Line(depth, f"{_when(race.when)}a race decides {race.name}", _seen(scenario, race.seen_by))
    for clock in race.clocks:
        yield _Line(depth + 1, _clock(clock))
    if race.horizon is not None:
        within = words.clean(race.horizon.source)
        yield _Line(depth + 1, f"{race.otherwise or 'nothing'}: if none within {within}")
    for player, flow in race.flow.items():
        paid = f"{_of(scenario, player)} {words.clean(flow.source)}"
        yield _Line(depth + 1, f"while it runs, per unit of time: {paid}")


def _clock(clock: Clock) -> str:
    return f"{clock.label}: at rate {words.clean(clock.rate.source)}{_if(clock.when)}"


def _players(scenario: Scenario) -> Padding:
    table = Table(box=None, show_edge=False, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    errors = {name: kinds_of(each, scenario.errors) for name, each in scenario.players.items()}
    told = any(kinds != ("logistic",) for kinds in errors.values())
    for name in ("", "player", "precision", "stake", "remembers", *(["errors"] if told else [])):
        table.add_column(name, overflow="fold")
    for player in scenario.players.values():
        stated = player.precision or scenario.precision
        table.add_row(
            player.name,
            words.clean(player.text),
            words.clean(stated.source) if stated is not None else "4",
            words.clean(player.stake.source) if player.stake is not None else "whole",
            "everything" if player.remembers is None else ", ".join(player.remembers) or "nothing",
            *([" or ".join(errors[player.name])] if told else []),
        )
    return Padding(table, (0, 0, 0, 2))


def _payoffs(scenario: Scenario) -> Iterator[_Line]:
    for payoff in scenario.payoffs.values():
        yield _Line(0, f"{_of(scenario, payoff.player)}: {'; '.join(_wishes(payoff)) or 'nothing'}")


def _wishes(payoff: Payoff) -> Iterator[str]:
    if payoff.ranking is not None:
        tiers = [" = ".join(tier) for tier in payoff.ranking.tiers]
        text = tiers[0]
        for gap, tier in zip(payoff.ranking.gaps, tiers[1:], strict=True):
            text += f"{' >> ' if gap else ' > '}{tier}"
        yield f"{text} (only the order is known)"
    for outcome, value in payoff.by_outcome.items():
        yield f"{outcome} {words.clean(value.source)}"
    if payoff.otherwise is not None:
        some = payoff.by_outcome or payoff.ranking is not None
        yield f"any {'other ' if some else ''}ending {words.clean(payoff.otherwise.source)}"
    for value in payoff.add:
        yield f"and always {words.clean(value.source)}"


def _policies(scenario: Scenario) -> Iterable[RenderableType]:
    comparison = scenario.comparison
    assert comparison is not None
    for place, policy in enumerate(comparison.policies.values()):
        marks = ["baseline"] if place == 0 else []
        if policy.name == comparison.recommend:
            marks.append("recommended")
        if policy.intended:
            marks.append("the others do not know it")
        yield _line(_Line(0, f"{policy.name}: {_rules(policy)}", ", ".join(marks)))
    for criterion in comparison.by:
        side = "more" if criterion.higher else "less"
        source = words.clean(criterion.expression.source)
        name = f"{words.clean(criterion.text)}: {source}" if criterion.text else source
        yield _line(_Line(0, f"compared by {name}", f"{side} is better"))


def _rules(policy: Policy) -> str:
    if not policy.rules:
        return "does as it likes"
    said = []
    for rule in policy.rules:
        sure = [label for label, chance in rule.mix.items() if chance == 1.0]
        mix = sure[0] if sure else " or ".join(f"{label} ({percent(p)})" for label, p in rule.mix.items())
        condition = f" if {words.clean(rule.when.source)}" if rule.when is not None else ""
        said.append(f"{rule.move} {mix}{condition}")
    return "; ".join(said)


def _numbers(scenario: Scenario, quantiles: Quantiles | None) -> Padding:
    table = Table(box=None, show_edge=False, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    table.add_column("", overflow="fold")
    for name in ("5%", "50%", "95%"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("grade", no_wrap=True)
    table.add_column("judged, and from where", overflow="fold")
    for parameter in scenario.parameters.values():
        put = scenario.overrides.get(parameter.name)
        known = (quantiles or {}).get(parameter.name)
        said = f"set to {set_in_words(put)}" if put is not None else in_words(parameter.judgement)
        if parameter.unit:
            said += f" {words.clean(parameter.unit)}"
        evidence = [scenario.evidence[name].text for name in parameter.evidence if name in scenario.evidence]
        origin = words.clean("; ".join([*evidence, *([parameter.why] if parameter.why else [])]))
        text = Text(said)
        if origin:
            text.append(f"  ({origin})", style="dim")
        values = words.figures(known) if known is not None else [""] * 3
        graded = grade(scenario, parameter.confidence, parameter.evidence)
        table.add_row(words.clean(parameter.name), *values, graded or "-", text)
    return Padding(table, (0, 0, 0, 2))


def _switches(scenario: Scenario) -> Iterator[_Line]:
    for switch in scenario.switches.values():
        put = scenario.overrides.get(switch.name)
        said = f"set to {set_in_words(put)}" if put is not None else switch_in_words(switch)
        text = f" ({words.clean(switch.text)})" if switch.text else ""
        yield _Line(0, f"{switch.name}: {said}{text}")
