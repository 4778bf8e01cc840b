"""Points of the unit cube, each a function of the seed and its number alone.

What lives here: the two designs. What may not: judgements.

**sobol**: sixteen independently scrambled Sobol' sequences. The sequence itself (Joe & Kuo 2008, *SIAM
Journal on Scientific Computing* 30(5):2635-2654) is SciPy's. Point n of it is the exclusive-or, over the
binary digits j of n that are set, of its points 2^j; so any row is reached at once, without the rows before
it. Each replicate is scrambled by random lower triangular matrices and a digital shift (Matousek 1998,
*Journal of Complexity* 14(4):527-556), which keeps every balance property of the net and makes each point
uniform. The scrambling is done here, from Philox words, so that the bits depend on neither the release of
SciPy nor the number of dimensions.

**random**: one Philox stream per dimension, read at the number of the draw.

Points have 52 binary digits and sit in the middle of their cell, so that ``u`` and ``1 - u`` are both exact
and strictly inside (0, 1).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from parley.draws.model import REPLICATES
from parley.errors import DrawsError

__all__ = ["DESIGNS", "points"]

DESIGNS = ("sobol", "random")

_DIGITS = 52
_WORDS = 64  # Philox words set aside for each dimension of a replicate: the shift, then one per digit
_LIMIT = 2**28  # draws; 2^24 rows per replicate
_DIMENSIONS = 21201  # of the table of Joe & Kuo
_RANDOM_KEY = 2**32  # keys below belong to the replicates, keys from here to the dimensions of "random"
_BLOCK_DIGITS = 8  # rows are made in aligned blocks of 2^8


def points(dimensions: int, count: int, *, seed: int, first: int, design: str) -> NDArray[np.float64]:
    """Points ``first`` to ``first + count - 1`` of a design.

    Parameters
    ----------
    dimensions
        Number of dimensions, at most 21,201. Dimension i is the same whatever their number.
    count, first
        How many points, from which number on; ``first + count`` is at most 2^28.
    seed
        From 0 to 2^64 - 1.
    design
        ``"sobol"`` or ``"random"``.

    Returns
    -------
    NDArray[np.float64]
        ``u[dimension, draw]``, strictly inside (0, 1).

    Raises
    ------
    DrawsError
        When an argument is out of its range.

    Examples
    --------
    >>> whole = points(2, 32, seed=7, first=0, design="sobol")
    >>> bool((points(2, 3, seed=7, first=20, design="sobol") == whole[:, 20:23]).all())
    True
    """
    if design not in DESIGNS:
        raise DrawsError(f"unknown design {design!r}: choose one of {', '.join(DESIGNS)}")
    if not 0 <= seed < 2**64:
        raise DrawsError(f"the seed is {seed}, which is not between 0 and 2^64 - 1")
    if count < 1 or first < 0:
        raise DrawsError(f"asked for {count} draws from number {first}: need at least one, from 0 on")
    if first + count > _LIMIT:
        raise DrawsError(f"draw {first + count - 1:,} is beyond the last of the design, {_LIMIT - 1:,}")
    if dimensions > _DIMENSIONS:
        raise DrawsError(
            f"{dimensions:,} uncertain things are more than the {_DIMENSIONS:,} of the Sobol' table"
        )
    if dimensions == 0:
        return np.empty((0, count))
    if design == "sobol":
        digits = _sobol(dimensions, count, seed, first)
    else:
        digits = _random(dimensions, count, seed, first)
    return np.ascontiguousarray((digits.astype(np.float64) + 0.5) * 2.0**-_DIGITS)


def _random(dimensions: int, count: int, seed: int, first: int) -> NDArray[np.uint64]:
    """Digits [dimension, draw] of independent points."""
    digits = np.empty((dimensions, count), dtype=np.uint64)
    skipped = first % 4  # one step of Philox' counter yields four words
    for dimension in range(dimensions):
        stream = np.random.Philox(
            key=np.array([seed, _RANDOM_KEY + dimension], dtype=np.uint64),
            counter=np.array([first // 4, 0, 0, 0], dtype=np.uint64),
        )
        digits[dimension] = stream.random_raw(skipped + count)[skipped:] >> np.uint64(64 - _DIGITS)
    return digits


def _sobol(dimensions: int, count: int, seed: int, first: int) -> NDArray[np.uint64]:
    """Digits [dimension, draw] of the scrambled sequences: draw n is row n // 16 of replicate n % 16."""
    low_row = first // REPLICATES
    high_row = (first + count - 1) // REPLICATES
    shift, generators = _scrambled(dimensions, max(high_row.bit_length(), 1), seed)

    # The last digits of the row number, by doubling: rows 0 .. 2^j - 1 give rows 2^j .. 2^(j+1) - 1.
    width = min(generators.shape[1], _BLOCK_DIGITS)
    rows = shift[:, np.newaxis, :]
    for digit in range(width):
        rows = np.concatenate([rows, rows ^ generators[:, digit, np.newaxis, :]], axis=1)

    # The leading digits: one offset per aligned block.
    low_block = low_row >> width
    block = np.arange(low_block, (high_row >> width) + 1, dtype=np.uint64)
    offset = np.zeros((dimensions, block.size, REPLICATES), dtype=np.uint64)
    for digit in range(width, generators.shape[1]):
        bit = (block >> np.uint64(digit - width)) & np.uint64(1)
        offset ^= bit[:, np.newaxis] * generators[:, digit, np.newaxis, :]

    table = (rows[:, np.newaxis] ^ offset[:, :, np.newaxis]).reshape(dimensions, -1)
    start = first - (low_block << width) * REPLICATES
    return table[:, start : start + count]


def _scrambled(dimensions: int, digits: int, seed: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Point 0 [dimension, replicate] and what row digit j toggles [dimension, j, replicate]."""
    words = np.empty((dimensions, _WORDS, REPLICATES), dtype=np.uint64)
    for replicate in range(REPLICATES):
        stream = np.random.Philox(key=np.array([seed, replicate], dtype=np.uint64))
        words[:, :, replicate] = stream.random_raw(dimensions * _WORDS).reshape(dimensions, _WORDS)
    words >>= np.uint64(64 - _DIGITS)

    plain = _powers(dimensions, digits)
    generators = np.zeros((dimensions, digits, REPLICATES), dtype=np.uint64)
    for place in range(digits):
        # Column `place` of the matrix: 0 above the diagonal, 1 on it, random below.
        diagonal = np.uint64(_DIGITS - 1 - place)
        column = (words[:, 1 + place] & ((np.uint64(1) << diagonal) - np.uint64(1))) | (
            np.uint64(1) << diagonal
        )
        bit = (plain >> diagonal) & np.uint64(1)
        generators ^= bit[:, :, np.newaxis] * column[:, np.newaxis, :]
    return words[:, 0], generators


@lru_cache(maxsize=8)
def _powers(dimensions: int, digits: int) -> NDArray[np.uint64]:
    """Points 1, 2, 4, ... 2^(digits - 1) of the plain Sobol' sequence, [dimension, power]."""
    # SciPy's statistics take a third of a second to import: only a Sobol' design pays for them.
    from scipy.stats import qmc

    engine = qmc.Sobol(dimensions, scramble=False)
    powers = np.empty((dimensions, digits), dtype=np.uint64)
    reached = 0
    for power in range(digits):
        engine.fast_forward((1 << power) - reached)
        powers[:, power] = np.ldexp(engine.random(1)[0], _DIGITS).astype(np.uint64)
        reached = (1 << power) + 1
    powers.flags.writeable = False
    return powers
