"""Checks 29, 30, 52: whose request it is behind proxies, for which network it counts, what is kept of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from parley.errors import TextError
from parley.site.text.addresses import client, kept, network, parsed

KEY = b"0123456789abcdef"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("192.0.2.77:8080", "192.0.2.0/24"),
        (" 192.0.2.77 ", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("::FFFF:c000:024d", "192.0.2.0/24"),
        ("[::ffff:192.0.2.77]:443", "192.0.2.0/24"),
        ("64:ff9b::192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:3:4:5:6]", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:3:4:5:6]:8080", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("[fe80::1%25eth0]:80", "fe80::/64"),
        ("::1", "::/64"),
        ("", "unknown"),
        ("unknown", "unknown"),
        ("unix:", "unknown"),
        ("name.example", "unknown"),
        ("192.0.2", "unknown"),
        ("192.0.2.256", "unknown"),
        ("0192.0.2.1", "unknown"),
        ("192.0.2.1, 192.0.2.2", "unknown"),
        ("1" * 10_000, "unknown"),
    ],
)
def test_check_30_each_address_counts_for_its_network(address: str, key: str) -> None:
    assert network(address) == key


def test_check_30_two_households_are_two_networks() -> None:
    assert network("2001:db8:1:2::1") != network("2001:db8:1:3::1")
    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9")
    assert network("192.0.2.1") != network("192.0.3.1")


@pytest.mark.parametrize(
    ("forwarded", "hops", "found"),
    [
        ("203.0.113.5", 0, "198.51.100.1"),
        ("203.0.113.5", 1, "203.0.113.5"),
        ("203.0.113.5, 192.0.2.7", 1, "192.0.2.7"),
        ("203.0.113.5, 192.0.2.7, 192.0.2.8", 2, "192.0.2.7"),
        ("203.0.113.5", 2, "198.51.100.1"),
        ("", 1, "198.51.100.1"),
        ("203.0.113.5, evil", 1, "198.51.100.1"),
        ("203.0.113.5, ", 1, "203.0.113.5"),
        ("203.0.113.5, [2001:db8::9]:4711", 1, "2001:db8::9"),
        (["203.0.113.5", "192.0.2.7"], 1, "192.0.2.7"),
        (["203.0.113.5, 192.0.2.7", "192.0.2.8"], 2, "192.0.2.7"),
    ],
)
def test_check_29_the_right_most_trusted_hop_counts(
    forwarded: str | list[str], hops: int, found: str
) -> None:
    assert client("198.51.100.1", forwarded, hops) == found


@given(some.lists(some.ip_addresses().map(str), max_size=6))
def test_check_29_what_a_client_puts_in_front_changes_nothing(forged: list[str]) -> None:
    true = "192.0.2.7"
    assert client("198.51.100.1", ", ".join([*forged, true]), 1) == true
    assert client("198.51.100.1", ", ".join([*forged, true, "198.51.100.9"]), 2) == true
    assert client("198.51.100.1", ", ".join(forged), 0) == "198.51.100.1"


def test_check_29_without_any_address_there_is_one_key_for_all() -> None:
    assert client("") == "unknown"
    assert network(client("", "forged", 3)) == "unknown"


def test_check_29_a_negative_number_of_hops_is_an_error() -> None:
    with pytest.raises(TextError, match="-1; it cannot be negative"):
        client("192.0.2.1", "", -1)


@given(some.ip_addresses())
def test_check_30_an_address_lies_in_its_own_network(address: object) -> None:
    found = parsed(str(address))
    assert found is not None
    assert network(str(address)) == network(str(found))
    assert network(f"[{address}]:80") == network(str(address))


def test_check_52_what_is_kept_does_not_give_the_address_away() -> None:
    one, other = kept("192.0.2.77", KEY), kept("192.0.2.78", KEY)
    assert one.network == other.network == "192.0.2.0/24"
    assert one.digest != other.digest
    assert one == kept("::ffff:192.0.2.77", KEY) == kept("192.0.2.77:80", KEY)
    assert one.digest != kept("192.0.2.77", KEY[::-1]).digest
    assert "77" not in one.network


def test_check_52_a_short_key_is_refused() -> None:
    with pytest.raises(TextError, match="needs 16"):
        kept("192.0.2.77", b"short")
