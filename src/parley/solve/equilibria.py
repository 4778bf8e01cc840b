"""More than one equilibrium: a search from many starts.

What lives here: starts, the search draw by draw, which answers are the same, their certificates. What may
not: arithmetic per node, studies.

Newton's method goes to equilibria of every kind, also to those that no process of adjustment would stay at.
It is a search: it finds at least so many, and cannot prove that there are no more. One check is free. Where
every equilibrium is regular, their signs add up to 1 (the index theorem): another sum shows that some were
missed.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.errors import SolveError
from parley.game.model import Game
from parley.solve.batch import laid_out, proven, solve_arrays, tabulate
from parley.solve.certify import book
from parley.solve.refusal import refuse_loop
from parley.solve.solution import ANSWERED, Concept, Status
from parley.solve.structural import Structure
from parley.solve.structural import Tables as Shocked

if TYPE_CHECKING:
    from parley.draws.model import Draws

__all__ = ["APART", "STARTS", "Equilibria", "equilibria", "search"]

Numbers: TypeAlias = NDArray[np.float64]

STARTS = 32
APART = 1e-5  # equilibria of which no probability differs by more are one
LIMIT = 80  # Newton steps from one start
ROUNDS = 3  # more of starts, for draws in which there seems to be more to find
CROWD = 8  # equilibria of a draw between which starts are put
TWIN = 1e-7  # by which the numbers of mirror images may differ
CORNER = 12.0  # log-odds of an action that is all but sure
LEAST = float(np.finfo(float).tiny)


@dataclass(frozen=True, slots=True, eq=False)
class Equilibria:
    """Equilibria found, write-locked, one column each, in the order of their draws.

    Those of draw d are the columns ``first[d]:first[d + 1]``: the principal branch's first where it was
    reached, then in the order in which the starts came to them. There are *at least* so many.
    """

    players: tuple[str, ...]
    starts: int
    seed: int
    first: NDArray[np.int64]  # [draw + 1]
    draw: NDArray[np.int64]  # [equilibrium] column of the draw
    strategy: Numbers  # [action, equilibrium]
    value: Numbers  # [player, equilibrium] in the author's units
    residual: Numbers  # [equilibrium]
    regret: Numbers  # [player, equilibrium] in stakes
    sign: NDArray[np.int8]  # [equilibrium] of det(I - derivative of the response); 0: at a turning point
    principal: NDArray[np.bool_]  # [equilibrium] the one that the principal branch leads to
    twin: NDArray[
        np.bool_
    ]  # [equilibrium] another of its draw is its mirror image: same numbers, others' roles
    hits: NDArray[np.int32]  # [equilibrium] starts that came to it
    lost: NDArray[np.int32]  # [draw] starts that came to none
    status: NDArray[np.int8]  # [draw] of the principal branch's answer, a Status

    @property
    def count(self) -> NDArray[np.int64]:
        """Number of distinct equilibria found, [draw]: at least so many there are."""
        return np.diff(self.first)

    @property
    def index(self) -> NDArray[np.int64]:
        """Sum of the signs, [draw]: 1 when none was missed; another sum shows that some were."""
        total = np.concatenate([[0], np.cumsum(self.sign, dtype=np.int64)])
        return np.asarray(total[self.first[1:]] - total[self.first[:-1]])

    def of(self, draw: int) -> slice:
        """Return the columns of a draw."""
        return slice(int(self.first[draw]), int(self.first[draw + 1]))


def search(
    game: Game,
    draws: Draws,
    *,
    starts: int = STARTS,
    seed: int = 0,
    concept: Concept | None = None,
    stakes: Numbers | None = None,
    threads: int | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Equilibria:
    """Look for all equilibria of a game, for every draw.

    Parameters
    ----------
    game, draws, stakes
        As for :func:`parley.solve.solve`.
    starts, seed, concept, threads, cancel
        See :func:`equilibria`.

    Raises
    ------
    SolveError
        As :func:`equilibria` and :func:`parley.solve.tabulate` do.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> game, draws = parley.compile(scenario), parley.sample(scenario, 4, seed=1)
    >>> search(game, draws, starts=8).count.tolist()
    [1, 1, 1, 1]
    """
    tables = tabulate(game, draws, stakes)
    with np.errstate(all="ignore"):
        precision = tables.precision / tables.stake
    return equilibria(
        game,
        tables.chance,
        tables.payoff,
        precision,
        stake=tables.stake,
        starts=starts,
        seed=seed,
        concept=concept,
        threads=threads,
        cancel=cancel,
    )


def equilibria(
    game: Game,
    chance: Numbers,
    payoff: Numbers,
    precision: Numbers,
    *,
    stake: Numbers,
    starts: int = STARTS,
    seed: int = 0,
    concept: Concept | None = None,
    threads: int | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Equilibria:
    """Look for all quantal response equilibria of a game at the wanted precision, for every draw.

    The principal branch's answer comes first. Then damped Newton steps go from ``starts`` strategies: even
    mixing, what a level-1 and a level-2 player does, and random ones (even over all mixes, near the corners,
    corners themselves, near even mixing; some with all information sets of a move alike). While the signs do
    not add up to 1, or the last round found more, up to three more rounds follow, from as many new starts and
    from points between the equilibria found. The same starts serve every draw; what is found for a draw
    depends on that draw alone.

    Cost: the k unknowns are the log-odds of the information sets that depend on each other in circles (none
    where information is perfect); above 100 of them, of some by which all circles are cut. A Newton step
    costs k + 1 passes over the game and k**3/3 operations more; a start takes some 10 to 40 steps.

    Parameters
    ----------
    game, chance, payoff, precision, stake, concept, threads, cancel
        As for :func:`parley.solve.solve_arrays`; ``concept.tolerance`` holds for every equilibrium.
    starts
        How many, at least 1.
    seed
        Of the random ones.

    Returns
    -------
    Equilibria
        None for a draw that makes no game. Two count as one when no probability differs by more than
        ``APART``.

    Raises
    ------
    SolveError
        When there is no start, shapes do not agree, or ``cancel`` said True.

    References
    ----------
    Deuflhard, P. (2011). Newton Methods for Nonlinear Problems, 3.3: the steps' control.
    McKelvey, R. D. & McLennan, A. (1996). Computation of equilibria in finite games. Handbook of
    Computational Economics 1: the index theorem.

    Examples
    --------
    >>> import parley
    >>> from parley.solve import tabulate
    >>> scenario = parley.load("which-event-first")
    >>> game, draws = parley.compile(scenario), parley.sample(scenario, 4, seed=1)
    >>> numbers = tabulate(game, draws)
    >>> lam = numbers.precision / numbers.stake
    >>> found = equilibria(game, numbers.chance, numbers.payoff, lam, stake=numbers.stake, starts=8)
    >>> found.principal.tolist(), found.index.tolist()
    ([True, True, True, True], [1, 1, 1, 1])
    """
    if starts < 1:
        raise SolveError(f"a search from {starts} starts finds nothing: at least 1")
    refuse_loop(game, "a search for other equilibria")
    concept = concept or Concept()
    known = solve_arrays(
        game, chance, payoff, precision, stake=stake, concept=concept, threads=threads, cancel=cancel
    )
    hunt = _hunt(game, chance, payoff, precision, concept, starts, seed)
    status = known.certificate.status
    usable = np.flatnonzero(status != Status.ILL_POSED)
    columns: list[_Found | None] = [None] * len(status)

    def run(draws: NDArray[np.intp]) -> bool:
        desk = hunt.desk()
        for draw in draws:
            if cancel is not None and cancel():
                return False
            sure = status[draw] in ANSWERED
            columns[draw] = hunt.draw(int(draw), desk, known.strategy[:, draw] if sure else None)
        return True

    workers = max(1, threads or _cores())
    with ThreadPoolExecutor(max_workers=workers) as pool:
        shares = [usable[k::workers] for k in range(workers)]
        if not all(list(pool.map(run, shares))):
            raise SolveError("cancelled while searching for other equilibria")
    return _collected(game, columns, stake, starts, seed, status)


def _cores() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _starts(game: Game, starts: int, seed: int, number: int) -> tuple[Numbers, NDArray[np.int64]]:
    """Log-odds ``[start, action]`` of a round, and ``[start]`` how often each is answered first.

    Two of six kinds treat all information sets of a move alike: mixes that differ by chance from type to type
    would come to the same average in every start.
    """
    random = np.random.Generator(np.random.PCG64([seed, number]))
    fixed = 0 if number else 3
    points = np.zeros((starts, game.actions))
    alike = _alike(game)
    for start in range(fixed, starts):
        even = random.exponential(size=game.actions)
        steep = random.gamma(0.2, size=game.actions)
        normal = random.normal(size=game.actions)
        kind = start % 6
        if kind == 3:
            points[start] = np.log(even + 1e-12)
        elif kind == 4:
            points[start] = _corner(game, even[alike])
        elif kind == 5:
            points[start] = np.log(even[alike] + 1e-12)
        elif kind == 0:
            points[start] = normal
        elif kind == 1:
            points[start] = _corner(game, even)
        else:
            points[start] = np.log(steep + 1e-12)
    lead = np.zeros(starts, dtype=np.int64)
    if fixed:
        lead[1:2], lead[2:3] = 1, 2
    return points, lead


def _alike(game: Game) -> NDArray[np.intp]:
    """For each action, the action of the same place in the first information set of the same move."""
    place = np.arange(game.actions)
    known: dict[tuple[int, str, int], int] = {}
    for h in range(game.infosets):
        first, last = game.infoset_first_action[h : h + 2].tolist()
        head = known.setdefault((int(game.infoset_player[h]), game.infoset_move[h], last - first), first)
        place[first:last] = np.arange(head, head + last - first)
    return place


def _corner(game: Game, drawn: Numbers) -> Numbers:
    """Log-odds that make the action with the largest number of each information set all but sure."""
    point = np.zeros(game.actions)
    for h in range(game.infosets):
        first, last = game.infoset_first_action[h : h + 2]
        point[first + int(np.argmax(drawn[first:last]))] = CORNER
    return point


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Equilibria of one draw."""

    strategy: Numbers  # [action, equilibrium]
    value: Numbers
    residual: Numbers
    gain: Numbers
    sign: NDArray[np.int8]
    principal: NDArray[np.bool_]
    twin: NDArray[np.bool_]
    hits: NDArray[np.int32]
    lost: int


