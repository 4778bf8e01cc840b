"""Messages over pipes: a length, then JSON.

What lives here: writing and reading one message before a deadline. What may not: what messages say.

A message is four bytes, its length with the highest byte first, and so many bytes of JSON in UTF-8: one
object.
"""

from __future__ import annotations

import json
import os
import select
import struct
import time
from typing import Any

from parley.site.model.errors import ChildError, LimitError

__all__ = ["MOST", "Pipe", "pack", "unpack"]

MOST = 128 * 2**20  # bytes of one message
_LENGTH = struct.Struct(">I")
_TICK = 0.05  # seconds between two looks at whether to go on


def pack(message: dict[str, Any]) -> bytes:
    """Write a message as bytes; raises ChildError when it is too long.

    >>> unpack(pack({"act": "warm"})[4:])
    {'act': 'warm'}
    """
    data = json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    if len(data) > MOST:
        raise ChildError(f"a message of {len(data):,} bytes is too long")
    return _LENGTH.pack(len(data)) + data


def unpack(data: bytes) -> dict[str, Any]:
    """Read the JSON of a message.

    Raises
    ------
    ChildError
        It is no object in JSON.
    """
    try:
        message = json.loads(data)
    except (ValueError, RecursionError) as fault:
        raise ChildError("the solver said what is no JSON") from fault
    if not isinstance(message, dict):
        raise ChildError("the solver said what is no message")
    return message


class Pipe:
    """Both ends of a talk with a process, each step bounded in time.

    Parameters
    ----------
    reads, writes
        File descriptors, made non-blocking.
    """

    def __init__(self, reads: int, writes: int) -> None:
        self._reads, self._writes = reads, writes
        os.set_blocking(reads, False)
        os.set_blocking(writes, False)

    def send(self, message: dict[str, Any], deadline: float) -> None:
        """Write a message.

        Raises
        ------
        LimitError
            The other side did not take it before the deadline (of :func:`time.monotonic`).
        ChildError
            The other side is gone.
        """
        data = memoryview(pack(message))
        while data:
            if time.monotonic() > deadline:
                raise LimitError("the solver took no question in time")
            if select.select([], [self._writes], [], _TICK)[1]:
                try:
                    data = data[os.write(self._writes, data[: 2**16]) :]
                except BlockingIOError:
                    continue
                except OSError as fault:
                    raise ChildError("the solver is gone") from fault

    def receive(self, deadline: float, stop: Any = None) -> dict[str, Any] | None:
        """Read a message; None when ``stop()`` became true, asked twenty times a second.

        Raises
        ------
        LimitError
            Nothing whole came before the deadline.
        ChildError
            The other side is gone, or said what is no message.
        """
        head = self._exactly(_LENGTH.size, deadline, stop)
        if head is None:
            return None
        (length,) = _LENGTH.unpack(head)
        if length > MOST:
            raise ChildError(f"the solver announces {length:,} bytes: that is no message")
        body = self._exactly(length, deadline, stop)
        return None if body is None else unpack(body)

    def _exactly(self, size: int, deadline: float, stop: Any) -> bytes | None:
        found = bytearray()
        while len(found) < size:
            if stop is not None and stop():
                return None
            left = deadline - time.monotonic()
            if left <= 0:
                raise LimitError("no answer in time")
            if select.select([self._reads], [], [], min(left, _TICK))[0]:
                try:
                    part = os.read(self._reads, min(size - len(found), 2**20))
                except BlockingIOError:
                    continue
                except OSError as fault:
                    raise ChildError("the solver is gone") from fault
                if not part:
                    raise ChildError("the solver ended in mid-answer" if found else "the solver ended")
                found += part
        return bytes(found)
