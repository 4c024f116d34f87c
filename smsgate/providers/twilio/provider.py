"""One Twilio account: https://www.twilio.com/docs/messaging/api/message-resource."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from twilio.rest import Client  # type: ignore[import-untyped]

from smsgate.accounts import TwilioAccount
from smsgate.domain.messages import MobileOriginated
from smsgate.providers.fields import Fields, read_fields
from smsgate.providers.twilio.errors import read_refusal
from smsgate.providers.twilio.http import NoAnswer, NotConnected, QuickClient
from smsgate.providers.twilio.inbound import read_dlr, read_mo
from smsgate.providers.twilio.signature import is_signed, public_url
from smsgate.service.ports import (
    BadWebhook,
    DeliveryReport,
    ProviderError,
    SendResult,
    Submission,
    Submitted,
    UnknownOutcome,
    Webhook,
)

STATUS_PATH = "/providers/twilio/status"
"""Where our door for status callbacks is."""
LONGEST_VALIDITY = 36_000
"""Seconds: the most that Twilio's ValidityPeriod takes."""


def make_twilio(name: str, account: TwilioAccount, public_base: str) -> Twilio:
    """One of an account's settings. Raises BadSecret."""
    return Twilio(name, account, account.token(), public_base)


class Twilio:
    """One account at Twilio, both ways."""

    kind = "twilio"
    concurrency = 32

    def __init__(
        self,
        name: str,
        settings: TwilioAccount,
        token: str,
        public_base: str,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.account = name
        self.rate = settings.rate
        self._settings = settings
        self._token = token
        self._public_base = public_base
        self._clock = clock
        self._client: Client | None = None
        self._last: tuple[Webhook, Fields | BadWebhook] | None = None

    async def send(self, submission: Submission) -> SendResult:
        """Ask Twilio to send it."""
        client = self._open_client()
        sid = quote(self._settings.account_sid, safe="")
        try:
            answer = await client.request_async(
                "POST",
                f"https://api.twilio.com/2010-04-01/Accounts/{sid}/Messages.json",
                data=self._form(submission),
                headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
            )
        except NotConnected as error:
            return ProviderError("no connection", str(error), retryable=True, link_down=True)
        except NoAnswer as error:
            return UnknownOutcome(str(error))
        if 200 <= answer.status_code < 300:
            return _read_sid(answer.status_code, answer.text)
        return read_refusal(answer.status_code, answer.text, answer.headers.get("Retry-After"), self._clock())

    async def close(self) -> None:
        """Let go of connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.http_client.close()

    def verify(self, webhook: Webhook) -> bool:
        """Whether it is Twilio that calls, for this account."""
        fields = self._fields(webhook)
        return not isinstance(fields, BadWebhook) and is_signed(self._token, self._public_base, webhook, fields)

    def parse_mo(self, webhook: Webhook, received_at: int) -> MobileOriginated | BadWebhook:
        """The message that it brings."""
        fields = self._fields(webhook)
        return fields if isinstance(fields, BadWebhook) else read_mo(self.account, fields, received_at)

    def parse_dlr(self, webhook: Webhook, received_at: int) -> DeliveryReport | BadWebhook:
        """The receipt that it brings."""
        fields = self._fields(webhook)
        return fields if isinstance(fields, BadWebhook) else read_dlr(self.account, webhook.query, fields, received_at)

    def _fields(self, webhook: Webhook) -> Fields | BadWebhook:
        """The body's fields, parsed once for both the signature and what it says."""
        if self._last is None or self._last[0] is not webhook:
            self._last = webhook, read_fields(webhook)
        return self._last[1]

    def _open_client(self) -> Client:
        if self._client is None:
            http = QuickClient(self._settings.api_base, self._settings.timeout)
            # an environment of its own: TWILIO_REGION and its like must not change where this account sends
            self._client = Client(self._settings.account_sid, self._token, http_client=http, environment={"-": ""})
        return self._client

    def _form(self, submission: Submission) -> dict[str, Any]:
        form: dict[str, Any] = {"To": submission.phone, "Body": submission.text}
        if self._settings.messaging_service_sid is not None:
            form["MessagingServiceSid"] = self._settings.messaging_service_sid
        else:
            form["From"] = self._settings.sender
        if self._public_base:
            query = urlencode({"account": self.account, "mt": submission.mt_id})
            form["StatusCallback"] = public_url(self._public_base, STATUS_PATH, query)
        if submission.valid_until is not None:
            left = int(submission.valid_until / 1000 - self._clock())
            form["ValidityPeriod"] = str(min(max(left, 1), LONGEST_VALIDITY))
        return form


def _read_sid(status: int, body: str) -> SendResult:
    try:
        sid = json.loads(body)["sid"]
    except (ValueError, KeyError, TypeError, RecursionError):
        sid = None
    if not isinstance(sid, str) or not sid:
        return UnknownOutcome(f"answered {status} without a message id")
    return Submitted(sid)
