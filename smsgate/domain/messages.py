"""Messages in and out, as values (spec/messages.md). Times are milliseconds since the epoch, UTC."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import NamedTuple


def storable(text: str) -> str:
    """The text as every database takes it: NUL and lone surrogates, which PostgreSQL refuses, become U+FFFD.

    The bytes as received are kept beside it.
    """
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class MoState(StrEnum):
    """What became of a message that came in."""

    RECEIVED = "received"
    APPLIED = "applied"
    REFUSED = "refused"
    ASKED = "asked"
    """Understood; its sender was asked which ticket, or whether they are sure."""
    TALK = "talk"
    DUPLICATE = "duplicate"
    UNKNOWN_SENDER = "unknown_sender"
    """A phone that the chart doesn't know."""
    SUPPRESSED = "suppressed"
    """Recorded and not answered: sent by no phone, an echo, or one error too many; the row says which."""
    SHUNTED = "shunted"
    INCOMPLETE = "incomplete"
    """A long message of which not all parts came: kept as far as it did, never carried out."""


class MtState(StrEnum):
    """Where a message that goes out stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    """Requested, and no answer came: perhaps sent. Never sent again by itself."""
    SUPPRESSED = "suppressed"


class MtClass(IntEnum):
    """Who overtakes whom in the outbox: the lower number goes first."""

    ALARM = 0
    """Notices and escalations."""
    ANSWER = 1
    """To a command."""
    BULK = 2
    """Bundles and reports."""


class MtKind(StrEnum):
    """What a message is for, which decides how long it is worth sending."""

    NOTICE = "notice"
    """Tells a new holder of a ticket: lives until the ticket is accepted, moved or ended."""
    REMINDER = "reminder"
    """Tells by the clock that a limit runs out or has: lives until the next one, or until it has been answered."""
    NEWS = "news"
    """Tells others what happened to a ticket: never stale."""
    ANSWER = "answer"
    """Answers a command: worth nothing after an hour."""
    BUNDLE = "bundle"
    """Says what several others would have said, each in an SMS of its own."""
    OPERATORS = "operators"
    """Tells the dispatchers what the machine could not do."""


class MobileOriginated(NamedTuple):
    """A message as a provider's door received it."""

    account: str
    """Our name of the provider account that it came by."""
    provider_id: str
    """The provider's id of it; empty where the provider states none."""
    sender: str
    """As E.164 where it is a phone, else as received."""
    receiver: str
    """The number that it was sent to."""
    text: str
    raw: bytes
    received_at: int
    sent_at: int | None = None
    """Only where the provider states it, with seconds."""
    channel: str = "sms"
    session: str | None = None
    """The session that it came on, where the protocol has no ids of its own that last (SMPP): what comes again after
    that has ended is a repeat (spec/messages.md «In», 3)."""
    behalf: str | None = None
    """Who at the desk wrote it in the sender's name; the queue's item tells it of a row."""


class MoPart(NamedTuple):
    """A part of a long message, as a link received it. All parts of one have the fields up to `total` alike."""

    account: str
    sender: str
    receiver: str
    reference: int
    width: int
    """Bits of the reference: 8 or 16; 0: there is none, and the reference is 0."""
    total: int
    no: int
    """Which part it is, from 1."""
    provider_id: str
    """The gateway's id of this part; empty where it states none."""
    body: bytes
    """Its octets without header, not yet a text: senders cut within characters."""
    charset: str
    """`carriers.text.charsets.Charset`, which reads them."""
    raw: bytes
    """As received, header and all."""
    received_at: int
    session: str | None = None
    """As of a `MobileOriginated`."""


class MobileTerminated(NamedTuple):
    """A message to one handset, as the outbox takes it."""

    phone: str
    """E.164."""
    text: str
    kind: MtKind
    klass: MtClass
    provider: str
    """Our name of the provider account that is to send it."""
    segments: int
    encoding: str
    """gsm7 or ucs2."""
    created_at: int
    account: str | None = None
    """The chart's account of the recipient; None for a duty phone."""
    role: str = ""
    """The part that the recipient plays: holder, former, helper, mover, told, opener, actor, dispatcher."""
    ticket_id: int | None = None
    hop_id: int | None = None
    mo_id: int | None = None
    not_before: int = 0
    valid_until: int | None = None
    """When it expires unsent; None: never by the clock."""
    escalate_at: int | None = None
    """When the dispatchers are told that it hasn't gone out: a notice's accept-by."""
    gather_until: int | None = None
    """Until when it waits for others of its kind, to go out with them as one; None: it goes at once."""
    source: str | None = None
    """The number that it comes from: our service number, with its ticket's code behind it; None: the provider knows."""
