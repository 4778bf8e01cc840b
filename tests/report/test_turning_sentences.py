"""What would change the answer, where it fails, and what objections change, in sentences."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from parley.findings import (
    Assumption,
    CriterionFlips,
    Crossing,
    Failure,
    Flip,
    JointFlip,
    JointMove,
    Portion,
    Region,
    Restriction,
    Spread,
    SwitchOption,
)
from parley.findings.objections import ClaimMove, Debate, Move, Objection, Shift
from parley.report.sentences import (
    fails,
    objections,
    reverse,
)
from tests.report.states import share, state, won

# What would change it


@given(
    st.floats(0.5, 100),
    st.floats(0.5, 100),
    st.sampled_from(["above", "below"]),
    st.floats(0, 1),
)
def test_a_flip_says_on_which_side_the_recommendation_wins(
    value: float, middle: float, worse: str, stated: float
) -> None:
    assume(abs(value - middle) > 0.02 * middle)
    at = Crossing(value, None, None, 0.5, outside=False, fails=worse, several=False)
    flip = made_up_flip(middle, at)
    said = reverse.flip(flip, against(stated, flip), "act")
    side = "above" if middle < value else "below"
    assert f"were {side} about" in said or f"is {side} about" in said
    # The claim is about the side on which the middle does not lie.
    wins = worse != side
    if wins:
        assert "would do better" in said or "does better" in said
    else:
        assert "would no longer do better" in said or "would do worse" in said
    assert ("no longer" in said) == (not wins and stated > 0.5)


def made_up_flip(middle: float, at: Crossing | None, **other: object) -> Flip:
    found = Flip(
        name="B",
        kind="parameter",
        text="loss to us",
        unit="strikes",
        low=1.0,
        middle=middle,
        high=142.0,
        outside=(0.3, 426.0),
        compared=192,
        undefined=0,
        broken=0,
        share=0.9,
        share_error=0.05,
        beyond=0.0,
        several=0.0,
        fails="below",
        values=None,
        threshold=at,
        break_even=None,
        curve=(),
    )
    return replace(found, **other)  # type: ignore[arg-type]


def against(stated: float, *flips: Flip, **other: object) -> CriterionFlips:
    found = CriterionFlips("net worth", "payoff(us)", ("wait",), share(stated), flips, (), None)
    return replace(found, **other)  # type: ignore[arg-type]


def test_the_flip_of_the_brief() -> None:
    at = Crossing(19.08, 17.3, 23.6, 0.72, outside=False, fails="below", several=False)
    flip = made_up_flip(12.0, at, text="cost of a tainted failure", unit="ordinary strikes")
    said = Assumption("B", "parameter", None, "", None, 3.26, 12.0, 43.6, "C", (), None, None, ())
    assert reverse.flip(flip, against(0.34, flip), "short list", said) == (
        "If the cost of a tainted failure were above about 19 ordinary strikes (the argument takes 12, "
        "mostly 3.3 to 44), “short list” would do better than “wait” in most readings."
    )


def test_numbers_that_turn_nothing_are_summed_up() -> None:
    near = made_up_flip(12.0, None, name="p", text="chance of peace", share=0.3)
    still = made_up_flip(12.0, None, name="q", share=0.0)
    far = made_up_flip(12.0, Crossing(500.0, None, None, 1.0, outside=True, fails="above", several=False))
    found = state(won(0.97))
    assert reverse.changing(found, against(0.97, near, still)) == (
        "No single number turns most readings, wherever in its range it lies; nearest to that comes the "
        "chance of peace, which turns 30 of 100 readings.",
    )
    assert reverse.changing(found, against(0.97, still)) == (
        "No single number turns more than 1 of 100 readings, wherever in its range it lies.",
    )
    assert reverse.changing(found, against(0.97)) == (
        "No number is uncertain here, so none could lie elsewhere.",
    )
    beyond = reverse.changing(found, against(0.97, far))
    assert beyond[0] == "The loss to us would turn it only beyond what the argument thinks possible."


def test_only_the_nearest_numbers_have_a_sentence() -> None:
    at = Crossing(19.0, None, None, 0.7, outside=False, fails="below", several=True)
    many = [made_up_flip(12.0, at, name=f"n{place}") for place in range(7)]
    said = reverse.changing(state(won(0.97)), against(0.3, *many))
    assert len(said) == 6
    assert said[-1] == "Two more numbers turn it less readily."
    assert "though not everywhere beyond" in said[0]


def test_switches() -> None:
    spread = Spread(0.1, -0.2, 0.1, 0.3, 0.01, 192, 0)
    turns = SwitchOption("agency", "off", False, share(0.4), spread, -0.3, 0.02)
    still = SwitchOption("aid", "on", False, share(0.7), spread, 0.0, 0.02)
    stated = SwitchOption("agency", "on", True, share(0.7), spread, 0.0, 0.0)
    said = reverse.changing(state(won(0.97)), against(0.7, options=(turns, still, stated)))
    assert said[:2] == (
        "With “the promise binds” set to “off”, “short list” does better in 40 of 100 readings instead of "
        "70, which turns most of them.",
        "Setting “aid” otherwise changes nothing that can be told from chance.",
    )


def test_joint_moves() -> None:
    moves = (
        JointMove("B", "parameter", "strikes", 12.0, 8.1, 0.3),
        JointMove("p", "parameter", None, 0.1, 0.2, 0.8),
    )
    flip = JointFlip(False, -0.4, moves, 0.52, 0.001, -0.001, moves, 0.52)
    known = {
        "p": Assumption("p", "parameter", "chance of it", "", None, 0.0, 0.1, 1.0, "C", (), None, None, ())
    }
    assert reverse.central(against(0.3, joint=flip), "act", known) == (
        "With every number at its middle “act” does worse than “wait”; it would do better if `B` went from "
        "12 down to 8.1 strikes and the chance of it went from 10% up to 20% at once."
    )
    none = replace(flip, supports=True, moves=())
    assert "and no move of up to three numbers" in str(reverse.central(against(0.3, joint=none), "act", {}))
    assert reverse.central(against(0.3), "act", {}) is None


# Objections


def objection(*moves: Move, **other: object) -> Objection:
    found = Objection("leak", "Lists leak.", None, None, (), "leans", moves, (), 0)
    return replace(found, **other)  # type: ignore[arg-type]


def move(before: float, after: float, error: float = 0.01) -> Move:
    change = Shift(before, after, after - before, error, 4096)
    return Move("net worth", "payoff(us)", ("wait",), share(before), share(after), change, change)


def test_an_objection_bites_where_the_word_changes() -> None:
    assert objections.objection(objection(move(0.97, 0.3)), "act") == (
        "**It bites.** “Lists leak”: granted, “act” does better in 30 of 100 readings instead of 97 by the "
        "net worth, and the answer turns from clearly for it to against it."
    )
    assert objections.objection(objection(move(0.75, 0.7)), "act").endswith(
        "“act” does better in 70 of 100 readings instead of 75 by the net worth, and the answer stays mostly "
        "for it."
    )
    still = objections.objection(objection(move(0.7, 0.7)), "act")
    assert still.endswith("it changes nothing in the answer that can be told from chance.")
    claims = (ClaimMove("C1", "x", share(0.7), share(0.2)),)
    assert objections.objection(objection(move(0.7, 0.7), claims=claims)).endswith(
        "though one claim is judged otherwise (“C1”)."
    )
    withheld = objections.objection(objection(move(0.97, 0.3), verdict="withheld", uncertified=1))
    assert "1 reading cannot be solved" in withheld


def test_objections_are_summed_up() -> None:
    bites, not_at_all = objection(move(0.97, 0.3)), objection(move(0.7, 0.7))
    record = state(won(0.97)).provenance

    def summed(*found: Objection) -> str:
        return objections.summary(Debate("t", None, "act", "leans", 64, found, {}, record))

    assert summed(bites) == "The one objection stated changes the answer, if it is granted."
    assert summed(not_at_all) == "The one objection stated does not change the answer, if it is granted."
    assert (
        summed(bites, not_at_all)
        == "Of the two objections stated, one changes the answer if granted: “leak”."
    )
    assert summed(not_at_all, not_at_all).endswith("none changes the answer, even if it is granted.")


# Where it fails


def failure(kind: str, value: float, *regions: Region, **other: object) -> Failure:
    portion = Portion(value, 0.01, 2048)
    found = Failure(
        "net worth", "payoff(us)", ("wait",), kind, portion, 0, 0, 9, 9, 2, regions, None, (), None
    )
    return replace(found, **other)  # type: ignore[arg-type]


def restriction(name: str, **other: object) -> Restriction:
    found = Restriction(name, "parameter", None, None, None, None, (), 0.0, 0.1)
    return replace(found, **other)  # type: ignore[arg-type]


def region(*restrictions: Restriction) -> Region:
    mass, coverage, density = (Portion(each, 0.012, 1024) for each in (0.49, 0.65, 0.88))
    return Region(restrictions, mass, coverage, density, 0.5, 0.5, 0.6, 0.9, 0.5)


def test_where_it_fails_is_one_sentence() -> None:
    base = state(won(0.97))
    loss = restriction("B", text="loss to us", unit="strikes", high=23.0)
    chance = restriction("p", text="chance of peace", low=0.075, high=0.5)
    off = restriction("agency", kind="switch", text="promise", options=("off",))
    found = failure("found", 0.6, region(loss, chance), region(off))
    assert fails.failing(base, found) == (
        "By the net worth, “short list” falls behind “wait” mostly where the loss to us is at most 23 "
        "strikes and the chance of peace is between 7.5% and 50%: there it does so in 88 of 100 readings."
    )
    assert fails.held(found) == (
        "49 of 100 readings lie there, and 65 of 100 of its failures (give or take 2; measured on readings "
        "that the condition was not found in). Elsewhere it falls behind mostly where the promise is “off”."
    )
    for kind, value, said in (
        ("none", 0.6, "in 60 of 100 readings, and no simple condition tells where."),
        ("few", 0.02, "in 2 of 100 readings, too few to say where."),
        ("few", 0.98, "in 98 of 100 readings, too nearly all to say where."),
        ("never", 0.0, "in none of the readings."),
        ("always", 1.0, "in all readings."),
    ):
        assert fails.failing(base, failure(kind, value)).endswith(f"falls behind “wait” {said}")
        assert fails.held(failure(kind, value)) is None
