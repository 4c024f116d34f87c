"""OpenID Connect: the code flow with PKCE, state and nonce; who comes back is believed by a signed ID token alone.

Needs the extra `oidc`: authlib speaks OAuth, joserfc (which it brings) judges the token.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, Literal

from smsgate.accounts import OidcSettings
from smsgate.domain.desk import Role

SECONDS = 10
"""That the issuer has for an answer."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
"""By which a token may be signed: none that a shared secret, or nothing, makes."""
SLACK = 60
"""Seconds that its clock may be off."""


class NotLetIn(Exception):  # noqa: N818 - they are not
    """The issuer's answer lets nobody in.

    `why` is for the log, and holds nothing secret; `lack` is what a person hears of.
    """

    def __init__(self, why: str, lack: Literal["proof", "domain", "role"] = "proof") -> None:
        super().__init__(why)
        self.why = why
        self.lack = lack


@dataclass(frozen=True, slots=True)
class Going:
    """What a browser keeps while it is at the issuer's."""

    state: str
    nonce: str
    verifier: str
    back: str

    @classmethod
    def now(cls, back: str) -> Going:
        """Somebody goes."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(state, nonce, verifier, back)

    def written(self) -> str:
        """For a cookie."""
        plain = json.dumps([self.state, self.nonce, self.verifier, self.back])
        return base64.urlsafe_b64encode(plain.encode()).decode()

    @classmethod
    def read(cls, text: str) -> Going | None:
        """From a cookie; None where it is none."""
        try:
            parts = json.loads(base64.urlsafe_b64decode(text.encode()))
        except ValueError:
            return None
        if not isinstance(parts, list) or len(parts) != 4 or not all(isinstance(part, str) for part in parts):
            return None
        return cls(*parts)


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the issuer has told of."""

    subject: str
    """Issuer and subject: what it never gives to somebody else."""
    name: str
    shown: str
    role: Role


def is_there() -> bool:
    """Whether the extra is installed."""
    return find_spec("authlib") is not None and find_spec("joserfc") is not None


@dataclass(slots=True)
class Issuer:
    """One provider, as the settings name it."""

    said: OidcSettings
    _found: dict[str, Any] = field(default_factory=dict)

    async def address(self, going: Going, callback: str) -> str:
        """Where to send the browser. Raises NotLetIn."""
        from authlib.integrations.httpx_client import AsyncOAuth2Client

        found = await self._discovered()
        async with AsyncOAuth2Client(
            self.said.client_id, redirect_uri=callback, scope=" ".join(self.said.scopes), code_challenge_method="S256"
        ) as client:
            address, _ = client.create_authorization_url(
                found["authorization_endpoint"], state=going.state, nonce=going.nonce, code_verifier=going.verifier
            )
        return str(address)

    async def person(self, going: Going, given: Mapping[str, str], callback: str) -> Person:
        """Who has come back. Raises NotLetIn."""
        if not hmac.compare_digest(given.get("state", "").encode(), going.state.encode()):
            raise NotLetIn("the state is another's")
        if "code" not in given:
            raise NotLetIn(f"the issuer says {given.get('error', 'nothing')[:40]}")
        claims = await self._claims(await self._exchanged(given["code"], going, callback), going.nonce)
        return person_of(self.said, claims)

    async def _exchanged(self, code: str, going: Going, callback: str) -> str:
        """The ID token for a code."""
        from authlib.common.errors import AuthlibBaseError
        from authlib.integrations.httpx_client import AsyncOAuth2Client
        from httpx import HTTPError

        found, secret = await self._discovered(), self.said.secret()
        method = "client_secret_basic" if secret is not None else "none"
        try:
            async with AsyncOAuth2Client(
                self.said.client_id, secret, redirect_uri=callback, token_endpoint_auth_method=method, timeout=SECONDS,
                trust_env=False,
            ) as client:  # fmt: skip
                tokens = await client.fetch_token(
                    found["token_endpoint"], code=code, code_verifier=going.verifier, grant_type="authorization_code"
                )
        except (AuthlibBaseError, HTTPError, ValueError) as error:
            raise NotLetIn(f"the code is not taken: {type(error).__name__}") from error
        token = tokens.get("id_token")
        if not isinstance(token, str):
            raise NotLetIn("there is no ID token")
        return token

    async def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        """What a token says, once its signature, issuer, audience, time and nonce are right."""
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        found = await self._discovered()
        keys = await self._json(found["jwks_uri"])
        try:
            read = jwt.decode(token, KeySet.import_key_set(keys), algorithms=list(ALGORITHMS))
            jwt.JWTClaimsRegistry(
                leeway=SLACK,
                # as it calls itself: some end in a slash, and the token says it so
                iss={"essential": True, "value": found["issuer"]},
                aud={"essential": True, "value": self.said.client_id},
                sub={"essential": True},
                exp={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(read.claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise NotLetIn(f"the ID token is not right: {type(error).__name__}") from error
        if isinstance(read.claims["aud"], list) and read.claims.get("azp", self.said.client_id) != self.said.client_id:
            raise NotLetIn("the ID token is for another client")
        return dict(read.claims)

    async def _discovered(self) -> dict[str, Any]:
        if not self._found:
            found = await self._json(f"{self.said.issuer}/.well-known/openid-configuration")
            if not isinstance(found, dict) or str(found.get("issuer", "")).rstrip("/") != self.said.issuer:
                raise NotLetIn("the issuer calls itself otherwise")
            if not all(isinstance(found.get(name), str) for name in _ENDPOINTS):
                raise NotLetIn("the issuer does not say where its endpoints are")
            self._found = found
        return self._found

    async def _json(self, address: str) -> Any:
        import httpx

        try:
            async with httpx.AsyncClient(timeout=SECONDS, trust_env=False) as client:
                answer = (await client.get(address)).raise_for_status()
                return answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise NotLetIn(f"the issuer does not answer: {type(error).__name__}") from error


_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def person_of(said: OidcSettings, claims: Mapping[str, Any]) -> Person:
    """Who that is at the desk. Raises NotLetIn for whom the settings give no role, or of another domain."""
    email = str(claims.get("email", "")) if claims.get("email_verified") is True else ""
    if said.domains and email.casefold().rpartition("@")[2] not in said.domains:
        raise NotLetIn("of another domain", "domain")
    told = claims.get(said.claim, ())
    values = {str(value) for value in told} if isinstance(told, list | tuple) else {str(told)}
    roles = [role for role in Role if any(said.roles.get(value) == role.value for value in values)]
    if not roles:
        raise NotLetIn("no role", "role")
    name = str(claims.get("preferred_username") or email or claims["sub"])
    return Person(f"{said.issuer}|{claims['sub']}", name[:64], str(claims.get("name") or name)[:64], roles[-1])
