"""The story of a scenario as a picture: who moves, who sees.

What lives here: from steps to the rows of :mod:`parley.report.pictures.influence`. What may not: drawing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from parley.report import words
from parley.report.document import Figure, Table, plain
from parley.report.pictures.influence import (
    ACTS,
    CHANCE,
    ENDS,
    SHOWN,
    WORLD,
    Box,
    Influence,
    Row,
    influence,
    rows_of,
)
from parley.report.pictures.theme import LINES
from parley.scenario.model import (
    Endings,
    Expression,
    Group,
    Move,
    Nature,
    Option,
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

__all__ = ["MOST", "figure", "of_story"]

MOST = 24  # steps that one picture holds
_MANY = 8  # options that are written out


def figure(scenario: Scenario, theme: str = "auto") -> Figure:
    """Return the picture of a story, with the table behind it.

    Parameters
    ----------
    scenario
        Whose story.
    theme
        ``auto``, ``light`` or ``dark``.

    Examples
    --------
    >>> import parley
    >>> found = figure(parley.load("which-event-first"))
    >>> found.name, len(found.table.rows)
    ('story', 4)
    """
    story = of_story(scenario)
    caption = (
        "The story from top to bottom. A mark is who acts; a dot is who sees it, a ring is who does not."
    )
    return Figure("story", influence(story, theme), caption, _table(story))


def of_story(scenario: Scenario, most: int = MOST) -> Influence:
    """Return what the picture of a story shows.

    Parameters
    ----------
    scenario
        Whose story.
    most
        Steps at most; in a longer story, steps under one condition stand together, then the last ones are
        left out, and a note says so.

    Examples
    --------
    >>> import parley
    >>> of_story(parley.load("which-event-first"), most=3).notes[-1]
    'Left out for want of room: the last ...'
    """
    lanes = _Lanes(scenario)
    items = tuple(_joined(_steps(lanes, scenario.story)))
    steps = sum(1 for _ in rows_of(items))
    items, folded = _folded(items, most)
    items, cut = _cut(items, most)
    notes = list(lanes.notes())
    if folded:
        notes.append(f"{words.listed(folded)}: steps under one condition stand as one here.")
    if cut:
        notes.append(f"Left out for want of room: the last {cut} of {steps} steps.")
    players = words.listed([words.clean(each.text) for each in scenario.players.values()])
    description = (
        f"{steps} steps in order, from top to bottom, beside a lane for each of {players}. "
        "The table says of each step who acts and who sees it."
    )
    return Influence("Who moves, who sees", lanes.names, items, tuple(notes), description)


class _Lanes:
    """Which lane each player has: the movers first, and one for all the others where there are too many."""

    def __init__(self, scenario: Scenario) -> None:
        self.players = scenario.players
        self.states = scenario.states
        known = list(scenario.players)
        movers = {move.player for move in _moves(scenario.story)}
        chosen = known
        if len(known) > LINES:
            first = [*(name for name in known if name in movers), *(n for n in known if n not in movers)]
            kept = set(first[: LINES - 1])
            chosen = [name for name in known if name in kept]
        self.shared = [name for name in known if name not in chosen]
        self.lane = {name: number for number, name in enumerate(chosen)}
        self.lane |= dict.fromkeys(self.shared, len(chosen))
        names = [words.clean(scenario.players[name].text) or name for name in chosen]
        self.names = (*names, *([f"{len(self.shared)} others"] if self.shared else []))
        self.pays = any(isinstance(step, Reward) for step in _all(scenario.story))

    def of(self, player: str) -> str:
        return words.clean(self.players[player].text) or player

    def seen(self, seen_by: tuple[str, ...] | None, mover: str | None = None) -> tuple[int, ...]:
        """Return the lanes of those who see a step; a shared lane sees what all in it see."""
        if seen_by is None:
            return tuple(range(len(self.names)))
        told = {*seen_by, *([mover] if mover is not None else [])}
        lanes = {number for name, number in self.lane.items() if name in told and name not in self.shared}
        if self.shared and all(name in told for name in self.shared):
            lanes.add(len(self.names) - 1)
        return tuple(sorted(lanes))

    def notes(self) -> Iterator[str]:
        if self.shared:
            names = words.listed([self.of(name) for name in self.shared])
            yield f"In the last lane together: {names}; a dot there: all of them see it."
        if self.pays:
            yield "Payments on the way are not shown."


def _all(story: Sequence[Step]) -> Iterator[Step]:
    for step in story:
        yield step
        if isinstance(step, Repeat | Group):
            yield from _all(step.story)


def _moves(story: Sequence[Step]) -> Iterator[Move]:
    for step in _all(story):
        if isinstance(step, Move):
            yield step
        elif isinstance(step, Simultaneous):
            yield from step.moves


# --- steps ----------------------------------------------------------------------------------------------


def _steps(lanes: _Lanes, story: Sequence[Step]) -> Iterator[Row | Box]:
    for step in story:
        match step:
            case Move():
                yield _move(lanes, step)
            case Simultaneous():
                moves = tuple(_move(lanes, move) for move in step.moves)
                yield Box(f"{_if(step.when)}at once, none seeing the other's choice", moves)
            case Repeat():
                yield Box(_rounds(step), tuple(_joined(_steps(lanes, step.story))))
            case Group():
                yield from _group(_if(step.when), tuple(_joined(_steps(lanes, step.story))))
            case Reward():
                pass  # nobody learns anything by it that is not known; a note says so
            case _:
                yield _small(lanes, step)


def _group(lead: str, items: tuple[Row | Box, ...]) -> Iterator[Row | Box]:
    """Yield steps under one condition: in a box, unless there is only one of them."""
    if not lead:
        yield from items
    elif len(items) == 1 and isinstance(items[0], Row):
        both = f"{lead.removesuffix(': ')} and {items[0].when.removeprefix('if ')}" if items[0].when else lead
        yield replace(items[0], when=both)
    elif items:
        yield Box(lead.removesuffix(": "), items)


def _move(lanes: _Lanes, move: Move) -> Row:
    return Row(
        ACTS,
        f"{lanes.of(move.player)} chooses {move.name}",
        _options(move.options),
        _if(move.when),
        lanes.lane[move.player],
        lanes.seen(move.seen_by, move.player),
    )


def _small(lanes: _Lanes, step: Nature | Signal | Race | Update | Reveal | Endings) -> Row:
    lead = _if(step.when)
    match step:
        case Nature():
            return Row(
                CHANCE, f"chance: {step.name}", _options(step.options), lead, None, lanes.seen(step.seen_by)
            )
        case Signal():
            title = f"{step.name}, a sign of {step.of}"
            return Row(CHANCE, title, _options(step.options), lead, None, lanes.seen(step.seen_by))
        case Race():
            first = " | ".join(clock.label for clock in step.clocks)
            within = f", or {step.otherwise or 'nothing'} in time" if step.horizon is not None else ""
            title = f"which comes first: {step.name}"
            return Row(CHANCE, title, f"{first}{within}", lead, None, lanes.seen(step.seen_by))
        case Update():
            return _update(lanes, step, lead)
        case Reveal():
            return Row(SHOWN, f"shown: {', '.join(step.variables)}", "", lead, None, lanes.seen(step.seen_by))
        case Endings():
            certain = any(ending.when is None for ending in step.endings) and step.when is None
            ends = " | ".join(dict.fromkeys(ending.outcome for ending in step.endings))
            return Row(ENDS, "the story ends as" if certain else "the story may end as", ends, lead)


def _update(lanes: _Lanes, step: Update, lead: str) -> Row:
    state = lanes.states.get(step.state)
    seen = lanes.seen(state.seen_by if state is not None else None)
    if step.options:
        return Row(CHANCE, f"{step.state} changes by chance", _options(step.options), lead, None, seen)
    value = step.value.source if isinstance(step.value, Expression) else step.value
    return Row(WORLD, f"{step.state} becomes {words.clean(value or '')}", "", lead, None, seen)


def _rounds(step: Repeat) -> str:
    times = f"up to {step.times} times" if step.discount is None else "again and again, without a last time"
    until = f", until {words.clean(step.until.source)}" if step.until is not None else ""
    return f"{_if(step.when)}{times}{until}"


def _if(when: Expression | None) -> str:
    return f"if {words.clean(when.source)}: " if when is not None else ""


def _options(options: Sequence[Option]) -> str:
    """Return the options in a row; of many the first two and the last."""
    labels = [option.label for option in options]
    if len(labels) > _MANY:
        return f"{labels[0]} | {labels[1]} | … | {labels[-1]} ({len(labels)} options)"
    return " | ".join(labels)


# --- long stories ---------------------------------------------------------------------------------------


def _joined(items: Iterator[Row | Box]) -> Iterator[Row | Box]:
    """Make one row of what changes by rule in steps that follow each other, seen by the same."""
    waiting: Row | None = None
    for item in items:
        plainly = isinstance(item, Row) and item.kind == WORLD
        if waiting is not None and plainly and isinstance(item, Row) and item.seen == waiting.seen:
            said = f"{item.when}{item.title}"
            waiting = Row(WORLD, f"{waiting.title}; {said}", "", waiting.when, None, waiting.seen)
            continue
        if waiting is not None:
            yield waiting
        waiting = item if plainly and isinstance(item, Row) else None
        if waiting is None:
            yield item
    if waiting is not None:
        yield waiting


@dataclass(frozen=True, slots=True)
class _Inner:
    """A box without boxes in it, by the places that lead to it."""

    path: tuple[int, ...]
    rows: int


def _inner(items: Sequence[Row | Box], path: tuple[int, ...] = ()) -> Iterator[_Inner]:
    for number, item in enumerate(items):
        if isinstance(item, Box):
            below = list(_inner(item.items, (*path, number)))
            yield from below or [_Inner((*path, number), len(item.items))]


def _folded(items: tuple[Row | Box, ...], most: int) -> tuple[tuple[Row | Box, ...], list[str]]:
    """Put the largest innermost boxes into one row each until there are few enough rows."""
    named: list[str] = []
    while sum(1 for _ in rows_of(items)) > most:
        candidates = [each for each in _inner(items) if each.rows > 1]
        if not candidates:
            break
        chosen = max(candidates, key=lambda each: (len(each.path), each.rows))
        items, title = _replaced(items, chosen.path)
        named.append(title)
    return items, named


def _replaced(items: tuple[Row | Box, ...], path: tuple[int, ...]) -> tuple[tuple[Row | Box, ...], str]:
    here = items[path[0]]
    assert isinstance(here, Box)
    if len(path) == 1:
        return (*items[: path[0]], _one(here), *items[path[0] + 1 :]), here.title
    inner, title = _replaced(here.items, path[1:])
    return (*items[: path[0]], Box(here.title, inner), *items[path[0] + 1 :]), title


def _one(box: Box) -> Row:
    """Return one row for a box: seen by whom all in it is seen."""
    rows = [row for row in rows_of(box.items) if row.kind != ENDS]
    seen = set(rows[0].seen).intersection(*(row.seen for row in rows)) if rows else set[int]()
    names = " | ".join(row.title for row in rows_of(box.items))
    return Row(
        WORLD, f"{len(list(rows_of(box.items)))} steps, {box.title}", names, "", None, tuple(sorted(seen))
    )


def _cut(items: tuple[Row | Box, ...], most: int) -> tuple[tuple[Row | Box, ...], int]:
    """Leave out what does not fit, from the end, and say how many steps these are."""
    count = sum(1 for _ in rows_of(items))
    if count <= most:
        return items, 0
    return _first(items, most), count - most


def _first(items: Sequence[Row | Box], most: int) -> tuple[Row | Box, ...]:
    kept: list[Row | Box] = []
    for item in items:
        if most <= 0:
            break
        if isinstance(item, Box):
            inner = _first(item.items, most)
            most -= sum(1 for _ in rows_of(inner))
            kept.append(Box(item.title, inner))
        else:
            most -= 1
            kept.append(item)
    return tuple(kept)


# --- the table ------------------------------------------------------------------------------------------


def _table(story: Influence) -> Table:
    rows = tuple(_lines(story, story.items, ()))
    return Table("The story, step by step", ("step", "options", "when", "seen by"), rows)


def _lines(
    story: Influence, items: Sequence[Row | Box], inside: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    for item in items:
        if isinstance(item, Box):
            yield from _lines(story, item.items, (*inside, item.title))
        else:
            yield _line(story, item, inside)


def _line(story: Influence, row: Row, inside: tuple[str, ...]) -> tuple[str, ...]:
    when = "; ".join([*inside, *([row.when.removesuffix(": ")] if row.when else [])])
    told: Mapping[int, str] = {lane: story.lanes[lane] for lane in row.seen}
    if row.kind == ENDS:
        seen = ""
    elif len(told) == len(story.lanes):
        seen = "everybody"
    else:
        seen = words.listed(list(told.values())) if told else "nobody"
    return (plain(row.title), plain(row.detail), plain(when), plain(seen))
