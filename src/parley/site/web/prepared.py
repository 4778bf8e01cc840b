"""Queries of the pages that are read most: their SQL is written once, and asked again with other values.

What lives here: keeping SQL. What may not: queries; each stands where its rows are used.

Django writes the SQL of a query set anew each time, which takes several times as long as the database needs
to answer. Here a query set is built once with placeholders in the place of values, and its SQL is kept.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

__all__ = ["Prepared", "moment"]

Row = tuple[Any, ...]


class Prepared:
    """A query that is asked again and again with other values.

    Parameters
    ----------
    build
        Takes the shape and the values by name, returns a query set of rows (``values_list``). The values
        it is called with are placeholders: it must only compare columns with them.

    Notes
    -----
    Rows come as the database driver gives them: on SQLite moments have no zone (:func:`moment`).
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._kept: dict[Hashable, tuple[str, list[Any], dict[Any, tuple[str, int | None]]]] = {}
        self._lock = threading.Lock()

    def rows(self, *shape: Hashable, **values: int | str | Sequence[int] | Sequence[str]) -> list[Row]:
        """Return the rows for these values.

        Parameters
        ----------
        shape
            What changes the SQL itself, such as an order; handed to ``build``.
        values
            Numbers, texts, or lists of either to be among; a list is filled up with its last to a power of
            two, so that there are few lengths.
        """
        filled = {name: _filled(value) for name, value in values.items()}
        lengths = tuple(len(value) if isinstance(value, list) else 0 for value in filled.values())
        key = (connection.vendor, shape, tuple(filled), lengths)
        with self._lock:
            found = self._kept.get(key)
        if found is None:
            found = self._prepared(shape, filled)
            with self._lock:
                self._kept[key] = found
        sql, parameters, places = found
        asked = [_value(filled, places[each]) if each in places else each for each in parameters]
        with connection.cursor() as cursor:
            cursor.execute(sql, asked)
            found_rows: list[Row] = cursor.fetchall()
        return found_rows

    def _prepared(
        self, shape: tuple[Hashable, ...], values: Mapping[str, Any]
    ) -> tuple[str, list[Any], dict[Any, tuple[str, int | None]]]:
        places: dict[Any, tuple[str, int | None]] = {}
        sentinels: dict[str, Any] = {}
        number = -918_273_645
        for name, value in values.items():
            if isinstance(value, list):
                texts = isinstance(value[0], str)
                sentinels[name] = [
                    f"\x02{name}{index}\x03" if texts else number - index for index in range(len(value))
                ]
                places |= {each: (name, index) for index, each in enumerate(sentinels[name])}
                number -= len(value)
            else:
                sentinels[name] = f"\x02{name}\x03" if isinstance(value, str) else number
                places[sentinels[name]] = (name, None)
                number -= 1
        sql, parameters = self._build(*shape, **sentinels).query.sql_with_params()
        missing = set(places) - {each for each in parameters if isinstance(each, int | str)}
        assert not missing, f"values that the query does not compare with: {missing}"
        return sql, list(parameters), places


def moment(given: datetime) -> datetime:
    """Return a moment of a row with its zone: the database keeps UTC.

    Examples
    --------
    >>> moment(datetime(2013, 10, 22, 9, 30)).isoformat()
    '2013-10-22T09:30:00+00:00'
    """
    return given if given.tzinfo is not None else given.replace(tzinfo=UTC)


def _filled(value: int | str | Sequence[Any]) -> int | str | list[Any]:
    if isinstance(value, int | str):
        return value
    length = 1 << max(0, len(value) - 1).bit_length()
    return [*value, *[value[-1]] * (length - len(value))]


def _value(values: Mapping[str, Any], place: tuple[str, int | None]) -> Any:
    name, index = place
    return values[name] if index is None else values[name][index]
