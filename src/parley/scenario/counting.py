"""Counting in a table: the sums that an estimate is made from.

What lives here: which rows count, what each of them counts, and every way in which a table can fail to bear
it. What may not: priors and posteriors, opening files.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from parley.scenario.located import Located, Refused, shown_value
from parley.scenario.names import label_key, suggest
from parley.scenario.rows import Columns, Formula, is_condition
from parley.scenario.syntax import Number
from parley.scenario.tables import Table

__all__ = ["EXAMPLE", "Counted", "Keys", "count"]

EXAMPLE = {
    "rate": "write `rate: 12 in 5.7 months`, or `rate: {data: strikes.csv, count: strikes, exposure: 1}`",
    "proportion": "write `proportion: 2 of 12`, or `proportion: {data: deals.csv, successes: end is peace}`",
}
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


@dataclass(slots=True)
class Counted:
    """Sums over rows; ``weighted`` after the discount of each row."""

    count: float
    size: float
    weighted: tuple[float, float]
    file: str | None = None
    rows: int = 0
    outside: int = 0
    missing: int = 0
    running: int = 0


class Keys:
    """The map behind ``rate`` or ``proportion``."""

    def __init__(self, kind: str, keys: Mapping[str, Located], given: Located) -> None:
        self.kind, self.keys, self.given = kind, keys, given

    def text(self, key: str) -> str:
        """Return the words under a key."""
        given = self.keys[key]
        if not isinstance(given.value, str) or not given.value.strip():
            raise Refused("P420", f"`{key}` needs a word", given, None)
        return " ".join(given.value.split())

    def need(self, key: str, why: str) -> Located:
        """Return what stands under a key that must be there."""
        if key not in self.keys:
            raise Refused("P420", f"a {self.kind} {why} needs `{key}`", self.given, EXAMPLE[self.kind])
        return self.keys[key]


def count(reading: Keys, table: Table) -> Counted:
    r"""Count in a table what the keys ask for.

    Raises
    ------
    Refused
        The keys do not go together, or the table does not bear them.

    Examples
    --------
    >>> from parley.scenario.model import Span
    >>> from parley.scenario.tables import parse
    >>> here = Span("a.md", 1, 1)
    >>> keys = {"count": Located("strikes", here), "exposure": Located("1", here)}
    >>> found = count(Keys("rate", keys, Located(None, here)), parse("a.csv", "strikes\n3\n1\n"))
    >>> found.count, found.size, found.rows
    (4.0, 2.0, 2)
    """
    return _Count(reading, Columns(table)).whole()


class _Count:
    """Goes through the rows of a table."""

    def __init__(self, reading: Keys, columns: Columns) -> None:
        self.reading, self.columns = reading, columns
        self.keys, self.table = reading.keys, columns.table
        self.where = self.formula("where", condition=True)
        self.dates = self.period()
        if reading.kind == "rate":
            self.rate_keys()
        else:
            self.proportion_keys()
        self.weight = self.formula("discount")
        self.excluded = self.exclude()

    def formula(self, key: str, *, condition: bool = False) -> Formula | None:
        given = self.keys.get(key)
        return None if given is None else self.columns.formula(given, f"`{key}`", condition=condition)

    def rate_keys(self) -> None:
        """Find what is counted, and over what: events in each row, or spells of some duration."""
        reading, keys = self.reading, self.keys
        if "events" in keys:
            raise Refused(
                "P420",
                "`events` are stated; in a table `count` says how many a row has",
                keys["events"],
                "write `count: COLUMN`, or `duration: COLUMN` where a row is a spell",
            )
        if "count" in keys and "duration" in keys:
            message = "a rate counts events (`count`) or spells (`duration`), not both"
            raise Refused("P420", message, keys["duration"], "delete one of the two")
        spells = "duration" in keys
        for other in ("exposure",) if spells else ("ended",):
            if other in keys:
                goes = "count" if other == "exposure" else "duration"
                raise Refused("P420", f"`{other}` goes with `{goes}`", keys[other], "delete it")
        if not spells:
            reading.need("count", "from a table")
            reading.need("exposure", "from a table (how much time a row covers)")
        self.first = self.formula("ended", condition=True) if spells else self.formula("count")
        self.second = self.formula("duration" if spells else "exposure")
        self.spells = spells

    def proportion_keys(self) -> None:
        self.spells = False
        self.first = self.columns.formula(self.reading.need("successes", "from a table"), "`successes`")
        self.second = self.formula("trials")
        if is_condition(self.first) == (self.second is not None):
            if self.second is not None:
                raise Refused(
                    "P420",
                    "each row is one trial when `successes` is a condition",
                    self.keys["trials"],
                    "delete `trials`",
                )
            raise Refused(
                "P420",
                "`successes` is a number, so the row needs its `trials`",
                self.keys["successes"],
                "write `successes: COLUMN is VALUE`, or add `trials: COLUMN`",
            )

    def exclude(self) -> bool:
        given = self.keys.get("missing")
        if given is None:
            return False
        if given.value != "exclude":
            message = f"`missing` cannot be {shown_value(given.value)}"
            raise Refused(
                "P429", message, given, "write `missing: exclude`; without it missing values are refused"
            )
        return True

    def period(self) -> tuple[Formula, str, str] | None:
        """Return the column of dates with the first and last date, "" where a side is open."""
        keys = self.keys
        if "dates" not in keys:
            for key in ("from", "to"):
                if key in keys:
                    raise Refused(
                        "P420", f"`{key}` needs the column of `dates`", keys[key], "add `dates: COLUMN`"
                    )
            return None
        ends = ["", ""]
        for place, key in enumerate(("from", "to")):
            if key in keys:
                ends[place] = self.reading.text(key)
                if not _DATE.fullmatch(ends[place]):
                    message = f"{shown_value(keys[key].value)} is no date"
                    raise Refused("P420", message, keys[key], "write 2013, 2013-05 or 2013-05-11")
        if not any(ends):
            raise Refused("P420", "`dates` needs `from`, `to` or both", keys["dates"], "or delete it")
        name = self.reading.text("dates")
        wanted = label_key(name)
        known = next((each for each in self.columns.places if label_key(each) == wanted), None)
        if known is None:
            near = suggest(name, self.columns.places)
            hint = f"did you mean `{near}`?" if near else None
            raise Refused("P420", f"`{self.table.name}` has no column `{name}`", keys["dates"], hint)
        place = self.columns.column(known, keys["dates"])
        return Formula(Number(1.0, 0, 0), (place,), keys["dates"]), ends[0], ends[1]

    # --- rows -------------------------------------------------------------------------------------------

    def whole(self) -> Counted:
        counts: list[tuple[float, float, float]] = []  # first, second, weight of each row that counts
        outside = missing = running = 0
        lacking: tuple[str, int] | None = None
        for row in self.columns:
            column, inside = self.inside(row)
            if column is None and inside:
                column = self.lacks(row)
            if column is not None:
                missing += 1
                lacking = lacking or (column, self.table.lines[row])
            elif not inside:
                outside += 1
            else:
                counts.append(self.row(row))
                running += self.spells and counts[-1][0] == 0
        if lacking is not None and not self.excluded:
            self.refuse_missing(*lacking, missing)
        return self.sums(counts, outside, missing, running)

    def inside(self, row: int) -> tuple[str | None, bool]:
        """Return the missing column that keeps this from being known, and whether the row is asked for."""
        if self.where is not None:
            column = self.columns.lacking(self.where, row)
            if column is not None or not self.columns.value(self.where, row):
                return column, False
        if self.dates is not None:
            formula, start, stop = self.dates
            column = self.columns.lacking(formula, row)
            if column is not None:
                return column, False
            date = self.table.rows[row][formula.reads[0]]
            if not _DATE.fullmatch(date) or len(date) < max(len(start), len(stop)):
                line = self.table.lines[row]
                message = (
                    f"`{date[:40]}` in line {line} of `{self.table.name}` is no date as precise as the ends"
                )
                raise Refused("P428", message, formula.given, "dates are written 2013-05-11")
            return None, (date[: len(start)] >= start) and (not stop or date[: len(stop)] <= stop)
        return None, True

    def lacks(self, row: int) -> str | None:
        for formula in (self.first, self.second, self.weight):
            column = None if formula is None else self.columns.lacking(formula, row)
            if column is not None:
                return column
        return None

    def row(self, row: int) -> tuple[float, float, float]:
        first = 1.0 if self.first is None else self.columns.value(self.first, row)
        second = 1.0 if self.second is None else self.columns.value(self.second, row)
        weight = 1.0 if self.weight is None else self.columns.value(self.weight, row)
        line = f"line {self.table.lines[row]} of `{self.table.name}`"
        if first < 0 or first != int(first):
            key = "count" if self.reading.kind == "rate" else "successes"
            raise Refused("P421", f"{line} counts {first:g}, which is no count", self.keys[key], None)
        if second < 0:
            key = next(key for key in ("duration", "exposure", "trials") if key in self.keys)
            raise Refused(
                "P421", f"`{key}` is {second:g} in {line}; it cannot be negative", self.keys[key], None
            )
        if self.reading.kind == "proportion" and (first > second or second != int(second)):
            message = f"{line} has {first:g} successes in {second:g} trials"
            raise Refused("P421", message, self.keys["successes"], "`trials` is a count, failures included")
        if not 0 <= weight <= 1:
            message = f"`discount` is {weight:g} in {line}; it must lie between 0 and 1"
            raise Refused(
                "P423", message, self.keys["discount"], "1 lets a row speak in full, 50% with half its weight"
            )
        return first, second, weight

    def refuse_missing(self, column: str, line: int, missing: int) -> None:
        rows = "one row lacks a value" if missing == 1 else f"{missing} rows lack a value"
        message = f"{rows} that is counted: `{column}` in line {line} of `{self.table.name}`"
        hint = (
            "keep such rows out with `where`, or write `missing: exclude` if what is missing does not matter"
        )
        raise Refused("P429", message, self.reading.given, hint)

    def sums(
        self, counts: list[tuple[float, float, float]], outside: int, missing: int, running: int
    ) -> Counted:
        """Add up; the order of the rows does not matter, to the last bit."""
        first, second = (math.fsum(each[place] for each in counts) for place in (0, 1))
        weighted = (
            math.fsum(each[0] * each[2] for each in counts),
            math.fsum(each[1] * each[2] for each in counts),
        )
        if not weighted[1] > 0:
            what = "no row is left to count" if not counts else "the rows add up to nothing to count over"
            hint = (
                "check `where`, `from` and `to`"
                if not counts
                else "the time, the trials or the discount is 0"
            )
            raise Refused("P430", f"{what} in `{self.table.name}`", self.reading.given, hint)
        return Counted(first, second, weighted, self.table.name, len(counts), outside, missing, running)
