"""The words around a hundred runs, for the page and for its script.

What lives here: from an effect to the runs that a page shows, and when it shows none. What may not: places
(:mod:`parley.site.render.runs`), the choice of readings.

A reader's numbers have runs once they are solved. An estimate knows quantiles alone, so the page says that it
waits; the author's runs are never shown as the reader's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from parley.site.model.effect import RUNS, CriterionEffect
from parley.site.render import article as parts
from parley.site.render.dots import Row
from parley.site.render.runs import Pairing, runs_picture

__all__ = ["aligned_runs", "runs_part", "templates"]

Gettext = Callable[[str], str]
EXACT = ("author", "solved")


def templates(gettext: Gettext) -> dict[str, str]:
    """Return the sentences about runs, translated, with their places still open."""
    return {
        "count": gettext(
            "In %(up)s of %(count)s runs %(a)s ends better than %(b)s, in %(down)s worse, "
            "in %(same)s the same."
        ),
        "up": gettext("%(a)s better in %(up)s"),
        "down": gettext("%(a)s worse in %(down)s"),
        "few": gettext("Only these runs have an answer for every policy."),
        "waits": gettext("Single runs wait for the exact answer: an estimate knows none."),
        "none": gettext("No single runs are kept of this answer."),
        "run": gettext("Run %(n)s of %(count)s"),
        "best": gettext("%(who)s ends best."),
        "tied": gettext("%(who)s end equally well, the others no better."),
        "play": gettext("Play"),
        "pause": gettext("Pause"),
    }


def aligned_runs(criterion: CriterionEffect) -> list[list[float]]:
    """Return the runs of every policy; empty lists where they are not known of all.

    Raises
    ------
    ValueError
        They are not of the same readings: some policy has more of them than another.
    """
    found = [list(each.runs) for each in criterion.policies]
    if len({len(each) for each in found}) > 1:
        raise ValueError(f"policies have {sorted({len(each) for each in found})} runs; all need as many")
    return found


def runs_part(
    rows: Sequence[Row],
    criterion: CriterionEffect,
    pair: tuple[int, int],
    *,
    status: str,
    title: str,
    axis: Sequence[float],
    gettext: Gettext = str,
) -> parts.Runs | None:
    """Return the runs of an answer as the page shows them.

    Parameters
    ----------
    rows
        The policies, as of the dots.
    criterion
        What was solved of them, in the same order.
    pair
        The places of the recommended policy and of its rival.
    status
        Of the answer: only of the author's own and of a solved one are there runs to show.
    title, axis
        What is measured; values that the axis has to hold besides.
    gettext
        The translation of sentences.

    Returns
    -------
    Runs or None
        None where there is no second policy.
    """
    ours, theirs = pair
    if ours == theirs:
        return None
    words, letters = templates(gettext), (rows[ours].letter, rows[theirs].letter)
    runs = aligned_runs(criterion) if status in EXACT else [[] for _ in rows]
    held = Pairing.of(runs[ours], runs[theirs], higher=criterion.higher)
    shown = bool(held.gains)
    said = _counted(words, held, letters) if shown else words["none" if status in EXACT else "waits"]
    labels = {"a": letters[0], "up": held.better, "down": held.worse}
    drawn = runs_picture(
        [Row(row.letter, row.name, row.advised, tuple(own)) for row, own in zip(rows, runs, strict=True)],
        held,
        title,
        said,
        axis,
        words=(words["up"] % labels, words["down"] % labels),
    )
    legend = gettext(
        "Each column is one run, with the same numbers for all policies: up where %(a)s ends better than "
        "%(b)s, down where worse."
    ) % {"a": letters[0], "b": letters[1]}
    return parts.Runs(drawn, said, legend, shown, few=0 < len(held.gains) < RUNS)


def _counted(words: Mapping[str, str], held: Pairing, letters: tuple[str, str]) -> str:
    count = len(held.gains)
    said = words["count"] % {
        "up": held.better,
        "count": count,
        "a": letters[0],
        "b": letters[1],
        "down": held.worse,
        "same": held.same,
    }
    return said if count >= RUNS else f"{said} {words['few']}"
