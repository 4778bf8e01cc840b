"""Check 6: no text takes long: it is rendered in less than 50 ms, or refused before it is parsed."""

from __future__ import annotations

import time

import pytest

from parley.errors import TextError
from parley.site.text.markdown import READER_LIMIT, render

N = READER_LIMIT
SLOW = {
    "brackets": "[" * N,
    "brackets before a link": "[" * 9 + "*a_ " * 740 + "](x)",
    "brackets, then words": "[" * 20 + "*a_ " * 740,
    "brackets and words": ("[" + "x" * 14) * 200,
    "brackets in paragraphs": ("[" * 20 + "\n\n") * 130,
    "links in links": "[a](" * (N // 4),
    "pictures in pictures": "![" * (N // 2),
    "emphasis": "*a" * (N // 2),
    "two kinds of emphasis": "_*" * (N // 2),
    "emphasis that never closes": "a**b" * (N // 4),
    "emphasis that crosses": "*a_ " * (N // 4),
    "emphasis nested": "*a **a " * (N // 7),
    "strong words": "*a**a*" * (N // 6),
    "quotes nested": ">" * N,
    "quotes": "> a\n\n" * (N // 5),
    "lists nested": "\n".join(" " * depth + "- a" for depth in range(70)),
    "lists on a line": "- " * (N // 2 - 1) + "a",
    "numbers on a line": "1. " * (N // 3),
    "items": "- a\n" * (N // 4),
    "headings": "# a\n" * (N // 4),
    "lines": "a\n" * (N // 2),
    "ticks": "`" * N,
    "ticks of all lengths": " ".join("`" * length for length in range(1, 70)),
    "less-than signs": "<" * N,
    "tags": "<a" * (N // 2),
    "comments": "<!--" * (N // 4),
    "ampersands": "&" * N,
    "entities": "&amp;" * (N // 5),
    "backslashes": "\\" * N,
    "addresses": "http://a.b " * (N // 11),
    "an address with brackets": "http://a" + ")" * (N - 8),
    "addresses in brackets": "<http://a>" * (N // 10),
    "marks": "a\u0301" * (N // 2),
    "references": "[a]: b\n" * (N // 7),
}


def outcome(text: str) -> str:
    """Render a text; why it was refused."""
    try:
        render(text)
    except TextError as fault:
        return fault.code
    return "rendered"


@pytest.mark.parametrize("name", SLOW)
def test_check_06_rendered_or_refused_in_time(name: str) -> None:
    render("warm")
    taken = []
    for _ in range(3):  # the machine may be busy: the quickest of three counts
        start = time.process_time()
        assert outcome(SLOW[name]) in {"rendered", "brackets", "nested", "empty"}
        taken.append(time.process_time() - start)
    assert min(taken) < 0.050


@pytest.mark.parametrize("text", ["x" * 65_000, "[" * 100_000, ">" * 100_000, "*" * 10_000_000])
def test_check_06_what_is_too_long_is_refused_at_once(text: str) -> None:
    start = time.process_time()
    with pytest.raises(TextError) as refused:
        render(text)
    assert time.process_time() - start < 0.010
    assert refused.value.code == "too_long"
    assert str(len(text)) in str(refused.value)


@pytest.mark.parametrize("text", [">" * 9 + " a", "- " * 9 + "a", "*a **b " * 9 + "c" + "** d*" * 9])
def test_check_06_nesting_is_refused_and_never_cut_off(text: str) -> None:
    with pytest.raises(TextError) as refused:
        render(text)
    assert refused.value.code == "nested"
    shallow = ">" * 8 + " words at the bottom"
    assert render(shallow).plain == "words at the bottom"
