"""Which kinds of provider there are: ours by name, others by the entry point group `smsgate.providers`."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any

from smsgate.providers.simulator import make_simulator
from smsgate.service.ports import Provider

Factory = Callable[[str, Any, str], Provider]
"""Makes a provider of our name of the account, its settings, and the public base URL (empty: none)."""

ENTRY_POINTS = "smsgate.providers"


def _make_twilio(name: str, account: Any, public_base: str) -> Provider:
    # here, because the library and aiohttp take half a second that most commands don't need
    from smsgate.providers.twilio import make_twilio

    return make_twilio(name, account, public_base)


KINDS: dict[str, Factory] = {
    "simulator": make_simulator,
    "twilio": _make_twilio,
}


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
