"""A disk without a byte left: nothing is accepted, the site reads, and it recovers by itself."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.site.faults.crowd import ACCEPTED, Crowd
from tests.site.real import children, until

LONG = " " + "word " * 500


@contextmanager
def no_room(crowd: Crowd) -> Iterator[None]:
    """Fill the disk of the site to its last byte."""
    if not crowd.own_disk:
        pytest.skip("only root may mount a small disk")
    filler = crowd.site.folder.parent / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def no_growth(crowd: Crowd) -> Iterator[None]:
    """Let no process of the site make a file longer than 4 KiB: every write into the database fails."""
    site = crowd.site
    pids = [*children(site.pid("gunicorn")), site.pid("worker")]
    with ExitStack() as undo:
        for pid in pids:
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            before = resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))
            undo.callback(resource.prlimit, pid, resource.RLIMIT_FSIZE, before)
        yield


@pytest.mark.parametrize("full", [no_room, no_growth])
def test_a_full_disk_refuses_posts_in_plain_words_and_the_site_reads(
    crowd: Crowd, full: Callable[[Crowd], Iterator[None]]
) -> None:
    site = crowd.site
    until(lambda: children(site.pid("gunicorn")))
    site.ask("PRAGMA wal_checkpoint(TRUNCATE)")
    with full(crowd):  # type: ignore[attr-defined]
        sent = [crowd.write(reader, more=LONG) for reader in range(8)]
        assert site.get("/a/threat/").status == 200
        assert site.get("/policy/").status == 200
        assert site.get("/log/").status == 200
        refused = site.post(
            "/a/threat/comment",
            {"text": "Is there room?" + LONG, "do": "post", "key": full.__name__},
            crowd.people[0],
        )
    assert {each.status for each in sent} <= {*ACCEPTED, 503}
    assert refused.status == 503
    assert "<h1" in refused.body
    assert not any(word in refused.body for word in ("Traceback", "sqlite", "disk I/O", str(Path.home())))
    assert int(refused.headers["retry-after"]) > 0
    until(lambda: crowd.write(9).status in ACCEPTED)
    crowd.check(sent)
