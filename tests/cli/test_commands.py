"""The commands on a real scenario, from the shell's side: what they print, write and return."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from parley.cli.main import program
from parley.findings import Findings

PARLEY = [sys.executable, "-c", "from parley.cli.main import main; main()"]
DRAWS = ["--draws", "64", "--threads", "1"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with a scenario in it, as ``parley new`` writes it."""
    monkeypatch.chdir(tmp_path)
    assert invoke("new", "bargain").exit_code == 0
    return tmp_path


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(program, list(arguments))


def shell(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [*PARLEY, *arguments], capture_output=True, text=True, check=False, **options
    )


def test_what_new_writes_has_no_faults(folder: Path) -> None:
    result = invoke("check", "bargain.md")
    assert (result.exit_code, result.output) == (0, "bargain.md: no faults\n")


def test_check_reports_every_file_and_every_fault(folder: Path) -> None:
    text = (folder / "bargain.md").read_text(encoding="utf-8")
    broken = text.replace("players:", "playerz:")
    assert broken != text
    (folder / "broken.md").write_text(broken, encoding="utf-8")
    result = invoke("check", "broken.md", "bargain.md")
    assert result.exit_code == 1
    assert "broken.md:" in result.output
    assert "did you mean" in result.output
    assert "bargain.md: no faults" in result.output
    assert "error" in [line for line in result.output.splitlines() if line.startswith("broken.md: ")][-1]


def test_check_of_a_file_that_is_not_there_suggests(folder: Path) -> None:
    result = invoke("check", "bargin.md")
    assert result.exit_code == 2
    assert "did you mean 'bargain.md'" in result.stderr


def test_check_does_not_let_a_file_drive_the_terminal(folder: Path) -> None:
    (folder / "evil.md").write_text("---\nparley: 1\ntitle: \x1b[2J\n---\n\x1b]0;x\x07\n", encoding="utf-8")
    result = invoke("check", "evil.md")
    assert result.exit_code == 1
    assert "\x1b" not in result.output


def test_strict_refuses_warnings(folder: Path) -> None:
    text = (folder / "bargain.md").read_text(encoding="utf-8")
    # A step that cannot happen is a warning.
    warned = text.replace(
        "  - nature: books\n",
        "  - nature: weather\n    options: [wet, dry]\n    when: 1 = 2\n  - nature: books\n",
    )
    assert warned != text
    (folder / "warned.md").write_text(warned, encoding="utf-8")
    assert invoke("check", "warned.md").exit_code == 0
    assert invoke("check", "--strict", "warned.md").exit_code == 1


def test_show_reads_the_story_back(folder: Path) -> None:
    result = invoke("show", "bargain.md")
    assert result.exit_code == 0
    for heading in ("PLAYERS", "STORY", "PAYOFFS", "POLICIES", "NUMBERS", "SIZE"):
        assert heading in result.output
    assert "chance decides books" in result.output
    assert "[seen by The bus company only]" in result.output
    assert "information sets" in result.output


def test_run_prints_verdict_table_claims_and_proof(folder: Path) -> None:
    result = invoke("run", "bargain.md", *DRAWS)
    assert result.exit_code == 0, result.output
    for heading in ("VERDICT", "POLICIES", "PROOF", "NOTES"):
        assert f"\n{heading}" in result.output
    assert "all certified" in result.output
    assert "parley run bargain.md --draws 64 --seed 0" in result.output
    assert result.stderr == ""


def told(output: str) -> str:
    """The output on one line, however wide the screen."""
    return " ".join(output.split())


def test_starts_looks_for_other_equilibria_and_the_record_says_so(folder: Path) -> None:
    plain = invoke("run", "bargain.md", *DRAWS)
    assert "no search for other equilibria" in told(plain.output)
    result = invoke("run", "bargain.md", *DRAWS, "--starts", "4", "--save", "kept")
    assert result.exit_code == 0, result.output
    said = told(result.output)
    assert "No other equilibrium was found in 128 games searched (64 readings x 2 policies, 4" in said
    assert "parley run bargain.md --draws 64 --seed 0 --starts 4" in said
    assert "no search" not in said
    assert sorted(file.name for file in Path("kept/search").iterdir()) == ["0.parquet", "1.parquet"]
    assert "Every certificate holds" in invoke("verify", "kept").output
    other = invoke("run", "bargain.md", *DRAWS, "--starts", "8", "--save", "kept")
    assert other.exit_code == 2
    assert "starts of the search: there 4, here 8" in " ".join(other.output.split())


