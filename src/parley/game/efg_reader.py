"""Gambit's extensive-form files, read.

What lives here: the grammar of ``.efg``, everything that Gambit 17 accepts and nothing that it refuses. What
may not: writing it (:mod:`parley.game.efg`), words and numbers (:mod:`parley.game.gambit_tokens`).

Perfect recall is not required of a file, and neither is an order of the information sets; the game that is
read says of itself what it has.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from parley.game.gambit_tokens import Token, Tokens, relabelled
from parley.game.model import Game
from parley.game.tree import PRECISION, Place, Spot, Tree, game_of

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


@dataclass(slots=True)
class _Outcome:
    name: str
    pay: tuple[Fraction, ...]
    texts: list[str]


@dataclass(slots=True)
class _Seen:
    """A set as it was first described, to compare later descriptions with."""

    number: int  # in Tree.places
    name: str
    labels: list[str]
    texts: list[str] = field(default_factory=list)  # of probabilities


class _Reader:
    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.players: tuple[str, ...] = ()
        self.places: list[Place] = []
        self.seen: dict[tuple[int, int], _Seen] = {}
        self.outcomes: dict[int, _Outcome] = {}

    def tree(self) -> Tree:
        tokens = self.tokens
        head = tokens.take()
        if (head.kind, head.text) != ("word", "EFG"):
            tokens.fail("an extensive-form file begins with EFG", head)
        version = tokens.take()
        if (version.kind, version.text) != ("number", "2"):
            tokens.fail("only version 2 of the format is known", version)
        data = tokens.take()
        if data.kind != "word" or data.text not in ("R", "D"):
            tokens.fail("R or D is missing here", data)
        title = tokens.expect("text", "the title in quotes").text
        self.players = tokens.labels(tokens.texts("the players"))
        comment = tokens.accept("text")
        spots = self._spots()
        names = relabelled([outcome.name for outcome in self.outcomes.values()])
        renamed = dict(zip(self.outcomes, names, strict=True))
        for spot in spots:
            if spot.outcome:
                spot.outcome = renamed[int(spot.outcome)]
        return Tree(title, comment.text if comment else "", self.players, self.places, spots)

    def _spots(self) -> list[Spot]:
        """Read all nodes, in prefix order and without recursion; what follows the last is ignored."""
        spots: list[Spot] = []
        waiting = [(-1, 0)]
        while waiting:
            parent, branch = waiting.pop()
            index = len(spots)
            spot = self._node(parent, branch)
            spots.append(spot)
            if parent >= 0:
                spots[parent].children.append(index)
            if spot.place >= 0:
                count = len(self.places[spot.place].labels)
                waiting.extend((index, branch) for branch in reversed(range(count)))
        return spots

    def _node(self, parent: int, branch: int) -> Spot:
        tokens = self.tokens
        kind = tokens.take()
        if kind.kind not in ("word", "text") or kind.text not in ("c", "p", "t"):
            tokens.fail("a node begins with c, p or t", kind)
        label = tokens.expect("text", "the name of the node in quotes")
        tokens.check_label(label)
        place = -1 if kind.text == "t" else self._decision() if kind.text == "p" else self._place(-1)
        spot = Spot(place, parent, branch)
        self._outcome(spot)
        return spot

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
        key = (player, tokens.integer("the number of the information set"))
        before = self.seen.get(key)
        if tokens.next.kind != "text":
            if before is None:
                tokens.fail(f"information set {key[1]} is used before it is described", at)
            return before.number
        name = tokens.take()
        tokens.check_label(name)
        actions, shares = self._actions(player < 0)
        if before is not None:
            self._same(before, name, actions, shares)
            return before.number
        place = Place(player, name.text, tokens.labels(actions))
        if player < 0:
            place.chances = tuple(tokens.value(share) for share in shares)
            self._check(place.chances, shares)
        self.seen[key] = _Seen(
            len(self.places), name.text, [each.text for each in actions], [each.text for each in shares]
        )
        self.places.append(place)
        return len(self.places) - 1

    def _actions(self, chance: bool) -> tuple[list[Token], list[Token]]:
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
        tokens.expect("}", "an action in quotes, or the '}' after the last,")
        return actions, shares

    def _check(self, chances: tuple[Fraction, ...], shares: list[Token]) -> None:
        for chance, token in zip(chances, shares, strict=True):
            if chance < 0:
                self.tokens.fail("a probability cannot be negative", token)
        if sum(chances) != 1:
            self.tokens.fail(
                f"the probabilities sum to {float(sum(chances))!r}, and must sum to exactly one", shares[0]
            )

    def _same(self, before: _Seen, name: Token, actions: list[Token], shares: list[Token]) -> None:
        """Insist that a set described once more is described with the same words."""
        tokens = self.tokens
        if name.text != before.name:
            tokens.fail(f"this information set was called {before.name!r} before", name)
        if [each.text for each in actions] != before.labels:
            tokens.fail("this information set had other actions before", actions[0])
        if [each.text for each in shares] != before.texts:
            tokens.fail("these actions had other probabilities before", shares[0])

    def _outcome(self, spot: Spot) -> None:
        tokens = self.tokens
        at = tokens.next
        number = tokens.integer("the number of the outcome")
        # Behind the outcome a quoted "c", "p" or "t" is not the next node: Gambit reads a name.
        described = tokens.next.kind == "text"
        if number == 0:
            if described:
                tokens.fail("outcome 0 is none: it has no name and pays nothing")
            return
        if described:
            self._describe(number)
        elif number not in self.outcomes:
            tokens.fail(f"outcome {number} is used before it is described", at)
        spot.pay, spot.outcome = self.outcomes[number].pay, str(number)

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
        texts = [each.text for each in pays]
        before = self.outcomes.get(number)
        if before is None:
            self.outcomes[number] = _Outcome(name.text, tuple(tokens.value(each) for each in pays), texts)
        elif name.text != before.name:
            tokens.fail(f"outcome {number} was called {before.name!r} before", name)
        elif texts != before.texts:
            tokens.fail(f"outcome {number} had other payoffs before, or the same in other words", pays[0])
