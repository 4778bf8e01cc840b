"""What is on the shelf: one entry for each scenario, read from an index, and the search for words in it.

What lives here: entries, and how a word is found. What may not: reading scenarios. The index is written by
``scripts/generate.py`` from the scenarios themselves, so that listing them takes no time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from parley.errors import ParleyError

if TYPE_CHECKING:
    from parley.scenario.model import Scenario

__all__ = ["FIDELITY", "INDEX", "Entry", "entries", "entry_of", "search"]

INDEX = Path(__file__).resolve().parent / "index.json"

SHORTEST, ENDING = 5, 3  # letters of a beginning at least; of an ending at most

FIDELITY = {
    "exact": "the published model and its published result",
    "form": "the published structure, with numbers or distributions fixed by us",
    "reduced": "a small game of ours that carries the mechanism; not the publication's own theorem",
    "ours": "our own argument",
}
"""How close a scenario is to what was published: word -> what it means."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A scenario on the shelf: what its front matter says, and how large it is.

    ``players`` are their names in words; ``parameters``, ``claims``, ``challenges`` and ``expected``
    (published numbers that it must reproduce) are counts. ``words`` are those of its prose, each once, in
    lower case.
    """

    name: str
    title: str
    question: str
    field: str
    teaches: str
    summary: str
    citation: str
    fidelity: str
    players: tuple[str, ...]
    parameters: int
    claims: int
    challenges: int
    expected: int
    words: str


def entry_of(name: str, scenario: Scenario) -> Entry:
    """Return the entry of a scenario.

    Raises
    ------
    ParleyError
        Its front matter lacks ``field``, ``teaches``, ``citation`` or ``fidelity``, or has another fidelity
        than those of :data:`FIDELITY`.

    Examples
    --------
    >>> import parley
    >>> from parley.catalog import entry_of
    >>> entry_of("which-event-first", parley.load("which-event-first")).players
    ('United States',)
    """
    about = scenario.about
    missing = [key for key in ("field", "teaches", "citation", "fidelity") if not about.get(key)]
    if missing:
        raise ParleyError(f"the front matter of {name} does not say: {', '.join(missing)}")
    if about["fidelity"] not in FIDELITY:
        raise ParleyError(
            f"the fidelity of {name} is {about['fidelity']!r}; it is one of: {', '.join(FIDELITY)}"
        )
    return Entry(
        name=name,
        title=scenario.title,
        question=scenario.question or "",
        field=about["field"],
        teaches=about["teaches"],
        summary=about.get("summary", ""),
        citation=about["citation"],
        fidelity=about["fidelity"],
        players=tuple(player.text or player.name for player in scenario.players.values()),
        parameters=len(scenario.parameters),
        claims=len(scenario.claims),
        challenges=len(scenario.challenges),
        expected=len(scenario.expected),
        words=" ".join(sorted(set(_words(scenario.article)))),
    )


@cache
def entries() -> tuple[Entry, ...]:
    """Return what is on the shelf, by field and name. No scenario is read.

    Examples
    --------
    >>> from parley.catalog import entries
    >>> [each.title for each in entries() if each.name == "which-event-first"]
    ['Which event comes first']
    """
    found = json.loads(INDEX.read_text(encoding="utf-8"))
    return tuple(Entry(**{**each, "players": tuple(each["players"])}) for each in found)


def search(words: Iterable[str]) -> tuple[Entry, ...]:
    """Find the scenarios in which every one of the words occurs, those that have them in the title first.

    Upper and lower case are the same. A word also finds longer ones that begin with it: "spoil" finds
    "spoilers". Where nothing is found so, words that begin alike will do: "reputational" finds
    "reputation".

    Raises
    ------
    ParleyError
        There is no word to look for.

    Examples
    --------
    >>> from parley.catalog import search
    >>> [each.name for each in search(["selten", "horse"])]
    ['selten-1975/horse']
    """
    wanted = [
        word.replace("-", "") for text in words for word in re.findall(r"[^\W_]+(?:-[^\W_]+)*", text.lower())
    ]
    if not wanted:
        raise ParleyError("there is no word to look for")
    return _ranked(wanted) or _ranked([_stem(word) for word in wanted])


def _ranked(wanted: list[str]) -> tuple[Entry, ...]:
    ranked = []
    for entry in entries():
        places = [_place(entry, word) for word in wanted]
        if None not in places:
            ranked.append((max(place for place in places if place is not None), entry))
    return tuple(entry for _, entry in sorted(ranked, key=lambda each: each[0]))


def _words(text: str) -> list[str]:
    """Return the words of a text; one with a hyphen is also one word, and its parts are words too."""
    found: list[str] = []
    for word in re.findall(r"[^\W_]+(?:-[^\W_]+)*", text.lower()):
        parts = word.split("-")
        found += [*parts, "".join(parts)] if len(parts) > 1 else parts
    return found


def _stem(word: str) -> str:
    """Return the beginning that a word shares with its relatives."""
    return word[: max(SHORTEST, len(word) - ENDING)]


def _place(entry: Entry, word: str) -> int | None:
    """Say where a word stands: 0 name or title, 1 other facts, 2 prose; None if it is nowhere."""
    facts = (entry.question, entry.field, entry.teaches, entry.summary, entry.citation, *entry.players)
    places = (f"{entry.name} {entry.title}", " ".join(facts), entry.words)
    for place, text in enumerate(places):
        if any(each.startswith(word) for each in _words(text)):
            return place
    return None
