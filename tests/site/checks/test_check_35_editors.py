"""Check 35: of many editors who decide on the same text at once exactly one does; the others hear of it."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

RACE = """
    import sys
    from pathlib import Path
    from threading import Barrier, Thread

    from parley.site.web.standalone import start
    start(Path(sys.argv[1]))

    from django.db import connections
    from parley.site.web import journal
    from parley.site.web.models import Account, Act, Article, Comment, Notice
    from parley.site.web.moderation import sanctions
    from parley.site.web.moderation.acts import Conflict
    from parley.site.web.moderation.copies import check_site
    from parley.site.web.moderation.decide import decide, enter

    EDITORS, COMMENTS = 4, 12
    writer = Account.objects.create_user("writer", "writer@example.org", "correct horse battery")
    editors = [
        Account.objects.create_user(f"desk{n}", f"desk{n}@example.org", "correct horse battery",
        role="editor") for n in range(EDITORS)
    ]
    article = Article.objects.create(slug="story", state="published")
    reasons = [{"rule": "newcomer", "text": "first posts"}]
    comments = [
        enter(Comment(article=article, author=writer, source=f"{n}", html=f"{n}", sanitiser=1), reasons)
        for n in range(COMMENTS)
    ]
    ends = []

    def race(acts):
        gate = Barrier(len(acts))
        def run(act):
            gate.wait()
            try:
                act()
                ends.append("done")
            except Conflict:
                ends.append("conflict")
            except Exception as fault:
                ends.append(f"{type(fault).__name__}: {fault}")
            finally:
                connections.close_all()
        threads = [Thread(target=run, args=(act,)) for act in acts]
        [each.start() for each in threads]
        [each.join() for each in threads]

    for comment in comments:
        before = len(ends)
        race([
            (lambda e=e, n=n: decide(comment.pk, "approve" if n % 2 else "remove", e, 1, clause=1))
            for n, e in enumerate(editors)
        ])
        assert sorted(ends[before:]) == ["conflict"] * (EDITORS - 1) + ["done"], ends[before:]
        found = Comment.objects.get(pk=comment.pk)
        assert found.revision == 2
    before = len(ends)
    race([
        (lambda e=e: sanctions.ban(writer, e, seen=0, clause=3, typed="spam", everything=True)) for e in
        editors
    ])
    assert sorted(ends[before:]) == ["conflict"] * (EDITORS - 1) + ["done"], ends[before:]
    writer.refresh_from_db()
    own = Comment.objects.filter(author=writer)
    assert set(own.values_list("state", flat=True)) == {"removed"}
    assert writer.removed == own.count() == COMMENTS
    assert writer.approved == own.filter(credited=True).count()
    assert writer.points == writer.approved - 3 * writer.removed
    removals = Act.objects.filter(act="remove").count()
    assert removals == COMMENTS
    assert Notice.objects.filter(kind="removed").count() == removals
    assert check_site() == []
    print("in order", Act.objects.count())
"""


@contextmanager
def a_database() -> Iterator[dict[str, str]]:
    """Give a process a database of its own: a file in the site's folder, or one more on the tests' server."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        yield {}
        return
    import psycopg

    name = f"parley_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield {"DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl()}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, on a new site."""
    with a_database() as more:
        environment = {**os.environ, "PARLEY_SITE": str(folder), **more}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        command = [sys.executable, "-c", textwrap.dedent(script), str(folder)]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=300, check=False
        )


def test_check_35_editors_race_on_connections_of_their_own(tmp_path: Path) -> None:
    done = run(RACE, tmp_path / "site")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "in order" in done.stdout
