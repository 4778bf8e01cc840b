"""Check 10: framing, sniffing, referrer, openers, permissions, and TLS alone once there is TLS."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.site.checks.routes import finished
from tests.site.operate.published import SLUG, the_flagship

PATHS = ("/", f"/a/{SLUG}/", "/policy/", "/healthz", "/nothing/", "/static/parley.css", "/accounts/login/")


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_check_10_headers_stand_on_every_kind_of_answer(path: str) -> None:
    the_flagship()
    headers = finished(Client().get(path)).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in ("strict-origin-when-cross-origin", "same-origin", "no-referrer")
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    for feature in ("camera", "geolocation", "microphone", "payment"):
        assert f"{feature}=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers
    assert "Server" not in headers


@pytest.mark.django_db
def test_check_10_only_the_embedded_page_may_be_framed() -> None:
    the_flagship()
    headers = Client().get(f"/embed/{SLUG}").headers
    assert "frame-ancestors *" in headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in headers
    for path in ("/embedded/", f"/a/{SLUG}/?x=/embed/", "//embed/x"):
        assert "frame-ancestors 'none'" in Client().get(path).headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_check_10_behind_tls_browsers_are_told_to_stay_there(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    for path in ("/healthz", "/nothing/", "/static/parley.css"):
        headers = finished(Client().get(path)).headers
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
