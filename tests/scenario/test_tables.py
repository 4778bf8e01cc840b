"""Files beside a scenario: what is read, and that nothing else ever is."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.errors import ScenarioError
from parley.scenario import load, loads, override, read, read_file
from parley.scenario.tables import COLUMN_LIMIT, FILE_LIMIT, ROW_LIMIT, DataFiles, TableFault, misnamed, parse

TEXT = """
parley: 1
title: A threat
players: {us: We}
parameters: {c: {proportion: {data: FILE, successes: won is yes}}}
story: [{player: us, move: act, options: [attack, wait]}, {outcomes: [end]}]
payoffs: {us: -c if act is attack else 0}
challenges: {K: {text: It costs more., set: {c: {proportion: {data: FILE, successes: won is no}}}}}
"""
TABLE = "battle,won\nA,yes\nB,no\nC,no\n"


def written(folder: Path, name: str = "wars.csv", text: str = TEXT) -> Path:
    path = folder / "argument.yaml"
    path.write_text(text.replace("FILE", name), encoding="utf-8")
    return path


def fault(folder: Path, name: str) -> tuple[str, str]:
    scenario, found = read_file(written(folder, name))
    assert scenario is None
    assert {each.code for each in found} == {found[0].code}
    return found[0].code, found[0].message


def table_fault(text: str) -> str:
    with pytest.raises(TableFault) as caught:
        parse("t.csv", text)
    return f"{caught.value.code} {caught.value.message}"


# --- from the file to the judgement ---------------------------------------------------------------------


def test_a_table_beside_the_scenario_is_counted(tmp_path: Path) -> None:
    (tmp_path / "wars.csv").write_text(TABLE, encoding="utf-8")
    scenario = load(written(tmp_path))
    assert scenario.parameters["c"].judgement.numbers == (1.5, 2.5)
    assert dict(scenario.data) == {"wars.csv": TABLE}
    judged = scenario.challenges["K"].set["c"].judgement
    assert judged is not None
    assert judged.numbers == (2.5, 1.5)


def test_the_digest_covers_the_table_and_not_its_place(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    digests = []
    for folder, table in (("a", TABLE), ("b", TABLE), ("b", TABLE.replace("C,no", "C,yes"))):
        (tmp_path / folder / "wars.csv").write_text(table, encoding="utf-8")
        digests.append(load(written(tmp_path / folder)).digest)
    assert digests[0] == digests[1] != digests[2]


def test_a_scenario_is_read_again_without_its_files(tmp_path: Path) -> None:
    (tmp_path / "wars.csv").write_text(TABLE, encoding="utf-8")
    scenario = load(written(tmp_path))
    (tmp_path / "wars.csv").unlink()
    again = loads(scenario.text, scenario.path, data=scenario.data)
    assert again == scenario
    changed = override(scenario, {"c": "{proportion: {data: wars.csv, successes: won is no}}"})
    assert changed.parameters["c"].judgement.numbers == (2.5, 1.5)
    assert changed.override_texts["c"] == "{proportion: {successes: 2.0, trials: 3.0}}"
    assert loads(scenario.text, scenario.path, changed.override_texts, scenario.data).digest == changed.digest


def test_a_setting_may_count_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "wars.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "more.csv").write_text(TABLE + "D,yes\n", encoding="utf-8")
    typed = {"c": "{proportion: {data: more.csv, successes: won is yes}}"}
    changed = load(written(tmp_path), typed)
    assert changed.parameters["c"].judgement.numbers == (2.5, 2.5)
    assert set(changed.data) == {"wars.csv", "more.csv"}
    assert loads(changed.text, changed.path, typed, changed.data).digest == changed.digest
    assert loads(changed.text, changed.path, changed.override_texts, changed.data).digest == changed.digest


@pytest.mark.parametrize(
    ("setting", "written_as"),
    [
        ("proportion 2 of 12", "{proportion: {successes: 2.0, trials: 12.0}}"),
        ("rate 12 in 5.7 months", '{rate: {events: 12.0, exposure: 5.7, per: "month"}}'),
        (
            "{rate: {events: 3, exposure: 2, prior: {gamma: [3, 0.3]}, discount: 0.3}}",
            "{rate: {events: 3.0, exposure: 2.0, prior: {gamma: [3.0, 0.3]}, discount: 0.3}}",
        ),
        (
            "{rate: {events: 3, exposure: 2, prior: uniform}}",
            "{rate: {events: 3.0, exposure: 2.0, prior: uniform}}",
        ),
    ],
)
def test_a_setting_reads_back_as_the_same(tmp_path: Path, setting: str, written_as: str) -> None:
    (tmp_path / "wars.csv").write_text(TABLE, encoding="utf-8")
    scenario = load(written(tmp_path), {"c": setting})
    assert scenario.override_texts["c"] == written_as
    again = load(written(tmp_path), scenario.override_texts)
    assert again.digest == scenario.digest
    first, second = (each.parameters["c"].judgement for each in (scenario, again))
    assert (first.numbers, first.estimate) == (second.numbers, second.estimate)


def test_rows_of_different_weight_read_back_as_the_distribution(tmp_path: Path) -> None:
    (tmp_path / "wars.csv").write_text("n,w\n3,1\n5,0.5\n", encoding="utf-8")
    text = TEXT.replace("{data: FILE, successes: won is yes}", "1 of 2").replace(
        "{data: FILE, successes: won is no}", "1 of 2"
    )
    path = written(tmp_path, text=text)
    scenario = load(path, {"c": "{rate: {data: wars.csv, count: n, exposure: 1, discount: w}}"})
    assert scenario.override_texts["c"] == f"{{gamma: [6.0, {1 / 1.5!r}]}}"
    assert load(path, scenario.override_texts).digest == scenario.digest


def test_a_text_opens_no_file(tmp_path: Path) -> None:
    (tmp_path / "wars.csv").write_text(TABLE, encoding="utf-8")
    path = written(tmp_path)
    scenario, found = read(path.read_text(encoding="utf-8"), str(path))
    assert scenario is None
    assert {each.code for each in found} == {"P424"}
    assert "no folder" in found[0].message


# --- what is not read -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "a/../../b.csv",
        "/etc/passwd",
        "~/x.csv",
        "C:/x.csv",
        "C:x.csv",
        "\\\\host\\share",
        "a\\b.csv",
        "..",
        ".",
        "a//b.csv",
        "a/./b.csv",
        "x" * 300,
        "x\x01.csv",
    ],
)
def test_names_that_lead_elsewhere(name: str) -> None:
    assert misnamed(name) is not None
    with pytest.raises(TableFault) as caught:
        DataFiles({name: TABLE}, Path("/")).table(name)
    assert caught.value.code == "P425"


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.csv").write_text(TABLE, encoding="utf-8")
    (inside / "wars.csv").symlink_to(tmp_path / "secret.csv")
    (inside / "up").symlink_to(tmp_path, target_is_directory=True)
    for name in ("wars.csv", "up/secret.csv"):
        code, message = fault(inside, name)
        assert code == "P425"
        assert "link that leads out" in message
    (inside / "real.csv").write_text(TABLE, encoding="utf-8")
    (inside / "same.csv").symlink_to(inside / "real.csv")
    assert load(written(inside, "same.csv")).parameters["c"].judgement.numbers == (1.5, 2.5)


def test_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    assert fault(tmp_path, "folder.csv") == ("P424", "`folder.csv` cannot be opened: it is a folder")
    assert fault(tmp_path, "pipe.csv") == ("P424", "`pipe.csv` is not a plain file")
    assert fault(tmp_path, "loop.csv")[0] == "P424"
    assert fault(tmp_path, "nothing.csv") == ("P424", "there is no file `nothing.csv` beside the scenario")


# --- what is no table -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "P427 `t.csv` is empty"),
        (b"\n\n", "P427 `t.csv` is empty"),
        (b"a,b\n1,\0\n", "P427 line 2 of `t.csv` has a NUL"),
        (b"a,b\n1,\xe9\n", "P427 line 2 of `t.csv` is not UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "P427 line 1 of `t.csv` is not UTF-8"),
        (b'a,b\n"1,2\n', "P427 line 2 of `t.csv` cannot be read: unexpected end of data"),
        (b'a,b\n"1"x,2\n', "P427 line 2 of `t.csv` cannot be read"),
        (b"a,b\n1\n", "P427 line 2 of `t.csv` has 1 values, the header 2 columns"),
        (b'a,b\n"1\n2",3\n4\n', "P427 line 4 of `t.csv` has 1 values"),
        (b"a;b\n1;2\n", "P427 the columns of `t.csv` are separated by semicolons"),
        (b"a\tb\n1\t2\n", "P427 the columns of `t.csv` are separated by tabs"),
        (b"a,,b\n1,2,3\n", "P427 column 2 of `t.csv` has no name"),
        (b"a\n" + b"1\n" * (ROW_LIMIT + 1), "P426 `t.csv` has more than 20,000 rows"),
        (b",".join([b"c"] * (COLUMN_LIMIT + 1)), "P426 `t.csv` has 201 columns"),
        (b"," * (FILE_LIMIT - 1), "P426 `t.csv` has 1,000,000 columns"),
        (b"x" * (FILE_LIMIT + 1), "P426 `t.csv` has more than 1,000,000 bytes"),
        (b"a\n" + b"x" * 200_000, "P427 line 2 of `t.csv` cannot be read: field larger"),
    ],
)
def test_what_is_no_table(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "t.csv").write_bytes(data)
    start = time.process_time()
    with pytest.raises(TableFault) as caught:
        DataFiles(folder=tmp_path).table("t.csv")
    assert f"{caught.value.code} {caught.value.message}".startswith(said)
    assert time.process_time() - start < 5


def test_a_mark_of_the_encoding_quotes_and_line_ends(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b'\xef\xbb\xbfa , b\r\n"x, ""y""",1\r\n\r\n 2 ,3')
    table = DataFiles(folder=tmp_path).table("t.csv")
    assert table.columns == ("a", "b")
    assert table.rows == (('x, "y"', "1"), ("2", "3"))
    assert table.lines == (2, 4)


