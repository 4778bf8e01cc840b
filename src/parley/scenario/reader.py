"""Reading a scenario: text in, a typed scenario or every fault at once.

What lives here: the order of things. Markdown is taken apart, each block of YAML is composed, blocks are
joined, names are collected, sections are read, settings are put in place, and what crosses sections is
checked. What may not: the rules of any one section.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as ReadOnly
from dataclasses import replace
from os import PathLike
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import TypeVar

from parley.errors import ScenarioError
from parley.scenario.blocks import Front, Model, read_front_matter, read_model
from parley.scenario.checks import check_whole
from parley.scenario.declared import Declared, collect
from parley.scenario.diagnostics import Diagnostic
from parley.scenario.expression import Context
from parley.scenario.keys import SECTIONS
from parley.scenario.markdown import Block, Document, take_apart
from parley.scenario.model import Challenge, Draw, Scenario
from parley.scenario.sections.argument import read_challenge, read_challenges, read_claims
from parley.scenario.sections.errors import read_errors
from parley.scenario.sections.history import read_cases
from parley.scenario.sections.numbers import (
    read_definitions,
    read_parameters,
    read_states,
    read_switches,
    read_together,
)
from parley.scenario.sections.people import read_players
from parley.scenario.sections.pictures import read_pictures
from parley.scenario.sections.questions import read_comparison, read_expectations, read_quantities
from parley.scenario.sections.records import evidence_files, read_evidence, read_sources
from parley.scenario.sections.story import read_story
from parley.scenario.sections.sweeps import read_sweeps
from parley.scenario.sections.wishes import read_payoffs
from parley.scenario.settings import apply, digest, read_overrides
from parley.scenario.sweeps import SweepRequest
from parley.scenario.tables import DataFiles
from parley.scenario.text import SourceText, normalise
from parley.scenario.values import Reader
from parley.scenario.yaml import Value, compose

__all__ = ["SIZE_LIMIT", "check", "load", "loads", "read", "read_file", "read_request"]

SIZE_LIMIT = 1_000_000
_YAML = (".yaml", ".yml")
_BLOCK = re.compile(r"^(?:```|~~~)\s*parley\b", re.MULTILINE)
_T = TypeVar("_T")


def read(
    text: str,
    path: str = "<text>",
    overrides: ReadOnly[str, str | Draw] | None = None,
    data: DataFiles | ReadOnly[str, str] | None = None,
    objection: SourceText | None = None,
) -> tuple[Scenario | None, tuple[Diagnostic, ...]]:
    r"""Read a scenario from its text.

    Parameters
    ----------
    text
        The whole file: Markdown with front matter and blocks headed ``parley``, or YAML alone.
    path
        Where it comes from, for messages; ``.yaml`` and ``.yml`` are read as YAML alone.
    overrides
        Parameters and switches to set otherwise: YAML text of a judgement, an expression over other
        parameters, an option of a switch; or an already read :class:`~parley.scenario.model.Draw`.
    data
        The tables that may be counted, by name; or where they may be found. No file is opened unless
        this says so.
    objection
        A challenge in a text of its own: what it sets is put in place after all else, and it joins the
        scenario's challenges under the name of its file.

    Returns
    -------
    scenario
        None when there are errors.
    diagnostics
        Every fault and every note, in the order of the text.

    Examples
    --------
    >>> text = '''---
    ... parley: 1
    ... title: A threat
    ... ---
    ... ```parley
    ... players: {us: We, them: They}
    ... parameters: {c: {range: [0, 1]}}
    ... story:
    ...   - {player: us, move: act, options: [attack, wait]}
    ...   - outcomes: {war: act is attack, peace: otherwise}
    ... payoffs:
    ...   us: {war: -c, peace: 0}
    ... ```
    ... '''
    >>> scenario, faults = read(text)
    >>> scenario.outcomes
    ('war', 'peace')
    """
    written = normalise(text)
    source = SourceText.of(written, path)
    reader = Reader(source, data if isinstance(data, DataFiles) else DataFiles(data))
    bare = _is_bare(source)
    if not _readable(reader, source, bare=bare):
        return None, tuple(reader.diagnostics)
    if bare:
        document = Document(None, (Block(0, len(written)),), MappingProxyType({}), "")
    else:
        document = take_apart(source, reader.fault)
    model = read_model(reader, document.fences, bare=bare)
    front = read_front_matter(reader, source, document.front, model, bare=bare)
    declared = collect(model.sections, reader)
    declared.passages = {name: passage.span for name, passage in document.passages.items()}
    declared.register(reader)
    reader.files.evidence = evidence_files(model.sections.get("evidence"))
    scenario = _Assembly(reader, declared, model, document, front).scenario()
    settings = read_overrides(reader, declared, overrides or {})
    if objection is not None:
        challenge = _read_objection(reader, declared, objection)
        if challenge is not None:
            settings |= challenge.set
            named = {**scenario.challenges, challenge.name: challenge}
            scenario = replace(scenario, challenges=MappingProxyType(named))
    if settings:
        scenario = apply(scenario, settings)
        scenario = replace(scenario, data=MappingProxyType(dict(reader.files.used)))
    if not model.damaged:
        check_whole(reader, scenario, declared)
    found = _in_order(reader.diagnostics, path, damaged=model.damaged)
    return (None if any(item.severity == "error" for item in found) else scenario), found


def _read_objection(reader: Reader, declared: Declared, objection: SourceText) -> Challenge | None:
    """Read a challenge from a text of its own, which knows the scenario's names."""
    inner = Reader(objection, reader.files)
    inner.names = reader.names
    challenge = None
    if not objection.text.strip():
        inner.fault("P101", objection.span(0), "the file is empty", "Write `text: ...` and `set: {p: 0.3}`.")
    else:
        value = compose(objection, 0, len(objection.text), inner.fault)
        if value is not None:
            name = PurePath(objection.path).stem
            challenge = read_challenge(inner, declared, name, value, objection.span(0))
    reader.diagnostics.extend(inner.diagnostics)
    return challenge


