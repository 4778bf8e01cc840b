"""Check 50: errors tell nothing of the inside; unsafe settings refuse to start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from tests.site.people import an_article

ROOT = Path(__file__).parents[3]
TELLING = (
    "Traceback",
    "RuntimeError",
    "secret words",
    "SELECT",
    "sqlite",
    "psycopg",
    "/src/",
    ".py",
    "site-packages",
    "Django",
    "gunicorn/",
    "PARLEY_",
)


@pytest.mark.django_db
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_check_50_a_fault_of_ours_says_so_and_no_more(accept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret words in /srv/site: SELECT * FROM web_account")

    article = an_article()
    monkeypatch.setattr("parley.site.web.views.articles.thread", broken)
    client = Client(raise_request_exception=False)
    answer = client.get(f"/a/{article.slug}/", headers={"Accept": accept})
    assert answer.status_code == 500
    text = answer.content.decode()
    assert not [each for each in TELLING if each in text]
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/nothing/<script>alert(1)</script>", {}, 404),
        ("/a/'; DROP TABLE web_article; --/", {}, 404),
        ("/", {"Host": "evil.example"}, 400),
        ("/a/%00/", {}, 404),
        ("/?page=999999", {}, 404),
        ("/?page=" + "9" * 50, {}, 404),
        ("/c/99999999999999999999999/", {}, 404),
        ("/administration/web/account/", {}, None),
    ],
)
def test_check_50_refusals_tell_nothing(path: str, headers: dict[str, str], status: int | None) -> None:
    answer = Client(raise_request_exception=False).get(path, headers=headers)
    if status is not None:
        assert answer.status_code == status
    text = answer.content.decode()
    assert not [each for each in TELLING if each in text]
    assert "<script>alert(1)" not in text
    assert "X-Powered-By" not in answer.headers


def started(site: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PARLEY_", "DATABASE"))}
    own |= {"PARLEY_SITE": str(site), "DJANGO_SETTINGS_MODULE": "parley.site.web.settings"}
    own |= {"PYTHONPATH": str(ROOT / "src"), **changes}
    code = "import django; django.setup(); print('started')"
    return subprocess.run([sys.executable, "-c", code], env=own, capture_output=True, text=True, timeout=60)


def test_check_50_debug_pages_are_for_this_machine_alone(tmp_path: Path) -> None:
    refused = started(tmp_path, PARLEY_DEBUG="1", PARLEY_HOSTS="localhost,debate.example.org")
    assert refused.returncode != 0
    assert "the site serves debate.example.org: debug pages show secrets" in refused.stderr
    assert started(tmp_path, PARLEY_DEBUG="1", PARLEY_HOSTS="localhost").stdout == "started\n"


@pytest.mark.parametrize("key", ["", "short", "x" * 64, "changeme" * 3])
def test_check_50_a_key_that_could_be_guessed_is_refused(key: str, tmp_path: Path) -> None:
    refused = started(tmp_path, PARLEY_SECRET_KEY=key)
    assert refused.returncode != 0
    assert "the secret key could be guessed" in refused.stderr
    assert key == "" or key not in refused.stderr


def test_check_50_a_key_of_its_own_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    assert started(tmp_path).stdout == "started\n"
    file = tmp_path / "secret.key"
    assert (file.stat().st_mode & 0o777, len(file.read_text())) == (0o600, 64)
    assert started(tmp_path).stdout == "started\n"
