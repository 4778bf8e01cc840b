"""Words of estimative probability, against the published tables."""

from __future__ import annotations

import pytest

from parley.scenario.yardsticks import DEFAULT_YARDSTICK, YARDSTICKS, band


def test_icd_203_covers_one_to_ninety_nine_per_cent_without_gaps() -> None:
    bands = sorted(set(YARDSTICKS["icd203"].values()))
    assert (bands[0][0], bands[-1][1]) == (0.01, 0.99)
    assert [high for _, high in bands[:-1]] == [low for low, _ in bands[1:]]
    assert [low for low, _ in bands] == [0.01, 0.05, 0.20, 0.45, 0.55, 0.80, 0.95]
    assert DEFAULT_YARDSTICK == "icd203"


@pytest.mark.parametrize(
    ("word", "middle", "give_or_take"),
    [
        ("certain", 1.00, 0.00),
        ("almost certain", 0.93, 0.06),
        ("probable", 0.75, 0.12),
        ("chances about even", 0.50, 0.10),
        ("probably not", 0.30, 0.10),
        ("almost certainly not", 0.07, 0.05),
        ("impossible", 0.00, 0.00),
    ],
)
def test_kent(word: str, middle: float, give_or_take: float) -> None:
    assert band(word, "kent") == pytest.approx((middle - give_or_take, middle + give_or_take))


def test_phia_keeps_its_gaps() -> None:
    bands = sorted(set(YARDSTICKS["phia"].values()))
    assert bands == [(0.0, 0.05), (0.1, 0.2), (0.25, 0.35), (0.4, 0.5), (0.55, 0.75), (0.8, 0.9), (0.95, 1.0)]


def test_synonyms_share_a_band_and_words_are_folded() -> None:
    assert band("Remote") == band("almost no  chance") == (0.01, 0.05)
    assert band("highly likely", "kent") == band("almost certain", "kent")
    for words in YARDSTICKS.values():
        for word, (low, high) in words.items():
            assert word == " ".join(word.split()).casefold()
            assert 0 <= low <= high <= 1


def test_what_is_not_published_is_refused() -> None:
    with pytest.raises(KeyError):
        band("fairly likely")
    with pytest.raises(KeyError):
        band("likely", "ipcc")
