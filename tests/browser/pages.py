"""The pages that are looked at in a browser."""

from __future__ import annotations

from parley.report.compose import compose
from parley.report.document import Document, Figure, Section, Table, to_html
from tests.report.pictures.examples import examples


def report() -> str:
    """A report with every section and every form of picture, from few readings."""
    import parley
    from parley.study import Evaluator

    scenario = parley.load("which-event-first")
    results = parley.run(scenario, draws=64)
    return to_html(compose(parley.assess(results, Evaluator(scenario, results.policies)), scenario))


def pictures() -> str:
    """A page with a picture of every form."""
    table = Table("What was drawn", ("x", "y"), (("a", "1"), ("b", "2")), numeric=(1,))
    shown = [
        Section(name, f"Example: {name}", (Figure(name, svg, f"The caption of {name}.", table),))
        for name, svg in examples().items()
    ]
    return to_html(Document("Pictures", "How do they look?", (), tuple(shown), "End."))
