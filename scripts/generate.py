"""Writes the generated pages of the reference; with --check only says whether they are up to date.

Each page is made from what the program itself uses: the commands, the keys of the language, the diagnostics.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click
from pygments.lexers.data import YamlLexer
from pygments.token import Error

from parley import catalog
from parley.catalog.entries import INDEX, entry_of
from parley.cli.main import program
from parley.scenario import keys
from parley.scenario.codes import CODES
from parley.scenario.codes.code import Code
from parley.scenario.schema import json_schema
from scripts.gallery import CATALOG, Shelf, catalog_pages
from scripts.notebooks import FOLDER as NOTEBOOKS
from scripts.notebooks import pages as notebook_pages

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
NOTE = "% Written by scripts/generate.py. Do not edit.\n\n"

WIDTH = 100

Pages = dict[Path, str]


# --- commands ---------------------------------------------------------------------------------------------


def command_page() -> str:
    """Write one section for each command, from click itself."""
    parts = [NOTE, "# Commands\n\n", inspect.cleandoc(program.help or ""), "\n"]
    context = click.Context(program, info_name="parley")
    for name in program.list_commands(context):
        command = program.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context, terminal_width=WIDTH)
        parts += [f"\n## parley {name}\n\n```text\n", command.get_help(inner), "\n```\n"]
    parts.append(EXIT_CODES)
    return "".join(parts)


EXIT_CODES = """
## Exit codes

| code | meaning |
|---|---|
| 0 | done |
| 1 | the scenario is at fault |
| 2 | the command is at fault: an option, a name, a file that can't be read or written |
| 3 | not solved well enough to speak: the verdict is withheld, or a certificate does not hold |
| 70 | a fault in Parley; please report it |
| 130 | stopped by Ctrl-C |
| 141 | the reader of a pipe went away |
"""


# --- keys of the language ---------------------------------------------------------------------------------


def cell(text: str) -> str:
    """Return text for a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def form_in_words(form: str) -> str:
    """Say what may stand behind a key, with a link to the table of each shape."""
    said = []
    for part in form.split(" or "):
        kind = part.rsplit(" of ", 1)[-1]
        link = f"[{kind}](#{anchor(kind)})" if kind in keys.SHAPES else kind
        said.append(part.removesuffix(kind) + link)
    return ", or ".join(said)


def anchor(name: str) -> str:
    """Return the anchor that MyST gives to the heading of a shape."""
    return re.sub(r"[^\w\- ]", "", title_of(name).lower()).strip().replace(" ", "-")


def title_of(name: str) -> str:
    """Return the heading of a shape's table."""
    article = keys.SHAPES[name].article
    return re.sub(r"^(an?|the) ", "", article).replace("`", "").capitalize()


def key_table(rows: tuple[keys.Key, ...]) -> Iterator[str]:
    """Write a table with one row for each key."""
    yield "| key | value | what it is for |\n|---|---|---|\n"
    for key in rows:
        required = " **Required.**" if key.required else ""
        yield f"| `{key.name}` | {cell(form_in_words(key.form))} | {cell(key.text)}.{required} |\n"


def keys_page() -> str:
    """Write every key with its form, and excerpts of scenarios in which the tests run it."""
    parts = [NOTE, KEYS_HEAD]
    parts += ["\n## Front matter\n\n", *key_table(keys.FRONT_MATTER)]
    parts += ["\n## Sections\n\n", *key_table(keys.SECTIONS)]
    for name, shape in keys.SHAPES.items():
        parts.append(f"\n## {title_of(name)}\n\n")
        parts += key_table(shape.keys)
        if shape.short is not None:
            parts.append(f"\nIn place of the map may stand: {form_in_words(shape.short)}.\n")
        if shape.others is not None:
            parts.append(f"\nAny other key takes: {form_in_words(shape.others)}.\n")
        for example in examples_of(name):
            parts.append(f"\n{fenced(example, 'the tests solve the whole')}")
    parts.append("\n## Words for values\n\n| word | meaning |\n|---|---|\n")
    parts += [f"| {name} | {cell(text)} |\n" for name, text in keys.FORMS.items()]
    return "".join(parts)


KEYS_HEAD = """# Every key

[The language](language.md) says what the keys mean together; this page lists each with the form of its
value. The example below a table is an excerpt of a scenario that the tests check, compile and solve. A key
that is not listed is an error.
"""

_EXCERPT = re.compile(r"^(?P<indent> *)# example: (?P<shapes>.+)$")


