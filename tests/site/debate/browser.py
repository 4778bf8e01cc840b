"""A browser without scripts: requests as a page of the site makes them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

from parley.site.web.models import Account

__all__ = ["ARTICLE", "Reader", "an_edition", "text_of"]

HEADERS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
ARTICLE = "It will fail, “nearly surely”, and America takes the blame."


def an_edition() -> dict[str, Any]:
    """What a test needs of an edition: a block with words and a passage."""
    return {
        "blocks": [
            {
                "kind": "prose",
                "html": f"<p>{ARTICLE.replace('blame.', '<a>blame<sup>1</sup></a>.')}</p>",
            }
        ],
        "passages": [{"name": "blame"}],
    }


class Reader:
    """Somebody with a browser, signed in or not."""

    def __init__(self, account: Account | None = None, *, network: str = "192.0.2.1") -> None:
        self.account = account
        self.client = Client(REMOTE_ADDR=network)
        if account is not None:
            self.client.force_login(account)

    def get(self, path: str, **data: Any) -> Any:
        return self.client.get(path, data)

    def post(self, path: str, *, json: Any = False, **data: Any) -> Any:
        """Send a form; ``json`` asks for JSON as a script does."""
        headers = {**HEADERS, **({"Accept": "application/json"} if json else {})}
        return self.client.post(path, data, headers=headers)


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()
