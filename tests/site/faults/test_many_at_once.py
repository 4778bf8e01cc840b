"""Two hundred posts at the same time; a flood of challenges; a database that another program holds."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from tests.site.faults.crowd import ACCEPTED, Crowd

WORDS = "A war costs more: reckoning number"
SECONDS = 3.0  # for which the database is held


def test_two_hundred_posts_of_fifty_readers_at_once(crowd: Crowd) -> None:
    sent = crowd.at_once(200, 50)
    assert Counter(each.status for each in sent) == {303: 200}
    crowd.check(sent)


def test_the_page_reads_during_a_flood_of_challenges(crowd: Crowd) -> None:
    def challenge(number: int) -> int:
        fields = {
            "claim": "talk",
            "v.cost": f"0.{300 + number}",
            "why.cost": "the last two wars cost far more than that",
            "text": f"{WORDS} {number}.",
            "key": f"flood-{number}",
            "do": "post",
        }
        return crowd.site.post("/a/threat/challenge", fields, crowd.people[number % 50]).status

    with crowd.reading(lambda: crowd.site.get("/a/threat/")) as read, ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(challenge, range(100)))
    assert set(statuses) <= {*ACCEPTED, 429}, Counter(statuses)
    assert {status for status, _ in read} == {200}
    stored = Counter(
        row[0] for row in crowd.site.ask("SELECT source FROM web_comment WHERE source LIKE ?", WORDS + "%")
    )
    assert len(stored) == sum(each in ACCEPTED for each in statuses)
    assert set(stored.values()) == {1}
    crowd.check([])


def test_posts_wait_while_the_database_is_held_by_another_program(crowd: Crowd) -> None:
    path = crowd.site.folder / "site.sqlite3"
    with (
        closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as other,
        crowd.reading(lambda: crowd.site.get("/a/threat/")) as read,
        ThreadPoolExecutor(7) as pool,
    ):
        other.execute("BEGIN IMMEDIATE")
        posting = [pool.submit(crowd.write, reader) for reader in range(7)]
        time.sleep(SECONDS)
        other.execute("ROLLBACK")
        sent = [each.result() for each in posting]
    assert {each.status for each in sent} <= {*ACCEPTED, 503}, sent
    assert {status for status, _ in read} == {200}
    crowd.check(sent)
