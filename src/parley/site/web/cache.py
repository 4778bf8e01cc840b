"""Shared pages, feeds and JSON kept in memory, in front of Django: quick, never older than the last change.

What lives here: a WSGI layer. What may not: pages; which of them are shared is said in ``shared``.

Nothing is kept by time. Each request reads the page's token from the database and gets the kept page
only if it was written under the same token: a removal is gone from the next answer on. The view of a
shared page gets a request that this layer wrote itself (path, canonical query, language), so that no
header, cookie or parameter of one reader can show in the page of another.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.http.request import split_domain_port, validate_host
from django.utils import translation
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from parley.site.web.shared import KEEP, LANGUAGE, QueryFault, SharedPage, Token, canonical_query, find, token

__all__ = ["LIMIT", "PageCache"]

LIMIT = 64 * 1024 * 1024  # bytes of pages kept by one process
_STRIPES = 64

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
App = Callable[[Environ, StartResponse], Iterable[bytes]]
Key = tuple[str, str, str]
Headers = list[tuple[str, str]]


@dataclass(slots=True)
class _Kept:
    token: Token
    etag: str
    headers: Headers  # without those of the body
    kind: str
    body: bytes
    small: bytes = b""

    @property
    def size(self) -> int:
        return len(self.body) + len(self.body) // 4 + 2000  # text is compressed to less than a quarter

    def zipped(self) -> bytes:
        """Compress once, for the first reader who takes it so."""
        if not self.small:
            self.small = gzip.compress(self.body, 6, mtime=0)
        return self.small


@dataclass(frozen=True, slots=True)
class _Answer:
    status: str
    headers: Headers
    body: bytes


class PageCache:
    """Answers requests for shared pages; hands all others to the application behind it.

    Parameters
    ----------
    app
        Django's WSGI application.
    limit
        Bytes that may be kept; the pages that were asked for longest ago give way.
    """

    def __init__(self, app: App, limit: int = LIMIT) -> None:
        self.app = app
        self.limit = limit
        self.hits = 0
        self.misses = 0
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._writing = tuple(threading.Lock() for _ in range(_STRIPES))

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            found = find(environ.get("PATH_INFO", ""))
            if found is not None and _host_served(environ.get("HTTP_HOST", "")):
                answer = self._shared(environ, *found)
                if answer is not None:
                    start_response(answer.status, answer.headers)
                    return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]
        return self.app(environ, start_response)

    def clear(self) -> None:
        """Forget all pages."""
        with self._lock:
            self._kept.clear()
            self._size = 0

    def _shared(self, environ: Environ, page: SharedPage, slug: str) -> _Answer | None:
        query = environ.get("QUERY_STRING", "")
        if any(f"&{each}" in f"&{query}" for each in page.passes):
            return None
        try:
            wanted = canonical_query(query, page.parameters)
            now = token(page, slug)
        except QueryFault:
            return None  # the view says what is wrong
        except DatabaseError:
            connection.close()
            return None
        if now is None:
            return None
        language = str(settings.LANGUAGE_CODE)
        if page.translated:
            language = _language(wanted, environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        key = (environ["PATH_INFO"], wanted, language)
        kept = self._look(key, now)
        if kept is None:
            with self._writing[hash(key) % _STRIPES]:
                kept = self._look(key, now)  # another thread may have written it meanwhile
                if kept is None:
                    written = self._write(environ, key, now, page.translated)
                    if isinstance(written, _Answer):
                        return written
                    kept = written
        return _answer(kept, environ)

    def _look(self, key: Key, now: Token) -> _Kept | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.token != now:
                return None
            self._kept.move_to_end(key)
            self.hits += 1
            return kept

    def _write(self, environ: Environ, key: Key, now: Token, translated: bool) -> _Kept | _Answer:
        self.misses += 1
        answer = _asked(self.app, _request(environ, key), key[2])
        plain = {name.lower(): value for name, value in answer.headers}
        headers = [
            pair
            for pair in answer.headers
            if pair[0].lower() not in (KEEP.lower(), "vary", "content-language")
        ]
        by_browser = translated and f"{LANGUAGE}=" not in key[1]
        headers += [("Vary", "Accept-Encoding, Accept-Language" if by_browser else "Accept-Encoding")]
        if translated:
            headers += [("Content-Language", key[2])]
        if not answer.status.startswith("200") or KEEP.lower() not in plain or "set-cookie" in plain:
            return _Answer(answer.status, headers, answer.body)
        kept = _Kept(
            token=now,
            etag=f'W/"{hashlib.blake2b(answer.body, digest_size=12).hexdigest()}"',
            headers=[
                pair for pair in headers if pair[0].lower() not in ("content-type", "content-length", "etag")
            ],
            kind=plain.get("content-type", "text/html; charset=utf-8"),
            body=answer.body,
        )
        self._keep(key, kept)
        return kept

    def _keep(self, key: Key, kept: _Kept) -> None:
        if kept.size > self.limit:
            return
        with self._lock:
            before = self._kept.pop(key, None)
            self._size += kept.size - (before.size if before else 0)
            self._kept[key] = kept
            while self._size > self.limit:
                _, oldest = self._kept.popitem(last=False)
                self._size -= oldest.size


def _answer(kept: _Kept, environ: Environ) -> _Answer:
    if _fits(kept.etag, environ.get("HTTP_IF_NONE_MATCH", "")):
        return _Answer("304 Not Modified", [*kept.headers, ("ETag", kept.etag)], b"")
    headers = [*kept.headers, ("ETag", kept.etag), ("Content-Type", kept.kind)]
    body = kept.body
    if _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
        headers.append(("Content-Encoding", "gzip"))
        body = kept.zipped()
    headers.append(("Content-Length", str(len(body))))
    return _Answer("200 OK", headers, body)


def _asked(app: App, environ: Environ, language: str) -> _Answer:
    said: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, fault: Any = None) -> Callable[[bytes], object]:
        said[:] = [(status, headers)]
        return lambda _: None

    with translation.override(language):
        parts = app(environ, start_response)
        try:
            body = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()
    status, headers = said[0]
    return _Answer(status, headers, body)


def _request(environ: Environ, key: Key) -> Environ:
    """Return the request that a shared page's view sees: nothing of the reader's but what is in the key."""
    own = urlsplit(settings.PARLEY_URL)
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": key[0],
        "QUERY_STRING": key[1],
        "SERVER_NAME": own.hostname or "localhost",
        "SERVER_PORT": str(own.port or (443 if own.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "",
        "HTTP_HOST": _own_host(),
        "HTTP_ACCEPT": "text/html",
        "HTTP_ACCEPT_LANGUAGE": key[2],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": own.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": environ["wsgi.errors"],
        "wsgi.multithread": environ.get("wsgi.multithread", True),
        "wsgi.multiprocess": environ.get("wsgi.multiprocess", True),
        "wsgi.run_once": False,
    }


def _own_host() -> str:
    own = urlsplit(settings.PARLEY_URL).netloc
    if validate_host(split_domain_port(own)[0], settings.ALLOWED_HOSTS):
        return own
    return next((each.lstrip(".") for each in settings.ALLOWED_HOSTS if each != "*"), "localhost")


@lru_cache(512)
def _host_served(host: str) -> bool:
    domain = split_domain_port(host)[0]
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _language(query: str, accepted: str) -> str:
    if f"{LANGUAGE}=" in query:
        asked = parse_qs(query).get(LANGUAGE, [""])[0]
        try:
            return get_supported_language_variant(asked)
        except LookupError:
            return str(settings.LANGUAGE_CODE)
    return _accepted(accepted[:500])


@lru_cache(512)
def _accepted(header: str) -> str:
    for code, _ in parse_accept_lang_header(header):
        if code == "*":
            break
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return str(settings.LANGUAGE_CODE)


@lru_cache(512)
def _takes_gzip(header: str) -> bool:
    for part in header.lower().split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _fits(etag: str, header: str) -> bool:
    if not header:
        return False
    return header.strip() == "*" or etag.removeprefix("W/") in {
        each.strip().removeprefix("W/") for each in header.split(",")
    }
