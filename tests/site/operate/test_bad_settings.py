"""What an operator may get wrong is said in a sentence before anything runs, never as a fault of Parley."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from parley.errors import ParleyError
from parley.site.web import environment
from parley.site.web.packages import from_folder
from parley.site.web.rules import Rules, RulesError, read_rules

POST = "[limits]\npost = "
ROOT = Path(__file__).parents[3]


def rules(tmp_path: Path, text: str) -> Rules:
    (tmp_path / "rules.toml").write_text(text)
    return read_rules(tmp_path / "rules.toml")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("limits = 5", "limits"),
        ("limits = [1]", "limits"),
        (POST + '{burst = "abc", per_hour = 3}', "burst"),
        (POST + "{burst = nan, per_hour = 3}", "burst"),
        (POST + "{burst = 2.7, per_hour = 3}", "burst"),
        (POST + "{burst = true, per_hour = 3}", "burst"),
        (POST + "{burst = 0, per_hour = 3}", "burst"),
        (POST + "{burst = 3, per_hour = []}", "per_hour"),
        (POST + "{burst = 3, per_hour = inf}", "per_hour"),
        (POST + "{burst = 3, per_hour = nan}", "per_hour"),
        (POST + "{burst = 3, per_hour = 9, netwrk_factor = 2}", "network_factor"),
        (POST + "{burst = 3, per_hour = 9, network_factor = 0}", "network_factor"),
        ("newcomer_until = 2.5", "newcomer_until"),
        ("newcomer_until = 30", "contributor_from"),
        ("appeal_days = 99999999999", "appeal_days"),
        ("mute_hours = [9999999999]", "mute_hours"),
        ("undo_seconds = 999999999999", "undo_seconds"),
        ("typing_seconds = inf", "typing_seconds"),
        ("hide_weight = nan", "hide_weight"),
        ("removal_points = 3", "removal_points"),
        ("removed_share = 30", "removed_share"),
        *((f"{name} = 0", name) for name in ("comment_characters", "solve_draws", "running_solves")),
        *((f"{name} = 0", name) for name in ("solve_seconds", "solve_memory_mb", "session_days")),
    ],
)
def test_a_rule_that_cannot_work_is_refused_by_its_name(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(RulesError, match=named):
        rules(tmp_path, text)


def test_the_rules_own_defaults_and_a_limits_fractions_are_taken(tmp_path: Path) -> None:
    found = rules(tmp_path, POST + "{burst = 3, per_hour = 0.5}\n")
    assert (found.limits["post"].per_hour, found.limits["post"].network_factor) == (0.5, 4.0)
    for name, value in ((name, getattr(Rules(), name)) for name in Rules.__dataclass_fields__):
        if name != "limits":
            text = f"{name} = {list(value) if isinstance(value, tuple) else value}"
            assert getattr(rules(tmp_path, text), name) == value


def test_rules_that_cannot_be_read_say_so(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").mkdir()
    with pytest.raises(RulesError, match="cannot be read"):
        read_rules(tmp_path / "rules.toml")


@pytest.mark.parametrize(
    "address",
    [
        "nonsense",
        "mysql://me:hunter2@db/x",
        "postgres://me:hunter2@db",
        "postgres://me:hunter2@db:port/x",
        "://",
    ],
)
def test_an_address_of_no_database_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(environment.SettingsError, match="DATABASE_URL") as caught:
        environment.database_settings(address)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    ["nonsense", "talks.example.org", "https://x/y", "https://", "ftp://x", "https://me@x", "http://[x"],
)
def test_an_address_of_no_site_is_refused(address: str) -> None:
    with pytest.raises(environment.SettingsError, match="PARLEY_URL"):
        environment.own_address(address)


@pytest.mark.parametrize("text", ["-1", "abc", "", "1.5", "²", "99"])
def test_a_number_of_proxies_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(environment.SettingsError, match="PARLEY_TRUSTED_HOPS"):
        environment.trusted_hops(text)


def test_mail_and_hosts_that_cannot_be_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ParleyError, match="EMAIL_URL"):
        environment.mail_settings("smtp://mail.example.org:99999999", tmp_path)
    with pytest.raises(ParleyError, match="PARLEY_HOSTS"):
        environment.hosts_served(" , ")


def test_the_database_lies_in_the_sites_folder_whatever_that_is_called(tmp_path: Path) -> None:
    site = tmp_path / "a%20b?c#d"
    site.mkdir()
    code = (
        "from parley.site.web import settings as s; print(s.DATABASES['default']['NAME']); "
        "print(s.DATABASES['default']['ENGINE'])"
    )
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PARLEY_", "DATABASE"))}
    own |= {"PARLEY_SITE": str(site), "PYTHONPATH": str(ROOT / "src")}
    said = subprocess.run(
        (sys.executable, "-c", code), env=own, capture_output=True, text=True, check=True, timeout=60
    )
    assert said.stdout.splitlines() == [str(site / "site.sqlite3"), "parley.site.web.sqlite"]


def test_a_key_that_is_no_text_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(bytes(range(200, 250)))
    with pytest.raises(environment.SettingsError, match=r"secret\.key"):
        environment.secret_key(None, tmp_path)


def test_a_database_that_is_none_is_at_fault_and_not_parley(tmp_path: Path) -> None:
    (tmp_path / "site.sqlite3").write_bytes(bytes(range(256)) * 20)
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PARLEY_", "DATABASE"))}
    said = subprocess.run(
        (sys.executable, "-c", "from parley.cli.main import main; main()", "serve", "--port", "0"),
        env=own | {"PARLEY_SITE": str(tmp_path), "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert said.returncode == 2, said.stderr
    assert "the site's database cannot be used" in said.stderr


def test_a_folder_in_the_place_of_an_articles_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "argument.md").mkdir()
    with pytest.raises(ParleyError, match=r"argument\.md is not a plain file"):
        from_folder(tmp_path)