class _Tried:
    """What was found for one draw so far."""

    def __init__(self, actions: int) -> None:
        self.strategies = np.zeros((0, actions))
        self.rest: list[tuple[Numbers, Numbers, float, int]] = []  # value, gain, residual, sign
        self.hits: list[int] = []
        self.tries = 0

    @property
    def index(self) -> int:
        return sum(sign for *_, sign in self.rest)

    def add(self, strategy: Numbers, value: Numbers, gain: Numbers, residual: float, sign: float) -> None:
        gap = np.abs(self.strategies - strategy).max(axis=1, initial=0.0)
        near = np.flatnonzero(gap <= APART)
        if near.size:
            self.hits[near[0]] += 1
        else:
            self.strategies = np.concatenate([self.strategies, strategy[None]])
            self.rest.append((value, np.maximum(gain, 0.0), float(residual), int(sign)))
            self.hits.append(1)

    def between(self) -> Numbers:
        """Log-odds half way between every two of those found: where those that repel lie, if anywhere."""
        logs = np.log(np.maximum(self.strategies[:CROWD], LEAST))
        one, other = np.triu_indices(len(logs), 1)
        even = np.log(np.maximum((self.strategies[one] + self.strategies[other]) / 2.0, LEAST))
        return np.concatenate([(logs[one] + logs[other]) / 2.0, even])

    def found(self, branch: bool) -> _Found:
        """Put it in order; ``branch`` says that the first to be added was the principal branch's."""
        count = len(self.rest)
        value = np.array([each[0] for each in self.rest]).reshape(count, -1)
        hits = np.array(self.hits, dtype=np.int32)
        principal = np.zeros(count, dtype=np.bool_)
        if branch:
            principal[0] = True
            hits[0] -= 1
        return _Found(
            self.strategies.T,
            value.T,
            np.array([each[2] for each in self.rest]),
            np.array([each[1] for each in self.rest]).reshape(count, -1).T,
            np.array([each[3] for each in self.rest], dtype=np.int8),
            principal,
            _twins(self.strategies, value),
            hits,
            self.tries - int(branch) - int(hits.sum()),
        )


