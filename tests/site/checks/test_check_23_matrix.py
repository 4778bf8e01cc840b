"""Check 23: every route names the act it performs, and lets through whom the table lets through.


The routes come from the URL table itself: a route that is missing below fails. What a role may do comes from
`access`; what it gets is asked of the running views.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from parley.site.web.access import May, Rank, may
from parley.site.web.models import Account, Role
from tests.site.people import an_account

# Packages with rules of their own: accounts (allauth), administration (Django). Tested apart.
PACKAGES = ("accounts/", "administration/")
POINTS = {Rank.NEW: 0, Rank.RECOGNISED: 10, Rank.CONTRIBUTOR: 60}


def routes() -> Iterator[tuple[str, URLPattern]]:
    """Walk the URL table: the whole pattern and the route, without the packages."""

    def walk(prefix: str, entries: list[URLPattern | URLResolver]) -> Iterator[tuple[str, URLPattern]]:
        for entry in entries:
            whole = prefix + str(entry.pattern)
            if whole.startswith(PACKAGES):
                continue
            if isinstance(entry, URLResolver):
                yield from walk(whole, entry.url_patterns)
            else:
                yield whole, entry

    yield from walk("", get_resolver().url_patterns)


ROUTES = sorted(routes(), key=lambda each: each[0])
IDS = [whole for whole, _ in ROUTES]


def someone(rank: Rank) -> Account | None:
    if rank == Rank.ANONYMOUS:
        return None
    if rank in POINTS:
        return an_account(points=POINTS[rank])
    return an_account(Role(rank.value))


@pytest.mark.parametrize(("whole", "route"), ROUTES, ids=IDS)
def test_check_23_every_route_has_a_name_and_says_which_act_it_performs(
    whole: str, route: URLPattern
) -> None:
    assert route.name, f"{whole} has no name"
    assert isinstance(getattr(route.callback, "act", None), May), (
        f"{whole} does not say which act it performs"
    )
    assert getattr(route.callback, "methods", None), f"{whole} does not say by which methods"


def path_of(whole: str) -> str:
    """Return an address at which nothing exists: who is let through meets 404, all others a refusal."""
    path = re.sub(r"<(?:int|row):\w+>", "987654321", whole)
    path = re.sub(r"<(?:\w+:)?\w+>", "nothing", path.replace("(?P<", "(?P["))
    for group in re.findall(r"\(\?P\[\w+>[^()]*\)", path):
        choice = group.partition(">")[2][:-1].split("|")[0]
        path = path.replace(group, choice if choice.isalnum() else "nothing")
    return "/" + path.replace("\\.", ".").strip("^$")


@pytest.mark.django_db
@pytest.mark.parametrize("rank", list(Rank))
def test_check_23_a_route_lets_through_whom_the_table_lets_through(rank: Rank) -> None:
    account = someone(rank)
    wrong = [fault for whole, route in ROUTES for fault in faults(whole, route, rank, account)]
    assert wrong == []


def faults(whole: str, route: URLPattern, rank: Rank, account: Account | None) -> Iterator[str]:
    """Ask a route by each of its methods, and say what is answered otherwise than the table says."""
    view: Any = route.callback
    for method in view.methods:
        if method == "HEAD":
            continue
        client = Client()
        if account is not None:
            client.force_login(account)
        answer = client.generic(
            method,
            path_of(whole),
            headers={"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"},
        )
        status = answer.status_code
        refused = refusal(status, answer.headers.get("Location", ""))
        granted = may(account, view.act) if account is not None else view.act in PUBLIC
        if granted or account is None:
            fits = refused is (not granted)
        else:
            fits = status == (404 if view.act in HIDDEN else 403)
        if not fits:
            yield f"{method} {whole} as {rank}: {status}"


PUBLIC = {May.READ, May.SOLVE, May.SIGN_IN, May.REPORT_ILLEGAL}
HIDDEN = {May.MODERATE, May.ADMINISTER}


def refusal(status: int, location: str) -> bool:
    """Whether an answer says that one must sign in or may not."""
    return status in (401, 403) or (status == 302 and location.startswith("/accounts/login/"))
