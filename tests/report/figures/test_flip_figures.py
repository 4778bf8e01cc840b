"""What would reverse the answer, as pictures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parley.findings import (
    Assumption,
    CriterionFlips,
    Crossing,
    CurvePoint,
    Findings,
    Flip,
    Flips,
    Share,
    SwitchOption,
    assess,
)
from parley.report.document.model import runs
from parley.report.figures.flips import flip_figures, shown_flips
from parley.report.figures.tornado import tornado_figures
from tests.findings.synthetic import results
from tests.report.pictures.marks import HOSTILE, apart, elements, safe, spans
from tests.report.test_flips import SPREAD, STATED, flip, still

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
    assert text(figure.caption).startswith(
        f"With B just below 8.14 {said}, outside what is thought possible, "
        '"short list" is behind in most readings, and the answer turns elsewhere too;'
    )


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
    assert [row[0] for row in figure.table.rows] == ["B", "B", "A", "A"]
    assert figure.table.rows[0][1:] == ("4", "20 of 100 (give or take 6)")
    assert figure.table.rows[1][1:] == ("40", "90 of 100 (give or take 6)")
    assert text(figure.caption) == (
        'As judged "short list" is ahead in 70 of 100 readings; B moves that most: with 4 to 20 of 100, '
        "with 40 to 90 of 100."
    )
    texts = [said for *_, said in spans(figure.svg)]
    assert {"as judged: 70", "at 4: 20", "at 40: 90"} <= set(texts)
    assert any(said.startswith("1 moves it by less than 2") for said in texts)
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


def option(switch: str, name: str, share: float, *, default: bool = False) -> SwitchOption:
    at = Share(share, 0.03, 0.0, share - 0.03, share + 0.03, 192, 0, "open")
    return SwitchOption(switch, name, default, at, SPREAD, share - 0.7, 0.02)


def test_a_choice_has_a_lane_for_each_option() -> None:
    found = page(flip("B", curve=RISING))
    assert found.flips is not None
    options = (option("agency", "on", 0.95, default=True), option("agency", "off", 0.05))
    criterion = replace(found.flips.criteria[0], options=options)
    changed = replace(found.flips, criteria=(criterion,))
    (figure,) = tornado_figures(replace(found, flips=changed, assumptions=()))
    assert text(figure.caption).endswith(
        'the choice "agency" moves that most: with "on" to 95 of 100, with "off" to 5 of 100.'
    )
    assert {"agency", "on: 95", "off: 5"} <= {said for *_, said in spans(figure.svg)}
    known = Assumption("agency", "switch", "it binds", "", None, None, None, None, "C", (), None, None, ())
    (figure,) = tornado_figures(replace(found, flips=changed, assumptions=(known,)))
    assert 'readings; "it binds" (agency) moves that most' in text(figure.caption)
    assert "it binds (agency)" in [said for *_, said in spans(figure.svg)]


def test_of_many_options_the_two_furthest_are_drawn() -> None:
    found = page(still("B", curve=FLAT))
    assert found.flips is not None
    options = tuple(option("way", f"way {number}", number / 10) for number in (3, 9, 1, 5, 7))
    criterion = replace(found.flips.criteria[0], options=options)
    (figure,) = tornado_figures(replace(found, flips=replace(found.flips, criteria=(criterion,))))
    texts = {said for *_, said in spans(figure.svg)}
    assert {"way 1: 10", "way 9: 90"} <= texts
    assert "way 5: 50" not in texts
    assert any("more than 4 options" in said for said in texts)


def test_a_choice_between_values_is_put_at_each_of_them() -> None:
    ranks = (0.0005, 0.3, 0.7)
    points = tuple(
        CurvePoint(value, rank, False, share, 0.05, share, 0.1, 0)
        for value, rank, share in zip((1.0, 2.0, 5.0), ranks, (0.2, 0.5, 0.9), strict=True)
    )
    (figure,) = tornado_figures(page(still("n", curve=points)))
    assert {"at 1: 20", "at 2: 50", "at 5: 90"} <= {said for *_, said in spans(figure.svg)}


def test_an_end_without_an_answer_is_not_replaced_by_another_value() -> None:
    assert tornado_figures(page(still("B", curve=curve(0.0, 0.0, None, 0.7, 0.9, 0.9, 0.9)))) == ()


def test_a_curve_whose_values_coincide_is_not_drawn() -> None:
    same = tuple(replace(point, value=1.0) for point in RISING)
    assert flip_figures(page(flip("B", curve=same))) == ()
