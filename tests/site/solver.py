"""A stand-in for the process that computes: answers at once, counts, fails on demand."""

from __future__ import annotations

import json
from collections.abc import Callable
from threading import Event
from typing import Any

from parley.site.model import Edition, Effect, Numbers, edition
from parley.site.model.effect import Certificate
from parley.site.model.errors import CancelledError

__all__ = ["StandIn", "an_effect", "numbers_for"]


def an_effect(
    of: Edition, setting: str = "", challenge: str | None = None, chip: str = "flips", **more: Any
) -> Effect:
    """Return an effect of made-up numbers."""
    values: dict[str, Any] = {
        "model": of.model,
        "setting": setting,
        "challenge": challenge,
        "put": (),
        "recommended": of.recommended or "wait",
        "verdict": "leans",
        "before_verdict": "leans",
        "advice": "attack",
        "chip": chip,
        "leading": 0,
        "criteria": (),
        "claims": (),
        "words": {},
        "certificate": Certificate(1, 1, 1, 0, True, 0.0, 0.0),
        "engine": "0.0",
        "seed": 0,
        "draws": 16,
        "milliseconds": 3,
    }
    return Effect(**{**values, **more})


def numbers_for(of: Edition) -> Numbers:
    """Return the numbers of a version, made up."""
    told = {each.name: an_effect(of, challenge=each.name, chip="weakens", draws=64) for each in of.challenges}
    return Numbers(
        model=of.model,
        effect=an_effect(of, chip="no change", draws=64, seed=7),
        findings="{}",
        challenges=told,
        leverage=(),
        sweeps=(),
        pictures=(),
        engine="0.0",
        seconds=0.1,
    )


class StandIn:
    """Answers like the child process; ``hold`` makes it compute until it is cancelled."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.fault: Exception | None = None
        self.hold = False
        self.began = Event()
        self.ended = Event()
        self._editions: dict[str, Edition] = {}
        self.tamper: Callable[[str], str] = lambda text: text

    def solve(self, path: str, setting: str, draws: int, seed: int) -> str:
        """Answer a setting."""
        self._ask("solve", path, setting, str(draws), str(seed))
        return self.tamper(an_effect(self._edition(path), setting, draws=draws, seed=seed).to_json())

    def challenge(self, path: str, name: str, draws: int, seed: int) -> str:
        """Answer a declared objection."""
        self._ask("challenge", path, name, str(draws), str(seed))
        return self.tamper(an_effect(self._edition(path), challenge=name, draws=draws, seed=seed).to_json())

    def prepare(self, path: str, progress: Callable[[float], None]) -> str:
        """Answer all of a version."""
        self._ask("prepare", path)
        progress(0.5)
        return self.tamper(numbers_for(self._edition(path)).to_json())

    def cancel(self) -> None:
        """End what is being computed."""
        self.ended.set()

    def close(self) -> None:
        """End."""
        self.ended.set()

    def kinds(self) -> list[str]:
        """Return what was asked, in order."""
        return [each[0] for each in self.asked]

    def _edition(self, path: str) -> Edition:
        if path not in self._editions:
            self._editions[path] = edition(path)
        return self._editions[path]

    def _ask(self, *what: str) -> None:
        self.asked.append(what)
        self.began.set()
        if self.fault is not None:
            raise self.fault
        if self.hold:
            assert self.ended.wait(20), "nobody ended the work"
            raise CancelledError("taken back")


def plain(value: object) -> Any:
    """Return a record as JSON would have it."""
    return json.loads(json.dumps(value))
