"""The addresses of the site.

What lives here: the table, one list for each part (``addresses`` in its module). What may not: views.

Every route is named, and its view says which act it performs (``views.guard.needs``), or it belongs to one of
the packages whose own rules hold (accounts, administration): the tests walk the table.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from parley.site.web import administration
from parley.site.web.views import (
    account,
    articles,
    challenges,
    contesting,
    files,
    health,
    house,
    log,
    me,
    notices,
    outlets,
    people,
    queue,
    reacting,
    solves,
    threads,
    writing,
)

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns: list[URLPattern | URLResolver] = [
    *articles.addresses,
    *files.addresses,
    *health.addresses,
    *outlets.addresses,
    *account.addresses,
    path("me", me.me, name="me"),
    *people.addresses,
    *contesting.addresses,
    *house.addresses,
    *log.addresses,
    *notices.addresses,
    *queue.addresses,
    *challenges.addresses,
    *writing.addresses,
    *reacting.addresses,
    *solves.addresses,
    *threads.addresses,
    path("accounts/", include("parley.site.web.views.signing")),
    path("administration/", administration.site.urls),
]

handler403 = "parley.site.web.views.faults.forbidden"
handler404 = "parley.site.web.views.faults.missing"
handler500 = "parley.site.web.views.faults.broken"
