"""What a page says of numbers that are not solved."""

from __future__ import annotations

from typing import Any

import pytest

from parley.site.model.setting import Setting
from parley.site.web import cases
from parley.site.web.answers import Answer
from parley.site.web.models import Version


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (Answer("estimate", estimate=object(), waiting=True), "queued"),  # type: ignore[arg-type]
        (Answer("estimate", estimate=object()), "estimate"),  # type: ignore[arg-type]
        (Answer("waiting", waiting=True), "queued"),
        (Answer("failed", failure="no certificate"), "failed"),
        (Answer("unknown"), "unknown"),
    ],
)
def test_who_has_asked_is_not_invited_to_ask_again(
    monkeypatch: pytest.MonkeyPatch, found: Answer, status: str
) -> None:
    shown: Any = object()
    monkeypatch.setattr(cases, "answer_for", lambda *_: found)
    monkeypatch.setattr(cases, "estimated", lambda *_: shown)
    effect, told, final = cases.case(Version(), Setting((("gain", 0.1),)), shown)
    assert (told, final) == (status, False)
    assert effect is (shown if found.estimate is not None else None)
