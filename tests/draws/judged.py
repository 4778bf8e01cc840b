"""Small scenarios that hold nothing but judgements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from parley.scenario.model import (
    Draw,
    Judgement,
    Parameter,
    Payoff,
    Ranking,
    Scenario,
    Span,
    Switch,
    Together,
)

SPAN = Span("judged.md", 1, 1)


def judged(
    shape: str, *numbers: float, truncate: tuple[float | None, float | None] | None = None
) -> Judgement:
    return Judgement(shape, numbers, truncate, None, None, SPAN)


def parameter(name: str, judgement: Judgement) -> Parameter:
    return Parameter(name, judgement, None, None, None, (), (), None, None, SPAN)


def switch(name: str, options: tuple[str, ...], default: str, weights: tuple[float, ...] | None) -> Switch:
    return Switch(name, options, default, weights, None, None, (), (), None, None, SPAN)


def ranking(*tiers: str | tuple[str, ...], marked: tuple[int, ...] = ()) -> Ranking:
    as_tuples = tuple((tier,) if isinstance(tier, str) else tier for tier in tiers)
    return Ranking(as_tuples, tuple(step in marked for step in range(len(tiers) - 1)), SPAN)


def scenario(
    parameters: Mapping[str, Judgement],
    *,
    together: Sequence[tuple[tuple[str, ...], float]] = (),
    switches: Sequence[Switch] = (),
    rankings: Mapping[str, Ranking] | None = None,
    overrides: Mapping[str, Draw] | None = None,
) -> Scenario:
    return Scenario(
        title="judgements",
        question=None,
        about={},
        article="",
        passages={},
        players={},
        precision=None,
        parameters={name: parameter(name, judgement) for name, judgement in parameters.items()},
        together=tuple(Together(names, rank, SPAN) for names, rank in together),
        switches={item.name: item for item in switches},
        definitions={},
        states={},
        story=(),
        outcomes=(),
        payoffs={
            player: Payoff(player, {}, None, order, (), SPAN) for player, order in (rankings or {}).items()
        },
        comparison=None,
        quantities={},
        claims={},
        cases={},
        challenges={},
        sources={},
        evidence={},
        expected=(),
        path="judged.md",
        text="",
        digest="",
        overrides=overrides or {},
    )
