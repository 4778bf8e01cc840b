"""Stories without a last round: checks that need the whole story.

What lives here: where a ``repeat: forever`` may stand. What may not: what passes from round to round, which
only the walk over the story shows.
"""

from __future__ import annotations

from parley.scenario.model import Repeat, Scenario, Step
from parley.scenario.uses import steps
from parley.scenario.values import Reader

__all__ = ["endless", "endless_faults"]


def endless(scenario: Scenario) -> Repeat | None:
    """Return the scenario's ``repeat: forever``, if it has one.

    Examples
    --------
    >>> import parley
    >>> endless(parley.load("which-event-first")) is None
    True
    """
    found = (each for each, _ in steps(scenario.story) if isinstance(each, Repeat))
    return next((each for each in found if each.discount is not None), None)


def endless_faults(reader: Reader, scenario: Scenario) -> None:
    """Report a ``repeat: forever`` that is inside another step, or a second one."""
    allowed = [step for step in scenario.story if _endless(step)]
    inner = [step for step, _ in steps(scenario.story) if _endless(step) and not _among(step, allowed)]
    for step in inner:
        reader.fault(
            "P547",
            step.span,
            "`repeat: forever` stands inside another step",
            "Write it as a step of the story itself; steps before and after it are fine.",
        )
    for step in allowed[1:]:
        reader.fault(
            "P547",
            step.span,
            "there is a second `repeat: forever`",
            "A story has one; let a state say which part of it a round plays.",
        )


def _endless(step: Step) -> bool:
    return isinstance(step, Repeat) and step.discount is not None


def _among(step: Step, others: list[Step]) -> bool:
    return any(step is other for other in others)
