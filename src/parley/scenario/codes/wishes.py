"""Faults of payoffs and rankings."""

from __future__ import annotations

from parley.scenario.codes.code import Code

__all__ = ["CODES"]

CODES = (
    Code(
        "P601",
        "error",
        "unknown outcome",
        "The name is none of the outcomes of the story.",
        "us: {setled: 1}",
        "us: {settled: 1}",
    ),
    Code(
        "P602",
        "error",
        "outcome without a payoff",
        "A player's payoffs leave an outcome out. Nothing is taken for 0 in silence.",
        "us: {war: -1}",
        "us: {war: -1, otherwise: 0}",
    ),
    Code(
        "P603",
        "error",
        "ranking and payoffs at once",
        "A player's wishes are given as payoffs or as a ranking.",
        "us: {rank: [a, b], a: 3}",
        "us: {rank: [a, b]}",
    ),
    Code(
        "P604",
        "error",
        "ranking of one",
        "A ranking needs at least two ranks.",
        "us: {rank: [[a, b]]}",
        "us: {rank: [a, b]}",
    ),
    Code(
        "P605",
        "error",
        "ranked twice",
        "An outcome stands twice in a ranking.",
        "us: {rank: [a, b, a]}",
        "us: {rank: [a, b]}",
    ),
    Code(
        "P606",
        "error",
        "`much worse` out of place",
        "`much worse` marks a wide step down from one rank to the next, so it stands between two.",
        "us: {rank: [much worse, a, b]}",
        "us: {rank: [a, much worse, b]}",
    ),
    Code(
        "P607",
        "error",
        "mover without payoffs",
        "A player who decides needs wishes to decide by.",
        "payoffs: {us: {war: -1, peace: 0}}   # gov moves too",
        "payoffs: {us: {war: -1, peace: 0}, gov: {war: 0, peace: 1}}",
    ),
    Code(
        "P608",
        "error",
        "time that enters otherwise than linearly",
        (
            "`time(race)` in a payoff stands for an average. The average of a square, a maximum or a "
            "comparison is not that of its parts, so the result would be wrong."
        ),
        "us: {war: -time(talks) ^ 2}",
        "us: {war: -cost * time(talks)}",
    ),
)
