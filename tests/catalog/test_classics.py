"""What is known of the classic games beyond the numbers that they state as ``expected``."""

from __future__ import annotations

from itertools import product
from math import comb, exp

import numpy as np
import pytest
from scipy.optimize import brentq, linprog

import parley
from parley import catalog
from parley.scenario import check
from parley.solve import Status, solve_zero_sum
from tests.catalog.classic import CLASSICS, asked, plain

BOTH = ("cooperate", "defect")


def logistic(x: float) -> float:
    return 1.0 / (1.0 + exp(-x))


@pytest.mark.parametrize("name", CLASSICS)
def test_an_article_says_what_a_reader_needs(name: str) -> None:
    text = catalog.locate(name).read_text(encoding="utf-8")
    assert check(text) == ()
    scenario = parley.load(name)
    assert {"field", "teaches", "summary", "citation", "fidelity", "licence"} <= set(scenario.about)
    for heading in ("**The formula.**", "**How faithful.**", "**What to try.**"):
        assert heading in text
    assert scenario.claims
    assert scenario.sweeps
    assert len(scenario.expected) >= 3
    assert f"parley run {name} --set" in text


@pytest.mark.parametrize("name", CLASSICS)
def test_every_reading_of_the_words_has_a_certified_answer(name: str) -> None:
    """In games that treat players alike, precision stays below the fork."""
    found = parley.run(parley.load(name), draws=32, seed=3)
    for proof in found.proofs.values():
        assert (proof.status == Status.CONVERGED).all()


class TestPrisonersDilemma:
    NAME = "tucker-1950/prisoners-dilemma"

    @pytest.mark.parametrize("care", [1.0, 6.0, 30.0])
    def test_defection_solves_the_logit_equation(self, care: float) -> None:
        """What defection gains is 2 against a cooperator and 1 against a defector; the stake is 5."""
        root = brentq(lambda d: d - logistic(care / 5 * (2 - d)), 0.0, 1.0, xtol=1e-14)
        (found,) = asked(self.NAME, "P(ours is defect | as it comes)", care=care)
        assert found == pytest.approx(root, abs=1e-10)

    def test_sympathy_turns_it_into_chicken_and_then_into_harmony(self) -> None:
        for w, both in ((0.2, 0.0), (0.3, None), (0.6, None), (0.75, 1.0)):
            to_a_cooperator, to_a_defector = asked(
                self.NAME,
                *(
                    f"payoff(row | defect and theirs is {it}) - payoff(row | cooperate and theirs is {it})"
                    for it in BOTH
                ),
                w=w,
                care=4.0,
            )
            assert (to_a_cooperator > 0) == (w < 2 / 3)
            assert (to_a_defector > 0) == (w < 1 / 4)
            if both is not None:
                (found,) = asked(self.NAME, "P(both cooperate | as it comes)", concept="limit", w=w)
                assert found == both


class TestRepeatedPrisonersDilemma:
    NAME = "luce-raiffa-1957/finitely-repeated-dilemma"

    def test_unravelling_makes_every_round_the_same_single_game(self) -> None:
        """Nothing that is done changes what follows, so that errors unravel too: the stake is 20."""
        care = 40.0
        root = brentq(lambda d: d - logistic(care / 20 * (2 - d)), 0.0, 1.0, xtol=1e-14)
        last, rounds = asked(
            self.NAME,
            "P(theirs is defect | nobody bound)",
            "E(times(theirs is defect) | nobody bound)",
            care=care,
        )
        assert last == pytest.approx(root, abs=1e-10)
        assert rounds == pytest.approx(4 * root, abs=1e-10)

    def test_tit_for_tat_holds_up_to_the_last_round_while_defection_gains_less_than_it_costs(self) -> None:
        """To defect a round early brings T + P in the last two in place of R + T: worse, as R > P.

        To defect, be repaid and make up brings T + S in place of 2R: better only where T > 2R - S = 6.
        """
        for temptation, rounds in ((3.5, 3.0), (5.0, 3.0), (5.9, 3.0), (6.5, 2.0)):
            (found,) = asked(
                self.NAME, "E(times(theirs is cooperate) | tit for tat)", concept="limit", T=temptation
            )
            assert found == rounds


@pytest.mark.parametrize("care", [2.0, 6.0, 30.0])
def test_the_stag_is_hunted_below_half_a_share_and_no_longer_above(care: float) -> None:
    """Risk dominance decides at every precision, not only in the limit."""
    for hare in (0.5, 1.5, 1.95, 2.05, 2.5, 3.5):
        (stag,) = asked("skyrms-2004/stag-hunt", "P(his is stag | keep the post)", h=hare, care=care)
        assert (stag > 0.5) == (hare < 2)


def test_assurance_without_a_word_ends_well_in_about_every_second_reading() -> None:
    """The order of payoffs leaves open which equilibrium is less of a risk."""
    unseen, seen = asked(
        "sen-1967/assurance",
        "P(ours is contribute and theirs is contribute | unseen)",
        "P(ours is contribute and theirs is contribute | seen first)",
        concept="limit",
        changes=(('{range: [10, 100], scale: log, text: "precision"}', "10"),),
    )
    assert 0.2 < unseen < 0.8
    assert seen == 1.0


