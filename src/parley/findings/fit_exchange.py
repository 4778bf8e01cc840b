"""An estimation as JSON, and back.

What lives here: the name and version of the written form. What may not: how anything is estimated
(:mod:`parley.study.fitting`), the form itself (:mod:`parley.findings.exchange`).
"""

from __future__ import annotations

from parley.findings.exchange import read, write
from parley.study.fit_model import Fit

__all__ = ["FIT_FORMAT", "fit_from_json", "fit_to_json"]

FIT_FORMAT = 1
_MARK = "parley_fit"


def fit_to_json(found: Fit) -> str:
    """Write an estimation as JSON text.

    Examples
    --------
    >>> import parley
    >>> from parley.study import fit
    >>> found = fit(parley.load("which-event-first"), {"outcome": ["settled", "clean failure"]}, ["B"])
    >>> fit_from_json(fit_to_json(found)) == found
    True
    """
    return write(found, _MARK, FIT_FORMAT)


def fit_from_json(text: str) -> Fit:
    """Read an estimation from JSON text.

    Raises
    ------
    FindingsError
        The text is no estimation, or one of another version; it names the first fault.
    """
    return read(Fit, text, _MARK, FIT_FORMAT)
