"""What is not solved for stories with rounds without a last one.

What lives here: one refusal in one form of words. What may not: solving.
"""

from __future__ import annotations

from parley.errors import SolveError
from parley.game.model import Game

__all__ = ["refuse_loop"]


def refuse_loop(game: Game, what: str) -> None:
    """Refuse a game with rounds without a last one.

    Raises
    ------
    SolveError
        Saying that ``what`` was asked for.

    Examples
    --------
    >>> import parley
    >>> refuse_loop(parley.compile(parley.load("which-event-first")), "level-k thinking")
    """
    if game.loop is not None:
        raise SolveError(
            f"{what} is not worked out for `repeat: forever`: write a number of rounds, as in `repeat: 20`"
        )
