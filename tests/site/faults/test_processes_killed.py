"""`kill -9` of everything that serves, while readers write and the site solves."""

from __future__ import annotations

import contextlib
import os
import signal
import time

from tests.site.faults.crowd import ACCEPTED, Crowd
from tests.site.real import children, until

RUNNING = "SELECT 1 FROM web_job WHERE kind = 'challenge' AND status = 'running'"
READS_AGAIN = 5.0  # seconds, on a machine that has nothing else to do


def patience(crowd: Crowd) -> float:
    """Return the seconds within which the site must read again: more where even its start took long."""
    return max(READS_AGAIN, crowd.site.start_seconds)


def test_a_web_process_is_killed_while_readers_write(crowd: Crowd) -> None:
    with crowd.writing(6) as sent:
        for _ in range(2):
            until(lambda: children(crowd.site.pid("gunicorn")))
            os.kill(children(crowd.site.pid("gunicorn"))[0], signal.SIGKILL)
            assert until(lambda: crowd.site.get("/a/threat/").status == 200) < patience(crowd)
            before = len(sent)
            until(lambda before=before: len(sent) > before + 6)  # type: ignore[misc]
    assert any(each.status in ACCEPTED for each in sent)
    crowd.check(sent)


def test_the_web_server_is_killed_while_readers_write(crowd: Crowd) -> None:
    with crowd.writing(6) as sent:
        until(lambda: len(sent) > 6)
        first = crowd.site.pid("gunicorn")
        below = children(first)
        os.kill(first, signal.SIGKILL)
        assert until(lambda: crowd.site.get("/a/threat/").status == 200) < patience(crowd)
        until(lambda: crowd.site.pid("gunicorn") != first, 60)
        until(lambda: children(crowd.site.pid("gunicorn")), 60)
        assert until(lambda: crowd.site.get("/a/threat/").status == 200) < patience(crowd)
    until(lambda: not any(_alive(each) for each in below), 30)  # no orphan goes on answering
    crowd.check(sent)


def test_a_child_and_a_worker_are_killed_while_a_challenge_is_solved(crowd: Crowd) -> None:
    posted = []
    for turn, name in enumerate(("child", "worker")):
        worker = crowd.site.pid("worker")
        until(lambda worker=worker: children(worker), 60)  # type: ignore[misc]
        held = children(worker)
        for child in held:
            os.kill(child, signal.SIGSTOP)
        posted.append(_challenge(crowd, turn, f"0.{21 + turn}"))
        until(lambda: crowd.site.ask(RUNNING), 60)
        for each in held if name == "child" else [worker]:
            os.kill(each, signal.SIGKILL)
        for child in held if name == "worker" else ():
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGCONT)
            until(lambda child=child: not _alive(child), 30)  # type: ignore[misc]
        assert crowd.site.get("/a/threat/").status == 200
        until(lambda: _effects(crowd) >= {posted[-1]}, 90)
    told = crowd.site.ask("SELECT challenge_id, count(*) FROM web_challengeeffect GROUP BY 1")
    assert {count for _, count in told} == {1}
    page = crowd.site.get("/a/threat/").body
    assert [page.count(f'id="c-{each}"') for each in posted] == [1, 1]
    crowd.check([])


def _challenge(crowd: Crowd, reader: int, value: str) -> int:
    """Post a challenge, and return the number of its comment."""
    fields = {
        "claim": "wait",
        "v.gain": value,
        "why.gain": "waiting has gained nothing in the last ten years",
        "text": f"What waiting gains is {value}, as the record shows.",
        "key": f"challenge-{value}",
        "do": "post",
    }
    answer = crowd.site.post("/a/threat/challenge", fields, crowd.people[reader])
    assert answer.status in ACCEPTED, answer
    return int(answer.headers["location"].rpartition("c-")[2].split("/")[0])


def _effects(crowd: Crowd) -> set[int]:
    """Return the comments whose effect is known."""
    sql = (
        "SELECT c.comment_id FROM web_challengeeffect e JOIN web_challenge c ON c.id = e.challenge_id"
        " JOIN web_solve s ON s.id = e.solve_id WHERE s.effect IS NOT NULL AND e.chip != ''"
    )
    return {row[0] for row in crowd.site.ask(sql)}


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    time.sleep(0.02)
    return True
