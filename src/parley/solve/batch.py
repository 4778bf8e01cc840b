"""Equilibria of many draws of one game.

What lives here: checking the numbers, cutting them into chunks, choosing the way (batched continuation, or
pseudo-arclength for the draws that need it), and certificates. What may not: arithmetic per node.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.errors import SolveError
from parley.game.model import CHANCE, Game
from parley.game.program import evaluate
from parley.game.rounds import ranges_over_rounds
from parley.solve.certify import Book, Proof, book, certify, path_ranges
from parley.solve.large import Large, relaxed
from parley.solve.schedule import Schedule, schedule
from parley.solve.solution import ANSWERED, Certificate, Concept, Solution, Status
from parley.solve.structural import Structure
from parley.solve.structural import Tables as Shocked

if TYPE_CHECKING:
    from parley.draws.model import Draws
    from parley.solve.followed import Followed

__all__ = ["Tables", "laid_out", "proven", "solve", "solve_arrays", "tables_of", "tabulate", "well_posed"]

Numbers: TypeAlias = NDArray[np.float64]
Plan: TypeAlias = Schedule | Large | Structure

_LATELY: deque[tuple[Game, Plan, Book]] = deque(maxlen=16)
_LOCK = Lock()

CHUNK = 1 << 18  # nodes times draws that a thread takes at a time
FEWEST, MOST = 64, 4096  # draws that it takes at least and at most
WIDER = 4  # times as many where errors are not all logistic
LARGE = 60_000  # nodes, beyond which a game is not laid out in lanes
CHANCES = 1e-9  # by which a node's chances may miss 1


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The numbers of a game, one column per draw."""

    chance: Numbers  # [edge, draw], 1 on decision edges
    payoff: Numbers  # [row, player, draw] in the author's units
    precision: Numbers  # [player, draw] per whole stake
    stake: Numbers  # [player, draw]


def tabulate(game: Game, draws: Draws, stakes: Numbers | None = None) -> Tables:
    """Evaluate a game's program for all draws.

    Parameters
    ----------
    game
        The compiled game.
    draws
        Values of at least the parameters that the program names.
    stakes
        ``[player, draw]``, in place of the game's own: for a game restricted by a policy, those of the free
        game, so that precision means the same in both.

    Raises
    ------
    SolveError
        When a parameter is missing or ``stakes`` has the wrong shape.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> game, draws = parley.compile(scenario), parley.sample(scenario, 4, seed=1)
    >>> tabulate(game, draws).chance.shape == (game.edges, 4)
    True
    """
    row = {name: k for k, name in enumerate(draws.parameters)}
    missing = [name for name in game.program.parameters if name not in row]
    if missing:
        raise SolveError(f"the draws have no values of {', '.join(map(repr, missing))}")
    values = draws.values[[row[name] for name in game.program.parameters]]
    register = evaluate(game.program, values.reshape(len(game.program.parameters), draws.count))
    return tables_of(game, register, stakes)


def tables_of(game: Game, register: Numbers, stakes: Numbers | None = None) -> Tables:
    """Pick a game's numbers out of evaluated registers.

    Parameters
    ----------
    game
        The compiled game.
    register
        ``[register, draw]`` of its program, or of one that goes on where its own ends.
    stakes
        As for :func:`tabulate`.

    Raises
    ------
    SolveError
        When ``stakes`` has the wrong shape.

    Examples
    --------
    >>> import parley
    >>> from parley.game import evaluate
    >>> scenario = parley.load("which-event-first")
    >>> game, draws = parley.compile(scenario), parley.sample(scenario, 4, seed=1)
    >>> row = [draws.parameters.index(name) for name in game.program.parameters]
    >>> tables_of(game, evaluate(game.program, draws.values[row])).stake.shape
    (1, 4)
    """
    chance = np.ascontiguousarray(register[np.where(game.edge_chance < 0, 1, game.edge_chance)])
    payoff = np.ascontiguousarray(register[game.payoff_register])
    precision = np.ascontiguousarray(register[game.precision])
    if stakes is None:
        stakes = _stakes(game, payoff, register)
    elif stakes.shape != precision.shape:
        raise SolveError(f"stakes have shape {stakes.shape}, but precision has {precision.shape}")
    return Tables(chance, payoff, precision, np.ascontiguousarray(stakes, dtype=np.float64))


def _stakes(game: Game, payoff: Numbers, register: Numbers) -> Numbers:
    whole = game.stake < 0
    stakes = register[np.where(whole, 0, game.stake)]
    if np.any(whole):
        with np.errstate(all="ignore"):
            if game.loop is not None:
                stakes[whole] = ranges_over_rounds(game, payoff)[whole]
            else:
                stakes[whole] = path_ranges(laid_out(game)[1], payoff)[whole]
    return stakes


