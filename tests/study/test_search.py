"""The search for other equilibria in a run: which draws, the same bits, stored, verified, resumed."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

import parley
from parley.study import Results, Store, read_run
from parley.study.search import chosen
from tests.game.stories import MEETING, SIGNALS, scenario

DRAWS, SEARCHED, STARTS = 48, 12, 16

SWITCHED = MEETING.replace(
    "story:\n", "switches: {wet: {options: {yes: 40%, no: rest}}}\nstory:\n", 1
).replace(
    "  - {player: ann, move: say",
    "  - {nature: rain, options: [rain, sun], when: wet is yes}\n  - {player: ann, move: say",
)


def searched(text: str = MEETING, **settings: object) -> Results:
    story = scenario(text)
    return parley.run(story, draws=DRAWS, seed=4, starts=STARTS, searched=SEARCHED, **settings)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "run"
    searched(store=folder)
    return folder


def same(one: Results, other: Results) -> None:
    assert one.search is not None
    assert other.search is not None
    assert np.array_equal(one.search.draw, other.search.draw)
    for policy in one.policies:
        ours, theirs = one.search.found[policy], other.search.found[policy]
        for name in ("draw", "residual", "regret", "sign", "principal", "twin"):
            assert np.array_equal(getattr(ours, name), getattr(theirs, name)), name
        assert np.array_equal(ours.criteria[0], theirs.criteria[0], equal_nan=True)


@pytest.mark.parametrize(("text", "most"), [(MEETING, 3), (SWITCHED, 9)])
def test_the_principal_branch_is_among_them_with_the_values_of_the_run(text: str, most: int) -> None:
    """In the second story it may rain or shine first: two meetings apart, with 3 x 3 equilibria."""
    results = searched(text)
    assert results.search is not None
    assert len(results.search.draw) == SEARCHED
    row = np.searchsorted(results.draw, results.search.draw)
    for policy, found in results.search.found.items():
        played = found.principal
        assert np.array_equal(found.draw[played], results.search.draw)
        assert np.array_equal(found.criteria[0][played], results.criteria[0, policy][row])
        assert np.all(found.residual <= 1e-9)
    counts = np.bincount(np.searchsorted(results.search.draw, results.search.found["wait"].draw))
    assert set(counts.tolist()) == {1, 3, most}
    assert len(results.search.found["tell"].draw) == SEARCHED


def test_other_equilibria_are_other_outcomes_at_the_same_reading() -> None:
    """Waiting, Ann and Bob meet at the opera, or at the fight, or hardly ever."""
    results = searched()
    assert results.search is not None
    found = results.search.found["wait"]
    draw = next(each for each in results.search.draw if np.count_nonzero(found.draw == each) == 3)
    payoff = np.sort(found.criteria[0][found.draw == draw])
    assert payoff[0] < payoff[1] < payoff[2]
    assert payoff[2] > 1.2


def test_the_same_bits_for_any_chunking_and_threads() -> None:
    same(searched(), searched(chunk=7, threads=1))


def test_which_draws_are_searched_depends_on_the_seed_alone() -> None:
    assert chosen(4, DRAWS, SEARCHED).tolist() == chosen(4, DRAWS, SEARCHED).tolist()
    assert chosen(4, DRAWS, SEARCHED).tolist() != chosen(5, DRAWS, SEARCHED).tolist()
    assert chosen(4, 10, 64).tolist() == list(range(10))


def test_a_stored_search_reads_back_and_is_sound(kept: Path) -> None:
    same(searched(), read_run(kept))
    assert parley.verify(kept).sound
    assert parley.assess(read_run(kept)) == parley.assess(searched(store=kept))


def copied(kept: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "copy"
    for file in kept.rglob("*"):
        if file.is_file():
            target = copy / file.relative_to(kept)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    return copy


def changed(kept: Path, tmp_path: Path, change: str) -> Path:
    copy = copied(kept, tmp_path)
    file, new = copy / "search" / "0.parquet", copy / "new.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"copy (select * replace ({change}) from '{file}') to '{new}' (format parquet)")
    new.replace(file)
    return copy


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("strategy", "list_transform(strategy, lambda x: x * 1.0001)"),
        ("residual", "residual + 1e-6"),
        ("value", "list_transform(value, lambda x: x * 1.001)"),
        ("regret", "list_transform(regret, lambda x: x + 0.01)"),
        ("quantity: payoff(ann)", '"quantity: payoff(ann)" + 0.1'),
    ],
)
def test_a_changed_equilibrium_is_named(kept: Path, tmp_path: Path, column: str, change: str) -> None:
    with duckdb.connect() as connection:
        (draw,) = connection.execute(f"select max(draw) from '{kept}/search/0.parquet'").fetchone() or (0,)
    name = f'"{column}"'
    run = changed(kept, tmp_path, f"case when draw = {draw} then {change} else {name} end as {name}")
    problems = parley.verify(run).problems
    assert problems
    assert {(each.policy, each.draw) for each in problems} == {("wait", draw)}
    assert all("equilibrium found" in each.message for each in problems)


def test_draws_that_were_not_to_be_searched_are_named(kept: Path, tmp_path: Path) -> None:
    run = changed(kept, tmp_path, "draw + 1 as draw")
    assert any("other draws" in each.message for each in parley.verify(run).problems)


def test_a_missing_search_is_named_when_the_run_is_finished(kept: Path, tmp_path: Path) -> None:
    run = copied(kept, tmp_path)
    story = scenario(MEETING)
    record = Store.open(run)
    with Store.resume(run, story, record.provenance, record.policies, record.chunk) as store:
        store.finish("{}")
    assert parley.verify(run).sound
    (run / "search" / "1.parquet").unlink()
    assert [each.policy for each in parley.verify(run).problems] == ["tell"]
    assert read_run(run).search is None
    assert not read_run(run).complete


def test_a_run_that_was_searched_is_not_resumed_as_another(kept: Path) -> None:
    with pytest.raises(parley.StudyError, match="starts of the search: there 16, here 8"):
        parley.run(scenario(MEETING), draws=DRAWS, seed=4, starts=8, searched=SEARCHED, store=kept)


def test_a_stopped_search_resumes(tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    part = searched(
        store=tmp_path / "run",
        chunk=16,
        progress=lambda done, total: calls.append((done, total)),
        cancel=lambda: bool(calls) and calls[-1][0] >= 7,
    )
    assert calls[-1] == (7, 8)
    assert not part.complete
    assert part.search is None
    assert sorted(file.name for file in (tmp_path / "run" / "search").iterdir()) == ["0.parquet"]
    same(searched(), searched(store=tmp_path / "run", chunk=16))


def test_ill_posed_draws_have_none() -> None:
    text = SIGNALS.replace("  e: 15%\n", "  e: {uniform: [-0.2, 0.5]}\n")
    results = parley.run(scenario(text), draws=32, seed=1, starts=4)
    bad = results.draw[results.parameters["e"] < 0]
    assert results.search is not None
    for found in results.search.found.values():
        assert not np.isin(found.draw, bad).any()
        assert len(np.unique(found.draw)) == 32 - len(bad)
    policies = parley.assess(results).multiplicity
    assert policies is not None
    assert {each.none for each in policies.policies} == {len(bad)}


@pytest.mark.parametrize(
    ("settings", "message"), [({"starts": -1}, "-1 starts"), ({"searched": 0}, "0 draws")]
)
def test_searches_that_make_no_sense(settings: dict[str, int], message: str) -> None:
    with pytest.raises(parley.StudyError, match=message):
        parley.run(scenario(SIGNALS), draws=32, **({"starts": 4} | settings))  # type: ignore[arg-type]