def examples_of(shape: str) -> Iterator[str]:
    """Excerpts of docs/examples: from a remark ``# example: SHAPE, SHAPE`` to the next empty line."""
    for path in sorted((ROOT / "docs" / "examples").glob("*.md")):
        lines = iter(path.read_text(encoding="utf-8").splitlines())
        for line in lines:
            found = _EXCERPT.match(line)
            if found is None or shape not in found["shapes"].split(", "):
                continue
            indent, excerpt = len(found["indent"]), list[str]()
            for inside in lines:
                if not inside.strip() or inside.startswith("```"):
                    break
                excerpt.append(inside[indent:] + "\n")
            yield "".join(excerpt)


# --- diagnostics ------------------------------------------------------------------------------------------


def diagnostic_pages() -> Pages:
    """Write a page for each code, and a list of them."""
    folder = REFERENCE / "diagnostics"
    index = [NOTE, DIAGNOSTICS_HEAD]
    for severity, heading in SEVERITIES.items():
        members = [code for code in CODES.values() if code.severity == severity]
        if members:
            index.append(f"\n## {heading}\n\n| code | what is wrong |\n|---|---|\n")
            index += [f"| [{code.code}]({code.code}.md) | {cell(code.title)} |\n" for code in members]
    index.append("\n```{toctree}\n:hidden:\n\n" + "".join(f"{name}\n" for name in CODES) + "```\n")
    pages = {folder / "index.md": "".join(index)}
    for code in CODES.values():
        pages[folder / f"{code.code}.md"] = diagnostic_page(code)
    return pages


def diagnostic_page(code: Code) -> str:
    """Write the page of one code: what is wrong, why it matters, the smallest example and its remedy."""
    about = code.explanation.strip()
    parts = [NOTE, f"# {code.code}: {code.title}\n\n*{code.severity.capitalize()}.* {about}\n"]
    for heading, example in (("Like this", code.wrong), ("Better", code.right)):
        if example.strip():
            parts.append(f"\n## {heading}\n\n{fenced(example, 'the tests of the messages do')}")
    return "".join(parts)


def fenced(example: str, tested: str) -> str:
    """Return an excerpt as a fence, coloured where it is well-formed enough."""
    tokens = YamlLexer().get_tokens(example)
    language = "text" if any(kind in Error for kind, _ in tokens) or "---" in example else "yaml"
    fence = "````" if "```" in example else "```"
    mark = "" if language == "text" else f"<!-- test: not run: an excerpt; {tested} -->\n"
    return f"{mark}{fence}{language}\n{example.rstrip()}\n{fence}\n"


SEVERITIES = {"error": "Errors", "warning": "Warnings", "note": "Notes"}
DIAGNOSTICS_HEAD = """# Messages

Faults of layout come first; once the layout can be read, every other fault of a file is reported at once,
each with its code, the place, the line with a caret and a hint. An error stops the run.
A warning says that something is probably not meant. A note says what an honest author
wants to know.
"""


# --- the shelf --------------------------------------------------------------------------------------------


def shelf() -> Shelf:
    """Read what is on the shelf, by field and name."""
    read = ((name, catalog.load(name)) for name in catalog.names())
    found = [(entry_of(name, scenario), scenario) for name, scenario in read]
    return sorted(found, key=lambda each: (each[0].field not in FIRST_FIELDS, each[0].field, each[0].name))


def index_of(shelf: Shelf) -> str:
    """Write the index of the shelf."""
    return json.dumps([asdict(entry) for entry, _ in shelf], ensure_ascii=False, indent=1) + "\n"


FIRST_FIELDS = ("arguments",)


# --- all --------------------------------------------------------------------------------------------------


def pages() -> Pages:
    """Every generated file and its text."""
    read = shelf()
    return {
        INDEX: index_of(read),
        **catalog_pages(read),
        REFERENCE / "cli.md": command_page(),
        REFERENCE / "keys.md": keys_page(),
        REFERENCE / "parley.schema.json": json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n",
        **diagnostic_pages(),
        **notebook_pages(),
    }


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` compare them; returns the exit code."""
    wanted = pages()
    written = (*(REFERENCE / "diagnostics").glob("*.md"), *CATALOG.rglob("*.md"), *NOTEBOOKS.glob("*.md"))
    unknown = [path for path in written if path not in wanted]
    if arguments == ["--check"]:
        stale = [
            path
            for path, text in wanted.items()
            if not path.is_file() or path.read_text(encoding="utf-8") != text
        ]
        for path in [*stale, *unknown]:
            hint = "run .venv/bin/python -m scripts.generate"
            print(f"out of date: {path.relative_to(ROOT)} ({hint})", file=sys.stderr)
        return 1 if stale or unknown else 0
    for path in unknown:
        path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
