"""What Twilio's webhooks say: messages from phones, and what became of ours.

https://www.twilio.com/docs/messaging/guides/webhook-request
https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks
"""

from __future__ import annotations

from routing.phones import normalise_phone
from smsgate.domain.messages import MobileOriginated, MtState
from smsgate.providers.fields import MOST_ID, MOST_PHONE, MOST_REPORTED_PHONE, Fields, form_pairs, read_number
from smsgate.service.ports import BadWebhook, DeliveryReport

STATES = {
    "queued": MtState.SENT,
    "accepted": MtState.SENT,
    "scheduled": MtState.SENT,
    "sending": MtState.SENT,
    "sent": MtState.SENT,
    "partially_delivered": MtState.SENT,
    "delivered": MtState.DELIVERED,
    "read": MtState.DELIVERED,
    "undelivered": MtState.FAILED,
    "failed": MtState.FAILED,
    "canceled": MtState.FAILED,
}
"""MessageStatus → state. Up to `sent` it is on its way, which is never final."""

_ID = ("MessageSid", "SmsMessageSid", "SmsSid")
_STATUS = ("MessageStatus", "SmsStatus")


def read_mo(account: str, fields: Fields, received_at: int) -> MobileOriginated | BadWebhook:
    """A message. Media are ignored, the text beside them is kept."""
    fault = _fault(fields, (*_ID, "From", "To", "Body"), {"From": ("From",), "To": ("To",)})
    if fault is not None:
        return fault
    text = fields.first("Body")
    return MobileOriginated(
        account=account,
        provider_id=fields.first(*_ID),
        sender=plain_phone(fields.first("From")),
        receiver=plain_phone(fields.first("To")),
        text=text,
        # the message's bytes, not the request's: a call to the fallback URL repeats it with other fields beside it
        raw=text.encode("utf-8"),
        received_at=received_at,
    )


def read_dlr(account: str, query: str, fields: Fields, received_at: int) -> DeliveryReport | BadWebhook:
    """A status callback; our own id of the message rides in its query."""
    fault = _fault(fields, (*_ID, *_STATUS, "To", "ErrorCode"), {"MessageStatus": _STATUS})
    if fault is not None:
        return fault
    word = fields.first(*_STATUS).lower()
    if word not in STATES:
        return BadWebhook(f"no MessageStatus {word[:20]!r} of an outgoing message is known")
    phone = fields.first("To")
    return DeliveryReport(
        account=account,
        provider_id=fields.first(*_ID),
        state=STATES[word],
        received_at=received_at,
        mt_id=_our_id(query),
        phone=plain_phone(phone)[:MOST_REPORTED_PHONE] if phone else None,
        code=f"{word} {fields.first('ErrorCode')[:10]}".strip(),
    )


def plain_phone(text: str) -> str:
    """As E.164 where it is a phone; short codes, names and `whatsapp:…` as they came."""
    return normalise_phone(text) or text


def _fault(fields: Fields, single: tuple[str, ...], needed: dict[str, tuple[str, ...]]) -> BadWebhook | None:
    if doubled := fields.twice(*single):
        return BadWebhook(f"{doubled} is given twice")
    for name, names in {"MessageSid": _ID, **needed}.items():
        if not fields.first(*names):
            return BadWebhook(f"{name} is missing")
    if unsound := fields.unsound(*_ID, "From", "To", "ErrorCode"):
        return BadWebhook(f"{unsound} has a character that can't be printed")
    if len(fields.first(*_ID)) > MOST_ID or max(len(fields.first(name)) for name in ("From", "To")) > MOST_PHONE:
        return BadWebhook("an id or address is too long")
    return None


def _our_id(query: str) -> int | None:
    try:
        ids = [value for name, value in form_pairs(query) if name == "mt"]
    except ValueError:
        return None
    return read_number(ids[0]) if len(ids) == 1 else None
