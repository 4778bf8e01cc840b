"""Every state that a verdict can be in, as findings made up for the purpose: no solver needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from parley.findings import Findings, Share, assess
from parley.findings.statistics import word
from parley.report.document import Document, to_markdown
from parley.report.sections import answer, fails, guesses, limits, objections, sure
from parley.scenario.model import Criterion
from tests.findings.synthetic import DRAWS, SPAN, expression, proof, results
from tests.report.pages import nothing_compared, one_policy, withheld

__all__ = ["STATES", "page", "share", "state", "won"]

Values = NDArray[np.float64]

CLEAN = "chance that a failure is clean"
WORTH = "net worth to Washington, in ordinary strikes"
QUIET = "how long the truce lasts"


def won(part: float, undefined: int = 0, ties: float = 0.0) -> Values:
    """Return margins that are won in a share of the draws, the same in each replicate."""
    rank = np.arange(DRAWS) * 7 % DRAWS / DRAWS
    margin = np.where(rank < part, 0.3, -0.2)
    margin[rank > 1.0 - ties] = 0.0
    margin[rank < undefined / DRAWS] = np.nan
    return margin


def share(value: float, error: float = 0.02, ties: float = 0.0) -> Share:
    """Return a share of 4,096 readings, none of them undefined."""
    lower, upper = max(0.0, value - error), min(1.0, value + error)
    return Share(value, error, ties, lower, upper, 4096, 0, word(lower, upper))


def state(
    *margins: Values,
    names: Sequence[str | None] = (CLEAN, WORTH, QUIET),
    rivals: Sequence[float | Values] = (),
    recommend: str = "short list",
    drawn: int | None = None,
) -> Findings:
    """Return findings with one criterion for each margin over the baseline.

    ``rivals`` are the values of a third policy by each criterion (the baseline has 1 everywhere); without
    them two policies compete. ``drawn`` draws were asked for where the run is not complete.
    """
    base = results()
    policies = ("status quo", "short list", *(["pause"] if rivals else []))
    comparison = base.scenario.comparison
    assert comparison is not None
    by = tuple(
        Criterion(expression(f"P(x{place})"), True, names[place], SPAN) for place in range(len(margins))
    )
    criteria = {}
    for place, margin in enumerate(margins):
        criteria[place, "status quo"] = np.ones(DRAWS)
        criteria[place, "short list"] = 1.0 + margin
        if rivals:
            criteria[place, "pause"] = np.ones(DRAWS) * rivals[place]
    kept = {name: each for name, each in comparison.policies.items() if name in policies}
    scenario = replace(
        base.scenario, comparison=replace(comparison, by=by, policies=kept, recommend=recommend), expected=()
    )
    record = base.provenance if drawn is None else replace(base.provenance, draws=drawn)
    return assess(
        replace(
            base,
            scenario=scenario,
            policies=policies,
            criteria=criteria,
            quantities={key: value for key, value in base.quantities.items() if key[1] in policies},
            proofs={name: proof(DRAWS) for name in policies},
            expected=(),
            complete=drawn is None,
            provenance=record,
        )
    )


def without_claims() -> Findings:
    """Return findings of a run that compares and claims nothing."""
    found = nothing_compared()
    return replace(found, claims=(), coverage=replace(found.coverage, claims=0, derived=0, words={}))


def without_anything() -> Findings:
    return replace(without_claims(), measures=())


LONG = " ".join(["a very long way to say what is worth something to somebody in the capital"] * 3)

STATES: dict[str, Callable[[], Findings]] = {
    "robust": lambda: state(won(0.97)),
    "always": lambda: state(won(1.0)),
    "nearly-always": lambda: state(won(0.9985)),
    "leans": lambda: state(won(0.72)),
    "open": lambda: state(won(0.52), names=[WORTH]),
    "fails": lambda: state(won(0.2), names=[WORTH]),
    "never": lambda: state(won(0.0)),
    "divided": lambda: state(won(0.97), won(0.2)),
    "divided-and-open": lambda: state(won(0.97), won(0.5)),
    "divided-in-three": lambda: state(won(0.2), won(0.97), won(0.5)),
    "agreeing": lambda: state(won(0.97), won(0.93)),
    "agreeing-in-three": lambda: state(won(0.97), won(1.0), won(0.92)),
    "agreeing-against": lambda: state(won(0.2), won(0.1)),
    "best-of-all": lambda: state(won(0.97), rivals=[0.0]),
    "best-by-both": lambda: state(won(0.97), won(0.92), rivals=[0.0, 0.5]),
    "better-but-not-best": lambda: state(won(0.97), won(0.95), rivals=[2.0, 1.5]),
    "best-open": lambda: state(won(0.97), rivals=[1.4 - won(0.5)]),
    "best-by-one": lambda: state(won(0.97), won(0.95), rivals=[0.0, 2.0]),
    "baseline": lambda: state(won(0.2), rivals=[0.5], recommend="status quo"),
    "baseline-of-two": lambda: state(won(0.2), recommend="status quo"),
    "some-ties": lambda: state(won(0.6, ties=0.3)),
    "all-ties": lambda: state(np.zeros(DRAWS)),
    "some-undefined": lambda: state(won(0.97, undefined=64)),
    "all-undefined": lambda: state(np.full(DRAWS, np.nan)),
    "stopped": lambda: state(won(0.97), drawn=4096),
    "withheld": withheld,
    "nothing-compared": nothing_compared,
    "nothing-claimed": without_claims,
    "nothing-measured": without_anything,
    "left-out": one_policy,
    "unnamed": lambda: state(won(0.97), names=[None]),
    "long-names": lambda: state(won(0.97), won(0.2), won(0.1), names=[LONG, LONG, LONG], rivals=[2.0] * 3),
}


def page(findings: Findings) -> str:
    """Return all that a report says of findings in sentences, as Markdown without what stands in tables."""
    made = [each.section(findings, None) for each in (answer, sure, fails, guesses, objections, limits)]
    sections = tuple(each for each in made if each is not None)
    return to_markdown(Document(findings.title, findings.question, (), sections, ""))
