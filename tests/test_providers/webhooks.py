"""Webhooks as Twilio makes and signs them, worked out from its documentation, not with the library."""

import base64
import hashlib
import hmac
import json
from urllib.parse import urlencode

from smsgate.service.ports import Webhook
from tests.test_providers.conftest import PUBLIC, TOKEN

MO_PATH = "/providers/twilio/mo"
STATUS_PATH = "/providers/twilio/status"
FORM = "application/x-www-form-urlencoded; charset=UTF-8"

MO = {
    "ToCountry": "CN",
    "SmsMessageSid": "SM5ef8732a3c49700934481addd5ce1659",
    "NumMedia": "0",
    "SmsSid": "SM5ef8732a3c49700934481addd5ce1659",
    "SmsStatus": "received",
    "Body": "ZP#48217-核心维护室-话务维护组#请处理 & 回复",
    "To": "+15550001111",
    "NumSegments": "1",
    "MessageSid": "SM5ef8732a3c49700934481addd5ce1659",
    "AccountSid": "AC1",
    "From": "+8613900000001",
    "ApiVersion": "2010-04-01",
}
DLR = {
    "SmsSid": "SM5ef8732a3c49700934481addd5ce1659",
    "SmsStatus": "delivered",
    "MessageStatus": "delivered",
    "To": "+8613900000001",
    "MessageSid": "SM5ef8732a3c49700934481addd5ce1659",
    "AccountSid": "AC1",
    "From": "+15550001111",
    "ApiVersion": "2010-04-01",
}


def mac(text: str, algorithm: str = "sha1", token: str = TOKEN) -> str:
    return base64.b64encode(hmac.new(token.encode(), text.encode(), getattr(hashlib, algorithm)).digest()).decode()


def form(
    fields: dict[str, str] | list[tuple[str, str]],
    path: str = MO_PATH,
    query: str = "account=tw",
    *,
    base: str = PUBLIC,
    token: str = TOKEN,
    algorithm: str = "sha1",
    **headers: str,
) -> Webhook:
    """A signed form: the URL, then each name and value in the order of names."""
    pairs = list(fields.items()) if isinstance(fields, dict) else fields
    signed = f"{base}{path}{'?' if query else ''}{query}" + "".join(f"{name}{value}" for name, value in sorted(pairs))
    given = {"content-type": FORM, "x-twilio-signature": mac(signed, algorithm, token), **headers}
    return Webhook(path, query, given, urlencode(pairs).encode())


def as_json(fields: object, path: str = MO_PATH, query: str = "account=tw", body: bytes | None = None) -> Webhook:
    """A signed JSON body: its digest rides in the query, the URL is signed."""
    body = json.dumps(fields, ensure_ascii=False).encode() if body is None else body
    query = f"{query}&bodySHA256={hashlib.sha256(body).hexdigest()}"
    headers = {"content-type": "application/json", "x-twilio-signature": mac(f"{PUBLIC}{path}?{query}")}
    return Webhook(path, query, headers, body)
