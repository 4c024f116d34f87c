"""Twilio's REST API, spoken to over a real socket: every answer, and every way of having none."""

import asyncio
import logging
import socket
from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate

import pytest

from smsgate.providers.twilio import Twilio
from smsgate.providers.twilio.errors import ERRORS, read_retry_after
from smsgate.service.ports import ProviderError, Submission, Submitted, UnknownOutcome
from tests.test_providers.conftest import NOW, TOKEN
from tests.test_providers.twilio_server import CREATED, SID, Reply, Request, TwilioServer, error

Make = Callable[..., Twilio]
MESSAGE = Submission(7, "+8613900000001", "48217 西区基站退服 & “请处理”", "ucs2", 1)


async def test_created(server: TwilioServer, twilio: Make) -> None:
    assert await twilio().send(MESSAGE) == Submitted(SID)
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/2010-04-01/Accounts/AC1/Messages.json")
    assert request.login == f"AC1:{TOKEN}"
    assert request.form == {
        "To": "+8613900000001",
        "Body": "48217 西区基站退服 & “请处理”",
        "From": "+15550001111",
        "StatusCallback": "https://sms.example.org/gate/providers/twilio/status?account=tw&mt=7",
    }


async def test_no_number_but_its_own_can_be_sent_from(server: TwilioServer, twilio: Make) -> None:
    assert await twilio().send(replace(MESSAGE, source="1065750048217")) == Submitted(SID)
    assert server.requests[0].form["From"] == "+15550001111"


async def test_by_a_messaging_service_without_callbacks(server: TwilioServer, twilio: Make) -> None:
    provider = twilio("", sender=None, messaging_service_sid="MG1")
    assert await provider.send(MESSAGE) == Submitted(SID)
    assert server.requests[0].form == {"To": MESSAGE.phone, "Body": MESSAGE.text, "MessagingServiceSid": "MG1"}


@pytest.mark.parametrize(("left", "period"), [(3600.9, "3600"), (0.5, "1"), (-5.0, "1"), (86_400.0, "36000")])
async def test_validity(server: TwilioServer, twilio: Make, left: float, period: str) -> None:
    message = Submission(7, "+8613900000001", "OK", "gsm7", 1, int((NOW + left) * 1000))
    await twilio().send(message)
    assert server.requests[0].form["ValidityPeriod"] == period


async def test_an_api_base_may_have_a_path(server: TwilioServer, twilio: Make) -> None:
    await twilio(api_base=f"{server.base}/proxy/").send(MESSAGE)
    assert server.requests[0].path == "/proxy/2010-04-01/Accounts/AC1/Messages.json"


@pytest.mark.parametrize(
    ("reply", "code", "flags"),
    [
        (error(400, 21211), "21211", ""),
        (error(400, 21610), "21610", ""),
        (error(400, 99999), "99999", ""),
        (error(401, 20003), "20003", "link_down"),
        (Reply(401, ""), "http 401", "link_down"),
        (error(404, 20404), "20404", "link_down"),
        (Reply(404, "<html>"), "http 404", ""),
        (error(429, 20429), "20429", "retryable throttled"),
        (Reply(429, ""), "http 429", "retryable throttled"),
        (error(400, 21611), "21611", "retryable throttled"),
        (error(400, 30001), "30001", "retryable throttled"),
        (error(500, 20500), "20500", "retryable"),
        (Reply(500, "oops"), "http 500", "retryable"),
        (Reply(503, ""), "http 503", "retryable"),
        (error(502, 20502), "20502", "retryable"),
        (Reply(301, "", {"Location": "https://elsewhere"}), "http 301", "link_down"),
    ],
)
async def test_refused(server: TwilioServer, twilio: Make, reply: Reply, code: str, flags: str) -> None:
    server.script = [reply]
    result = await twilio().send(MESSAGE)
    assert isinstance(result, ProviderError)
    assert result.code == code
    assert " ".join(flag for flag in ("retryable", "throttled", "link_down") if getattr(result, flag)) == flags
    assert TOKEN not in repr(result)
    assert len(server.requests) == 1  # nothing is sent again by itself


