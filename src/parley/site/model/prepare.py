"""All that is solved once for a version of an article.

What lives here: the author's findings, the sweeps, the stated challenges, the pictures. What may not:
the process that serves pages: this runs in the child, for a minute or two.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

import parley
from parley.errors import ParleyError
from parley.findings import Findings, assess
from parley.findings.flips import flips
from parley.findings.sensitivity import cruxes
from parley.report.document import Figure
from parley.report.document.model import runs
from parley.report.figures.answer import comparisons, dot_plots
from parley.report.figures.cruxes import crux_figures
from parley.report.figures.flips import flip_figures
from parley.report.figures.tornado import tornado_figures
from parley.report.figures.where import where_figures
from parley.site.model.effect import DRAWS, Crossing, Numbers, Svg, SweepIndex
from parley.site.model.errors import CancelledError, SolverError
from parley.site.model.setting import AUTHOR
from parley.site.model.solver import Solver
from parley.site.model.strip import Strip
from parley.site.model.sweeps import POINTS, READINGS, leverages, sweep

__all__ = ["pictures", "prepare"]

_CURVES = 3  # flip curves for each criterion
_MANY = 50  # dots
# The policy of the pages allows no style in an element; their style sheet knows the class.
_STYLED, _NAMED = ' style="stroke:var(--paper)"', ' class="rim"'
# Seconds of processor time: a run that takes longer is not asked what carries it (that takes some 25 times as
# long), and sweeps that would take longer are coarse. The flagship takes 1 and 60.
_DEAR, _LONG = 10.0, 300.0
# What each part takes, as shares of the whole; measured on the flagship.
_AUTHOR, _CRUXES, _FLIPS, _SWEEPS = 0.04, 0.2, 0.5, 0.92


def prepare(
    solver: Solver,
    *,
    seed: int = 0,
    draws: int = DRAWS,
    readings: int = READINGS,
    progress: Callable[[float], None] | None = None,
) -> Numbers:
    """Solve what is solved once for a version.

    Parameters
    ----------
    solver
        Of the scenario; what cancels it cancels this.
    seed
        Of all readings.
    draws
        Readings of the author's case and of the stated challenges.
    readings
        At each value of a sweep.
    progress
        Called with the share that is done, 0 to 1.

    Returns
    -------
    Numbers
        The author's effect; findings with what carries the conclusion and what would reverse it (without
        these where a single run takes more than ten seconds); a sweep of every assumption and how near
        each is to turning the advice round; the effect of every stated challenge; pictures.

    Raises
    ------
    SolverError
        Nothing is compared, or nothing can be solved.
    CancelledError
        The solver was told to stop.

    Examples
    --------
    >>> found = prepare(Solver(parley.load("which-event-first")), draws=16, readings=16)
    >>> found.leverage[0].assumption, len(found.sweeps) == len(found.leverage)
    ('sigma_other', True)
    """
    began = time.process_time()
    tell = progress or (lambda share: None)
    tell(0.0)
    solver.author(16, seed)  # what is compiled once is no part of what a reading costs
    author = solver.solve(AUTHOR, draws, seed)
    cost = author.milliseconds / 1000 / draws
    tell(_AUTHOR)
    found = _findings(solver, draws, seed, tell, further=cost * draws <= _DEAR)
    fine = cost * readings * POINTS * len(solver.assumptions) <= _LONG
    strips: dict[str, Strip] = {}
    for place, each in enumerate(solver.assumptions):
        strips[each.name] = sweep(solver, each, readings, seed, fine=fine)
        tell(_FLIPS + (_SWEEPS - _FLIPS) * (place + 1) / len(solver.assumptions))
    challenges = {}
    stated = tuple(solver.scenario.challenges)
    for place, name in enumerate(stated):
        challenges[name] = solver.challenge(name, draws, seed)
        tell(_SWEEPS + (1.0 - _SWEEPS) * (place + 1) / len(stated))
    numbers = Numbers(
        model=solver.scenario.digest,
        effect=author,
        findings=found.to_json(),
        challenges=challenges,
        leverage=leverages(strips, solver.assumptions, _told(found)),
        sweeps=tuple(_index(name, strip) for name, strip in strips.items()),
        pictures=tuple(pictures(found)),
        engine=parley.__version__,
        seconds=round(time.process_time() - began, 1),
    )
    tell(1.0)
    return numbers


def _findings(
    solver: Solver, draws: int, seed: int, tell: Callable[[float], None], *, further: bool
) -> Findings:
    """Assess the author's run; with ``further`` ask what carries the conclusion and what would reverse it."""
    results = solver.author(draws, seed)
    found = assess(results)
    if not further:
        return found
    probe = solver.probe(seed)
    try:
        carried = cruxes(results, probe)
        tell(_CRUXES)
        reversed_by = flips(results, probe, found.claims)
        tell(_FLIPS)
    except ParleyError as fault:
        if solver.cancelled():
            raise CancelledError("the question was taken back") from fault
        raise SolverError(str(fault)) from fault
    return replace(found, cruxes=carried, flips=reversed_by)


def _told(found: Findings) -> dict[str, Crossing]:
    """Return where the findings say that the first criterion's share crosses one half."""
    if found.flips is None:
        return {}
    return {
        each.name: Crossing(
            each.threshold.value, each.threshold.fails, each.threshold.low, each.threshold.high
        )
        for each in found.flips.criteria[0].flips
        if each.threshold is not None
    }


def _index(name: str, strip: Strip) -> SweepIndex:
    data = strip.pack()
    return SweepIndex(
        assumption=name,
        points=len(strip.values),
        size=len(data),
        digest=hashlib.sha256(data).hexdigest(),
        data=base64.b64encode(data).decode("ascii"),
    )


def pictures(found: Findings) -> Iterator[Svg]:
    """Draw what the page of an article shows of its findings.

    The answer as dots and as spreads, what moves it most, what would reverse it, and where it fails in the
    plane of the two assumptions that tell failures best; none of a kind where the findings lack it.

    Examples
    --------
    >>> findings = parley.assess(parley.run(parley.load("which-event-first"), draws=1024, seed=7))
    >>> [each.name for each in pictures(findings)]
    ['answer-1', 'answer-2', 'comparison-1', 'comparison-2', 'where-1']
    """
    drawn = chain(
        dot_plots(found, dots=_MANY),
        comparisons(found),
        tornado_figures(found),
        crux_figures(found),
        flip_figures(found, _CURVES),
        where_figures(found),
    )
    for each in drawn:
        yield _svg(each)


def _svg(figure: Figure) -> Svg:
    """Return a figure with its words as plain texts."""
    table = figure.table
    return Svg(
        name=figure.name,
        svg=figure.svg.replace(_STYLED, _NAMED),
        caption=_plain(figure.caption),
        head=tuple(map(_plain, table.head)) if table is not None else (),
        rows=tuple(tuple(map(_plain, row)) for row in table.rows) if table is not None else (),
    )


def _plain(text: str) -> str:
    return "".join(run for run, _ in runs(text))
