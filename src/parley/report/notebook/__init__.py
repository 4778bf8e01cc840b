"""Objects in a notebook: each is drawn as a card, an HTML fragment without script.

What lives here: which object has which card, and how a notebook learns of it. What may not: layout of one
card.

A class in a room below may not know the report, so no class has a ``_repr_html_``. IPython keeps a table of
formatters by module and name of a class, and imports no class to enter it: :func:`install` fills that table.
The face of the package calls it when IPython is already running; elsewhere importing Parley loads nothing. A
program that shows HTML by other means (marimo, Streamlit, a web page) takes it from :func:`card`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from parley.errors import FindingsError

__all__ = ["CARDS", "card", "install"]

# (module, class) -> (module of the card, function)
CARDS = {
    ("parley.scenario.model", "Scenario"): ("texts", "scenario_card"),
    ("parley.game.model", "Game"): ("games", "game_card"),
    ("parley.solve.solution", "Solution"): ("games", "solution_card"),
    ("parley.study.results", "Results"): ("runs", "results_card"),
    ("parley.findings.model", "Findings"): ("answers", "findings_card"),
    ("parley.study.sweep_model", "Sweep"): ("runs", "sweep_card"),
    ("parley.study.fit_model", "Fit"): ("answers", "fit_card"),
    ("parley.study.reproduction", "Reproduction"): ("answers", "reproduction_card"),
}


def card(shown: object) -> str:
    """Write an object of Parley's as a card for a notebook or a web page.

    Parameters
    ----------
    shown
        A Scenario, Game, Solution, Results, Findings, Sweep, Fit or Reproduction.

    Returns
    -------
    str
        An HTML fragment with its style, light and dark, without script; every text from a scenario is
        escaped. Where the style is taken out, as an untrusted notebook does, plain tables remain.

    Raises
    ------
    FindingsError
        There is no card for such an object.

    Examples
    --------
    >>> import parley
    >>> "Which event comes first" in card(parley.load("which-event-first"))
    True
    """
    kind = type(shown)
    home = CARDS.get((kind.__module__, kind.__name__))
    if home is None:
        known = ", ".join(name for _, name in CARDS)
        raise FindingsError(f"there is no card for a {kind.__name__}; there are cards for: {known}")
    module, name = home
    return str(getattr(import_module(f"parley.report.notebook.{module}"), name)(shown))


def install(shell: Any) -> None:
    """Enter the cards into a running IPython, which then shows them for the last value of a cell.

    Parameters
    ----------
    shell
        What ``IPython.get_ipython()`` returns. Entering them twice is no harm.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> class Formatter:
    ...     def for_type_by_name(self, module, name, function):
    ...         if name == "Findings":
    ...             print(module, name)
    >>> html = Formatter()
    >>> install(SimpleNamespace(display_formatter=SimpleNamespace(formatters={"text/html": html})))
    parley.findings.model Findings
    """
    formatter = shell.display_formatter.formatters["text/html"]
    for module, name in CARDS:
        formatter.for_type_by_name(module, name, card)
