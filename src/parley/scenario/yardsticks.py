"""Words of estimative probability and the bands published for them.

What lives here: three yardsticks, as published. What may not: judgements.

Sources: Office of the Director of National Intelligence, *Intelligence Community Directive 203, Analytic
Standards* (2015), D.6.e(2); Sherman Kent, "Words of Estimative Probability", *Studies in Intelligence* 8(4)
(1964); Professional Head of Intelligence Assessment, *PHIA Probability Yardstick* (UK, 2018 form). The bands
are facts; the gaps between the PHIA bands are in the original.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["DEFAULT_YARDSTICK", "YARDSTICKS", "band"]

Band = tuple[float, float]

DEFAULT_YARDSTICK = "icd203"


def _named(rows: tuple[tuple[float, float, str], ...]) -> Mapping[str, Band]:
    return MappingProxyType(
        {word.strip(): (low / 100, high / 100) for low, high, words in rows for word in words.split(",")}
    )


YARDSTICKS: Mapping[str, Mapping[str, Band]] = MappingProxyType(
    {
        "icd203": _named(
            (
                (1, 5, "almost no chance, remote"),
                (5, 20, "very unlikely, highly improbable"),
                (20, 45, "unlikely, improbable"),
                (45, 55, "roughly even chance, roughly even odds"),
                (55, 80, "likely, probable"),
                (80, 95, "very likely, highly probable"),
                (95, 99, "almost certain, almost certainly, nearly certain"),
            )
        ),
        "kent": _named(
            (
                (0, 0, "impossible"),
                (2, 12, "almost certainly not, virtually impossible, almost impossible"),
                (20, 40, "probably not, unlikely, improbable, we doubt, we believe not"),
                (40, 60, "chances about even, chances a little better than even, improbable as not"),
                (63, 87, "probable, likely, we believe, we estimate"),
                (87, 99, "almost certain, virtually certain, highly probable, highly likely"),
                (100, 100, "certain"),
            )
        ),
        "phia": _named(
            (
                (0, 5, "remote chance"),
                (10, 20, "highly unlikely"),
                (25, 35, "unlikely"),
                (40, 50, "realistic possibility"),
                (55, 75, "likely, probable"),
                (80, 90, "highly likely"),
                (95, 100, "almost certain"),
            )
        ),
    }
)


def band(word: str, yardstick: str = DEFAULT_YARDSTICK) -> Band:
    """Return the band of a word, as two probabilities.

    Raises
    ------
    KeyError
        When the yardstick does not exist or has no such word.

    Examples
    --------
    >>> band("very unlikely"), band("probable", "kent")
    ((0.05, 0.2), (0.63, 0.87))
    """
    return YARDSTICKS[yardstick][" ".join(word.split()).casefold()]
