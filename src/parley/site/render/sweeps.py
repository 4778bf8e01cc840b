"""Reading a packed sweep for the strips of the cards.

What lives here: shares along an assumption. What may not: the layout's meaning, which
:mod:`parley.site.model.strip` tells.
"""

from __future__ import annotations

import struct
from base64 import b64decode

__all__ = ["shares"]

_NONE = 65535
_HEAD = 40


def shares(data: str, rival: int) -> tuple[tuple[float, float | None], ...]:
    """Return for each value how often the recommended policy does better than one other, ties counting half.

    Parameters
    ----------
    data
        The packed sweep in base64.
    rival
        The place of the other policy.

    Returns
    -------
    tuple of pairs
        A value of the assumption and a share between 0 and 1; None where nothing was solved.

    Raises
    ------
    ValueError
        When these are not the bytes of a sweep, or have no such policy.
    """
    packed = b64decode(data, validate=True)
    if packed[:4] != b"PSW1":
        raise ValueError("these bytes are no packed sweep: they do not begin with PSW1")
    points, policies, quantiles = packed[5], packed[6], packed[7]
    if not 0 <= rival < policies:
        raise ValueError(f"the sweep has {policies} policies; there is none at place {rival}")
    values = struct.unpack_from(f"<{points}d", packed, _HEAD)
    start = _HEAD + 8 * points + 2 * points * policies * (quantiles + 1)
    better = struct.unpack_from(f"<{points * policies}H", packed, start)[rival::policies]
    worse = struct.unpack_from(f"<{points * policies}H", packed, start + 2 * points * policies)[
        rival::policies
    ]
    found = []
    for value, up, down in zip(values, better, worse, strict=True):
        known = up != _NONE and down != _NONE
        found.append((value, 0.5 + (up - down) / 65534 / 2 if known else None))
    return tuple(found)
