"""Twilio's refusals as named errors: what each means for the message and for the lane.

An answer is Twilio's word that it made no message, 429 and 5xx included (https://www.twilio.com/docs/api/errors,
https://www.twilio.com/docs/usage/twilios-response). Only a gateway's 502 or 504 that lacks Twilio's own body says
something else: that whoever stood behind it did not answer. That outcome is unknown.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from smsgate.service.ports import ProviderError, UnknownOutcome

MOST_SENTENCE = 200
"""Characters that are kept of Twilio's own sentence."""


@dataclass(frozen=True, slots=True)
class Named:
    """What one of Twilio's codes means here."""

    sentence: str
    retryable: bool = False
    throttled: bool = False
    link_down: bool = False
    """The account can't send at all until somebody mends it: its messages wait."""


ERRORS = {
    10001: Named("the Twilio account is not active", link_down=True),
    14107: Named("too many messages a second", retryable=True, throttled=True),
    20003: Named("Twilio does not accept account_sid and auth_token", link_down=True),
    20005: Named("the Twilio account is not active", link_down=True),
    20404: Named("Twilio knows no such account or resource: check account_sid and api_base", link_down=True),
    20429: Named("too many requests", retryable=True, throttled=True),
    20500: Named("Twilio had an internal error", retryable=True),
    20503: Named("Twilio is overloaded", retryable=True),
    20504: Named("Twilio timed out inside", retryable=True),
    21211: Named("the recipient's number is not valid"),
    21212: Named("the sender's number is not valid"),
    21214: Named("the recipient's number can't be reached"),
    21217: Named("the recipient's number is not valid"),
    21401: Named("the recipient's number is not valid"),
    21408: Named("the Twilio account may not send to the recipient's country"),
    21421: Named("the recipient's number is not valid"),
    21601: Named("the sender's number can't send SMS"),
    21602: Named("the text is empty"),
    21603: Named("the sender is missing"),
    21604: Named("the recipient is missing"),
    21606: Named("the sender's number can't send to this recipient"),
    21608: Named("a Twilio trial account sends to verified numbers only"),
    21610: Named("the recipient has unsubscribed (STOP)"),
    21611: Named("the sender's queue at Twilio is full", retryable=True, throttled=True),
    21612: Named("there is no way from the sender's number to the recipient's"),
    21614: Named("the recipient's number is no mobile"),
    21617: Named("the text is longer than 1600 characters"),
    21659: Named("the sender's number is not of this Twilio account"),
    21660: Named("the sender's number is not of this Twilio account"),
    21703: Named("the Messaging Service has no numbers"),
    21705: Named("the Messaging Service is not valid"),
    30001: Named("Twilio's queue is full", retryable=True, throttled=True),
    30002: Named("the Twilio account is suspended", link_down=True),
    30003: Named("the handset can't be reached"),
    30004: Named("the recipient's carrier blocks the message"),
    30005: Named("the recipient's number is unknown"),
    30006: Named("the recipient is a landline or can't be reached"),
    30007: Named("the message was filtered as spam"),
    30022: Named("too many messages a second for the carrier", retryable=True, throttled=True),
    63038: Named("the Twilio account's daily limit is reached", retryable=True, throttled=True),
}


def read_refusal(status: int, body: str, retry_after: str | None, now: float) -> ProviderError | UnknownOutcome:
    """What an answer other than 2xx means; `now` in seconds since the epoch, for a Retry-After that is a date."""
    code, said = _twilios_own(body)
    if code is None and status in (502, 504):
        return UnknownOutcome(f"a gateway answered {status} in Twilio's place")
    named = ERRORS.get(code or 0) or _by_status(status)
    detail = f" ({said})" if said else ""
    return ProviderError(
        code=str(code) if code is not None else f"http {status}",
        sentence=f"{named.sentence}{detail}",
        retryable=named.retryable,
        throttled=named.throttled or status == 429,
        link_down=named.link_down,
        retry_after=read_retry_after(retry_after, now),
    )


def read_retry_after(text: str | None, now: float) -> float | None:
    """Seconds to wait, from either form that RFC 9110 10.2.3 allows; None for anything else."""
    if not text:
        return None
    try:
        seconds = float(text) if text.strip()[:1].isdigit() else parsedate_to_datetime(text).timestamp() - now
    except (ValueError, OverflowError):
        return None
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _by_status(status: int) -> Named:
    if status == 429:
        return Named("too many requests", retryable=True, throttled=True)
    if status in (401, 403):
        return Named("Twilio does not accept account_sid and auth_token", link_down=True)
    if status >= 500:
        return Named(f"Twilio answered {status}", retryable=True)
    if status < 400:
        return Named(f"{status} instead of an answer: check api_base", link_down=True)
    return Named(f"Twilio answered {status}")


def _twilios_own(body: str) -> tuple[int | None, str]:
    """Code and sentence of Twilio's error body."""
    try:
        payload: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None, ""
    if not isinstance(payload, dict) or type(payload.get("code")) is not int:
        return None, ""
    said = payload.get("message")
    return payload["code"], " ".join(said.split())[:MOST_SENTENCE] if isinstance(said, str) else ""
