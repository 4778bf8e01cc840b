r"""Check 13: a reader is sent back to a path of this site alone (`//`, `\`, `/\`, encoded, controls)."""

from __future__ import annotations

from urllib.parse import quote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as some

from parley.site.text.paths import same_site

BASE = "https://site.example/accounts/login/"


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "a",
        "a/b",
        "//evil.example",
        "///evil.example",
        r"\\evil.example",
        r"/\evil.example",
        r"\/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/%2fevil.example",
        "/%2Fevil.example",
        "%2f%2fevil.example",
        "/%5cevil.example",
        "/%255cevil.example",
        "/%252fevil.example",
        "/%09/evil.example",
        "/%0d%0aSet-Cookie:x",
        "/a\r\nLocation: x",
        "/a//evil.example",
        "/..//evil.example",
        "https://evil.example",
        "HTTPS://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@b.example",
        "@evil.example",
        ".evil.example",
        "?next=x",
        "#x",
        "/\u2028x",
        "/\u00a0x",
        "/\x00",
        "/%00",
        "/" + "a" * 3000,
    ],
)
def test_check_13_other_places_are_refused(path: str | None) -> None:
    assert same_site(path) is None


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/a/taliban-talks/",
        "/a/x/?s=%7B%22a%22%3A1%7D#c12",
        "/c/12#top",
        "/search?q=a%20b",
        "/a?next=//x",
    ],
)
def test_check_13_paths_of_the_site_are_taken_as_they_are(path: str) -> None:
    assert same_site(path) == path


@given(some.text(some.sampled_from("/\\%25cfF2.:@?#\t\n ae"), max_size=12))
def test_check_13_whatever_is_taken_stays_here(path: str) -> None:
    taken = same_site(path)
    if taken is None:
        return
    for form in (taken, quote(taken, safe="/?#%"), taken.replace("\\", "/")):
        assert urlsplit(urljoin(BASE, form)).netloc == "site.example"
