"""Runs: the pages' word for what the study calls readings.

What lives here: the one word in sentences and pictures that other rooms made. What may not: those sentences.

A reader of a page knows a reading as something else, so the pages speak of runs: a run is one complete set of
values for everything uncertain. The command line and the report keep the study's word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from parley.site.model.article import Edition

__all__ = ["in_runs", "judged_in_runs"]

_WORD = re.compile(r"\b(r)eading(s?)\b", re.IGNORECASE)
_JUDGED = re.compile(r"\bin (\d+) of (\d+) readings\b")
_TEXT = re.compile(r"(?<=>)[^<>]+(?=<)")


def in_runs(edition: Edition) -> Callable[[str], str]:
    """Return what puts ``runs`` for ``readings`` in sentences, and in the words of pictures.

    Where a name of the author's own holds the word ("reading scores"), only what can be nothing else is
    changed: the author's words stay as they are.

    Parameters
    ----------
    edition
        The article, whose names stand in the sentences.

    Examples
    --------
    >>> from tests.site.render import samples
    >>> say = in_runs(samples.edition())
    >>> say("Reading by reading: each dot is 2 of 100 readings.")
    'Run by run: each dot is 2 of 100 runs.'
    >>> say('<text id="readings">58 of 100 readings</text>')
    '<text id="readings">58 of 100 runs</text>'
    """
    if any(_WORD.search(each) for each in _names(edition)):
        return judged_in_runs

    def said(text: str) -> str:
        if text.lstrip().startswith("<"):
            return _TEXT.sub(lambda found: _WORD.sub(_run, found.group()), text)
        return _WORD.sub(_run, text)

    return said


def judged_in_runs(text: str) -> str:
    """Return a judgement in words with ``runs`` for the ``readings`` in which it lies.

    Examples
    --------
    >>> judged_in_runs("2 of 12, Jeffreys' prior: in 9 of 10 readings 4.97% to 39%")
    "2 of 12, Jeffreys' prior: in 9 of 10 runs 4.97% to 39%"
    """
    return _JUDGED.sub(r"in \1 of \2 runs", text)


def _run(found: re.Match[str]) -> str:
    return ("R" if found[1] == "R" else "r") + "un" + found[2]


def _names(edition: Edition) -> Iterator[str]:
    yield edition.title
    for policy in edition.policies:
        yield policy.name
    for criterion in edition.criteria:
        yield criterion.text
    for player in edition.players:
        yield from (player.name, player.text)
    for each in edition.assumptions:
        yield from (each.name, each.question, each.unit or "", *each.options)
        yield _JUDGED.sub("", each.judgement)
