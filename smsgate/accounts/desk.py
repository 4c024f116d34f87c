"""Settings of the desk: how people sign in, and from where (docs/login.md)."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, field_validator

from smsgate.accounts.base import Named, Section, secret_in

Network = IPv4Network | IPv6Network


def _network(given: object) -> Network:
    try:
        return ip_network(str(given).strip())
    except ValueError:
        raise ValueError(f"{given!r} is no address or network: write 10.1.2.3 or 10.1.0.0/16") from None


class OidcSettings(Section):
    """Signing in by an OpenID Connect provider."""

    issuer: Named = Field(description="its https address; what it publishes below it is believed")
    client_id: Named
    client_secret_file: Path | None = Field(None, description="a file that holds the secret; none: a public client")
    name: Named = Field("OIDC", description="what the button on the sign-in page says")
    scopes: tuple[str, ...] = Field(("openid", "profile", "email"))
    claim: Named = Field("groups", description="the claim that tells the role: a text or a list")
    roles: dict[str, Literal["viewer", "operator", "admin"]] = Field(
        {}, description="the claim's value → role; the highest that fits; who has none may not come in"
    )
    domains: tuple[Named, ...] = Field((), description="of e-mail addresses that may come in; empty: all")

    @field_validator("issuer")
    @classmethod
    def _address(cls, given: str) -> str:
        parts = urlsplit(given)
        local = parts.hostname in ("127.0.0.1", "localhost", "::1")
        if parts.scheme != "https" and not (parts.scheme == "http" and local):
            raise ValueError("write the issuer's https:// address")
        return given.rstrip("/")

    @field_validator("domains")
    @classmethod
    def _small(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(domain.casefold().lstrip("@") for domain in given)

    def secret(self) -> str | None:
        """The client's secret. Raises BadSecret."""
        if self.client_secret_file is None:
            return None
        return secret_in(self.client_secret_file, "web.oidc.client_secret_file")


class WebSettings(Section):
    """The desk's door."""

    idle_hours: float = Field(12, gt=0, le=168, description="a session ends after so long without a request")
    session_days: float = Field(7, gt=0, le=90, description="and after so long anyhow")
    trusted_proxies: tuple[Annotated[Network, BeforeValidator(_network)], ...] = Field(
        (), description="reverse proxies whose X-Forwarded-For and -Proto are believed: addresses or networks"
    )
    trust_loopback: bool = Field(
        True,
        description="a request of this very machine through no proxy needs no https, and for /metrics no token; false:"
        " it counts as of another machine (a proxy here that adds no X-Forwarded-* makes everybody look like one)",
    )
    plain_http: bool = Field(
        False, description="let people sign in over http from other machines: passwords cross the network readable"
    )
    oidc: OidcSettings | None = None
