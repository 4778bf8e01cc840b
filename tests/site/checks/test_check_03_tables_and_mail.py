"""Check 3, for texts: tables and mails carry no formula, no header, no link of a reader."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from parley.site.text.csvsafe import cell, table
from parley.site.text.mailsafe import LONGEST_SUBJECT, quoted, subject
from tests.site.text.corpus import vectors

FORMULAE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("x")',
]


@pytest.mark.parametrize("text", FORMULAE)
def test_check_03_a_cell_is_no_formula(text: str) -> None:
    assert str(cell(text)) == f"'{text}"


@pytest.mark.parametrize("value", [-1, -0.5, 3, True, "a-b", "1=1", ""])
def test_check_03_other_cells_stay_what_they_are(value: object) -> None:
    assert cell(value) == value


@given(
    some.lists(
        some.one_of(some.sampled_from(FORMULAE), some.sampled_from(vectors()), some.text()), min_size=1
    )
)
def test_check_03_a_table_reads_back_with_every_cell_harmless(texts: list[str]) -> None:
    texts = [re.sub(r"[\r\0]", "", text) for text in texts]
    rows = list(csv.reader(io.StringIO(table(["text"], [[text] for text in texts]), newline="")))
    assert [row[0].removeprefix("'") if row else "" for row in rows[1:]] == [
        text.removeprefix("'") for text in texts
    ]
    assert not [row[0] for row in rows if row and row[0].lstrip()[:1] in set("=+-@")]


@given(some.one_of(some.text(), some.sampled_from(vectors())))
def test_check_03_a_subject_is_one_line(text: str) -> None:
    line = subject(f"{text}\r\nBcc: all@example.org\x00\u2028x")
    assert "\r" not in line
    assert "\n" not in line
    assert line.splitlines() in ([line], [])
    assert len(line) <= LONGEST_SUBJECT


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example/x",
        "HTTP://evil.example",
        "//evil.example/x",
        "www.evil.example",
        "evil.example/path",
        "mailto:a@evil.example",
        "ftp://evil.example",
        "a@evil.example",
        "javascript:alert(1)",
        "see(https://evil.example)",
    ],
)
def test_check_46_no_mail_carries_a_link_that_a_reader_made(text: str) -> None:
    said = quoted(f"words {text} words")
    assert not re.search(r"[a-z]+://|www\.\w|\w\.example|javascript:", said, re.IGNORECASE)
    assert said.startswith("> words ")
    assert said.endswith(" words")


def test_check_46_each_line_is_quoted_and_the_whole_is_short() -> None:
    assert quoted("one\n\r\ntwo\u2028three") == "> one\n>\n> two\n> three"
    assert len(quoted("word " * 500)) < 600
