"""The cards of a game and of its solution.

What lives here: two cards. What may not: games and solvers: the report sees results alone, so that a card
asks of its object only the attributes that it shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from parley.report import words
from parley.report.document import Block, Paragraph, Table, plain
from parley.report.notebook.frame import MOST, count, exactness, framed, rest

__all__ = ["GameLike", "SolutionLike", "game_card", "solution_card"]


class GameLike(Protocol):
    """What a card shows of a :class:`parley.Game`; see there."""

    @property
    def players(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def program(self) -> Any: ...  # noqa: D102
    @property
    def nodes(self) -> int: ...  # noqa: D102
    @property
    def infosets(self) -> int: ...  # noqa: D102
    @property
    def actions(self) -> int: ...  # noqa: D102
    @property
    def perfect_recall(self) -> tuple[bool, ...]: ...  # noqa: D102
    @property
    def infoset_player(self) -> NDArray[np.int32]: ...  # noqa: D102
    @property
    def infoset_first_action(self) -> NDArray[np.int32]: ...  # noqa: D102
    @property
    def infoset_move(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def action_label(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def rules(self) -> Mapping[str, Mapping[int, tuple[float, ...]]]: ...  # noqa: D102
    @property
    def origin(self) -> Any: ...  # noqa: D102


class SolutionLike(Protocol):
    """What a card shows of a :class:`parley.Solution`; see there."""

    @property
    def players(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def strategy(self) -> NDArray[np.float64]: ...  # noqa: D102
    @property
    def value(self) -> NDArray[np.float64]: ...  # noqa: D102
    @property
    def precision(self) -> NDArray[np.float64]: ...  # noqa: D102
    @property
    def certificate(self) -> Any: ...  # noqa: D102


def game_card(game: GameLike) -> str:
    """Write the card of a game: how large it is, and who decides what, how often.

    Examples
    --------
    >>> import parley
    >>> text = game_card(parley.compile(parley.load("which-event-first")))
    >>> "information set" in text
    True
    """
    names = words.listed([f"**{plain(name)}**" for name in game.players]) if game.players else "nobody"
    size = ", ".join(
        (count(game.nodes, "node"), count(game.infosets, "information set"), count(game.actions, "action"))
    )
    blocks: list[Block] = [Paragraph(f"Between {names}: {size}.")]
    rows = _moves(game)
    if rows:
        head = ("who", "decides on", "between", "in information sets")
        table = (*rows[:MOST], *rest(len(rows) - MOST, 4))
        blocks.append(Table("Futures that are alike are one node.", head, table, (3,)))
    forgetful = [
        plain(name) for name, perfect in zip(game.players, game.perfect_recall, strict=True) if not perfect
    ]
    said = count(len(game.program.parameters), "parameter") + " stay open until readings are drawn."
    if forgetful:
        said += f" Forgets something it knew: {words.listed(forgetful)}."
    if game.rules:
        said += f" Policies: {words.listed([plain(words.quoted(name)) for name in game.rules])}."
    blocks.append(Paragraph(said, "note"))
    title = (
        plain(game.origin.title)
        if game.origin is not None and game.origin.title
        else "A game in extensive form"
    )
    return framed("Game", title, blocks)


def _moves(game: GameLike) -> list[tuple[str, str, str, str]]:
    sets: dict[tuple[str, str], list[int]] = {}
    for infoset, (player, move) in enumerate(
        zip(game.infoset_player.tolist(), game.infoset_move, strict=True)
    ):
        sets.setdefault((game.players[player], move), []).append(infoset)
    first = game.infoset_first_action.tolist()
    rows = []
    for (player, move), members in sets.items():
        labels = dict.fromkeys(
            label for each in members for label in game.action_label[first[each] : first[each + 1]]
        )
        shown = [plain(label) for label in [*labels][:MOST]]
        more = f" and {len(labels) - MOST} more" if len(labels) > MOST else ""
        rows.append((plain(player), plain(move), ", ".join(shown) + more, f"{len(members):,}"))
    return rows


def solution_card(solution: SolutionLike) -> str:
    """Write the card of a solution: what it is worth to each player, and the proof.

    Examples
    --------
    >>> import parley
    >>> text = 'EFG 2 R "" { "us" } p "" 1 1 "act" { "go" "stay" } 0 t "" 1 "" { 1 } t "" 0'
    >>> "us" in solution_card(parley.solve_at(parley.read_game("war.efg", text), 1))
    True
    """
    draws = solution.strategy.shape[-1]
    single = draws == 1
    head = ("player", *(("payoff",) if single else ("mean payoff", "least", "most")), "lambda", "could gain")
    rows = []
    for number, name in enumerate(solution.players):
        value = _known(solution.value[number])
        ends = (value.mean(), value.min(), value.max()) if value.size else (None, None, None)
        sharp = _known(solution.precision[number])
        gain = _known(solution.certificate.regret[number])
        said = words.figures(None if end is None else float(end) for end in ends)
        rows.append(
            (
                plain(name),
                *said[: 1 if single else 3],
                _between(sharp),
                words.ABSENT if not gain.size else f"{100 * float(gain.max()):.2g} % of its stake",
            )
        )
    solved = int((solution.certificate.status == 0).sum())
    residual = _known(solution.certificate.residual[solution.certificate.status == 0])
    exact = exactness(float(residual.max())) if residual.size else ""
    proof = f"{solved:,} of {count(draws, 'game')} certified{exact}."
    blocks: list[Block] = [
        Paragraph(proof if solved == draws else f"**{proof}**"),
        Table("", head, tuple(rows), tuple(range(1, len(head)))),
        Paragraph(
            "Could gain: the most that departing from its strategy would bring a player in any of the games. "
            "`solution.to_frame(game)` is the strategy as a table.",
            "note",
        ),
    ]
    return framed(
        "Solution", f"Quantal response equilibrium, {count(solution.strategy.shape[0], 'action')}", blocks
    )


def _known(values: NDArray[Any]) -> NDArray[np.float64]:
    numbers = np.asarray(values, dtype=np.float64)
    return numbers[np.isfinite(numbers)]


def _between(values: NDArray[np.float64]) -> str:
    if not values.size:
        return words.ABSENT
    low, high = words.figures((float(values.min()), float(values.max())))
    return low if low == high else f"{low} to {high}"
