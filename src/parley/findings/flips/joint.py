"""The nearest joint flip: the smallest move of several assumptions at once that changes the answer.

What lives here: the search in the space of normal scores, its verification. What may not: single numbers in
single readings (:mod:`.thresholds`).

The start is the central reading: every judgement at its median, every switch at its default. A move is
measured in normal scores z of the quantiles, by the joint law of what is judged together: distance squared
is z' R^-1 z (Mahalanobis; R the correlation of the scores). The nearest point of the surface on which the
margin is 0 is the design point of the first-order reliability method (Hasofer and Lind 1974; Rackwitz and
Fiessler 1978, *Computers & Structures* 9:489-494): there z is parallel to R times the margin's gradient. The
search turns a ray from the centre towards that direction, finds on each ray where the margin changes sign,
and keeps the new ray when that lies nearer; so every point it passes was solved on both sides. It starts
from several rays and finds a local minimum from each: the nearest of them is returned.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from parley.findings.flip_model import JointFlip, JointMove
from parley.findings.flips.asking import Questions
from parley.findings.flips.axes import Axis, judged
from parley.findings.flips.roots import roots

__all__ = ["FEW", "joint"]

Values = NDArray[np.float64]

FURTHEST = 3.0902323061678132  # score of rank 0.999: no assumption goes beyond
STEP = 0.02  # of central differences, in scores
SCAN = 12  # points on a ray before its root is looked for
TURNS = 8  # of a ray, at most
ENOUGH = 1e-3  # a turn that shortens the distance by less than this share is the last
BLENDS = (1.0, 0.5, 0.2)  # how far a ray is turned towards the new direction; the best is kept
STARTS = 4  # rays of the full search, beside the gradient at the centre
FEW = 3  # assumptions that a sentence can name
PAIRED, TRIPLED = 8, 6  # the top assumptions of which pairs and triples are tried
NEAR = 1.5  # fewer assumptions are preferred where they flip it within this multiple of the least distance
SURE = 1e-3  # how far on either side, as a share of the move, the flip is solved again


@dataclass(frozen=True, slots=True, eq=False)
class _Space:
    """The coordinates that move: ``rows`` of the table of ranks, ranked tiers from the worst up."""

    questions: Questions
    place: int  # of the criterion
    moving: tuple[Axis, ...]
    covariance: Values  # [coordinate, coordinate]
    switches: dict[str, str]
    base: Values  # [row] ranks of the central reading

    def ranks(self, scores: Values) -> Values:
        """Return ranks ``[row, point]`` at scores ``[coordinate, point]``."""
        table = np.repeat(self.base[:, np.newaxis], scores.shape[1], axis=1)
        share = special.ndtr(scores)
        above: dict[tuple[int, ...], Values] = {}
        # Ranked tiers from the best down, each given those above it (the greatest of k uniforms is the k-th
        # root of one): so they too have independent scores, and keep their order.
        for number in range(len(self.moving) - 1, -1, -1):
            axis = self.moving[number]
            if axis.kind == "parameter":
                table[axis.rows[0]] = share[number]
            else:
                top = above.get(axis.rows, np.ones(scores.shape[1]))
                above[axis.rows] = top * share[number] ** (1.0 / (axis.place + 1))
                table[axis.rows[axis.place]] = above[axis.rows]
        inside: Values = np.clip(table, 2.0**-53, 1.0 - 2.0**-53)
        return inside

    def margins(self, scores: Values) -> Values:
        """Return the margin ``[point]`` at scores ``[coordinate, point]``."""
        margins: Values = self.questions.margins(self.ranks(scores), switches=self.switches)[self.place]
        return margins

    def lengths(self, scores: Values) -> Values:
        """Return the distance ``[point]`` of scores ``[coordinate, point]`` from the centre."""
        squares = np.sum(scores * np.linalg.solve(self.covariance, scores), axis=0)
        lengths: Values = np.sqrt(np.maximum(squares, 0.0))
        return lengths


def joint(questions: Questions, place: int, towards: Values) -> JointFlip | None:
    """Find the nearest joint flip of one criterion.

    Parameters
    ----------
    questions
        What is asked about.
    place
        Of the criterion among those asked about.
    towards
        ``[reading]`` the criterion's margins in the readings: those with the other answer give directions.

    Returns
    -------
    JointFlip or None
        None where nothing can move, or the central reading has no certified answer or is a tie.
    """
    space = _space(questions, place)
    if not space.moving:
        return None
    size = len(space.moving)
    centre = float(space.margins(np.zeros((size, 1)))[0])
    if not np.isfinite(centre) or centre == 0:
        return None
    gradient = _gradients(space, np.zeros((size, 1)), np.arange(size)[np.newaxis])[:, 0]
    single = _singles(space, centre)
    rays = _starts(space, centre, gradient, single, towards)
    # Each ray moves everything; what it may move is a row of coordinates.
    every = np.tile(np.arange(size), (rays.shape[1], 1))
    ends = _search(space, centre, rays, every)
    best = _best(space, np.concatenate([ends, single], axis=1))
    if best is None:
        return JointFlip(centre > 0, centre, (), None, None, None, (), None)
    least = float(space.lengths(best[:, np.newaxis])[0])
    few = _few(space, centre, best, least, single)
    before, after = (None, None) if few is None else _verified(space, few)
    if few is None or before is None or after is None or before * centre <= 0 or after * centre >= 0:
        return JointFlip(centre > 0, centre, (), None, None, None, _moves(space, best), least)
    return JointFlip(
        supports=centre > 0,
        margin=centre,
        moves=_moves(space, few),
        distance=float(space.lengths(few[:, np.newaxis])[0]),
        before=before,
        after=after,
        all_moves=_moves(space, best),
        least=least,
    )


def _space(questions: Questions, place: int) -> _Space:
    scenario = questions.scenario
    moving = tuple(
        axis
        for axis in questions.axes
        if axis.kind == "ranking" or judged(scenario, scenario.parameters[axis.name]).shape != "choice"
    )
    # Of a ranking the coordinate of a tier is a row of its own: the copula knows parameters alone.
    rows = [axis.rows[axis.place if axis.kind == "ranking" else 0] for axis in moving]
    covariance = questions.probe.correlation()[np.ix_(rows, rows)]
    base = np.full(questions.ranks.shape[0], 0.5)
    switches = {name: switch.default for name, switch in scenario.switches.items()}
    for name, put in scenario.overrides.items():
        if put.option is not None:
            switches[name] = put.option
    return _Space(questions, place, moving, covariance, switches, base)


def _gradients(space: _Space, at: Values, free: NDArray[np.int64]) -> Values:
    """Return the margin's gradient ``[coordinate, point]``, 0 for what is not free to move."""
    count, width = free.shape
    steps = np.repeat(at, 2 * width, axis=1)  # [coordinate, point * free * side]
    column = np.arange(count * width)
    steps[free.reshape(-1), 2 * column] += STEP
    steps[free.reshape(-1), 2 * column + 1] -= STEP
    margins = space.margins(steps).reshape(count, width, 2)
    slope = np.nan_to_num((margins[:, :, 0] - margins[:, :, 1]) / (2 * STEP))
    found = np.zeros_like(at)
    found[free.reshape(-1), np.repeat(np.arange(count), width)] = slope.reshape(-1)
    return found


