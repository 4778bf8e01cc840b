"""Findings as tables: one frame for each list of records.

What lives here: which tables there are, and how a record becomes a row. What may not: statistics.

A record within a record becomes columns of its own, named ``outer inner``, in every row, empty where the
record is missing; a mapping becomes one column for each key; a list of texts is joined by commas. Lists of
records are tables of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from parley.errors import FindingsError
from parley.findings.model import Findings
from parley.study.tidy import frame

__all__ = ["TABLES", "findings_frame", "findings_frames"]

Row = dict[str, Any]


def findings_frame(findings: Findings, table: str, library: str | None = None) -> Any:
    """Return one table, see :meth:`parley.Findings.to_frame`.

    Examples
    --------
    >>> import parley
    >>> found = parley.assess(parley.run(parley.load("which-event-first"), draws=16))
    >>> list(findings_frame(found, "measures").columns)[:4]
    ['name', 'kind', 'policy', 'mean']
    """
    if table not in TABLES:
        raise FindingsError(f"findings have no table {table!r}; there are: {', '.join(TABLES)}")
    rows = list(TABLES[table](findings))
    names = dict.fromkeys(name for row in rows for name in row)
    return frame({name: [row.get(name) for row in rows] for name in names}, library)


def findings_frames(findings: Findings, library: str | None = None) -> dict[str, Any]:
    """Return all tables that have rows.

    Examples
    --------
    >>> import parley
    >>> found = parley.assess(parley.run(parley.load("which-event-first"), draws=16))
    >>> list(findings_frames(found))[:4]
    ['verdict', 'measures', 'claims', 'assumptions']
    """
    filled = [name for name, rows in TABLES.items() if next(iter(rows(findings)), None) is not None]
    return {name: findings_frame(findings, name, library) for name in filled}


def _verdict(findings: Findings) -> Iterator[Row]:
    if findings.verdict is not None:
        for item in findings.verdict.answers:
            yield {
                "recommended": findings.verdict.recommended,
                "baseline": findings.verdict.baseline,
                **_row(item),
            }


def _measures(findings: Findings) -> Iterator[Row]:
    for item in findings.measures:
        for policy, spread in item.spread.items():
            yield {
                "name": item.name,
                "kind": item.kind,
                "policy": policy,
                **_row(spread),
                "best share": item.best_share.get(policy),
                "expression": item.expression,
                "higher": item.higher,
            }


def _robustness(findings: Findings) -> Iterator[Row]:
    for item in findings.robustness or ():
        for metric in item.metrics:
            for policy, score in metric.scores.items():
                yield {
                    "criterion": item.criterion,
                    "metric": metric.name,
                    "kind": metric.kind,
                    "policy": policy,
                    "score": score,
                    "preferred": policy in metric.preferred,
                    "agree": metric.agree,
                    "replicates": metric.replicates,
                }


def _information(findings: Findings) -> Iterator[Row]:
    for item in findings.information or ():
        for each in item.inputs:
            yield {"criterion": item.criterion, **_row(each)}


def _cruxes(findings: Findings) -> Iterator[Row]:
    for item in findings.cruxes.criteria if findings.cruxes is not None else ():
        for each in item.cruxes:
            yield {"criterion": item.criterion, **_row(each)}


def _flips(findings: Findings) -> Iterator[Row]:
    for item in findings.flips.criteria if findings.flips is not None else ():
        for each in item.flips:
            yield {"criterion": item.criterion, **_row(each)}


def _curves(findings: Findings) -> Iterator[Row]:
    for item in findings.flips.criteria if findings.flips is not None else ():
        for flip in item.flips:
            for each in flip.curve:
                yield {"criterion": item.criterion, "name": flip.name, **_row(each)}


def _options(findings: Findings) -> Iterator[Row]:
    for item in findings.flips.criteria if findings.flips is not None else ():
        for each in item.options:
            yield {"criterion": item.criterion, **_row(each)}


def _regions(findings: Findings) -> Iterator[Row]:
    for item in findings.discovery or ():
        for number, region in enumerate(item.regions, start=1):
            for each in region.restrictions:
                yield {
                    "criterion": item.criterion,
                    "region": number,
                    **_row(each),
                    **{f"region {name}": value for name, value in _row(region).items()},
                }


def _cases(findings: Findings) -> Iterator[Row]:
    if findings.history is not None:
        yield from map(_row, findings.history.cases)


TABLES: Mapping[str, Callable[[Findings], Iterable[Row]]] = {
    "verdict": _verdict,
    "measures": _measures,
    "claims": lambda findings: map(_row, findings.claims),
    "assumptions": lambda findings: map(_row, findings.assumptions),
    "precision": lambda findings: map(_row, findings.precision),
    "expected": lambda findings: map(_row, findings.expected),
    "proof": lambda findings: map(_row, findings.certification.policies),
    "robustness": _robustness,
    "information": _information,
    "cruxes": _cruxes,
    "flips": _flips,
    "curves": _curves,
    "options": _options,
    "regions": _regions,
    "cases": _cases,
}


def _row(record: Any) -> Row:
    return dict(_cells(type(record), record, ""))


def _cells(kind: type, record: Any, outer: str) -> Iterator[tuple[str, Any]]:
    """Yield the cells of a record; of a missing one, as many empty cells."""
    for name, inner in _parts(kind):
        said, value = f"{outer}{name.replace('_', ' ')}", None if record is None else getattr(record, name)
        if inner is not None:
            yield from _cells(inner, value, f"{said} ")
        elif isinstance(value, Mapping):
            for key, each in value.items():
                if is_dataclass(each) and not isinstance(each, type):
                    yield from _cells(type(each), each, f"{said} {key} ")
                else:
                    yield f"{said} {key}", _cell(each)
        else:
            yield said, _cell(value)


def _cell(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value


@cache
def _parts(kind: type) -> tuple[tuple[str, type | None], ...]:
    """Return the fields of a record that are no lists of records, each with the type of record it holds."""
    hints = get_type_hints(kind)
    return tuple(
        (each.name, _record(hints[each.name])) for each in fields(kind) if not _is_table(hints[each.name])
    )


def _is_table(hint: Any) -> bool:
    return get_origin(hint) is tuple and is_dataclass(get_args(hint)[0])


def _record(hint: Any) -> type | None:
    kinds = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return next((each for each in kinds if isinstance(each, type) and is_dataclass(each)), None)
