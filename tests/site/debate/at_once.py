"""Many requests at the same moment, where the database can take them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection, connections

__all__ = ["at_once"]

T = TypeVar("T")
R = TypeVar("R")


def at_once(act: Callable[[T], R], arguments: Iterable[T], workers: int = 8) -> list[R]:
    """Call an act with each argument, in as many threads; one after the other on a database in memory.

    A database in memory has one connection: there the outcome is tested, not the race.
    """
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        return [act(each) for each in arguments]

    def alone(argument: T) -> R:
        try:
            return act(argument)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(alone, arguments))
