"""Reading a packed sweep for the strips of the cards.

What lives here: shares along an assumption. What may not: the layout's meaning, which
:mod:`parley.site.model.strip` tells.
"""

from __future__ import annotations

import struct
from base64 import b64decode

__all__ = ["shares"]

_NONE, _FULL, _ALL = 65535, 65534, 255
_HEAD = 40


def shares(data: str) -> tuple[tuple[float, float | None], ...]:
    """Return for each value how often the recommended policy does better than whom it is held against.

    Ties count half. Where it is held against all others, how often it is the best of them.

    Parameters
    ----------
    data
        The packed sweep in base64.

    Returns
    -------
    tuple of pairs
        A value of the assumption and a share between 0 and 1; None where nothing was solved.

    Raises
    ------
    ValueError
        When these are not the bytes of a sweep, or are cut short.
    """
    packed = b64decode(data, validate=True)
    if packed[:4] != b"PSW1":
        raise ValueError("these bytes are no packed sweep: they do not begin with PSW1")
    points, policies, quantiles, recommended, rival = packed[5], packed[6], packed[7], packed[8], packed[14]
    cells = points * policies
    if len(packed) != _HEAD + 8 * points + 2 * cells * (quantiles + 4):
        raise ValueError(f"a sweep of {len(packed):,} bytes does not hold what its head says")
    values = struct.unpack_from(f"<{points}d", packed, _HEAD)

    def column(table: int, policy: int) -> tuple[int, ...]:
        start = _HEAD + 8 * points + 2 * cells * (quantiles + table)
        return struct.unpack_from(f"<{cells}H", packed, start)[policy::policies]

    if rival == _ALL:
        best = column(3, recommended)
        return tuple(
            (value, None if code == _NONE else code / _FULL) for value, code in zip(values, best, strict=True)
        )
    found = []
    for value, up, down in zip(values, column(1, rival), column(2, rival), strict=True):
        known = _NONE not in (up, down)
        found.append((value, 0.5 + (up - down) / _FULL / 2 if known else None))
    return tuple(found)
