"""A stand-in for the process that computes: answers at once, counts, fails on demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import Any

from parley.site.model import Edition, Effect, Numbers, Setting, edition
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
        self.hold_for = ""  # computes for ever at questions with this setting
        self.began = Event()
        self.ended = Event()
        self._editions: dict[str, Edition] = {}
        self.tamper: Callable[[Effect], Effect] = lambda effect: effect

    def solve(self, scenario: str, setting: Setting, draws: int, seed: int) -> Effect:
        """Answer a setting; the author's own, which a new version asks for, is noted as ``advise``."""
        canonical = setting.canonical()
        self._ask("solve" if canonical else "advise", scenario, canonical, str(draws), str(seed))
        return self.tamper(an_effect(self._edition(scenario), canonical, draws=draws, seed=seed))

    def challenge(self, scenario: str, name: str, draws: int, seed: int) -> Effect:
        """Answer a declared objection."""
        self._ask("challenge", scenario, name, str(draws), str(seed))
        return self.tamper(an_effect(self._edition(scenario), challenge=name, draws=draws, seed=seed))

    def prepare(self, scenario: str, progress: Callable[[float], None] | None) -> Numbers:
        """Answer all of a version."""
        self._ask("prepare", scenario)
        if progress is not None:
            progress(0.5)
        numbers = numbers_for(self._edition(scenario))
        return replace(numbers, effect=self.tamper(numbers.effect))

    def warm(self, scenario: str) -> None:
        """Make ready."""
        self._ask("warm", scenario)

    def cancel(self) -> None:
        """End what is being computed."""
        self.ended.set()

    def close(self) -> None:
        """End."""
        self.ended.set()

    def kinds(self) -> list[str]:
        """Return what was asked, in order, but for being made ready."""
        return [each[0] for each in self.asked if each[0] != "warm"]

    def _edition(self, scenario: str) -> Edition:
        if scenario not in self._editions:
            self._editions[scenario] = edition(scenario)
        return self._editions[scenario]

    def _ask(self, *what: str) -> None:
        self.asked.append(what)
        self.ended.clear()
        self.began.set()
        if self.fault is not None:
            raise self.fault
        if self.hold or (self.hold_for and self.hold_for in what):
            assert self.ended.wait(20), "nobody ended the work"
            raise CancelledError("taken back")
