"""The static copy of an article: whole, alone, nothing that needs a server."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from parley.site.render.export import ExportError, export_article
from tests.site.render import samples

FILES = {"strikes.png": b"one", "polls.png": b"two"}


def written(folder: Path, *, script: bool = False) -> str:
    export_article(
        samples.edition(),
        samples.numbers(),
        folder,
        files=FILES,
        version="1.2",
        published=date(2013, 10, 22),
        script=script,
    )
    return (folder / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("script", [False, True])
def test_every_file_that_the_page_names_is_there(tmp_path: Path, script: bool) -> None:
    text = written(tmp_path / "out", script=script)
    named = re.findall(r'(?:src|href|data-sweep)="([^"#]+)"', text)
    named = [each.split("#")[0] for each in named if not each.startswith(("https://", "http://"))]
    assert {"parley.css", "files/strikes.png"} <= set(named)
    missing = [each for each in named if not (tmp_path / "out" / each).exists()]
    assert missing == []


def test_a_copy_has_no_debate_no_accounts_and_no_forms_that_lead_nowhere(tmp_path: Path) -> None:
    text = written(tmp_path / "out")
    for gone in ("<form", "<input", "data-me", "/feeds/", "Report as abusive", "<script", 'id="comments"'):
        assert gone not in text, gone
    assert "17%, 1 in 6" in text, "the author's values stand in words"
    assert not (tmp_path / "out" / "parley.js").exists()


def test_with_a_script_the_sweeps_are_there_and_nothing_is_asked_of_a_server(tmp_path: Path) -> None:
    text = written(tmp_path / "out", script=True)
    assert (tmp_path / "out" / "sweeps" / "q_other").read_bytes()[:4] == b"PSW1"
    assert 'data-solve=""' in text
    assert "Show what this does" not in text


def test_findings_go_along(tmp_path: Path) -> None:
    written(tmp_path / "out")
    assert json.loads((tmp_path / "out" / "findings.json").read_text()) == {}


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ExportError, match="is not empty"):
        written(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"polls\.png"):
        export_article(samples.edition(), None, tmp_path / "out", files={"strikes.png": b""})


def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    edition = samples.edition()
    away = replace(edition, pictures=(replace(edition.pictures[0], file="../../away.png"),))
    away = replace(away, blocks=tuple(each for each in away.blocks if each.picture is None))
    with pytest.raises(ExportError, match="leads out"):
        export_article(away, None, tmp_path / "out", files={"../../away.png": b"x"})
    assert not (tmp_path.parent / "away.png").exists()
