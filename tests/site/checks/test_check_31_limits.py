"""Check 31: limits by action, account and network; they outlive a restart and hold between processes."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from parley.site.web.limits import TooOften, take
from parley.site.web.models import Bucket
from tests.site.people import an_account, an_article

ROOT = Path(__file__).parents[3]
ACTIONS = sorted(settings.PARLEY_RULES.limits)


def taken(action: str, **who: object) -> int:
    """Take until it is too often; return how many were granted."""
    for count in range(1000):
        try:
            take(action, **who)  # type: ignore[arg-type]
        except TooOften as fault:
            return count if fault.seconds >= 1 else -1
    raise AssertionError("there is no limit")


@pytest.mark.django_db
@pytest.mark.parametrize("action", ACTIONS)
def test_check_31_each_action_has_its_own_limit_by_account_and_by_network(action: str) -> None:
    limit = settings.PARLEY_RULES.limits[action]
    one = an_account()
    assert taken(action, network="192.0.2.0/24", account=one) == limit.burst
    assert taken(action, network="198.51.100.0/24", account=one) == 0, "another network helped"
    others = sum(taken(action, network="192.0.2.0/24", account=an_account()) for _ in range(12))
    most = int(limit.burst * limit.network_factor)
    refilled = limit.per_hour * limit.network_factor / 3600 * 20  # in the seconds that this test may take
    assert most <= limit.burst + others <= most + refilled + 1
    assert taken(action, network="203.0.113.0/24") == limit.burst
    other = next(each for each in ACTIONS if each != action)
    take(other, network="198.51.100.0/24", account=one)


@pytest.mark.django_db
def test_check_31_time_refills_and_a_clock_set_back_does_not_take_away() -> None:
    one = an_account()
    limit = settings.PARLEY_RULES.limits["post"]
    assert taken("post", network="192.0.2.0/24", account=one) == limit.burst
    Bucket.objects.update(updated=timezone.now() - timedelta(hours=2))
    assert taken("post", network="192.0.2.0/24", account=one) == limit.burst
    Bucket.objects.update(updated=timezone.now() + timedelta(hours=2))
    assert taken("post", network="192.0.2.0/24", account=one) == 0


@pytest.mark.django_db
def test_check_31_the_answer_is_429_with_the_time_to_wait() -> None:
    article = an_article()
    client = Client()
    client.force_login(an_account(points=9))
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
    seen = []
    for number in range(12):
        body = {"text": f"An argument of its own, number {number}.", "do": "post"}
        answer = client.post(f"/a/{article.slug}/comment", body, headers=own)
        seen.append(answer.status_code)
        if answer.status_code == 429:
            assert int(answer["Retry-After"]) >= 1
            break
    assert seen[-1] == 429
    assert seen[:-1], "nothing was taken at all"
    assert set(seen[:-1]) <= {200, 302, 303}


TAKER = """
import os, sys
import django
django.setup()
from parley.site.web.limits import TooOften, take
granted = 0
for _ in range(30):
    try:
        take("post", network="192.0.2.0/24")
        granted += 1
    except TooOften:
        pass
print(granted)
"""


def test_check_31_one_limit_for_two_processes_and_after_a_restart(tmp_path: Path) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    own.pop("DATABASE_URL", None)
    own |= {"PARLEY_SITE": str(tmp_path), "DJANGO_SETTINGS_MODULE": "parley.site.web.settings"}
    own |= {"PYTHONPATH": str(ROOT / "src")}
    made = "import django; django.setup(); from django.core.management import call_command as c; "
    made += "c('migrate', verbosity=0)"
    subprocess.run([sys.executable, "-c", made], env=own, check=True, timeout=120)
    both = [
        subprocess.Popen([sys.executable, "-c", TAKER], env=own, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    granted = [int(each.communicate(timeout=120)[0]) for each in both]
    burst = settings.PARLEY_RULES.limits["post"].burst
    assert sum(granted) in (burst, burst + 1), granted  # one more token comes within a minute
    again = subprocess.run(
        [sys.executable, "-c", TAKER], env=own, capture_output=True, text=True, timeout=120
    )
    assert int(again.stdout) <= 1


@pytest.mark.django_db
def test_check_31_buckets_lie_in_the_database() -> None:
    take("mark", network="192.0.2.0/24")
    assert connection.vendor in ("sqlite", "postgresql")
    assert Bucket.objects.filter(key__contains="192.0.2.0/24").count() == 1
