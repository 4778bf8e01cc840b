"""A small OpenID Connect provider over HTTP on this machine, which can be told to do wrong."""

from __future__ import annotations

import json
import threading
import time
from base64 import urlsafe_b64encode
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "parley", "a secret of the client"


@cache
def _keys() -> tuple[rsa.RSAPrivateKey, rsa.RSAPrivateKey]:
    """Make the keys once: it takes a while."""
    first, second = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    return first, second


class Provider:
    """What the provider knows, says and was asked; ``claims`` and ``person`` override what it says."""

    def __init__(self) -> None:
        self.key, self.other_key = _keys()
        self.asked: dict[str, str] = {}
        self.claims: dict[str, Any] = {}
        self.person: dict[str, Any] = {"email": "person@example.org", "email_verified": True}
        self.config: dict[str, Any] = {}
        self.algorithm = "RS256"
        self.wrong_key = False
        self.no_identity = False
        self.exchanges: list[dict[str, str]] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.answer(self, self.path, {})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.answer(self, self.path, {key: values[0] for key, values in parse_qs(body).items()})

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def settings(self) -> dict[str, Any]:
        from parley.site.web.environment import oidc_settings

        return oidc_settings(f"Example;{self.issuer};{CLIENT};{SECRET}")

    def authorise(self, where: str) -> str:
        """Take the browser that was sent here, and return where it is sent back to."""
        parts = urlsplit(where)
        assert f"{parts.scheme}://{parts.netloc}" == self.issuer
        self.asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        return f"{urlsplit(self.asked['redirect_uri']).path}?code=the-code&state={self.asked['state']}"

    def answer(self, handler: BaseHTTPRequestHandler, path: str, form: dict[str, str]) -> None:
        made: tuple[int, Any] = (404, {})
        if path == "/.well-known/openid-configuration":
            made = 200, self.described()
        elif path == "/keys":
            public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
            made = 200, {"keys": [public | {"kid": "one", "use": "sig", "alg": "RS256"}]}
        elif path == "/token":
            made = self.exchange(form)
        elif path == "/person":
            made = 200, {"sub": "person-1"} | self.person
        data = json.dumps(made[1]).encode()
        handler.send_response(made[0])
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    def described(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorise",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/person",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        } | self.config

    def exchange(self, form: dict[str, str]) -> tuple[int, Any]:
        self.exchanges.append(form)
        proof = (
            urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        )
        if form.get("code") != "the-code" or proof != self.asked.get("code_challenge"):
            return 400, {"error": "invalid_grant"}
        answer: dict[str, Any] = {"access_token": "an access token", "token_type": "Bearer", "expires_in": 60}
        return 200, answer if self.no_identity else answer | {"id_token": self.identity()}

    def identity(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "person-1",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked.get("nonce", ""),
        } | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.algorithm == "none":
            return jwt.encode(claims, "", algorithm="none", headers={"kid": "one"})
        if self.algorithm == "HS256":
            return jwt.encode(claims, SECRET + "-" * 32, algorithm="HS256", headers={"kid": "one"})
        key = self.other_key if self.wrong_key else self.key
        return jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": "one"})