def _singles(space: _Space, centre: float) -> Values:
    """Return the ends ``[coordinate, ray]`` of the moves of one assumption alone, NaN where none flips."""
    size = len(space.moving)
    return _ends(space, centre, np.concatenate([np.eye(size), -np.eye(size)], axis=1))


def _starts(space: _Space, centre: float, gradient: Values, single: Values, towards: Values) -> Values:
    """Return directions ``[coordinate, ray]`` in which a flip is likely near."""
    rays = [space.covariance @ gradient * -np.sign(centre)]
    found = single[:, np.isfinite(single[0])]
    for column in np.argsort(space.lengths(found), kind="stable")[:1]:
        rays.append(found[:, column])
    other = np.flatnonzero(np.nan_to_num(towards) * centre < 0)
    if other.size:
        scores = _scores(space, other)
        for column in np.argsort(space.lengths(scores), kind="stable")[: STARTS - 1]:
            rays.append(scores[:, column])
    kept = [ray for ray in rays if np.any(ray)]
    return np.stack(kept, axis=1) if kept else np.empty((len(space.moving), 0))


def _scores(space: _Space, readings: NDArray[np.int64]) -> Values:
    """Return the scores ``[coordinate, reading]`` of some readings."""
    ranks = space.questions.ranks[:, readings]
    found = []
    for axis in space.moving:
        if axis.kind == "parameter":
            share = ranks[axis.rows[0]]
        else:
            ordered = np.sort(ranks[list(axis.rows)], axis=0)
            top = ordered[axis.place + 1] if axis.place + 1 < len(axis.rows) else 1.0
            share = (ordered[axis.place] / top) ** (axis.place + 1)
        found.append(special.ndtri(np.clip(share, 1e-6, 1 - 1e-6)))
    return np.stack(found)


def _ends(space: _Space, centre: float, rays: Values) -> Values:
    """Return where the margin first changes sign on each ray, ``[coordinate, ray]``, NaN where nowhere."""
    ends = np.full_like(rays, np.nan)
    reach = np.max(np.abs(rays), axis=0, initial=0.0)
    known = np.flatnonzero(np.isfinite(reach) & (reach > 0))
    if not known.size:
        return ends
    unit = rays[:, known] / reach[known] * FURTHEST
    part = np.arange(1, SCAN + 1) / SCAN
    points = (unit[:, :, np.newaxis] * part).reshape(unit.shape[0], -1)
    margins = np.concatenate(
        [np.full((known.size, 1), centre), space.margins(points).reshape(known.size, SCAN)], axis=1
    )
    opposite = np.nan_to_num(margins) * centre < 0
    clean = np.isfinite(margins).all(axis=1) | (
        np.argmax(opposite, axis=1) < np.argmax(~np.isfinite(margins), axis=1)
    )
    hit = np.flatnonzero(opposite.any(axis=1) & clean)
    if not hit.size:
        return ends
    upper = np.argmax(opposite[hit], axis=1)
    low, high = (upper - 1) / SCAN, upper / SCAN
    found = roots(
        lambda which, at: space.margins(unit[:, hit[which]] * at),
        low,
        high,
        margins[hit, upper - 1],
        margins[hit, upper],
        floor=0.1,
    )
    ends[:, known[hit]] = unit[:, hit] * found.value
    return ends


