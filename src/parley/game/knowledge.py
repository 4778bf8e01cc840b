"""Who knows what along a story: sequences of observations, each kept once.

What lives here: the logs of players with perfect recall, and what those with ``remembers:`` carry. What may
not: NumPy, the order of the story.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from parley.game.flatten import Fact
from parley.scenario.model import Scenario

__all__ = ["Knowledge", "Logs"]

Logs = tuple[int, ...]
"""One number of an observation sequence per player; 0 is the empty one."""


class Knowledge:
    """Observation sequences of one walk.

    Examples
    --------
    >>> import parley
    >>> known = Knowledge(parley.load("which-event-first"))
    >>> log = known.extended(0, 3, "first event", "strike")
    >>> known.in_words("us", {}, log)
    'first event: strike'
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._numbers: dict[tuple[int, int, str, str], int] = {}
        self._entries: list[tuple[int, str, str]] = [(-1, "", "")]  # previous, variable, label

    def extended(self, log: int, position: int, name: str, label: str) -> int:
        """Return the number of a sequence with one more observation, made at a position of the story."""
        key = (log, position, name, label)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._entries)
            self._entries.append((log, name, label))
        return number

    def of_head(self, position: int, known: Iterable[tuple[Fact, object]]) -> int:
        """Return the sequence with which a round begins: what everybody has seen and may still matter."""
        log = 0
        for fact, value in known:
            if value is not None:
                name = f"last {fact[1]}" if fact[0] == "before" else fact[1]
                log = self.extended(log, position, name, str(value))
        return log

    def carried(self, player: str, labels: Mapping[str, str], log: int, head: int) -> tuple[object, ...]:
        """Return what a player knows, to be compared: its sequence, or the labels that it remembers.

        ``head`` is the number of the state in which the round began, -1 before rounds: everybody knows it.
        """
        remembers = self.scenario.players[player].remembers
        if remembers is None:
            return ("log", log)
        return ("remembers", head, *(labels.get(name) for name in remembers))

    def in_words(self, player: str, labels: Mapping[str, str], log: int) -> str:
        """Say what a player knows."""
        remembers = self.scenario.players[player].remembers
        if remembers is not None:
            pairs = [(name, labels.get(name)) for name in remembers]
            return ", ".join(f"{name}: {label}" for name, label in pairs if label is not None)
        parts: list[str] = []
        while log > 0:
            log, name, label = self._entries[log]
            parts.append(f"{name}: {label}")
        return ", ".join(reversed(parts))
