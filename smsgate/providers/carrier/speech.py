"""What a protocol says of messages: ours as its PDUs, its PDUs as ours. Pure; the link does the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from routing.phones import normalise_phone
from smsgate.accounts import CarrierAccount
from smsgate.carriers.session.dialect import Dialect
from smsgate.carriers.text.incoming import Content
from smsgate.domain.messages import MobileOriginated, MoPart
from smsgate.service.ports import DeliveryReport, ProviderError, Submission

Heard = MobileOriginated | MoPart | DeliveryReport


class Taken(NamedTuple):
    """The gateway has taken a submit."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Codes:
    """Which answers mean what, on one account."""

    throttled: frozenset[int]
    retryable: frozenset[int]

    @classmethod
    def of(cls, account: CarrierAccount, throttled: frozenset[int], retryable: frozenset[int]) -> Codes:
        """What is set, else the protocol's own."""
        slow = frozenset(account.throttle_codes) or throttled
        return cls(slow, frozenset(account.retry_codes) or retryable | slow)

    def error(self, code: int, sentence: str) -> ProviderError:
        """The gateway has refused a submit."""
        return ProviderError(
            str(code),
            f"the gateway refuses: {sentence}",
            retryable=code in self.retryable or code in self.throttled,
            throttled=code in self.throttled,
        )


class Speech(Protocol):
    """One account's."""

    has_ids: bool
    """Whether each delivery has an id of its own that it keeps when it is brought again; else the session tells."""

    def dialect(self, role: str, at: int) -> Dialect:
        """For a new session; `role`: both, out or in."""

    def submits(self, submission: Submission, reference: int, version: str, at: int) -> list[Any]:
        """The PDUs of a message, a part each. Raises ProtocolError for what can't be said."""

    def answer(self, pdu: Any) -> Taken | ProviderError:
        """What came of one."""

    def hear(self, pdu: Any, session: str, at: int) -> Heard | None:
        """What a delivery brings; None: a receipt of no use. Raises ProtocolError where it is no such thing."""

    def taken(self, pdu: Any) -> Any:
        """The answer to a delivery that is kept."""

    def again(self, pdu: Any) -> Any:
        """The answer to one that is to be brought again."""


def recipient(phone: str, account: CarrierAccount) -> str:
    """A phone (E.164) as the gateway wants it."""
    digits = phone.removeprefix("+")
    match account.number_format:
        case "plus":
            return f"+{digits}"
        case "national" if digits.startswith(account.home_country):
            return digits.removeprefix(account.home_country)
        case _:
            return digits


def sender(number: str) -> str:
    """Who a delivery is from: E.164 where it is a phone, else as it came."""
    written = number.strip()
    return normalise_phone(written) or normalise_phone(f"+{written}") or written


def heard_text(
    content: Content, account: str, provider_id: str, numbers: tuple[str, str], raw: bytes, at: int, session: str | None
) -> MobileOriginated | MoPart:
    """A message or a part of one; `numbers`: from and to, as they came."""
    source, receiver = sender(numbers[0]), numbers[1].strip()
    part = content.part
    if part is None or part.total == 1:
        text = content.reading.text
        return MobileOriginated(account, provider_id, source, receiver, text, raw, at, session=session)
    return MoPart(
        account=account,
        sender=source,
        receiver=receiver,
        reference=part.reference,
        width=part.width,
        total=part.total,
        no=part.index,
        provider_id=provider_id,
        body=content.body,
        charset=content.charset.value,
        raw=raw,
        received_at=at,
        session=session,
    )
