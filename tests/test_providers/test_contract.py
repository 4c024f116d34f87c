"""What every provider promises (service/ports.py), held by each of them."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

import pytest

from smsgate.accounts import SimulatorAccount, TwilioAccount
from smsgate.domain.messages import MobileOriginated, MtState
from smsgate.providers import KINDS, UnknownProvider, make_provider
from smsgate.providers.simulator import SIGNATURE, Simulator
from smsgate.providers.twilio import Twilio
from smsgate.service.ports import BadWebhook, DeliveryReport, Submission, Submitted, Webhook, WebhookProvider
from tests.test_providers.conftest import PUBLIC, TOKEN
from tests.test_providers.twilio_server import TwilioServer
from tests.test_providers.webhooks import STATUS_PATH, form

AT = 1_795_000_000_123
MESSAGE = Submission(7, "+8613900000001", "您有新工单", "ucs2", 1)


@dataclass
class Subject:
    """A provider, and how its carrier would call us."""

    provider: WebhookProvider
    mo: Callable[..., Webhook]
    """One with that text, to that number."""
    dlr: Callable[[str], Webhook]
    """One of MT 7 with that word: delivered, failed, sent."""
    signature: str
    """The header that signs."""


def a_simulator() -> Subject:
    simulator = Simulator("acc")
    return Subject(
        simulator,
        lambda text, to="10690000": simulator.webhook("/mo", id="m1", text=text, to=to, **{"from": "+8613900000001"}),
        lambda word: simulator.webhook("/status", id="m1", state=word, phone="+8613900000001", mt="7"),
        SIGNATURE,
    )


def a_twilio(server: TwilioServer) -> Subject:
    account = TwilioAccount.model_validate(
        {"kind": "twilio", "account_sid": "AC1", "auth_token": TOKEN, "sender": "+15550001111", "api_base": server.base}
    )
    common = {"MessageSid": "m1", "AccountSid": "AC1"}
    return Subject(
        Twilio("acc", account, TOKEN, PUBLIC),
        lambda text, to="10690000": form({**common, "From": "+8613900000001", "To": to, "Body": text}),
        lambda word: form({**common, "To": "+8613900000001", "MessageStatus": word}, STATUS_PATH, "mt=7"),
        "x-twilio-signature",
    )


@pytest.fixture(params=["simulator", "twilio"])
async def subject(request: pytest.FixtureRequest, server: TwilioServer) -> AsyncIterator[Subject]:
    """Each provider in turn."""
    made = a_simulator() if request.param == "simulator" else a_twilio(server)
    yield made
    await made.provider.close()


async def test_sends(subject: Subject) -> None:
    results = [await subject.provider.send(MESSAGE) for _ in range(3)]
    assert all(isinstance(result, Submitted) and result.provider_id for result in results)


async def test_sends_from_the_number_that_is_asked_for_where_it_can(subject: Subject) -> None:
    """One that can't sends all the same: a ticket's SMS is worth more than its thread."""
    sent = await subject.provider.send(replace(MESSAGE, source="1065750048217"))
    assert isinstance(sent, Submitted)


@pytest.mark.parametrize("number", ["1065750048217", "+861065750048217", "861065750048217"])
def test_keeps_the_number_that_was_written_to_whole(subject: Subject, number: str) -> None:
    """The digits behind ours name a ticket."""
    found = subject.provider.parse_mo(subject.mo("LD", number), AT)
    assert isinstance(found, MobileOriginated)
    assert found.receiver == number


async def test_close_may_come_at_any_time_and_twice(subject: Subject) -> None:
    await subject.provider.close()
    await subject.provider.send(MESSAGE)
    await subject.provider.close()
    await subject.provider.close()


@pytest.mark.parametrize("text", ["LD#48217", "ZP#48217-核心维护室#请处理&x=1", "", "👨\u200d👩 \r\n\t", "a" * 1000])
def test_reads_a_message(subject: Subject, text: str) -> None:
    webhook = subject.mo(text)
    assert subject.provider.verify(webhook)
    assert subject.provider.parse_mo(webhook, AT) == MobileOriginated(
        "acc", "m1", "+8613900000001", "10690000", text, text.encode(), AT
    )


@pytest.mark.parametrize("state", [MtState.DELIVERED, MtState.FAILED, MtState.SENT])
def test_reads_a_receipt(subject: Subject, state: MtState) -> None:
    webhook = subject.dlr(state.value)
    assert subject.provider.verify(webhook)
    found = subject.provider.parse_dlr(webhook, AT)
    assert isinstance(found, DeliveryReport)
    assert replace(found, code="") == DeliveryReport("acc", "m1", state, AT, 7, "+8613900000001", "")


def test_believes_nobody_else(subject: Subject) -> None:
    good = subject.mo("LD#48217")
    unsigned = {name: value for name, value in good.headers.items() if name != subject.signature}
    for bad in (
        replace(good, headers=unsigned),
        replace(good, headers={**good.headers, subject.signature: "x" * 40}),
        replace(good, body=good.body.replace(b"48217", b"48218")),
        replace(good, path=good.path + "x"),
        replace(good, query=good.query + "x"),
    ):
        assert not subject.provider.verify(bad)
    assert subject.provider.verify(good)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"null", b"x" * 100_000])
def test_says_what_is_wrong_with_a_body(subject: Subject, body: bytes) -> None:
    for kind in ("application/json", "application/x-www-form-urlencoded"):
        webhook = replace(subject.mo("x"), body=body, headers={"content-type": kind})
        for found in (subject.provider.parse_mo(webhook, AT), subject.provider.parse_dlr(webhook, AT)):
            assert isinstance(found, BadWebhook)
            assert found.sentence


def test_says_so_of_a_state_that_it_does_not_know(subject: Subject) -> None:
    assert isinstance(subject.provider.parse_dlr(subject.dlr("vaporised"), AT), BadWebhook)


def test_made_from_its_settings() -> None:
    simulator = make_provider("phones", SimulatorAccount(rate=5), "")
    assert (simulator.account, simulator.kind, simulator.rate) == ("phones", "simulator", 5)
    account = TwilioAccount.model_validate(
        {"kind": "twilio", "account_sid": "AC1", "auth_token": TOKEN, "sender": "+15550001111"}
    )
    twilio = make_provider("tw", account, PUBLIC)
    assert (twilio.account, twilio.kind, twilio.rate) == ("tw", "twilio", 10)
    assert sorted(KINDS) == ["cmpp", "email", "simulator", "smpp", "twilio"]


def test_a_kind_that_nobody_has_installed() -> None:
    class Carrier:
        kind = "pigeon"

    known = "cmpp, email, simulator, smpp, twilio"
    with pytest.raises(UnknownProvider, match=f"no provider of kind 'pigeon' is installed: there are {known}"):
        make_provider("post", Carrier(), "")
