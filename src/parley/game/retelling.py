"""A game tree retold in the language of scenarios.

What lives here: steps, conditions and who sees what, found from a tree. What may not: files of other
programs, NumPy.

Every information set becomes one step, in an order of time, with the condition under which it is reached.
A player sees a step where that splits none of its information sets. A tree that has no order of
time, in which a player would be asked twice at one set, cannot be told this way, and is refused.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

from parley.errors import GameError
from parley.game.numerals import bounded
from parley.game.tree import Place, Tree, places, recall, sequence

__all__ = ["retell"]

_PLAIN = re.compile(r"[A-Za-z]\w*(?: \w+)*", re.ASCII)
_WORDS = frozenset(
    (
        *("rest", "otherwise", "always", "is", "not", "and", "or", "if", "else", "add", "rank", "free"),
        *("true", "false", "null", "yes", "no", "on", "off", "y", "n", "everybody", "nobody", "chance"),
        *("when", "happened", "times", "last", "time", "min", "max", "exp", "log", "sqrt", "abs", "Phi"),
    )
)
_OPERATORS = frozenset(["is", "not", "and", "or", "if", "else"])
_LONGEST = 2000  # characters of an expression


def retell(tree: Tree, source: str) -> str:
    """Write a tree as the model of a scenario.

    Parameters
    ----------
    tree
        The game.
    source
        The file's name, for the title when the tree has none.

    Returns
    -------
    YAML with the sections ``players``, ``story`` and ``payoffs``.

    Raises
    ------
    GameError
        When no order of the information sets exists, a condition gets longer than the language allows, or
        nobody plays.

    Examples
    --------
    >>> from parley.game.efg_reader import parse_efg
    >>> file = 'EFG 2 R "" { "us" } p "" 1 1 "act" { "go" "stay" } 0 '
    >>> file += 't "" 1 "war" { 1/3 } t "" 2 "peace" { 1 }'
    >>> print(retell(parse_efg(file), "war.efg"))
    players:
      us: {}
    story:
      - player: us
        move: act
        options: [go, stay]
      - outcomes:
          war: act is go
          peace: otherwise
    payoffs:
      us: {war: 1/3, peace: 1}
    <BLANKLINE>
    """
    if not tree.players:
        raise GameError(f"{source}: a game without players is no scenario")
    for apart in (False, True):
        groups = places(tree, apart=apart)
        order = sequence(tree, groups)
        if order is not None:
            return _Retelling(tree, [groups[number] for number in order]).text()
    raise GameError(
        f"{source}: this tree has no order of time: {_circle(tree)}. A story asks each question at one time; "
        "`parley solve` takes the game as it is"
    )


def _circle(tree: Tree) -> str:
    """Say which information sets spoil the order."""
    before: set[tuple[int, int]] = set()  # sets of players, the one on a path before the other
    path: list[int] = []  # the nodes above
    for index, spot in enumerate(tree.spots):
        while path and path[-1] != spot.parent:
            path.pop()
        if spot.place >= 0 and tree.places[spot.place].player >= 0:
            for above in {tree.spots[up].place for up in path}:
                if tree.places[above].player < 0:
                    continue
                if above == spot.place:
                    owner = tree.players[tree.places[above].player]
                    return f"{owner} may come to {_called(tree, above)} twice without noticing"
                if (spot.place, above) in before:
                    return (
                        f"{_called(tree, spot.place)} and {_called(tree, above)} each come before the other "
                        "on some path"
                    )
                before.add((above, spot.place))
        path.append(index)
    return "some information sets come before each other in a circle"


def _called(tree: Tree, place: int) -> str:
    found = tree.places[place]
    if found.name:
        return f"'{found.name}'"
    return f"the set of {tree.players[found.player]} with the choice {' / '.join(found.labels)}"


class _Names:
    """Names that are all different, in every spelling."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def fresh(self, wanted: str, otherwise: str) -> str:
        """Return a name like the one wanted that the language takes and nobody has yet."""
        name = " ".join(re.sub(r"[\W_]+", " ", wanted).split())
        if name.lower() in _WORDS or not name:
            name = f"{otherwise} {name}".strip()
        elif not name[0].isalpha():
            name = f"{otherwise} {name}"
        number, base = 1, name
        while name.lower() in self.taken:
            number += 1
            name = f"{base} {number}"
        self.taken.add(name.lower())
        return name


