"""Which kinds of provider there are: ours by name, others by the entry point group `smsgate.providers`."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any, TypeGuard

from smsgate.providers.simulator import make_simulator
from smsgate.service.links import LinkProvider
from smsgate.service.ports import Provider

Factory = Callable[[str, Any, str], Provider]
"""Makes a provider of our name of the account, its settings, and the public base URL (empty: none)."""

ENTRY_POINTS = "smsgate.providers"


def _make_twilio(name: str, account: Any, public_base: str) -> Provider:
    # here, because the library and aiohttp take half a second that most commands don't need
    from smsgate.providers.twilio import make_twilio

    return make_twilio(name, account, public_base)


def _make_smpp(name: str, account: Any, public_base: str) -> Provider:
    # here, as the other: no account of the kind, no codecs
    from smsgate.providers.carrier import make_smpp

    return make_smpp(name, account, public_base)


def _make_cmpp(name: str, account: Any, public_base: str) -> Provider:
    from smsgate.providers.carrier import make_cmpp

    return make_cmpp(name, account, public_base)


def _make_email(name: str, account: Any, public_base: str) -> Provider:
    from smsgate.providers.email import make_email

    return make_email(name, account, public_base)


KINDS: dict[str, Factory] = {
    "cmpp": _make_cmpp,
    "email": _make_email,
    "smpp": _make_smpp,
    "simulator": make_simulator,
    "twilio": _make_twilio,
}


def is_link(provider: Provider) -> TypeGuard[LinkProvider]:
    """Whether it keeps connections of its own."""
    return hasattr(provider, "links")


class UnknownProvider(ValueError):  # noqa: N818 - the sentence is for whoever configures
    """No provider of that kind is installed."""


def make_provider(name: str, account: Any, public_base: str) -> Provider:
    """The provider of an account's settings; `name` is ours of the account. Connects to nothing yet.

    Raises UnknownProvider, and BadSecret where a file that holds a secret can't be read.
    """
    return _factory(account.kind)(name, account, public_base)


def _factory(kind: str) -> Factory:
    if kind in KINDS:
        return KINDS[kind]
    for point in entry_points(group=ENTRY_POINTS, name=kind):
        factory: Factory = point.load()
        return factory
    known = ", ".join(sorted({*KINDS, *entry_points(group=ENTRY_POINTS).names}))
    raise UnknownProvider(f"no provider of kind {kind!r} is installed: there are {known}")
