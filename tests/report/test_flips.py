"""When the recommendation would be wrong, as users read it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parley.findings import (
    ClaimPush,
    CriterionFlips,
    CriterionPush,
    Crossing,
    Findings,
    Flip,
    Flips,
    JointFlip,
    JointMove,
    Push,
    Share,
    Spread,
    SwitchOption,
    assess,
)
from parley.report import render
from parley.report.flips import joint, pushed, switches
from tests.findings.synthetic import results

STATED = Share(0.7, 0.02, 0.0, 0.68, 0.72, 192, 0, "leans")
SPREAD = Spread(1.0, 0.5, 1.0, 1.5, 0.1, 192, 0)
AT = Crossing(8.14, 7.8, 8.5, 0.3, outside=False, fails="below", several=False)


def flip(name: str, **other: object) -> Flip:
    found = Flip(
        name=name,
        kind="parameter",
        text=None,
        unit=None,
        low=1.0,
        middle=12.0,
        high=140.0,
        outside=(0.3, 420.0),
        compared=192,
        undefined=0,
        broken=0,
        share=0.634,
        share_error=0.05,
        beyond=0.0,
        several=0.0,
        fails="below",
        values=SPREAD,
        threshold=AT,
        break_even=None,
        curve=(),
    )
    return replace(found, **other)  # type: ignore[arg-type]


def still(name: str, **other: object) -> Flip:
    return flip(name, **{"share": 0.0, "threshold": None, "values": None, "fails": None, **other})


def moved(*moves: JointMove, supports: bool = True, everything: int = 3) -> JointFlip:
    rest = (JointMove("x", "parameter", None, 0.0, 1.0, 0.84),) * everything
    some = bool(moves)
    return JointFlip(
        supports, 0.4, moves, 0.5 if some else None, 0.1 if some else None, -0.1 if some else None, rest, 0.4
    )


DOWN = JointMove("B", "parameter", "strikes", 12.0, 8.1, 0.3)
UP = JointMove("kappa", "parameter", None, 0.3, 0.3504, 0.634)


def criterion(*flips: Flip, **other: object) -> CriterionFlips:
    found = CriterionFlips("net worth", "payoff(us)", ("status quo",), STATED, flips, (), moved(DOWN))
    return replace(found, **other)  # type: ignore[arg-type]


def findings(*criteria: CriterionFlips, claims: tuple[ClaimPush, ...] = ()) -> Findings:
    return replace(assess(results(64)), flips=Flips("short list", 192, 70_000, criteria, claims))


def page(*criteria: CriterionFlips, width: int = 100) -> str:
    text = render(findings(*criteria), width)
    return text[text.index("WHEN IT WOULD BE WRONG") : text.index("\nWHERE IT FAILS")]


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_section_reads() -> None:
    far = flip("sigma", unit="per month", break_even=replace(AT, value=300.0, outside=True, high=None))
    twice = flip("q", threshold=replace(AT, several=True, low=None))
    text = page(criterion(flip("B"), far, twice), width=120)
    assert flat(text) == (
        "WHEN IT WOULD BE WRONG what would reverse the answer: other values of the assumptions, "
        'solved again net worth: With every number at its middle "short list" is better; it takes B '
        "from 12 down to 8.1 (as low as 30 of 100 readings go) to make it worse. "
        "middle worse most readings turn at average turns at flips in "
        "B 12 below 8.14 (7.8 to 8.5) no value 63 of 100 "
        "sigma (per month) 12 below 8.14 (7.8 to 8.5) 300 (above 7.8), outside 63 of 100 "
        "q 12 below 8.14 (below 8.5), and elsewhere no value 63 of 100 "
        "192 readings were changed, one number at a time, the others as they are. turn at: where they change "
        "sides, with its sampling error. flips in: those readings in which some value within what is stated "
        "reverses the answer. outside: beyond what the author thinks possible."
    )


def test_no_more_than_six_rows_and_the_rest_is_counted() -> None:
    text = page(criterion(*(flip(f"n{number}") for number in range(9)), flip("odd", threshold=None)))
    assert "n5" in text
    assert "n6" not in text
    assert "3 more turn it less readily" in text
    assert "Single readings are reversed by odd (in 63 of 100)." in flat(text)


def test_where_nothing_turns_a_sentence_says_so() -> None:
    quiet = page(criterion(still("a"), still("b")))
    assert "No single number reverses more than 1 of 100 readings within what is stated." in flat(quiet)
    assert "flips in" not in quiet
    few = page(criterion(still("a", share=0.14), still("b", share=0.03), still("c")))
    assert (
        "No single number reverses most readings, wherever it is put; a few are reversed by a (in "
        "14 of 100), b (in 3 of 100)." in flat(few)
    )
    beyond = page(criterion(still("a", beyond=0.8)))
    assert "Only outside what the author thinks possible, in most readings: a." in flat(beyond)
    broken = page(criterion(still("a", broken=20)))
    assert "Not certified on the way, in some readings: a." in flat(broken)


def test_joint_flips_name_up_to_three_numbers_and_how_far_they_go() -> None:
    both = joint(criterion(joint=moved(DOWN, UP)), "act")
    assert both == (
        'With every number at its middle "act" is better; it takes B from 12 down to 8.1 (as low as 30 of '
        "100 readings go) together with kappa from 0.3 up to 0.35 (as high as 37 of 100 readings go) to "
        "make it worse."
    )
    assert "is already worse; it takes B" in joint(criterion(joint=moved(DOWN, supports=False)), "act")
    assert "to make it better." in joint(criterion(joint=moved(DOWN, supports=False)), "act")
    assert joint(criterion(joint=moved(everything=0)), "act").endswith("was found to change that.")
    assert "(one of 37 at once was)" in joint(criterion(joint=moved(everything=37)), "act")
    assert "a tie or no certified answer" in joint(criterion(flip("B"), joint=None), "act")
    assert joint(criterion(joint=None), "act").startswith("No number is uncertain")
    near = JointMove("B", "parameter", None, 12.0, 12.004, 0.5002)
    assert "B from 12 up to 12.004 (as high as 50 of 100" in joint(criterion(joint=moved(near)), "act")


def option(name: str, change: float, error: float, *, default: bool = False) -> SwitchOption:
    share = replace(STATED, share=0.7 + change)
    return SwitchOption("agency", name, default, share, SPREAD, change, error)


def test_switches_speak_when_they_change_more_than_sampling_does() -> None:
    turned = criterion(options=(option("on", 0.0, 0.0, default=True), option("off", -0.3, 0.05)))
    assert switches(turned) == ("With agency off it is better in 40 of 100 readings rather than 70 of 100.",)
    idle = criterion(options=(option("on", 0.0, 0.0, default=True), option("off", -0.01, 0.05)))
    assert switches(idle) == ("No switch changes the share of readings beyond sampling error.",)
    assert switches(criterion()) == ()


def push(word: str, change: float) -> Push:
    return Push({}, replace(STATED, word=word), change, 0.02)


def examined(*each: tuple[Push, Push, Push], name: str = "C5") -> ClaimPush:
    criteria = tuple(
        CriterionPush(f"criterion {number}", "x", STATED, (), hurts, helps, dropped, ())
        for number, (hurts, helps, dropped) in enumerate(each)
    )
    return ClaimPush(name, ("t_ttp",), (), {"t_ttp": "anything from 0 to 1"}, criteria)


MOVES = (push("fails", -0.4), push("robust", 0.3), push("open", -0.1))
STAYS = (push("leans", 0.0), push("open", 0.01), push("leans", 0.0))


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (examined(MOVES), "pushed fails .. robust; dropped open"),
        (examined(STAYS), "pushed or dropped same"),
        (examined((*MOVES[:2], STAYS[2])), "pushed fails .. robust; dropped same"),
        (examined(MOVES, STAYS), "pushed fails .. robust (1); dropped open (1)"),
        (examined(STAYS, MOVES), "pushed fails .. robust (2); dropped open (2)"),
        (examined(STAYS, STAYS), "pushed or dropped same"),
        (ClaimPush("C5", (), (), {}, ()), ""),
        (
            ClaimPush(
                "C5", (), ("agency",), {},
                (CriterionPush("x", "x", STATED, (), None, None, None, (option("off", -0.3, 0.1),)),),
            ),
            "agency off leans",
        ),
    ],
)  # fmt: skip
def test_a_claim_tells_what_pushing_and_dropping_it_does(claim: ClaimPush, said: str) -> None:
    assert pushed(findings(criterion(), claims=(claim,)), "C5") == said


def test_the_ledger_shows_what_pushing_a_claim_does() -> None:
    with_pushes = render(findings(criterion(), claims=(examined(MOVES),)), 100)
    assert "pushed fails .. robust; dropped open" in with_pushes
    assert "the answer with its numbers pushed to 5 or 95%, or dropped" in flat(with_pushes)
    assert "pushed" not in render(assess(results(64)), 100)


def test_nothing_is_said_without_a_verdict() -> None:
    short = findings(criterion(flip("B")), claims=(examined(MOVES),))
    withheld = replace(short, certification=replace(short.certification, sufficient=False))
    text = render(withheld, 100)
    assert "WHEN IT WOULD BE WRONG" not in text
    assert "pushed" not in text


@pytest.mark.parametrize("width", [60, 80, 120])
def test_lines_keep_the_width(width: int) -> None:
    names = [
        flip("a parameter with a long name " + str(number), unit="strikes a month") for number in range(3)
    ]
    text = page(criterion(*names, joint=moved(DOWN, UP)), width=width)
    assert max(len(line) for line in text.splitlines()) <= width
