"""``sources`` and ``evidence``: what is known, and where it is recorded.

What lives here: reading both. What may not: opening any file or address they name.
"""

from __future__ import annotations

from parley.scenario.declared import Declared
from parley.scenario.model import Evidence, Source
from parley.scenario.names import canonical
from parley.scenario.sections.questions import read_source
from parley.scenario.values import Reader
from parley.scenario.yaml import Entry, Mapping, Scalar, Value

__all__ = ["evidence_files", "read_evidence", "read_sources"]


def read_sources(reader: Reader, declared: Declared, value: Value) -> dict[str, Source]:
    """Read ``sources``: author, title, date; address; licence."""
    found: dict[str, Source] = {}
    for entry in reader.named(value, "`sources`", 'dawn: "Dawn, 6 Sept 2006"'):
        name = entry.key.value
        if isinstance(entry.value, Scalar):
            text = reader.text(entry.value, f"the source `{name}`")
            found[name] = Source(name, text or name, None, None, entry.key.span)
            continue
        fields = reader.fields(entry.value, "source")
        if fields is not None:
            found[name] = Source(
                name=name,
                text=reader.text(fields.get("text"), "`text`") or name,
                url=reader.text(fields.get("url"), "`url`"),
                licence=reader.text(fields.get("licence"), "`licence`"),
                span=entry.key.span,
            )
    return found


def read_evidence(reader: Reader, declared: Declared, value: Value) -> dict[str, Evidence]:
    """Read ``evidence``: what is known, from which source, how surely."""
    found: dict[str, Evidence] = {}
    for entry in reader.named(value, "`evidence`", "strikes: {text: ..., source: dawn}"):
        name = entry.key.value
        if isinstance(entry.value, Scalar):
            text = reader.text(entry.value, f"the evidence `{name}`")
            found[name] = Evidence(name, text or name, None, None, None, entry.key.span)
            continue
        fields = reader.fields(entry.value, "evidence")
        if fields is not None:
            found[name] = Evidence(
                name=name,
                text=reader.text(fields.get("text"), "`text`") or name,
                source=read_source(reader, declared, fields),
                data=reader.text(fields.get("data"), "`data`"),
                confidence=reader.confidence(fields.get("confidence")),
                span=entry.key.span,
            )
    return found


def evidence_files(section: Entry | None) -> dict[str, str]:
    """Return which evidence names which file, before anything is read: parameters come first.

    What is at fault here is reported when the section is read.
    """
    found: dict[str, str] = {}
    entries = section.value.entries if section is not None and isinstance(section.value, Mapping) else ()
    for entry in entries:
        for part in entry.value.entries if isinstance(entry.value, Mapping) else ():
            if canonical(part.key.value) == "data" and isinstance(part.value, Scalar) and not part.value.null:
                found.setdefault(entry.key.value, " ".join(part.value.value.split()))
    return found