def solve(
    game: Game,
    draws: Draws,
    *,
    concept: Concept | None = None,
    stakes: Numbers | None = None,
    threads: int | None = None,
    cancel: Callable[[], bool] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Solution:
    """Solve a game for every draw: agent quantal response equilibrium on the principal branch.

    Errors are logistic unless the game says otherwise of a player (``game.errors``).

    Parameters
    ----------
    game
        The compiled game.
    draws
        One column per reading of the judgements.
    concept
        Tolerance and budget.
    stakes
        ``[player, draw]`` in place of the game's own (see :func:`tabulate`).
    threads
        Threads; None for one per core.
    cancel
        Asked between chunks; when it says True, no further chunk is begun.
    progress
        Told the number of draws solved since it was last called.

    Returns
    -------
    Strategies ``[action, draw]`` with certificates. A draw's numbers have the same bits whatever draws it is
    solved with and however many threads there are.

    Raises
    ------
    SolveError
        When the numbers do not fit the game, or ``cancel`` said True.

    References
    ----------
    McKelvey, R. D. & Palfrey, T. R. (1998). Quantal response equilibria for extensive form games.
    Experimental Economics 1, 9-41.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> game, draws = parley.compile(scenario), parley.sample(scenario, 16, seed=1)
    >>> solution = solve(game, draws)
    >>> int((solution.certificate.residual <= 1e-9).sum())
    16
    """
    tables = tabulate(game, draws, stakes)
    with np.errstate(all="ignore"):
        precision = tables.precision / tables.stake
    return solve_arrays(
        game,
        tables.chance,
        tables.payoff,
        precision,
        stake=tables.stake,
        concept=concept,
        threads=threads,
        cancel=cancel,
        progress=progress,
    )


def solve_arrays(
    game: Game,
    chance: Numbers,
    payoff: Numbers,
    precision: Numbers,
    *,
    stake: Numbers,
    concept: Concept | None = None,
    start: Numbers | None = None,
    threads: int | None = None,
    cancel: Callable[[], bool] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Solution:
    """Solve a game whose numbers have been worked out.

    Parameters
    ----------
    game
        Its structure; the program is not looked at.
    chance
        ``[edge, draw]``; ignored on decision edges.
    payoff
        ``[row, player, draw]`` in the author's units; row 0 must be 0.
    precision
        ``[player, draw]`` lambda per payoff unit.
    stake
        ``[player, draw]``: units of regret.
    concept
        Tolerance and budget.
    start
        ``[action, draw]``: look for an equilibrium near this strategy, at the wanted lambda, instead of
        following the principal branch.
    threads, cancel, progress
        See :func:`solve`.

    Raises
    ------
    SolveError
        When shapes do not agree, or ``cancel`` said True.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> game, draws = parley.compile(scenario), parley.sample(scenario, 16, seed=1)
    >>> numbers = tabulate(game, draws)
    >>> lam = numbers.precision / numbers.stake
    >>> solution = solve_arrays(game, numbers.chance, numbers.payoff, lam, stake=numbers.stake)
    >>> solution.strategy.shape == (game.actions, 16)
    True
    """
    concept = concept or Concept()
    chance, payoff, precision, stake = map(_numbers, (chance, payoff, precision, stake))
    start = None if start is None else _numbers(start)
    _check(game, chance, payoff, precision, stake, start)
    if game.loop is not None:
        return _over_rounds(game, chance, payoff, precision, stake, concept, start, threads, cancel, progress)
    task = _Task(game, *laid_out(game), chance, payoff, precision, stake, concept, start)
    task.fill()
    workers = max(1, threads or _cores())
    # a pass in plain NumPy is the cheaper the wider: draws that take longer should have company
    wide = WIDER if isinstance(task.plan, Structure) else 1
    size = wide * _chunk(game.nodes, len(task.sound), workers)
    chunks = [task.sound[k : k + size] for k in range(0, len(task.sound), size)]
    cancelled = False
    done = 0

    def run(which: NDArray[np.intp]) -> int:
        if cancelled or (cancel is not None and cancel()):
            return -1
        task.solve(which)
        return len(which)

    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(run, which) for which in chunks]
        try:
            for future in futures:
                count = future.result()
                cancelled = cancelled or count < 0
                done += max(count, 0)
                if progress is not None and count > 0:
                    progress(count)
        except BaseException:
            cancelled = True
            for future in futures:
                future.cancel()
            raise
    if cancelled:
        raise SolveError(f"cancelled after {done} of {len(task.sound)} draws")
    return task.solution()


def _over_rounds(
    game: Game,
    chance: Numbers,
    payoff: Numbers,
    precision: Numbers,
    stake: Numbers,
    concept: Concept,
    start: Numbers | None,
    threads: int | None,
    cancel: Callable[[], bool] | None,
    progress: Callable[[int], None] | None,
) -> Solution:
    """Solve a game with rounds without a last one."""
    from parley.solve.loops import solve_loop
    from parley.solve.refusal import refuse_loop

    if start is not None:
        refuse_loop(game, "an equilibrium near a given strategy")
    if any(each.kind == "normal on endings" for each in game.errors):
        refuse_loop(game, "an equilibrium with errors that are normal on endings")

    def solver(
        one: Game, chance: Numbers, payoff: Numbers, lam: Numbers, stake: Numbers, start: Numbers | None
    ) -> Solution:
        task = _Task(one, *laid_out(one), chance, payoff, lam, stake, concept, start)
        task.fill()
        if threads != 1 and len(task.sound) > FEWEST:
            return solve_arrays(
                one, chance, payoff, lam, stake=stake, concept=concept, start=start, threads=threads
            )
        size = _chunk(one.nodes, len(task.sound), 1)  # many small calls: a pool for each would cost more
        for k in range(0, len(task.sound), size):
            task.solve(task.sound[k : k + size])
        return task.solution()

    def prover(one: Game, chance: Numbers, payoff: Numbers, lam: Numbers, strategy: Numbers) -> Numbers:
        return proven(*laid_out(one), chance, payoff, lam, strategy).residual

    numbers = (chance, payoff, precision)
    good = well_posed(game, np.where((game.edge_chance < 0)[:, None], 1.0, chance), payoff, precision, stake)
    return solve_loop(
        game,
        *numbers,
        stake=stake,
        concept=concept,
        good=good,
        solver=solver,
        prover=prover,
        cancel=cancel,
        progress=progress,
    )


def laid_out(game: Game) -> tuple[Plan, Book]:
    """Lay a game out, or find the layout of one that was solved lately."""
    plan: Plan
    with _LOCK:
        for known, plan, pages in _LATELY:
            if known is game:
                return plan, pages
    if any(each.kind != "logistic" for each in game.errors):
        plan = Structure(game)
    else:
        laid = schedule(game) if game.nodes <= LARGE else None
        plan = Large(game) if laid is None else laid
    pages = book(game)
    with _LOCK:
        _LATELY.append((game, plan, pages))
    return plan, pages


def _cores() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _numbers(array: object) -> Numbers:
    """Return an array of float64; what is not numbers is refused."""
    try:
        return np.ascontiguousarray(array, dtype=np.float64)
    except (TypeError, ValueError) as fault:
        raise SolveError(f"an array of numbers is wanted, not {array!r:.60}: {fault}") from None


def _chunk(nodes: int, draws: int, workers: int) -> int:
    """Draws that a thread takes at a time; answers do not depend on it."""
    return max(FEWEST, min(MOST, CHUNK // max(1, nodes), -(-draws // (2 * workers))))


def _check(
    game: Game, chance: Numbers, payoff: Numbers, precision: Numbers, stake: Numbers, start: Numbers | None
) -> None:
    players, draws = len(game.players), precision.shape[-1]
    wanted = {
        "chance": (chance, (game.edges, draws)),
        "payoff": (payoff, (len(game.payoff_register), players, draws)),
        "precision": (precision, (players, draws)),
        "stake": (stake, (players, draws)),
    }
    if start is not None:
        wanted["start"] = (start, (game.actions, draws))
    for name, (array, shape) in wanted.items():
        if array.shape != shape:
            raise SolveError(f"{name} has shape {array.shape}, but the game asks for {shape}")
    if payoff.size and not np.all(payoff[0] == 0.0):
        raise SolveError("payoff row 0 must pay nobody anything")


def well_posed(
    game: Game, chance: Numbers, payoff: Numbers, precision: Numbers, stake: Numbers
) -> NDArray[np.bool_]:
    """Find the draws whose numbers make a game, [draw]; ``chance`` is 1 on decision edges."""
    with np.errstate(all="ignore"):
        good = np.all(np.isfinite(payoff), axis=(0, 1)) & np.all(np.isfinite(chance), axis=0)
        good &= np.all(np.isfinite(precision) & (precision >= 0), axis=0)
        good &= np.all(np.isfinite(stake) & (stake > 0), axis=0)
        good &= np.all(np.abs(payoff).max(axis=0, initial=0.0) * precision < 1e100, axis=0)
        good &= np.all(chance >= 0.0, axis=0)
        first = game.node_first_edge
        for node in np.flatnonzero(game.node_kind == CHANCE):
            total = chance[first[node] : first[node + 1]].sum(axis=0)
            good &= np.abs(total - 1.0) <= CHANCES
    return np.asarray(good)


def proven(
    plan: object, pages: Book, chance: Numbers, payoff: Numbers, precision: Numbers, strategy: Numbers
) -> Proof:
    """Certify strategies, as :func:`parley.solve.certify.certify` does, whatever the errors."""
    proof = certify(pages, chance, payoff, precision, strategy)
    if not isinstance(plan, Structure):
        return proof
    from parley.solve.structural_proof import structural_misses

    misses = structural_misses(plan, Shocked(chance, payoff, precision), strategy)
    return proof._replace(residual=misses.max(axis=0, initial=0.0))


class _Task:
    """The arrays of one call; every chunk writes its own columns."""

    def __init__(
        self,
        game: Game,
        plan: Plan,
        pages: Book,
        chance: Numbers,
        payoff: Numbers,
        precision: Numbers,
        stake: Numbers,
        concept: Concept,
        start: Numbers | None,
    ) -> None:
        self.game, self.plan, self.pages = game, plan, pages
        self.chance = np.where((game.edge_chance < 0)[:, None], 1.0, chance)
        self.payoff, self.precision, self.stake = payoff, precision, stake
        self.concept, self.start = concept, start

    def fill(self) -> None:
        players, draws = self.precision.shape
        self.strategy = np.full((self.game.actions, draws), np.nan)
        self.value = np.full((players, draws), np.nan)
        self.regret = np.full((players, draws), np.nan)
        self.residual = np.full(draws, np.nan)
        self.status = np.full(draws, Status.ILL_POSED, dtype=np.int8)
        self.sweeps = np.zeros(draws, dtype=np.int32)
        good = well_posed(self.game, self.chance, self.payoff, self.precision, self.stake)
        if self.start is not None:
            with np.errstate(all="ignore"):
                good &= np.all(np.isfinite(self.start) & (self.start > 0), axis=0)
        self.sound = np.flatnonzero(good)

    def solve(self, which: NDArray[np.intp]) -> None:
        # a slice is copied several times faster than a list of columns
        run = len(which) == which[-1] - which[0] + 1
        columns = slice(int(which[0]), int(which[-1]) + 1) if run else which
        chance = np.ascontiguousarray(self.chance[:, columns])
        payoff = np.ascontiguousarray(self.payoff[:, :, columns])
        precision = np.ascontiguousarray(self.precision[:, columns])
        start = None if self.start is None else np.log(self.start[:, which])
        from parley.solve.followed import Followed, follow_chunk

        if isinstance(self.plan, Structure):
            from parley.solve.structural_branch import follow_structural

            found = follow_structural(self.plan, chance, payoff, precision, self.concept, start)
        elif isinstance(self.plan, Large):
            found = Followed(*relaxed(self.plan, chance, payoff, precision, self.concept, start))
        else:
            found = follow_chunk(self.plan, chance, payoff, precision, self.concept, start)
            if not self.plan.differentiable:
                self.relax_the_rest(found, chance, payoff, precision, start)
        strategy = found.strategy
        proof = proven(self.plan, self.pages, chance, payoff, precision, strategy)
        status = np.where(
            np.isin(found.status, ANSWERED) & ~(proof.residual <= self.concept.tolerance),
            np.int8(Status.LIMIT),
            found.status,
        )
        self.strategy[:, which] = strategy
        self.value[:, which] = proof.value
        self.residual[which] = proof.residual
        self.regret[:, which] = np.maximum(proof.gain, 0.0) / self.stake[:, which]
        self.status[which] = status
        self.sweeps[which] = found.sweeps

    def relax_the_rest(
        self, found: Followed, chance: Numbers, payoff: Numbers, precision: Numbers, start: Numbers | None
    ) -> None:
        """Solve those draws again that accelerated sweeps did not, where there is no derivative."""
        rest = np.flatnonzero(found.status == Status.STALLED)
        if len(rest):
            begin = None if start is None else start[:, rest]
            numbers = (chance[:, rest], payoff[:, :, rest], precision[:, rest])
            answers = relaxed(Large(self.game), *numbers, self.concept, begin)
            found.strategy[:, rest], found.status[rest], sweeps = answers
            found.sweeps[rest] += sweeps

    def solution(self) -> Solution:
        for array in (self.strategy, self.value, self.residual, self.regret, self.status, self.sweeps):
            array.setflags(write=False)
        precision, stake = self.precision.copy(), self.stake.copy()
        precision.setflags(write=False)
        stake.setflags(write=False)
        return Solution(
            players=self.game.players,
            strategy=self.strategy,
            value=self.value,
            precision=precision,
            stake=stake,
            certificate=Certificate(self.status, self.residual, self.regret, self.sweeps),
            concept=self.concept,
        )