def _hunt(
    game: Game,
    chance: Numbers,
    payoff: Numbers,
    precision: Numbers,
    concept: Concept,
    count: int,
    seed: int,
) -> _Hunt:
    """Choose how a game is searched, by the errors of its players."""
    plan, _ = laid_out(game)
    if isinstance(plan, Structure):
        return _StructuralHunt(game, plan, chance, payoff, precision, concept, count, seed)
    from parley.solve.responses import responses

    return _Hunt(game, responses(game), chance, payoff, precision, concept, count, seed)


class _Hunt:
    """What the search of all draws has in common."""

    def __init__(
        self,
        game: Game,
        plan: Any,
        chance: Numbers,
        payoff: Numbers,
        precision: Numbers,
        concept: Concept,
        count: int,
        seed: int,
    ) -> None:
        self.game, self.plan, self.concept = game, plan, concept
        self.chance = np.where((game.edge_chance < 0)[:, None], 1.0, chance)
        self.payoff, self.precision = payoff, precision
        self.pages = book(game)
        self.starts = lru_cache(maxsize=None)(lambda number: _starts(game, count, seed, number))

    def desk(self) -> Any:
        """Room for one thread."""
        return self.plan.desk(len(self.game.players), len(self.payoff))

    def fill(self, desk: Any, draw: int) -> Any:
        """Put a draw's numbers on a thread's desk, and return it."""
        self.plan.fill(desk, self.chance[:, draw], self.payoff[:, :, draw], self.precision[:, draw])
        return desk

    def draw(self, draw: int, desk: Any, known: Numbers | None) -> _Found:
        """Search one draw; ``known [action]`` is the principal branch's answer, if there is one."""
        desk = self.fill(desk, draw)
        tried = _Tried(self.game.actions)
        if known is not None:
            at = np.log(np.maximum(known, LEAST))[None]
            self.take(tried, draw, known[None], self.descend(desk, at, np.zeros(1, dtype=np.int64), 1)[1])
        known_before = 1
        for number in range(1 + ROUNDS):
            if number and tried.index == 1 and len(tried.rest) == known_before:
                break
            known_before = max(1, len(tried.rest))
            points, lead = self.starts(number)
            points = np.concatenate([points, tried.between()]) if number else points
            lead = np.concatenate([lead, np.zeros(len(points) - len(lead), dtype=np.int64)])
            odds, sign = self.descend(desk, points, lead, LIMIT)
            self.take(tried, draw, _mixes(self.game, odds), sign)
        return tried.found(known is not None)

    def take(self, tried: _Tried, draw: int, strategy: Numbers, sign: Numbers) -> None:
        """Certify where the steps ended, and keep what is new."""
        column = [draw] * len(strategy)
        proof = proven(
            self.plan,
            self.pages,
            np.ascontiguousarray(self.chance[:, column]),
            np.ascontiguousarray(self.payoff[:, :, column]),
            np.ascontiguousarray(self.precision[:, column]),
            np.ascontiguousarray(strategy.T),
        )
        tried.tries += len(strategy)
        for row in np.flatnonzero(proof.residual <= self.concept.tolerance).tolist():
            tried.add(strategy[row], proof.value[:, row], proof.gain[:, row], proof.residual[row], sign[row])

    def descend(
        self, desk: Any, points: Numbers, lead: NDArray[np.int64], limit: int
    ) -> tuple[Numbers, Numbers]:
        """Return log-odds ``[start, action]`` and signs ``[start]`` where the steps end."""
        from parley.solve.kernels.newton import search as kernel

        unknown = np.zeros((len(points), self.plan.unknowns))
        for first, actions, at in self.plan.layout.free.tolist():
            others = points[:, first + 1 : first + actions]
            unknown[:, at : at + actions - 1] = others - points[:, [first]]
        odds = np.zeros((len(points), self.game.actions))
        sign, miss = np.zeros(len(points)), np.zeros(len(points))
        kernel(self.plan.layout, desk, unknown, lead, limit, odds, sign, miss)
        return odds, sign


