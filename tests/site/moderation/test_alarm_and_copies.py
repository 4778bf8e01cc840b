"""The alarm for what waits too long; the log checked and copied by command."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.utils import timezone

from parley.site.web.jobs.registry import periods
from parley.site.web.models import Account, Act, Comment, Outbox, ReviewItem, Role
from parley.site.web.moderation.alarm import raise_alarm
from parley.site.web.moderation.copies import CopyError, check_copy, check_site, export
from parley.site.web.moderation.decide import decide
from tests.site.moderation.desk import a_held_comment, an_editor
from tests.site.people import an_account

pytestmark = pytest.mark.django_db


def test_after_a_day_each_editor_is_mailed_once_a_day_and_nobody_else() -> None:
    comment = a_held_comment()
    editors = {an_editor().pk, an_account(Role.ADMIN).pk}
    banned = an_editor()
    Account.objects.filter(pk=banned.pk).update(banned_at=timezone.now())
    ReviewItem.objects.update(created=timezone.now() - timedelta(hours=23))
    assert raise_alarm() == 0
    ReviewItem.objects.update(created=timezone.now() - timedelta(hours=30))
    assert raise_alarm() == 2
    assert raise_alarm() == 0
    mails = Outbox.objects.filter(key__startswith="alarm:")
    assert {mail.account_id for mail in mails} == editors
    assert "1 d 6 h" in mails[0].body
    assert comment.source not in mails[0].body
    assert "alarm" in periods()


def test_a_copy_in_either_form_fits_the_site() -> None:
    editor = an_editor()
    for _ in range(3):
        decide(a_held_comment(), "remove", editor, 1, clause=3)
    for form in ("csv", "json"):
        assert check_copy("".join(export(form))) == []
    assert check_site() == []
    assert json.loads("".join(export("json")))[5]["seq"] == 6


def test_a_copy_shows_what_the_site_tells_otherwise_now() -> None:
    editor = an_editor()
    for _ in range(2):
        decide(a_held_comment(), "approve", editor, 1)
    copy = "".join(export("csv"))
    Act.objects.filter(seq=2).delete()
    Act.objects.filter(seq=3).update(hash="f" * 64)
    found = check_copy(copy)
    assert any("entry 2 of the copy is not in the site's log" in each for each in found)
    assert any("entry 3 is another one" in each for each in found)
    forged = copy.replace("approve", "remove")
    assert any("does not fit its hash" in each for each in check_copy(forged))


def test_a_state_changed_behind_the_log_shows() -> None:
    comment = decide(a_held_comment(), "remove", an_editor(), 1, clause=1).comment
    Comment.objects.filter(pk=comment.pk).update(state="visible")
    assert check_site() == [f"comment {comment.pk} is visible, but the log left it removed"]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "[1]", "[{", '[{"seq": 1}]'])
def test_what_is_no_copy_is_refused(text: str) -> None:
    with pytest.raises(CopyError):
        check_copy(text)


def test_the_commands_verify_and_export(tmp_path: Path) -> None:
    from parley.cli.main import program

    decide(a_held_comment(), "approve", an_editor(), 1)
    site = Path(settings.PARLEY_SITE)
    (site / "site.sqlite3").touch()
    run = CliRunner()
    copy = tmp_path / "log.csv"
    done = run.invoke(program, ["log", "export", "--site", str(site), "-o", str(copy)])
    assert done.exit_code == 0, done.output
    done = run.invoke(program, ["log", "verify", "--site", str(site), "--copy", str(copy)])
    assert done.exit_code == 0, done.output
    assert "2 entries, last seal" in done.output
    assert "unbroken" in done.output
    Act.objects.filter(seq=1).update(clause=9)
    done = run.invoke(program, ["log", "verify", "--site", str(site)])
    assert done.exit_code == 1
    assert "BROKEN" in done.output
    none = run.invoke(program, ["log", "verify", "--site", str(tmp_path / "none")])
    assert none.exit_code != 0
    assert not (tmp_path / "none").exists()
