"""What hangs on the passages of an article: assumptions, claims, objections, each in words.

What lives here: from a scenario to the records of :mod:`parley.site.model.article`. What may not:
Markdown, solving, NumPy.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from parley.findings.judgements import in_words, percent, set_in_words, switch_in_words
from parley.findings.stated import grade, label
from parley.scenario.middle import quantile, support
from parley.scenario.model import Challenge, Judgement, Parameter, Scenario, Switch
from parley.scenario.model import Claim as Stated
from parley.site.model.article import (
    Assumption,
    Card,
    Claim,
    Criterion,
    DeclaredChallenge,
    Policy,
    Put,
    SourceNote,
)

__all__ = ["assumptions", "cards", "challenges", "claims", "criteria", "kinds", "policies"]

_CHANCE = (
    "chance",
    "probability",
    "odds that",
    "how likely",
    "how probable",
    "what is the chance",
    "what is the probability",
)
_SHARE = ("share", "proportion", "fraction", "percent", "%")
_BEYOND = 2.0  # so many times above, and below, what the author thinks possible may a reader go
_STEPS = 200  # of a slider


def assumptions(scenario: Scenario) -> tuple[Assumption, ...]:
    """Return every parameter and switch, in the author's order.

    Parameters
    ----------
    scenario
        The author's, with nothing set otherwise.
    """
    carried = _carried(scenario)
    reached = _reached(scenario)
    found = [
        _parameter(scenario, each, carried[each.name], reached.get(each.name, ()))
        for each in scenario.parameters.values()
    ]
    found += [_switch(scenario, each, carried[each.name]) for each in scenario.switches.values()]
    return tuple(found)


def _carried(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Return which claims each assumption carries: those that it names, and those that name it."""
    noted: dict[str, Parameter | Switch] = {**scenario.parameters, **scenario.switches}
    return {
        name: tuple(
            claim
            for claim, stated in scenario.claims.items()
            if claim in each.claims or name in stated.assumes
        )
        for name, each in noted.items()
    }


def _reached(scenario: Scenario) -> dict[str, tuple[float, ...]]:
    """Return the ends of what declared challenges put in place of each parameter."""
    found: dict[str, tuple[float, ...]] = {}
    for challenge in scenario.challenges.values():
        for name, draw in challenge.set.items():
            if draw.judgement is not None:
                found[name] = (*found.get(name, ()), *_ends(draw.judgement))
    return found


def _ends(judgement: Judgement) -> tuple[float, float]:
    """Return the finite ends of a judgement, or where all but a hundredth of it lies."""
    low, high = support(judgement)
    return (
        low if math.isfinite(low) and judgement.shape not in ("lognormal", "gamma", "exponential") else
        quantile(judgement, 0.01),
        high if math.isfinite(high) else quantile(judgement, 0.99),
    )  # fmt: skip


def _form(parameter: Parameter) -> str:
    """Whether a number is a chance, a share or neither: by its unit, its words, its judgement."""
    low, high = _ends(parameter.judgement)
    if low < 0.0 or high > 1.0:
        return "number"
    for text in (parameter.unit, parameter.text):
        said = (text or "").lower()
        if said.startswith(_CHANCE):
            return "chance"
        if said.startswith(_SHARE):
            return "share"
    if parameter.judgement.shape in ("likelihood", "beta") and not parameter.unit:
        return "chance"
    return "number"


def _range(parameter: Parameter, form: str, reached: Iterable[float]) -> tuple[float, float]:
    """Return what a reader may set a number to.

    A chance or a share: all from 0 to 1. A number that cannot be negative: from half the lowest to twice
    the highest that the author thinks possible; any other: as far again on both sides. Whatever a
    declared challenge sets lies within. Never past where the author cut a judgement off.
    """
    judgement = parameter.judgement
    low, high = _ends(judgement)
    low, high = min((low, *reached)), max((high, *reached))
    if form != "number":
        least, most = 0.0, 1.0
    elif low >= 0.0:
        least, most = low / _BEYOND, (high or 1.0) * _BEYOND
    else:
        width = (high - low) or abs(low)
        least, most = low - width / _BEYOND, high + width / _BEYOND
    if judgement.shape == "fixed" and low == high == 0.0 and form == "number":
        least, most = -1.0, 1.0
    least, most = _outward(least, ROUND_FLOOR), _outward(most, ROUND_CEILING)
    if judgement.truncate is not None:
        below, above = judgement.truncate
        least = least if below is None else max(least, below)
        most = most if above is None else min(most, above)
    return least, most


def _outward(value: float, way: str) -> float:
    """Round to two significant digits, never inward.

    >>> _outward(0.0537, ROUND_FLOOR), _outward(1.712, ROUND_CEILING), _outward(0.0, ROUND_FLOOR)
    (0.053, 1.8, 0.0)
    """
    if value == 0.0 or not math.isfinite(value):
        return value
    digits = Decimal(1).scaleb(math.floor(math.log10(abs(value))) - 1)
    return float(Decimal(repr(value)).quantize(digits, rounding=way))


