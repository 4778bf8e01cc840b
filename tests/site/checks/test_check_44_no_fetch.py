"""Check 44: the site fetches nothing that a reader names; one module reaches out, where an operator said."""

from __future__ import annotations

import ast
import socket
from pathlib import Path

import pytest
from django.test import Client

import parley.site
from parley.site.web.models import Comment
from tests.site.egress import EgressError
from tests.site.people import a_comment, an_account, an_article

# Who may hold a module that opens connections: webhooks; and the supervisor of `parley serve`, which listens.
REACHING = {"http.client", "urllib.request", "requests", "httpx", "aiohttp", "ftplib", "telnetlib", "urllib3"}
ALLOWED = {
    "web/outlets/transport.py": {"http.client"},
}


def imported(file: Path) -> set[str]:
    """Return the modules that a file imports, at whatever depth."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{each.name}" for each in node.names}
    return names


def test_check_44_one_module_can_reach_out() -> None:
    home = Path(parley.site.__file__).parent
    found = {
        str(file.relative_to(home)): imported(file) & REACHING
        for file in home.rglob("*.py")
        if imported(file) & REACHING
    }
    found = {name: modules for name, modules in found.items() if name not in PROVIDERS}
    assert found == ALLOWED


# Signing in through a provider asks that provider, whose address an administrator set (PARLEY_OIDC).
PROVIDERS = {"web/accounts/social.py"}


def test_check_44_the_guard_of_these_tests_works() -> None:
    with socket.socket() as plain, pytest.raises(EgressError):
        plain.connect(("192.0.2.1", 80))
    with pytest.raises(EgressError):
        socket.getaddrinfo("example.org", 80)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain, pytest.raises(EgressError):
        plain.sendto(b"x", ("192.0.2.1", 53))


@pytest.mark.django_db
def test_check_44_pages_with_readers_addresses_fetch_nothing(client: Client) -> None:
    article = an_article("linked")
    comment = a_comment(article, an_account())
    Comment.objects.filter(pk=comment.pk).update(
        source="see https://evil.example/a",
        html='<p>see <a href="https://evil.example/a" rel="nofollow ugc noopener">https://evil.example/a</a></p>',
    )
    for path in (
        "/feeds/a/linked/comments.atom",
        "/feeds/a/linked/comments.json",
        "/a/linked/comments.json",
        f"/c/{comment.pk}.json",
        "/search/?q=evil.example",
        "/oembed?url=https://evil.example/a",
        "/oembed?url=http://169.254.169.254/latest/meta-data",
    ):
        assert client.get(path).status_code in (200, 404), path