def read_request(scenario: Scenario, text: str, place: str = "sweep") -> SweepRequest:
    """Read what to sweep from a text of its own, which knows the scenario's names.

    Parameters
    ----------
    scenario
        What is swept.
    text
        One entry of ``sweep``: ``{vary: cost, from: 0, to: 10}``.
    place
        What messages call the text.

    Raises
    ------
    ScenarioError
        The text is at fault; it carries every diagnostic at once.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> read_request(scenario, "{vary: B, from: 0, to: 40, show: [clean]}").show[0].text
    'chance that the Taliban end the talks'
    """
    source = SourceText.of(scenario.text, scenario.path)
    reader = Reader(source)
    bare = _is_bare(source)
    blocks = (Block(0, len(source.text)),) if bare else take_apart(source, reader.fault).fences
    declared = collect(read_model(reader, blocks, bare=bare).sections, reader)
    declared.register(reader)
    for definition in scenario.definitions.values():
        reader.names.define(definition.name, definition.expression.root)
    inner = Reader(SourceText.of(normalise(text), place))
    inner.names = reader.names
    value = compose(inner.source, 0, len(inner.source.text), inner.fault)
    found: tuple[SweepRequest, ...] = ()
    if value is not None:
        found = read_sweeps(inner, declared, value, scenario.quantities, scenario.comparison)
    errors = [item for item in inner.diagnostics if item.severity == "error"]
    if errors or len(found) != 1:
        hint = "write `{vary: ..., from: ..., to: ...}`"
        one = Diagnostic("P210", "this is not one sweep", inner.source.span(0), hint)
        raise ScenarioError(errors or [one])
    return found[0]


def _readable(reader: Reader, source: SourceText, *, bare: bool) -> bool:
    """Report a file that is empty, too large, or Markdown under the name of a YAML file."""
    if not source.text.strip():
        hint = "Write a scenario; `parley new` makes one to start from."
        reader.fault("P101", source.span(0), "the file is empty", hint)
        return False
    size = len(source.text.encode("utf-8", "surrogatepass"))
    if size > SIZE_LIMIT:
        message = f"the file has {size:,} bytes; the limit is {SIZE_LIMIT:,}"
        reader.fault("P102", source.span(0), message, "Keep data in files beside the scenario.")
        return False
    if bare and (block := _BLOCK.search(source.text)):
        message = "this is Markdown with a model in it, but the name of the file ends as that of a YAML file"
        hint = "Give the file a name that ends in .md."
        reader.fault("P114", source.span(block.start(), block.end()), message, hint)
        return False
    return True