def test_the_most_that_can_be_counted_takes_seconds(tmp_path: Path) -> None:
    rows = "".join(f"{n},word{n}\n" for n in range(ROW_LIMIT))
    (tmp_path / "wars.csv").write_text(f"n,won\n{rows}", encoding="utf-8")
    many = "\n".join(f"  p{n}: {{rate: {{data: wars.csv, count: 1, exposure: n}}}}" for n in range(60))
    text = TEXT.replace("parameters: {c: {", f"parameters:\n{many}\n  c: {{").replace(
        "won is yes}}}", "won is word7}}"
    )
    start = time.process_time()
    scenario, found = read_file(written(tmp_path, text=text))
    assert time.process_time() - start < 60
    assert scenario is None
    assert found[0].code == "P426"
    assert "1,000,000 rows" in found[0].message


def test_too_many_tables(tmp_path: Path) -> None:
    files = DataFiles({f"{n}.csv": TABLE for n in range(41)})
    for n in range(40):
        files.table(f"{n}.csv")
    with pytest.raises(TableFault, match="40 files"):
        files.table("40.csv")


@given(st.text(max_size=80))
def test_any_text_is_a_table_or_a_fault(text: str) -> None:
    try:
        table = parse("t.csv", text)
    except TableFault:
        return
    assert all(len(row) == len(table.columns) for row in table.rows)


def test_the_message_of_a_fault_reaches_who_loads(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"there is no file `wars\.csv`"):
        load(written(tmp_path))
