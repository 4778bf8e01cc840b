"""What the live model raises.

What lives here: the error types. What may not: anything that raises them.

Every message can be shown to a reader: it names the value and says what to do, and holds no path and no
trace.
"""

from __future__ import annotations

from parley.errors import ParleyError

__all__ = [
    "CancelledError",
    "ChildError",
    "EditionError",
    "LimitError",
    "ModelError",
    "SettingError",
    "SolverError",
]


class ModelError(ParleyError):
    """The root of what the live model of an article raises."""


class EditionError(ModelError):
    """A scenario cannot be shown as an article."""


class SettingError(ModelError):
    """A reader's changes cannot be taken.

    Parameters
    ----------
    field
        The name of the assumption at fault as the reader gave it, cut to 80 characters; ``""`` for the whole.
    template
        What is wrong and what to do, in plain words with ``{names}`` for values: what is translated.
    values
        What stands for the names.

    Examples
    --------
    >>> str(SettingError("q_other", "give a number from {least} to {most}", least="0", most="1"))
    'q_other: give a number from 0 to 1'
    """

    def __init__(self, field: str, template: str, **values: object) -> None:
        self.field = field[:80]
        self.template = template
        self.values = values
        self.reason = template.format(**values)
        super().__init__(f"{self.field}: {self.reason}" if field else self.reason)


class SolverError(ModelError):
    """A question cannot be answered: the scenario cannot be solved, or its solver says why not."""


class LimitError(SolverError):
    """A question took more time or memory than it may: its process was ended."""


class CancelledError(SolverError):
    """A question was taken back before it was answered."""


class ChildError(SolverError):
    """The solving process ended by itself, or said what is no answer."""
