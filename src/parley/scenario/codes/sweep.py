"""Faults of sweeps."""

from __future__ import annotations

from parley.scenario.codes.code import Code

__all__ = ["CODES"]

CODES = (
    Code(
        "P750",
        "error",
        "nothing to vary",
        (
            "A sweep moves one parameter, certain or not. A switch has no values between its options, and a "
            "definition follows from its parts."
        ),
        "sweep: {vary: kapa, from: 0, to: 1}",
        "sweep: {vary: kappa, from: 0, to: 1}",
    ),
    Code(
        "P751",
        "error",
        "sweep that goes nowhere",
        "A sweep goes from a smaller number to a larger one.",
        "sweep: {vary: kappa, from: 1, to: 0}",
        "sweep: {vary: kappa, from: 0, to: 1}",
    ),
    Code(
        "P752",
        "error",
        "logarithm of nothing",
        "On a logarithmic scale equal distances are equal proportions; 0 and what is below it have no place.",
        "sweep: {vary: kappa, from: 0, to: 1, scale: log}",
        "sweep: {vary: kappa, from: 0.01, to: 1, scale: log}",
    ),
    Code(
        "P753",
        "error",
        "too few or too many steps",
        (
            "A sweep is solved at 2 to 2,001 points, 61 unless it says otherwise. Where a curve jumps or "
            "turns, points are added without being asked for."
        ),
        "sweep: {vary: kappa, from: 0, to: 1, steps: 1000000}",
        "sweep: {vary: kappa, from: 0, to: 1, steps: 201}",
    ),
    Code(
        "P754",
        "error",
        "nothing to show",
        (
            "A sweep shows quantities: those of `quantities` by their names, and others as they are written. "
            "Unless it says which, it shows what the policies are compared by, or else all quantities."
        ),
        "sweep: {vary: kappa, from: 0, to: 1, show: [claen]}",
        "sweep: {vary: kappa, from: 0, to: 1, show: [clean, P(war)]}",
    ),
    Code(
        "P755",
        "error",
        "sweep of no such policy",
        "`policies` names policies of `compare`; all are drawn unless it does.",
        "sweep: {vary: kappa, from: 0, to: 1, policies: [pase]}",
        "sweep: {vary: kappa, from: 0, to: 1, policies: [pause]}",
    ),
    Code(
        "P756",
        "error",
        "varied and set at once",
        "What a sweep varies takes one value after another, so it cannot be given one.",
        "sweep: {vary: kappa, from: 0, to: 1, set: {kappa: 0.3}}",
        "sweep: {vary: kappa, from: 0, to: 1, set: {q: 0.3}}",
    ),
)
