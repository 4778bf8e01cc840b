"""Parameters estimated from observed plays, held against closed forms and against truths."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

import parley
from parley.errors import StudyError
from parley.findings.fit_exchange import fit_from_json, fit_to_json
from parley.scenario import override
from parley.scenario.model import Scenario
from parley.study import Fit, fit
from parley.study.fit_model import Estimated, Interval
from parley.study.likelihood import Likelihood
from parley.study.plays import read_plays

ONE_MOVE = "[{player: a, move: act, options: [good, bad]}, {outcomes: [end]}]"
HIDDEN = (
    "[{nature: type, options: {high: q, low: rest}, seen by: [a]}, "
    "{player: a, move: act, options: [good, bad]}, {outcomes: [end]}]"
)
Columns = Mapping[str, Sequence[object]]
LOG3 = math.log(3.0)


def choice(
    parameters: str, worth: str, *, story: str = ONE_MOVE, precision: str = "1", more: str = ""
) -> Scenario:
    """Somebody does good or bad; good is worth something, bad nothing."""
    return parley.loads(
        "parley: 1\ntitle: A choice\n"
        f"players: {{a: {{text: Somebody, stake: 1}}}}\nprecision: {precision}\n"
        f"parameters: {parameters}\n{more}\nstory: {story}\npayoffs: {{a: {worth} if act is good else 0}}\n"
    )


def logit(good: float, bad: float, **options: object) -> Fit:
    plays: Columns = {"act": ["good", "bad"], "count": [good, bad]}
    return fit(choice("{care: 1}", "1", precision="care"), plays, ["care"], **options)  # type: ignore[arg-type]


def only(found: Fit) -> Estimated:
    (one,) = found.estimates
    return one


def ends(interval: Interval | None) -> tuple[float, float]:
    assert interval is not None
    assert interval.low is not None
    assert interval.high is not None
    return interval.low, interval.high


# --- closed forms ---------------------------------------------------------------------------------------


def test_a_logit_of_two_options_is_its_closed_form() -> None:
    found = logit(75, 25, confidence=0.9)
    one = only(found)
    assert one.value == pytest.approx(LOG3, abs=1e-7)
    # The information of n plays is n p (1 - p).
    error = 1 / math.sqrt(100 * 0.75 * 0.25)
    assert one.error == pytest.approx(error, rel=1e-5)
    assert found.covariance[0][0] == pytest.approx(error**2, rel=1e-5)
    z = stats.norm.ppf(0.95)
    assert ends(one.wald) == pytest.approx((LOG3 - z * error, LOG3 + z * error), rel=1e-5)

    def lost(care: float) -> float:
        top = 75 * math.log(0.75) + 25 * math.log(0.25)
        return float(2 * (top - 75 * care + 100 * np.logaddexp(0, care)) - z**2)

    both = optimize.brentq(lost, 0.1, LOG3), optimize.brentq(lost, LOG3, 3)
    assert ends(one.profile) == pytest.approx(both, abs=1e-4 * error)
    best = 75 * math.log(0.75) + 25 * math.log(0.25)
    assert found.log_likelihood == pytest.approx(best, abs=1e-9)
    assert (found.aic, found.bic) == pytest.approx((2 - 2 * best, math.log(100) - 2 * best))
    assert found.random == pytest.approx(100 * math.log(0.5))
    assert found.residual < 1e-9


@settings(max_examples=20)
@given(st.integers(55, 95), st.sampled_from([0.3, 1.0, 4.0]), st.sampled_from([0.1, 1.0, 20.0]))
def test_the_unit_and_the_start_change_nothing_else(good: int, start: float, worth: float) -> None:
    plays: Columns = {"act": ["good", "bad"], "count": [good, 100 - good]}
    scenario = choice(f"{{care: {start}}}", str(worth), precision="care")
    found = fit(scenario, plays, ["care"])
    wanted = math.log(good / (100 - good))
    assert only(found).value * worth == pytest.approx(wanted, rel=1e-5)
    assert (only(found).error or 0) * worth == pytest.approx(10 / math.sqrt(good * (100 - good)), rel=1e-4)


def test_g2_and_its_degrees_of_freedom_are_those_of_the_multinomial() -> None:
    three = "[{player: a, move: act, options: [good, bad, ugly]}, {outcomes: [end]}]"
    counts = [60, 30, 10]
    found = fit(choice("{b: 0}", "b", story=three), {"act": ["good", "bad", "ugly"], "count": counts}, ["b"])
    good = found.goodness
    expected = [60, 20, 20]
    assert [cell.fitted for cell in good.cells] == pytest.approx(expected, abs=1e-4)
    deviance = 2 * sum(n * math.log(n / e) for n, e in zip(counts, expected, strict=True))
    assert good.deviance == pytest.approx(deviance, rel=1e-6)
    assert good.freedom == 1
    assert good.chance == pytest.approx(float(stats.chi2.sf(deviance, 1)), rel=1e-5)


def test_an_outcome_that_never_came_is_a_cell_of_the_table() -> None:
    story = "[{player: a, move: act, options: [good, bad]}, {outcomes: {well: act is good, ill: otherwise}}]"
    scenario = choice("{b: 0}", "b", story=story)
    found = fit(scenario, {"outcome": ["well", "ill"], "count": [30, 0]}, ["b"])
    assert [(cell.what, cell.observed) for cell in found.goodness.cells] == [("well", 30.0), ("ill", 0.0)]
    alone = fit(scenario, {"outcome": ["well"], "count": [30]}, ["b"])
    assert [cell.what for cell in alone.goodness.cells] == ["well", "ill"]


def test_what_was_not_observed_is_summed_out() -> None:
    scenario = choice("{b: 1, q: 0.5}", "b * (1 if type is high else -1)", story=HIDDEN)
    found = fit(scenario, {"act": ["good", "bad"], "type": ["", ""], "count": [45, 55]}, ["q"])
    # P(good) = q L(1) + (1 - q) L(-1) = 45%
    up = 1 / (1 + math.exp(-1))
    assert only(found).value == pytest.approx((0.45 - (1 - up)) / (2 * up - 1), abs=1e-7)
    told: Columns = {
        "act": ["good", "bad", "good", "good"],
        "type": ["", "low", "low", "high"],
        "count": [45, 40, 25, 30],
    }

    def lost(theta: tuple[float, float]) -> float:
        q, b = theta
        high = 1 / (1 + math.exp(-b))
        both = q * high + (1 - q) * (1 - high)
        low = 40 * math.log((1 - q) * high) + 25 * math.log((1 - q) * (1 - high))
        return -(45 * math.log(both) + low + 30 * math.log(q * high))

    best = optimize.minimize(
        lost,
        (0.5, 1.0),
        method="Nelder-Mead",
        bounds=[(0.01, 0.99), (-9, 9)],
        options={"xatol": 1e-9, "fatol": 1e-12},
    )
    found = fit(scenario, told, ["q", "b"])
    assert [each.value for each in found.estimates] == pytest.approx(list(best.x), abs=1e-4)
    assert found.log_likelihood == pytest.approx(-best.fun, abs=1e-8)
    assert found.goodness.deviance is None
    assert found.goodness.without is not None


def test_covariates_and_switches_hold_row_by_row() -> None:
    scenario = choice("{b: 0.5, c: 1, x: 0}", "b * x + c * (s is on)", more="switches: {s: {default: on}}")
    plays: Columns = {
        "act": ["good", "bad"] * 3,
        "s": ["on", "on", "off", "off", "on", "on"],
        "x": [0, 0, 2, 2, 1, 1],
        "count": [90, 10, 60, 40, 93, 7],
    }
    found = fit(scenario, plays, ["b", "c"])
    assert (found.settings, found.given) == (3, ("s", "x"))

    def lost(theta: tuple[float, float]) -> float:
        worth = np.array([theta[1], 2 * theta[0], theta[0] + theta[1]])
        good, bad = np.array([90, 60, 93]), np.array([10, 40, 7])
        return float(np.sum(good * np.logaddexp(0, -worth) + bad * np.logaddexp(0, worth)))

    best = optimize.minimize(lost, (0.5, 1.0), method="BFGS", options={"gtol": 1e-8})
    assert [each.value for each in found.estimates] == pytest.approx(list(best.x), abs=1e-5)
    design = np.array([[0, 1], [2, 0], [1, 1]])
    good = 1 / (1 + np.exp(-design @ best.x))
    inverse = np.linalg.inv(design.T @ (design * (100 * good * (1 - good))[:, None]))
    np.testing.assert_allclose(np.array(found.covariance, dtype=float), inverse, rtol=1e-4)
    # three settings of two cells each, two estimates
    assert found.goodness.freedom == 1


# --- what has no proper peak ----------------------------------------------------------------------------


@pytest.mark.parametrize("parameter", ["{b: 0}", "{b: {range: [-5, 500]}}"])
def test_separated_data_get_no_standard_error(parameter: str) -> None:
    found = fit(choice(parameter, "b"), {"act": ["good"], "count": [10]}, ["b"])
    one = only(found)
    assert one.error is None
    assert one.wald is None
    assert one.flat
    assert one.profile.high is None
    # 10 log(1 + exp(-b)) = chi squared / 2
    low = -math.log(math.expm1(stats.chi2.ppf(0.95, 1) / 20))
    assert one.profile.low == pytest.approx(low, abs=1e-4)
    assert len(found.optima) == 1


def test_two_numbers_that_only_count_together_are_both_left_open() -> None:
    found = fit(
        choice("{b: 0, c: 1, d: 0}", "b + c", more=""),
        {"act": ["good", "bad"], "count": [90, 10]},
        ["b", "c"],
    )
    assert [each.flat for each in found.estimates] == [True, True]
    assert [each.error for each in found.estimates] == [None, None]
    assert sum(each.value for each in found.estimates) == pytest.approx(math.log(9), abs=1e-6)
    assert len(found.optima) == 1
    assert found.covariance[0][1] is None


def test_an_idle_number_does_not_spoil_the_other() -> None:
    found = fit(choice("{b: 0, c: 1}", "b + 0 * c"), {"act": ["good", "bad"], "count": [90, 10]}, ["b", "c"])
    b, c = found.estimates
    assert (b.flat, c.flat) == (False, True)
    assert b.error == pytest.approx(1 / 3, rel=1e-4)
    assert c.profile == Interval(None, None)


def test_a_number_stays_inside_its_range_and_says_so() -> None:
    scenario = choice("{care: {range: [0.5, 1]}}", "1", precision="care")
    found = fit(scenario, {"act": ["good", "bad"], "count": [90, 10]}, ["care"])
    one = only(found)
    assert (one.value, one.bound, one.error, one.high) == (1.0, "high", None, 1.0)
    assert one.profile.high is None
    assert one.profile.low is not None
    scenario = choice("{b: 1, q: 0.3}", "b * (1 if type is high else -1)", story=HIDDEN)
    plays: Columns = {"act": ["good", "bad"], "type": ["low", "low"], "count": [20, 55]}
    q, b = fit(scenario, plays, ["q", "b"]).estimates
    assert (q.value, q.bound, q.low) == (0.0, "low", 0.0)
    # All others as if q were known to be 0; P(no high in 75 plays) = (1 - q)^75
    assert b.value == pytest.approx(math.log(55 / 20), abs=1e-6)
    assert q.profile.high == pytest.approx(1 - math.exp(-stats.chi2.ppf(0.95, 1) / 150), abs=1e-5)


def test_play_like_chance_has_no_precision() -> None:
    found = logit(10, 12)
    one = only(found)
    assert (one.value, one.bound, one.error, one.low) == (0.0, "low", None, 0.0)
    assert one.profile.low is None
    assert found.log_likelihood == found.random


def test_equally_high_peaks_are_all_reported() -> None:
    found = fit(choice("{b: 0.5}", "b * b"), {"act": ["good", "bad"], "count": [90, 10]}, ["b"])
    root = math.sqrt(math.log(9))
    assert [peak.values["b"] for peak in found.optima] == pytest.approx([root, -root], abs=1e-5)
    assert sum(peak.starts for peak in found.optima) + found.lost == found.starts
    # the one nearest to the scenario's own value is taken
    other = fit(choice("{b: -0.5}", "b * b"), {"act": ["good", "bad"], "count": [90, 10]}, ["b"])
    assert only(other).value == pytest.approx(-root, abs=1e-5)


def test_the_higher_of_two_peaks_is_found() -> None:
    # good is worth most at b = 0 (as much as the data want) and again, less, at b = 6
    worth = "exp(0 - b ^ 2) * 3 + exp(0 - (b - 6) ^ 2)"
    found = fit(choice("{b: {range: [-3, 12]}}", worth), {"act": ["good", "bad"], "count": [95, 5]}, ["b"])
    assert abs(only(found).value) < 1
    assert any(abs(peak.values["b"] - 6) < 0.5 for peak in found.optima)


COORDINATION = """
parley: 1
title: Coordination
players: {a: {text: A, stake: 1}, b: {text: B, stake: 1}}
precision: care
parameters: {care: 1}
story:
  - simultaneous: [{player: a, move: left, options: [x, y]}, {player: b, move: right, options: [x, y]}]
  - outcomes: {both x: left is x and right is x, both y: left is y and right is y, apart: otherwise}