def test_in_isolation_both_shirk_in_whatever_reading_of_the_order() -> None:
    """The gain from shirking may be as small as it likes, so that only a mean over readings can be near 1."""
    isolation = (("default: assurance", "default: isolation"),)
    unseen, seen = asked(
        "sen-1967/assurance",
        "P(both shirk | unseen)",
        "P(theirs is shirk | seen first)",
        changes=isolation,
        care=3000.0,
    )
    assert unseen > 0.99
    assert seen > 0.99


@pytest.mark.parametrize("coin", [2.0, 1.0, 0.5, 0.25])
def test_the_offer_without_error_is_the_smallest_coin_however_small(coin: float) -> None:
    """It tends to 0 as coins get finer: the ultimatum of the textbooks."""
    # At an offer of 0 both answers are alike, so that it is worth 5 at once: less than 10 - coin.
    changes = (("{from: 0, to: 10, by: 1}", f"{{from: 0, to: 10, by: {coin!r}}}"),)
    (offer,) = asked("guth-1982/ultimatum", "E(offer)", concept="limit", changes=changes, bare=True)
    assert offer == pytest.approx(coin, abs=1e-12)


def test_kuhns_poker_is_worth_minus_an_eighteenth() -> None:
    """A second road to the value: regret minimisation, which knows nothing of errors."""
    game, numbers = plain("kuhn-1950/poker")
    found = solve_zero_sum(game, numbers.chance, numbers.payoff, target=1e-7)
    assert found.converged.all()
    assert found.value[0, 0] == pytest.approx(-1 / 18, abs=1e-7)


def test_blotto_is_worth_what_linear_programming_says() -> None:
    """Divisions written out here, one row and one column each: nothing of the scenario is used."""

    def divisions(units: int) -> list[tuple[int, int, int]]:
        return [(a, b, units - a - b) for a, b in product(range(units + 1), repeat=2) if a + b <= units]

    lead = np.array(
        [[sum(np.sign(np.subtract(x, y))) for y in divisions(4)] for x in divisions(5)], dtype=np.float64
    )
    rows, columns = lead.shape
    assert (rows, columns) == (21, 15)
    solved = linprog(
        np.append(np.zeros(rows), -1.0),
        A_ub=np.hstack([-lead.T, np.ones((columns, 1))]),
        b_ub=np.zeros(columns),
        A_eq=[np.append(np.ones(rows), 0.0)],
        b_eq=[1.0],
        bounds=[(0, None)] * rows + [(None, None)],
    )
    assert -solved.fun == pytest.approx(0.5, abs=1e-9)
    (value,) = asked("gross-wagner-1950/colonel-blotto", "payoff(blotto | draw lots)", concept="limit")
    assert value == pytest.approx(-solved.fun, abs=1e-9)


@pytest.mark.parametrize(("periods", "looks"), [(2, 1), (3, 1), (3, 2), (4, 1), (4, 2), (5, 2)])
def test_the_inspection_game_has_dreshers_value(periods: int, looks: int) -> None:
    """C(n-1, m) / (C(n, 0) + ... + C(n, m)) to the inspected side, n periods and m inspections."""
    game, numbers = plain(
        "dresher-1962/inspection",
        ("repeat: 4", f"repeat: {periods}"),
        ("{start: 2, from: 0, to: 2}", f"{{start: {looks}, from: 0, to: {looks}}}"),
    )
    value = comb(periods - 1, looks) / sum(comb(periods, k) for k in range(looks + 1))
    found = solve_zero_sum(game, numbers.chance, numbers.payoff, target=1e-6)
    assert found.value[1, 0] == pytest.approx(value, abs=1e-6)


def test_a_heavier_fine_works_on_people_who_err_and_not_on_those_who_do_not() -> None:
    name, speeding = "tsebelis-1989/crime-and-punishment", "P(drive is speed | as needed)"
    light, heavy = (asked(name, speeding, F=fine, care=15.0)[0] for fine in (4.0, 10.0))
    assert heavy < light - 0.02
    light, heavy = (asked(name, speeding, concept="limit", F=fine)[0] for fine in (4.0, 10.0))
    assert heavy == pytest.approx(light, abs=1e-12)


class TestChainStore:
    NAME = "selten-1978/chain-store"

    def test_bound_to_fight_every_rival_faces_the_same_single_choice(self) -> None:
        """To enter brings 0, to stay out 1, of a stake of 40; the chain earns 5 where it is left alone."""
        care = 90.0
        enters = logistic(-care / 40)
        fights, earned = asked(
            self.NAME, "E(fights | bound to fight)", "payoff(chain | bound to fight)", care=care
        )
        assert fights == pytest.approx(20 * enters, rel=1e-10)
        assert earned == pytest.approx(100 * (1 - enters), rel=1e-10)

    def test_the_paradox_with_five_towns_that_everybody_remembers_whole(self) -> None:
        """What players carry from town to town makes no difference where nothing depends on it."""
        changes = (
            ("remembers: [fights]", "precision: care"),
            ("repeat: 20", "repeat: 5"),
        )
        rivals, fights = asked(
            self.NAME,
            "payoff(rivals | nobody bound)",
            "E(fights | nobody bound)",
            concept="limit",
            changes=changes,
        )
        assert (rivals, fights) == (10.0, 0.0)


