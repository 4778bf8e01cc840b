"""A reader's changes: numbers and options put in the place of the author's judgements.

What lives here: the type, its canonical text and its digest. What may not: solving, NumPy.

The canonical text goes into addresses (``?s=agency_binds=off;q_other=0.5``) and is the key under which
answers are kept: equal changes have equal texts, different changes different ones.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

__all__ = ["AUTHOR", "LIMIT", "Setting"]

LIMIT = 8  # changes at once


@dataclass(frozen=True, slots=True)
class Setting:
    """Up to eight changes: keys of assumptions with numbers or option labels, in the order of the keys.

    Made by :meth:`parse`, which knows what an edition allows. Empty for the author's own case.
    """

    changes: tuple[tuple[str, float | str], ...] = ()

    @property
    def is_author(self) -> bool:
        """Whether nothing is changed."""
        return not self.changes

    def canonical(self) -> str:
        """Return the canonical text, empty for the author's case.

        Examples
        --------
        >>> Setting((("agency_binds", "off"), ("q_other", 0.5))).canonical()
        'agency_binds=off;q_other=0.5'
        """
        return ";".join(f"{key}={_written(value)}" for key, value in self.changes)

    def digest(self, model: str) -> str:
        """Return the sha256 of the changes together with what they change: a key for answers.

        Parameters
        ----------
        model
            ``Edition.model``.
        """
        return hashlib.sha256(f"{model}\0{self.canonical()}".encode()).hexdigest()


AUTHOR = Setting()


def _written(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return repr(value + 0.0).removesuffix(".0")
