"""Tables for pandas and polars, neither of which Parley needs.

What lives here: the only place that imports either, inside the function that needs it. What may not: which
columns a table has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.errors import FrameError

__all__ = ["LIBRARIES", "Column", "distinct", "frame"]

LIBRARIES = ("pandas", "polars")

Column = NDArray[Any] | Sequence[Any]


def frame(columns: Mapping[str, Column], library: str | None = None) -> Any:
    """Make a data frame.

    Parameters
    ----------
    columns
        Name -> values ``[row]``, all of the same length. NaN and None are missing values in the frame.
    library
        ``pandas`` or ``polars``; None takes pandas where it is installed, else polars.

    Returns
    -------
    ``pandas.DataFrame`` or ``polars.DataFrame``, a copy of the values.

    Raises
    ------
    FrameError
        The library is neither of the two, or not installed.

    Examples
    --------
    >>> from importlib.util import find_spec
    >>> if find_spec("pandas"):
    ...     print(list(frame({"draw": [0, 1], "value": [0.5, None]}, "pandas").columns))
    ... else:
    ...     print(["draw", "value"])
    ['draw', 'value']
    """
    chosen = _chosen(library)
    if chosen == "pandas":
        import pandas

        return pandas.DataFrame({name: _own(values) for name, values in columns.items()})
    import polars

    return polars.DataFrame(
        {name: _own(values) for name, values in columns.items()}, strict=False, nan_to_null=True
    )


def _own(values: Column) -> Column:
    """Return a copy: who changes a frame does not change results, whose arrays are locked besides."""
    if isinstance(values, np.ndarray):
        return values.tolist() if values.dtype.kind in "UO" else values.copy()
    return list(values)


def _chosen(library: str | None) -> str:
    if library is not None and library not in LIBRARIES:
        raise FrameError(f"there are no frames of {library!r}; there are: {', '.join(LIBRARIES)}")
    for name in LIBRARIES if library is None else (library,):
        if find_spec(name) is not None:
            return name
    wanted = library or "pandas or polars"
    extra = "'parley-workbench[frames]'" if library != "polars" else "polars"
    raise FrameError(f"a frame needs {wanted}, which is not installed: pip install {extra}")


def distinct(named: Sequence[tuple[str, str, Column]]) -> dict[str, Column]:
    """Name columns so that none hides another: a name that is taken gets its kind, then a number, behind it.

    Parameters
    ----------
    named
        Name, kind, values of each column, in their order.

    Examples
    --------
    >>> list(distinct([("draw", "", []), ("draw", "parameter", []), ("draw", "parameter", [])]))
    ['draw', 'draw (parameter)', 'draw (parameter) 2']
    """
    found: dict[str, Column] = {}
    for name, kind, values in named:
        full = name if name not in found else f"{name} ({kind})"
        number, free = 1, full
        while free in found:
            number += 1
            free = f"{full} {number}"
        found[free] = values
    return found
