"""A run in which nobody errs.

What lives here: the readings of a run, each solved for the limit of precision without bound. What may not:
folders, other processes, further questions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from parley.errors import StudyError
from parley.scenario.model import Scenario
from parley.study.evaluator import Evaluator
from parley.study.reasoning import Reasoning
from parley.study.results import Results
from parley.study.runner import DESIGN

__all__ = ["run_limit"]


def run_limit(
    scenario: Scenario,
    draws: int = 4096,
    seed: int = 0,
    policies: Sequence[str] | None = None,
    *,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Results:
    """Solve a scenario for many readings of its words, with players who never err.

    Parameters
    ----------
    scenario, draws, seed, policies, threads
        As of :func:`parley.study.run`: the same readings.
    progress
        Called with the number of games solved so far.
    cancel
        Asked now and then; when it returns True the run ends in a StudyError.

    Returns
    -------
    Results
        Held in memory. The residual of a proof is the gap in stakes (:func:`parley.solve.exact_limit`); a
        reading whose limit could not be found, or is a choice, counts as unsolved.

    Raises
    ------
    StudyError
        When there are fewer than 16 draws, a policy does not exist, or the run was cancelled.
    SolveError
        When a player forgets, and beliefs hang on choices.

    Examples
    --------
    >>> import parley
    >>> from parley.study import run_limit
    >>> results = run_limit(parley.load("which-event-first"), draws=16, seed=7)
    >>> results.policies, bool((results.proofs["pause"].residual <= 1e-12).all())
    (('status quo', 'short list', 'pause'), True)
    """
    if draws < 16:
        raise StudyError(f"{draws} draws are too few: the sampling error needs at least 16")
    probe = Evaluator(scenario, policies, seed=seed, threads=threads, progress=progress, cancel=cancel)
    found = probe.results(probe.ranks(draws), only=None, reasoning=Reasoning(limit=True))
    return replace(found, provenance=replace(found.provenance, design=DESIGN))