def _short(value: float) -> float:
    """Drop what bisection leaves in the last digits."""
    return float(f"{value:.12g}")


def _step(least: float, most: float) -> float:
    """Return a round step that cuts a range into about two hundred.

    >>> _step(0.0, 1.0), _step(0.053, 1.8)
    (0.005, 0.01)
    """
    rough = (most - least) / _STEPS
    if rough <= 0.0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(rough))
    times = next(each for each in (1.0, 2.0, 5.0, 10.0) if each * size >= rough * (1 - 1e-9))
    return float(f"{times * size:.3g}")


def _parameter(
    scenario: Scenario, parameter: Parameter, carries: tuple[str, ...], reached: tuple[float, ...]
) -> Assumption:
    judgement = parameter.judgement
    form = _form(parameter)
    least, most = _range(parameter, form, reached)
    low, middle, high = (_short(quantile(judgement, share)) for share in (0.05, 0.5, 0.95))
    return Assumption(
        name=parameter.name,
        key=_key(parameter.name),
        kind="parameter",
        form=form,
        question=parameter.text or parameter.name,
        unit=parameter.unit,
        judgement=in_words(judgement, chance=form != "number"),
        low=low,
        middle=middle,
        high=high,
        half=_short((high - low) / 2),
        least=least,
        most=most,
        step=_step(least, most),
        point=judgement.shape == "fixed",
        options=(),
        default=None,
        weights=(),
        why=parameter.why,
        confidence=grade(scenario, parameter.confidence, parameter.evidence),
        evidence=_evidence(scenario, parameter.evidence),
        passage=_home(scenario, parameter.passage, carries),
        claims=carries,
    )


def _switch(scenario: Scenario, switch: Switch, carries: tuple[str, ...]) -> Assumption:
    return Assumption(
        name=switch.name,
        key=_key(switch.name),
        kind="switch",
        form="option",
        question=switch.text or switch.name,
        unit=None,
        judgement=switch_in_words(switch),
        low=None,
        middle=None,
        high=None,
        half=None,
        least=None,
        most=None,
        step=None,
        point=switch.weights is None,
        options=switch.options,
        default=switch.default,
        weights=switch.weights or (),
        why=switch.why,
        confidence=grade(scenario, switch.confidence, switch.evidence),
        evidence=_evidence(scenario, switch.evidence),
        passage=_home(scenario, switch.passage, carries),
        claims=carries,
    )


def _key(name: str) -> str:
    """Return a name as it stands in addresses: with ``_``, which the language reads as a blank."""
    return "_".join(name.replace("-", " ").replace("_", " ").split())


def _home(scenario: Scenario, passage: str | None, carries: tuple[str, ...]) -> str | None:
    """Return the passage whose card shows an assumption in full: its own, or that of its first claim."""
    if passage is not None:
        return passage
    return next((found for claim in carries if (found := scenario.claims[claim].passage) is not None), None)


def _evidence(scenario: Scenario, names: Iterable[str]) -> tuple[SourceNote, ...]:
    found = []
    for name in names:
        known = scenario.evidence.get(name)
        source = scenario.sources.get((known.source or "") if known is not None else name)
        found.append(
            SourceNote(
                text=known.text if known is not None else source.text if source is not None else name,
                source=source.text if source is not None and known is not None else None,
                url=_web(source.url if source is not None else None),
                data=known.data if known is not None else None,
                confidence=known.confidence if known is not None else None,
            )
        )
    return tuple(found)


def _web(address: str | None) -> str | None:
    """Return an address that a page may link to; None for any other."""
    return address if address is not None and address.lower().startswith(("https://", "http://")) else None


def claims(scenario: Scenario, known: Iterable[Assumption]) -> tuple[Claim, ...]:
    """Return the sentences of the argument, in the author's order.

    Parameters
    ----------
    scenario
        Whose claims.
    known
        Its assumptions, of :func:`assumptions`.
    """
    listed = tuple(known)
    return tuple(
        Claim(
            name=claim.name,
            text=claim.text,
            kind="derived" if claim.derives else "unmodelled" if claim.unmodelled else "assumed",
            passage=claim.passage,
            assumptions=tuple(each.name for each in listed if claim.name in each.claims),
            expression=claim.derives.source if claim.derives else None,
            structure=claim.structure,
            reason=claim.unmodelled,
            evidence=tuple(
                scenario.evidence[name].text for name in claim.evidence if name in scenario.evidence
            ),
        )
        for claim in scenario.claims.values()
    )


