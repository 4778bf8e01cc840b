"""What readers and authors may write, and how it comes out."""

from __future__ import annotations

import pytest

from parley.errors import TextError
from parley.site.text.markdown import AUTHOR_LIMIT, READER_LIMIT, SANITISER, normalised, render


def code(text: str) -> str:
    with pytest.raises(TextError) as refused:
        render(text)
    return refused.value.code


def test_a_picture_of_a_reader_is_a_link_that_nobody_fetches() -> None:
    made = render("![a map](https://example.org/map.png)")
    assert "<img" not in made.html
    assert made.links == ("https://example.org/map.png",)
    assert made.plain == "!a map"


def test_headings_of_readers_are_flat_and_of_authors_one_level_lower() -> None:
    assert render("# Loud").html == '<p dir="auto"><strong>Loud</strong></p>\n'
    assert render("# Loud", author=True).html == '<h2 dir="auto">Loud</h2>\n'
    assert render("###### Deep", author=True).html == '<h6 dir="auto">Deep</h6>\n'


def test_the_subset_works() -> None:
    html = render("*a* **b** `c`\n\n> d\n\n1. e\n2. f\n\n- g\n\n```\nh < i\n```\n\n---").html
    for part in (
        "<em>a</em>",
        "<strong>b</strong>",
        "<code><bdi>c</bdi></code>",
        "<blockquote",
        "<ol>",
        "<ul>",
        "<hr>",
    ):
        assert part in html
    assert '<pre dir="auto"><code>h &lt; i\n</code></pre>' in html


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("see https://example.org/a.", "https://example.org/a"),
        ("(https://example.org/a)", "https://example.org/a"),
        ("https://example.org/a_(b)", "https://example.org/a_(b)"),
        ("https://example.org/?a=1&b=2, and", "https://example.org/?a=1&b=2"),
        ("“https://example.org”", "https://example.org"),
    ],
)
def test_a_bare_address_becomes_a_link_without_the_stop_behind_it(text: str, link: str) -> None:
    assert render(text).links == (link,)


def test_an_address_inside_a_link_or_code_is_no_second_link() -> None:
    assert render("[https://a.example](https://b.example)").links == ("https://b.example",)
    assert render("`https://a.example`").links == ()


def test_quotes_are_told_outermost_first_and_in_order() -> None:
    made = render("> one\n>\n> > inner\n\nwords\n\n> two")
    assert made.quotes == ("one\ninner", "two")
    assert made.plain == "one\ninner\nwords\ntwo"


def test_the_version_of_the_rules_is_told() -> None:
    assert render("x").sanitiser == SANITISER


def test_line_ends_and_letters_have_one_form() -> None:
    assert normalised("a\r\nb\rc\u2028d\x0be", limit=99) == "a\nb\nc\nd\ne"
    assert normalised("e\u0301", limit=1) == "\u00e9"


def test_length_counts_characters_after_that() -> None:
    assert render("\r\n".join("x" * (READER_LIMIT // 2))).plain
    assert code("x" * (READER_LIMIT + 1)) == "too_long"
    assert render("x" * AUTHOR_LIMIT, author=True).plain
    assert render("x" * 50, limit=50).plain
    with pytest.raises(TextError, match="51 characters; at most 50"):
        render("x" * 51, limit=50)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("> ", "empty"),
        ("---", "empty"),
        ("a\x00b", "unseen"),
        ("a\x1b[31mb", "unseen"),
        ("a\ud800b", "unseen"),
        ("a\ufffeb", "unseen"),
        ("H\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307 comes", "marks"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_its_reason(text: str, why: str) -> None:
    assert code(text) == why


@pytest.mark.parametrize("text", ["Việt Nam", "שָׁלוֹם", "नमस्ते", "👩‍👩‍👧", "می‌خواهم", "日本語", "ก็"])
def test_every_language_can_be_written(text: str) -> None:
    assert render(text).plain == text