def _search(space: _Space, centre: float, rays: Values, free: NDArray[np.int64]) -> Values:
    """Turn rays until the change of sign on each is as near as it gets; return where it is.

    ``free`` is ``[ray, coordinate]``: what each may move.
    """
    ends = _ends(space, centre, rays)
    open_ = np.isfinite(ends[0])
    for _ in range(TURNS):
        which = np.flatnonzero(open_)
        if not which.size:
            break
        gradient = _gradients(space, ends[:, which], free[which])
        turned = np.stack(
            [_direction(space, gradient[:, n], free[ray], centre) for n, ray in enumerate(which)], axis=1
        )
        length = space.lengths(ends[:, which])
        scale = length / np.maximum(space.lengths(turned), 1e-300)
        trials = np.concatenate(
            [(1 - blend) * ends[:, which] + blend * turned * scale for blend in BLENDS], axis=1
        )
        found = _ends(space, centre, trials)
        lengths = np.where(np.isfinite(found[0]), space.lengths(np.nan_to_num(found)), np.inf)
        lengths = lengths.reshape(len(BLENDS), which.size)
        best = np.argmin(lengths, axis=0)
        shorter = lengths[best, np.arange(which.size)] < length
        chosen = found[:, best * which.size + np.arange(which.size)]
        gain = length - lengths[best, np.arange(which.size)]
        ends[:, which[shorter]] = chosen[:, shorter]
        open_[which] = shorter & (gain > ENOUGH * length)
    return ends


def _direction(space: _Space, gradient: Values, free: NDArray[np.int64], centre: float) -> Values:
    """Return the nearest way to lower (or raise) the margin, moving what is free alone."""
    direction = np.zeros_like(gradient)
    # With the others held, the metric is the block of the inverse; for all of them it is R itself.
    metric = np.linalg.inv(space.covariance)[np.ix_(free, free)]
    direction[free] = np.linalg.solve(metric, gradient[free]) * -np.sign(centre)
    return direction


def _best(space: _Space, ends: Values) -> Values | None:
    known = ends[:, np.isfinite(ends[0])]
    if not known.shape[1]:
        return None
    best: Values = known[:, int(np.argmin(space.lengths(known)))]
    return best


def _few(space: _Space, centre: float, best: Values, least: float, single: Values) -> Values | None:
    """Return the nearest flip by as few assumptions as do it about as well as all."""
    weight = np.abs(best * np.linalg.solve(space.covariance, best))
    order = np.argsort(-weight, kind="stable")
    candidates = [_best(space, single)]
    for many, top in ((2, PAIRED), (3, TRIPLED)):
        nearest = _nearest(space, candidates)
        if nearest is not None and float(space.lengths(nearest[:, np.newaxis])[0]) <= NEAR * least:
            return nearest
        groups = [tuple(sorted(each)) for each in combinations(order[:top].tolist(), many)]
        if groups:
            free = np.array(groups)
            rays = np.zeros((best.size, len(groups)))
            for ray, group in enumerate(groups):
                rays[list(group), ray] = best[list(group)]
            candidates.append(_best(space, _search(space, centre, rays, free)))
    return _nearest(space, candidates)


def _nearest(space: _Space, candidates: list[Values | None]) -> Values | None:
    known = [each for each in candidates if each is not None]
    return _best(space, np.stack(known, axis=1)) if known else None


def _verified(space: _Space, flip: Values) -> tuple[float, float]:
    """Return the margins just short of a flip and just past it, solved again."""
    either = np.stack([flip * (1 - SURE), flip * (1 + SURE)], axis=1)
    before, after = space.margins(either).tolist()
    return before, after


def _moves(space: _Space, scores: Values) -> tuple[JointMove, ...]:
    """Say what moves from where to where, the largest move first."""
    probe = space.questions.probe
    both = space.ranks(np.stack([np.zeros_like(scores), scores], axis=1))
    share = special.ndtr(scores)
    moves = []
    for number in np.argsort(-np.abs(scores), kind="stable").tolist():
        if abs(scores[number]) < 1e-9:
            continue
        axis = space.moving[number]
        start, value = axis.values(probe, both).tolist()
        moves.append(JointMove(axis.name, axis.kind, axis.unit, start, value, float(share[number])))
    return tuple(moves)
