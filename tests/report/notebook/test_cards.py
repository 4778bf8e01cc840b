"""Every object has a card: escaped, without script, small, with what a reader looks for first."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest

import parley
from parley.errors import FindingsError
from parley.report.notebook import CARDS, card, install
from parley.scenario import read_request
from parley.study import fit, reproduce, sweep

HOSTILE = "</div><script>alert(1)</script><img src=x onerror=alert(2)> `**&amp;\x1b[31m"
TITLE = "&lt;/div&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(2)&gt; `**&amp;amp;[31m"
LARGEST = 60_000
GAME = 'EFG 2 R "War" { "us" } p "" 1 1 "act" { "go" "stay" } 0 t "" 1 "" { 1 } t "" 0'
VOID = {"br", "img", "meta", "link", "hr", "input"}


@cache
def scenario(title: str | None = None) -> parley.Scenario:
    found = parley.load("which-event-first")
    return found if title is None else replace(found, title=title, question=title)


@cache
def results(title: str | None = None) -> parley.Results:
    return parley.run(scenario(title), draws=16)


def swept(title: str | None = None) -> object:
    request = read_request(scenario(title), "{vary: B, from: 0, to: 40, steps: 3, show: payoff(us)}")
    return sweep(scenario(title), request, draws=4)


def fitted(title: str | None = None) -> object:
    found = fit(scenario(), {"outcome": ["settled", "clean failure"]}, ["pi_peace"])
    return found if title is None else replace(found, title=title)


def reproduced(title: str | None = None) -> object:
    found = parley.load("tucker-1950/prisoners-dilemma")
    return reproduce(found if title is None else replace(found, title=title))


def read(title: str | None = None) -> parley.Game:
    game = parley.read_game("war.efg", GAME)
    if title is None:
        return game
    assert game.origin is not None
    hostile = replace(game.origin, title=title)
    labels = dict(players=(title,), infoset_move=(title,), action_label=(title, title))
    return replace(game, origin=hostile, **labels)  # type: ignore[arg-type]


def solved(title: str | None = None) -> parley.Solution:
    found = parley.solve_at(read(), [1.0, 2.0])
    return found if title is None else replace(found, players=(title,))


MADE: dict[str, Callable[[str | None], Any]] = {
    "Scenario": scenario,
    "Game": read,
    "Solution": solved,
    "Results": results,
    "Findings": lambda title: parley.assess(results(title)),
    "Sweep": swept,
    "Fit": fitted,
    "Reproduction": reproduced,
}


class Reader(HTMLParser):
    """The tags of a fragment; they must close in the order in which they open."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_card_is_made_here() -> None:
    assert set(MADE) == {name for _, name in CARDS}


@pytest.mark.parametrize("name", MADE)
def test_a_hostile_title_stays_text(name: str) -> None:
    text = card(MADE[name](HOSTILE))
    reader = Reader()
    reader.feed(text)
    assert reader.open == []
    assert not {"script", "img", "iframe", "link"} & set(reader.tags)
    assert not [key for key, _ in reader.attributes if key.startswith("on") or key in {"src", "href"}]
    assert "\x1b" not in text
    assert TITLE in text


@pytest.mark.parametrize("name", MADE)
def test_a_card_is_small_and_loads_nothing(name: str) -> None:
    text = card(MADE[name](None))
    assert len(text.encode()) < LARGEST
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org)", text)
    assert "nan" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL).lower().split()


@pytest.mark.parametrize("name", MADE)
def test_every_rule_holds_inside_cards_and_pictures_alone(name: str) -> None:
    style = re.search(r"<style>(.*?)</style>", card(MADE[name](None)), re.DOTALL)
    assert style is not None
    selectors = re.findall(r"(?:^|[{}])([^{}@;]+)\{", style[1])
    assert selectors
    for selector in ",".join(selectors).split(","):
        assert re.search(r"\.parley-(card|picture)(\.auto)?( |\.|$)", selector), selector
    assert not re.search(r"[;{][^{}:]+:[^;{}]*\.parley", style[1])


@pytest.mark.parametrize("name", MADE)
def test_a_repr_is_one_short_line(name: str) -> None:
    text = repr(MADE[name](HOSTILE))
    assert "\n" not in text
    assert "\x1b" not in text
    assert text.startswith(f"<{name} of" if name != "Scenario" else "<Scenario ")
    assert len(text) < 400


def test_the_card_of_findings_says_the_verdict_and_the_proof() -> None:
    found = parley.assess(results())
    assert found.verdict is not None
    text = card(found)
    assert f"<strong>{found.verdict.recommended}</strong>" in text
    assert "games certified" in text
    low = replace(found, certification=replace(found.certification, sufficient=False, uncertified=9))
    assert "No verdict: 9 of 16 readings" in card(low)


def test_what_an_override_sets_is_shown() -> None:
    text = card(parley.load("which-event-first", overrides={"B": "3"}))
    assert "(as set)" in text


def test_uncertified_games_stand_out() -> None:
    found = results()
    proofs = {
        policy: replace(proof, status=proof.status + (number == 0))
        for number, (policy, proof) in enumerate(found.proofs.items())
    }
    games = 16 * len(found.policies)
    assert f"<strong>{games - 16} of {games} games certified" in card(replace(found, proofs=proofs))


def test_other_objects_have_no_card() -> None:
    with pytest.raises(FindingsError, match="there is no card for a int"):
        card(3)


def test_cards_are_entered_by_name() -> None:
    entered: dict[tuple[str, str], Any] = {}
    html = SimpleNamespace(for_type_by_name=lambda module, name, made: entered.update({(module, name): made}))
    install(SimpleNamespace(display_formatter=SimpleNamespace(formatters={"text/html": html})))
    assert set(entered) == set(CARDS)
    for module, name in CARDS:
        made = type(MADE[name](None))
        assert (made.__module__, made.__name__) == (module, name)


@pytest.mark.parametrize(("running", "loaded"), [("None", False), ("shell", True)])
def test_the_face_looks_for_a_running_notebook(running: str, loaded: bool) -> None:
    code = (
        "import sys, types\n"
        "entered = []\n"
        "html = types.SimpleNamespace(for_type_by_name=lambda *each: entered.append(each))\n"
        "display = types.SimpleNamespace(formatters={'text/html': html})\n"
        "shell = types.SimpleNamespace(display_formatter=display)\n"
        "fake = types.ModuleType('IPython')\n"
        f"fake.get_ipython = lambda: {running}\n"
        "sys.modules['IPython'] = fake\n"
        "import parley\n"
        "print(len(entered), 'numpy' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(len(CARDS) if loaded else 0), "False"]
