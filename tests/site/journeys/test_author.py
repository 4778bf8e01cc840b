"""An author publishes a second version: challenges are solved again, say whether they hold, are answered."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.site.journeys.visitor import PHONE, SCREEN, Visitor
from tests.site.packages import a_folder
from tests.site.real import RealSite

Visit = Callable[..., Visitor]
ANSWERS = {
    "adopted": "Adopted by the author in version 2.",
    "declined": "Declined by the author: The record is longer than that.",
}


@pytest.fixture(scope="module")
def challenges(site: RealSite, people: dict[str, dict[str, str]]) -> dict[str, int]:
    """Two challenges to the first version, and a second version."""
    found = {}
    for who, answer, value in (("Writer0", "adopted", "-0.58"), ("Writer1", "declined", "-0.57")):
        fields = {
            "claim": "wait",
            "v.gain": value,
            "why.gain": "Every year of waiting has cost a city.",
            "text": f"Waiting loses {value.strip('-')} at the least.",
            "do": "post",
        }
        posted = site.post("/a/threat/challenge", fields, people[who])
        assert posted.status == 303, posted
        found[answer] = int(posted.headers["location"].rpartition("c-")[2])
    site.solved()
    text = (site.source / "argument.md").read_text()
    a_folder(site.source, text.replace("range: [-0.6, 0.9]", "range: [-0.59, 0.9]"))
    said = site.command(
        *("publish", str(site.source), "--site", str(site.folder), "--owner", "Author"),
        *("--note", "What waiting gains is judged more narrowly."),
    )
    assert "is version 2" in said
    site.solved()
    return found


@pytest.mark.parametrize(
    ("scripts", "width", "scheme", "answer"),
    [(True, SCREEN, "dark", "adopted"), (False, PHONE, "light", "declined")],
)
def test_an_author_answers(
    visit: Visit, challenges: dict[str, int], scripts: bool, width: int, scheme: str, answer: str
) -> None:
    number = challenges[answer]
    author = visit("Author", scripts=scripts, width=width, scheme=scheme)
    page = author.page
    author.go("/a/threat/")
    assert "v2" in author.text("#versions")
    assert "judged more narrowly" in author.text("#versions")
    assert "still flips the advice in version 2" in author.text(f"#c-{number}")
    author.go("/a/threat/v/1")
    author.go(f"/c/{number}/")
    author.follow("Answer it as the author")
    if answer == "adopted":
        page.get_by_label("I adopt it").check()
        page.get_by_label("Adopted in version").fill("2")
    else:
        page.get_by_label("I decline it").check()
        page.get_by_label("Your words").fill("The record is longer than that.")
    author.press("Answer")
    stranger = visit(scripts=scripts, width=width, scheme=scheme)
    stranger.go("/a/threat/")
    assert ANSWERS[answer] in stranger.text(f"#c-{number} .effect")
