"""The claims ledger: what each sentence of the argument rests on, or whether it follows.

What lives here: assumptions with their evidence, claims with what became of them, coverage. What may not:
policies' values, certificates.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from parley.findings.judgements import in_words, set_in_words, switch_in_words
from parley.findings.model import Assumption, ClaimFinding, Coverage
from parley.findings.needs import left_out
from parley.findings.stated import grade, lowest
from parley.findings.statistics import share, spread
from parley.scenario.model import Claim, Parameter, Scenario, Switch
from parley.study.results import Results

__all__ = ["assumptions", "claims", "coverage", "grade"]

GRADES = "ABC"
WORDS = ("robust", "leans", "open", "fails", "unmeasured")


def _evidence(scenario: Scenario, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the texts of pieces of evidence, each with its source."""
    texts = []
    for name in names:
        if name in scenario.evidence:
            item = scenario.evidence[name]
            source = scenario.sources.get(item.source or "")
            texts.append(f"{item.text} ({source.text})" if source is not None else item.text)
        elif name in scenario.sources:
            texts.append(scenario.sources[name].text)
        else:
            texts.append(name)
    return tuple(texts)


def assumptions(results: Results) -> tuple[Assumption, ...]:
    """Return every parameter and switch, as the author judged it and as it was drawn."""
    scenario = results.scenario
    found = [_parameter(results, parameter) for parameter in scenario.parameters.values()]
    found += [_switch(scenario, switch) for switch in scenario.switches.values()]
    return tuple(found)


def _parameter(results: Results, parameter: Parameter) -> Assumption:
    scenario = results.scenario
    judgement = in_words(parameter.judgement)
    put = scenario.overrides.get(parameter.name)
    if put is not None:
        judgement = f"set to {set_in_words(put)}"
    drawn = results.parameters.get(parameter.name)
    found = spread(drawn, results.draw) if drawn is not None else None
    return Assumption(
        name=parameter.name,
        kind="parameter",
        text=parameter.text,
        judgement=judgement,
        unit=parameter.unit,
        low=found.low if found else None,
        middle=found.middle if found else None,
        high=found.high if found else None,
        confidence=grade(scenario, parameter.confidence, parameter.evidence),
        evidence=_evidence(scenario, parameter.evidence),
        why=parameter.why,
        passage=parameter.passage,
        claims=parameter.claims,
    )


def _switch(scenario: Scenario, switch: Switch) -> Assumption:
    put = scenario.overrides.get(switch.name)
    return Assumption(
        name=switch.name,
        kind="switch",
        text=switch.text,
        judgement=f"set to {set_in_words(put)}" if put is not None else switch_in_words(switch),
        unit=None,
        low=None,
        middle=None,
        high=None,
        confidence=grade(scenario, switch.confidence, switch.evidence),
        evidence=_evidence(scenario, switch.evidence),
        why=switch.why,
        passage=switch.passage,
        claims=switch.claims,
    )


def claims(results: Results, assumed: Sequence[Assumption]) -> tuple[ClaimFinding, ...]:
    """Return what became of each claim, in the author's order.

    Parameters
    ----------
    results
        A run's tables.
    assumed
        The assumptions of the same run, from :func:`assumptions`.
    """
    by_name = {item.name: item for item in assumed}
    return tuple(_claim(results, claim, by_name) for claim in results.scenario.claims.values())


def _claim(results: Results, claim: Claim, assumed: dict[str, Assumption]) -> ClaimFinding:
    scenario = results.scenario
    # A number that names the claim carries it just as one that the claim names.
    carriers = list(
        dict.fromkeys([*claim.assumes, *(a.name for a in assumed.values() if claim.name in a.claims)])
    )
    held, margin = None, None
    needs: tuple[str, ...] = ()
    if claim.derives is not None:
        default = scenario.comparison.recommend if scenario.comparison is not None else None
        needs = left_out(scenario, claim.derives.root, results.policies, default)
        if not needs:
            held, margin = results.claims.get(claim.name), results.margins.get(claim.name)
    if claim.derives is not None:
        kind = "derived"
    elif claim.unmodelled is not None:
        kind = "unmodelled"
    else:
        kind = "assumed"
    grades = [assumed[name].confidence for name in carriers if name in assumed]
    if claim.evidence:
        grades.append(grade(scenario, None, claim.evidence))
    return ClaimFinding(
        name=claim.name,
        kind=kind,
        text=claim.text,
        passage=claim.passage,
        carriers=tuple(carriers),
        structure=claim.structure,
        confidence=lowest(grades),
        evidence=_evidence(scenario, claim.evidence),
        expression=claim.derives.source if claim.derives is not None else None,
        holds=share(np.asarray(held, dtype=np.float64), results.draw) if held is not None else None,
        margin=spread(margin, results.draw) if margin is not None else None,
        needs=needs,
        reason=claim.unmodelled,
    )


def coverage(found: Sequence[ClaimFinding]) -> Coverage:
    """Count the claims by what became of them."""
    derived = [claim for claim in found if claim.kind == "derived"]
    assumed = [claim for claim in found if claim.kind == "assumed"]
    words = dict.fromkeys(WORDS, 0)
    for claim in derived:
        words[claim.holds.word if claim.holds is not None else "unmeasured"] += 1
    grades = dict.fromkeys((*GRADES, "none"), 0)
    for claim in assumed:
        grades[claim.confidence or "none"] += 1
    return Coverage(
        claims=len(found),
        assumed=len(assumed),
        derived=len(derived),
        unmodelled=len(found) - len(assumed) - len(derived),
        words=words,
        grades=grades,
    )
