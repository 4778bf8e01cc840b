"""What would reverse the answer, as pictures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parley.findings import Assumption, CriterionFlips, Crossing, CurvePoint, Findings, Flip, Flips, assess
from parley.report.document.model import runs
from parley.report.figures.flips import flip_figures, shown_flips
from parley.report.figures.tornado import tornado_figures
from tests.findings.synthetic import results
from tests.report.pictures.marks import HOSTILE, apart, elements, safe, spans
from tests.report.test_flips import STATED, flip, still

VALUES = (0.3, 1.0, 4.0, 12.0, 40.0, 140.0, 420.0)
RANKS = (0.0, 0.001, 0.05, 0.5, 0.95, 0.999, 1.0)


def curve(*shares: float | None) -> tuple[CurvePoint, ...]:
    """A curve whose first and last point lie outside; the share is 0.7 where nothing is said."""
    return tuple(
        CurvePoint(value, rank, rank in (0.0, 1.0), share, None if share is None else 0.06, share, 0.1, 0)
        for value, rank, share in zip(VALUES, RANKS, shares, strict=True)
    )


RISING = curve(0.0, 0.01, 0.2, 0.7, 0.9, 0.99, 1.0)
FLAT = curve(*[0.7] * 7)


def page(*flips: Flip, **other: object) -> Findings:
    criterion = CriterionFlips("net worth", "payoff(us)", ("status quo",), STATED, flips, (), None)
    found = Flips("short list", 192, 10_000, (criterion,), ())
    return replace(assess(results(64)), flips=found, **other)  # type: ignore[arg-type]


def text(inline: str) -> str:
    return "".join(words for words, _ in runs(inline))


def test_the_curve_says_where_it_turns() -> None:
    (figure,) = flip_figures(page(flip("B", text="a loss", unit="strikes", curve=RISING)))
    assert figure.name == "flip-1-1"
    assert text(figure.caption) == (
        'With "a loss" (B) below 8.14 (7.8 to 8.5), "short list" is behind in most readings; as judged it is '
        "ahead in 70 of 100 readings."
    )
    assert figure.table is not None
    assert figure.table.rows[0][1:3] == ("outside", "none (give or take 6)")
    assert figure.table.rows[2][:3] == ("4", "5 of 100", "20 of 100 (give or take 6)")
    assert "half of the readings turn at 8.14 (7.8 to 8.5)" in [said for *_, said in spans(figure.svg)]
    safe(figure.svg)
    apart(figure.svg)


def test_a_curve_that_never_crosses_says_between_what_it_stays() -> None:
    (figure,) = flip_figures(page(still("B", share=0.2, curve=curve(None, 0.86, 0.9, 1.0, 1.0, 1.0, 0.1))))
    assert text(figure.caption).startswith(
        'Wherever B is put within what is thought possible, "short list" is ahead in between 86 of 100 and '
        "all readings;"
    )


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (None, 9.0, "(below 9; no lower end found)"),
        (7.0, None, "(above 7; no upper end found)"),
        (None, None, "(no ends found)"),
    ],
)
def test_an_interval_without_an_end_says_so(low: float | None, high: float | None, said: str) -> None:
    at = Crossing(8.14, low, high, 0.3, outside=True, fails="below", several=True)
    (figure,) = flip_figures(page(flip("B", curve=RISING, threshold=at)))
    assert f"8.14 {said}, outside what is thought possible, and elsewhere" in text(figure.caption)


def test_six_curves_at_most_those_that_turn_first() -> None:
    many = [still("quiet", share=0.04, curve=FLAT), still("some", share=0.3, curve=FLAT)]
    many += [flip(f"n{number}", curve=RISING) for number in range(5)]
    criterion = CriterionFlips("", "", ("b",), STATED, tuple(many), (), None)
    assert [each.name for each in shown_flips(criterion)] == ["n0", "n1", "n2", "n3", "n4", "some"]
    assert len(shown_flips(replace(criterion, flips=(*many, *many[2:])))) == 6


def test_a_wide_judgement_has_an_axis_in_proportion() -> None:
    (figure,) = flip_figures(page(flip("B", curve=RISING)))
    assert "multiply by the same number" in figure.svg.replace("\n", " ")
    near = tuple(replace(point, value=10 + place) for place, point in enumerate(RISING))
    (figure,) = flip_figures(page(flip("B", low=11.0, middle=13.0, high=15.0, curve=near)))
    assert "multiply by" not in figure.svg


def test_nothing_is_drawn_where_it_was_not_asked_or_is_withheld() -> None:
    found = page(flip("B", curve=RISING))
    assert flip_figures(replace(found, flips=None)) == tornado_figures(replace(found, flips=None)) == ()
    poor = replace(found, certification=replace(found.certification, sufficient=False))
    assert flip_figures(poor) == tornado_figures(poor) == ()
    assert flip_figures(page(flip("B", curve=()))) == tornado_figures(page(flip("B", curve=()))) == ()


def test_the_tornado_orders_numbers_by_what_they_move() -> None:
    less = curve(0.6, 0.6, 0.6, 0.7, 0.8, 0.8, 0.8)
    (figure,) = tornado_figures(page(still("A", curve=less), flip("B", curve=RISING), still("C", curve=FLAT)))
    assert figure.name == "tornado-1"
    assert figure.table is not None
    assert [row[0] for row in figure.table.rows] == ["B", "A"]
    assert figure.table.rows[0][1:] == (
        *("4", "20 of 100 (give or take 6)"),
        *("40", "90 of 100 (give or take 6)"),
    )
    assert text(figure.caption) == (
        'As judged "short list" is ahead in 70 of 100 readings; B moves that most: with 4 to 20 of 100, '
        "with 40 to 90 of 100."
    )
    texts = [said for *_, said in spans(figure.svg)]
    assert {"as judged: 70", "at 4: 20", "at 40: 90"} <= set(texts)
    assert any(said.startswith("1 move it by less than 2 of 100") for said in texts)
    safe(figure.svg)
    apart(figure.svg)


def test_a_bar_has_the_look_of_its_evidence() -> None:
    counted = Assumption("B", "parameter", None, "", None, 1.0, 2.0, 3.0, "A", (), None, None, ())
    rising = flip("B", curve=RISING)
    assert elements(tornado_figures(page(rising, assumptions=()))[0].svg, "path")
    assert not elements(tornado_figures(page(rising, assumptions=(counted,)))[0].svg, "path")


def test_hostile_names_are_text() -> None:
    found = page(flip(HOSTILE, text=HOSTILE, unit=HOSTILE, curve=RISING))
    for figure in (*flip_figures(found), *tornado_figures(found)):
        safe(figure.svg)
