"""Gambit's extensive-form files, read.

What lives here: the grammar of ``.efg``, everything that Gambit 17 accepts and nothing that it refuses. What
may not: writing it (:mod:`parley.game.efg`), words and numbers (:mod:`parley.game.gambit_tokens`).

Perfect recall is not required of a file, and neither is an order of the information sets; the game that is
read says of itself what it has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from parley.errors import GameError
from parley.game.gambit_tokens import BLANK, Token, Tokens, fit, relabelled
from parley.game.model import Game
from parley.game.numerals import total
from parley.game.tree import PRECISION, Outcome, Place, Spot, Tree, game_of

__all__ = ["parse_efg", "read_efg"]


def read_efg(text: str, path: str = "<text>", *, precision: float = PRECISION) -> Game:
    """Read an extensive-form file into a game.

    Parameters
    ----------
    text
        The file's contents.
    path
        Its name, for messages.
    precision
        Of every player, per whole stake; a file knows none.

    Returns
    -------
    A game without parameters. Payoffs of inner nodes stand on the edges below them.

    Raises
    ------
    FileFault
        Where Gambit refuses the file, with line and column.

    Examples
    --------
    >>> game = read_efg('EFG 2 R "" { "us" } p "" 1 1 "" { "go" "stay" } 0 t "" 1 "" { 1/3 } t "" 0')
    >>> game.nodes, game.action_label, game.ordered
    (3, ('go', 'stay'), True)
    """
    return game_of(parse_efg(text, path), precision)


def parse_efg(text: str, path: str = "<text>") -> Tree:
    """Read an extensive-form file into a tree with exact numbers; see :func:`read_efg`.

    Examples
    --------
    >>> tree = parse_efg('EFG 2 R "lottery" { "us" } c "" 1 "" { "a" 1/3 "b" 2/3 } 0 t "" 0 t "" 0')
    >>> tree.title, tree.places[0].chances
    ('lottery', (Fraction(1, 3), Fraction(2, 3)))
    """
    return _Reader(Tokens(text, path)).tree()


# Nodes in their usual spelling are read in one step. What these patterns do not take, faults included, is
# read token by token.
_LEAF = re.compile(
    rf't{BLANK}+"([^"\\]*)"{BLANK}*([1-9]\d{{0,8}}){BLANK}*"([^"\\]*)"{BLANK}*{{([^{{}}"\\]*)}}', re.ASCII
)
_MOVE = re.compile(
    rf'p{BLANK}+"([^"\\]*)"{BLANK}*([1-9]\d{{0,8}}){BLANK}+([1-9]\d{{0,8}}){BLANK}*'
    rf'("([^"\\]*)"{BLANK}*{{((?:{BLANK}*"[^"\\]*")+){BLANK}*}}){BLANK}*0(?={BLANK}+[cpt]{BLANK})',
    re.ASCII,
)
_LABEL = re.compile(r'"([^"]*)"')
_PLAIN = re.compile(
    rf"{BLANK}*(?:-?(?:\d+/[1-9]\d*|\d+\.?\d*|\.\d+)(?:{BLANK}*,{BLANK}*|{BLANK}+|\Z))*", re.ASCII
)
_PLAIN_LENGTH = 40  # characters of a payoff that can be no larger than float64 holds


@dataclass(slots=True)
class _Seen:
    """A set as it was first described, to compare later descriptions with."""

    number: int  # in Tree.places
    name: str
    labels: list[str]
    shares: tuple[str, ...]  # probabilities, as written
    text: str  # the whole description


class _Reader:
    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.players: tuple[str, ...] = ()
        self.places: list[Place] = []
        self.seen: dict[tuple[int, int], _Seen] = {}
        self.outcomes: dict[int, Outcome] = {}
        self.names: set[str] = set()  # of nodes
        self.set_names: set[tuple[int, str]] = set()

    def tree(self) -> Tree:
        tokens = self.tokens
        tokens.begin("EFG", "2", "an extensive-form file")
        title = tokens.expect("text", "the title in quotes").text
        self.players = tokens.labels(tokens.texts("the players"))
        comment = tokens.accept("text")
        spots = self._spots()
        outcomes = list(self.outcomes.values())
        for outcome, name in zip(outcomes, relabelled([each.name for each in outcomes]), strict=True):
            outcome.name = name
        return Tree(title, comment.text if comment else "", self.players, self.places, spots)

    def _spots(self) -> list[Spot]:
        """Read all nodes, in prefix order and without recursion; what follows the last is ignored."""
        spots: list[Spot] = []
        path: list[tuple[int, list[int], int]] = []  # nodes that lack branches, with those they have
        while True:
            parent, siblings, wanted = path[-1] if path else (-1, [], 1)
            spot = self._usual(parent, len(siblings)) or self._node(parent, len(siblings))
            siblings.append(len(spots))
            if path and len(siblings) == wanted:
                path.pop()
            if isinstance(spot.children, list):
                path.append((len(spots), spot.children, len(self.places[spot.place].labels)))
            spots.append(spot)
            if not path:
                return spots

    def _usual(self, parent: int, branch: int) -> Spot | None:
        """Read a node in its usual spelling; None, with nothing read, for :meth:`_node` to do it."""
        letter = self.tokens.next
        if letter.kind != "word":
            return None
        if letter.text == "t":
            return self._usual_leaf(parent, branch, letter.offset)
        if letter.text == "p":
            return self._usual_move(parent, branch, letter.offset)
        return None

    def _usual_leaf(self, parent: int, branch: int, offset: int) -> Spot | None:
        match = _LEAF.match(self.tokens.source, offset)
        if match is None:
            return None
        label, digits, name, listed = match.groups()
        if len(listed) > _PLAIN_LENGTH * len(self.players) or _PLAIN.fullmatch(listed) is None:
            return None
        texts = tuple(listed.replace(",", " ").split())
        outcome = self.outcomes.get(int(digits))
        if outcome is None:
            if len(texts) != len(self.players) or not fit(name):
                return None
            outcome = Outcome(name, texts)
        elif outcome.name != name or outcome.texts != texts:
            return None
        if not self._new_name(label):
            return None
        self.outcomes[int(digits)] = outcome
        self.tokens.jump(match.end())
        return Spot(-1, parent, branch, outcome, label)

    def _usual_move(self, parent: int, branch: int, offset: int) -> Spot | None:
        """Read a decision at a new set, or at one described with the very words used the first time."""
        match = _MOVE.match(self.tokens.source, offset)
        if match is None:
            return None
        label, player, digits, text, name, listed = match.groups()
        key = (int(player) - 1, int(digits))
        before = self.seen.get(key)
        if before is None:
            labels = _LABEL.findall(listed)
            new = (key[0], name) not in self.set_names
            if not (new and key[0] < len(self.players) and fit(name) and all(map(fit, labels))):
                return None
        elif before.text != text:
            return None
        if not self._new_name(label):
            return None
        if before is None:
            before = self._new_place(key, name, labels, text)
        self.tokens.jump(match.end())
        return Spot(before.number, parent, branch, None, label, [])

    def _new_place(self, key: tuple[int, int], name: str, labels: list[str], text: str) -> _Seen:
        if name:
            self.set_names.add((key[0], name))
        seen = self.seen[key] = _Seen(len(self.places), name, labels, (), text)
        self.places.append(Place(key[0], name, relabelled(labels)))
        return seen

    def _new_name(self, label: str) -> bool:
        """Whether a node may be called so; if it may, no other node may from now on."""
        if not label:
            return True
        new = label not in self.names and fit(label)
        self.names.add(label)
        return new

    def _node(self, parent: int, branch: int) -> Spot:
        tokens = self.tokens
        kind = tokens.take()
        if kind.kind == "end":
            tokens.fail("the file ends where a node is missing", kind)
        if kind.kind not in ("word", "text") or kind.text not in ("c", "p", "t"):
            tokens.fail("a node begins with c, p or t", kind)
        label = tokens.expect("text", "the name of the node in quotes")
        tokens.check_label(label)
        if not self._new_name(label.text):
            tokens.fail(f"another node is called {label.text!r} already", label)
        place = -1 if kind.text == "t" else self._decision() if kind.text == "p" else self._place(-1)
        outcome = self._outcome()
        return Spot(place, parent, branch, outcome, label.text, [] if place >= 0 else ())

    def _decision(self) -> int:
        tokens = self.tokens
        at = tokens.next
        player = tokens.integer("the number of a player")
        if not 1 <= player <= len(self.players):
            tokens.fail(f"there is no player {player}, only 1 to {len(self.players)}", at)
        return self._place(player - 1)

    def _place(self, player: int) -> int:
        tokens = self.tokens
        at = tokens.next
        what = "the number of the information set"
        key = (player, tokens.integer(what) if player >= 0 else tokens.loose_integer(what))
        before = self.seen.get(key)
        if tokens.next.kind != "text":
            if before is None:
                tokens.fail(f"information set {key[1]} is used before it is described", at)
            return before.number
        name = tokens.take()
        tokens.check_label(name)
        actions, shares, end = self._actions(player < 0)
        if before is not None:
            self._same(before, name, actions, shares)
            return before.number
        if name.text and (player, name.text) in self.set_names:
            owner = f"of {self.players[player]!r}" if player >= 0 else "of chance"
            tokens.fail(f"another information set {owner} is called {name.text!r} already", name)
        for each in actions:
            tokens.check_label(each)
        chances = tuple(tokens.value(share) for share in shares)
        if player < 0:
            self._check(chances, shares)
        labels = [each.text for each in actions]
        seen = self._new_place(key, name.text, labels, tokens.source[name.offset : end])
        seen.shares = tuple(share.text for share in shares)
        self.places[-1].chances, self.places[-1].shares = chances, seen.shares
        return seen.number

    def _actions(self, chance: bool) -> tuple[list[Token], list[Token], int]:
        tokens = self.tokens
        tokens.expect("{", "the list of actions in braces")
        actions, shares = [tokens.expect("text", "the first action in quotes")], []
        while True:
            if chance:
                shares.append(tokens.expect("number", "the probability of the action"))
            token = tokens.accept("text")
            if token is None:
                break
            actions.append(token)
        end = tokens.expect("}", "an action in quotes, or the '}' after the last,")
        return actions, shares, end.offset + 1

    def _check(self, chances: tuple[Fraction, ...], shares: list[Token]) -> None:
        for chance, token in zip(chances, shares, strict=True):
            if chance < 0:
                self.tokens.fail("a probability cannot be negative", token)
            if chance > 1:
                self.tokens.fail("a probability cannot be more than one", token)
        try:
            together = total(chances)
        except GameError as fault:
            self.tokens.fail(str(fault), shares[0])
        if together != 1:
            self.tokens.fail(_not_one(together), shares[0])

    def _same(self, before: _Seen, name: Token, actions: list[Token], shares: list[Token]) -> None:
        """Insist that a set described once more is described with the same words."""
        tokens = self.tokens
        if name.text != before.name:
            tokens.fail(f"this information set was called {before.name!r} before", name)
        if [each.text for each in actions] != before.labels:
            tokens.fail("this information set had other actions before", actions[0])
        if tuple(each.text for each in shares) != before.shares:
            tokens.fail("these actions had other probabilities before", shares[0])

    def _outcome(self) -> Outcome | None:
        tokens = self.tokens
        at = tokens.next
        number = tokens.integer("the number of the outcome")
        # Behind the outcome a quoted "c", "p" or "t" is not the next node: Gambit reads a name.
        described = tokens.next.kind == "text"
        if number == 0:
            if described:
                tokens.fail("outcome 0 is none: it has no name and pays nothing")
            return None
        if described:
            self._describe(number)
        elif number not in self.outcomes:
            tokens.fail(f"outcome {number} is used before it is described", at)
        return self.outcomes[number]

    def _describe(self, number: int) -> None:
        tokens = self.tokens
        name = tokens.take()
        tokens.check_label(name)
        tokens.expect("{", "the list of payoffs in braces")
        pays = []
        for player in self.players:
            pays.append(tokens.expect("number", f"the payoff of {player!r}"))
            tokens.accept(",")
        tokens.expect("}", "the '}' after the payoffs")
        texts = tuple(each.text for each in pays)
        before = self.outcomes.get(number)
        if before is None:
            exact = tuple(tokens.value(each) for each in pays)
            self.outcomes[number] = Outcome(name.text, texts, exact)
        elif name.text != before.name:
            tokens.fail(f"outcome {number} was called {before.name!r} before", name)
        elif texts != before.texts:
            tokens.fail(f"outcome {number} had other payoffs before, or the same in other words", pays[0])


def _not_one(total: Fraction) -> str:
    """Say by how much probabilities miss 1, and what to do when they only just do."""
    digits = f"{float(total):.15g}"
    near = abs(total - 1) < Fraction(1, 1_000)
    if digits == "1":
        digits = f"1 {'+' if total > 1 else '-'} {float(abs(total - 1)):.2g}"
    hint = (
        "; rounded decimals, such as OpenSpiel exports, do not: write fractions such as 1/3" if near else ""
    )
    return f"the probabilities sum to {digits}, and must sum to exactly one{hint}"
