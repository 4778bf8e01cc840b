"""Faults of judgements."""

from __future__ import annotations

from parley.scenario.codes.code import Code

__all__ = ["CODES"]

CODES = (
    Code(
        "P401",
        "error",
        "no number",
        "A parameter needs a number, a range, a likelihood in words, or a distribution.",
        "p: {why: nobody knows}",
        "p: {range: [0, 1], why: nobody knows}",
    ),
    Code(
        "P402",
        "error",
        "a judgement stated twice",
        "One parameter, one judgement.",
        "p: {value: 3, range: [1, 5]}",
        "p: {range: [1, 3, 5]}",
    ),
    Code(
        "P403",
        "error",
        "a key that does not go with this judgement",
        "`scale` and `shape` go with `range`, `yardstick` with `likelihood`.",
        "p: {beta: [2, 3], scale: log}",
        "p: {range: [1, 3], scale: log}",
    ),
    Code(
        "P404",
        "error",
        "a range needs two or three numbers",
        "Two numbers are the ends, three are low, best and high.",
        "p: {range: 0.5}",
        "p: {range: [0.3, 0.5, 0.6]}",
    ),
    Code(
        "P405",
        "error",
        "must be above zero",
        "A spread, a scale or a shape parameter is positive.",
        "p: {normal: {mean: 0, sd: 0}}",
        "p: {normal: {mean: 0, sd: 1}}",
    ),
    Code(
        "P406",
        "error",
        "no zero on a log scale",
        "A logarithmic scale has only positive numbers.",
        "p: {range: [0, 20], scale: log}",
        "p: {range: [1, 20], scale: log}",
    ),
    Code(
        "P407",
        "error",
        "not one of the few words",
        "The key takes one of a few words.",
        "p: {range: [1, 2], scale: logarithmic}",
        "p: {range: [1, 2], scale: log}",
    ),
    Code(
        "P408",
        "error",
        "a range must rise",
        "Low comes first, then best, then high.",
        "p: {range: [0.5, 0.45, 0.95]}",
        "p: {range: [0.45, 0.5, 0.95]}",
    ),
    Code(
        "P409",
        "error",
        "a distribution lacks a number",
        "Each distribution has its own numbers.",
        "p: {lognormal: {median: 2}}",
        "p: {lognormal: {median: 2, sigma: 0.5}}",
    ),
    Code(
        "P410",
        "error",
        "nothing to choose from",
        "`one of` lists different numbers, or maps them to weights.",
        "p: {one of: []}",
        "p: {one of: [1, 2, 5]}",
    ),
    Code(
        "P411",
        "error",
        "weights that do not add up",
        "Weights are chances: they are not negative and add up to one; one may be `rest`.",
        "p: {one of: {1: 50%, 2: 60%}}",
        "p: {one of: {1: 50%, 2: rest}}",
    ),
    Code(
        "P412",
        "error",
        "not a word of probability",
        "Each yardstick has its own words, with published bands.",
        "p: {likelihood: fairly likely}",
        "p: {likelihood: likely}",
    ),
    Code(
        "P413",
        "error",
        "truncation not understood",
        "`truncate` cuts a range or distribution at two ends; `~` leaves a side open.",
        "p: {normal: [0, 1], truncate: 0}",
        "p: {normal: [0, 1], truncate: [0, ~]}",
    ),
    Code(
        "P414",
        "error",
        "nothing left",
        "The truncation leaves nothing of the distribution.",
        "p: {uniform: [0, 1], truncate: [2, 3]}",
        "p: {uniform: [0, 1], truncate: [0, 0.5]}",
    ),
    Code(
        "P415",
        "error",
        "a judgement that is no number",
        "A finite number is needed: 0.3, 35%, 1e-3.",
        "p: 0,5",
        "p: 0.5",
    ),
    Code(
        "P416",
        "error",
        "a number out of reach",
        (
            "Numbers of a judgement may be as large as 1e100, the shape parameters of beta and gamma lie "
            "between 0.001 and a million, sigma of a lognormal is 20 at most. Beyond that a distribution is"
            " a point, or two, to the last bit."
        ),
        "p: {beta: [1e9, 1e9]}",
        "p: 0.5",
    ),
)
