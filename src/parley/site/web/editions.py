"""What a version says and what was solved of it, read once for each process.

What lives here: records of :mod:`parley.site.model` by version. What may not: anything that a reader can
change.

An edition is megabytes of JSON with its numbers, and never changes once solved: reading it for each page
would take longer than writing the page.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date, datetime
from typing import ClassVar, TypeVar
from weakref import WeakSet

from parley.site.model.article import Edition
from parley.site.model.effect import Effect, Numbers
from parley.site.web.models import Article, Solve, Version

__all__ = [
    "LARGE",
    "LARGE_BEHIND",
    "LARGE_OF_CURRENT",
    "Memo",
    "edition_of",
    "effect_of",
    "lines_of",
    "numbers_of",
    "published_on",
]

T = TypeVar("T")
LARGE = ("edition", "numbers", "source", "files")  # columns of a version that a page does not load
LARGE_OF_CURRENT = tuple(f"current__{name}" for name in LARGE)  # of an article's present version
LARGE_BEHIND = tuple(f"article__{name}" for name in LARGE_OF_CURRENT)  # ... reached from a comment


class Memo:
    """The last so many values that took long to make, shared by the threads of a process."""

    _all: ClassVar[WeakSet[Memo]] = WeakSet()

    def __init__(self, size: int) -> None:
        self.size = size
        Memo._all.add(self)
        self._values: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value under a key, made now if it is not there."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]  # type: ignore[return-value]
        made = make()
        with self._lock:
            self._values[key] = made
            while len(self._values) > self.size:
                self._values.popitem(last=False)
        return made

    @staticmethod
    def forget_all() -> None:
        """Forget everything, in this process: after another database took the place of this one."""
        for each in Memo._all:
            with each._lock:
                each._values.clear()


_EDITIONS = Memo(200)
_NUMBERS = Memo(60)
_EFFECTS = Memo(2000)
_LINES = Memo(500)

Line = tuple[int, datetime, str, bool, str]


def edition_of(version: Version) -> Edition:
    """Return what a version says; its row may be loaded without its large columns.

    Raises
    ------
    ModelError
        The stored text is no edition.
    """

    def read() -> Edition:
        stored = Version.objects.values_list("edition", flat=True).get(pk=version.pk)
        return Edition.from_json(json.dumps(stored))

    return _EDITIONS.get((version.pk, version.digest), read)


def numbers_of(version: Version) -> Numbers | None:
    """Return what was solved of a version; None before its advice is known, or where solving failed.

    While a version is ``answered`` only ``effect`` says something: see :meth:`Numbers.finished`.

    Raises
    ------
    ModelError
        The stored text is no record of numbers.
    """
    if version.status not in (Version.Status.ANSWERED, Version.Status.READY):
        return None

    def read() -> Numbers | None:
        stored = Version.objects.values_list("numbers", flat=True).get(pk=version.pk)
        return None if stored is None else Numbers.from_json(json.dumps(stored))

    solved = (version.status, version.engine, version.draws, version.seed)
    return _NUMBERS.get((version.pk, version.digest, *solved), read)


def effect_of(solve: Solve) -> Effect | None:
    """Return what a question was answered with; None while it waits, or where it failed."""
    if solve.status != Solve.Status.SOLVED:
        return None

    def read() -> Effect | None:
        stored = Solve.objects.values_list("effect", flat=True).get(pk=solve.pk)
        return None if stored is None else Effect.from_json(json.dumps(stored))

    return _EFFECTS.get((solve.pk, solve.digest, solve.draws, solve.engine), read)


def lines_of(article: Article) -> tuple[Line, ...]:
    """Return number, time, note, whether a correction, and thanks, of all versions, newest first."""

    def read() -> tuple[Line, ...]:
        rows = article.versions.order_by("-n").values_list("n", "at", "note", "correction", "thanks")
        return tuple(rows)

    return _LINES.get((article.pk, article.current_id), read)


def published_on(edition: Edition, article: Article) -> date | None:
    """Return the day that stands under the title: the one the argument gives, else that of publishing here.

    Days are read as `2013-10-22`, `22 October 2013` or `October 22, 2013`.
    """
    for form in ("%Y-%m-%d", "%d %B %Y", "%B %d, %Y"):
        with contextlib.suppress(ValueError):
            return datetime.strptime(edition.date or "", form).date()
    return article.published_at.date() if article.published_at else None
