"""A web server for the tests of the public pages: files, answers, the headers of the real one."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

__all__ = ["POLICY", "Served"]

# The policy of parley.site.web.middleware.headers; a test of the site compares both.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'none'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; "
    "manifest-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "png": "image/png"}
Answer = tuple[int, Mapping[str, object]]


class Served:
    """Serves pages on this machine while the ``with`` block runs.

    Parameters
    ----------
    files
        What lies at which path; a path without an ending is HTML if it begins so, else bytes.
    posts
        What is answered to a POST, by path: a function of the fields or the JSON that was sent.
    """

    def __init__(
        self, files: Mapping[str, bytes], posts: Mapping[str, Callable[[Any], Answer]] | None = None
    ) -> None:
        self.files, self.posts = dict(files), dict(posts or {})
        self.asked: list[tuple[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                """Say nothing."""

            def do_GET(self) -> None:
                outer.asked.append(("GET", self.path))
                name = self.path.split("?")[0]
                body = outer.files.get(name)
                ending = name.rsplit(".", 1)[-1]
                kind = _TYPES.get(ending, "application/octet-stream")
                if body is not None and body.startswith(b"<!doctype html>"):
                    kind = "text/html; charset=utf-8"
                self.answer(200 if body is not None else 404, body or b"", kind)

            def do_POST(self) -> None:
                outer.asked.append(("POST", self.path))
                sent = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
                if self.headers["Content-Type"] == "application/json":
                    sent = json.loads(sent)
                status, told = outer.posts[self.path](sent) if self.path in outer.posts else (404, {})
                self.answer(status, json.dumps(told).encode(), "application/json")

            def answer(self, status: int, body: bytes, kind: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Security-Policy", POLICY)
                self.end_headers()
                self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def base(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
