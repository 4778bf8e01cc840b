"""A share of the readings, a number spread over them, and both for a pair: what all records are made of.

What lives here: the types. What may not: statistics (:mod:`parley.findings.statistics`), sentences.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DOTS", "Pair", "Share", "Spread"]

DOTS = 50  # quantiles kept of what is drawn dot by dot


@dataclass(frozen=True, slots=True)
class Spread:
    """How a number is spread over the readings.

    ``low``, ``middle`` and ``high`` are the 5, 50 and 95 % quantiles. ``error`` is the half-width of a 95 %
    interval for the mean (see :func:`parley.findings.statistics.spread`).

    ``dots`` are the quantiles (k - 0.5) / 50 for k = 1 ... 50, in order: equally likely values, one for each
    dot of a quantile dot plot (Kay et al., *When (ish) is my bus?*, CHI 2016). They are kept for margins and
    for criteria; None elsewhere, without a defined reading, and in files of before.
    """

    mean: float | None
    low: float | None
    middle: float | None
    high: float | None
    error: float | None
    defined: int
    undefined: int
    dots: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """In what share of the readings something holds.

    ``share`` is taken among the defined readings; ``ties`` is the share of them in which the compared
    values were equal, each counted in ``share`` as divided evenly between the equals. ``lower`` and
    ``upper`` bound the share of *all* readings: the undefined ones count against the statement in
    ``lower`` and for it in ``upper``, and the sampling error is subtracted and added. ``word`` follows from
    those two bounds alone (:func:`parley.findings.statistics.word`).
    """

    share: float | None
    error: float | None
    ties: float
    lower: float
    upper: float
    defined: int
    undefined: int
    word: str

    def __str__(self) -> str:
        """Return share, error and word, for a quick look."""
        if self.share is None:
            return f"undefined: {self.word}"
        error = "?" if self.error is None else f"{self.error:.3f}"
        return f"{self.share:.3f} ± {error}: {self.word}"


@dataclass(frozen=True, slots=True)
class Pair:
    """The recommendation beside one other candidate, reading by reading.

    ``better`` is how often it does better, ``margin`` by how much: positive favours the recommendation.
    """

    better: Share
    margin: Spread
