"""The policy page prints the numbers by which the site decides: its own, not the defaults."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from django.conf import LazySettings

from parley.site.web.debate.published import house_rules
from parley.site.web.rules import Rules
from tests.site.debate.browser import Reader, text_of

# Numbers that concern operators and the solver, not what happens to a reader's words.
ELSEWHERE = {
    *(
        "report_characters",
        "undo_seconds",
        "alarm_hours",
        "public_alarm_hours",
        "running_solves",
        "queued_solves",
    ),
    *("solve_seconds", "solve_memory_mb", "solve_draws", "challenge_draws", "deletion_hours", "export_hours"),
    *("address_days", "editor_session_hours", "editor_idle_hours", "session_days", "session_idle_days"),
    *("step_up_minutes", "unconfirmed_hours", "limits"),
}


def printed(rules: Rules) -> str:
    return " ".join(sentence for _title, sentences in house_rules(rules) for sentence in sentences)


@pytest.mark.parametrize("name", sorted({each.name for each in fields(Rules)} - ELSEWHERE))
def test_every_number_that_decides_is_printed(name: str) -> None:
    default = getattr(Rules(), name)
    step = 0.07 if name == "removed_share" else 3
    other = tuple(each + 1 for each in default) if isinstance(default, tuple) else default + step
    changed: dict[str, Any] = {name: other}
    assert printed(replace(Rules(), **changed)) != printed(Rules())


@pytest.mark.django_db
def test_the_policy_page_prints_the_sites_own_numbers(settings: LazySettings) -> None:
    settings.PARLEY_RULES = replace(settings.PARLEY_RULES, hide_weight=7.5)
    page = text_of(Reader().get("/policy/"))
    assert "a weight of 7.5 together" in page
    assert "What reports do" in page
