"""Check 4: a reader's link leads by http, https or mailto to a whole address, and says whose it is."""

from __future__ import annotations

import pytest

from parley.site.text.markdown import checked_link, render


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        r"\\evil.example",
        r"/\evil.example",
        "/path",
        "path",
        "#place",
        "?query",
        "javascript:alert(1)",
        "javascript&colon;alert(1)",
        "JAVASCRIPT:alert(1)",
        "java\tscript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example.org",
        "https:example.org",
        "https:/example.org",
        "https:///example.org",
        r"https:\\example.org",
        "https://",
        "https://good.example@evil.example",
        r"https://good.example\@evil.example",
        "https://example.org\u202emoc.good",
        "mailto:",
        "mailto:a@b.example?cc=c@d.example",
        "",
    ],
)
def test_check_04_other_addresses_are_refused(address: str) -> None:
    assert checked_link(address) is None
    assert "href" not in render(f"see [this]({address}) or <{address}>").html


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a b", "https://e.example/\u202egpj.exe", "https://e.example/%E2%80%AEgpj.exe"],
)
def test_check_04_addresses_with_odd_characters_are_refused(address: str) -> None:
    assert checked_link(address) is None


@pytest.mark.parametrize(
    "address", ["https://example.org", "http://example.org:8080/a?b=c&d#e", "mailto:a.b@example.org"]
)
def test_check_04_links_say_whose_they_are(address: str) -> None:
    rendered = render(f"[words]({address})")
    assert rendered.links == (address,)
    assert 'rel="nofollow ugc noopener"' in rendered.html
    assert rendered.plain == "words"


def test_check_04_an_author_may_point_into_the_site_but_not_out_by_a_trick() -> None:
    assert render("[a](/policy/) [b](#claim-4)", author=True).links == ("/policy/", "#claim-4")
    for address in ("//evil.example", r"/\evil.example", "/%2fevil.example", "javascript:x"):
        assert render(f"[a]({address})", author=True).links == ()
