"""Signing in through an OpenID Connect provider that the operator named (``PARLEY_OIDC``).

What lives here: the checks of OpenID Connect Core 1.0, section 3.1.3.7, all of them: issuer, audience,
authorised party, signature under one fixed algorithm, expiry, nonce; besides state and PKCE (S256). What may
not: pages.

A provider's word on an address never opens an account that is there already: the address is only what a new
account starts with, and it is confirmed by a code unless the provider has confirmed it.
"""

from __future__ import annotations

import hmac
import json
import logging
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import jwt
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from requests import RequestException

from parley.site.web.models import Account
from parley.site.web.pages import page

__all__ = ["Checked", "CheckedProvider", "SocialAdapter", "begin", "callback", "nonce_of", "providers"]

_log = logging.getLogger("parley.site.accounts")
ALGORITHM = "RS256"  # the one that every provider must offer; another is named in the provider's settings
LEEWAY = 60  # seconds that the clocks may differ
FAMILY = {"RS": "RSA", "PS": "RSA", "ES": "EC"}


class SocialAdapter(DefaultSocialAccountAdapter):
    """Allauth's way to providers, with our checks in it."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """Return the provider of a name."""
        found = super().get_provider(request, provider, client_id=client_id)
        return CheckedProvider(request, app=found.app)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Account:
        """Start with the address alone: the name is chosen by the person."""
        account: Account = super().populate_user(request, sociallogin, {"email": data.get("email")})
        account.name = ""
        return account

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        """Return what the form starts with."""
        return {"email": sociallogin.user.email or ""}

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Tell of a provider that was added or taken away."""
        from allauth.account.adapter import get_adapter as accounts

        accounts().send_notification_mail(*args, **kwargs)


def nonce_of(verifier: str) -> str:
    """Return the nonce of a sign-in: made of its PKCE verifier, which never leaves the session."""
    digest = sha256(b"nonce:" + verifier.encode("ascii")).digest()
    return urlsafe_b64encode(digest).decode("ascii").rstrip("=")


class Checked(OpenIDConnectOAuth2Adapter):
    """The exchange of a code for an identity, each token checked."""

    verifier = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's description of itself.

        Raises
        ------
        OAuth2Error
            It names another issuer than the operator did, or an address that is not reached by https.
        """
        config: dict[str, Any] = super().openid_config
        named = str(self.get_provider().app.settings["server_url"])
        issuer = named.split("/.well-known/")[0].rstrip("/")
        if str(config.get("issuer", "")).rstrip("/") != issuer:
            raise OAuth2Error("the provider names another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"):
            address = urlsplit(str(config.get(name, "")))
            if address.scheme != "https" and address.hostname not in ("localhost", "127.0.0.1"):
                raise OAuth2Error(f"the provider's {name} is not reached by https")
        return config

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        """Exchange the code; a sign-in that this session did not begin has no verifier."""
        if not pkce_code_verifier:
            raise OAuth2Error("the sign-in has no code verifier")
        self.verifier = pkce_code_verifier
        data: dict[str, Any] = super().get_access_token_data(
            request, app, client, pkce_code_verifier=pkce_code_verifier
        )
        return data

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        """Return who signed in, once everything fits together."""
        text = kwargs["response"].get("id_token")
        if not text:
            raise OAuth2Error("the provider sent no identity token")
        claims = self._decode_id_token(app, text)
        person = self._fetch_user_info(token.token)
        if not hmac.compare_digest(str(person.get("sub", "")), str(claims["sub"])):
            raise OAuth2Error("the provider speaks of two people")
        return self.get_provider().sociallogin_from_response(
            request, {"userinfo": person, "id_token": claims}
        )

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        algorithm = str(app.settings.get("algorithm", ALGORITHM))
        try:
            header = jwt.get_unverified_header(id_token)
            if header.get("alg") != algorithm:
                raise OAuth2Error("the identity token is signed in another way than agreed")
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=self._key(header.get("kid"), algorithm),
                algorithms=[algorithm],
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "aud", "iss", "sub", "nonce"]},
            )
        except jwt.PyJWTError as fault:
            raise OAuth2Error("the identity token does not hold") from fault
        if not hmac.compare_digest(str(claims["nonce"]), nonce_of(self.verifier)):
            raise OAuth2Error("the identity token belongs to another sign-in")
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else app.client_id) != app.client_id:
            raise OAuth2Error("the identity token was made for somebody else")
        return claims

    def _key(self, kid: object, algorithm: str) -> Any:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = answer.json().get("keys", [])
        fitting = [
            key
            for key in keys
            if key.get("kty") == FAMILY[algorithm[:2]]
            and key.get("use", "sig") == "sig"
            and key.get("alg", algorithm) == algorithm
            and (kid is None or key.get("kid") == kid)
        ]
        if len(fitting) != 1:
            raise OAuth2Error("the provider has no such key")
        return jwt.get_algorithm_by_name(algorithm).from_jwk(json.dumps(fitting[0]))


class CheckedProvider(OpenIDConnectProvider):
    """OpenID Connect with a nonce, PKCE always, and nothing of the way chosen by whoever made a link."""

    oauth2_adapter_class = Checked
    pkce_enabled_default = True

    def get_pkce_params(self) -> dict[str, str]:
        """Return the challenge, the verifier, and the nonce made of it."""
        made: dict[str, str] = super().get_pkce_params()
        return made | {"nonce": nonce_of(made["code_verifier"])}

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Return what the request says of the way: where to come back to, nothing else."""
        kwargs: dict[str, Any] = super().get_redirect_from_request_kwargs(request)
        return kwargs | {"scope": self.get_scope(), "auth_params": self.get_auth_params()}


def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider: by a page that goes on at once, for a form may only lead to this site (CSP)."""
    answer = _with(OAuth2LoginView, request, provider_id)
    where = answer.headers.get("Location", "")
    if not urlsplit(where).netloc:
        return answer
    name = get_adapter(request).get_provider(request, provider_id).name
    onward = page(request, "socialaccount/onward.html", provider=name, href=where)
    onward["Refresh"] = f"0; url={where}"
    onward["Referrer-Policy"] = "no-referrer"
    return onward


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take what the provider sends the browser back with."""
    return _with(OAuth2CallbackView, request, provider_id)


def _with(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    """Answer by a view of allauth; a provider that is down or does not hold leads to a page that says so."""
    try:
        answer: HttpResponse = view.adapter_view(Checked(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OAuth2Error, RequestException, KeyError, TypeError, ValueError) as fault:
        _log.warning("a provider's answer was refused: %s", type(fault).__name__)
        return page(request, "socialaccount/authentication_error.html", status=401)
    return answer


def providers() -> list[tuple[str, str]]:
    """Return the name and the address of each provider that the operator named."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return [
        (each["name"], reverse("openid_connect_login", kwargs={"provider_id": each["provider_id"]}))
        for each in apps
    ]
