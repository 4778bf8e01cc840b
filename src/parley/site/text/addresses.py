"""Addresses of the network: whose request it is, and what may be kept of it.

What lives here: the client behind proxies, the network that limits count by, the form that is stored. What
may not: the limits, the log.

A client chooses what it writes into `X-Forwarded-For`; only what proxies of ours appended is true. So the
number of proxies is a setting (`trusted_hops`, 0 unless set), and the address is read that many places from
the right. Nothing else is read: not `Forwarded`, not `X-Real-IP`.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from parley.errors import TextError

__all__ = ["UNKNOWN", "Kept", "client", "kept", "network", "parsed"]

UNKNOWN = "unknown"  # the one key of all requests without an address (a socket of the machine itself)
V4_PREFIX = 24
V6_PREFIX = 64
_BRACKETED = re.compile(r"\[([^\]]*)\](?::\d{1,5})?")
_WITH_PORT = re.compile(r"([0-9.]+):\d{1,5}")
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored of an address, for 30 days.

    Attributes
    ----------
    network
        The network that it lies in (IPv4 /24, IPv6 /64).
    digest
        A keyed hash of the address itself: the same for the same address, of no use without the key.
    """

    network: str
    digest: str


def parsed(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address that a text holds, or None: without port, brackets, zone; mapped IPv4 as IPv4.

    Examples
    --------
    >>> parsed("[::ffff:192.0.2.7]:8080"), parsed("fe80::1%eth0"), parsed("name.example")
    (IPv4Address('192.0.2.7'), IPv6Address('fe80::1'), None)
    """
    bare = text.strip()
    if len(bare) > _LONGEST:
        return None
    wrapped = _BRACKETED.fullmatch(bare) or _WITH_PORT.fullmatch(bare)
    try:
        address = ip_address((wrapped[1] if wrapped else bare).split("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or _translated(address) or address
    return address


def _translated(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address inside one of the well-known prefix of translators (NAT64, RFC 6052)."""
    return IPv4Address(int(address) & 0xFFFFFFFF) if int(address) >> 32 == 0x64FF9B << 64 else None


def network(address: str) -> str:
    """Return the network by which requests of one address are counted: /24 of IPv4, /64 of IPv6.

    What is no address counts as one network, `unknown`.

    Examples
    --------
    >>> network("192.0.2.77"), network("2001:db8:1:2:3:4:5:6"), network("::ffff:192.0.2.9")
    ('192.0.2.0/24', '2001:db8:1:2::/64', '192.0.2.0/24')
    """
    found = parsed(address)
    if found is None:
        return UNKNOWN
    return str(ip_network((found, V4_PREFIX if found.version == 4 else V6_PREFIX), strict=False))


def client(remote: str, forwarded: str | Iterable[str] = (), trusted_hops: int = 0) -> str:
    """Return the address of who asks, as far as it can be known.

    Parameters
    ----------
    remote
        The address of the connection; empty behind a socket of the machine itself.
    forwarded
        The header `X-Forwarded-For`, or each of them in order. No other header counts.
    trusted_hops
        How many proxies of ours stand in front. 0: the header is not read at all. 1: its last entry is the
        client.

    Returns
    -------
    str
        An address in its short form; the connection's own where the header has too few entries (the request
        came past a proxy, so that every entry may be made up) or an entry that is no address; `unknown`
        without any.

    Raises
    ------
    TextError
        A negative number of hops.

    Examples
    --------
    >>> client("198.51.100.1", "203.0.113.5, 192.0.2.7", trusted_hops=1)
    '192.0.2.7'
    >>> client("198.51.100.1", "203.0.113.5, 192.0.2.7")
    '198.51.100.1'
    """
    if trusted_hops < 0:
        raise TextError(
            "hops", "The number of trusted proxies is %(hops)d; it cannot be negative.", hops=trusted_hops
        )
    own = parsed(remote)
    shown = str(own) if own is not None else UNKNOWN
    if trusted_hops == 0:
        return shown
    lines = [forwarded] if isinstance(forwarded, str) else list(forwarded)
    entries = [entry.strip() for line in lines for entry in line.split(",") if entry.strip()]
    if len(entries) < trusted_hops:
        return shown
    claimed = parsed(entries[-trusted_hops])
    return shown if claimed is None else str(claimed)


def kept(address: str, key: bytes) -> Kept:
    """Return the form of an address that is stored: its network and a keyed hash.

    Parameters
    ----------
    key
        A secret of at least 16 bytes; who changes it cuts what comes after from what came before.

    Raises
    ------
    TextError
        The key is shorter than 16 bytes.

    Examples
    --------
    >>> kept("192.0.2.7", b"sixteen secret bytes").network
    '192.0.2.0/24'
    """
    if len(key) < 16:
        raise TextError("key", "The key for addresses has %(length)d bytes; it needs 16.", length=len(key))
    found = parsed(address)
    digest = hmac.new(key, b"address:" + (found.packed if found else b""), sha256).hexdigest()
    return Kept(network(address), digest[:32])