def test_nobody_enters_where_a_war_is_worth_more_than_sharing() -> None:
    for worth in (0.0, 1.0, 1.99, 2.01, 3.0):
        (entry,) = asked(
            "selten-1978/entry-deterrence", "P(market is enter | threaten)", concept="limit", f=worth
        )
        assert entry == (1.0 if worth < 2 else 0.0)


class TestCheapTalk:
    NAME = "crawford-sobel-1982/cheap-talk"

    @pytest.mark.parametrize("bias", [0.0, 0.06, 0.1, 0.17, 0.22])
    @pytest.mark.parametrize("states", [10, 20, 40])
    def test_the_cut_is_that_of_the_continuum_to_within_a_cell(self, bias: float, states: int) -> None:
        step = 1 / states
        fine = f"{{from: {step / 2!r}, to: {1 - step / 2!r}, by: {step!r}}}"
        changes = (("{from: 0.05, to: 0.95, by: 0.1}", fine),)
        (low,) = asked(self.NAME, "P(word is low)", b=bias, care=600.0, changes=changes)
        assert low == pytest.approx(0.5 - 2 * bias, abs=step)

    def test_above_a_quarter_nothing_is_said(self) -> None:
        for bias in (0.27, 0.3, 0.4):
            low, high = asked(
                self.NAME, "P(word is low)", "E(action | word is high)", concept="limit", b=bias
            )
            assert low == 0.0
            assert high == pytest.approx(0.5, abs=1e-12)

    def test_two_states_speak_truth_up_to_half_and_half_the_dislike_of_lying(self) -> None:
        name = "crawford-sobel-1982/two-states"
        truth, dislike = "P(word = threat | listen as one sees fit)", 0.01
        for bias in (0.3, 0.5 + dislike / 2 - 0.004):
            assert asked(name, truth, concept="limit", b=bias) == [1.0]
        for bias in (0.5 + dislike / 2 + 0.004, 0.7):
            assert asked(name, truth, concept="limit", b=bias)[0] == pytest.approx(0.5, abs=1e-9)


class TestSchooling:
    NAME = "spence-1973/schooling"

    @pytest.mark.parametrize("cost", [0.7, 0.95, 1.1])
    @pytest.mark.parametrize("able", [0.2, 0.5])
    def test_the_able_go_just_so_long_that_the_others_do_not_follow(self, cost: float, able: float) -> None:
        """The least of the grid's levels from 1/c on, whatever the share of the able."""
        least = next(level for level in (0.55, 1.1, 1.65, 2.2) if level >= 1 / cost)
        high, low = asked(
            self.NAME,
            "E(years | schools and ability is high)",
            "E(years | schools and ability is low)",
            concept="limit",
            c=cost,
            able=able,
        )
        assert high == pytest.approx(least, abs=1e-12)
        assert low == pytest.approx(0.0, abs=1e-12)

    def test_the_able_gain_by_it_only_where_they_are_few(self) -> None:
        for able, gain in ((0.2, True), (0.4, True), (0.5, False)):
            with_schools, without = asked(
                self.NAME,
                "payoff(worker | schools and ability is high)",
                "payoff(worker | no schools and ability is high)",
                concept="limit",
                able=able,
            )
            assert (with_schools > without) == gain


def test_the_louder_our_audience_the_less_often_we_yield() -> None:
    found = [
        asked("fearon-1994/public-crisis", "P(we yield or both yield)", a=cost, care=15.0)[0]
        for cost in (0.0, 0.05, 0.15, 0.25, 0.4)
    ]
    assert found == sorted(found, reverse=True)
    assert found[0] > 0.8
    assert found[-1] < 0.01


@pytest.mark.parametrize("ours", [0, 2, 4, 6])
@pytest.mark.parametrize("theirs", [0, 2])
def test_demands_share_what_agreement_adds(ours: int, theirs: int) -> None:
    """The product (x - d)(10 - x - e) is largest at 5 + (d - e) / 2."""
    (asked_for,) = asked("nash-1953/demand", "E(y | ask for five)", concept="limit", d=ours, e=theirs)
    best = max(range(11), key=lambda demand: (demand - ours) * (10 - demand - theirs))
    assert asked_for == pytest.approx(10 - best, abs=1e-12)


def test_claims_fall_with_the_reward_only_where_people_err() -> None:
    """Near 200 for a reward of 5, near 80 for one of 80, as in the experiment; 80 for all without error."""
    name, claim = "capra-1999/travelers-dilemma", "E(his | claim the most)"
    averages = [asked(name, claim, R=reward, care=100 / 8.3)[0] for reward in (5, 10, 20, 50, 80)]
    assert averages == sorted(averages, reverse=True)
    assert averages[0] > 180
    assert averages[-1] < 82
    assert asked(name, claim, concept="limit", R=15) == asked(name, claim, concept="limit", R=60) == [80.0]
