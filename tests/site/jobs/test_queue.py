"""The queue: nothing is lost, nothing done twice, readers are bounded, clocks may go wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from parley.site.web.jobs import queue
from parley.site.web.jobs.queue import LeaseLost, enqueue, lease
from parley.site.web.models import Job
from tests.site.people import an_account

pytestmark = pytest.mark.django_db


class Clock:
    """The clock of the machine, which an operator may set."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def __call__(self) -> Any:
        return self.now

    def go(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("parley.site.web.jobs.queue.timezone.now", clock)
    return clock


def state(job: Job) -> str:
    return str(Job.objects.get(pk=job.pk).status)


def test_the_most_urgent_and_then_the_oldest_comes_first() -> None:
    low, first, second = enqueue("a", priority=-1), enqueue("a", priority=3), enqueue("a", priority=3)
    enqueue("b", priority=9)
    found = [lease(["a"], "w"), lease(["a"], "w"), lease(["a"], "w"), lease(["a"], "w")]
    assert [each.pk if each else None for each in found] == [first.pk, second.pk, low.pk, None]


def test_a_leased_job_is_nobody_elses_until_the_lease_is_over(clock: Clock) -> None:
    job = enqueue("a")
    assert lease(["a"], "one") is not None
    assert lease(["a"], "two") is None
    clock.go(seconds=29)
    assert lease(["a"], "two") is None
    clock.go(seconds=2)
    again = lease(["a"], "two")
    assert again is not None
    assert (again.pk, again.attempts, again.leased_by) == (job.pk, 2, "two")


def test_a_renewed_lease_holds(clock: Clock) -> None:
    enqueue("a")
    job = lease(["a"], "one")
    assert job is not None
    for _ in range(5):
        clock.go(seconds=20)
        queue.renew(job, 0.4)
    assert lease(["a"], "two") is None
    assert Job.objects.get().progress == 0.4


def test_a_dead_workers_job_is_free_at_once() -> None:
    job = enqueue("a")
    lease(["a"], "one")
    assert lease(["a"], "two") is None
    found = lease(["a"], "two", dead=["one"])
    assert found is not None
    assert found.pk == job.pk


def test_a_result_is_written_once_and_only_by_who_holds_the_job(clock: Clock) -> None:
    enqueue("a")
    slow = lease(["a"], "one")
    clock.go(seconds=31)
    quick = lease(["a"], "two")
    assert slow is not None
    assert quick is not None
    written: list[str] = []
    queue.end(quick, lambda: written.append("two"))
    with pytest.raises(LeaseLost):
        queue.end(slow, lambda: written.append("one"))
    assert written == ["two"]
    assert not queue.fail(slow, "late", final=True)
    assert state(slow) == "done"


def test_the_same_worker_may_not_end_an_earlier_attempt(clock: Clock) -> None:
    enqueue("a")
    first = lease(["a"], "one")
    clock.go(seconds=31)
    second = lease(["a"], "one")
    assert first is not None
    assert second is not None
    with pytest.raises(LeaseLost):
        queue.end(first)
    queue.end(second)


def test_a_result_that_cannot_be_written_does_not_end_the_job() -> None:
    enqueue("a")
    job = lease(["a"], "one")
    assert job is not None

    def full() -> None:
        enqueue("b")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        queue.end(job, full)
    assert state(job) == "running"
    assert not Job.objects.filter(kind="b").exists()  # all of the result or nothing


def test_a_failed_attempt_is_tried_again_later_and_then_given_up(clock: Clock) -> None:
    job = enqueue("a", max_attempts=3)
    gone: list[str] = []
    waits = []
    for attempt in (1, 2, 3):
        found = lease(["a"], "w")
        assert found is not None, attempt
        over = queue.fail(found, f"fault {attempt}", final=False, give_up=gone.append)
        assert over is (attempt == 3)
        if not over:
            assert lease(["a"], "w") is None
            waits.append(Job.objects.get().run_after - clock.now)
            clock.go(seconds=20)
    assert waits[0] < waits[1]
    assert gone == ["fault 3"]
    kept = Job.objects.get(pk=job.pk)
    assert (kept.status, kept.error) == ("failed", "fault 3")
    assert kept.finished is not None
    assert lease(["a"], "w") is None


def test_what_cannot_be_done_is_given_up_at_once() -> None:
    enqueue("a")
    found = lease(["a"], "w")
    assert found is not None
    assert queue.fail(found, "no such assumption", final=True)
    assert state(found) == "failed"


def test_a_job_that_kills_its_worker_every_time_is_given_up(clock: Clock) -> None:
    enqueue("a", max_attempts=2)
    gone: list[tuple[int, str]] = []
    for _ in range(2):
        assert lease(["a"], "w", give_up=lambda job, why: gone.append((job.pk, why))) is not None
        clock.go(seconds=31)
    assert lease(["a"], "w", give_up=lambda job, why: gone.append((job.pk, why))) is None
    job = Job.objects.get()
    assert job.status == "failed"
    assert gone == [(job.pk, queue.KILLER)]


def test_a_job_given_back_has_not_been_tried() -> None:
    enqueue("a")
    found = lease(["a"], "w")
    assert found is not None
    queue.give_back(found)
    job = Job.objects.get()
    assert (job.status, job.attempts, job.leased_by) == ("queued", 0, "")
    assert lease(["a"], "v") is not None


def test_who_gave_a_job_back_has_no_say_in_it_any_more() -> None:
    enqueue("a")
    first = lease(["a"], "one")
    assert first is not None
    queue.give_back(first)
    second = lease(["a"], "two")
    assert second is not None
    assert second.attempts == first.attempts
    with pytest.raises(LeaseLost):
        queue.end(first)
    with pytest.raises(LeaseLost):
        queue.renew(first)
    queue.end(second)


def test_a_key_names_the_work_once() -> None:
    one = enqueue("a", {"n": 1}, key="a:1")
    assert enqueue("a", {"n": 2}, key="a:1").pk == one.pk
    assert Job.objects.get().payload == {"n": 1}
    found = lease(["a"], "w")
    assert found is not None
    queue.end(found)
    enqueue("a", {"n": 3}, key="a:1")
    assert state(one) == "done"
    enqueue("a", {"n": 4}, key="a:1", again=True)
    again = Job.objects.get()
    assert (again.status, again.attempts, again.payload, again.finished) == ("queued", 0, {"n": 4}, None)
    assert lease(["a"], "w") is not None
    enqueue("a", {"n": 5}, key="a:1", again=True)  # it runs: it is not entered anew
    assert (state(one), Job.objects.get().payload) == ("running", {"n": 4})


def test_a_job_is_entered_with_what_it_belongs_to_or_not_at_all() -> None:
    def half() -> None:
        with transaction.atomic():
            enqueue("a")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        half()
    assert not Job.objects.exists()


def test_one_reader_has_one_job_running() -> None:
    ada, ben = an_account(), an_account()
    enqueue("solve", account=ada)
    enqueue("solve", account=ada)
    late = enqueue("solve", account=ben)
    net = enqueue("solve", network="192.0.2.0/24")
    first = lease(["solve"], "w")
    assert first is not None
    assert first.account == ada
    found = [lease(["solve"], "w"), lease(["solve"], "w"), lease(["solve"], "w")]
    assert [each.pk if each else None for each in found] == [late.pk, net.pk, None]
    queue.end(first)
    assert lease(["solve"], "w") is not None


def test_a_cancelled_job_is_not_taken_and_its_worker_notices() -> None:
    waiting, running = enqueue("a"), enqueue("b")
    held = lease(["b"], "w")
    assert held is not None
    assert queue.holds(held)
    assert queue.cancel(Job.objects.all(), "not wanted") == 2
    assert lease(["a", "b"], "w") is None
    assert not queue.holds(held)
    with pytest.raises(LeaseLost):
        queue.renew(held)
    with pytest.raises(LeaseLost):
        queue.end(held)
    assert state(waiting) == state(running) == "cancelled"


def test_an_answer_that_nobody_waits_for_is_not_computed(clock: Clock) -> None:
    wanted, kept = enqueue("solve", wanted=True), enqueue("solve")
    clock.go(seconds=6)
    found = lease(["solve"], "w")
    assert found is not None
    assert found.pk == kept.pk
    assert state(wanted) == "cancelled"
    enqueue("solve", wanted=True)
    clock.go(seconds=4)
    assert lease(["solve"], "w") is not None


def test_a_clock_that_is_set_back_stalls_nothing(clock: Clock) -> None:
    at_once, later = enqueue("a"), enqueue("b", after=timedelta(seconds=10))
    enqueue("c")
    crashed = lease(["c"], "dead")
    assert crashed is not None
    clock.go(hours=-5)
    found = lease(["a"], "w")  # at once is at once, by whatever clock
    assert found is not None
    assert found.pk == at_once.pk
    assert lease(["b", "c"], "w") is None
    assert queue.mend_clock() == 2
    assert queue.mend_clock() == 0
    clock.go(seconds=11)
    found = lease(["b"], "w")
    assert found is not None
    assert found.pk == later.pk
    clock.go(seconds=20)
    found = lease(["c"], "w")  # the lease of the dead ran out after its 30 seconds
    assert found is not None
    assert found.pk == crashed.pk


def test_a_clock_that_is_set_back_runs_nothing_twice(clock: Clock) -> None:
    enqueue("a")
    job = lease(["a"], "one")
    assert job is not None
    clock.go(hours=-5)
    queue.mend_clock()
    assert lease(["a"], "two") is None
    queue.renew(job)
    queue.end(job)
    clock.go(hours=10)
    assert lease(["a"], "two") is None


def test_small_differences_between_machines_clocks_move_nothing(clock: Clock) -> None:
    enqueue("a", after=timedelta(seconds=100))
    clock.go(seconds=-30)
    assert queue.mend_clock() == 0


def test_what_is_due_next_is_known(clock: Clock) -> None:
    assert queue.next_due(["a"]) is None
    enqueue("a", after=timedelta(seconds=50))
    assert queue.next_due(["a"]) == clock.now + timedelta(seconds=50)
    assert queue.due_kinds() == []
    enqueue("b")
    assert queue.due_kinds() == ["b"]
