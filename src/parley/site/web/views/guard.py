"""What a view demands before it runs: who may call it, by which method.

What lives here: decorators. What may not: questions about single objects (``access``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils.http import urlencode

from parley.site.web.access import May, may
from parley.site.web.models import Account
from parley.site.web.views import faults
from parley.site.web.views.asked import wants_json
from parley.site.web.views.proof import came_from, set_up_first

__all__ = ["machine_posts", "needs", "open_to_shared_pages"]

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def needs(act: May, *methods: str) -> Callable[[View[P]], View[P]]:
    """Let a view run only for who may do the act, by the methods named (default: GET and HEAD).

    Whoever is signed out is led to signing in; whoever is signed in and may not gets 403, and 404 for pages
    of editors, whose existence is nobody's business.
    """
    allowed = methods or ("GET", "HEAD")

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            if may(request.user, act):
                if act in (May.MODERATE, May.ADMINISTER) and (first := set_up_first(request)) is not None:
                    return first
                return view(request, *args, **kwargs)
            if not isinstance(request.user, Account):
                if wants_json(request):
                    return faults.unauthorised(request)
                query = urlencode({"next": came_from(request, "/")})
                return HttpResponseRedirect(f"/accounts/login/?{query}")
            if act in (May.MODERATE, May.ADMINISTER):
                return faults.missing(request)
            if request.user.silenced():
                return faults.forbidden(request, "Your account may not write at present.")
            return faults.forbidden(request, "Your account may not do this.")

        guarded.act = act  # type: ignore[attr-defined]
        guarded.methods = allowed  # type: ignore[attr-defined]
        return guarded

    return decorate


def open_to_shared_pages(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view whose form stands on pages shared by a cache: no token, the origin decides."""
    view.csrf_exempt = True  # type: ignore[attr-defined]
    return view


def machine_posts(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view that mail programs and servers post to: a signed link or a signature is the key."""
    view.csrf_exempt = True  # type: ignore[attr-defined]
    view.machine_posts = True  # type: ignore[attr-defined]
    return view