def test_run_twice_is_the_same_and_another_seed_is_not(folder: Path) -> None:
    first, second = invoke("run", "bargain.md", *DRAWS), invoke("run", "bargain.md", *DRAWS)
    assert first.output == second.output
    assert invoke("run", "bargain.md", *DRAWS, "--seed", "1").output != first.output


def test_json_goes_to_a_file_or_to_standard_output(folder: Path) -> None:
    result = invoke("run", "bargain.md", *DRAWS, "--json", "out.json")
    assert "VERDICT" in result.output
    written = (folder / "out.json").read_text(encoding="utf-8")
    piped = invoke("run", "bargain.md", *DRAWS, "--json", "-")
    assert piped.stdout == written
    assert Findings.from_json(written).draws == 64
    assert json.loads(written)["parley_findings"] == 1
    assert [path.name for path in folder.iterdir() if "out.json" in path.name] == ["out.json"]


def test_quiet_prints_the_verdict_alone(folder: Path) -> None:
    result = invoke("run", "bargain.md", *DRAWS, "--quiet")
    assert len(result.output.splitlines()) == 1


def test_set_changes_the_answer_and_is_said(folder: Path) -> None:
    plain = invoke("run", "bargain.md", *DRAWS).output
    result = invoke("run", "bargain.md", *DRAWS, "--set", "rise=40")
    assert result.exit_code == 0
    assert result.output != plain
    assert "Not as the author wrote it: rise is set to 40." in " ".join(result.output.split())


def test_what_was_set_is_echoed_as_it_was_typed(folder: Path) -> None:
    with (folder / "bargain.md").open("a", encoding="utf-8") as stream:
        stream.write(OBJECTION)
    wanted = "rise is set to range 30 40."
    result = invoke("run", "bargain.md", *DRAWS, "--set", "rise=range 30 40", "--save", "kept")
    assert wanted in " ".join(result.output.split())
    assert "--set 'rise=range 30 40'" in " ".join(result.output.split())
    assert invoke("verify", "kept").exit_code == 0
    granted = invoke("challenge", "bargain.md", "hot air", *DRAWS, "--set", "rise=range 30 40")
    said = " ".join(granted.output.split())
    assert wanted in said
    assert "Without the objection, but with rise=range 30 40 as set: in" in said


def test_a_claim_about_a_policy_that_was_not_run_gets_no_word(folder: Path) -> None:
    result = invoke("run", "bargain.md", *DRAWS, "--policy", "accept")
    assert result.exit_code == 0, result.output
    assert "not measured" in result.output
    assert '(needs the policy "strike")' in result.output
    written = invoke("run", "bargain.md", *DRAWS, "--policy", "accept", "--json", "-").stdout
    findings = Findings.from_json(written)
    (claim,) = (item for item in findings.claims if item.kind == "derived")
    assert (claim.holds, claim.margin, claim.needs) == (None, None, ("strike",))
    assert findings.coverage.words["unmeasured"] == 1


def test_set_of_an_unknown_name_suggests(folder: Path) -> None:
    result = invoke("run", "bargain.md", *DRAWS, "--set", "ris=4")
    assert result.exit_code == 2
    assert "did you mean `rise`" in result.stderr
    assert "Traceback" not in result.output


def test_a_policy_can_be_picked_by_any_spelling(folder: Path) -> None:
    names = list(Findings.from_json(invoke("run", "bargain.md", *DRAWS, "--json", "-").stdout).policies)
    result = invoke("run", "bargain.md", *DRAWS, "--policy", names[0].replace(" ", "_"), "--json", "-")
    assert result.exit_code == 0
    assert Findings.from_json(result.stdout).policies == (names[0],)
    wrong = invoke("run", "bargain.md", *DRAWS, "--policy", names[0] + "x")
    assert wrong.exit_code == 2
    assert f"did you mean '{names[0]}'" in " ".join(wrong.stderr.split())