def kinds(scenario: Scenario, known: Iterable[Assumption]) -> dict[str, str]:
    """Say how each passage hangs in the model.

    In this order: ``advice`` when a claim of it is carried by a move of the player whose policies are
    compared, ``assumption`` when a number or switch hangs on it, ``derived``, ``unmodelled``, and else
    ``fact``.

    Parameters
    ----------
    scenario
        Whose passages.
    known
        Its assumptions.
    """
    moves = _moves(scenario)
    homes = {each.passage for each in known}
    return {name: _kind(scenario, name, moves, lit=name in homes) for name in scenario.passages}


def _kind(scenario: Scenario, passage: str, moves: set[str], *, lit: bool) -> str:
    stated = [claim for claim in scenario.claims.values() if claim.passage == passage]
    if any(moves.intersection(claim.assumes) for claim in stated):
        return "advice"
    if lit or any(_named(scenario, claim) for claim in stated):
        return "assumption"
    if any(claim.derives is not None for claim in stated):
        return "derived"
    return "unmodelled" if stated and all(claim.unmodelled for claim in stated) else "fact"


def _named(scenario: Scenario, claim: Stated) -> bool:
    return any(name in scenario.parameters or name in scenario.switches for name in claim.assumes)


def _moves(scenario: Scenario) -> set[str]:
    """Return the moves that policies fix: what the argument gives advice about."""
    if scenario.comparison is None:
        return set()
    return {rule.move for policy in scenario.comparison.policies.values() for rule in policy.rules}


def cards(scenario: Scenario, known: Iterable[Assumption]) -> tuple[tuple[Card, ...], tuple[str, ...]]:
    """Return one card for each passage, in the order of the text, and the assumptions that hang on none.

    Parameters
    ----------
    scenario
        Whose passages.
    known
        Its assumptions.
    """
    listed = tuple(known)
    found = []
    for name in scenario.passages:
        stated = tuple(claim.name for claim in scenario.claims.values() if claim.passage == name)
        here = tuple(each.name for each in listed if each.passage == name)
        also = tuple(
            each.name
            for each in listed
            if each.passage != name and any(claim in stated for claim in each.claims)
        )
        against = tuple(
            each.name for each in scenario.challenges.values() if _target(scenario, each)[0] == name
        )
        found.append(Card(name, stated, here, also, against))
    return tuple(found), tuple(each.name for each in listed if each.passage is None)


def _target(scenario: Scenario, challenge: Challenge) -> tuple[str | None, str | None]:
    """Return the passage and the claim that a challenge is against."""
    against = challenge.against
    if against is not None and against in scenario.claims:
        return scenario.claims[against].passage, against
    return (against, None) if against in scenario.passages else (None, None)


def challenges(scenario: Scenario) -> tuple[DeclaredChallenge, ...]:
    """Return the objections that the scenario states, with what each sets in words."""
    found = []
    for each in scenario.challenges.values():
        passage, claim = _target(scenario, each)
        found.append(DeclaredChallenge(each.name, each.text, each.why, passage, claim, _set(scenario, each)))
    return tuple(found)


def _set(scenario: Scenario, challenge: Challenge) -> tuple[Put, ...]:
    found = []
    for name, draw in challenge.set.items():
        parameter, switch = scenario.parameters.get(name), scenario.switches.get(name)
        if parameter is not None:
            chance = _form(parameter) != "number"
            author = in_words(parameter.judgement, chance=chance)
            before = quantile(parameter.judgement, 0.5)
            after, reader = None, set_in_words(draw)
            if draw.judgement is not None:
                after, reader = quantile(draw.judgement, 0.5), in_words(draw.judgement, chance=chance)
            found.append(Put(name, parameter.text or name, author, reader, before, after))
        elif switch is not None:
            put = Put(name, switch.text or name, switch_in_words(switch), set_in_words(draw), None, None)
            found.append(put)
    return tuple(found)


def policies(scenario: Scenario) -> tuple[Policy, ...]:
    """Return the compared policies, in the author's order, with their rules in words."""
    comparison = scenario.comparison
    if comparison is None:
        return ()
    named = {next(iter(comparison.policies)), comparison.recommend}
    return tuple(
        Policy(
            name,
            tuple(
                f"{rule.move}: {_mix(rule.mix)}" + (f", when {rule.when.source}" if rule.when else "")
                for rule in policy.rules
            ),
            bool(policy.rules) or name in named,
        )
        for name, policy in comparison.policies.items()
    )


def _mix(mix: Mapping[str, float]) -> str:
    if len(mix) == 1:
        return next(iter(mix))
    return ", ".join(f"{option} {percent(chance)}" for option, chance in mix.items())


def criteria(scenario: Scenario) -> tuple[Criterion, ...]:
    """Return what the policies are compared by, in words."""
    if scenario.comparison is None:
        return ()
    return tuple(
        Criterion(label(scenario, each.expression, each.text), each.expression.source, each.higher)
        for each in scenario.comparison.by
    )
