"""Text in pictures: lines that fit, labels that do not cover each other."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from parley.report.pictures.text import spread, text_width, wrap

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
SENTENCES = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)


@given(SENTENCES, st.floats(30, 300), st.integers(1, 4))
def test_lines_fit_and_nothing_is_lost_unsaid(text: str, width: float, lines: int) -> None:
    found = wrap(text, 10, width, lines=lines)
    assert 1 <= len(found) <= lines
    assert all(text_width(line, 10) <= width for line in found)
    whole = "".join(found).replace(" ", "")
    if not found[-1].endswith("…"):
        assert whole == "".join(text.split())
    else:
        assert "".join(text.split()).startswith(whole.removesuffix("…"))


def test_a_wide_word_is_broken_and_a_wide_script_is_wide() -> None:
    assert wrap("W" * 30, 10, 100, lines=2) == ["W" * 10, "W" * 8 + " …"]
    assert text_width("漢字", 10) == 20
    assert text_width("e\u0301", 10) == text_width("é", 10) == text_width("e", 10)


LABELS = st.lists(st.tuples(st.floats(0, 100), st.floats(1, 30)), min_size=1, max_size=8)


@given(LABELS)
def test_labels_never_cover_each_other(labels: list[tuple[float, float]]) -> None:
    wanted, heights = [list(each) for each in zip(*labels, strict=True)]
    high = max(100.0, sum(heights))
    found = spread(wanted, heights, 0.0, high)
    order = sorted(range(len(found)), key=lambda each: found[each])
    for above, below in pairwise(order):
        assert found[below] - found[above] >= (heights[above] + heights[below]) / 2 - 1e-6
    for middle, height in zip(found, heights, strict=True):
        assert middle - height / 2 >= -1e-6
        assert middle + height / 2 <= high + 1e-6


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(10, 90), st.floats(5, 20)), min_size=2, max_size=4))
def test_labels_stand_as_near_as_can_be(labels: list[tuple[float, float]]) -> None:
    """The same problem, handed to a general optimiser."""
    wanted, heights = (np.array(each) for each in zip(*sorted(labels), strict=True))
    gaps = (heights[1:] + heights[:-1]) / 2
    bounds = [(h / 2, 100 - h / 2) for h in heights]
    apart = {"type": "ineq", "fun": lambda m: np.diff(m) - gaps}
    start = np.cumsum(heights) - heights / 2
    best = minimize(lambda m: ((m - wanted) ** 2).sum(), start, bounds=bounds, constraints=[apart])
    found = np.array(spread(list(wanted), list(heights), 0.0, 100.0))
    assert ((found - wanted) ** 2).sum() <= best.fun + 1e-3


def test_labels_that_have_room_stay() -> None:
    assert spread([20.0, 60.0], [10.0, 10.0], 0.0, 100.0) == [20.0, 60.0]