payoffs: {a: {apart: 0, otherwise: 1}, b: {apart: 0, otherwise: 1}}
"""


def test_values_at_which_equilibria_meet_are_counted_not_guessed() -> None:
    # On the branch that grows out of random play both toss a coin until it forks, at care 2.
    plays: Columns = {"outcome": ["both x", "both y", "apart"], "count": [30, 28, 42]}
    found = fit(parley.loads(COORDINATION), plays, ["care"])
    assert 0 < found.unsolved < found.tried
    assert found.log_likelihood == pytest.approx(
        30 * math.log(1 / 4) + 28 * math.log(1 / 4) + 42 * math.log(1 / 2)
    )
    assert only(found).flat
    assert only(found).profile == Interval(None, None)


def test_no_value_anywhere_is_an_error() -> None:
    story = HIDDEN.replace("high: q", "high: 2 + q")
    with pytest.raises(StudyError, match="no value at any of 32 trial values"):
        fit(choice("{q: {range: [0, 1]}}", "1", story=story), {"act": ["good", "bad"]}, ["q"])


# --- invariance -----------------------------------------------------------------------------------------


@settings(max_examples=10)
@given(st.permutations([("good", 30.0), ("bad", 20.0), ("good", 25.5), ("bad", 4.5)]))
def test_rows_may_stand_in_any_order_and_be_split(rows: list[tuple[str, float]]) -> None:
    plays: Columns = {"act": [act for act, _ in rows], "count": [count for _, count in rows]}
    found = fit(choice("{care: 1}", "1", precision="care"), plays, ["care"])
    assert only(found).value == pytest.approx(math.log(55.5 / 24.5), abs=1e-6)
    assert (found.plays, found.rows) == (80.0, 4)


def test_threads_change_no_bit() -> None:
    scenario = choice("{b: 1, q: 0.3}", "b * (1 if type is high else -1)", story=HIDDEN)
    plays: Columns = {"act": ["good", "bad", "good"], "type": ["", "low", "high"], "count": [45, 20, 35]}
    one, two = (fit(scenario, plays, ["q", "b"], threads=threads, curve=5) for threads in (1, 3))
    assert one == two


def test_what_is_uncertain_and_not_estimated_stands_at_its_median() -> None:
    scenario = choice("{care: 1, worth: {lognormal: {median: 2, sigma: 1}}}", "worth", precision="care")
    found = fit(scenario, {"act": ["good", "bad"], "count": [75, 25]}, ["care"])
    assert only(found).value == pytest.approx(LOG3 / 2, abs=1e-6)
    assert [(each.name, each.value, each.at) for each in found.held] == [("worth", "2", "median")]
    set_ = override(scenario, {"worth": "4"})
    found = fit(set_, {"act": ["good", "bad"], "count": [75, 25]}, ["care"])
    assert only(found).value == pytest.approx(LOG3 / 4, abs=1e-6)
    assert [(each.name, each.value, each.at) for each in found.held] == [("worth", "4", "stated")]
    assert dict(found.overrides) == {"worth": "4.0"}


def test_policies_of_the_argument_do_not_bind_those_who_were_observed() -> None:
    scenario = parley.load("which-event-first", {"v_senior": "8"})
    plays: Columns = {"posture": ["as usual", "short list", "pause"], "count": [20, 70, 10]}
    found = fit(scenario, plays, ["B"])
    assert sum(cell.fitted for cell in found.goodness.cells) == pytest.approx(100)


# --- the record -----------------------------------------------------------------------------------------


def test_a_curve_is_the_profile_likelihood() -> None:
    one = only(logit(75, 25, curve=9))
    assert len(one.curve) == 9
    top = 75 * math.log(0.75) + 25 * math.log(0.25)
    for point in one.curve:
        drop = 75 * point.value - 100 * float(np.logaddexp(0, point.value)) - top
        assert point.drop == pytest.approx(drop, abs=1e-7)
    low, high = ends(one.profile)
    assert one.curve[0].value < low < high < one.curve[-1].value
    assert only(logit(75, 25)).curve == ()


@pytest.mark.parametrize(("good", "bad"), [(75, 25), (10, 0), (10, 12)])
def test_a_fit_survives_json(good: int, bad: int) -> None:
    found = logit(good, bad, curve=3)
    text = fit_to_json(found)
    assert "NaN" not in text
    assert fit_from_json(text) == found


# --- the strategic logit --------------------------------------------------------------------------------


CRISIS = """
parley: 1
title: A crisis
players: {one: {text: One, stake: 1}, two: {text: Two, stake: 1}}
precision: 1
parameters: {war two: 0.5}
story:
  - {player: one, move: demand, options: [challenge, refrain]}
  - outcomes: {status quo: demand is refrain}
  - {player: two, move: answer, options: [yield, resist]}
  - outcomes: {concession: answer is yield, war: otherwise}
