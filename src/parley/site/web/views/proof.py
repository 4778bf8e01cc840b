"""What a dangerous act asks for besides permission: a second factor, and a recent proof of identity.

What lives here: leading whoever lacks it to where it is given. What may not: the permission (``access``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from parley.site.text.paths import same_site
from parley.site.web.accounts import sessions
from parley.site.web.models import Account
from parley.site.web.views import faults
from parley.site.web.views.asked import wants_json

__all__ = ["came_from", "has_second_factor", "proved_recently", "set_up_first"]

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def has_second_factor(account: Account) -> bool:
    """Whether an authenticator is set up for the account."""
    return bool(Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.TOTP).exists())


def set_up_first(request: HttpRequest) -> HttpResponse | None:
    """Return the way to set-up for an editor without a second factor; None when there is one.

    ``views.guard.needs`` asks this before each page of editors and administrators.
    """
    account = request.user
    if not isinstance(account, Account) or has_second_factor(account):
        return None
    if wants_json(request):
        text = _("Set up a second factor for your account first.")
        return JsonResponse({"error": text, "href": reverse("mfa_activate_totp")}, status=403)
    return HttpResponseRedirect(reverse("mfa_activate_totp"))


def proved_recently(view: View[P]) -> View[P]:
    """Let a view run only if the person proved who they are within ten minutes; else ask for the proof first.

    For bans, exports, changes of roles, deletion. After the proof the reader comes back to the page (for what
    was posted: to the page that it was posted from), nothing is done on their behalf. Goes below ``needs``.
    """

    @wraps(view)
    def stepped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if sessions.fresh(request):
            return view(request, *args, **kwargs)
        methods: list[dict[str, str]] = get_adapter(request).get_reauthentication_methods(request.user)
        if not methods:  # no password, no confirmed address, no second factor
            return faults.forbidden(
                request, _("There is no way to prove that it is you: set a password first.")
            )
        where = methods[0]["url"]
        if wants_json(request):
            return JsonResponse({"error": _("Prove again that it is you."), "href": where}, status=403)
        return HttpResponseRedirect(f"{where}?{urlencode({'next': came_from(request, reverse('account'))})}")

    stepped.asks_proof = True  # type: ignore[attr-defined]
    return stepped


def came_from(request: HttpRequest, otherwise: str) -> str:
    """Return where a reader is led back to after proving who they are: for a form, the page that it stood on.

    Parameters
    ----------
    request
        What was asked for, or sent.
    otherwise
        Where to, if a form does not say whence it came, or came from elsewhere.
    """
    if request.method in ("GET", "HEAD"):
        return same_site(request.get_full_path()) or "/"
    came = urlsplit(request.headers.get("Referer", ""))
    path = f"{came.path}?{came.query}" if came.query else came.path
    return (same_site(path) if came.netloc == request.get_host() else None) or otherwise
