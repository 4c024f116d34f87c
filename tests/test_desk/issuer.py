"""A small OpenID Connect provider over real HTTP, with a key of its own: who asks is let in at once."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey


@dataclass
class Issuer:
    """What it knows, and what it is to say."""

    url: str = ""
    slash: str = ""
    """What it ends its own name with."""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    signs_by: RSAKey | None = None
    """Another key than it publishes."""
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "1"})
    claims: dict[str, Any] = field(default_factory=dict)
    """Instead of the right ones; None: left out."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    token_requests: list[tuple[dict[str, str], str]] = field(default_factory=list)
    """Form and Authorization header of each."""

    def token(self, asked: dict[str, str], at: int) -> str:
        """An ID token for who asked."""
        right = {
            "iss": f"{self.url}{self.slash}", "aud": asked["client_id"], "sub": "4711", "iat": at, "exp": at + 300,
            "nonce": asked["nonce"], "preferred_username": "LiLei", "name": "李雷", "email": "lilei@noc.example",
            "email_verified": True, "groups": ["noc-duty"],
        }  # fmt: skip
        said = {name: value for name, value in {**right, **self.claims}.items() if value is not None}
        return jwt.encode(self.header, said, self.signs_by or self.key)


def _handler(issuer: Issuer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = dict(parse_qsl(parts.query))
            if parts.path == "/.well-known/openid-configuration":
                names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
                self.say(
                    {"issuer": f"{issuer.url}{issuer.slash}"}
                    | {name: f"{issuer.url}/{end}" for name, end in names.items()}
                )
            elif parts.path == "/keys":
                self.say({"keys": [issuer.key.as_dict(private=False)]})
            else:
                issuer.codes["code-1"] = asked
                self.send_response(302)
                query = urlencode({"code": "code-1", "state": asked["state"]})
                self.send_header("Location", f"{asked['redirect_uri']}?{query}")
                self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = dict(parse_qsl(body))
            issuer.token_requests.append((form, self.headers.get("Authorization", "")))
            asked = issuer.codes.pop(form.get("code", ""), None)
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            if asked is None or asked["code_challenge"] != challenge or asked["code_challenge_method"] != "S256":
                self.say({"error": "invalid_grant"}, 400)
                return
            import time

            token = issuer.token(asked, int(time.time()))
            self.say({"access_token": "x", "token_type": "Bearer", "id_token": token})

        def say(self, what: Any, status: int = 200) -> None:
            body = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@contextmanager
def running() -> Iterator[Issuer]:
    """One that answers on a port of this machine."""
    issuer = Issuer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(issuer))
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