payoffs:
  one: {status quo: 0, concession: 1, war: -1}
  two: {status quo: 0, concession: 0, war: war two}
"""


@pytest.mark.parametrize(
    ("errors", "war", "challenge", "resist"),
    [
        ("logistic", 0.2733060707, 0.4390745821, 0.6224593312),
        ("normal", 0.2696513501, 0.422542936, 0.6381631951),
        ("normal on endings", 0.262824202, 0.4118448134, 0.6381631951),
    ],
)
def test_the_numbers_of_m7_are_likelihoods(errors: str, war: float, challenge: float, resist: float) -> None:
    """Strategic logit, and strategic probit with errors of agents and on endings (closed forms)."""
    scenario = parley.loads(f"{CRISIS}errors: {errors}\n")
    plays: Columns = {
        "outcome": ["war", "", ""],
        "demand": ["", "challenge", "refrain"],
        "answer": ["", "", ""],
    }
    asked = Likelihood(scenario, read_plays(scenario, plays), ["war two"])
    chance = asked.chances(np.array([[0.5]])).row[:, 0]
    assert chance == pytest.approx([war, challenge, 1 - challenge], abs=1e-9)
    assert chance[0] / chance[1] == pytest.approx(resist, abs=1e-9)
    # as many plays as the chances say give back the number that they were made with
    counts = [1e4 * (1 - challenge), 1e4 * (challenge - war), 1e4 * war]
    told: Columns = {"outcome": ["status quo", "concession", "war"], "count": counts}
    found = fit(scenario, told, ["war two"])
    assert only(found).value == pytest.approx(0.5, abs=1e-5)
    assert found.goodness.deviance == pytest.approx(0.0, abs=1e-6)


# --- what is refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plays", "estimate", "message"),
    [
        ({"act": ["good"]}, [], "say what to estimate (--estimate NAME); there is: care, x"),
        ({"act": ["good"]}, ["cares"], "did you mean 'care'?"),
        ({"act": ["good"], "care": [1]}, ["care"], "'care' cannot be estimated: 'the table' has a column"),
        (
            {"acts": ["good"]},
            ["care"],
            "the column 'acts' of 'the table' is named after nothing in the scenario; did",
        ),
        ({"act": ["god"]}, ["care"], "line 1 of 'the table': 'act' has no 'god'; did you mean 'good'?"),
        ({"act": ["good", ""]}, ["care"], "line 2 of 'the table': nothing was observed"),
        (
            {"x": [1.0]},
            ["care"],
            "is named after anything that can be observed of a play; there is: act, outcome",
        ),
        ({"act": ["good"], "x": [""]}, ["care"], "line 1 of 'the table': 'x': it has no value"),
        ({"act": ["good"], "x": ["much"]}, ["care"], "'x': 'much' is no number"),
        ({"act": ["good"], "count": [-1]}, ["care"], "the count -1 is negative"),
        ({"act": ["good"], "count": [0]}, ["care"], "holds no plays"),
        ({"act": ["good"], "Act": ["good"], "act ": ["bad"]}, ["care"], "'Act'"),
        ({"act": ["good"], "outcome": ["ended"]}, ["care"], "'outcome' has no 'ended'; did you mean 'end'?"),
        ({"act": ["good", "bad"], "count": [1]}, ["care"], "make no table"),
    ],
)
def test_faults_of_data_are_named(plays: dict[str, list[object]], estimate: list[str], message: str) -> None:
    with pytest.raises(StudyError) as raised:
        fit(choice("{care: 1, x: 0}", "1 + x", precision="care"), plays, estimate)
    assert message in str(raised.value)


def test_a_row_that_cannot_happen_is_named() -> None:
    story = HIDDEN.replace("high: q", "high: 0")
    scenario = choice("{b: 1}", "b * (1 if type is high else -1)", story=story)
    with pytest.raises(
        StudyError, match=r"line 2 of 'the table' cannot happen .* 'act is good, type is high'"
    ):
        fit(scenario, {"act": ["good", "good"], "type": ["low", "high"]}, ["b"])


def test_a_number_that_an_expression_replaces_is_not_estimated() -> None:
    scenario = override(choice("{b: 1, c: 2}", "b"), {"b": "c / 2"})
    with pytest.raises(StudyError, match="'b' cannot be estimated: it is set to an expression"):
        fit(scenario, {"act": ["good", "bad"]}, ["b"])
    found = fit(scenario, {"act": ["good", "bad"], "count": [75, 25]}, ["c"])
    assert only(found).value == pytest.approx(2 * LOG3, abs=1e-6)


def test_columns_may_be_left_aside_by_name_alone() -> None:
    plays: Columns = {"act": ["good", "bad"], "count": [75, 25], "remark": ["", "late"]}
    scenario = choice("{care: 1}", "1", precision="care")
    assert fit(scenario, plays, ["care"], ignore=["remark"]).ignored == ("remark",)
    with pytest.raises(StudyError, match="has no column 'remarks' to ignore"):
        fit(scenario, plays, ["care"], ignore=["remarks"])


def test_files_are_read_with_suspicion(tmp_path: Path) -> None:
    scenario = choice("{care: 1}", "1", precision="care")
    file = tmp_path / "plays.csv"
    file.write_bytes(b"\xef\xbb\xbfact,count\r\n good ,75\r\nbad,25\r\n")
    assert only(fit(scenario, file, ["care"])).value == pytest.approx(LOG3, abs=1e-6)
    file.write_bytes(b"act;count\ngood;75\n")
    with pytest.raises(StudyError, match="separated by semicolons: save the table with commas"):
        fit(scenario, file, ["care"])
    file.write_bytes(b"act,count\ngood,75\nb\xe4d,25\n")
    with pytest.raises(StudyError, match=r"line 3 of 'plays\.csv' is not UTF-8"):
        fit(scenario, file, ["care"])
    with pytest.raises(OSError, match=r"none\.csv"):
        fit(scenario, tmp_path / "none.csv", ["care"])


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95.0])
def test_a_confidence_is_a_share(confidence: float) -> None:
    with pytest.raises(StudyError, match="a confidence lies between 0 and 1"):
        logit(75, 25, confidence=confidence)
