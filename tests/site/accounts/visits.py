"""What a visitor does on the pages of accounts, for tests."""

from __future__ import annotations

import re
import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from parley.site.web.models import Account, Outbox
from tests.site.people import PASSWORD, SECRET

ORIGIN = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


def post(client: Client, where: str, **fields: Any) -> Any:
    """Send a form as a browser does; ``network`` names the client's address."""
    address = fields.pop("network", "192.0.2.1")
    return client.post(where, fields, headers=ORIGIN, REMOTE_ADDR=address)


def get(client: Client, where: str, network: str = "192.0.2.1") -> Any:
    """Open a page."""
    return client.get(where, REMOTE_ADDR=network)


def sign_in(client: Client, account: Account, password: str = PASSWORD, **fields: Any) -> Any:
    """Type name and password, and the code of the second factor where it is asked for."""
    answer = post(client, "/accounts/login/", login=account.name, password=password, **fields)
    if answer.status_code == 302 and answer["Location"] == "/accounts/2fa/authenticate/":
        return post(client, "/accounts/2fa/authenticate/", code=totp(), **fields)
    return answer


def totp(secret: str = SECRET, steps: int = 0) -> str:
    """Return what an authenticator shows now, or some steps of 30 seconds later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def last_mail(to: str) -> Outbox:
    """Return the newest mail to an address."""
    found = Outbox.objects.filter(to=to).order_by("-pk").first()
    assert found is not None, f"no mail to {to}"
    return found


def code_in(mail: Outbox) -> str:
    """Return the code that stands alone on a line of a mail."""
    found = re.search(r"^    (\S+)$", mail.body, re.MULTILINE)
    assert found is not None, mail.body
    return found[1]


def signed_in(client: Client) -> str | None:
    """Return the name under which the site knows the client."""
    name: str | None = get(client, "/me").json()["name"]
    return name
