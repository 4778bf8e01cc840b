"""The folder of a run: bit for bit, whole or not there, one writer, and a clear word about every fault."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from parley.errors import StudyError
from parley.study.parquet import ParquetFiles
from parley.study.store import FORMAT, Key, Store
from tests.study.kept import ASKED, CHUNK, DRAWS, POLICIES, TEXT, begin, columns, source

ROOT = Path(__file__).parents[2]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals, limits and modes of POSIX")


def assert_same(found: dict[str, NDArray[Any]], expected: dict[str, NDArray[Any]]) -> None:
    assert list(found) == list(expected)
    for name, values in expected.items():
        assert found[name].dtype.kind == values.dtype.kind
        assert found[name].shape == values.shape
        if values.dtype.kind == "f":
            np.testing.assert_array_equal(np.isnan(found[name]), np.isnan(values))
            number = ~np.isnan(values)
            np.testing.assert_array_equal(
                np.ascontiguousarray(found[name][number]).view(np.uint64), values[number].view(np.uint64)
            )
        else:
            assert values.dtype.kind == "U" or found[name].dtype == values.dtype
            np.testing.assert_array_equal(found[name], values)


def process(mode: str, folder: Path, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.study.kept", mode, str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        **options,
    )


# --- bit for bit ----------------------------------------------------------------------------------------


@st.composite
def _chunks(draw: st.DrawFn) -> dict[str, NDArray[Any]]:
    draws = draw(st.integers(1, 9))
    floats = st.floats(width=64, allow_nan=True)
    name = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=8)
    label = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5)
    column = st.one_of(
        arrays.arrays(np.float64, draws, elements=floats),
        arrays.arrays(np.float64, st.tuples(st.integers(0, 4), st.just(draws)), elements=floats),
        arrays.arrays(st.sampled_from([np.int8, np.int16, np.int32, np.int64]), draws),
        arrays.arrays(np.bool_, draws),
        st.lists(label, min_size=draws, max_size=draws).map(np.array),
    )
    return draw(st.dictionaries(name, column, min_size=1, max_size=5))


@settings(deadline=None, max_examples=120)
@given(chunk=_chunks())
def test_columns_come_back_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory, chunk: dict[str, Any]
) -> None:
    file = tmp_path_factory.mktemp("chunk") / "0-0.parquet"
    files = ParquetFiles()
    files.write(file, chunk, {"seed": 7})
    assert_same(files.read(file, {"seed": 7}), chunk)
    files.close()


def test_a_chunk_comes_back_from_another_store(tmp_path: Path) -> None:
    with begin(tmp_path / "run") as store:
        store.write_chunk((1, CHUNK), columns(1, CHUNK))
    assert_same(Store.open(tmp_path / "run").read_chunk((1, CHUNK)), columns(1, CHUNK))


def test_names_that_differ_in_capitals_stay_apart(tmp_path: Path) -> None:
    chunk = {
        name: np.array([float(number)]) for number, name in enumerate(["B", "b", "b (2)", 'a "b"', "B_1"])
    }
    with begin(tmp_path / "run") as store:
        store.write_chunk((0, 0), chunk)
        assert_same(store.read_chunk((0, 0)), chunk)


def test_anybody_can_read_the_chunks(tmp_path: Path) -> None:
    with begin(tmp_path / "run") as store:
        for key in [(0, 0), (0, CHUNK), (1, 0)]:
            store.write_chunk(key, columns(*key))
    count, missing, actions, war = duckdb.execute(
        'SELECT count(*), count(*) - count("P(war | talks)"), min(len(strategy)), avg("P(war | talks)") '
        "FROM read_parquet(?)",
        [str(tmp_path / "run" / "chunks" / "*.parquet")],
    ).fetchall()[0]
    values = np.concatenate([columns(*key)["P(war | talks)"] for key in [(0, 0), (0, CHUNK), (1, 0)]])
    assert (count, missing, actions) == (3 * CHUNK, np.isnan(values).sum(), 30)
    assert war == pytest.approx(np.nanmean(values))


def test_folders_with_odd_names(tmp_path: Path) -> None:
    folder = tmp_path / "run [1] it's 50 % ä{x}"
    with begin(folder) as store:
        store.write_chunk((0, 0), columns(0, 0))
        assert_same(store.read_chunk((0, 0)), columns(0, 0))


def test_a_chunk_written_again_replaces_the_first(tmp_path: Path) -> None:
    with begin(tmp_path) as store:
        store.write_chunk((0, 0), {"draw": np.arange(3)})
        store.write_chunk((0, 0), {"draw": np.arange(5)})
        assert store.read_chunk((0, 0))["draw"].tolist() == [0, 1, 2, 3, 4]
        assert store.done() == {Key(0, 0)}


def test_threads_share_a_store(tmp_path: Path) -> None:
    keys = [(policy, first) for policy in (0, 1) for first in range(0, 20 * CHUNK, CHUNK)]
    with begin(tmp_path) as store:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda key: store.write_chunk(key, columns(*key)), keys))
            found = list(pool.map(store.read_chunk, keys))
        assert store.done() == set(keys)
    for key, chunk in zip(keys, found, strict=True):
        assert_same(chunk, columns(*key))


@pytest.mark.parametrize(
    ("chunk", "message"),
    [
        ({}, "same number of draws"),
        ({"a": np.zeros(2), "b": np.zeros(3)}, "same number of draws"),
        ({"a": np.zeros((2, 2, 2))}, "same number of draws"),
        ({"a": np.zeros(2, dtype=np.float32)}, "'a' is of float32"),
        ({"a": np.zeros((2, 2), dtype=np.int64)}, "only float64 has tables"),
        ({"a": np.array([object()])}, "'a' is of object"),
    ],
)
def test_what_no_chunk_can_hold(tmp_path: Path, chunk: dict[str, Any], message: str) -> None:
    with begin(tmp_path) as store:
        with pytest.raises(StudyError, match=message):
            store.write_chunk((0, 0), chunk)
        assert store.done() == set()


# --- what was asked -------------------------------------------------------------------------------------


def test_the_folder_says_what_was_asked(tmp_path: Path) -> None:
    with begin(tmp_path / "deep" / "run"):
        pass
    store = Store.open(tmp_path / "deep" / "run")
    assert store.provenance == ASKED
    assert (store.policies, store.chunk) == (POLICIES, CHUNK)
    assert (store.scenario_file, store.scenario_text) == ("scenario.md", TEXT)
    assert (tmp_path / "deep" / "run" / "scenario.md").read_bytes() == TEXT.encode()
    assert (
        json.loads((tmp_path / "deep" / "run" / "run.json").read_text(encoding="utf-8"))["format"] == FORMAT
    )


def test_a_scenario_in_yaml_keeps_its_kind(tmp_path: Path) -> None:
    Store.create(tmp_path, source("Talks.YML", "parley: 1"), ASKED, POLICIES, CHUNK).close()
    assert Store.open(tmp_path).scenario_file == "scenario.yaml"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"digest": "0"}, "What differs: the scenario's text$"),
        ({"digest": "0", "overrides": {}}, "set: there .*=.*, here nothing$"),
        ({"seed": 8}, "seed: there 7, here 8"),
        ({"draws": 64}, "number of draws: there 6400, here 64"),
        ({"design": "random"}, "design"),
        ({"concept": "level-k"}, "solution concept"),
        ({"version": "0.2.0"}, r"version of Parley: there 0\.1\.0, here 0\.2\.0"),
    ],
)
def test_a_run_that_asked_for_something_else_is_not_resumed(
    tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    begin(tmp_path).close()
    with pytest.raises(StudyError, match=words) as caught:
        begin(tmp_path, **change)
    assert str(caught.value).startswith(f"'{tmp_path}' holds another run; choose another folder. ")
    assert "0" * 12 not in str(caught.value)
    begin(tmp_path).close()  # the refusal gave the folder back


@pytest.mark.parametrize(
    ("policies", "chunk", "words"),
    [
        (POLICIES[::-1], CHUNK, "policies: there status quo, short list.*; here "),
        (POLICIES, 32, "draws per chunk"),
    ],
)
def test_other_policies_or_chunks_are_not_resumed(
    tmp_path: Path, policies: tuple[str, ...], chunk: int, words: str
) -> None:
    begin(tmp_path).close()
    with pytest.raises(StudyError, match=words):
        Store.resume(tmp_path, source(), ASKED, policies, chunk)


def test_the_same_settings_in_other_words_are_the_same_run(tmp_path: Path) -> None:
    begin(tmp_path).close()
    begin(tmp_path, overrides={"p": "as somebody else types it"}).close()  # the digest is of what they mean


def test_a_scenario_that_moved_is_still_the_same(tmp_path: Path) -> None:
    begin(tmp_path).close()
    begin(tmp_path, path="elsewhere/talks.md").close()


def test_create_and_resume_do_not_mix(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="holds no run"):
        Store.resume(tmp_path / "none", source(), ASKED, POLICIES, CHUNK)
    assert not (tmp_path / "none").exists()
    Store.create(tmp_path, source(), ASKED, POLICIES, CHUNK).close()
    with pytest.raises(StudyError, match="already holds a run"):
        Store.create(tmp_path, source(), ASKED, POLICIES, CHUNK)
    Store.resume(tmp_path, source(), ASKED, POLICIES, CHUNK).close()


@pytest.mark.parametrize("name", ["notes.txt", "scenario.md", "chunks/0-0.parquet"])
def test_a_folder_with_other_things_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(StudyError, match="is not empty and holds no run"):
        begin(tmp_path)
    assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


def test_a_beginning_that_was_cut_short_is_begun_again(tmp_path: Path) -> None:
    begin(tmp_path).close()
    (tmp_path / "run.json").unlink()
    (tmp_path / "run.json.partial").write_text('{"form', encoding="utf-8")
    begin(tmp_path).close()
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "chunks",
        "run.json",
        "run.lock",
        "scenario.md",
    ]


def test_a_store_to_read_does_not_write(tmp_path: Path) -> None:
    with begin(tmp_path) as writing:
        writing.write_chunk((0, 0), columns(0, 0))
        store = Store.open(tmp_path)  # while another writes
        assert store.done() == {Key(0, 0)}
        with pytest.raises(StudyError, match="not open for writing"):
            store.write_chunk((0, 0), columns(0, 0))
        with pytest.raises(StudyError, match="not open for writing"):
            store.finish("{}")
    with pytest.raises(StudyError, match="not open for writing"):
        writing.write_chunk((0, 0), columns(0, 0))
    writing.close()


@pytest.mark.parametrize("key", [(2, 0), (-1, 0), (0, 1), (0, -CHUNK), (0, DRAWS)])
def test_keys_that_are_no_chunk_of_the_run(tmp_path: Path, key: tuple[int, int]) -> None:
    with begin(tmp_path) as store, pytest.raises(StudyError, match="is not a chunk of a run of 2 policies"):
        store.write_chunk(key, columns(0, 0))


def test_findings_end_a_run(tmp_path: Path) -> None:
    with begin(tmp_path) as store:
        assert store.findings() is None
        with pytest.raises(StudyError, match="must be JSON"):
            store.finish("{")
        assert store.findings() is None
        store.finish('{"verdict": "open – ½"}')
    assert Store.open(tmp_path).findings() == '{"verdict": "open – ½"}'


# --- faults ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is damaged"),
        ('{"format": 1', "is damaged"),
        ("[]", "is damaged"),
        ("\udcff", "is damaged"),
        ('{"format": 1}', "has format 1; this version of Parley reads format 2"),
        ('{"format": 2}', "is damaged .KeyError: 'provenance'"),
    ],
)
def test_a_run_json_that_cannot_be_read(tmp_path: Path, text: str, message: str) -> None:
    begin(tmp_path).close()
    (tmp_path / "run.json").write_bytes(text.encode("utf-8", errors="surrogateescape"))
    for opening in (Store.open, begin):
        with pytest.raises(StudyError, match=message) as caught:
            opening(tmp_path)
        assert str(tmp_path / "run.json") in str(caught.value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("provenance", "seed"), "7"),
        (("provenance", "seed"), True),
        (("provenance", "digest"), None),
        (("provenance", "overrides"), []),
        (("policies",), []),
        (("chunk",), 0),
        (("scenario", "file"), "../secret.md"),
    ],
)
def test_a_run_json_with_a_wrong_value(tmp_path: Path, path: tuple[str, ...], value: object) -> None:
    begin(tmp_path).close()
    asked = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    inner = asked
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    (tmp_path / "run.json").write_text(json.dumps(asked), encoding="utf-8")
    with pytest.raises(StudyError, match=r"run\.json' is damaged"):
        Store.open(tmp_path)


def test_a_folder_without_a_run(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(StudyError, match="holds no run of Parley"):
            Store.open(folder)


def test_a_scenario_changed_behind_the_runs_back(tmp_path: Path) -> None:
    begin(tmp_path).close()
    (tmp_path / "scenario.md").write_text("other", encoding="utf-8")
    with pytest.raises(StudyError, match=r"scenario\.md' is not the text that was run"):
        Store.open(tmp_path)
    (tmp_path / "scenario.md").unlink()
    with pytest.raises(StudyError, match=r"cannot read '.*scenario\.md'"):
        Store.open(tmp_path)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("good")
    with begin(folder) as store:
        store.write_chunk((0, 0), columns(0, 0))
    return (folder / "chunks" / "0-0.parquet").read_bytes()


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_a_flipped_bit_is_found_or_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, good: bytes, data: st.DataObject
) -> None:
    damaged = bytearray(good)
    damaged[data.draw(st.integers(0, len(good) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    _read_damaged(tmp_path_factory.mktemp("bit"), bytes(damaged), may_be_same=True)


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_a_truncated_chunk_is_found(
    tmp_path_factory: pytest.TempPathFactory, good: bytes, data: st.DataObject
) -> None:
    _read_damaged(
        tmp_path_factory.mktemp("cut"), good[: data.draw(st.integers(0, len(good) - 1))], may_be_same=False
    )


def _read_damaged(folder: Path, content: bytes, *, may_be_same: bool) -> None:
    with begin(folder) as store:
        file = folder / "chunks" / "0-0.parquet"
        file.write_bytes(content)
        try:
            found = store.read_chunk((0, 0))
        except StudyError as error:
            message = str(error)
        else:
            assert may_be_same
            assert_same(found, columns(0, 0))
            return
    assert str(file) in message
    assert "run again" in message


def test_a_missing_chunk_is_named(tmp_path: Path) -> None:
    with begin(tmp_path) as store, pytest.raises(StudyError, match=r"0-64\.parquet' is missing"):
        store.read_chunk((0, CHUNK))


@pytest.mark.parametrize(
    "name", ["other.parquet", "2-0.parquet", "0-1.parquet", "00-0.parquet", "0-6400.parquet"]
)
def test_a_strange_parquet_file_among_the_chunks(tmp_path: Path, name: str) -> None:
    with begin(tmp_path) as store:
        (tmp_path / "chunks" / name).write_bytes(b"PAR1")
        with pytest.raises(StudyError, match="is not a chunk of this run"):
            store.done()


@pytest.mark.parametrize(("other", "key"), [({"seed": 8}, (0, 0)), ({"digest": "0"}, (0, 0)), ({}, (1, 0))])
def test_a_chunk_of_another_run_is_refused(
    tmp_path: Path, other: dict[str, Any], key: tuple[int, int]
) -> None:
    with begin(tmp_path / "other", **other) as store:
        store.write_chunk(key, columns(0, 0))
    with begin(tmp_path / "run") as store:
        os.replace(
            tmp_path / "other" / "chunks" / f"{key[0]}-{key[1]}.parquet",
            tmp_path / "run" / "chunks" / "0-0.parquet",
        )
        for check in (True, False):
            with pytest.raises(StudyError, match="belongs to another run"):
                store.read_chunk((0, 0), check=check)


def test_a_digit_changed_with_another_program_is_found_and_can_still_be_judged(tmp_path: Path) -> None:
    with begin(tmp_path) as store:
        store.write_chunk((0, 0), columns(0, 0))
        file = tmp_path / "chunks" / "0-0.parquet"
        duckdb.execute(
            f"""COPY (
                SELECT * REPLACE (if(draw = 3, 0.5, "P(war | talks)") AS "P(war | talks)") FROM '{file}'
            ) TO '{tmp_path / "edited"}' (FORMAT parquet)"""
        )
        os.replace(tmp_path / "edited", file)
        with pytest.raises(StudyError, match="another program wrote it"):
            store.read_chunk((0, 0))
        expected = columns(0, 0)
        expected["P(war | talks)"][3] = 0.5
        assert_same(store.read_chunk((0, 0), check=False), expected)


def test_a_changed_value_under_the_old_checksum_is_found(tmp_path: Path) -> None:
    with begin(tmp_path) as store:
        store.write_chunk((0, 0), columns(0, 0))
        file = tmp_path / "chunks" / "0-0.parquet"
        note = duckdb.execute(f"SELECT decode(value) FROM parquet_kv_metadata('{file}')").fetchall()[0][0]
        quoted = note.replace("'", "''")
        duckdb.execute(
            f"COPY (SELECT * REPLACE (if(draw = 3, 0.5, residual) AS residual) FROM '{file}') "
            f"TO '{tmp_path / 'edited'}' (FORMAT parquet, KV_METADATA {{parley: '{quoted}'}})"
        )
        os.replace(tmp_path / "edited", file)
        with pytest.raises(StudyError, match="its values are not the ones that were written"):
            store.read_chunk((0, 0))
        assert store.read_chunk((0, 0), check=False)["residual"][3] == 0.5


# --- stops, locks, full disks ---------------------------------------------------------------------------


@POSIX
def test_a_process_killed_while_writing_leaves_a_run_to_go_on_with(tmp_path: Path) -> None:
    finished = 0
    for _ in range(6):
        child = process("write", tmp_path)
        assert child.stdout is not None
        assert child.stdout.readline() == "writing\n"
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(timeout=0.25)
        child.kill()
        child.wait()
        child.stdout.close()
        with begin(tmp_path) as store:
            done = store.done()
            for key in done:
                assert_same(store.read_chunk(key), columns(*key, actions=400))
            assert not list(tmp_path.rglob("*.partial"))
        finished = max(finished, len(done))
    assert finished > 0


def test_half_written_chunks_are_swept_and_never_seen(tmp_path: Path) -> None:
    begin(tmp_path).close()
    half = tmp_path / "chunks" / "0-0.parquet.partial"
    half.write_bytes(b"PAR1 half")
    assert Store.open(tmp_path).done() == set()
    assert half.exists()  # a reader touches nothing
    with begin(tmp_path) as store:
        assert store.done() == set()
        assert not half.exists()


def test_one_process_writes_at_a_time(tmp_path: Path) -> None:
    child = process("hold", tmp_path, stdin=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == "holding\n"
    with pytest.raises(StudyError, match=f"being written by another run .process {child.pid}."):
        begin(tmp_path)
    assert Store.open(tmp_path).done() == set()
    child.communicate("")
    begin(tmp_path).close()


def test_one_store_writes_at_a_time_in_one_process_too(tmp_path: Path) -> None:
    with begin(tmp_path), pytest.raises(StudyError, match="being written by another run"):
        begin(tmp_path)
    begin(tmp_path).close()


@POSIX
def test_a_full_disk_is_named_and_costs_one_chunk(tmp_path: Path) -> None:
    child = process("limit", tmp_path)
    chunk, findings = child.communicate()[0].splitlines()
    assert child.returncode == 0
    assert f"cannot write '{tmp_path / 'chunks' / '0-64.parquet'}'" in chunk
    assert f"cannot write '{tmp_path / 'findings.json'}'" in findings
    for message in (chunk, findings):
        assert "too large" in message
        assert "make room" in message
    assert not list(tmp_path.rglob("*.partial"))
    with begin(tmp_path) as store:
        assert store.done() == {Key(0, 0)}
        assert store.findings() is None
        assert_same(store.read_chunk((0, 0)), columns(0, 0))
        store.write_chunk((0, CHUNK), columns(0, CHUNK, actions=400))


@contextmanager
def _without_rights(folder: Path) -> Iterator[None]:
    """Forbid writing in a folder, also to a superuser's tests."""
    root = os.geteuid() == 0
    for inner in (folder, folder / "chunks"):
        if inner.exists():
            inner.chmod(0o555)
    opened = [parent for parent in folder.parents if root and parent.stat().st_mode & 0o055 != 0o055]
    modes = {parent: parent.stat().st_mode for parent in opened}
    for parent in opened:
        parent.chmod(0o755)
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for parent, mode in modes.items():
            parent.chmod(mode)
        for inner in (folder, folder / "chunks"):
            if inner.exists():
                inner.chmod(0o755)


