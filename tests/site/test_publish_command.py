"""``parley publish`` and ``parley worker`` from the shell's side."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from parley.cli.main import program
from parley.errors import ParleyError
from parley.site.web.jobs import process
from parley.site.web.models import Article, Job, Role, Version
from tests.site.packages import a_folder, a_text
from tests.site.people import an_account
from tests.site.solver import StandIn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_SITE", str(settings.PARLEY_SITE))


def parley(*arguments: str) -> Result:
    return CliRunner().invoke(program.commands[arguments[0]], arguments[1:])


def test_publish_says_where_the_article_is(tmp_path: Path) -> None:
    folder = str(a_folder(tmp_path / "threat"))
    an_account(Role.AUTHOR, name="Ada")
    done = parley(
        "publish", folder, "--owner", "ada", "--note", "first", "--pre-moderate", "--slug", "attack"
    )
    assert done.exit_code == 0, done.output
    assert done.output.startswith("/a/attack/ is version 1: A threat")
    article = Article.objects.get()
    assert article.owner is not None
    assert (article.owner.name, article.premoderate, article.state) == ("Ada", True, "published")
    assert "version 1, being solved: A threat" in parley("publish", "--list").output
    a_folder(tmp_path / "threat", a_text("summary: mended\n"))
    done = parley("publish", folder, "--slug", "attack", "--correction", "--thanks", "Ben")
    assert "version 2" in done.output
    version = Article.objects.get().current
    assert version is not None
    assert (version.correction, version.thanks) == (True, "Ben")
    assert Article.objects.get().premoderate  # what is not said stays


def test_the_list_says_why_a_version_has_no_numbers(tmp_path: Path) -> None:
    parley("publish", str(a_folder(tmp_path / "threat")))
    Version.objects.update(status="failed", failure="the game has too many nodes")
    assert "version 1, failed: A threat (the game has too many nodes)" in parley("publish", "--list").output


def test_an_article_is_closed_opened_and_withdrawn(tmp_path: Path) -> None:
    parley("publish", str(a_folder(tmp_path / "threat")), "--draft")
    assert Article.objects.get().state == "draft"
    for option, state in (("--open", "published"), ("--close", "closed"), ("--withdraw", "withdrawn")):
        assert parley("publish", option, "threat").exit_code == 0
        assert Article.objects.get().state == state


def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    assert parley("publish").exit_code == 2
    assert parley("publish", str(tmp_path), "--list").exit_code == 2
    assert parley("publish", "--list", "--close", "threat").exit_code == 2
    for arguments, words in (
        ((str(tmp_path),), "no file argument.md"),
        (("no-such-scenario",), "no scenario named"),
        (("--close", "nothing"), "no article 'nothing'"),
        ((str(a_folder(tmp_path / "threat")), "--owner", "nobody"), "no account 'nobody'"),
    ):
        fault = parley("publish", *arguments).exception
        assert isinstance(fault, ParleyError)
        assert words in str(fault)
    assert not Article.objects.exists()


def test_a_worker_may_do_what_is_due_and_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parley("publish", str(a_folder(tmp_path / "threat")))
    solver = StandIn()
    monkeypatch.setattr(process, "children", lambda lane: None if lane == "light" else solver)
    monkeypatch.setattr("parley.site.web.logs.configure", lambda: None)
    done = parley("worker", "--once")
    assert done.exit_code == 0, done.output
    assert solver.kinds() == ["advise", "prepare"]
    assert not Job.objects.filter(status="queued", key__startswith="prepare").exists()