async def test_a_refusal_names_itself_and_keeps_what_twilio_said(server: TwilioServer, twilio: Make) -> None:
    server.script = [error(400, 21211, "Invalid 'To'\n Phone Number: +8613")]
    result = await twilio().send(MESSAGE)
    assert isinstance(result, ProviderError)
    assert result.sentence == "the recipient's number is not valid (Invalid 'To' Phone Number: +8613)"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        (formatdate(NOW + 30, usegmt=True), 30.0),
        (formatdate(NOW - 30, usegmt=True), 0.0),
        ("soon", None),
        ("-1", None),
        ("1e999", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after(text: str | None, seconds: float | None) -> None:
    assert read_retry_after(text, NOW) == seconds


async def test_throttled_says_for_how_long(server: TwilioServer, twilio: Make) -> None:
    server.script = [error(429, 20429, Retry_After="17")]
    result = await twilio().send(MESSAGE)
    assert isinstance(result, ProviderError)
    assert result.retry_after == 17


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (Reply(wait=5), "no whole answer: TimeoutError"),
        (Reply(cut_after=0), "no whole answer: ServerDisconnectedError"),
        (Reply(cut_after=12), "no whole answer: "),
        (Reply(cut_after=110), "no whole answer: ClientPayloadError"),
        (Reply(502, "<html>bad gateway"), "a gateway answered 502 in Twilio's place"),
        (Reply(504, ""), "a gateway answered 504 in Twilio's place"),
        (Reply(201, "no json"), "answered 201 without a message id"),
        (Reply(201, "[]"), "answered 201 without a message id"),
        (Reply(201, '{"sid": 7}'), "answered 201 without a message id"),
        (Reply(201, '{"sid": ""}'), "answered 201 without a message id"),
    ],
)
async def test_unknown_outcome(server: TwilioServer, twilio: Make, reply: Reply, sentence: str) -> None:
    server.script = [reply]
    result = await twilio().send(MESSAGE)
    assert isinstance(result, UnknownOutcome)
    assert result.sentence.startswith(sentence)
    assert len(server.requests) == 1


async def test_no_connection_is_surely_not_sent(twilio: Make) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        result = await twilio(api_base=f"http://127.0.0.1:{taken.getsockname()[1]}").send(MESSAGE)
    assert isinstance(result, ProviderError)
    assert (result.code, result.link_down, result.retryable) == ("no connection", True, True)


async def test_an_unknown_host_is_surely_not_sent(twilio: Make) -> None:
    result = await twilio(api_base="http://no-such-host.invalid", timeout=5).send(MESSAGE)
    assert isinstance(result, ProviderError)
    assert result.link_down


async def test_no_tls_where_it_should_be_is_surely_not_sent(server: TwilioServer, twilio: Make) -> None:
    result = await twilio(api_base=server.base.replace("http:", "https:")).send(MESSAGE)
    assert isinstance(result, ProviderError)
    assert result.link_down


async def test_a_server_that_does_not_get_to_tls_is_surely_not_sent_to(twilio: Make) -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    result = await twilio(api_base=f"https://127.0.0.1:{silent.getsockname()[1]}").send(MESSAGE)
    silent.close()
    assert isinstance(result, ProviderError)
    assert result.link_down


async def test_connections_are_used_again_and_a_closed_one_is_not(server: TwilioServer, twilio: Make) -> None:
    provider = twilio()
    server.script = [Reply(headers={"Connection": "close"})]
    for _ in range(3):
        assert await provider.send(MESSAGE) == Submitted(SID)


async def test_many_at_once(server: TwilioServer, twilio: Make) -> None:
    provider = twilio(timeout=60)
    results = await asyncio.gather(*(provider.send(MESSAGE) for _ in range(200)))
    assert results == [Submitted(SID)] * 200


async def test_a_callback_may_come_before_the_answer(server: TwilioServer, twilio: Make) -> None:
    called: list[str] = []

    async def call(request: Request) -> None:
        called.append(request.form["StatusCallback"])

    server.before_answer = call
    assert await twilio().send(MESSAGE) == Submitted(SID)
    assert called[0].endswith("mt=7")


async def test_an_answer_in_strange_bytes(server: TwilioServer, twilio: Make) -> None:
    server.script = [Reply(headers={"Content-Type": "application/json; charset=no-such"})]
    assert await twilio().send(MESSAGE) == Submitted(SID)


async def test_the_token_is_nowhere_to_be_read(
    server: TwilioServer, twilio: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    provider = twilio()
    server.script = [Reply(), error(400, 21211), Reply(cut_after=0)]
    shown = [repr(await provider.send(MESSAGE)) for _ in range(3)]
    assert TOKEN not in "".join((*shown, repr(provider), str(vars(provider)["_settings"]), caplog.text))
    assert "+8613900000001" not in caplog.text


def test_every_named_error_has_a_sentence_and_one_meaning() -> None:
    for code, named in ERRORS.items():
        assert 10_000 <= code <= 99_999
        assert named.sentence
        assert not (named.throttled and named.link_down)
        assert named.retryable or not named.throttled


def test_the_answer_of_the_server_is_twilios() -> None:
    assert SID in CREATED
