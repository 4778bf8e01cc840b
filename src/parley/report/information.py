"""What knowing more would be worth before choosing, in sentences.

What lives here: sentences and short rows. What may not: the estimate, layout.
"""

from __future__ import annotations

from parley.findings import Information, InputValue
from parley.report.words import brief, figure, give_or_take, of_hundred, quoted

__all__ = ["perfect", "rest", "rows"]

SHOWN = 5


def perfect(of: Information) -> tuple[str, ...]:
    """Say what is chosen without knowing more, and what knowing everything would change.

    Examples
    --------
    >>> import parley
    >>> found = parley.assess(parley.run(parley.load("which-event-first"), draws=64, seed=7))
    >>> perfect(found.information[1])[0]
    'Nothing that could be known would change the choice: "pause" is the best in all 64 readings.'
    """
    if of.choice is None or of.perfect is None:
        return ("No reading in which all policies can be compared: no value can be put on knowing more.",)
    if not of.perfect_chance:
        best = f"{quoted(of.choice)} is the best in all {of.defined:,} readings"
        return (f"Nothing that could be known would change the choice: {best}.",)
    said = [
        f"Without knowing more: {quoted(of.choice)}, the best on average. Knowing everything would gain "
        f"{_gain(of.perfect, of.perfect_error)} on average and change the choice in "
        f"{of_hundred(of.perfect_chance)} readings ({give_or_take(of.perfect_chance_error)})."
    ]
    if of.lead is not None and of.lead_error is not None and of.lead <= of.lead_error:
        said.append(
            f"On average {quoted(of.runner_up or '')} is as good as sampling can tell: the gain of knowing "
            f"everything may be too low by up to {figure(of.lead_error)}."
        )
    if of.undefined:
        said.append(f"{of.undefined:,} readings are left out: a policy is undefined or not certified there.")
    return tuple(said)


def _gain(value: float, error: float | None) -> str:
    return (
        f"{figure(value)} (sampling error unknown)" if error is None else f"{figure(value)} ± {figure(error)}"
    )


def rows(of: Information) -> tuple[tuple[str, str, str], ...]:
    """Return the inputs most worth knowing: name, what it gains, how often it changes the choice."""
    return tuple(
        (item.name, f"gains {_gain(item.value, item.error)}", f"another choice in {_often(item)}")
        for item in _worth(of)[:SHOWN]
        if item.value is not None
    )


def _often(item: InputValue) -> str:
    return f"{brief(of_hundred(item.chance))} ({give_or_take(item.chance_error)})"


def _worth(of: Information) -> list[InputValue]:
    return [item for item in of.inputs if item.distinguishable]


def rest(of: Information) -> str | None:
    """Say what is not in the rows: too small to show, or not to be told from nothing."""
    if not of.perfect_chance:
        return None
    if not of.inputs:
        if of.defined < of.needed:
            return f"What single numbers are worth takes at least {of.needed} readings."
        return "There is nothing uncertain that could be known by itself."
    worth = _worth(of)
    hidden = len(of.inputs) - len(worth)
    said = []
    if len(worth) > SHOWN:
        more = len(worth) - SHOWN
        verb = "is" if more == 1 else "are"
        said.append(f"{more} more {verb} worth up to {figure(worth[SHOWN].value)}.")
    if hidden:
        floors = [item.floor for item in of.inputs if not item.distinguishable and item.floor is not None]
        largest = max(floors, default=0.0)
        which = (
            "The other one is"
            if hidden == 1 and worth
            else f"{'The other ' if worth else 'All '}{hidden} are"
        )
        said.append(
            f"{which} not distinguishable from zero: known alone, none would change the choice enough to see "
            f"(this run sees gains from about {figure(largest)})."
        )
    return " ".join(said) or None
