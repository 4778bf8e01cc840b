"""Finding a browser, and printing with one that may misbehave: browsers here are small scripts."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from parley.cli.browser import browser_or_fail, find_browser, print_pdf
from parley.cli.main import program

posix = pytest.mark.skipif(os.name != "posix", reason="the browsers of these tests are shell scripts")


def script(folder: Path, name: str, body: str) -> Path:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


TARGET = 'for each in "$@"; do case $each in --print-to-pdf=*) out=${each#*=};; esac; done\n'


@posix
def test_a_named_browser_goes_first_and_alone(tmp_path: Path) -> None:
    chromium = script(tmp_path, "chromium", "")
    other = script(tmp_path, "mine", "")
    path = {"PATH": str(tmp_path)}
    assert find_browser(path) == str(chromium)
    assert find_browser({**path, "PARLEY_BROWSER": "mine"}) == str(other)
    assert find_browser({**path, "PARLEY_BROWSER": str(other)}) == str(other)
    assert find_browser({**path, "PARLEY_BROWSER": "gone"}) is None


@posix
def test_browsers_are_found_where_a_mac_and_windows_keep_them(tmp_path: Path) -> None:
    inside = tmp_path / "Applications" / "Google Chrome.app" / "Contents" / "MacOS"
    inside.mkdir(parents=True)
    chrome = script(inside, "Google Chrome", "")
    assert find_browser({"HOME": str(tmp_path)}, "darwin") == str(chrome)
    edge = script(tmp_path, r"Microsoft\Edge\Application\msedge.exe".replace("\\", "_"), "")
    place = os.path.join(str(tmp_path), r"Microsoft\Edge\Application\msedge.exe")
    edge.rename(place)
    assert find_browser({"ProgramFiles": str(tmp_path)}, "win32") == place
    assert find_browser({}, "linux") is None


def test_no_browser_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PARLEY_BROWSER", "no-such-browser")
    with pytest.raises(click.UsageError, match=r"'no-such-browser'.*apt-get install.*leave out --pdf"):
        browser_or_fail()
    began = time.process_time()
    result = CliRunner().invoke(
        program, ["report", "taliban-talks", "-o", str(tmp_path / "out"), "--pdf"], catch_exceptions=False
    )
    assert result.exit_code == 2
    assert time.process_time() - began < 2, "it is said before anything is solved"
    assert not (tmp_path / "out").exists()


@posix
def test_a_pdf_replaces_the_old_one_when_it_is_whole(tmp_path: Path) -> None:
    page, target = tmp_path / "a b.html", tmp_path / "out" / "report.pdf"
    page.write_text("<p>x", encoding="utf-8")
    target.parent.mkdir()
    target.write_bytes(b"old")
    arguments = tmp_path / "arguments"
    good = script(tmp_path, "good", f'{TARGET}printf "%s\\n" "$@" >"{arguments}"; printf "%%PDF-1.7" >"$out"')
    print_pdf(page, target, str(good))
    assert target.read_bytes() == b"%PDF-1.7"
    asked = arguments.read_text(encoding="utf-8").splitlines()
    assert asked[-1] == page.as_uri()
    assert "--headless=new" in asked
    assert ("--no-sandbox" in asked) == (os.geteuid() == 0)
    assert [each.name for each in target.parent.iterdir()] == ["report.pdf"]


@posix
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("echo first >&2; echo 'cannot open display' >&2; exit 1", "cannot open display"),
        (f'{TARGET}echo half >"$out"', "wrote no PDF"),
        ("sleep 60 & wait", "printed nothing in 0.3 seconds"),
    ],
)
def test_a_browser_that_fails_leaves_the_old_file(tmp_path: Path, body: str, said: str) -> None:
    page, target = tmp_path / "page.html", tmp_path / "out" / "report.pdf"
    page.write_text("<p>x", encoding="utf-8")
    target.parent.mkdir()
    target.write_bytes(b"old")
    bad = script(tmp_path, "bad", body)
    began = time.monotonic()
    with pytest.raises(click.ClickException, match=said) as fault:
        print_pdf(page, target, str(bad), seconds=0.3 if "sleep" in body else 30)
    assert "print it from there" in fault.value.message
    assert time.monotonic() - began < 30
    assert target.read_bytes() == b"old"
    assert [each.name for each in target.parent.iterdir()] == ["report.pdf"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows starts what it likes")
def test_what_is_no_program_is_said(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("x", encoding="utf-8")
    with pytest.raises(click.ClickException, match="does not start"):
        print_pdf(text, tmp_path / "report.pdf", str(text))
