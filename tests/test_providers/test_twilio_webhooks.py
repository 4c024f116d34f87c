"""Twilio's webhooks: who really called, and what each request says, to the letter."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from smsgate.domain.messages import MobileOriginated, MtState
from smsgate.providers.fields import MOST_BYTES
from smsgate.providers.twilio import Twilio
from smsgate.service.ports import BadWebhook, DeliveryReport, Webhook
from tests.test_providers.conftest import PUBLIC
from tests.test_providers.webhooks import DLR, MO, STATUS_PATH, as_json, form, mac

AT = 1_795_000_000_123
TEXT = "ZP#48217-核心维护室-话务维护组#请处理 & 回复"
SID = "SM5ef8732a3c49700934481addd5ce1659"


@pytest.fixture
def door(twilio: Callable[..., Twilio]) -> Twilio:
    return twilio()


def changed(base: dict[str, str], **fields: str | None) -> dict[str, str]:
    merged: dict[str, str | None] = {**base, **fields}
    return {name: value for name, value in merged.items() if value is not None}


def test_a_message(door: Twilio) -> None:
    webhook = form(MO)
    assert door.verify(webhook)
    assert door.parse_mo(webhook, AT) == MobileOriginated(
        account="tw",
        provider_id=SID,
        sender="+8613900000001",
        receiver="+15550001111",
        text=TEXT,
        raw=TEXT.encode(),
        received_at=AT,
        sent_at=None,
        channel="sms",
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"From": "13900000001"}, {"sender": "+8613900000001"}),
        ({"From": "whatsapp:+8613900000001"}, {"sender": "whatsapp:+8613900000001"}),
        ({"From": "AlertCo"}, {"sender": "AlertCo"}),
        ({"From": "10086"}, {"sender": "10086"}),
        ({"To": "106575000"}, {"receiver": "106575000"}),
        ({"Body": ""}, {"text": "", "raw": b""}),
        ({"Body": None, "NumMedia": "1", "MediaUrl0": "https://x/y"}, {"text": "", "raw": b""}),
        ({"NumMedia": "1", "MediaUrl0": "https://x/y", "Body": "照片"}, {"text": "照片", "raw": "照片".encode()}),
        ({"Body": " ZP \r\n+%26=; "}, {"text": " ZP \r\n+%26=; ", "raw": b" ZP \r\n+%26=; "}),
        ({"Body": "👨\u200d👩"}, {"text": "👨\u200d👩", "raw": "👨\u200d👩".encode()}),
        ({"MessageSid": None}, {}),
        ({"MessageSid": None, "SmsMessageSid": None}, {}),
        ({"ErrorCode": "11200", "ErrorUrl": "https://first/choice"}, {}),
    ],
)
def test_what_a_message_says(door: Twilio, fields: dict[str, str | None], expected: dict[str, object]) -> None:
    plain = door.parse_mo(form(MO), AT)
    assert isinstance(plain, MobileOriginated)
    for webhook in (form(changed(MO, **fields)), as_json(changed(MO, **fields))):
        assert door.verify(webhook)
        assert door.parse_mo(webhook, AT) == plain._replace(**expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("queued", MtState.SENT),
        ("accepted", MtState.SENT),
        ("scheduled", MtState.SENT),
        ("sending", MtState.SENT),
        ("sent", MtState.SENT),
        ("delivered", MtState.DELIVERED),
        ("read", MtState.DELIVERED),
        ("undelivered", MtState.FAILED),
        ("failed", MtState.FAILED),
        ("canceled", MtState.FAILED),
    ],
)
def test_a_receipt(door: Twilio, word: str, state: MtState) -> None:
    fields = changed(DLR, MessageStatus=word, SmsStatus=word)
    for webhook in (
        form(fields, STATUS_PATH, "account=tw&mt=7"),
        as_json(fields, STATUS_PATH, "account=tw&mt=7"),
        form(changed(fields, MessageStatus=None), STATUS_PATH, "account=tw&mt=7"),
    ):
        assert door.verify(webhook)
        assert door.parse_dlr(webhook, AT) == DeliveryReport(
            account="tw", provider_id=SID, state=state, received_at=AT, mt_id=7, phone="+8613900000001", code=word
        )


@pytest.mark.parametrize(
    ("query", "mt_id"),
    [
        ("account=tw", None),
        ("account=tw&mt=", None),
        ("mt=-1", None),
        ("mt=٧", None),
        ("mt=9999999999999999999", None),
        ("mt=1&mt=2", None),
        ("mt=%FF", None),
        ("mt=12&account=tw", 12),
        ("", None),
    ],
)
def test_our_own_id_of_a_receipt(door: Twilio, query: str, mt_id: int | None) -> None:
    webhook = form(DLR, STATUS_PATH, query)
    assert door.verify(webhook)
    report = door.parse_dlr(webhook, AT)
    assert isinstance(report, DeliveryReport)
    assert report.mt_id == mt_id


def test_a_receipt_keeps_the_error_code(door: Twilio) -> None:
    report = door.parse_dlr(form(changed(DLR, MessageStatus="undelivered", ErrorCode="30003"), STATUS_PATH), AT)
    assert isinstance(report, DeliveryReport)
    assert (report.state, report.code) == (MtState.FAILED, "undelivered 30003")


@pytest.mark.parametrize(
    ("webhook", "sentence"),
    [
        (form(changed(MO, From=None)), "From is missing"),
        (form(changed(MO, To="")), "To is missing"),
        (form(changed(MO, MessageSid=None, SmsMessageSid=None, SmsSid=None)), "MessageSid is missing"),
        (form([*MO.items(), ("From", "+8613900000002")]), "From is given twice"),
        (form([*MO.items(), ("Body", "LD")]), "Body is given twice"),
        (form(changed(MO, MessageSid="S" * 129)), "an id or address is too long"),
        (form(changed(MO, From="x" * 65)), "an id or address is too long"),
        (as_json({**MO, "From": None}), "From is missing"),
    ],
)
def test_a_message_that_can_not_be_read(door: Twilio, webhook: Webhook, sentence: str) -> None:
    assert door.verify(webhook)
    assert door.parse_mo(webhook, AT) == BadWebhook(sentence)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"MessageStatus": "received"}, "no MessageStatus 'received' of an outgoing message is known"),
        ({"MessageStatus": None, "SmsStatus": None}, "MessageStatus is missing"),
        ({"MessageSid": None, "SmsSid": None}, "MessageSid is missing"),
    ],
)
def test_a_receipt_that_can_not_be_read(door: Twilio, fields: dict[str, str | None], sentence: str) -> None:
    assert door.parse_dlr(form(changed(DLR, **fields), STATUS_PATH), AT) == BadWebhook(sentence)


@pytest.mark.parametrize(
    ("kind", "body", "sentence"),
    [
        ("application/json", b"{", "the body can't be read as application/json"),
        ("application/json", b"[]", "MessageSid is missing"),
        ("application/json", b'[["From", "x"]]', "the body can't be read as application/json: it is no JSON object"),
        ("application/json", b'"text"', "the body can't be read as application/json: it is no JSON object"),
        ("application/json", b'{"From":"+1","From":"+2"}', "From is given twice"),
        ("application/json", b"[" * 60_000, "the body can't be read as application/json"),
        ("application/json", b'{"Body": "\xff"}', "the body is not UTF-8"),
        ("application/json", "{}".encode("utf-16"), "the body is not UTF-8"),
        ("application/x-www-form-urlencoded", b"Body=%FF%FE", "the body is not UTF-8"),
        ("application/x-www-form-urlencoded", b"Body=\xd6\xd0", "the body is not UTF-8"),
        ("application/x-www-form-urlencoded; charset=GBK", b"Body=x", "the charset 'gbk' is not read: send UTF-8"),
        ("application/x-www-form-urlencoded", b"a=1&" * 201, "the body can't be read as application/x-www-form"),
        ("application/x-www-form-urlencoded", b"x" * (MOST_BYTES + 1), "the body has over 65536 bytes"),
        ("", b"", "MessageSid is missing"),
        ("multipart/form-data", b"--x\r\n", "MessageSid is missing"),
    ],
)
def test_a_body_that_can_not_be_read(door: Twilio, kind: str, body: bytes, sentence: str) -> None:
    webhook = Webhook("/providers/twilio/mo", "", {"content-type": kind, "x-twilio-signature": "x"}, body)
    assert not door.verify(webhook)
    found = door.parse_mo(webhook, AT)
    assert isinstance(found, BadWebhook)
    assert found.sentence.startswith(sentence)


GOOD = form(MO)


@pytest.mark.parametrize(
    "webhook",
    [
        replace(GOOD, headers={"content-type": GOOD.headers["content-type"]}),
        replace(GOOD, headers={**GOOD.headers, "x-twilio-signature": ""}),
        replace(GOOD, headers={**GOOD.headers, "x-twilio-signature": "签名"}),
        replace(GOOD, headers={**GOOD.headers, "x-twilio-signature": GOOD.headers["x-twilio-signature"].lower()}),
        replace(GOOD, body=GOOD.body.replace(b"48217", b"48218")),
        replace(GOOD, body=GOOD.body + b"&More=1"),
        replace(GOOD, body=b""),
        replace(GOOD, query="account=other"),
        replace(GOOD, query=""),
        replace(GOOD, query="account=tw&"),
        replace(GOOD, query="account=%74w"),
        replace(GOOD, path="/providers/twilio/status"),
        replace(GOOD, path="providers/twilio/mo"),
        form(MO, base="https://evil.example.org"),
        form(MO, base="http://sms.example.org/gate"),
        form(MO, token="0" * 32),
        form(MO, algorithm="sha256"),
        replace(GOOD, headers={**GOOD.headers, "x-twilio-webhooks-signature-settings": "key=k,algorithm=HMAC_SHA256"}),
        replace(GOOD, headers={**GOOD.headers, "x-twilio-webhooks-signature-settings": "algorithm=none"}),
        # JSON that nothing vouches for, and JSON whose digest is another's
        replace(GOOD, headers={**GOOD.headers, "content-type": "application/json"}, body=b"{}"),
        replace(as_json(MO), body=b"{}"),
        replace(as_json(MO), query="account=tw"),
    ],
)
def test_not_twilio(door: Twilio, webhook: Webhook) -> None:
    assert not door.verify(webhook)


def test_a_shared_keys_signature(door: Twilio) -> None:
    settings = {"x-twilio-webhooks-signature-settings": "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"}
    assert door.verify(form(MO, algorithm="sha256", **settings))


@pytest.mark.parametrize("base", ["https://sms.example.org:443/gate", "https://sms.example.org/gate"])
def test_twilio_may_sign_with_the_port_or_without(door: Twilio, base: str) -> None:
    assert door.verify(form(MO, base=base))


def test_the_query_is_signed_as_it_was_sent(door: Twilio) -> None:
    for query in ("account=tw&x=%20", "account=tw&x=+", "account=tw&x=%e4%b8%ad", "b=&a=", "account=tw&&x"):
        assert door.verify(form(MO, query=query))


def test_the_order_of_fields_does_not_matter(door: Twilio) -> None:
    assert door.verify(form(list(reversed(MO.items()))))


def test_without_a_public_base_nobody_is_believed(twilio: Callable[..., Twilio]) -> None:
    webhook = form(MO, base="")
    assert webhook.headers["x-twilio-signature"] == mac(
        "/providers/twilio/mo?account=tw" + "".join(f"{name}{value}" for name, value in sorted(MO.items()))
    )
    assert not twilio("").verify(webhook)


def test_a_base_with_a_slash_at_its_end(twilio: Callable[..., Twilio]) -> None:
    assert twilio(PUBLIC + "/").verify(GOOD)


def test_the_next_webhook_is_not_taken_for_the_last(door: Twilio) -> None:
    assert door.verify(GOOD)
    other = form(changed(MO, Body="LD#48217"))
    found = door.parse_mo(other, AT)
    assert isinstance(found, MobileOriginated)
    assert found.text == "LD#48217"


@pytest.mark.parametrize("name", ["MessageSid", "From", "To"])
def test_an_id_or_address_with_a_control_character_is_none(door: Twilio, name: str) -> None:
    """PostgreSQL keeps no NUL, and no sender has one."""
    expected = BadWebhook(f"{name} has a character that can't be printed")
    assert door.parse_mo(form(changed(MO, **{name: MO[name] + "\0"})), AT) == expected
    if name != "From":
        assert door.parse_dlr(form(changed(DLR, **{name: DLR[name] + "\0"}), STATUS_PATH), AT) == expected
    assert isinstance(door.parse_mo(form(changed(MO, Body="CX\0")), AT), MobileOriginated)


def test_a_receipt_names_no_longer_phone_than_is_kept(door: Twilio) -> None:
    """Of a channel's address only the beginning."""
    webhook = form(changed(DLR, To="messenger:12345678901234567890"), STATUS_PATH)
    report = door.parse_dlr(webhook, AT)
    assert isinstance(report, DeliveryReport)
    assert report.phone == "messenger:12345678901234"
