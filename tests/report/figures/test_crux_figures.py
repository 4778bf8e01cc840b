"""What carries the conclusion, as pictures."""

from __future__ import annotations

from dataclasses import replace

from parley.findings import Cruxes, Findings, Index, assess
from parley.report.document import Figure
from parley.report.document.model import runs
from parley.report.figures.cruxes import crux_figures
from tests.findings.synthetic import results
from tests.report.pictures.marks import HOSTILE, apart, elements, safe, spans
from tests.report.test_cruxes import criterion, crux


def with_cruxes(*criteria: object) -> Findings:
    found = Cruxes("short list", 512, 9_000, False, criteria)  # type: ignore[arg-type]
    return replace(assess(results(64)), cruxes=found)


def text(inline: str) -> str:
    return "".join(words for words, _ in runs(inline))


def drawn(*criteria: object) -> tuple[Figure, ...]:
    return crux_figures(with_cruxes(*criteria))


def test_a_figure_for_each_criterion_with_its_sentence_and_its_table() -> None:
    first, second = drawn(
        criterion(crux("B", 0.27, 0.3), crux("kappa", 0.12, 0.2)), criterion(crux("kappa", 0.12, 0.2))
    )
    assert (first.name, second.name) == ("cruxes-1", "cruxes-2")
    assert "anew, in 27 of 100." in text(first.caption)
    assert first.table is not None
    assert [row[0].split("(")[-1].rstrip(")") for row in first.table.rows] == ["B", "kappa"]
    assert "27 ±" in first.table.rows[0][3]
    safe(first.svg)
    apart(first.svg)


def test_a_decision_that_hardly_turns_shows_only_what_the_margin_hangs_on() -> None:
    (figure,) = drawn(criterion(crux("B", 0.0, 0.3), decided=True, ahead=0.99))
    assert figure.table is not None
    assert figure.table.head[3:] == ("part",)
    assert "of 100 parts of its margin's doubt 30 come from" in text(figure.caption)


def test_nothing_is_drawn_where_nothing_is_told_or_asked() -> None:
    assert crux_figures(assess(results(64))) == ()
    unclear = crux("B", 0.0, 0.0)
    assert unclear.reversed.distinct is False
    assert drawn(criterion(unclear)) == ()


def test_at_most_ten_rows_and_the_rest_in_a_sentence() -> None:
    (figure,) = drawn(criterion(*(crux(f"n{number}", 0.2, 0.07) for number in range(14))))
    assert figure.table is not None
    assert len(figure.table.rows) == 10
    assert any(said.startswith("The other 4:") for *_, said in spans(figure.svg))


def test_what_is_not_told_from_nothing_is_an_outline_with_its_number() -> None:
    row = replace(crux("B", 0.2, 0.3), reversed=Index(-0.01, -0.03, 0.01))
    (figure,) = drawn(criterion(row))
    assert any(each.attrib.get("stroke-dasharray") == "3 2" for each in elements(figure.svg, "rect"))
    assert "\N{MINUS SIGN}1 ±2" in [said for *_, said in spans(figure.svg)]


def test_hostile_names_are_text() -> None:
    (figure,) = drawn(criterion(crux(HOSTILE, 0.2, 0.3), criterion=HOSTILE))
    safe(figure.svg)
