"""Elimination on the places of a matrix that are not zero in any draw.

What lives here: which places are filled in, where they are kept, and the streams that
:mod:`parley.solve.kernels.derivative` reads. What may not: numbers, games.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Pattern", "fill_in"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Places of a square matrix, row by row, each row's columns rising; filled in for elimination."""

    columns: list[list[int]]  # [row] columns
    place: list[dict[int, int]]  # [row] column -> number of the place
    below: list[list[int]]  # [column] rows below the diagonal

    @property
    def places(self) -> int:
        """Number of places."""
        return sum(map(len, self.columns))

    def elimination(self, entry: int, pivot: int) -> list[int]:
        """Return the stream ``ELIMINATE``; places begin at desk row ``entry``, reciprocals at ``pivot``."""
        stream: list[int] = []
        for k, below in enumerate(self.below):
            stream += [entry + self.place[k][k], pivot + k, len(below)]
            after = [j for j in self.columns[k] if j > k]
            sources = [self.place[k][j] for j in after]
            for i in below:
                runs = _runs([self.place[i][j] for j in after], sources)
                stream += [entry + self.place[i][k], len(runs)]
                for target, source, length in runs:
                    stream += [entry + target, entry + source, length]
        return stream

    def lower(self, entry: int) -> list[int]:
        """Return the stream ``LOWER``."""
        stream: list[int] = []
        for i, columns in enumerate(self.columns):
            before = [j for j in columns if j < i]
            stream += [entry + self.place[i][columns[0]], len(before), *before]
        return stream

    def upper(self, entry: int) -> list[int]:
        """Return the stream ``UPPER``."""
        stream: list[int] = []
        for i in range(len(self.columns) - 1, -1, -1):
            after = [j for j in self.columns[i] if j > i]
            stream += [entry + self.place[i][i] + 1, len(after), *after]
        return stream


def fill_in(rows: list[set[int]], limit: int) -> Pattern | None:
    """Find the places that elimination in the given order fills in.

    Parameters
    ----------
    rows
        For each row its columns; the diagonal is added.
    limit
        Most multiplications that one elimination may take.

    Returns
    -------
    The pattern, or None beyond the limit.

    Examples
    --------
    >>> pattern = fill_in([{2}, set(), {0, 1}], 100)
    >>> pattern.columns
    [[0, 2], [1], [0, 1, 2]]
    >>> fill_in([{1, 2}, {0}, {0}], 100).columns[1]
    [0, 1, 2]
    """
    filled = [{*columns, i} for i, columns in enumerate(rows)]
    below: list[set[int]] = [set() for _ in rows]
    for i, columns in enumerate(filled):
        for j in columns:
            if j < i:
                below[j].add(i)
    work = 0
    for k in range(len(rows)):
        after = {j for j in filled[k] if j > k}
        work += (len(after) + 1) * len(below[k])
        if work > limit:
            return None
        for i in below[k]:
            for j in after - filled[i]:
                filled[i].add(j)
                if j < i:
                    below[j].add(i)
    columns_of = [sorted(each) for each in filled]
    place: list[dict[int, int]] = []
    count = 0
    for kept in columns_of:
        place.append({j: count + k for k, j in enumerate(kept)})
        count += len(kept)
    return Pattern(columns_of, place, [sorted(each) for each in below])


def _runs(targets: list[int], sources: list[int]) -> list[tuple[int, int, int]]:
    """Stretches in which both rise by one: (first target, first source, length)."""
    runs: list[tuple[int, int, int]] = []
    for target, source in zip(targets, sources, strict=True):
        if runs:
            first, origin, length = runs[-1]
            if target == first + length and source == origin + length:
                runs[-1] = (first, origin, length + 1)
                continue
        runs.append((target, source, 1))
    return runs
