"""Everything Parley raises.

The tree::

    ParleyError
    ├── ScenarioError      the text is at fault; carries every Diagnostic at once
    ├── GameError          a scenario cannot be compiled into a game
    ├── DrawsError         a table of draws is malformed or does not fit the scenario
    ├── SolveError         the solver was called with something it cannot solve
    │   └── RecallError    a player forgets, and what was asked for takes one who does not
    ├── StudyError         a run cannot be planned, stored, resumed or verified
    ├── FindingsError      results do not carry what a finding needs
    └── TextError          what a reader of the site typed cannot be taken

Nothing here imports another room, and every message says which value was wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

__all__ = [
    "DrawsError",
    "FindingsError",
    "FrameError",
    "GameError",
    "ParleyError",
    "RecallError",
    "ScenarioError",
    "SolveError",
    "StudyError",
    "TextError",
]


class ParleyError(Exception):
    """The root of every error that Parley raises on purpose."""


class _Diagnostic(Protocol):
    def render(self) -> str: ...


class ScenarioError(ParleyError):
    """A scenario is at fault.

    Parameters
    ----------
    diagnostics
        Every fault found, in the order of the text. Never empty.
    """

    def __init__(self, diagnostics: Iterable[_Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n\n".join(item.render() for item in self.diagnostics))


class GameError(ParleyError):
    """A scenario cannot be compiled, or an array does not describe a game."""


class DrawsError(ParleyError):
    """A table of draws is malformed or does not fit the scenario."""


class SolveError(ParleyError):
    """The solver was asked for something that it cannot solve."""


class RecallError(SolveError):
    """A player has imperfect recall: its replies cannot be found set by set."""


class StudyError(ParleyError):
    """A run cannot be planned, stored, resumed or verified."""


class FindingsError(ParleyError):
    """Results do not carry what a finding needs."""


class FrameError(ParleyError):
    """A data frame was asked for in a library that is not there."""


class TextError(ParleyError):
    """What a reader of the site typed cannot be taken: too long, not readable, or not what the field is for.

    Parameters
    ----------
    code
        Which rule it broke, for programs (``too_long``).
    template
        The sentence for people, with ``%(name)s`` where a value stands, so that a page can translate it.
    **values
        What stands in the sentence.
    """

    def __init__(self, code: str, template: str, /, **values: object) -> None:
        self.code = code
        self.template = template
        self.values = values
        super().__init__(template % values)
