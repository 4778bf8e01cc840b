"""The classic games with other numbers, other grids and other questions than they ship with."""

from __future__ import annotations

import parley
from parley import catalog
from parley.game.model import Game
from parley.scenario import loads
from parley.solve import Tables, tabulate
from parley.study import reproduce

CLASSICS = (
    "capra-1999/travelers-dilemma",
    "crawford-sobel-1982/cheap-talk",
    "crawford-sobel-1982/two-states",
    "dresher-1962/inspection",
    "fearon-1994/public-crisis",
    "gross-wagner-1950/colonel-blotto",
    "guth-1982/ultimatum",
    "kuhn-1950/poker",
    "luce-raiffa-1957/battle-of-the-sexes",
    "luce-raiffa-1957/finitely-repeated-dilemma",
    "nash-1953/demand",
    "russell-1959/chicken",
    "selten-1975/horse",
    "selten-1978/chain-store",
    "selten-1978/entry-deterrence",
    "sen-1967/assurance",
    "skyrms-2004/stag-hunt",
    "spence-1973/schooling",
    "tsebelis-1989/crime-and-punishment",
    "tucker-1950/prisoners-dilemma",
)


def text_of(name: str, *changes: tuple[str, str], bare: bool = False) -> str:
    """Return the article without its last block (sweeps, published numbers), with some text exchanged.

    ``bare``: nor with policies, quantities, claims and challenges.
    """
    text = catalog.locate(name).read_text(encoding="utf-8")
    text, last = text.rsplit("```parley\n", 1)
    assert "expected:" in last
    if bare:
        text = text[: text.index("\ncompare:")] + "```\n"
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def asked(
    name: str,
    *quantities: str,
    concept: str = "quantal",
    changes: tuple[tuple[str, str], ...] = (),
    bare: bool = False,
    **given: float,
) -> list[float]:
    """Solve a classic for the given numbers, and return what is asked of it."""
    put = "set: {" + ", ".join(f"{key}: {value!r}" for key, value in given.items()) + "}"
    entries = [
        f'  - {{quantity: "{each}", value: 0, tolerance: 0, {put}, concept: {concept}}}\n'
        for each in quantities
    ]
    text = text_of(name, *changes, bare=bare) + "```parley\nexpected:\n" + "".join(entries) + "```\n"
    answers = reproduce(loads(text), draws=16)
    assert answers.problems == ()
    found = []
    for each in answers.numbers:
        assert not each.unsolved, each.expectation
        assert each.found is not None
        found.append(each.found)
    return found


def plain(name: str, *changes: tuple[str, str], **given: str) -> tuple[Game, Tables]:
    """Return the game of one reading and its numbers, ``[., 1]``."""
    scenario = loads(text_of(name, *changes), overrides=given)
    game = parley.compile(scenario)
    return game, tabulate(game, parley.sample(scenario, 1))