def test_an_unknown_scenario_is_a_usage_error(folder: Path) -> None:
    result = invoke("run", "no-such-argument")
    assert result.exit_code == 2
    assert "neither a scenario that ships with Parley nor a file" in result.stderr


def test_a_faulty_scenario_is_exit_one(folder: Path) -> None:
    (folder / "bad.md").write_text("nothing here\n", encoding="utf-8")
    for command in ("run", "show", "check"):
        result = invoke(command, "bad.md")
        assert result.exit_code == 1
        assert "Traceback" not in result.output


OBJECTION = """
```parley
challenges:
  hot air: {text: An unsigned promise never binds, set: {p_binds: 0%}, against: word}
```
"""


def test_a_challenge_is_shown_beside_the_authors_answer(folder: Path) -> None:
    with (folder / "bargain.md").open("a", encoding="utf-8") as stream:
        stream.write(OBJECTION)
    result = invoke("challenge", "bargain.md", "hot air", *DRAWS)
    assert result.exit_code == 0, result.output
    assert "With this objection granted" in result.output
    assert "hot air: An unsigned promise never binds" in result.output
    assert "Without the objection: in" in result.output
    wrong = invoke("challenge", "bargain.md", "hot hair", *DRAWS)
    assert wrong.exit_code == 2
    assert "did you mean 'hot air'?" in " ".join(wrong.stderr.split())


def test_save_keeps_the_run_and_verify_proves_it(folder: Path) -> None:
    assert invoke("run", "bargain.md", *DRAWS, "--save", "kept").exit_code == 0
    assert (folder / "kept" / "findings.json").is_file()
    again = invoke("run", "bargain.md", *DRAWS, "--save", "kept")
    assert again.exit_code == 0
    result = invoke("verify", "kept")
    assert result.exit_code == 0
    assert result.output.startswith("Every certificate holds: 64 readings")
    assert invoke("verify", "kept", "--quiet").output == ""


def test_another_run_is_not_mixed_in(folder: Path) -> None:
    assert invoke("run", "bargain.md", *DRAWS, "--save", "kept").exit_code == 0
    result = invoke("run", "bargain.md", *DRAWS, "--seed", "3", "--save", "kept")
    assert result.exit_code == 2
    said = " ".join(result.stderr.split())
    assert "'kept' holds another run; choose another folder. What differs: seed: there 0, here 3" in said


def test_verify_of_a_folder_that_holds_no_run(folder: Path) -> None:
    (folder / "empty").mkdir()
    result = invoke("verify", "empty")
    assert result.exit_code == 2
    assert "empty" in result.stderr
    assert invoke("verify", "nowhere").exit_code == 2


def test_help_answers_at_once() -> None:
    shell("--help")
    started = time.perf_counter()
    done = shell("--help")
    assert done.returncode == 0
    assert time.perf_counter() - started < 1.0  # 0.1 s on a quiet machine; this one may be busy


