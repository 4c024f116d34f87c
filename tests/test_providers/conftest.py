"""A Twilio of our own, and providers that speak with it."""

from collections.abc import AsyncIterator, Callable

import pytest

from smsgate.accounts import TwilioAccount
from smsgate.providers.twilio import Twilio
from tests.test_providers.twilio_server import TwilioServer

TOKEN = "f00dfeedf00dfeedf00dfeedf00dfeed"
PUBLIC = "https://sms.example.org/gate"
NOW = 1_795_000_000.0


@pytest.fixture
async def server() -> AsyncIterator[TwilioServer]:
    """Twilio, on this machine."""
    server = await TwilioServer().start()
    yield server
    await server.stop()


@pytest.fixture
async def twilio(server: TwilioServer) -> AsyncIterator[Callable[..., Twilio]]:
    """Makes providers that send to that server."""
    made: list[Twilio] = []

    def make(public_base: str = PUBLIC, **settings: object) -> Twilio:
        given = {"sender": "+15550001111", "api_base": server.base, "timeout": 0.5, **settings}
        account = TwilioAccount.model_validate({"kind": "twilio", "account_sid": "AC1", "auth_token": TOKEN, **given})
        made.append(Twilio("tw", account, account.token(), public_base, clock=lambda: NOW))
        return made[-1]

    yield make
    for provider in made:
        await provider.close()
