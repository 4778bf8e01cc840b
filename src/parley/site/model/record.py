"""Records that are written as JSON and read back.

What lives here: the one written form of everything that the live model hands out. What may not: the records.

The form is that of :mod:`parley.findings.exchange`: an object with its fields in order under a first key
that says what kind of record it is, arrays for tuples, null for what does not exist; reading checks
every name and type.
"""

from __future__ import annotations

import json
from typing import ClassVar, Self

from parley.errors import FindingsError
from parley.findings.exchange import read, write
from parley.site.model.errors import ModelError

__all__ = ["Record"]


class Record:
    """A frozen dataclass that can be written as JSON and read back.

    Subclasses set ``MARK``, the first key, and ``FORMAT``, the version of the form.
    """

    __slots__ = ()
    MARK: ClassVar[str]
    FORMAT: ClassVar[int] = 1

    def to_json(self) -> str:
        """Write the record as JSON on one line.

        Returns
        -------
        str
            Versioned, keys in the order of the fields, without NaN; the same text for equal records.
        """
        return json.dumps(
            json.loads(write(self, self.MARK, self.FORMAT)), ensure_ascii=False, separators=(",", ":")
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a record back.

        Raises
        ------
        ModelError
            The text is not JSON, of another kind or version, or a field is missing, unknown or of
            another type.
        """
        try:
            return read(cls, text, cls.MARK, cls.FORMAT)
        except FindingsError as fault:
            raise ModelError(f"not {cls.MARK}: {fault}") from fault