@POSIX
def test_a_folder_without_the_right_to_write(tmp_path: Path) -> None:
    with _without_rights(tmp_path):
        with pytest.raises(StudyError, match=f"cannot write in '{tmp_path}': Permission denied"):
            begin(tmp_path)
        with pytest.raises(StudyError, match=r"cannot make the folder '.*run': Permission denied"):
            begin(tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


@POSIX
def test_rights_withdrawn_in_the_middle(tmp_path: Path) -> None:
    with begin(tmp_path) as store:
        store.write_chunk((0, 0), columns(0, 0))
        with _without_rights(tmp_path):
            with pytest.raises(StudyError, match=r"cannot write '.*0-64\.parquet'.*Permission denied"):
                store.write_chunk((0, CHUNK), columns(0, CHUNK))
            with pytest.raises(StudyError, match=r"cannot write '.*findings\.json'.*Permission denied"):
                store.finish("{}")
        store.write_chunk((0, CHUNK), columns(0, CHUNK))
        assert store.done() == {Key(0, 0), Key(0, CHUNK)}


def test_a_file_in_the_folders_place(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("mine", encoding="utf-8")
    with pytest.raises(StudyError, match="cannot make the folder"):
        begin(tmp_path / "run")
    with pytest.raises(StudyError, match="holds no run"):
        Store.open(tmp_path / "run")


def test_provenance_of_the_run_is_that_of_the_folder(tmp_path: Path) -> None:
    """What a resumed store says is what it was asked now: same run, perhaps another path."""
    begin(tmp_path).close()
    with begin(tmp_path, path="new.md") as store:
        assert store.provenance == dataclasses.replace(ASKED, path="new.md")