def test_a_reader_that_goes_away_is_no_error(folder: Path) -> None:
    command = (
        f"{sys.executable} -W error -c 'from parley.cli.main import main; main()' show bargain.md | true"
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_a_closed_output_is_no_fault(folder: Path) -> None:
    command = f"{sys.executable} -c 'from parley.cli.main import main; main()' check bargain.md >&-"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_terminal_without_our_signs_gets_question_marks(folder: Path) -> None:
    plain = {**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = shell("run", "bargain.md", *DRAWS, env=plain)
    assert (done.returncode, done.stderr) == (0, "")
    assert "VERDICT" in done.stdout


def test_unwritable_places_are_usage_errors(folder: Path) -> None:
    (folder / "file").write_text("x")
    assert shell("run", "bargain.md", "--json", "file/out.json").returncode == 2
    assert shell("run", "bargain.md", *DRAWS, "--save", "file").returncode == 2


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_interruption_keeps_what_was_done_and_resumes(folder: Path) -> None:
    many = ["run", "bargain.md", "--draws", "65536", "--threads", "1", "--save", "kept"]
    process = subprocess.Popen([*PARLEY, *many], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while not list(folder.glob("kept/chunks/*.parquet")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert err.startswith("Stopped: kept ")
    assert "chunks in kept; the same command resumes." in err
    kept = len(list(folder.glob("kept/chunks/*.parquet")))
    assert f"kept {kept} of" in err
    assert not (folder / "kept" / "findings.json").exists()


ENDLESS = """
parley: 1
title: A story that breaks off
players: {us: We}
story:
  - {player: us, move: act, options: [attack, wait]}
  - outcomes: {war: act is attack}
payoffs: {us: {war: 1}}
"""


@pytest.mark.parametrize("command", ["run", "show", "check"])
def test_faults_of_the_story_are_told_with_their_place(folder: Path, command: str) -> None:
    (folder / "endless.yaml").write_text(ENDLESS, encoding="utf-8")
    result = invoke(command, "endless.yaml")
    assert result.exit_code == 1
    assert "endless.yaml:7:" in result.output
    assert "hint:" in result.output


QUIET_STORY = """
parley: 1
title: Nothing is compared
players: {us: We, them: They}
parameters: {c: {range: [0, 1]}}
story:
  - {player: us, move: act, options: [attack, wait]}
  - outcomes: {war: act is attack, peace: otherwise}
payoffs: {us: {war: c, peace: 0.5}, them: {war: 0, peace: 1}}
quantities: {p war: P(war)}
claims: {likely: {text: War is likely, derives: P(war) > 50%}}
"""


def test_a_scenario_that_compares_nothing_can_be_run(folder: Path) -> None:
    (folder / "quiet.yaml").write_text(QUIET_STORY, encoding="utf-8")
    result = invoke("run", "quiet.yaml", *DRAWS)
    assert result.exit_code == 0, result.output
    assert "Nothing is recommended here" in result.output
    assert "p war" in result.output
    assert "War is likely" in result.output
    assert invoke("run", "quiet.yaml", *DRAWS, "--policy", "x").exit_code == 2
    assert invoke("run", "quiet.yaml", *DRAWS, "--quiet").exit_code == 0


def test_an_odd_number_of_readings_is_remarked_upon(folder: Path) -> None:
    result = invoke("run", "bargain.md", "--draws", "50", "--threads", "1")
    assert result.exit_code == 0
    assert "50 readings are not a multiple of 16" in result.output


def test_one_changed_digit_is_found_and_named(folder: Path) -> None:
    assert invoke("run", "bargain.md", *DRAWS, "--save", "kept").exit_code == 0
    file = folder / "kept" / "chunks" / "1-0.parquet"
    with duckdb.connect() as table:
        table.execute(f"create table t as select * from '{file}'")
        table.execute("""update t set "quantity: P(paid)" = "quantity: P(paid)" + 1e-7 where draw = 17""")
        held = table.execute(f"select key, value from parquet_kv_metadata('{file}')").fetchall()
        texts = [tuple(part.decode().replace("'", "''") for part in pair) for pair in held]
        kept = ", ".join(f"'{key}': '{value}'" for key, value in texts)
        table.execute(f"copy t to '{file}' (format parquet, kv_metadata {{{kept}}})")
    result = invoke("verify", "kept")
    assert result.exit_code == 3
    assert result.stdout.startswith("policy 'accept', draw 17: ")
    assert "1 problem in 64 readings" in result.stderr


def test_verify_names_the_place_in_edited_findings(folder: Path) -> None:
    assert invoke("run", "bargain.md", *DRAWS, "--save", "kept").exit_code == 0
    file = folder / "kept" / "findings.json"
    written = file.read_text(encoding="utf-8")
    file.write_text(written.replace('"share": 0.', '"share": 0.1', 1), encoding="utf-8")
    result = invoke("verify", "kept")
    assert result.exit_code == 3
    assert "findings.verdict" in result.stdout
    assert "is stored as 0.1" in result.stdout


def test_a_chance_of_ninety_is_explained(folder: Path) -> None:
    result = shell("run", "bargain.md", "--set", "p_binds=90", "--draws", "16", "--quick", cwd=folder)
    assert result.returncode == 1
    assert "a chance here is 90" in result.stderr
    assert "write 90%" in result.stderr
