"""What is too large is refused with a message of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from parley.scenario import check, read_file

HEAD = "parley: 1\ntitle: A\nplayers: {us: We}\n"
STORY = """\
story: [{player: us, move: act, options: [a, b]}, {outcomes: [end]}]
payoffs: {us: 1 if act is a else 0}
"""


def found(text: str) -> list[str]:
    return [item.code for item in check(text, "a.yaml")]


def test_a_text_of_a_megabyte_is_refused() -> None:
    assert found(HEAD + STORY + "#" * 1_000_000) == ["P102"]
    assert found(HEAD + STORY + "#" * 900_000) == []


def test_a_file_is_not_read_beyond_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    path.write_bytes(b"---\n" + "\u00e9".encode() * 3_000_000)
    assert [item.code for item in read_file(path)[1]] == ["P102"]
    path.write_bytes(b"----\n\xff" + b"a" * 3_000_000)
    assert [item.code for item in read_file(path)[1]] == ["P103"]


def test_the_number_of_expressions_is_limited() -> None:
    rows = "\n".join(f"  d{number}: 2" for number in range(5_001))
    codes = found(f"{HEAD}define:\n{rows}\n{STORY}")
    assert codes.count("P170") == 1


@pytest.mark.parametrize(("levels", "codes"), [(36, False), (60, True)])
def test_the_depth_is_limited(levels: int, codes: bool) -> None:
    text = HEAD + "story: " + "[" * levels + "]" * levels + "\n"
    assert ("P149" in found(text)) is codes
