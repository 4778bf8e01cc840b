"""A plain page waits a moment for the effect of a challenge: one press is enough, nobody is kept waiting."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from parley.site.web import awaiting
from parley.site.web.models import Article, Solve
from tests.site.debate import test_challenges
from tests.site.debate.browser import Reader, text_of
from tests.site.render import samples

pytestmark = pytest.mark.django_db
reader, sample = test_challenges.reader, test_challenges.sample  # fixtures
KNOWN = next(each for each in samples.ASSUMPTIONS if not each.options)


class Clock:
    """Time that passes only in sleep; a worker answers after some of it."""

    def __init__(self, answers_after: float) -> None:
        self.now, self.looks, self.after = 0.0, 0, answers_after

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.looks += 1
        if self.now >= self.after:
            solve = Solve.objects.get()
            effect = samples.effect(solve.setting, better=0.3, worse=0.6, chip="flips")
            solve.effect, solve.status = json.loads(effect.to_json()), Solve.Status.SOLVED
            solve.save()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Clock:
    made = Clock(getattr(request, "param", 0.4))
    monkeypatch.setattr(awaiting, "time", made)
    monkeypatch.setattr(awaiting, "alive", lambda: 1)
    return made


def pressed(article: Article, writer: Reader, value: str = "0.9") -> str:
    data: dict[str, Any] = {
        "claim": KNOWN.passage,
        f"v.{KNOWN.key}": value,
        "text": "My words.",
        "do": "solve",
    }
    answer = writer.post(f"/a/{article.slug}/challenge", **data)
    assert answer.status_code == 200
    return text_of(answer)


def test_one_press_brings_the_effect_and_keeps_what_was_typed(
    sample: Article, reader: Reader, clock: Clock
) -> None:
    page = pressed(sample, reader)
    assert "flips the advice" in page
    assert "It is being solved." not in page
    assert "My words." in page
    assert 0.4 <= clock.now < 0.8


@pytest.mark.parametrize("clock", [1e9], indirect=True)
def test_it_waits_three_seconds_and_no_longer(sample: Article, reader: Reader, clock: Clock) -> None:
    assert "It is being solved." in pressed(sample, reader)
    assert clock.now == pytest.approx(awaiting.LONGEST) == pytest.approx(3.0)
    assert clock.looks < 25
    assert "It is being solved." in pressed(sample, reader)  # pressed again: it waits again
    assert clock.now == pytest.approx(6.0)


@pytest.mark.parametrize("clock", [1e9], indirect=True)
@pytest.mark.parametrize("why", ["no worker", "busy", "another waits"])
def test_the_page_comes_at_once_where_waiting_is_vain_or_would_hold_up_others(
    why: str,
    sample: Article,
    reader: Reader,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if why == "no worker":
        monkeypatch.setattr(awaiting, "alive", lambda: 0)
    if why == "busy":
        monkeypatch.setattr(awaiting, "ask_again_after", lambda: 2000)
    taken = why == "another waits" and awaiting._SLOT.acquire(blocking=False)
    try:
        assert "It is being solved." in pressed(sample, reader)
    finally:
        if taken:
            awaiting._SLOT.release()
    assert clock.looks == 0
    assert awaiting._SLOT.acquire(blocking=False), "the place is given back"
    awaiting._SLOT.release()


def test_without_a_worker_no_real_time_passes(sample: Article, reader: Reader) -> None:
    began = time.monotonic()
    pressed(sample, reader)
    assert time.monotonic() - began < 2.0