def _labels(wanted: Sequence[str]) -> list[str]:
    names = _Names()
    whole = all(re.fullmatch(r"0|[1-9]\d{0,8}", each, re.ASCII) for each in wanted)
    return list(wanted) if whole else [names.fresh(each, "option") for each in wanted]


def _yaml(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return text if plain or (text.isascii() and text.isdigit()) else json.dumps(text, ensure_ascii=False)


def _term(text: str) -> str:
    """Return a name as it stands in a condition."""
    words = text.lower().split()
    plain = re.fullmatch(r"[A-Za-z]\w*(?: [A-Za-z]\w*)*", text, re.ASCII) and not _OPERATORS.intersection(
        words
    )
    return text if plain or (text.isascii() and text.isdigit()) else f"'{text}'"


def _number(value: Fraction) -> str:
    """Return a number exactly: as a decimal where that is short, else as a fraction."""
    below = value.denominator
    for factor in (2, 5):
        while below % factor == 0:
            below //= factor
    short = value.denominator != 1 and below == 1 and value.denominator < 10**12
    return _decimal(value) if short else str(value)


def _decimal(value: Fraction) -> str:
    places_after = 0
    while (value * 10**places_after).denominator != 1:
        places_after += 1
    whole = str(abs(int(value * 10**places_after))).rjust(places_after + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{whole[:-places_after]}.{whole[-places_after:]}"


class _Retelling:
    def __init__(self, tree: Tree, groups: list[list[int]]) -> None:
        self.tree = tree
        self.groups = [group for group in groups if tree.spots[group[0]].place >= 0]
        self.ends = sorted(group[0] for group in groups if tree.spots[group[0]].place < 0)
        self.home = {index: number for number, group in enumerate(self.groups) for index in group}
        self.names = _Names()
        self.players = [self.names.fresh(name, "player") for name in tree.players]
        self.steps = [self.names.fresh(*self._wanted(number)) for number in range(len(self.groups))]
        self.labels = [_labels(self._place(number).labels) for number in range(len(self.groups))]
        self.recall = recall(tree)

    def _place(self, number: int) -> Place:
        return self.tree.places[self.tree.spots[self.groups[number][0]].place]

    def _wanted(self, number: int) -> tuple[str, str]:
        place = self._place(number)
        otherwise = "chance move" if place.player < 0 else f"{self.players[place.player]} move"
        return place.name or otherwise, otherwise

    def text(self) -> str:
        """Return the sections."""
        lines = ["players:"]
        for name, perfect in zip(self.players, self.recall, strict=True):
            lines.append(f"  {_yaml(name)}: {'{}' if perfect else '{remembers: []}'}")
        lines.append("story:")
        for number in range(len(self.groups)):
            lines += self._step(number)
        endings = self._endings()
        lines.append("  - outcomes:")
        for position, (name, nodes, _) in enumerate(endings):
            last = position == len(endings) - 1
            lines.append(f"      {_yaml(name)}: {'otherwise' if last else self._condition(nodes)}")
        lines.append("payoffs:")
        for player, name in enumerate(self.players):
            each = ", ".join(f"{_yaml(ending)}: {_number(pay[player])}" for ending, _, pay in endings)
            lines.append(f"  {_yaml(name)}: {{{each}}}")
        return "\n".join([*lines, ""])

    def _step(self, number: int) -> list[str]:
        place, labels = self._place(number), [_yaml(each) for each in self.labels[number]]
        name = _yaml(self.steps[number])
        if place.player >= 0:
            lines = [f"  - player: {_yaml(self.players[place.player])}", f"    move: {name}"]
            lines.append(f"    options: [{', '.join(labels)}]")
        else:
            likeliest = place.chances.index(max(place.chances))
            shares = [
                "rest" if position == likeliest and len(labels) > 1 else _number(chance)
                for position, chance in enumerate(place.chances)
            ]
            each = ", ".join(f"{label}: {share}" for label, share in zip(labels, shares, strict=True))
            lines = [f"  - nature: {name}", f"    options: {{{each}}}"]
        condition = self._condition(self.groups[number])
        if condition != "always":
            lines.append(f"    when: {condition}")
        blind = self._blind(number)
        if blind:
            seen = [_yaml(each) for player, each in enumerate(self.players) if player not in blind]
            lines.append(f"    seen by: {'[' + ', '.join(seen) + ']' if seen else 'nobody'}")
        return lines

    def _blind(self, number: int) -> set[int]:
        """Return the players whose information sets would be split if they saw a step."""
        at = {index: position for position, index in enumerate(self.groups[number])}
        shown: dict[int, set[int]] = defaultdict(set)  # later step -> labels seen there, -1 for none
        known: list[int] = []
        for index, spot in enumerate(self.tree.spots):
            label = -1
            if spot.parent >= 0:
                label = spot.branch if spot.parent in at else known[spot.parent]
            known.append(label)
            if spot.place >= 0:
                shown[self.home[index]].add(label)
        own = self._place(number).player
        return {self._place(later).player for later, labels in shown.items() if len(labels) > 1} - {own, -1}

    def _condition(self, nodes: Iterable[int]) -> str:
        terms = self._terms(frozenset(nodes))
        text = "always" if terms is None else " or ".join(terms)
        if len(text) > _LONGEST:
            raise GameError(
                "the condition under which one information set is reached has more than "
                f"{_LONGEST:,} characters; this game is too tangled to be told as a story"
            )
        return json.dumps(text, ensure_ascii=False) if text.startswith("'") else text

    def _terms(self, nodes: frozenset[int]) -> list[str] | None:
        """Return conditions one of which holds where one of the nodes is reached; None if that is always."""
        terms: list[str] = []
        rest = set(nodes)
        while rest:  # the latest parents first, so that what they make whole can make others whole
            if 0 in rest:
                return None
            step = max(self.home[self.tree.spots[index].parent] for index in rest)
            below = {index for index in rest if self.home[self.tree.spots[index].parent] == step}
            rest -= below
            group = self.groups[step]
            branches: dict[int, set[int]] = defaultdict(set)
            for index in below:
                branches[self.tree.spots[index].branch].add(self.tree.spots[index].parent)
            whole = [branch for branch, parents in branches.items() if len(parents) == len(group)]
            if len(whole) == len(self.labels[step]):
                rest.update(group)
                continue
            terms += self._chosen(step, branches, whole)
        return terms

    def _chosen(self, step: int, branches: dict[int, set[int]], whole: list[int]) -> list[str]:
        found = []
        for branch, parents in sorted(branches.items()):
            chosen = f"{_term(self.steps[step])} is {_term(self.labels[step][branch])}"
            if branch in whole:
                found.append(chosen)
                continue
            before = self._terms(frozenset(parents))
            assert before is not None  # the root is alone in its group, or the group would be whole
            inner = before[0] if len(before) == 1 else f"({' or '.join(before)})"
            found.append(f"{inner} and {chosen}")
        return found

    def _endings(self) -> list[tuple[str, list[int], tuple[Fraction, ...]]]:
        """Return outcomes with the ends that are called so, and what they pay."""
        paid: list[tuple[Fraction, ...]] = []
        nothing = (Fraction(0),) * len(self.players)
        for spot in self.tree.spots:
            before = paid[spot.parent] if spot.parent >= 0 else nothing
            paid.append(tuple(bounded(a + b) for a, b in zip(before, spot.pay or nothing, strict=True)))
        called: dict[tuple[str, tuple[Fraction, ...]], list[int]] = {}
        for index in self.ends:
            outcome = self.tree.spots[index].outcome
            name = outcome.name if outcome else ""
            # Ends with nothing but a number for a name stay apart: they are easier to edit one by one.
            key = name if not re.fullmatch(r"_?\d*", name) else f"end {index}"
            called.setdefault((key, paid[index]), []).append(index)
        endings = []
        for count, ((name, pay), nodes) in enumerate(called.items(), start=1):
            wanted = name if not re.fullmatch(r"end \d+", name) else f"end {count}"
            endings.append((self.names.fresh(wanted, "end"), nodes, pay))
        return endings
