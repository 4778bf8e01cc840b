"""Every fenced block of the documentation does what the page says. See README.md beside this file."""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from parley.catalog import template
from tests.docs.blocks import EXAMPLES, KNOWN, PAGES, ROOT, Block, read_blocks

LOADER = YAML(pure=True)  # keeps order and remarks
LOADER.width = 1000
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
WITH_BLOCKS = [
    page for page in PAGES if any(block.language in KNOWN - {"text", "json"} for block in read_blocks(page))
]


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one line in a shell as a reader's terminal would, 100 columns wide and without colours."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
        "NO_COLOR": "1",
    }
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )


def in_order(shown: list[str], real: str) -> str | None:
    """Return the first shown line that is missing; ``...`` skips any number of lines."""
    lines = [line.rstrip() for line in real.splitlines()]
    position, skipping = 0, False
    for line in shown:
        if line.strip() == "...":
            skipping = True
            continue
        reach = lines[position:] if skipping else lines[position : position + 1]
        matches = [offset for offset, candidate in enumerate(reach) if same_line(line, candidate)]
        if not matches:
            return line
        position, skipping = position + matches[0] + 1, False
    rest = [line for line in lines[position:] if line.strip()]
    return None if skipping or not rest else f"(nothing more was announced, but there is:) {rest[0]}"


def same_line(shown: str, real: str) -> bool:
    pattern = r".*".join(re.escape(" ".join(part.split())) for part in shown.strip().split("..."))
    return re.fullmatch(pattern.replace(r"\ ", " "), " ".join(real.split())) is not None


def run_console(block: Block, folder: Path) -> None:
    steps: list[tuple[str, list[str]]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], []))
        elif steps and steps[-1][0].endswith("\\"):
            steps[-1] = (steps[-1][0][:-1] + line.strip(), [])
        elif steps:
            steps[-1][1].append(line)
        else:
            pytest.fail(f"{block.place}: output before the first command")
    wanted = int(block.mark("exit") or 0)
    for number, (command, shown) in enumerate(steps):
        done = run(command, folder)
        code = wanted if number == len(steps) - 1 else 0
        assert done.returncode == code, f"{block.place}: $ {command}\n{done.stdout}"
        if shown:
            missing = in_order(shown, done.stdout)
            assert missing is None, f"{block.place}: not in the output: {missing}\n{done.stdout}"


def run_python(block: Block, folder: Path, namespace: dict[str, Any]) -> None:
    with contextlib.chdir(folder):
        if ">>>" not in block.text:
            exec(compile(block.text, block.place, "exec"), namespace)
            return
        example = doctest.DocTestParser().get_doctest(
            block.text, namespace, block.place, str(block.page), block.line
        )
        report = io.StringIO()
        outcome = doctest.DocTestRunner(optionflags=FLAGS).run(example, out=report.write, clear_globs=False)
        namespace.update(example.globs)
        assert outcome.failed == 0, report.getvalue()


def check_scenario(block: Block, folder: Path) -> None:
    base = block.mark("part of")
    suffix = ".yaml" if block.language == "yaml" and base is None else ".md"
    path = folder / (block.mark("save as") or f"block-{block.line}{suffix}")
    if base is None:
        path.write_text(block.text, encoding="utf-8")
    elif base.endswith(".md"):
        path = folder / base
        path.write_text(completed(block.text, path), encoding="utf-8")
    else:
        whole = template() if base == "starter" else EXAMPLES / f"{base}.md"
        path.write_text(completed(block.text, whole), encoding="utf-8")
    done = run(f"parley check '{path.name}'", folder)
    assert done.returncode == int(block.mark("exit") or 0), f"{block.place}\n{done.stdout}"


def completed(fragment: str, path: Path) -> str:
    """The fragment, put into a whole scenario.

    The entries of the fragment's sections take the place of entries of the same name or join them; a section
    that is a list or a single value (``story``, ``together``, ``precision``) takes the place of the whole.
    """
    before, fence, rest = path.read_text(encoding="utf-8").partition("```parley\n")
    model, closing, after = rest.partition("```\n")
    whole = LOADER.load(model)
    for section, value in LOADER.load(fragment).items():
        if isinstance(value, dict) and isinstance(whole.get(section), dict):
            whole[section].update(value)
        else:
            whole[section] = value
    stream = io.StringIO()
    LOADER.dump(whole, stream)
    return before + fence + stream.getvalue() + closing + after


@pytest.mark.parametrize("page", WITH_BLOCKS, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_blocks_of_a_page_run(page: Path, tmp_path: Path) -> None:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for block in read_blocks(page):
        if (reason := block.mark("not run")) is not None:
            assert reason, f"{block.place}: give the reason"
        elif block.language == "console":
            run_console(block, tmp_path)
        elif block.language == "python":
            run_python(block, tmp_path, namespace)
        elif block.language in {"markdown", "yaml"}:
            check_scenario(block, tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_fence_has_a_language(page: Path) -> None:
    unknown = [
        f"{block.place}: {block.language!r}" for block in read_blocks(page) if block.language not in KNOWN
    ]
    assert unknown == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_shell_is_written_as_console(page: Path) -> None:
    """A block of ``sh`` cannot be told from its output; only blocks that are not run may be one."""
    assert [
        block.place for block in read_blocks(page) if block.language == "sh" and block.mark("not run") is None
    ] == []
