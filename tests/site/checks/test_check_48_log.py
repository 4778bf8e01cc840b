"""Check 48: the log is append-only by the database itself; the public copy has no names and no words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from parley.site.web import journal
from parley.site.web.models import Act
from parley.site.web.moderation.append_only import MESSAGE, arm, disarm
from parley.site.web.moderation.decide import decide
from tests.site.checks.test_check_35_editors import run
from tests.site.moderation.desk import a_held_comment, an_editor
from tests.site.people import an_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def armed(db: None) -> Iterator[None]:
    """The triggers as the site has them; tests of other things have none."""
    with connection.cursor() as cursor:
        for statement in [*disarm(connection.vendor), *arm(connection.vendor)]:
            cursor.execute(statement)
    yield
    with connection.cursor() as cursor:
        for statement in disarm(connection.vendor):
            cursor.execute(statement)


def rows(number: int = 3) -> list[Act]:
    with transaction.atomic():
        return [journal.append(journal.Entry("words", "editor", "rules")) for _ in range(number)]


def refused(statement: str) -> None:
    with pytest.raises(DatabaseError, match=MESSAGE), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.usefixtures("armed")
def test_check_48_rows_are_added_and_never_changed_deleted_or_replaced() -> None:
    made = rows()
    refused("UPDATE web_act SET clause = 7 WHERE seq = 2")
    refused("DELETE FROM web_act WHERE seq = 3")
    refused("DELETE FROM web_act")
    columns = "at, act, by, subject, public, previous, hash, before, after"
    values = f"at, act, by, subject, public, previous, '{'e' * 64}', before, after"
    # A row in another's place, a row out of turn, one that does not follow the last.
    refused(f"INSERT INTO web_act (id, seq, {columns}) SELECT id, seq, {values} FROM web_act WHERE seq = 2")
    refused(f"INSERT INTO web_act (seq, {columns}) SELECT 9, {values} FROM web_act WHERE seq = 3")
    refused(f"INSERT INTO web_act (seq, {columns}) SELECT 4, {values} FROM web_act WHERE seq = 3")
    if connection.vendor == "sqlite":
        replaced = f"SELECT {{seq}} {values} FROM web_act WHERE seq = 2"
        into = "INSERT OR REPLACE INTO web_act"
        refused(f"{into} (id, seq, {columns}) {replaced.format(seq='id, seq,')}")
        refused(f"{into} (seq, {columns}) {replaced.format(seq='seq,')}")
        refused("UPDATE OR REPLACE web_act SET seq = 1 WHERE seq = 2")
    else:
        refused("TRUNCATE web_act CASCADE")
    assert list(Act.objects.order_by("seq").values_list("hash", flat=True)) == [row.hash for row in made]
    rows(1)
    assert journal.faults() == []


@pytest.mark.usefixtures("armed")
def test_check_48_every_act_of_editors_still_works_under_the_triggers() -> None:
    editor = an_editor()
    comment = decide(a_held_comment(), "approve", editor, 1).comment
    comment = decide(comment, "undo", editor, comment.revision).comment
    decide(comment, "remove", editor, comment.revision, clause=1)
    assert journal.faults() == []


def test_check_48_a_new_site_has_the_triggers(tmp_path: Path) -> None:
    script = """
        import sys
        from pathlib import Path
        from parley.site.web.standalone import start
        start(Path(sys.argv[1]))
        from django.db import connection
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            else:
                cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
            print(sorted(name for (name,) in cursor.fetchall() if name.startswith("web_act")))
    """
    done = run(script, tmp_path / "site")
    assert done.returncode == 0, done.stderr[-2000:]
    for name in ("web_act_continues", "web_act_no_"):
        assert name in done.stdout


def test_check_48_the_fields_of_the_log_have_no_names_and_no_words() -> None:
    writer, editor = an_account(name="Zaneera"), an_editor(name="Kim")
    comment = a_held_comment(writer, source="Unprintable words.")
    comment = decide(comment, "remove", editor, 1, clause=1, words="Be kind.", note="Tiresome.").comment
    decide(comment, "withdraw", writer, None)
    told = " ".join(str(journal.fields(row)) for row in Act.objects.all())
    for hidden in ("Zaneera", "Kim", "Unprintable", "Be kind", "Tiresome", writer.email or "@"):
        assert hidden not in told
