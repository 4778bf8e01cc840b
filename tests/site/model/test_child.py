"""The process that solves: whatever happens to it, who asked gets an answer or an error, and in time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from parley.catalog import locate
from parley.site.model import Effect
from parley.site.model.child import Child, Text
from parley.site.model.errors import (
    CancelledError,
    ChildError,
    LimitError,
    ModelError,
    SettingError,
    SolverError,
)
from parley.site.model.frames import MOST, pack

SMALL = locate("which-event-first")
HUGE = 65_536  # readings: more than a minute's work
LONG = 120.0  # seconds that no test may come near


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with Child(seconds=LONG) as found:
        yield found


def stub(tmp_path: Path, body: str) -> tuple[str, ...]:
    """A command that plays the child: says that it is ready, then does what it is told."""
    place = tmp_path / "stub.py"
    head = "import os, struct, sys, time, signal\ndef say(data): os.write(1, data)\n"
    ready = pack({"ready": True})
    place.write_text(f"{head}say({ready!r})\nsys.stdin.buffer.read(4)\n{body}\n")
    return (sys.executable, str(place))


def later(act: Callable[[], object], seconds: float) -> threading.Timer:
    timer = threading.Timer(seconds, act)
    timer.start()
    return timer


def busy(child: Child) -> None:
    """Ask what takes long."""
    child.solve(SMALL, "B=20", HUGE)


def test_a_setting_is_answered_as_json(child: Child) -> None:
    found = Effect.from_json(child.solve(SMALL, "B=100", 64, 7))
    assert (found.setting, found.draws, found.seed, found.chip) == ("B=100", 64, 7, "flips")
    text = SMALL.read_text(encoding="utf-8")
    data = {each.name: each.read_text(encoding="utf-8") for each in SMALL.parent.glob("*.csv")}
    again = Effect.from_json(child.solve(Text(text, data), "B=100", 64, 7))
    assert again.criteria == found.criteria
    first = Effect.from_json(child.challenge(SMALL, "leaky list", 64, 7))
    assert first.challenge == "leaky list"


def test_the_child_stays_and_what_it_knows_is_kept(child: Child) -> None:
    child.warm(SMALL)
    pid = child.pid
    child.solve(SMALL, "B=12")
    assert child.pid == pid


def test_a_file_that_changed_is_read_anew(child: Child, tmp_path: Path) -> None:
    text = SMALL.read_text(encoding="utf-8")
    (tmp_path / "argument.md").write_text(text, encoding="utf-8")
    for each in SMALL.parent.glob("*.csv"):
        (tmp_path / each.name).write_bytes(each.read_bytes())
    first = Effect.from_json(child.solve(tmp_path, "", 16))
    (tmp_path / "argument.md").write_text(text + "\nMore.\n", encoding="utf-8")
    assert Effect.from_json(child.solve(tmp_path, "", 16)).model != first.model


def test_faults_of_the_question_leave_the_child_alive(child: Child) -> None:
    child.warm(SMALL)
    pid = child.pid
    with pytest.raises(SettingError, match="did you mean B") as caught:
        child.solve(SMALL, "b2=1")
    assert caught.value.field == "b2"
    with pytest.raises(SettingError, match="more than 2,000 characters"):
        child.solve(SMALL, "x" * 3000)
    with pytest.raises(SolverError, match="there is no challenge"):
        child.challenge(SMALL, "K99")
    with pytest.raises(SolverError, match="cannot be read"):
        child.solve("/no/such/folder", "")
    with pytest.raises(SolverError, match="`title` is missing"):
        child.solve(Text("---\nparley: 1\n---\n"), "")
    with pytest.raises(SolverError, match="15 readings"):
        child.solve(SMALL, "", 15)
    assert child.pid == pid


def test_a_child_killed_in_mid_solve_is_told_and_replaced() -> None:
    with Child(seconds=LONG) as found:
        found.warm(SMALL)
        pid = found.pid
        assert pid is not None
        timer = later(lambda: os.kill(pid, signal.SIGKILL), 0.5)
        with pytest.raises(ChildError, match="ended by SIGKILL"):
            busy(found)
        timer.join()
        assert Effect.from_json(found.solve(SMALL, "B=100", 64, 7)).chip == "flips"
        assert found.pid != pid


def test_an_endless_solve_is_ended() -> None:
    with Child(seconds=LONG) as found:
        found.warm(SMALL)
        pid = found.pid
        assert pid is not None
        began = time.monotonic()
        with pytest.raises(LimitError, match=r"within 0\.7 seconds"):
            found.solve(SMALL, "B=20", HUGE, seconds=0.7)
        assert time.monotonic() - began < 5
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_question_can_be_taken_back_and_the_child_goes_on() -> None:
    with Child(seconds=LONG) as found:
        found.warm(SMALL)
        pid = found.pid
        timer = later(found.cancel, 0.5)
        began = time.monotonic()
        with pytest.raises(CancelledError):
            busy(found)
        assert time.monotonic() - began < 5
        timer.join()
        found.cancel()  # nothing is asked: it does nothing to the next question
        assert Effect.from_json(found.solve(SMALL, "B=100", 64, 7)).chip == "flips"
        assert found.pid == pid


def test_a_deaf_child_is_ended_when_the_question_is_taken_back(tmp_path: Path) -> None:
    with Child(seconds=LONG, command=stub(tmp_path, "time.sleep(100)")) as found:
        timer = later(found.cancel, 0.3)
        began = time.monotonic()
        with pytest.raises(CancelledError):
            found.warm(SMALL)
        assert time.monotonic() - began < 5
        timer.join()
        assert found.pid is None


def test_a_memory_bomb_is_told(tmp_path: Path) -> None:
    """The cap is on the process itself, whatever allocates."""
    code = (
        "import sys; from parley.site.model import answering\n"
        "answering.Answering._done = lambda self, question: str(bytearray(10**9))\n"
        "raise SystemExit(answering.main(sys.argv[1:]))\n"
    )
    (tmp_path / "bomb.py").write_text(code)
    with Child(memory_mb=600, seconds=LONG, command=(sys.executable, str(tmp_path / "bomb.py"))) as found:
        with pytest.raises(LimitError, match="too much memory"):
            found.warm(SMALL)
        assert found.pid is None


@pytest.mark.parametrize(
    "garbage",
    [
        "say(b'\\xff' * 100)",
        "say(struct.pack('>I', 5) + b'hello')",
        "say(struct.pack('>I', 2) + b'[]')",
        "say(struct.pack('>I', 100) + b'{')",
        f"say(struct.pack('>I', {MOST + 1}))",
        "say(struct.pack('>I', 9) + b'{\"id\":99}')",
        "say(struct.pack('>I', 8) + b'{\"id\":1}')",
        "say(struct.pack('>I', 17) + b'{\"id\":1,\"done\":3}')",
        "say(struct.pack('>I', 3) + b'\\xff\\xfe\\xfd')",
        "sys.exit(3)",
        "os.kill(os.getpid(), signal.SIGSEGV)",
        "pass",
    ],
)
def test_garbage_on_the_pipe_is_an_error_and_the_child_is_ended(tmp_path: Path, garbage: str) -> None:
    with Child(seconds=20, command=stub(tmp_path, garbage)) as found:
        with pytest.raises(ChildError):
            found.warm(SMALL)
        assert found.pid is None


def test_a_child_that_says_nothing_is_ended_in_time(tmp_path: Path) -> None:
    with (
        Child(seconds=0.5, command=stub(tmp_path, "time.sleep(100)")) as found,
        pytest.raises(LimitError, match="within"),
    ):
        found.warm(SMALL)


def test_a_child_that_reads_nothing_is_ended_in_time(tmp_path: Path) -> None:
    with Child(seconds=1, command=stub(tmp_path, "time.sleep(100)")) as found, pytest.raises(LimitError):
        found.warm(Text("x" * 5_000_000))


def test_a_command_that_cannot_start_is_told() -> None:
    with (
        Child(command=(sys.executable, "-c", "raise SystemExit(7)")) as found,
        pytest.raises(ChildError, match="code 7"),
    ):
        found.warm(SMALL)


def test_the_child_inherits_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "do not hand me down")
    monkeypatch.setenv("DATABASE_URL", "postgres://name:word@host/site")
    with Child(seconds=LONG) as found:
        found.warm(SMALL)
        handed = Path(f"/proc/{found.pid}/environ").read_bytes()
    assert b"SECRET_KEY" not in handed
    assert b"word@host" not in handed
    assert b"PATH=" in handed


def test_what_a_library_prints_is_no_answer(tmp_path: Path) -> None:
    code = (
        "import sys; from parley.site.model import answering\n"
        "def noisy(self, question):\n    print('x' * 100, flush=True); return 'fine'\n"
        "answering.Answering._done = noisy\nraise SystemExit(answering.main(sys.argv[1:]))\n"
    )
    (tmp_path / "noisy.py").write_text(code)
    with Child(seconds=LONG, command=(sys.executable, str(tmp_path / "noisy.py"))) as found:
        assert found.solve(SMALL) == "fine"


def test_a_fault_in_the_solver_shows_no_trace(tmp_path: Path) -> None:
    code = (
        "import sys; from parley.site.model import answering\n"
        "def broken(self, question): raise KeyError('/etc/passwd')\n"
        "answering.Answering._done = broken\nraise SystemExit(answering.main(sys.argv[1:]))\n"
    )
    (tmp_path / "broken.py").write_text(code)
    with (
        Child(seconds=LONG, command=(sys.executable, str(tmp_path / "broken.py"))) as found,
        pytest.raises(ChildError) as caught,
    ):
        found.warm(SMALL)
    assert str(caught.value) == "a fault in the solver: KeyError"


def test_the_child_ends_with_the_process_that_asked() -> None:
    code = (
        "import sys, time, threading; from parley.site.model.child import Child\n"
        f"child = Child(seconds={LONG}); child.warm({os.fspath(SMALL)!r})\n"
        f"ask = lambda: child.solve({os.fspath(SMALL)!r}, 'B=20', {HUGE})\n"
        "threading.Thread(target=ask, daemon=True).start()\n"
        "time.sleep(0.3); print(child.pid, flush=True); time.sleep(100)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as asking:
        assert asking.stdout is not None
        pid = int(asking.stdout.readline())
        asking.kill()
        asking.wait()
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    pytest.fail("the child outlived the process that asked")


def test_questions_of_two_threads_wait_for_each_other(child: Child) -> None:
    found: dict[str, str] = {}
    faults: list[ModelError] = []

    def ask(setting: str) -> None:
        try:
            found[setting] = Effect.from_json(child.solve(SMALL, setting, 64)).setting
        except ModelError as fault:
            faults.append(fault)

    threads = [threading.Thread(target=ask, args=(f"B={number}",)) for number in range(2, 8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert faults == []
    assert found == {setting: setting for setting in found}
    assert len(found) == 6
