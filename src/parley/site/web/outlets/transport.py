"""The one way out: a signed POST to an address that an administrator entered, and to nowhere else.

What lives here: checking addresses, signing, sending. What may not: who is told what, Django.

The name is resolved once, every address it has is checked, and the connection is made to the one that was
checked: a
second answer of the name server cannot lead elsewhere. Redirects are not followed, nothing of the answer is
kept but its status.

A receiver checks ``Parley-Signature``: ``v1=`` and the HMAC-SHA-256, in hexadecimal, of
``Parley-Timestamp``, a full
stop and the body, under the webhook's secret; it refuses a time more than 300 seconds from its own, and a
``Parley-Delivery`` that it has had already (:func:`verified`).
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from parley.errors import ParleyError

__all__ = ["WINDOW", "Refusal", "Target", "checked", "post", "resolved", "signature", "verified"]

WINDOW = 300  # seconds by which a receiver's clock may differ, and within which it remembers deliveries
SECONDS = 10.0  # for each step of the connection
DEADLINE = 20.0  # for all of it
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Refusal(ParleyError):
    """The address is one that nothing is sent to, or the other side did not take it."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where something goes: the host as it is named, the address it is connected to, and the rest."""

    secure: bool
    host: str
    address: str
    port: int
    path: str


def checked(url: str, *, private: bool = False) -> str:
    """Return an address that may be entered; its name is not resolved yet.

    Raises
    ------
    Refusal
        It is not https (http where private addresses are allowed), carries a name or password, has no host,
        or is a number that may not be reached.

    Examples
    --------
    >>> checked("https://hooks.example.org/parley?room=1")
    'https://hooks.example.org/parley?room=1'
    >>> checked("http://hooks.example.org/")
    Traceback (most recent call last):
    ...
    parley.site.web.outlets.transport.Refusal: a webhook's address begins with https://
    """
    if any(ord(character) <= 32 or ord(character) == 127 for character in url) or "\\" in url:
        raise Refusal("a webhook's address holds no spaces, controls or backslashes")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:
        raise Refusal(f"this is not an address: {fault}") from None
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise Refusal("a webhook's address begins with https://")
    if parts.username is not None or parts.password is not None:
        raise Refusal("a webhook's address carries no name or password; the signature proves who sends")
    if not parts.hostname or port == 0:
        raise Refusal("a webhook's address names a host, as in https://hooks.example.org/parley")
    try:
        number = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return url
    _refuse(number, private)
    return url


def resolved(url: str, *, private: bool = False) -> Target:
    """Resolve the name of an address once and check every address that it has.

    Raises
    ------
    Refusal
        The name has no address, or one that is not public (loopback, private, link-local, multicast,
        reserved, or such a one inside an IPv6 address), unless those are allowed.

    Examples
    --------
    >>> resolved("https://127.0.0.1/hook")
    Traceback (most recent call last):
    ...
    parley.site.web.outlets.transport.Refusal: 127.0.0.1 is not a public address
    >>> resolved("http://127.0.0.1:8080/hook?a=1", private=True).path
    '/hook?a=1'
    """
    parts = urlsplit(checked(url, private=private))
    host = parts.hostname or ""
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise Refusal(f"{host} has no address: {fault}") from None
    numbers = [str(each[4][0]).split("%", 1)[0] for each in found]
    if not numbers:
        raise Refusal(f"{host} has no address")
    for number in numbers:
        _refuse(ipaddress.ip_address(number), private)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, host, numbers[0], port, path)


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a body at a time.

    Examples
    --------
    >>> signature("secret", 1700000000, b"{}")
    'v1=b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163'
    """
    made = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"v1={made.hexdigest()}"


def verified(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Say whether a delivery is genuine and fresh, as a receiver would.

    Whether its ``Parley-Delivery`` has come before, a receiver has to remember itself, for 300 seconds.

    Examples
    --------
    >>> headers = {"Parley-Timestamp": "1700000000", "Parley-Signature": signature("s", 1700000000, b"{}")}
    >>> verified("s", headers, b"{}", 1700000100.0), verified("s", headers, b"{}", 1700000400.0)
    (True, False)
    >>> verified("other", headers, b"{}", 1700000100.0), verified("s", headers, b"[]", 1700000100.0)
    (False, False)
    """
    given = headers.get("Parley-Timestamp", "")
    if not (given.isascii() and given.isdecimal() and len(given) <= 12 and abs(now - int(given)) <= WINDOW):
        return False
    return hmac.compare_digest(signature(secret, int(given), body), headers.get("Parley-Signature", ""))


def post(target: Target, body: bytes, headers: Mapping[str, str]) -> int:
    """Send a body and return the status of the answer, whose text is not read.

    Raises
    ------
    Refusal
        The other side cannot be reached, does not speak HTTP, has no valid certificate, or takes too long.
    """
    connection = _Pinned(target)
    alarm = threading.Timer(DEADLINE, connection.cut)
    alarm.daemon = True
    alarm.start()
    try:
        connection.request("POST", target.path, body, {"Connection": "close", **headers})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise Refusal(f"{target.host} did not take it: {type(fault).__name__} {fault}"[:250]) from None
    finally:
        alarm.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked, under the name that was asked for."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=SECONDS)
        self._target = target
        if target.secure:
            self.default_port = 443

    def connect(self) -> None:
        """Connect; the name is not resolved again."""
        plain = socket.create_connection((self._target.address, self._target.port), SECONDS)
        if self._target.secure:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self._target.host)
        else:
            self.sock = plain

    def cut(self) -> None:
        """End whatever is going on."""
        held = self.sock
        if held is not None:
            with contextlib.suppress(OSError):  # it may have ended by itself
                held.shutdown(socket.SHUT_RDWR)


def _refuse(number: Address, private: bool) -> None:
    inner = _inner(number)
    if not private and any(not each.is_global or each.is_multicast or each.is_reserved for each in inner):
        raise Refusal(f"{number} is not a public address")
    if private and any(each.is_multicast or each.is_unspecified for each in inner):
        raise Refusal(f"{number} is not the address of one machine")


def _inner(number: Address) -> list[Address]:
    """Return an address and those of IPv4 that are written in it."""
    if isinstance(number, ipaddress.IPv4Address):
        return [number]
    mapped = number.ipv4_mapped
    if mapped is not None:
        return [mapped]
    found: list[Address] = [number]
    if number.sixtofour is not None:
        found.append(number.sixtofour)
    if number.teredo is not None:
        found.extend(number.teredo)
    if number in _NAT64:
        return [ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)]
    return found
