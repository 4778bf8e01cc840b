"""Small dense linear algebra with the same bits everywhere (no BLAS, no threads).

What lives here: elimination with partial pivoting. What may not: anything about games.
"""

from __future__ import annotations

from parley.solve.kernels._jit import Longs, Numbers, kernel

__all__ = ["factor", "substitute"]


@kernel
def factor(matrix: Numbers, pivots: Longs) -> float:
    """Factor ``matrix [n, n]`` in place; returns the sign of its determinant (0 when singular)."""
    size = matrix.shape[0]
    sign = 1.0
    for k in range(size):
        best = k
        for i in range(k + 1, size):
            if abs(matrix[i, k]) > abs(matrix[best, k]):
                best = i
        pivots[k] = best
        if not abs(matrix[best, k]) > 0.0:
            return 0.0
        if best != k:
            sign = -sign
            for j in range(size):
                swap = matrix[k, j]
                matrix[k, j] = matrix[best, j]
                matrix[best, j] = swap
        if matrix[k, k] < 0.0:
            sign = -sign
        for i in range(k + 1, size):
            ratio = matrix[i, k] / matrix[k, k]
            matrix[i, k] = ratio
            if ratio != 0.0:
                for j in range(k + 1, size):
                    matrix[i, j] -= ratio * matrix[k, j]
    return sign


@kernel
def substitute(matrix: Numbers, pivots: Longs, right: Numbers) -> None:
    """Solve for ``right [n]`` in place, with a factored matrix."""
    size = matrix.shape[0]
    for k in range(size):
        best = pivots[k]
        swap = right[k]
        right[k] = right[best]
        right[best] = swap
    for i in range(size):
        total = right[i]
        for j in range(i):
            total -= matrix[i, j] * right[j]
        right[i] = total
    for back in range(size):
        i = size - 1 - back
        total = right[i]
        for j in range(i + 1, size):
            total -= matrix[i, j] * right[j]
        right[i] = total / matrix[i, i]
