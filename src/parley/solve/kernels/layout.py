"""How a schedule and the numbers of ``LANES`` draws are laid out for the kernels.

What lives here: the names of places. What may not: arithmetic.

A *plan* is one int32 array. It opens with a header, whose entries are named below, and goes on with streams
that the kernels read from front to back. Rows are lines of one float64 *desk* ``[row, lane]``; in the streams
they are line numbers of the desk, and -1 where something is missing.

``ARRIVALS``
    reach of a node: row, number of terms, then (reach, probability) per term; the row is the sum of products
``BELIEFS``
    one information set with several nodes: first weight row, number of nodes, then their reach rows; behind
    the weights stands 1, or 0 where no node can be reached and beliefs are uniform by convention
``MIXES``
    one information set of the state: first row of its mix, number of actions, row of its first log-odds
``STATIC``, ``CORE``, ``REST``
    an operation, then what it needs:

    ==============  ====================================================================================
    SUM             row, number of terms, then (probability, value) per term
    SUM_PAID        row, number of terms, then (probability, value, payoff) per term
    RESPOND         first probability row, number of actions, row of log-odds or -1, first weight row,
                    number of nodes, then (value, payoff) per action and node; payoff 0 is no payoff
    ==============  ====================================================================================

``TANGENTS``
    derivatives by one source after the other (see :mod:`parley.solve.tangents`), then by the share of lambda.
    Reach is differentiated as a logarithm. Rows named d... hold derivatives, -1 is a derivative of 0:

    ==============  ====================================================================================
    D_ONES          number of entries, then the entries: those on the diagonal begin as 1
    D_ARRIVE        row, reach row, number of terms, then (reach, probability, dlog, dlog) per term
    D_BELIEVE       first row of dweights, first weight row, number of nodes, then dlog reach per node
    D_SUM           row, number of terms, then (probability, value, payoff, dprobability, dvalue) per term
    D_RESPOND       first probability row, number of actions, first row of log-odds by lambda or -1, first
                    weight row, number of nodes, first row of dweights, first row of dprobabilities, then
                    (value, payoff, dvalue) per action and node, then for each action but the first the row
                    from which the derivative of its log-odds is subtracted, or -1
    D_GAPS          number of rows, then (row, value, payoff, value, payoff) per row: first worth less second
    D_TILT          row, gap, dprobability of the second action, number of actions whose values change, then
                    (probability, dvalue) for each: the value of a node with two actions
    D_LEAN          first probability row, row of log-odds by lambda or -1, dprobability of the second
                    action, row from which the derivative of the log-odds is subtracted or -1, number of
                    shifts, then (dweight, gap) for each, number of dvalues that add, then (weight, dvalue)
                    for each, number of those that subtract, then the same: the response of a set with two
                    actions
    D_ADD           1 or -1, number of rows, then (row, row that is added or subtracted) per row
    D_COLUMN        probability of the action, number of entries, then for each: the entry, the row of the
                    action's own column or -1, number of columns, their rows
    ==============  ====================================================================================

``ELIMINATE``
    one pivot after the other: its row, the row of its reciprocal, number of equations below, then for each:
    the row of its entry under the pivot, number of runs, then (first target, first source, length) per run
``LOWER``, ``UPPER``
    one equation after the other, from the first to the last or from the last to the first: the row of the
    first entry before or after the diagonal, number of entries, their variables
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
    "BORDER",
    "CHANCES",
    "CHANGES",
    "COLUMN",
    "CONSTANTS",
    "CONTROL",
    "CONTROLS",
    "CORE",
    "CORE_END",
    "DESK",
    "D_ADD",
    "D_ARRIVE",
    "D_BELIEVE",
    "D_COLUMN",
    "D_GAPS",
    "D_LEAN",
    "D_ONES",
    "D_RESPOND",
    "D_SUM",
    "D_TILT",
    "ELIMINATE",
    "ENTRY",
    "EXTENT",
    "FRESH",
    "GRAM",
    "GUESS",
    "HEADER",
    "HELM",
    "HELMS",
    "KEPT",
    "LANES",
    "LOWER",
    "MEASURE",
    "MEASURES",
    "MEMORY",
    "MIX",
    "MIXES",
    "MIXES_END",
    "MOVE",
    "MOVES",
    "MOVING",
    "MOVING_END",
    "NOVICE",
    "ODDS",
    "PAST",
    "PIVOT",
    "POINTS",
    "PROBABILITY",
    "PROJECT",
    "REACH",
    "RESPOND",
    "REST_END",
    "RIGHT",
    "SCALE",
    "SCORE",
    "SHARE",
    "SLOPE",
    "STATE",
    "STATIC",
    "SUM",
    "SUM_PAID",
    "TANGENT",
    "TANGENTS",
    "TIMEWISE",
    "UPPER",
    "WEIGHT",
]

LANES: Final = 8  # draws abreast: one AVX-512 register, two of AVX2

SUM: Final = 0
SUM_PAID: Final = 1
RESPOND: Final = 2

D_ONES: Final = 0
D_ARRIVE: Final = 1
D_BELIEVE: Final = 2
D_SUM: Final = 3
D_RESPOND: Final = 4
D_ADD: Final = 5
D_COLUMN: Final = 6
D_GAPS: Final = 7
D_TILT: Final = 8
D_LEAN: Final = 9

# counts
STATE: Final = 0  # log-odds in the state
CONSTANTS: Final = 1  # payoffs that a draw brings: desk rows 1, 2, ...; row 0 is 0
CHANCES: Final = 2  # chances that a draw brings
ACTIONS: Final = 3
# places in the plan
ARRIVALS: Final = 5  # reach that depends on chances alone
MOVING: Final = 6  # other reach
MOVING_END: Final = 7
BELIEFS: Final = 8
BELIEFS_END: Final = 9
MIXES: Final = 10
MIXES_END: Final = 11
STATIC: Final = 12  # steps that depend on payoffs and chances alone
CORE: Final = 13  # steps that the state depends on
CORE_END: Final = 14
REST_END: Final = 15  # all other steps lie between
TANGENTS: Final = 16
ELIMINATE: Final = 17
LOWER: Final = 18
UPPER: Final = 19
# rows of the desk
PROBABILITY: Final = 20  # actions, chances, the constant 1
MIX: Final = 21  # the mixes of the state's information sets from which a sweep starts
REACH: Final = 22  # the first is the constant 1
WEIGHT: Final = 23
SCORE: Final = 24  # room for the actions of one information set
ODDS: Final = 25  # the state
SCALE: Final = 26  # share of lambda, right behind the state
FRESH: Final = 27  # the state after the sweep, then the log-odds of the other information sets of the core
SLOPE: Final = 28  # derivatives in the making
# rows for the continuation; a point is a state and a share of lambda
GUESS: Final = 29  # the predicted point
BORDER: Final = 30  # normal of the plane in which a point is corrected
POINTS: Final = 31  # accepted points, newest first
TANGENT: Final = 32  # directions of the branch at the newest points
ENTRY: Final = 33  # identity minus derivative, by equations
COLUMN: Final = 34  # minus the derivatives by sources
PIVOT: Final = 35  # reciprocals
RIGHT: Final = 36  # residuals, then Newton's move at a given share of lambda
TIMEWISE: Final = 37  # derivatives by the share of lambda, then the movement of the state with it
MOVE: Final = 38  # Newton's move
MEASURE: Final = 39  # see kernels.branch
CONTROL: Final = 40  # see kernels.branch
# rows for the accelerated continuation (see kernels.anderson)
BEFORE: Final = 41  # the last state and its residual
MOVES: Final = 42  # the last moves of the state, MEMORY of them
CHANGES: Final = 43  # the changes of the residual that went with them
PAST: Final = 44  # accepted states, newest first
GRAM: Final = 45  # products of changes
PROJECT: Final = 46  # products of changes with the residual
SHARE: Final = 47  # weights of the moves in Anderson's step
EXTENT: Final = 48  # relative residual, squared residual
NOVICE: Final = 49  # 1 where a lane has no last state at its present lambda
HELM: Final = 50
DESK: Final = 51  # rows in all
HEADER: Final = 52

MEMORY: Final = 5  # moves that Anderson acceleration looks back on
HELMS: Final = 9

KEPT: Final = 6  # accepted points
MEASURES: Final = 10
CONTROLS: Final = 30

# header of a book (see kernels.proof)
BOOK_NODES_COUNT: Final = 0
BOOK_ACTIONS: Final = 1
BOOK_CHANCES: Final = 2
BOOK_WIDEST: Final = 3  # most nodes or actions of an information set
BOOK_NODES: Final = 4
BOOK_SETS: Final = 5
BOOK_REPLIES: Final = 6  # and the header goes on with the end of each player's replies
BOOK_HEADER: Final = 7