class _StructuralHunt(_Hunt):
    """The same where errors are not all logistic; a desk is the number of a draw."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.found: dict[bytes, _Found] = {}

    def desk(self) -> int:
        return 0

    def fill(self, desk: int, draw: int) -> int:
        return draw

    def draw(self, draw: int, desk: int, known: Numbers | None) -> _Found:
        """Search one draw; games that are the same to the last bit are searched once."""
        digest = blake2b(digest_size=32)
        for table in (self.chance, self.payoff, self.precision, *([] if known is None else [known])):
            digest.update(np.ascontiguousarray(table[..., draw] if table is not known else table).tobytes())
        key = digest.digest()
        found = self.found.get(key)
        if found is None:
            found = self.found[key] = super().draw(draw, desk, known)
        return found

    def descend(
        self, desk: int, points: Numbers, lead: NDArray[np.int64], limit: int
    ) -> tuple[Numbers, Numbers]:
        from parley.solve.structural_branch import descend

        numbers = Shocked(self.chance, self.payoff, self.precision)
        column = np.full(len(points), desk)
        odds, sign = descend(self.plan, numbers.at(column), self.plan.odds(points.T), lead, limit)
        return odds.T, sign


def _mixes(game: Game, odds: Numbers) -> Numbers:
    """Probabilities ``[start, action]`` from log-odds; NaN stays NaN."""
    if not game.infosets:
        return odds
    first = game.infoset_first_action
    counts = np.diff(first)
    with np.errstate(all="ignore"):
        top = np.maximum.reduceat(odds, first[:-1], axis=1)
        shares = np.exp(odds - np.repeat(top, counts, axis=1))
        return np.asarray(shares / np.repeat(np.add.reduceat(shares, first[:-1], axis=1), counts, axis=1))


def _twins(strategy: Numbers, value: Numbers) -> NDArray[np.bool_]:
    """Which rows have the same probabilities and payoffs as another, given to others: [equilibrium]."""
    shares, paid = np.sort(strategy, axis=1), np.sort(value, axis=1)
    size = np.maximum(1.0, np.abs(paid).max(axis=1, initial=0.0))
    twin = np.zeros(len(shares), dtype=np.bool_)
    for row in range(len(shares)):
        alike = np.abs(shares - shares[row]).max(axis=1, initial=0.0) <= TWIN
        alike &= np.abs(paid - paid[row]).max(axis=1, initial=0.0) <= TWIN * size
        twin[row] = np.count_nonzero(alike) > 1
    return twin


def _collected(
    game: Game,
    columns: list[_Found | None],
    stake: Numbers,
    starts: int,
    seed: int,
    status: NDArray[np.int8],
) -> Equilibria:
    found = [each for each in columns if each is not None]
    counts = [0 if each is None else len(each.sign) for each in columns]
    draw = np.repeat(np.arange(len(columns)), counts)

    def joined(name: str, rows: int) -> Numbers:
        parts = [getattr(each, name) for each in found]
        return np.concatenate(parts, axis=1) if parts else np.zeros((rows, 0))

    def listed(name: str, kind: type) -> NDArray[Any]:
        return np.array([x for each in found for x in getattr(each, name).tolist()], dtype=kind)

    answer = Equilibria(
        players=game.players,
        starts=starts,
        seed=seed,
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        draw=draw.astype(np.int64),
        strategy=joined("strategy", game.actions),
        value=joined("value", len(game.players)),
        residual=listed("residual", np.float64),
        regret=joined("gain", len(game.players)) / stake[:, draw],
        sign=listed("sign", np.int8),
        principal=listed("principal", np.bool_),
        twin=listed("twin", np.bool_),
        hits=listed("hits", np.int32),
        lost=np.array([0 if each is None else each.lost for each in columns], dtype=np.int32),
        status=status.copy(),
    )
    for field in fields(answer):
        array = getattr(answer, field.name)
        if isinstance(array, np.ndarray):
            array.setflags(write=False)
    return answer
