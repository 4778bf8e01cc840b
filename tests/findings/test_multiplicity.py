"""Whether the verdict survives in other equilibria: hand-made tables with known answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from parley.findings import Findings, Multiplicity, assess
from parley.report import render
from parley.report.others import others
from parley.study.results import Found, Results, Search
from tests.findings.synthetic import POLICIES, results

CRITERIA = 2


def found(draw: list[int], values: list[list[float]], twin: bool = False) -> Found:
    """Equilibria in draws of these numbers, the first of each draw on the branch, with signs +, -, +, .."""
    place = [draw[:k].count(number) for k, number in enumerate(draw)]
    return Found(
        draw=np.array(draw),
        criteria={k: np.array(values[k]) for k in range(CRITERIA)},
        residual=np.full(len(draw), 2e-11),
        regret=np.zeros((3, len(draw))),
        sign=np.array([(-1) ** each for each in place], dtype=np.int8),
        principal=np.array([each == 0 for each in place]),
        twin=np.array([twin and draw.count(number) > 1 for number in draw]),
    )


def searched(
    others_of_list: dict[int, list[tuple[float, float]]], twin: bool = False, **changes: object
) -> Results:
    """Results in which all draws were searched; the short list has further equilibria in some of them."""
    base = results(64)
    plain = {
        policy: found(list(range(64)), [base.criteria[k, policy].tolist() for k in range(CRITERIA)])
        for policy in POLICIES
    }
    draw: list[int] = []
    values: list[list[float]] = [[], []]
    for number in range(64):
        pairs = [tuple(base.criteria[k, "short list"][number] for k in range(CRITERIA))]
        for pair in pairs + others_of_list.get(number, []):
            draw.append(number)
            for k in range(CRITERIA):
                values[k].append(pair[k])
    plain["short list"] = found(draw, values, twin)
    record = replace(base.provenance, starts=32, searched=64)
    return replace(base, search=Search(np.arange(64), plain), provenance=record, **changes)  # type: ignore[arg-type]


def summed(tables: Results) -> tuple[Findings, Multiplicity]:
    findings = assess(tables)
    assert findings.multiplicity is not None
    return findings, findings.multiplicity


def test_without_a_search_nothing_is_claimed() -> None:
    findings = assess(results())
    assert findings.multiplicity is None
    assert others(findings) == ()
    assert "no search for other equilibria (--starts 32)" in " ".join(render(findings).split())
    assert "no search" not in render(assess(searched({})))


def test_where_there_is_one_the_bounds_are_the_verdict() -> None:
    findings, seen = summed(searched({}))
    assert (seen.games, seen.several, seen.most, seen.missed) == (64 * 4, 0, 1, 0)
    assert seen.survives is True
    assert findings.verdict is not None
    for answer, survival in zip(findings.verdict.answers, seen.criteria, strict=True):
        assert survival.criterion == answer.criterion
        assert survival.best.played == survival.best.worst == survival.best.best == answer.best
        assert survival.against_baseline is not None
        assert survival.against_baseline.played == answer.against_baseline
        assert survival.against_baseline.depends == 0
    assert others(findings) == (
        "No other equilibrium was found in 256 games searched (64 readings x 4 policies, 32 starts each).",
    )


def test_equilibria_that_change_no_answer_leave_the_verdict() -> None:
    base = results(64)
    same = {
        n: [(float(base.criteria[0, "short list"][n]), float(base.criteria[1, "short list"][n]))] * 2
        for n in (3, 9)
    }
    findings, seen = summed(searched(same))
    assert (seen.several, seen.most, seen.missed) == (2, 3, 0)
    assert seen.survives is True
    said = others(findings)
    assert said[0].startswith(
        "2 of 256 games searched (64 readings x 4 policies, 32 starts each) have another"
    )
    assert said[-1] == "Whichever is played, every answer of the verdict is the same."


def test_bounds_take_the_worst_and_the_best_reading_by_reading() -> None:
    """The short list is worth nothing in 40 of 64 readings if the worst is played, and all if the best is."""
    other = {n: [(-9.0, -9.0), (9.0, 9.0)] for n in range(40)}
    findings, seen = summed(searched(other))
    assert seen.survives is False
    cleaner, worth = seen.criteria
    for survival in (cleaner, worth):
        assert survival.against_baseline is not None
        assert survival.against_baseline.depends == 40
        assert survival.best.depends == 40
    base = results(64)
    won = base.criteria[0, "short list"] > base.criteria[0, "status quo"]
    assert cleaner.against_baseline is not None
    assert cleaner.against_baseline.played.share == np.mean(won)
    assert cleaner.against_baseline.worst.share == np.mean(won & (np.arange(64) >= 40))
    assert cleaner.against_baseline.best.share == np.mean(won | (np.arange(64) < 40))
    said = " ".join(others(findings))
    assert "The verdict would change if another one were played." in said
    assert "it depends on the equilibrium in 40 of 64" in said


def test_one_reading_that_depends_is_told_without_changing_the_words() -> None:
    findings, seen = summed(searched({5: [(-9.0, -9.0), (-8.0, -8.0)]}))
    assert seen.survives is True
    assert seen.criteria[0].against_baseline is not None
    assert seen.criteria[0].against_baseline.depends == 1
    assert "The words of the verdict are the same whichever is played." in others(findings)


def test_signs_that_do_not_add_up_and_mirror_images_are_told() -> None:
    findings, seen = summed(searched({5: [(0.5, 0.5)]}, twin=True))
    assert (seen.missed, seen.twins, seen.accidents) == (1, 1, 1)
    said = " ".join(others(findings))
    assert "In 1 game those found cannot be all: their signs do not add up to 1." in said
    assert "In 1 game two equilibria are mirror images" in said
    assert "In 1 game the one that was followed is such an image: an accident." in said


def test_an_even_handed_answer_between_mirror_images_is_no_accident() -> None:
    tables = searched({5: [(0.5, 0.5), (0.6, 0.6)]}, twin=True)
    assert tables.search is not None
    own = tables.search.found["short list"]
    between = replace(own, twin=own.twin & ~own.principal)
    search = replace(tables.search, found={**tables.search.found, "short list": between})
    findings, seen = summed(replace(tables, search=search))
    assert (seen.twins, seen.accidents) == (1, 0)
    assert "accident" not in " ".join(others(findings))


def test_no_verdict_no_survival() -> None:
    base = results(64)
    status = np.ones(64, np.int8)
    proofs = {**base.proofs, "pause": replace(base.proofs["pause"], status=status)}
    findings, seen = summed(searched({5: [(0.5, 0.5)]}, proofs=proofs))
    assert seen.survives is None
    assert not any("verdict" in line for line in others(findings))


def test_the_record_says_how_to_search_again() -> None:
    from parley.report.words import command

    assert "--starts 32" in command(assess(searched({})))
    assert "--starts" not in command(assess(results()))


def test_findings_with_a_search_read_back_and_older_files_are_read() -> None:
    import json

    findings = assess(searched({5: [(0.5, 0.5)]}))
    assert Findings.from_json(findings.to_json()) == findings
    old = json.loads(assess(results()).to_json())
    del old["multiplicity"], old["provenance"]["starts"], old["provenance"]["searched"]
    assert Findings.from_json(json.dumps(old)) == assess(results())
