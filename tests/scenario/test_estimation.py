"""Numbers estimated from counts: the conjugate updates, in closed form, stated and from tables."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.scenario.estimates import posterior
from parley.scenario.judgement import judgement
from parley.scenario.model import Judgement
from parley.scenario.tables import DataFiles
from tests.scenario.test_judgement import located

DEALS = """deal,year,days,ended,strikes
Shakai,2004,48,collapsed,1
Miranshah,2006,313,renounced,4
Swat,2008,69,collapsed,0
Malakand,2009,70,still on,2
"Offer, of May",2013,,withdrawn,3
Committees,2014,69,collapsed,0
"""


def read(written: dict[str, Any], **files: str) -> Judgement:
    """Read a judgement that must have no fault; ``deals`` is the table above."""
    tables = DataFiles({"deals.csv": DEALS, **{f"{name}.csv": text for name, text in files.items()}})
    found, faults = judgement(located(written), "`p`", tables)
    assert found is not None, [each.render() for each in faults]
    return found


def fault(written: dict[str, Any], **files: str) -> tuple[str, str]:
    """Return code and message of the first fault of a judgement that must have one."""
    tables = DataFiles({"deals.csv": DEALS, **{f"{name}.csv": text for name, text in files.items()}})
    found, faults = judgement(located(written), "`p`", tables)
    assert found is None
    return faults[0].code, faults[0].message


# --- stated counts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "shape", "numbers"),
    [
        ({"proportion": "2 of 12"}, "beta", (2.5, 10.5)),  # Jeffreys' rule for the binomial
        ({"proportion": {"successes": 0, "trials": 9}}, "beta", (0.5, 9.5)),
        ({"proportion": {"successes": 2, "trials": 12, "prior": "uniform"}}, "beta", (3, 11)),  # Laplace
        ({"proportion": {"successes": 2, "trials": 12, "prior": {"beta": [1, 4]}}}, "beta", (3, 14)),
        (
            {"proportion": {"successes": 2, "trials": 12, "prior": {"beta": {"b": 4, "a": 1}}}},
            "beta",
            (3, 14),
        ),
        ({"proportion": {"successes": 2, "trials": 12, "discount": "50%"}}, "beta", (1.5, 5.5)),
        ({"rate": "12 in 8"}, "gamma", (12.5, 1 / 8)),
        ({"rate": {"events": 0, "exposure": 5.5}}, "gamma", (0.5, 1 / 5.5)),
        ({"rate": {"events": 12, "exposure": 8, "prior": "Jeffreys'"}}, "gamma", (12.5, 1 / 8)),
        ({"rate": {"events": 12, "exposure": 8, "prior": "uniform"}}, "gamma", (13, 1 / 8)),
        ({"rate": {"events": 12, "exposure": 8, "prior": {"gamma": [3, 0.5]}}}, "gamma", (15, 0.1)),
        ({"rate": {"events": 12, "exposure": 8, "discount": 0.25}}, "gamma", (3.5, 0.5)),
    ],
)
def test_the_posterior_is_the_conjugate_one(
    written: dict[str, Any], shape: str, numbers: tuple[float, ...]
) -> None:
    found = read(written)
    assert found.shape == shape
    assert found.numbers == pytest.approx(numbers, rel=1e-15)


def test_the_asthma_deaths_of_the_textbook() -> None:
    """Gelman et al., section 2.6: prior gamma(3, rate 5); 3 deaths in 2, then 30 in 20, units of exposure."""
    prior = {"gamma": [3, 0.2]}
    one = read({"rate": {"events": 3, "exposure": 2, "prior": prior}})
    ten = read({"rate": {"events": 30, "exposure": 20, "prior": prior}})
    assert one.numbers == pytest.approx((6, 1 / 7))
    assert one.numbers[0] * one.numbers[1] == pytest.approx(0.86, abs=0.005)
    assert ten.numbers == pytest.approx((33, 1 / 25))
    assert ten.numbers[0] * ten.numbers[1] == pytest.approx(1.32, abs=0.005)


def test_what_was_counted_is_kept() -> None:
    found = read({"rate": "12 in 5.7 months", "truncate": [0, 4]})
    assert found.estimate is not None
    assert (found.estimate.count, found.estimate.size, found.estimate.per) == (12, 5.7, "month")
    assert found.truncate == (0, 4)


@given(
    st.sampled_from(["rate", "proportion"]),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), min_size=1, max_size=6),
    st.floats(0.1, 20),
    st.floats(0.1, 20),
)
def test_two_updates_are_one(kind: str, data: list[tuple[int, int]], a: float, b: float) -> None:
    """Split the data anywhere: the posterior of the first part as the prior of the second."""
    data = [(count, count + size) for count, size in data]
    at_once = posterior(kind, sum(each[0] for each in data), sum(each[1] for each in data), (a, b))[1]
    prior = (a, b)
    for count, size in data:
        first, second = posterior(kind, count, size, prior)[1]
        prior = (first, 1 / second if kind == "rate" else second)
    one_by_one = (prior[0], 1 / prior[1] if kind == "rate" else prior[1])
    assert one_by_one == pytest.approx(at_once, rel=1e-12)


@given(st.integers(1, 30), st.integers(0, 30), st.sampled_from(["jeffreys", "uniform"]))
def test_a_stated_prior_stands_for_earlier_counts(events: int, more: int, name: str) -> None:
    earlier = read({"rate": {"events": events, "exposure": 4, "prior": name}})
    later = {"events": more, "exposure": 3, "prior": {"gamma": list(earlier.numbers)}}
    whole = read({"rate": {"events": events + more, "exposure": 7, "prior": name}})
    assert read({"rate": later}).numbers == pytest.approx(whole.numbers, rel=1e-12)


@pytest.mark.parametrize(
    ("written", "code", "said"),
    [
        ({"proportion": "14 of 12"}, "P421", "14 successes in 12 trials"),
        ({"proportion": "2.5 of 12"}, "P421", "no count"),
        ({"proportion": "-1 of 12"}, "P421", "no count"),
        ({"proportion": "0 of 0"}, "P421", "must be above 0"),
        ({"proportion": "two of 12"}, "P415", "needs a number"),
        ({"proportion": "12"}, "P420", "no proportion"),
        ({"proportion": [2, 12]}, "P420", "a list"),
        ({"proportion": {"successes": 2}}, "P420", "needs `trials`"),
        ({"proportion": {"successes": 2, "trials": None}}, "P420", "no value"),
        ({"proportion": {"events": 2, "trials": 12}}, "P420", "has no `events`"),
        ({"rate": "12 in 0"}, "P421", "must be above 0"),
        ({"rate": "1.5 in 2"}, "P421", "no count"),
        ({"rate": "12"}, "P420", "no rate"),
        ({"rate": {"events": 1}}, "P420", "needs `exposure`"),
        ({"rate": {"events": 1, "exposure": 2, "prior": "jefreys"}}, "P422", "no prior"),
        ({"rate": {"events": 1, "exposure": 2, "prior": {"gamma": [1]}}}, "P422", "gamma needs"),
        ({"rate": {"events": 1, "exposure": 2, "prior": {"gamma": [0, 1]}}}, "P422", "lie between"),
        ({"rate": {"events": 1, "exposure": 2, "prior": {"beta": [1, 1]}}}, "P422", "gamma distribution"),
        ({"rate": {"events": 1, "exposure": 2, "discount": 0}}, "P423", "`discount` is 0"),
        ({"rate": {"events": 1, "exposure": 2, "discount": 1.5}}, "P423", "`discount` is 1.5"),
        ({"rate": {"events": 10**8, "exposure": 2}}, "P416", "1e+06"),
        ({"rate": "1 in 2", "range": [1, 2]}, "P402", "both `range` and `rate`"),
        ({"rate": "1 in 2", "scale": "log"}, "P403", "`scale` goes with `range`"),
    ],
)
def test_counts_that_cannot_be(written: dict[str, Any], code: str, said: str) -> None:
    found, message = fault(written)
    assert found == code
    assert said in message


# --- tables ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "numbers", "rows"),
    [
        ({"proportion": {"successes": "ended is collapsed"}}, (3.5, 3.5), (6, 0, 0, 0)),
        (
            {"proportion": {"successes": "ended is collapsed and days > 60", "missing": "exclude"}},
            (2.5, 3.5),
            (5, 0, 1, 0),
        ),
        ({"proportion": {"successes": "strikes > 0", "where": "year >= 2008"}}, (2.5, 2.5), (4, 2, 0, 0)),
        ({"proportion": {"successes": "deal is 'Offer, of May'"}}, (1.5, 5.5), (6, 0, 0, 0)),
        ({"proportion": {"successes": "min(strikes, 1)", "trials": 4}}, (4.5, 20.5), (6, 0, 0, 0)),
        ({"rate": {"count": "strikes", "exposure": 2}}, (10.5, 1 / 12), (6, 0, 0, 0)),
        (
            {"rate": {"count": "strikes", "exposure": "days / 10", "missing": "exclude"}},
            (7.5, 1 / 56.9),
            (5, 0, 1, 0),
        ),
        (
            {"rate": {"count": "strikes", "exposure": "days / 10", "where": "not (ended is withdrawn)"}},
            (7.5, 1 / 56.9),
            (5, 1, 0, 0),
        ),
        (
            {"rate": {"duration": "days", "ended": "ended is not 'still on'", "missing": "exclude"}},
            (4.5, 1 / 569),
            (5, 0, 1, 1),
        ),
        ({"rate": {"duration": "days", "missing": "exclude"}}, (5.5, 1 / 569), (5, 0, 1, 0)),
        (
            {"rate": {"count": "strikes", "exposure": 1, "dates": "year", "from": 2006, "to": 2009}},
            (6.5, 1 / 3),
            (3, 3, 0, 0),
        ),
        (
            {"rate": {"count": "strikes", "exposure": 1, "discount": "1 if year >= 2008 else 0.5"}},
            (0.5 + 2.5 + 5, 1 / 5),
            (6, 0, 0, 0),
        ),
    ],
)
def test_rows_are_counted(
    written: dict[str, Any], numbers: tuple[float, float], rows: tuple[int, ...]
) -> None:
    for form in written.values():
        form["data"] = "deals.csv"
        form.update({key: str(value) for key, value in form.items()})
    found = read(written)
    assert found.numbers == pytest.approx(numbers, rel=1e-14)
    estimate = found.estimate
    assert estimate is not None
    assert estimate.file == "deals.csv"
    assert (estimate.rows, estimate.outside, estimate.missing, estimate.running) == rows


def test_dates_count_to_the_end_of_what_is_named() -> None:
    table = "date,n\n2013-05-10,1\n2013-05-11,10\n2013-10-31,100\n2013-11-01,1000\n"
    asked = {"data": "t.csv", "count": "n", "exposure": "1", "dates": "date"}
    for start, stop, total in [
        ("2013-05", "2013-10", 111),
        ("2013-05-11", "2013-10", 110),
        ("2013-05-11", "2013-11-01", 1110),
        ("2013", "2013", 1111),
    ]:
        found = read({"rate": {**asked, "from": start, "to": stop}}, t=table)
        assert found.numbers[0] == total + 0.5
    assert read({"rate": {**asked, "to": "2013-05-10"}}, t=table).numbers[0] == 1.5


@given(st.permutations(DEALS.splitlines()[1:]))
def test_the_order_of_the_rows_does_not_matter(rows: list[str]) -> None:
    """To the last bit, discounts of each row included."""
    table = "\n".join([DEALS.splitlines()[0], *rows])
    asked = {"data": "t.csv", "count": "strikes", "exposure": "days / 7", "missing": "exclude",
             "discount": "1 / (2015 - year)"}  # fmt: skip
    assert read({"rate": asked}, t=table).numbers == read({"rate": {**asked, "data": "deals.csv"}}).numbers


def test_evidence_gives_the_file() -> None:
    tables = DataFiles({"deals.csv": DEALS})
    tables.evidence = {"six deals": "deals.csv", "other": "other.csv", "prose": "deals.csv"}
    written = {"proportion": {"successes": "ended is collapsed"}, "evidence": "six_deals"}
    found, _ = judgement(located(written), "`p`", tables)
    assert found is not None
    assert found.numbers == (3.5, 3.5)
    both, _ = judgement(located({**written, "evidence": ["six deals", "prose"]}), "`p`", tables)
    assert both == Judgement(*(getattr(found, name) for name in _fields(found)))
    for evidence, said in (("nobody", "names no file"), (["six deals", "other"], "names 2 files")):
        none, faults = judgement(located({**written, "evidence": evidence}), "`p`", tables)
        assert none is None
        assert faults[0].code == "P431"
        assert said in faults[0].message


def _fields(found: Judgement) -> tuple[str, ...]:
    return ("shape", "numbers", "truncate", "word", "yardstick", "span", "estimate")


@pytest.mark.parametrize(
    ("form", "code", "said"),
    [
        ({"duration": "days"}, "P429", "`days` in line 6"),
        ({"duration": "days", "missing": "ignore"}, "P429", "cannot be `ignore`"),
        ({"duration": "days", "where": "days > 60"}, "P429", "one row lacks"),
        ({"duration": "dayz"}, "P301", "unknown name 'dayz'"),
        ({"duration": "ended"}, "P326", "names as values"),
        ({"duration": "days", "ended": "ended is over"}, "P311", "never 'over'"),
        ({"duration": "days", "ended": "strikes"}, "P320", "a condition is needed"),
        ({"duration": "days", "exposure": "1"}, "P420", "`exposure` goes with `count`"),
        ({"duration": "days", "count": "strikes"}, "P420", "not both"),
        ({"duration": "1 / strikes", "missing": "exclude"}, "P428", "line 4"),
        ({"duration": "log(strikes)"}, "P428", "gives no number"),
        ({"duration": "(-8) ^ 0.5"}, "P428", "gives no number"),
        ({"duration": "exp(1000) ^ 2"}, "P428", "gives no number"),
        ({"duration": "year - 2008"}, "P421", "cannot be negative"),
        ({"duration": "last(year)"}, "P420", "about a story"),
        ({"duration": "P(year)"}, "P328", "cannot be asked"),
        ({"count": "strikes"}, "P420", "needs `exposure`"),
        ({"count": "strikes / 2", "exposure": "1"}, "P421", "which is no count"),
        ({"count": "strikes", "exposure": "0"}, "P430", "add up to nothing"),
        ({"count": "strikes", "exposure": "1", "where": "year = 1900"}, "P430", "no row"),
        ({"count": "strikes", "exposure": "1", "ended": "year = 1900"}, "P420", "goes with `duration`"),
        ({"count": "strikes", "exposure": "1", "from": "2006"}, "P420", "needs the column of `dates`"),
        ({"count": "strikes", "exposure": "1", "dates": "year"}, "P420", "needs `from`, `to`"),
        ({"count": "strikes", "exposure": "1", "dates": "yaer", "to": "2009"}, "P420", "no column `yaer`"),
        ({"count": "strikes", "exposure": "1", "dates": "year", "to": "1 May"}, "P420", "no date"),
        ({"count": "strikes", "exposure": "1", "dates": "year", "to": "2009-05"}, "P428", "as precise"),
        ({"count": "strikes", "exposure": "1", "discount": "year"}, "P423", "2004 in line 2"),
        ({"count": "strikes", "exposure": "1", "events": "3"}, "P420", "`events` are stated"),
    ],
)
def test_a_table_that_does_not_bear_a_rate(form: dict[str, str], code: str, said: str) -> None:
    found, message = fault({"rate": {"data": "deals.csv", **form}})
    assert found == code
    assert said in message


@pytest.mark.parametrize(
    ("form", "code", "said"),
    [
        ({"successes": "strikes"}, "P420", "needs its `trials`"),
        ({"successes": "year > 2008", "trials": "strikes"}, "P420", "each row is one trial"),
        ({"successes": "strikes", "trials": "1"}, "P421", "4 successes in 1 trials"),
        ({"where": "year > 2008"}, "P420", "needs `successes`"),
        ({"successes": "ended = collapsed"}, "P321", "compared with `is`"),
    ],
)
def test_a_table_that_does_not_bear_a_proportion(form: dict[str, str], code: str, said: str) -> None:
    found, message = fault({"proportion": {"data": "deals.csv", **form}})
    assert found == code
    assert said in message


def test_marks_for_what_is_not_known_are_missing_values() -> None:
    table = "days\n10\nNA\n.\nn/a\n20\n"
    asked = {"data": "t.csv", "duration": "days"}
    assert fault({"rate": asked}, t=table)[1].startswith("3 rows lack a value")
    found = read({"rate": {**asked, "missing": "exclude"}}, t=table)
    assert math.isclose(found.numbers[1], 1 / 30)


def test_two_columns_of_one_name() -> None:
    table = "n,a b,a_b\n1,2,3\n"
    assert read({"rate": {"data": "t.csv", "count": "n", "exposure": "1"}}, t=table).numbers == (1.5, 1)
    code, message = fault({"rate": {"data": "t.csv", "count": "a b", "exposure": "1"}}, t=table)
    assert (code, message) == ("P427", "`t.csv` has two columns `a b`")
