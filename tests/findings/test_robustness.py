"""Eleven robustness metrics and the comparison by several criteria: small tables worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from parley.findings import Findings, Metric, Robustness, assess
from parley.findings.pareto import pareto
from parley.findings.robustness import METRICS, metric_scores, robustness
from parley.report import render
from parley.report.robustness import choices, disagreement, dominance
from parley.study.results import Results
from tests.findings.synthetic import results

# The table that the first author's software tests with (RAPID, tests of the common metrics), and one more.
TABLE = np.array([[0.99, 1.0, 0.5], [0.69, 0.6, 0.6]])
SKEWED = np.array([[0.99, 1.0, 0.5], [0.69, 0.6, 0.61]])
FOUR = np.array([[0.99, 1.0, 0.5, 0.52], [0.69, 0.6, 0.61, 1.0]])
STARR = np.array([[0.5, 0.99, 1.0], [0.6, 0.65, 0.69]])

LEVEL = st.integers(-10_000, 10_000).map(lambda number: number / 100)

BY_HAND: list[tuple[str, NDArray[np.float64], list[float], list[float]]] = [
    # name, table, scores where more is better, scores where less is better
    ("maximin", TABLE, [0.5, 0.6], [-1.0, -0.69]),
    ("maximax", TABLE, [1.0, 0.69], [-0.5, -0.6]),
    ("hurwicz", TABLE, [0.75, 0.645], [-0.75, -0.645]),
    ("laplace", TABLE, [0.83, 0.63], [-0.83, -0.63]),
    # Regret by reading: 0, 0, 0.1 of the first; 0.3, 0.4, 0 of the second. Turned: 0.3, 0.4, 0; 0, 0, 0.1.
    ("minimax regret", TABLE, [-0.1, -0.4], [-0.4, -0.1]),
    ("90th percentile regret", TABLE, [-0.1, -0.4], [-0.4, -0.1]),  # of three readings the worst is nearest
    # Standard deviations 0.285832 and 0.0519615; means 0.83 and 0.63.
    ("mean-variance", TABLE, [1.42320289996384, 1.54948632859709], [0.132210105461122, 0.351723890540445]),
    # The worse two of three: 0.5 and 0.99 about 0.99; 0.6 and 0.6 about 0.6. Turned: -1, -0.99; -0.69, -0.6.
    ("undesirable deviations", TABLE, [-0.245, 0.0], [-0.005, -0.045]),
    # (0.99 - 0.75) / 0.25; (0.61 - 0.645) / 0.045.
    ("percentile skewness", SKEWED, [0.96, -7 / 9], [-0.96, 7 / 9]),
    # 0.5 / 0.47; 0.4 / 0.08.
    ("percentile peakedness", FOUR, [0.5 / 0.47, 5.0], [0.5 / 0.47, 5.0]),
    ("starr", STARR, [2 / 3, 2 / 3], [1 / 3, 2 / 3]),
]


@pytest.mark.parametrize(("name", "table", "more", "less"), BY_HAND, ids=[row[0] for row in BY_HAND])
def test_metric_is_the_one_worked_out_by_hand(
    name: str, table: NDArray[np.float64], more: list[float], less: list[float]
) -> None:
    assert metric_scores(table, 0.65)[name] == pytest.approx(more)
    assert metric_scores(-table, -0.65)[name] == pytest.approx(less)


def test_every_metric_has_a_table() -> None:
    assert [row[0] for row in BY_HAND] == list(METRICS)


def test_ninetieth_percentile_is_exceeded_in_one_of_ten() -> None:
    regret = np.zeros((2, 101))
    regret[0] = -np.arange(101.0)
    assert metric_scores(regret, 0.0)["90th percentile regret"].tolist() == [-90.0, 0.0]


def test_percentiles_are_the_nearest_readings() -> None:
    table = np.random.default_rng(1).normal(size=(3, 200))
    q10, q50, q90 = np.quantile(table, (0.1, 0.5, 0.9), axis=1, method="nearest")
    expected = (q50 - (q10 + q90) / 2) / ((q90 - q10) / 2)
    assert metric_scores(table, 0.0)["percentile skewness"] == pytest.approx(expected)


def test_no_spread_has_no_shape_and_one_reading_no_deviation() -> None:
    scores = metric_scores(np.array([[1.0, 1.0], [0.0, 2.0]]), 0.5)
    assert np.isnan(scores["percentile skewness"][0])
    assert np.isfinite(scores["percentile skewness"][1])
    single = metric_scores(np.array([[1.0], [2.0]]), 0.5)
    assert np.isnan(single["mean-variance"]).all()
    assert single["minimax regret"].tolist() == [-1.0, 0.0]


def test_huge_values_do_not_overflow() -> None:
    table = 1e200 * TABLE
    scores = metric_scores(table, 0.65e200)
    assert scores["mean-variance"] == pytest.approx(
        [0.83 / 0.2858321185591, 0.63 / 0.0519615242271], rel=1e-9
    )
    assert scores["starr"].tolist() == metric_scores(TABLE, 0.65)["starr"].tolist()


@given(
    st.lists(st.tuples(*[LEVEL] * 3), min_size=2, max_size=30),
    st.floats(0.1, 10),
    st.floats(-50, 50),
)
def test_units_do_not_decide(rows: list[tuple[float, ...]], factor: float, shift: float) -> None:
    """Another unit and another zero change values with them and shapes and shares not at all."""
    table = np.array(rows).T
    threshold = float(np.median(table))
    before, after = (
        metric_scores(table, threshold),
        metric_scores(factor * table + shift, factor * threshold + shift, 1e-9),
    )
    for name in ("maximin", "maximax", "hurwicz", "laplace"):
        assert after[name] == pytest.approx(factor * before[name] + shift, abs=1e-8)
    for name in ("minimax regret", "90th percentile regret", "undesirable deviations"):
        assert after[name] == pytest.approx(factor * before[name], abs=1e-8)
        assert (before[name] <= 1e-12).all()
    assert (before["maximin"] <= before["hurwicz"]).all()
    assert (before["hurwicz"] <= before["maximax"]).all()
    assert (before["minimax regret"] <= before["90th percentile regret"]).all()
    assert before["minimax regret"].max() <= 0.0


@given(st.lists(st.tuples(*[LEVEL] * 2), min_size=3, max_size=30))
def test_what_dominates_everywhere_is_preferred(rows: list[tuple[float, ...]]) -> None:
    base = np.array(rows).T
    table = np.vstack([base.min(axis=0) - 1.0, base])
    scores = metric_scores(table, 0.0)
    for name in (
        "maximin",
        "maximax",
        "hurwicz",
        "laplace",
        "minimax regret",
        "90th percentile regret",
        "starr",
    ):
        assert scores[name][0] <= scores[name][1:].max()


def with_criterion(tables: dict[str, NDArray[np.float64]], higher: bool = True) -> Results:
    """Results of four policies in which the first criterion is replaced, the second dropped."""
    base = results(next(iter(tables.values())).size)
    comparison = base.scenario.comparison
    assert comparison is not None
    first = replace(comparison.by[0], higher=higher)
    scenario = replace(base.scenario, comparison=replace(comparison, by=(first,)))
    criteria = {(0, name): values for name, values in tables.items()}
    return replace(base, scenario=scenario, criteria=criteria)


def single(tables: dict[str, NDArray[np.float64]], higher: bool = True) -> Robustness:
    found = robustness(with_criterion(tables, higher))
    assert found is not None
    return found[0]


def named(found: Robustness) -> dict[str, Metric]:
    return {metric.name: metric for metric in found.metrics}


def spread(draws: int, seed: int = 3) -> dict[str, NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    return {name: rng.normal(size=draws) for name in ("status quo", "short list", "pause", "uncommitted")}


def test_less_is_better_turns_every_preference() -> None:
    tables = spread(320)
    turned = {name: -values for name, values in tables.items()}
    more, less = single(tables), single(turned, higher=False)
    assert [m.preferred for m in more.metrics] == [m.preferred for m in less.metrics]
    assert [m.scores for m in more.metrics] == [m.scores for m in less.metrics]
    assert more.threshold is not None
    assert less.threshold == -more.threshold


def test_the_threshold_is_the_baselines_middle_unless_given() -> None:
    tables = spread(321)
    found = single(tables)
    assert found.threshold == np.median(tables["status quo"])
    assert found.threshold_of == "status quo"
    given_ = robustness(with_criterion(tables), {0: 0.25})
    assert given_ is not None
    assert (given_[0].threshold, given_[0].threshold_of) == (0.25, None)
    share = named(given_[0])["starr"].scores["pause"]
    assert share == pytest.approx(np.mean(tables["pause"] >= 0.25))


def test_a_free_policy_is_no_candidate() -> None:
    found = single(spread(64))
    assert found.candidates == ("status quo", "short list", "pause")
    assert set(named(found)["laplace"].scores) == set(found.candidates)


def test_undefined_readings_are_left_out_for_all_and_counted() -> None:
    tables = spread(64)
    tables["pause"][3] = np.nan
    tables["short list"][[5, 7]] = np.inf
    tables["status quo"][3] = -1e9
    found = single(tables)
    assert (found.defined, found.undefined) == (61, 3)
    worst = named(found)["maximin"].scores["status quo"]
    assert worst is not None
    assert worst > -10
    nothing = single({name: np.full(32, np.nan) for name in tables})
    assert (nothing.metrics, nothing.threshold, nothing.threshold_of) == ((), None, None)
    assert "no metric" in disagreement(nothing)


def test_equal_policies_are_preferred_together() -> None:
    tables = spread(64)
    tables["pause"] = tables["short list"] + 1e-13
    tables["status quo"] = tables["short list"] - 5.0
    found = single(tables)
    for name in ("maximin", "maximax", "laplace", "minimax regret", "90th percentile regret"):
        assert named(found)[name].preferred == ("short list", "pause")
    assert disagreement(found).startswith("All eleven metrics prefer")


def test_constant_policies_have_no_shape_and_no_preference_by_it() -> None:
    levels = {"status quo": 0.0, "short list": 2.0, "pause": 1.0, "uncommitted": 0.0}
    found = named(single({name: np.full(32, level) for name, level in levels.items()}))
    assert found["percentile skewness"].preferred == ()
    assert set(found["percentile skewness"].scores.values()) == {None}
    assert found["laplace"].preferred == ("short list",)
    assert found["laplace"].agree == found["laplace"].replicates == 16


def test_one_reading_in_each_replicate() -> None:
    found = named(single(spread(16)))
    assert found["maximin"].replicates == 16
    assert found["mean-variance"].agree == 0  # one reading has no deviation: no part says the same


def test_the_sentence_says_what_speaks_for_whom() -> None:
    """By average one, guarding against the worst the other."""
    rng = np.random.default_rng(0)
    tables = {
        "status quo": rng.uniform(0.0, 0.1, 1600),
        "short list": rng.uniform(-1.0, 3.0, 1600),
        "pause": rng.uniform(0.4, 0.6, 1600),
        "uncommitted": np.zeros(1600),
    }
    said = disagreement(single(tables))
    assert "guarding against the worst reading" in said.split('"pause"')[0]
    assert 'by the average, "short list"' in said.replace(" and for the least regret", "")
    rows = dict(choices(single(tables)))
    assert "worst reading" in rows["pause"]
    assert "average" in rows["short list"]
    assert "good enough (at least 0.0" in rows["pause"]


def test_dominance_by_means_and_by_readings() -> None:
    base = results(64)
    even = np.arange(64) % 2 == 0
    first = {
        "status quo": np.zeros(64),
        "short list": np.where(even, 1.0, -2.0),
        "pause": np.ones(64),
        "uncommitted": np.zeros(64),
    }
    second = {
        "status quo": np.zeros(64),
        "short list": np.where(even, 1.0, 3.0),
        "pause": np.full(64, 0.5),
        "uncommitted": np.zeros(64),
    }
    criteria = {(i, name): each[name] for i, each in enumerate((first, second)) for name in each}
    found = pareto(replace(base, criteria=criteria))
    assert found is not None
    rows = {each.policy: each for each in found.candidates}
    assert rows["status quo"].means == (0.0, 0.0)
    assert rows["short list"].means == (-0.5, 2.0)
    assert rows["status quo"].dominated_by == ("pause",)
    assert found.frontier == ("short list", "pause")
    # Pause everywhere; the short list in the even readings, and there it dominates pause as well.
    assert rows["status quo"].by == {"short list": 0.5, "pause": 1.0}
    assert (rows["status quo"].dominated, rows["pause"].dominated, rows["short list"].dominated) == (
        1.0,
        0.5,
        0.0,
    )
    comparison = base.scenario.comparison
    assert comparison is not None
    by = (comparison.by[0], replace(comparison.by[1], higher=False))
    turned = pareto(
        replace(
            base,
            scenario=replace(base.scenario, comparison=replace(comparison, by=by)),
            criteria={key: -values if key[0] else values for key, values in criteria.items()},
        )
    )
    assert turned is not None
    assert turned.frontier == found.frontier
    assert turned.candidates[1].means == (-0.5, -2.0)
    assert [each.by for each in turned.candidates] == [each.by for each in found.candidates]
    findings = assess(replace(base, criteria=criteria))
    said = " ".join(dominance(findings))
    assert '"status quo" is dominated by "pause"' in said
    assert 'than "status quo" in all readings' in said
    assert findings.pareto == found


def test_equals_do_not_dominate() -> None:
    base = results(64)
    criteria = {key: np.ones(64) * (1.0 + 1e-13 * key[0]) for key in base.criteria}
    found = pareto(replace(base, criteria=criteria))
    assert found is not None
    assert found.frontier == ("status quo", "short list", "pause")
    assert all(each.dominated == 0.0 for each in found.candidates)


def test_one_criterion_has_no_pareto_comparison_and_one_policy_no_metrics() -> None:
    assert pareto(with_criterion(spread(32))) is None
    assert robustness(replace(results(32), policies=("pause",))) is None


def test_a_withheld_verdict_withholds_robustness() -> None:
    base = results(64)
    bad = replace(base.proofs["pause"], status=np.ones(64, np.int8))
    findings = assess(replace(base, proofs={**base.proofs, "pause": bad}))
    assert findings.robustness is not None
    assert findings.robustness[0].defined == 0
    assert "ROBUSTNESS" not in render(findings)


def test_json_keeps_it_and_old_files_still_read() -> None:
    findings = assess(results(64))
    again = Findings.from_json(findings.to_json())
    assert again.robustness == findings.robustness
    assert again.pareto == findings.pareto
    old = replace(findings, robustness=None, pareto=None, information=None)
    assert "ROBUSTNESS" not in render(old)
