"""Elements and their text: nothing that stands in one gets out of it."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.report.pictures.svg import coordinate, element, points, render


@given(st.text(), st.text())
def test_text_and_attributes_come_back_as_they_were(text: str, label: str) -> None:
    parsed = ET.fromstring(render(element("g", element("title", text), data_label=label)))
    kept = "".join(sign if holds(sign) else "\ufffd" for sign in text)
    assert (parsed[0].text or "") == kept.replace("\r\n", "\n").replace("\r", "\n")
    assert len(parsed) == 1
    assert list(parsed.attrib) == ["data-label"]


def holds(sign: str) -> bool:
    """Whether XML can hold a sign (XML 1.0, production 2)."""
    code = ord(sign)
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


@pytest.mark.parametrize(
    "hostile", ["</svg><script>alert(1)</script>", '" onload="alert(1)', "]]>", "<!--", "&amp;"]
)
def test_hostile_text_stays_text(hostile: str) -> None:
    written = render(element("svg", element("text", hostile), class_=hostile))
    parsed = ET.fromstring(written)
    assert parsed[0].text == hostile
    assert parsed.attrib == {"class": hostile}
    assert [child.tag for child in parsed.iter()] == ["svg", "text"]


@pytest.mark.parametrize("name", ["on load", "x>", "", "1x", 'a"b'])
def test_a_name_that_xml_does_not_know_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        element(name)
    with pytest.raises(ValueError, match="no name"):
        element("g", **{name: "1"})


@given(st.floats(-1e5, 1e5))
def test_a_coordinate_is_within_half_a_tenth(value: float) -> None:
    text = coordinate(value)
    assert abs(float(text) - value) <= 0.05 + 1e-9
    assert len(text.partition(".")[2]) <= 1
    assert text != "-0"


@given(st.floats(-500, 500), st.integers(-3, 3))
def test_the_last_bits_of_a_machine_do_not_show(value: float, bits: int) -> None:
    """Machines differ in the last bits; only just halfway between two tenths may that be seen."""
    near = value * (1 + bits * 2.0**-52)
    halfway = abs(value * 10 % 1 - 0.5) < 1e-8
    assert halfway or coordinate(near) == coordinate(value)
    half = round(value * 10) / 10 + 0.05
    assert coordinate(half * (1 + bits * 2.0**-52)) == coordinate(half)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e7])
def test_what_has_no_place_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="no place"):
        coordinate(value)
    with pytest.raises(ValueError, match="no place"):
        points([(0.0, value)])
