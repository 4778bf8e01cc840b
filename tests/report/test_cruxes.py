"""What carries the conclusion, as users read it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from parley.findings import CriterionCruxes, Crux, Cruxes, Index, Influence, Pawn, assess
from parley.report import render
from parley.report.cruxes import amount, notes, remainder
from tests.findings.synthetic import results

NONE = Index(-0.004, -0.02, 0.012)


def crux(name: str, share: float, part: float, **other: object) -> Crux:
    def near(value: float) -> Index:
        return Index(value, value - 0.021, value + 0.021) if value else NONE

    influence = Influence(near(part), near(part), near(part))
    found = Crux(name, "parameter", "the group gives up force", "very unlikely: 5% to 20%", "B", (),
                 near(share), influence, influence, None, rests_on_judgement=False)  # fmt: skip
    return replace(found, **other)  # type: ignore[arg-type]


def criterion(*members: Crux, **other: object) -> CriterionCruxes:
    found = CriterionCruxes(
        criterion="a clean failure",
        expression="P(clean | failure)",
        against=("status quo",),
        ahead=0.6,
        reversed=Index(0.46, 0.425, 0.495),
        steady=False,
        decided=False,
        undefined=0,
        cruxes=members,
    )
    return replace(found, **other)  # type: ignore[arg-type]


MEMBERS = (
    crux("t_ttp", 0.25, 0.31, confidence="C", rests_on_judgement=True),
    crux("ranking of gov", 0.12, 0.2, kind="ranking", text="Government", judgement="an order"),
    crux("agency", 0.11, 0.0, kind="switch", text="the promise binds", judgement="on 50%, off 50%"),
    crux("sigma", 0.1, 0.1, together=("precision",), pawn=Pawn(0.16, 0.045)),
    crux("precision", 0.0721, 0.1, together=("sigma",), pawn=Pawn(0.03, 0.045)),
    crux("idle", 0.0, 0.0),
    crux("idler", 0.0, 0.0),
)


def page(*criteria: CriterionCruxes, width: int = 100) -> str:
    found = Cruxes("short list", 1024, 20_000, dependent=True, criteria=criteria)
    text = render(replace(assess(results(64)), cruxes=found), width)
    section = re.search(r"WHAT CARRIES IT.*?(?=\n[A-Z])", text, re.DOTALL)
    assert section is not None
    return section[0]


def test_the_section_reads() -> None:
    text = page(criterion(*MEMBERS, undefined=37), criterion(*MEMBERS, criterion="net worth"), width=120)
    flat = " ".join(text.split())
    assert "changes which of the two does better in 46 of 100 readings (give or take 4)" in flat
    assert re.search(r"t_ttp +25 of 100 ±3 +31 ±3 +C, judged +the group gives up force", text)
    assert "how Government ranks the endings: an order" in flat
    assert re.search(r"agency +11 of 100 ±3 +not told from 0 +B, read off +the promise binds: on 50%", text)
    assert "The other 3: at most 8 of 100 readings each; 2 of them cannot be told from 0." in flat
    assert "Undefined or not certified in 37 of the readings solved: left out here." in flat
    assert "Rests on judgement (grade C or none): t_ttp." in flat
    assert "Judged together, so that no index can part what each does: precision and sigma." in flat
    assert "below 5 noise (PAWN): sigma 16." in flat
    assert "-0.0" not in text


def test_a_decision_that_nothing_reverses() -> None:
    flat = " ".join(page(criterion(*MEMBERS, decided=True, ahead=0.9985)).split())
    assert '"short list" is ahead of "status quo" in more than 99 of 100 readings' in flat
    assert "changes it in" not in flat
    assert "its margin hangs on" in flat
    behind = " ".join(page(criterion(*MEMBERS, decided=True, ahead=0.0)).split())
    assert '"short list" is behind "status quo" in all readings' in behind


def test_a_margin_that_never_varies() -> None:
    same = tuple(replace(each, margin=None, decision=None, reversed=NONE) for each in MEMBERS)
    flat = " ".join(page(criterion(*same, steady=True, decided=True, ahead=1.0)).split())
    assert 'the margin over "status quo" is the same in all readings; no assumption bears on it.' in flat
    assert "The other" not in flat


def test_a_margin_that_never_exists() -> None:
    nowhere = criterion(steady=True, decided=True, ahead=None, reversed=Index(None, None, None))
    assert 'the margin over "status quo" is undefined in all readings' in " ".join(page(nowhere).split())


def test_several_rivals_are_named() -> None:
    flat = " ".join(page(criterion(*MEMBERS, against=("pause", "status quo"))).split())
    assert 'changes whether it does better than "pause" and "status quo" in 46 of 100' in flat


@pytest.mark.parametrize("width", [60, 80, 120])
def test_lines_keep_the_width(width: int) -> None:
    long = crux("a name that is much longer than a name should ever be", 0.3, 0.3)
    text = page(criterion(long, *MEMBERS), width=width)
    assert max(len(line) for line in text.splitlines()) <= width


def test_a_name_cannot_drive_the_terminal() -> None:
    text = page(criterion(crux("red\x1b[31m", 0.3, 0.3, together=("x\x07",), text="\x9b2J")))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


def test_amounts() -> None:
    assert amount(Index(0.004, 0.001, 0.007), " of 100") == "<1 of 100 ±1"
    assert amount(Index(None, None, None)) == amount(NONE) == "not told from 0"
    assert amount(Index(1.0, 1.0, 1.0)) == "100 ±1"


def test_nothing_left_is_not_told() -> None:
    item = criterion(*MEMBERS[:2])
    assert list(remainder(item, MEMBERS[:2])) == []
    assert list(notes(Cruxes("a", 16, 16, dependent=False, criteria=(criterion(MEMBERS[1]),)))) == []
    silent = criterion(*MEMBERS[5:])
    assert list(remainder(silent, ())) == ["Of all 2 assumptions none can be told from 0."]


def test_the_section_fits_a_third_of_a_screen_or_so() -> None:
    many = tuple(crux(f"p{i}", 0.3 - 0.01 * i, 0.1) for i in range(20))
    assert len(page(criterion(*many)).splitlines()) <= 13
    assert len(page(criterion(*many), criterion(*many)).splitlines()) <= 20
