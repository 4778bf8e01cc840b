"""How a schedule and the numbers of ``LANES`` draws are laid out for the kernels.

What lives here: the names of places. What may not: arithmetic.

A *plan* is one int32 array. It opens with a header, whose entries are named below, and goes on with four
streams that the kernels read from front to back. Rows are lines of one float64 *desk* ``[row, lane]``; in the
streams they are line numbers of the desk.

``ARRIVALS``
    reach of a node: row, number of terms, then (reach, probability) per term; the row is the sum of products
``BELIEFS``
    one information set with several nodes: first weight row, number of nodes, then their reach rows
``MIXES``
    one information set of the state: first probability row, number of actions, row of its first log-odds
``STEPS``
    an operation, then what it needs:

    ==============  ====================================================================================
    SUM             row, number of terms, then (probability, value) per term
    SUM_PAID        row, number of terms, then (probability, value, payoff) per term
    RESPOND         first probability row, number of actions, row of log-odds or -1, first weight row,
                    number of nodes, then (value, payoff) per action and node; payoff 0 is no payoff
    ==============  ====================================================================================
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "ACTIONS",
    "ARRIVALS",
    "BEFORE",
    "BELIEFS",
    "BELIEFS_END",
    "BOOK_ACTIONS",
    "BOOK_CHANCES",
    "BOOK_HEADER",
    "BOOK_NODES",
    "BOOK_NODES_COUNT",
    "BOOK_REPLIES",
    "BOOK_SETS",
    "BOOK_WIDEST",
    "CHANCES",
    "CHANGES",
    "CONSTANTS",
    "CONTROL",
    "CONTROLS",
    "CORE",
    "CORE_END",
    "DESK",
    "EXTENT",
    "FRESH",
    "GRAM",
    "GUESS",
    "HEADER",
    "KEPT",
    "LANES",
    "MEMORY",
    "MIXES",
    "MIXES_END",
    "MOVES",
    "MOVING",
    "MOVING_END",
    "NOVICE",
    "ODDS",
    "POINTS",
    "PROBABILITY",
    "PROJECT",
    "REACH",
    "RESPOND",
    "REST_END",
    "SCALE",
    "SCORE",
    "SHARE",
    "STATE",
    "STATIC",
    "SUM",
    "SUM_PAID",
    "WEIGHT",
]

LANES: Final = 8  # draws abreast: one AVX-512 register, two of AVX2

SUM: Final = 0
SUM_PAID: Final = 1
RESPOND: Final = 2

# counts
STATE: Final = 0  # log-odds in the state
CONSTANTS: Final = 1  # payoffs that a draw brings: desk rows 1, 2, ...; row 0 is 0
CHANCES: Final = 2  # chances that a draw brings
ACTIONS: Final = 3
# places in the plan
ARRIVALS: Final = 4  # reach that depends on chances alone
MOVING: Final = 5  # other reach
MOVING_END: Final = 6
BELIEFS: Final = 7
BELIEFS_END: Final = 8
MIXES: Final = 9
MIXES_END: Final = 10
STATIC: Final = 11  # steps that depend on payoffs and chances alone
CORE: Final = 12  # steps that the state depends on
CORE_END: Final = 13
REST_END: Final = 14  # all other steps lie between
# rows of the desk
PROBABILITY: Final = 15  # actions, chances, the constant 1
REACH: Final = 16  # the first is the constant 1
WEIGHT: Final = 17
SCORE: Final = 18  # room for the actions of one information set
SCALE: Final = 19  # share of lambda
ODDS: Final = 20  # the state
FRESH: Final = 21  # the state after the sweep
# rows for the continuation
GUESS: Final = 22  # the predicted state
BEFORE: Final = 23  # the last state and its residual
MOVES: Final = 24  # the last moves of the state, MEMORY of them
CHANGES: Final = 25  # the changes of the residual that went with them
POINTS: Final = 26  # accepted states, newest first
GRAM: Final = 27  # products of changes
PROJECT: Final = 28  # products of changes with the residual
SHARE: Final = 29  # weights of the moves in Anderson's step
EXTENT: Final = 30  # relative residual, squared residual
NOVICE: Final = 31  # 1 where a lane has no last state at its present lambda
CONTROL: Final = 32  # see kernels.branch
DESK: Final = 33  # rows in all
HEADER: Final = 34

MEMORY: Final = 5  # moves that Anderson acceleration looks back on
KEPT: Final = 3  # accepted states that prediction uses
CONTROLS: Final = 9

# header of a book (see kernels.proof)
BOOK_NODES_COUNT: Final = 0
BOOK_ACTIONS: Final = 1
BOOK_CHANCES: Final = 2
BOOK_WIDEST: Final = 3  # most nodes or actions of an information set
BOOK_NODES: Final = 4
BOOK_SETS: Final = 5
BOOK_REPLIES: Final = 6  # and the header goes on with the end of each player's replies
BOOK_HEADER: Final = 7
