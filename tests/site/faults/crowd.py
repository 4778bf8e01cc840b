"""Readers who write at the same time, and what must be true of a site afterwards."""

from __future__ import annotations

import http.client
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.site.real import Answer, RealSite

__all__ = ["Crowd", "Sent", "fields_of"]

ACCEPTED = (201, 302, 303)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a reader has sent, and what came back: a status, or 0 where the connection broke."""

    words: str
    key: str
    reader: int
    status: int
    seconds: float


def fields_of(words: str, key: str) -> dict[str, str]:
    """Return the form of a comment."""
    return {"text": words, "key": key, "do": "post"}


@dataclass
class Crowd:
    """A site and its readers' sessions."""

    site: RealSite
    people: list[dict[str, str]]
    own_disk: bool = False
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def write(self, reader: int, words: str = "", key: str = "", more: str = "") -> Sent:
        """Post one comment."""
        number = next(self._numbers)
        words = words or f"Objection {number} of reader {reader}: waiting has a price of its own.{more}"
        key = key or f"key-{number}"
        began = time.monotonic()
        who = self.people[reader % len(self.people)]
        try:
            status = self.site.post("/a/threat/comment", fields_of(words, key), who).status
        except (OSError, http.client.HTTPException):
            status = 0
        return Sent(words, key, reader, status, time.monotonic() - began)

    def at_once(self, count: int, threads: int) -> list[Sent]:
        """Post so many comments from so many threads, which begin together."""
        gate = threading.Barrier(threads)

        def some(thread: int) -> list[Sent]:
            gate.wait(30)
            return [self.write(thread) for _ in range(count // threads)]

        with ThreadPoolExecutor(threads) as pool:
            return [each for found in pool.map(some, range(threads)) for each in found]

    @contextmanager
    def writing(self, threads: int) -> Iterator[list[Sent]]:
        """Post without a pause from some threads while the block runs; what was sent is in the list after."""
        sent: list[Sent] = []
        over = threading.Event()

        def go_on(reader: int) -> None:
            while not over.is_set():
                sent.append(self.write(reader))

        writers = [threading.Thread(target=go_on, args=(n,)) for n in range(threads)]
        for each in writers:
            each.start()
        try:
            yield sent
        finally:
            over.set()
            for each in writers:
                each.join(60)

    @contextmanager
    def reading(self, ask: Callable[[], Answer]) -> Iterator[list[tuple[int, float]]]:
        """Read without a pause while the block runs: statuses (0: the connection broke) and seconds."""
        found: list[tuple[int, float]] = []
        over = threading.Event()

        def go_on() -> None:
            while not over.is_set():
                began = time.monotonic()
                try:
                    status = ask().status
                except (OSError, http.client.HTTPException):
                    status = 0
                found.append((status, time.monotonic() - began))
                over.wait(0.05)

        reader = threading.Thread(target=go_on)
        reader.start()
        try:
            yield found
        finally:
            over.set()
            reader.join(60)

    def check(self, sent: list[Sent]) -> None:
        """Nothing that was accepted is lost, nothing is there twice, the log is whole.

        What came to nothing (the connection broke, the site was busy) is sent again as a browser does,
        with the key of the form: then it too is there once.
        """
        for each in sent:
            if each.status not in ACCEPTED:
                again = self.write(each.reader, each.words, each.key)
                assert again.status in ACCEPTED, (each, again)
        stored = Counter(row[0] for row in self.site.ask("SELECT source FROM web_comment"))
        assert {each.words: stored[each.words] for each in sent if stored[each.words] != 1} == {}
        assert "unbroken" in self.site.command("log", "verify", "--site", str(self.site.folder))
