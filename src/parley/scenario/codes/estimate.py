"""Faults of numbers that are estimated from counts and tables."""

from __future__ import annotations

from parley.scenario.codes.code import Code

__all__ = ["CODES"]

CODES = (
    Code(
        "P420",
        "error",
        "a rate or proportion not understood",
        (
            "A rate is events in a time, a proportion successes among trials: stated, or counted in a table "
            "with the keys of each."
        ),
        "p: {proportion: 2 in 12}",
        "p: {proportion: 2 of 12}",
    ),
    Code(
        "P421",
        "error",
        "counts that cannot be",
        "Counts are whole numbers from 0 up, there are no more successes than trials, and time is above 0.",
        "p: {proportion: 14 of 12}",
        "p: {proportion: 2 of 12}",
    ),
    Code(
        "P422",
        "error",
        "prior not understood",
        (
            "What is known before counting is `jeffreys` (almost nothing), `uniform`, or a distribution that "
            "counting turns into another of its kind: gamma for a rate, beta for a proportion."
        ),
        "p: {proportion: {successes: 2, trials: 12, prior: {gamma: [1, 1]}}}",
        "p: {proportion: {successes: 2, trials: 12, prior: {beta: [1, 4]}}}",
    ),
    Code(
        "P423",
        "error",
        "discount out of range",
        "Data speak in full (1) or in part (0.5: every two count as one), and never louder than in full.",
        "p: {proportion: {successes: 2, trials: 12, discount: 2}}",
        "p: {proportion: {successes: 2, trials: 12, discount: 50%}}",
    ),
    Code(
        "P424",
        "error",
        "no such table",
        (
            "A table is a CSV file in the folder of the scenario. A text that was not read from a file has "
            "no folder; it can use stated counts only."
        ),
        "p: {proportion: {data: no-such-file.csv, successes: ended is peace}}",
        "p: {proportion: {data: deals.csv, successes: ended is peace}}",
    ),
    Code(
        "P425",
        "error",
        "a file outside of the folder",
        (
            "Only files in the scenario's folder are read: no absolute path, no `..`, no link that leads "
            "out. So a scenario from a stranger cannot read your files."
        ),
        "p: {proportion: {data: ../deals.csv, successes: ended is peace}}",
        "p: {proportion: {data: deals.csv, successes: ended is peace}}",
    ),
    Code(
        "P426",
        "error",
        "too much data",
        (
            "A table may have 1,000,000 bytes, 20,000 rows and 200 columns; a scenario may count 40 tables "
            "and 1,000,000 rows over all its parameters."
        ),
        "p: {proportion: {data: every-event-since-1970.csv, successes: ended is peace}}",
        "p: {proportion: {data: events-counted-by-year.csv, successes: settled, trials: all}}",
    ),
    Code(
        "P427",
        "error",
        "not a table",
        (
            "A table has the names of its columns in the first line and as many values in every other line, "
            "separated by commas, in UTF-8."
        ),
        "deal;days\nShakai;48",
        "deal,days\nShakai,48",
    ),
    Code(
        "P428",
        "error",
        "a cell that gives no number",
        "What is counted must be a number in every row that counts, and a date a date.",
        "deal,days\nShakai,about 48\nSwat,69\nMalakand,70",
        "deal,days\nShakai,48\nSwat,69\nMalakand,70",
    ),
    Code(
        "P429",
        "error",
        "missing values",
        (
            "Rows in which a value is missing are not left out in silence: often it is missing for a "
            "reason that matters. `missing: exclude` says that it does not; the result says how many."
        ),
        "p: {rate: {data: deals.csv, duration: days}}",
        "p: {rate: {data: deals.csv, duration: days, missing: exclude}}",
    ),
    Code(
        "P430",
        "error",
        "nothing to count",
        "No row is left, or the rows cover no time and no trial.",
        "p: {rate: {data: strikes.csv, count: strikes, exposure: 1, where: year = 1913}}",
        "p: {rate: {data: strikes.csv, count: strikes, exposure: 1, where: year = 2013}}",
    ),
    Code(
        "P431",
        "error",
        "no file named",
        "The table is named with `data`, or is that of the evidence of the parameter if this names one file.",
        "p: {proportion: {successes: ended is peace}}",
        "p: {proportion: {successes: ended is peace}, evidence: deals}",
    ),
)
