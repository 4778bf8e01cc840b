"""Words of estimative probability and the bands published for them.

What lives here: three yardsticks, as published. What may not: judgements.

==========  ============================================================================================
icd203      Office of the Director of National Intelligence, *Intelligence Community Directive 203:
            Analytic Standards* (2 January 2015), section D.6.e(2)(a): seven bands from 1 to 99 %.
kent        Sherman Kent, "Words of Estimative Probability", *Studies in Intelligence* 8(4), 1964: 100 %,
            93 give or take about 6, 75 give or take about 12, 50 give or take about 10, 30 give or take
            about 10, 7 give or take about 5, 0. Of his synonyms those whose row is beyond doubt are here.
phia        Professional Head of Intelligence Assessment, *PHIA Probability Yardstick* (United Kingdom,
            Cabinet Office, 2018 form). The gaps between its bands are in the original, which gives every
            end as approximate; "remote chance" begins at 0 and "almost certain" ends at 100 %.
==========  ============================================================================================
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
                (20, 45, "unlikely, improbable, improbably"),
                (45, 55, "roughly even chance, roughly even odds"),
                (55, 80, "likely, probable, probably"),
                (80, 95, "very likely, highly probable"),
                (95, 99, "almost certain, almost certainly, nearly certain"),
            )
        ),
        "kent": _named(
            (
                (0, 0, "impossible"),
                (2, 12, "almost certainly not, virtually impossible, almost impossible"),
                (2, 12, "some slight chance, highly doubtful"),
                (20, 40, "probably not, we believe not, we estimate not, we doubt, doubtful"),
                (40, 60, "chances about even"),
                (40, 60, "chances a little better than even, chances a little less than even"),
                (63, 87, "probable, probably, likely, we believe, we estimate"),
                (87, 99, "almost certain, almost certainly, virtually certain, all but certain"),
                (87, 99, "highly probable, highly likely, odds overwhelming, chances overwhelming"),
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

    Parameters
    ----------
    word
        In any mixture of capitals and blanks.
    yardstick
        A key of :data:`YARDSTICKS`.

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
