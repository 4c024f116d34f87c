"""Where a request comes from: whose address, over what, through which proxy.

What a proxy says is believed of those alone that `web.trusted_proxies` names. A peer on loopback is no proof of
anything once proxies come into it: one on the same machine is such a peer too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.types import Scope

from smsgate.accounts.desk import Network, WebSettings

_FORWARDING = frozenset({b"forwarded", b"x-real-ip", b"via", b"x-client-ip", b"true-client-ip", b"cf-connecting-ip"})
_FORWARDING_PREFIX = b"x-forwarded-"
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:]+)(?::([0-9]{1,5}))?", re.ASCII)
_MOST_HOPS = 20
"""Addresses of X-Forwarded-For that are looked at."""

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Arrival:
    """How one request has come."""

    address: str
    """The client's."""
    local: bool
    """From this very machine, through no proxy, to a name of this machine."""
    secure: bool
    """Over https."""
    stranger: bool
    """Through a proxy that nobody has named."""
    own: frozenset[str]
    """The origins that are ours."""
    why: str = ""
    """Why it isn't local."""


def arrival(scope: Scope, web: WebSettings, public_base: str) -> Arrival:
    """How a request has come."""
    headers: Headers = scope["headers"]
    client = scope.get("client")
    peer = _plain(client[0]) if client is not None else ""
    forwarded = _forwarded(name for name, _ in headers)
    trusted = forwarded and _within(peer, web.trusted_proxies)
    host = _host(headers)
    secure = scope["scheme"] == "https" or (trusted and _said_https(headers, host, public_base))
    why = _why_not_local(peer, forwarded, host) if web.trust_loopback else "(web.trust_loopback)"
    return Arrival(
        address=_client(headers, peer, web.trusted_proxies) if trusted else peer,
        local=not why,
        secure=secure,
        stranger=forwarded and not trusted,
        own=_origins(host, secure, public_base),
        why=why,
    )


def is_loopback(address: str) -> bool:
    """Whether an IP address is this very machine's."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped.is_loopback
    return found.is_loopback


def is_same_origin(scope: Scope, own: Iterable[str]) -> bool:
    """Whether a page of ours sent it; a program that is no browser sends neither header.

    From a page that tells nobody its address (a one-time link's) the Origin is `null`: there Sec-Fetch-Site alone
    says, which no page can write.
    """
    headers: Headers = scope["headers"]
    origins = [value.lower().decode("latin-1") for name, value in headers if name == b"origin"]
    sites = [value for name, value in headers if name == b"sec-fetch-site"]
    known = frozenset(own) | ({"null"} if sites == [b"same-origin"] else set())
    return all(origin in known for origin in origins) and all(site in (b"same-origin", b"none") for site in sites)


def _why_not_local(peer: str, forwarded: bool, host: str) -> str:
    if not is_loopback(peer):
        return "(peer)"
    if forwarded:
        return "(proxy)"
    return "" if _is_local_host(host) else "(Host)"


def _host(headers: Headers) -> str:
    """The one Host; empty where there is none, or several."""
    hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
    return hosts[0] if len(hosts) == 1 else ""


def _is_local_host(host: str) -> bool:
    found = _HOST.fullmatch(host)
    if found is None or int(found[2] or 0) > 65_535:
        return False
    name = found[1]
    return name.lower() == "localhost" or is_loopback(name.strip("[]"))


def _origins(host: str, secure: bool, public_base: str) -> frozenset[str]:
    base = urlsplit(public_base)
    public = {f"{base.scheme}://{base.netloc}".lower()} if base.scheme and base.netloc else set()
    return frozenset({f"{'https' if secure else 'http'}://{host}".lower(), *public} if host else public)


def _said_https(headers: Headers, host: str, public_base: str) -> bool:
    said = [value.strip().lower() for name, value in headers if name == b"x-forwarded-proto"]
    if said:
        return said == [b"https"]
    base = urlsplit(public_base)
    return base.scheme == "https" and host.lower() == base.netloc.lower()


def _client(headers: Headers, peer: str, trusted: Sequence[Network]) -> str:
    """The last address on the way that is none of our proxies'."""
    found = peer
    for address in _chain(headers):
        found = address
        if not _within(address, trusted):
            break
    return found


def _chain(headers: Headers) -> Iterator[str]:
    """What proxies say of whom they got it from, the nearest first; ends where it is no address."""
    said = b",".join(value for name, value in headers if name == b"x-forwarded-for").decode("latin-1").split(",")
    for part in reversed(said[-_MOST_HOPS:]):
        address = _plain(part.strip())
        if not address:
            return
        yield address


def _plain(text: str) -> str:
    """An address as it is compared and kept; empty for what is none."""
    try:
        found = ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(found)


def _within(address: str, networks: Sequence[Network]) -> bool:
    if not address:
        return False
    found = ip_address(address)
    return any(found in network for network in networks)


def _forwarded(names: Iterable[bytes]) -> bool:
    return any(name in _FORWARDING or name.startswith(_FORWARDING_PREFIX) for name in names)
