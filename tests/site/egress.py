"""No test of the site reaches out of this machine: check 44 holds over the whole of them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest

LOCAL = {"localhost", "", None, "0.0.0.0"}


class EgressError(AssertionError):
    """The code under test tried to reach another machine."""


def outside(address: Any) -> bool:
    """Whether a socket's address lies beyond this machine."""
    if not isinstance(address, tuple):
        return False  # a socket of the file system
    try:
        return not ip_address(str(address[0]).split("%", 1)[0]).is_loopback
    except ValueError:
        return address[0] not in LOCAL


@pytest.fixture(scope="session", autouse=True)
def no_egress() -> Iterator[None]:
    """Refuse connections, datagrams and look-ups of names that leave this machine."""
    patch = pytest.MonkeyPatch()
    connect, connect_ex, sendto = socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto
    look_up = socket.getaddrinfo

    def refuse(address: Any) -> None:
        if outside(address):
            raise EgressError(f"a connection to {address!r} was tried")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse(address)
        return connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse(address)
        return connect_ex(self, address)

    def guarded_sendto(self: socket.socket, *args: Any) -> int:
        refuse(args[-1])
        return sendto(self, *args)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if outside((name,)):
            try:
                socket.inet_pton(socket.AF_INET6, str(name)) if ":" in str(name) else socket.inet_aton(
                    str(name)
                )
            except OSError:  # a number, however it is written, asks nobody; this is none
                raise EgressError(f"the name {name!r} was looked up") from None
        return look_up(host, *args, **kwargs)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket.socket, "sendto", guarded_sendto)
    patch.setattr(socket, "getaddrinfo", guarded_look_up)
    yield
    patch.undo()