def _is_bare(source: SourceText) -> bool:
    """Whether the text is YAML alone: by its name, else by what it starts with."""
    suffix = PurePath(source.path).suffix.lower()
    if suffix in _YAML:
        return True
    if suffix or source.line(1).startswith("---"):
        return False
    if any(source.line(n).lstrip().startswith(("```", "~~~")) for n in range(1, source.count + 1)):
        return False
    known = {key.name for key in SECTIONS} | {"parley", "title"}
    return any(source.line(n).split(":")[0].strip() in known for n in range(1, source.count + 1))


_ORPHANS = ("P6", "P7", "P52", "P9")
_NEEDS_THE_REST = frozenset(
    {
        "P301",
        "P311",
        "P312",
        "P313",
        "P317",
        "P202",
        "P204",
        "P230",
        "P231",
        "P232",
        "P233",
        "P234",
        "P235",
        "P120",
        "P113",
    }
)


def _in_order(found: list[Diagnostic], path: str, *, damaged: bool) -> tuple[Diagnostic, ...]:
    """Sort by place; drop what may only follow from a part that could not be read."""
    kept = [item for item in found if not (damaged and _may_follow(item))]
    unique = {(item.code, item.span, item.message): item for item in kept}
    return tuple(sorted(unique.values(), key=lambda d: (d.span.file != path, d.span.line, d.span.column)))


def _may_follow(item: Diagnostic) -> bool:
    return item.code in _NEEDS_THE_REST or item.code.startswith(_ORPHANS)


class _Assembly:
    """Reads every section and puts the scenario together."""

    def __init__(
        self, reader: Reader, declared: Declared, model: Model, document: Document, front: Front
    ) -> None:
        self.reader = reader
        self.declared = declared
        self.model = model
        self.document = document
        self.front = front

    def _map(
        self, name: str, read_section: Callable[[Reader, Declared, Value], dict[str, _T]]
    ) -> MappingProxyType[str, _T]:
        entry = self.model.sections.get(name)
        return MappingProxyType(
            {} if entry is None else read_section(self.reader, self.declared, entry.value)
        )

    def _list(
        self, name: str, read_section: Callable[[Reader, Declared, Value], tuple[_T, ...]]
    ) -> tuple[_T, ...]:
        entry = self.model.sections.get(name)
        return () if entry is None else read_section(self.reader, self.declared, entry.value)

    def scenario(self) -> Scenario:
        """Read all sections, in the order of the language."""
        reader, declared, sections = self.reader, self.declared, self.model.sections
        self._required()
        definitions = self._map("define", read_definitions)
        for definition in definitions.values():  # so that each is checked where it is used
            reader.names.define(definition.name, definition.expression.root)
        precision = sections.get("precision")
        compare = sections.get("compare")
        errors = sections.get("errors")
        scenario = Scenario(
            title=self.front.title or "",
            question=self.front.question,
            about=MappingProxyType(self.front.about),
            article=self.document.article,
            passages=self.document.passages,
            players=self._map("players", read_players),
            precision=reader.expression(precision.value, "`precision`", Context.CONSTANT)
            if precision
            else None,
            parameters=self._map("parameters", read_parameters),
            together=self._list("together", read_together),
            switches=self._map("switches", read_switches),
            definitions=definitions,
            states=self._map("state", read_states),
            story=self._list("story", read_story),
            outcomes=tuple(declared.outcomes),
            payoffs=self._map("payoffs", read_payoffs),
            comparison=read_comparison(reader, declared, compare.value) if compare else None,
            quantities=self._map("quantities", read_quantities),
            claims=self._map("claims", read_claims),
            cases=self._map("cases", read_cases),
            challenges=self._map("challenges", read_challenges),
            sources=self._map("sources", read_sources),
            evidence=self._map("evidence", read_evidence),
            expected=self._list("expected", read_expectations),
            path=reader.source.path,
            text=reader.source.text,
            digest="",
            errors=read_errors(reader, declared, errors.value) if errors else (),
        )
        used = MappingProxyType(dict(reader.files.used))
        pictures = self.front.pictures
        return replace(
            scenario,
            data=used,
            digest=digest(scenario.text, used),
            sweeps=self._sweeps(scenario),
            pictures=() if pictures is None else read_pictures(reader, declared, pictures.value),
        )

    def _sweeps(self, scenario: Scenario) -> tuple[SweepRequest, ...]:
        entry = self.model.sections.get("sweep")
        if entry is None:
            return ()
        known = (scenario.quantities, scenario.comparison)
        return read_sweeps(self.reader, self.declared, entry.value, *known)

    def _required(self) -> None:
        if not self.document.fences:
            return  # already reported
        start = self.document.fences[0].start
        for key in SECTIONS:
            if key.required and key.name not in self.model.sections:
                line = self.reader.source.span(start).line
                place = self.reader.source.whole_line(max(line - 1, 1))  # the line that opens the block
                message = f"the model has no `{key.name}`"
                self.reader.fault("P202", place, message, f"`{key.name}`: {key.text}.")


