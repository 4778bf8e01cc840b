"""A scenario with some things set otherwise.

What lives here: ``--set`` and challenges, as scenarios of their own. What may not: anything that the file's
own values do not go through as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from os import PathLike

from parley.errors import ScenarioError
from parley.scenario.diagnostics import diagnostic
from parley.scenario.model import Draw, Scenario, Span
from parley.scenario.names import canonical, suggest
from parley.scenario.reader import SIZE_LIMIT, read
from parley.scenario.text import SourceText, normalise
from parley.scenario.values import listed

__all__ = ["challenge", "object_to", "override"]


def override(scenario: Scenario, settings: Mapping[str, str]) -> Scenario:
    """Return the same scenario with parameters and switches set otherwise.

    Parameters
    ----------
    scenario
        What is changed; settings that it already has stay unless they are set anew.
    settings
        Name of a parameter or switch -> a number, the YAML text of a judgement, a short form (``range 1 2``,
        ``likelihood very unlikely``), an expression over other parameters, or an option of the switch.

    Raises
    ------
    ScenarioError
        A name is unknown, or a value is not valid; every fault at once.

    Examples
    --------
    >>> from parley.scenario import loads
    >>> text = '''
    ... parley: 1
    ... title: A threat
    ... players: {us: We}
    ... parameters: {c: {range: [0, 1]}, d: 2}
    ... story: [{player: us, move: act, options: [attack, wait]}, {outcomes: [end]}]
    ... payoffs: {us: -c * d if act is attack else 0}
    ... '''
    >>> changed = override(loads(text), {"c": "range 2 3", "d": "1 + c"})
    >>> changed.parameters["c"].judgement.numbers
    (2.0, 3.0)
    >>> changed.overrides["d"].expression.source
    '1 + c'
    """
    return _again(scenario, {**scenario.overrides, **_folded(scenario, settings)})


def challenge(scenario: Scenario, name: str) -> Scenario:
    """Return the scenario as somebody who raises this objection reads it.

    Parameters
    ----------
    scenario
        A scenario with ``challenges``.
    name
        Which of them.

    Raises
    ------
    ScenarioError
        There is no challenge of this name.

    Examples
    --------
    >>> from parley.scenario import loads
    >>> text = '''
    ... parley: 1
    ... title: A threat
    ... players: {us: We}
    ... parameters: {c: {range: [0, 1]}}
    ... story: [{player: us, move: act, options: [attack, wait]}, {outcomes: [end]}]
    ... payoffs: {us: -c if act is attack else 0}
    ... challenges: {K1: {text: It costs more., set: {c: 3}}}
    ... '''
    >>> challenge(loads(text), "K1").parameters["c"].judgement.numbers
    (3.0,)
    """
    wanted = canonical(name)
    for found in scenario.challenges.values():
        if canonical(found.name) == wanted:
            return _again(scenario, {**scenario.overrides, **found.set})
    near = suggest(name, scenario.challenges)
    hint = f"did you mean `{near}`?" if near else f"there are {listed(scenario.challenges) or 'none'}"
    span = Span(scenario.path, 1, 1)
    raise ScenarioError([diagnostic("P706", f"there is no challenge `{name}`", span, hint=hint)])


def object_to(scenario: Scenario, path: str | PathLike[str]) -> Scenario:
    r"""Return the scenario as somebody reads it who raises the objection in a file.

    Parameters
    ----------
    scenario
        What is objected to.
    path
        A YAML file of the form of one entry of ``challenges``: ``text``, ``set``, ``why``, ``against``. Its
        name without the ending is the challenge's name; the challenge joins the scenario's.

    Raises
    ------
    OSError
        The file cannot be opened.
    ScenarioError
        The file is not an objection to this scenario; every fault at once, with its place.

    Examples
    --------
    >>> import parley, tempfile
    >>> from pathlib import Path
    >>> file = Path(tempfile.mkdtemp()) / "dear.yaml"
    >>> _ = file.write_text("text: A failure is dear.\nset: {B: 40}\n")
    >>> object_to(parley.load("which-event-first"), file).challenges["dear"].text
    'A failure is dear.'
    """
    place = str(path)
    with open(path, "rb") as file:
        data = file.read(SIZE_LIMIT + 1)
    text = data.decode("utf-8", "replace")
    if len(data) > SIZE_LIMIT or "\N{REPLACEMENT CHARACTER}" in text:
        large = len(data) > SIZE_LIMIT
        code, message = (
            ("P102", f"the file has more than {SIZE_LIMIT:,} bytes")
            if large
            else ("P103", "the file is not UTF-8 text")
        )
        raise ScenarioError(
            [diagnostic(code, message, Span(place, 1, 1), hint="An objection is a short text.")]
        )
    return _again(scenario, scenario.overrides, SourceText.of(normalise(text), place))


def _folded(scenario: Scenario, settings: Mapping[str, str]) -> dict[str, str]:
    """Give each setting the declared spelling of its name, so that it replaces an earlier one."""
    known = {canonical(name): name for name in (*scenario.parameters, *scenario.switches)}
    return {known.get(canonical(name), name): text for name, text in settings.items()}


def _again(
    scenario: Scenario, settings: Mapping[str, str | Draw], objection: SourceText | None = None
) -> Scenario:
    changed, found = read(scenario.text, scenario.path, settings, scenario.data, objection)
    if changed is None:
        raise ScenarioError(item for item in found if item.severity == "error")
    return replace(changed, data=scenario.data)  # also what an earlier setting counted
