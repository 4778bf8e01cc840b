"""A report put together: from findings, and the scenario where there is one, to a document.

What lives here: which sections there are, and in which order. What may not: sentences, tables, pictures.
"""

from __future__ import annotations

from collections.abc import Iterator

from parley.findings import Debate, Findings
from parley.report import words
from parley.report.document import Document, Figure, Section, plain
from parley.report.figures import cases, priors, story
from parley.report.figures.answer import comparisons, dot_plots
from parley.report.figures.claims import strip
from parley.report.figures.cruxes import crux_figures
from parley.report.figures.flips import flip_figures
from parley.report.figures.tornado import tornado_figures
from parley.report.figures.where import where_figures
from parley.report.sections import (
    answer,
    claims,
    comparison,
    cruxes,
    fails,
    guesses,
    history,
    limits,
    model,
    objections,
    proof,
    question,
    reverse,
    sure,
)
from parley.scenario.model import Scenario

__all__ = ["compose"]

CURVES = 3  # flip curves for each criterion
_FACTS = ("author", "date", "citation", "licence")


def compose(
    findings: Findings, scenario: Scenario | None = None, *, debate: Debate | None = None
) -> Document:
    """Put a report together.

    Parameters
    ----------
    findings
        Of :func:`parley.assess`.
    scenario
        What they were found of; without it the report has no passages of the article and no story.
    debate
        The objections, each granted, where somebody did that: of :func:`parley.findings.objections.debate`.

    Returns
    -------
    Document
        For :func:`parley.report.document.to_html` and :func:`parley.report.document.to_markdown`.

    Raises
    ------
    FindingsError
        When the findings are of another scenario.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> report = compose(parley.assess(parley.run(scenario, draws=16)), scenario)
    >>> [section.name for section in report.sections][-2:]
    ['proof', 'model']
    """
    about = {} if scenario is None else scenario.about
    facts = [f"{name.capitalize()}: {plain(about[name])}" for name in _FACTS if about.get(name)]
    record = findings.provenance
    return Document(
        plain(findings.title),
        plain(findings.question) if findings.question else None,
        tuple(facts),
        tuple(_sections(findings, scenario, debate)),
        f"Made with Parley {record.version} from {findings.draws:,} readings of the same words, "
        f"seed {record.seed}: `{plain(words.command(findings))}`",
        language=about.get("language", "en"),
    )


def _sections(findings: Findings, scenario: Scenario | None, debate: Debate | None) -> Iterator[Section]:
    turns = (*tornado_figures(findings), *flip_figures(findings, CURVES))
    made = (
        answer.section(findings, scenario, dot_plots(findings)),
        sure.section(findings, scenario),
        question.section(findings, scenario),
        comparison.section(findings, scenario, comparisons(findings)),
        claims.section(findings, scenario, strip(findings)),
        cruxes.section(findings, scenario, crux_figures(findings)),
        reverse.section(findings, scenario, turns),
        fails.section(findings, scenario, where_figures(findings)),
        guesses.section(findings, scenario, _priors(findings, scenario)),
        objections.section(findings, scenario, debate=debate),
        history.section(findings, scenario, cases.figures(findings)),
        limits.section(findings, scenario),
        proof.section(findings, scenario),
        model.section(findings, scenario, _story(scenario)),
    )
    yield from (each for each in made if each is not None)


def _priors(findings: Findings, scenario: Scenario | None) -> tuple[Figure, ...]:
    return () if scenario is None else priors.figures(findings, scenario)


def _story(scenario: Scenario | None) -> tuple[Figure, ...]:
    return () if scenario is None else (story.figure(scenario),)