def check(text: str, path: str = "<text>") -> tuple[Diagnostic, ...]:
    r"""Return every fault and note of a text, in the order of the text; nothing is raised.

    Examples
    --------
    >>> [found.code for found in check("parley: 1\ntitle: A\nplayers: {us: We}\n", "a.yaml")]
    ['P202', 'P202']
    """
    return read(text, path)[1]


def loads(
    text: str,
    path: str = "<text>",
    overrides: ReadOnly[str, str] | None = None,
    data: ReadOnly[str, str] | None = None,
) -> Scenario:
    r"""Read a scenario from its text, or raise.

    Raises
    ------
    ScenarioError
        The text is at fault; it carries every diagnostic at once.

    Examples
    --------
    >>> loads("parley: 1\ntitle: A\n", "a.yaml")
    Traceback (most recent call last):
    ...
    parley.errors.ScenarioError: ...
    """
    return _or_raise(*read(text, path, overrides, data))


def load(path: str | PathLike[str], overrides: ReadOnly[str, str] | None = None) -> Scenario:
    """Read a scenario from a file; a folder means the ``argument.md`` in it.

    Raises
    ------
    ScenarioError
        The text is at fault; it carries every diagnostic at once.
    OSError
        The file cannot be opened.

    Examples
    --------
    >>> load("no-such-file.md")
    Traceback (most recent call last):
    ...
    FileNotFoundError: [Errno 2] No such file or directory: 'no-such-file.md'
    """
    return _or_raise(*read_file(path, overrides))


def read_file(
    path: str | PathLike[str], overrides: ReadOnly[str, str] | None = None
) -> tuple[Scenario | None, tuple[Diagnostic, ...]]:
    r"""Read a scenario from a file, with every fault and note; a folder means the ``argument.md`` in it.

    Raises
    ------
    OSError
        The file cannot be opened.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "a.yaml"
    ...     _ = path.write_text("parley: 1\n", encoding="utf-8")
    ...     scenario, found = read_file(path)
    >>> scenario is None, found[0].message
    (True, '`title` is missing')
    """
    place = Path(path)
    if place.is_dir():
        place = place / "argument.md"
    with place.open("rb") as file:
        data = file.read(SIZE_LIMIT + 1)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        before = data[: fault.start].decode("utf-8")
        if len(data) > SIZE_LIMIT and fault.start >= SIZE_LIMIT - 3:
            return read(before + " " * 4, str(place))  # cut within a character: the size is the fault
        source = SourceText.of(normalise(before), str(place))
        reader = Reader(source)
        message = f"the byte {data[fault.start]:#04x} is not UTF-8 text"
        reader.fault("P103", source.span(len(source.text)), message, "Save the file in the encoding UTF-8.")
        return None, tuple(reader.diagnostics)
    return read(text, str(place), overrides, DataFiles(folder=place.parent))


def _or_raise(scenario: Scenario | None, diagnostics: tuple[Diagnostic, ...]) -> Scenario:
    if scenario is None:
        raise ScenarioError(item for item in diagnostics if item.severity == "error")
    return scenario
