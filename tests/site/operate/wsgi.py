"""Requests to the page cache as a web server makes them."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote
from wsgiref.util import setup_testing_defaults

from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from parley.site.web.cache import PageCache

__all__ = ["Answer", "Server"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


class Server:
    """A page cache with Django behind it; counts what reaches Django."""

    def __init__(self, limit: int = 64 * 1024 * 1024) -> None:
        django = get_wsgi_application()
        self.reached: list[dict[str, Any]] = []

        def counted(environ: dict[str, Any], start_response: Any) -> Any:
            self.reached.append(environ)
            return django(environ, start_response)

        self.cache = PageCache(counted, limit)

    def ask(self, address: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for an address; headers by their names in the environment (``HTTP_COOKIE``)."""
        path, _, query = address.partition("?")
        environ: dict[str, Any] = {}
        setup_testing_defaults(environ)
        environ |= {
            "REQUEST_METHOD": method,
            "PATH_INFO": unquote(path),
            "RAW_URI": address,
            "QUERY_STRING": query,
            "HTTP_HOST": "testserver",
            "REMOTE_ADDR": "192.0.2.7",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            **headers,
        }
        with _one_connection():
            return self._ask(environ)

    def _ask(self, environ: dict[str, Any]) -> Answer:
        said: list[Any] = []
        parts = self.cache(environ, lambda status, lines, *_: said.append((status, lines)))
        body = b"".join(parts)
        close = getattr(parts, "close", None)
        if close is not None:
            close()
        status, lines = said[-1]
        names = [name.lower() for name, _ in lines]
        assert len(set(names) - {"set-cookie"}) == len([n for n in names if n != "set-cookie"]), (
            "a header twice"
        )
        return Answer(int(status[:3]), {name.lower(): value for name, value in lines}, body)


@contextlib.contextmanager
def _one_connection() -> Iterator[None]:
    """Keep the connection of the test's transaction, which Django would close between requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
