"""Which policy eleven ways of guarding against doubt would choose, in sentences.

What lives here: sentences and short rows. What may not: the metrics, layout.
"""

from __future__ import annotations

from parley.findings import Dominance, Findings, Metric, Robustness
from parley.findings.judgements import number
from parley.report.words import clean, listed, of_hundred, quoted

__all__ = ["choices", "disagreement", "dominance", "remarks"]

SURE_FROM = 13  # of 16 replicates: fewer and the preference is marked as unsure
NAMES = {
    "maximin": "worst reading",
    "maximax": "best reading",
    "hurwicz": "midway of worst and best",
    "laplace": "average",
    "minimax regret": "largest regret",
    "90th percentile regret": "regret in all but 1 of 10",
    "mean-variance": "average against spread",
    "undesirable deviations": "shortfall of the worse half",
    "percentile skewness": "skew to the good side",
    "percentile peakedness": "peak in the middle",
    "starr": "how often good enough",
}
SPOKEN = {
    "laplace": "by the average",
    "maximin": "guarding against the worst reading",
    "minimax regret": "for the least regret",
    "starr": "by how often it is good enough",
}


def disagreement(of: Robustness) -> str:
    """Say in a sentence whether the metrics agree, and where not, what speaks for whom.

    Examples
    --------
    >>> import parley
    >>> found = parley.assess(parley.run(parley.load("which-event-first"), draws=64, seed=7))
    >>> disagreement(found.robustness[1])
    'All 9 defined metrics prefer "pause".'
    """
    if not of.metrics:
        return "No reading in which all policies can be compared: no metric is defined."
    told = [metric for metric in of.metrics if metric.preferred]
    groups: dict[tuple[str, ...], list[Metric]] = {}
    for metric in told:
        groups.setdefault(metric.preferred, []).append(metric)
    if not groups:
        return "No metric is defined for every policy."
    everywhere = _everywhere(told)
    if everywhere:
        how_many = "eleven" if len(told) == len(of.metrics) else f"{len(told)} defined"
        return f"All {how_many} metrics prefer {_whom(everywhere)}."
    parts = [
        f"{listed([SPOKEN[name] for name in SPOKEN if name in members])}, {_whom(preferred)}"
        for preferred, members in ((key, {each.name for each in group}) for key, group in groups.items())
        if members & SPOKEN.keys()
    ]
    if len(parts) > 1:
        return f"It depends on what one guards against: {'; '.join(parts)}."
    main = max(groups, key=lambda key: len(groups[key]))
    others = [
        f"{_whom(key)} by {listed([NAMES[each.name] for each in groups[key]])}"
        for key in groups
        if key != main
    ]
    return f"Most metrics prefer {_whom(main)}; {'; '.join(others)}."


def _everywhere(told: list[Metric]) -> tuple[str, ...]:
    """Return the policies that every metric prefers, alone or as equals of others."""
    return tuple(name for name in told[0].preferred if all(name in metric.preferred for metric in told))


def _whom(policies: tuple[str, ...]) -> str:
    return " = ".join(quoted(name) for name in policies)


def choices(of: Robustness) -> tuple[tuple[str, str], ...]:
    """Return for each policy that a metric prefers its name and what prefers it: most preferred first.

    Nothing where all metrics agree: :func:`disagreement` says it all.
    """
    told = [metric for metric in of.metrics if metric.preferred]
    if not told or _everywhere(told):
        return ()
    rows: dict[tuple[str, ...], list[str]] = {}
    for metric in told:
        rows.setdefault(metric.preferred, []).append(_named(of, metric))
    ranked = sorted(rows.items(), key=lambda item: -len(item[1]))
    lines = [(" = ".join(clean(name) for name in names), ", ".join(by)) for names, by in ranked]
    without = [metric for metric in of.metrics if not metric.preferred]
    if without:
        names = ", ".join(NAMES[metric.name] for metric in without)
        lines.append(("(no answer)", f"{names}: not defined for every policy"))
    return tuple(lines)


def _named(of: Robustness, metric: Metric) -> str:
    """Name a metric in a row, with what a reader must know of it here."""
    name = NAMES[metric.name] + ("?" if _unsure(metric) else "")
    if metric.name == "starr" and of.threshold is not None:
        whose = f", middle of {quoted(of.threshold_of)}" if of.threshold_of is not None else ""
        return f"{name} (at {'least' if of.higher else 'most'} {number(of.threshold)}{whose})"
    if metric.name == "mean-variance" and _low(of):
        return f"{name} (rewards spread this low)"
    return name


def _unsure(metric: Metric) -> bool:
    return metric.agree < SURE_FROM * metric.replicates / 16


def _low(of: Robustness) -> bool:
    """Whether an average lies below -1, where (mean + 1) / (deviation + 1) grows with the deviation."""
    average = next(metric for metric in of.metrics if metric.name == "laplace")
    return any(score is not None and score < -1.0 for score in average.scores.values())


def remarks(findings: Findings) -> tuple[str, ...]:
    """Return what a reader must know beside the choices: what is unsure, what was not compared."""
    said = []
    found = findings.robustness or ()
    if any(_unsure(metric) for of in found if choices(of) for metric in of.metrics if metric.preferred):
        said.append(f"?: fewer than {SURE_FROM} of the 16 independent parts of the readings say the same.")
    for of in found:
        if of.undefined:
            said.append(
                f"{clean(of.criterion)}: {of.undefined:,} readings are left out, where a policy is undefined "
                "or not certified."
            )
    return tuple(said)


def dominance(findings: Findings) -> tuple[str, ...]:
    """Say which policies are dominated when all criteria count, by means and reading by reading."""
    found = findings.pareto
    if found is None or not found.defined:
        return ()
    count = len(found.criteria)
    every = "both criteria" if count == 2 else f"all {count} criteria"
    said = [
        f"{quoted(each.policy)} is dominated by {listed([quoted(name) for name in each.dominated_by])}: "
        "on average no better by any criterion and worse by one."
        for each in found.candidates
        if each.dominated_by
    ]
    if not said:
        said.append(f"By {every} at once, none is dominated: for each other, it is better by one of them.")
    often = max(found.candidates, key=_often)
    if often.dominated:
        said.append(
            f"Another policy is at least as good by {every}, and better by one, than {quoted(often.policy)} "
            f"in {of_hundred(often.dominated)} readings" + _but_others(found.candidates, often)
        )
    return tuple(said)


def _often(each: Dominance) -> float:
    return each.dominated or 0.0


def _but_others(candidates: tuple[Dominance, ...], often: Dominance) -> str:
    rest = [each for each in candidates if each is not often]
    return " (" + ", ".join(f"{quoted(each.policy)}: {of_hundred(each.dominated)}" for each in rest) + ")."
