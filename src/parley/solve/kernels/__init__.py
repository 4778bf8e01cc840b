"""Compiled arithmetic, ``LANES`` draws abreast.

What lives here: all that Numba compiles. What may not: checks of arguments, threads, words.
"""

from parley.solve.kernels import layout

__all__ = ["layout"]
