"""The shelf in the terminal: listing, showing, searching, starting from it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import parley
from parley import catalog
from parley.catalog import entries
from parley.catalog.entries import INDEX, entry_of
from parley.cli.main import program
from parley.errors import ParleyError
from parley.report.shelf import paragraphs, render_catalog
from tests.architecture.test_startup import HEAVY, loaded_by


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(program, list(arguments))


def test_the_list_has_every_scenario_under_its_field() -> None:
    result = invoke("catalog")
    assert result.exit_code == 0
    assert result.output == invoke("catalog", "list").output
    for entry in entries():
        assert any(line.endswith(f" {entry.name}") for line in result.output.splitlines())
        assert entry.field.upper() in result.output
    assert f"{len(catalog.names())} scenarios." in result.output


def test_the_index_says_what_the_files_say() -> None:
    assert sorted(each.name for each in entries()) == sorted(catalog.names())
    for entry in entries():
        assert entry == entry_of(entry.name, parley.load(entry.name))


def test_listing_loads_no_scenario_and_no_numbers() -> None:
    loaded = loaded_by("catalog")
    assert "ruamel" not in loaded
    assert loaded & HEAVY == set()


def test_a_field_narrows_the_list_and_an_unknown_one_names_all() -> None:
    result = invoke("catalog", "list", "--field", "argum")
    assert "taliban-talks" in result.output
    assert {each.field for each in entries() if each.name in result.output.split()} == {"arguments"}
    refused = invoke("catalog", "list", "--field", "astrology")
    assert refused.exit_code == 2
    assert "arguments" in refused.output


@pytest.mark.parametrize("name", catalog.names())
def test_every_scenario_can_be_shown(name: str) -> None:
    result = invoke("catalog", "show", name)
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[0] == f"{parley.load(name).title.upper()}  {name}"
    assert f"parley run {name}" in result.output
    assert "{#" not in result.output  # marks of passages are for the page, not for the reader


def test_a_name_that_is_not_there_gets_the_nearest() -> None:
    with pytest.raises(ParleyError, match="did you mean 'which-event-first'"):
        catalog.locate("which-event-frist")


def test_the_slug_alone_and_the_prefix_are_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from parley.catalog import shelf

    for name in ("a-2001/game", "b-2002/game", "b-2002/other", "plain"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "argument.md").write_bytes(catalog.template().read_bytes())
    monkeypatch.setattr(shelf, "_SCENARIOS", tmp_path)
    assert catalog.names() == ("a-2001/game", "b-2002/game", "b-2002/other", "plain")
    for spelling in ("b-2002/other", "catalog/b-2002/other", "other", "Catalog/B 2002/Other"):
        assert catalog.locate(spelling).parent == tmp_path / "b-2002" / "other"
        assert parley.load(spelling).path == str(tmp_path / "b-2002" / "other" / "argument.md")
    with pytest.raises(ParleyError, match="several scenarios are named 'game': a-2001/game, b-2002/game"):
        catalog.locate("game")
    with pytest.raises(ParleyError, match="did you mean 'b-2002/other'"):
        catalog.locate("othr")


def test_search_finds_all_words_in_any_case_and_titles_first() -> None:
    assert catalog.search(["FIRST event"])[0].name == "which-event-first"
    assert catalog.search(["clock"]) == catalog.search(["Clock"])
    assert catalog.search(["clock", "zebra"]) == ()
    with pytest.raises(ParleyError, match="no word"):
        catalog.search(["..."])
    assert "kreps-wilson-1982/reputation" in {each.name for each in catalog.search(["reputational"])}
    assert catalog.search(["hardliner"]) == catalog.search(["hard-liner"]) != ()
    result = invoke("catalog", "search", "zebra")
    assert (result.exit_code, result.output.split(".")[0]) == (0, "Nothing has the words 'zebra'")


def test_json_is_written_without_the_index_of_words(tmp_path: Path) -> None:
    result = invoke("catalog", "list", "--json", "-")
    found = json.loads(result.output)
    assert {each["name"] for each in found} == set(catalog.names())
    assert all("words" not in each for each in found)
    assert invoke("catalog", "show", "taliban-talks", "--json", str(tmp_path / "one.json")).exit_code == 0
    one = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
    assert one["article"] == parley.load("taliban-talks").article
    assert invoke("catalog", "list", "--json", str(tmp_path / "no" / "x.json")).exit_code == 2


def test_an_entry_needs_its_facts() -> None:
    scenario = parley.load("which-event-first")
    about = {key: value for key, value in scenario.about.items() if key != "teaches"}
    with pytest.raises(ParleyError, match=r"which-event-first does not say: teaches"):
        entry_of("which-event-first", replace(scenario, about=about))
    with pytest.raises(ParleyError, match=r"'true'; it is one of: exact, form, reduced, ours"):
        entry_of("which-event-first", replace(scenario, about={**scenario.about, "fidelity": "true"}))


@pytest.mark.parametrize("width", [20, 60, 100, 500])
def test_pages_keep_to_the_width(width: int) -> None:
    for line in render_catalog(entries(), width).splitlines():
        assert len(line) <= max(40, width) or " " not in line.strip()


def test_prose_becomes_plain_text_and_code_stays() -> None:
    article = "# Head\n\n[Cheap]{#a} talk, **bold**, see [this](x.md) and `a_b`.\n\n"
    article += "```text\n  x = [1]\n```\n\n- one\n  two\n"
    assert paragraphs(article, 80) == [
        "HEAD",
        "",
        "Cheap talk, bold, see this and `a_b`.",
        "",
        "      x = [1]",
        "",
        "- one two",
    ]


def test_the_list_is_there_at_once() -> None:
    """A smoke test, not a timing: it must not take seconds. The figure stands in benchmarks/README.md."""
    done = subprocess.run(
        [sys.executable, "-c", "from parley.cli.main import main; main()", "catalog"],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert INDEX.is_file()
    assert done.stdout.endswith("runs it.\n")


@pytest.mark.parametrize("name", ["kydd-2003/biased-mediator", "biased-mediator", "which-event-first"])
def test_check_takes_a_shipped_scenario_by_its_name(name: str) -> None:
    result = invoke("check", name)
    assert result.exit_code == 0
    assert f"{name}: no faults" in result.output
