"""Where the recommendation fails, as pictures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parley.findings import Failure, Findings, Plane, PlaneAxis, Portion, Region, Restriction, assess
from parley.report import words
from parley.report.document.model import runs
from parley.report.figures.where import where_figures
from tests.findings.synthetic import results
from tests.findings.test_discovery import box, planted
from tests.report.pictures.marks import HOSTILE, apart, safe, spans


@pytest.fixture(scope="module")
def found() -> Findings:
    return assess(planted(box))


def figures(values: tuple[float, ...]) -> list[str]:
    return [words.figure(value) for value in values]


def text(inline: str) -> str:
    return "".join(said for said, _ in runs(inline))


def test_the_picture_of_a_planted_box(found: Findings) -> None:
    figure = where_figures(found)[0]
    assert figure.name == "where-1"
    assert "mostly where x2 is at least 0.4" in text(figure.caption)
    texts = " ".join(said for *_, said in spans(figure.svg))
    assert "it fails in 87 of 100 readings where x2 is at least 0.4" in texts
    assert "A cell holds about 14 readings" in texts
    assert "The plane does not show" not in texts
    safe(figure.svg)
    apart(figure.svg)


def test_the_table_counts_every_reading(found: Findings) -> None:
    figure = where_figures(found)[0]
    assert figure.table is not None
    assert found.discovery is not None
    cells = [cell.split(" of ") for row in figure.table.rows for cell in row[1:]]
    assert len(cells) == 16
    assert sum(int(count) for _, count in cells) == 2048
    assert found.discovery[0].plane is not None
    top, low = found.discovery[0].plane.up.edges[9:13:3], found.discovery[0].plane.up.edges[0:4:3]
    assert [row[0] for row in (figure.table.rows[0], figure.table.rows[-1])] == [
        f"{figures(top)[0]} to {figures(top)[1]}",
        f"{figures(low)[0]} to {figures(low)[1]}",
    ]
    share = found.discovery[0].share.share
    assert sum(int(failed) for failed, _ in cells) == round(2048 * (share or 0.0))


def test_what_the_plane_cannot_show_is_said(found: Findings) -> None:
    assert found.discovery is not None
    failure = found.discovery[0]
    side = Restriction("binds", "switch", "the promise binds", None, None, None, ("off",), 0.0, 0.1)
    region = replace(failure.regions[0], restrictions=(*failure.regions[0].restrictions, side))
    (figure,) = where_figures(replace(found, discovery=(replace(failure, regions=(region,)),)))
    texts = " ".join(said for *_, said in spans(figure.svg))
    assert 'The plane does not show that "the promise binds" (binds) is "off".' in texts


def test_a_plane_without_a_region_is_drawn_without_outline(found: Findings) -> None:
    assert found.discovery is not None
    bare = replace(found.discovery[0], word="none", regions=())
    (figure,) = where_figures(replace(found, discovery=(bare,)))
    assert "no simple region tells where" in text(figure.caption)
    assert "it fails in" not in " ".join(said for *_, said in spans(figure.svg))


def test_nothing_is_drawn_without_a_plane(found: Findings) -> None:
    assert found.discovery is not None
    bare = tuple(replace(each, plane=None) for each in found.discovery)
    assert where_figures(replace(found, discovery=bare)) == ()
    assert where_figures(replace(found, discovery=None)) == ()
    poor = replace(found.certification, sufficient=False)
    assert where_figures(replace(found, certification=poor)) == ()


def test_hostile_names_are_text() -> None:
    portion = Portion(0.5, 0.02, 100)
    side = Restriction(HOSTILE, "parameter", HOSTILE, HOSTILE, None, 1.0, (), 0.0, 0.1)
    region = Region((side,), portion, portion, portion, 0.5, 0.5, 0.5, 0.5, 0.5)
    axis = PlaneAxis(HOSTILE, "parameter", HOSTILE, HOSTILE, (0.0, 1.0, 2.0), 1.0)
    utility = PlaneAxis("ttp: war", "ranking", HOSTILE, None, (0.0, 0.5, 1.0), 0.5)
    plane = Plane(axis, utility, ((19, 19), (19, 19)), ((19, 0), (19, 0)))
    failure = Failure(
        HOSTILE, "", (HOSTILE,), "found", portion, 0, 0, 50, 50, 2, (region,), None, (), None, plane
    )
    (figure,) = where_figures(replace(assess(results(64)), discovery=(failure,)))
    safe(figure.svg)
    assert "A cell holds about 19 readings" in " ".join(said for *_, said in spans(figure.svg))
