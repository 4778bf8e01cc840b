"""Judgements: what each form means, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.scenario.codes.judgement import CODES
from parley.scenario.judgement import KINDS, Located, central, judgement, support
from parley.scenario.model import Judgement, Span
from parley.scenario.yardsticks import YARDSTICKS

HERE = Span("a.md", 7, 3)


def located(value: Any, at: int = 3) -> Located:
    """Wrap plain values; every value stands in a column of its own."""
    if isinstance(value, dict):
        return Located({key: located(each, at + n + 1) for n, (key, each) in enumerate(value.items())}, HERE)
    if isinstance(value, list):
        return Located([located(each, at + n + 1) for n, each in enumerate(value)], HERE)
    return Located(value, Span("a.md", 7, at), "the line")


def read(value: Any) -> Judgement:
    """Read a judgement that must have no fault."""
    found, faults = judgement(located(value), "`p`")
    assert found is not None, [each.render() for each in faults]
    assert faults == ()
    return found


@pytest.mark.parametrize(
    ("written", "shape", "numbers"),
    [
        (12, "fixed", (12,)),
        ("12", "fixed", (12,)),
        ("35%", "fixed", (0.35,)),
        (" 35 % ", "fixed", (0.35,)),
        ("-1e-3", "fixed", (-0.001,)),
        (".5", "fixed", (0.5,)),
        ({"value": "3", "unit": "months", "why": "..."}, "fixed", (3,)),
        ({"range": ["1", "3"]}, "uniform", (1, 3)),
        ({"range": ["-3", "-1"]}, "uniform", (-3, -1)),
        ({"range": [1, 2, 4]}, "triangular", (1, 2, 4)),
        ({"range": [1, 1, 4]}, "triangular", (1, 1, 4)),
        ({"range": ["10%", "30%"]}, "uniform", (0.1, 0.3)),
        ({"range": [1, 20], "scale": "log"}, "loguniform", (1, 20)),
        ({"range": [1, 5, 20], "scale": "log"}, "logtriangular", (1, 5, 20)),
        ({"range": [1, 5, 20], "scale": "linear"}, "triangular", (1, 5, 20)),
        ({"range": [1, 2, 4], "shape": "pert"}, "pert", (1, 2, 4)),
        ({"range": [1, 2, 4], "shape": "Triangular"}, "triangular", (1, 2, 4)),
        ({"range": [1, 2, 4], "shape": "uniform"}, "uniform", (1, 4)),
        ({"uniform": [0, 1]}, "uniform", (0, 1)),
        ({"triangular": [0, 1, 3]}, "triangular", (0, 1, 3)),
        ({"pert": {"low": 0, "best": 1, "high": 3}}, "pert", (0, 1, 3)),
        ({"normal": {"sd": 2, "mean": -1}}, "normal", (-1, 2)),
        ({"lognormal": {"median": 0.3, "sigma": 0.45}}, "lognormal", (0.3, 0.45)),
        ({"beta": [2.5, 10.5]}, "beta", (2.5, 10.5)),
        ({"beta": {"a": 2.5, "b": 10.5}}, "beta", (2.5, 10.5)),
        ({"gamma": {"shape": 2, "scale": 3}}, "gamma", (2, 3)),
        ({"exponential": {"mean": 2}}, "exponential", (2,)),
        ({"exponential": 2}, "exponential", (2,)),
        ({"one of": [1, 2, 5, 7]}, "choice", (1, 2, 5, 7, 0.25, 0.25, 0.25, 0.25)),
        ({"one_of": {"1": "50%", "2": "rest"}}, "choice", (1, 2, 0.5, 0.5)),
        ({"one of": {"-1": "rest"}}, "choice", (-1, 1.0)),
    ],
)
def test_forms(written: Any, shape: str, numbers: tuple[float, ...]) -> None:
    found = read(written)
    assert found.shape == shape
    assert found.numbers == pytest.approx(numbers, rel=1e-15)
    assert (found.word, found.yardstick, found.truncate) == (None, None, None)


@pytest.mark.parametrize(
    ("word", "yardstick", "low", "high"),
    [
        ("very unlikely", None, 0.05, 0.20),
        ("Highly  Improbable", "icd203", 0.05, 0.20),
        ("almost_certain", None, 0.95, 0.99),
        ("probable", "kent", 0.63, 0.87),
        ("realistic possibility", "phia", 0.40, 0.50),
        ("likely", "PHIA", 0.55, 0.75),
    ],
)
def test_words(word: str, yardstick: str | None, low: float, high: float) -> None:
    found = read({"likelihood": word} | ({"yardstick": yardstick} if yardstick else {}))
    assert found.shape == "likelihood"
    assert found.numbers == pytest.approx((low, high))
    assert found.yardstick == (yardstick or "icd203").casefold()


def test_a_word_without_a_band_is_certain() -> None:
    found = read({"likelihood": "impossible", "yardstick": "kent"})
    assert (found.shape, found.numbers, found.word) == ("fixed", (0.0,), "impossible")


@pytest.mark.parametrize(
    ("ends", "truncate"),
    [
        ([0, None], (0.0, None)),
        (["~", "5"], (None, 5.0)),
        (["null", 2], (None, 2.0)),
        ([0.01, 5], (0.01, 5.0)),
    ],
)
def test_truncation(ends: list[Any], truncate: tuple[float | None, float | None]) -> None:
    assert read({"normal": [0, 1], "truncate": ends}).truncate == truncate


FAULTS: tuple[tuple[Any, str, str], ...] = (
    ({"why": "nobody knows"}, "P401", "no number, range"),
    ({"rnage": [1, 2]}, "P401", "did you mean `range`?"),
    ({}, "P401", "give one of: value, range"),
    ({"value": 3, "range": [1, 5]}, "P402", "both `value` and `range`"),
    ({"beta": [2, 3], "scale": "log"}, "P403", "`scale` goes with `range`"),
    ({"value": 2, "shape": "pert"}, "P403", "`shape` goes with `range`"),
    ({"range": [1, 2], "yardstick": "kent"}, "P403", "`yardstick` goes with `likelihood`"),
    ({"range": [1, 2, 3], "scale": "log", "shape": "pert"}, "P403", "no logarithmic form"),
    ({"range": 0.5}, "P404", "two or three numbers"),
    ({"range": [1, 2, 3, 4]}, "P404", "not 4"),
    ({"range": []}, "P404", "not 0"),
    ({"range": {"low": 1}}, "P404", "[low, high]"),
    ({"range": [1, 3], "shape": "pert"}, "P404", "needs three numbers"),
    ({"normal": {"mean": 0, "sd": 0}}, "P405", "`sd` of normal must be above 0"),
    ({"lognormal": [-1, 1]}, "P405", "`median` of lognormal"),
    ({"beta": [0, 3]}, "P405", "`a` of beta"),
    ({"gamma": [1, -3]}, "P405", "`scale` of gamma"),
    ({"exponential": 0}, "P405", "`mean` of exponential"),
    ({"range": [0, 20], "scale": "log"}, "P406", "no zero"),
    ({"range": [-2, 20], "scale": "log"}, "P406", "cannot begin at -2"),
    ({"range": [1, 2], "scale": "logarithmic"}, "P407", "`logarithmic`"),
    ({"range": [1, 2], "scale": "lin"}, "P407", "did you mean `linear`?"),
    ({"range": [1, 2], "shape": ["pert"]}, "P407", "a list"),
    ({"likelihood": "likely", "yardstick": "icd"}, "P407", "did you mean `icd203`?"),
    ({"range": [3, 1]}, "P408", "must rise"),
    ({"range": [0.5, 0.45, 0.95]}, "P408", "low, best, high"),
    ({"range": [2, 2]}, "P408", "write the number alone"),
    ({"uniform": [1, 0]}, "P408", "must rise"),
    ({"triangular": [0, 5, 3]}, "P408", "must rise"),
    ({"lognormal": {"median": 2}}, "P409", "needs `sigma`"),
    ({"normal": {"mean": 2, "sigma": 1}}, "P409", "has no `sigma`"),
    ({"gamma": {"shpe": 2, "scale": 1}}, "P409", "did you mean `shape`?"),
    ({"beta": 3}, "P409", "beta: {a: ..., b: ...}"),
    ({"beta": [1, 2, 3]}, "P409", "beta needs a, b"),
    ({"one of": []}, "P410", "at least one number"),
    ({"one of": 3}, "P410", "at least one number"),
    ({"one of": [1, 2, "1.0"]}, "P410", "a number twice"),
    ({"one of": {"1": "50%", "2": "60%"}}, "P411", "add up to 1.1"),
    ({"one of": {"1": "50%", "2": "20%"}}, "P411", "let one of them be `rest`"),
    ({"one of": {"1": "rest", "2": "rest"}}, "P411", "only one weight"),
    ({"one of": {"1": "120%", "2": "rest"}}, "P411", "add up to 1.2"),
    ({"one of": {"1": "-10%", "2": "rest"}}, "P411", "cannot be negative"),
    ({"likelihood": "very likley"}, "P412", "did you mean `very likely`?"),
    ({"likelihood": "fairly likely"}, "P412", "likely (55% to 80%), probable"),
    ({"likelihood": "zzz"}, "P412", "its words are: almost no chance"),
    ({"likelihood": "remote chance"}, "P412", "yardstick: phia"),
    ({"likelihood": 0.3}, "P412", "`0.3` is no likelihood"),
    ({"likelihood": None}, "P412", "nothing is no likelihood"),
    ({"normal": [0, 1], "truncate": 0}, "P413", "two ends"),
    ({"normal": [0, 1], "truncate": [0, 1, 2]}, "P413", "two ends"),
    ({"normal": [0, 1], "truncate": [None, None]}, "P413", "cuts nothing"),
    ({"normal": [0, 1], "truncate": [2, 1]}, "P413", "must rise"),
    ({"value": 3, "truncate": [2, 4]}, "P413", "only a range or distribution"),
    ({"uniform": [0, 1], "truncate": [2, 3]}, "P414", "nothing of `p` is left"),
    ({"uniform": [0, 1], "truncate": [1, None]}, "P414", "nothing of `p` is left"),
    ({"lognormal": [1, 1], "truncate": [None, 0]}, "P414", "nothing of `p` is left"),
    ({"beta": [2, 2], "truncate": [1.5, None]}, "P414", "nothing of `p` is left"),
    ({"normal": [0, 1], "truncate": [50, 60]}, "P414", "nothing of `p` is left"),
    ("0,35", "P415", "decimal point: 0.35"),
    ("35 percent", "P415", "write 35%"),
    ("likely", "P415", "{likelihood: likely}"),
    ("1-3", "P415", "{range: [1, 3]}"),
    ("nan", "P415", "only finite numbers"),
    (".inf", "P415", "only finite numbers"),
    (math.inf, "P415", "only finite numbers"),
    (math.nan, "P415", "only finite numbers"),
    (None, "P415", "not nothing"),
    (True, "P415", "not `True`"),
    ([1, 2], "P415", "not a list"),
    ({"range": [1, [2]]}, "P415", "not a list"),
    ({"range": [1, None]}, "P415", "not nothing"),
    ({"value": {"range": [1, 2]}}, "P415", "not a map"),
    ({"one of": {"a": "50%", "b": "rest"}}, "P415", "not `a`"),
    ("x" * 500, "P415", "xxx...`"),
    ("1e999", "P416", "too large"),
    (10**400, "P416", "too large"),
    ({"beta": [1e9, 1]}, "P416", "between 0.001 and 1e+06"),
    ({"lognormal": [1, 50]}, "P416", "between 0 and 20"),
)


@pytest.mark.parametrize(("written", "code", "words"), FAULTS)
def test_fault(written: Any, code: str, words: str) -> None:
    found, faults = judgement(located(written), "`p`")
    assert found is None
    assert [each.code for each in faults] == [code]
    assert words in f"{faults[0].message} {faults[0].hint}"
    assert faults[0].span.file == "a.md"


def test_every_code_is_tested() -> None:
    assert {code for _, code, _ in FAULTS} == {each.code for each in CODES}


def test_the_fault_is_where_the_value_stands() -> None:
    _, faults = judgement(located({"range": [1, "x", 3]}), "`p`")
    assert faults[0].span.column == 6
    assert faults[0].line == "the line"


# --- any value ----------------------------------------------------------------------------------------------

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["rest", "log", "pert", "likely", "kent", "35%", "1", "2", "~", "-1", "1e999", "nan"]),
)
KEYS = st.sampled_from(
    [
        *KINDS,
        "truncate",
        "scale",
        "shape",
        "yardstick",
        "mean",
        "sd",
        "median",
        "sigma",
        "a",
        "b",
        "low",
        "1",
        "x",
    ]
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=10,
)


@given(VALUES)
def test_any_value_is_read_or_faulted(value: Any) -> None:
    found, faults = judgement(located(value), "`p`")
    assert (found is None) == bool(faults)
    for each in faults:
        assert each.render()
    if found is not None:
        low, high = support(found)
        middle = central(found)
        assert low <= middle <= high
        assert math.isfinite(middle)


def test_every_word_of_every_yardstick_is_read() -> None:
    for yardstick, words in YARDSTICKS.items():
        for word, (low, high) in words.items():
            found = read({"likelihood": word, "yardstick": yardstick})
            assert (found.numbers[0], found.numbers[-1]) == (low, high)
