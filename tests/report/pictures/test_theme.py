"""Colours: readable as text, apart for the colour-blind, by day and by night."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from parley.report.pictures import line_chart
from parley.report.pictures.theme import DARK, DASHES, LIGHT, LINES, MARKERS, style_sheet
from tests.report.pictures.charts import small

# Viénot, Brettel & Mollon 1999 (Color Research & Application 24:243-252), in linear RGB.
BLIND = {
    "protanopia": np.array([[0.1124, 0.8876, 0.0], [0.1124, 0.8876, 0.0], [0.0040, -0.0040, 1.0]]),
    "deuteranopia": np.array([[0.2928, 0.7072, 0.0], [0.2928, 0.7072, 0.0], [-0.0223, 0.0223, 1.0]]),
}


def linear(colour: str) -> NDArray[np.float64]:
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ (0.2126, 0.7152, 0.0722))


def contrast(one: str, other: str) -> float:
    """WCAG 2.2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIE 1976 L*a*b* of linear RGB, white D65."""
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ rgb
    f = np.cbrt(np.maximum(xyz / (0.9505, 1.0, 1.089), 1e-9))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_read_stands_out_from_the_paper(palette: dict[str, str]) -> None:
    for name in ("ink", "soft", *(f"line{number}" for number in range(1, LINES + 1))):
        assert contrast(palette[name], palette["paper"]) >= 4.5, name


@pytest.mark.parametrize("blind", [None, *BLIND])
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_the_first_four_lines_are_apart_for_everybody(palette: dict[str, str], blind: str | None) -> None:
    seen = []
    for number in range(1, 5):
        rgb = linear(palette[f"line{number}"])
        seen.append(lab(np.clip(BLIND[blind] @ rgb, 0, 1) if blind else rgb))
    for one, other in combinations(range(4), 2):
        assert np.linalg.norm(seen[one] - seen[other]) > 12, (one + 1, other + 1)


def test_lines_differ_without_colour() -> None:
    assert len(set(DASHES)) == len(set(MARKERS)) == LINES


def test_a_style_reaches_no_further_than_its_picture() -> None:
    for theme in ("auto", "light", "dark"):
        rules = re.sub(r"@[^{]*\{", "", style_sheet(theme)).split("}")
        assert all(rule.startswith(".parley-picture") for rule in rules if rule)
        assert "url(" not in style_sheet(theme)
        assert "@import" not in style_sheet(theme)
    with pytest.raises(ValueError, match="auto, light, dark"):
        style_sheet("sepia")


@pytest.mark.parametrize(("theme", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_a_renderer_without_variables_finds_the_colours_in_attributes(
    theme: str, palette: dict[str, str]
) -> None:
    plain = re.sub(r"<style>.*?</style>", "", line_chart(small(), theme))
    used = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', plain))
    assert used <= set(palette.values())
    assert {palette[name] for name in ("paper", "ink", "soft", "line1", "line2", "line3")} <= used
    before, _, _ = style_sheet(theme).partition("@supports")
    assert "var(" not in before
