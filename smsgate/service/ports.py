"""What the use cases ask of the outside: a ledger to write in, and providers to send by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from routing.model import Actor, Party, Target, UnitPath
from smsgate.domain.clocks import Clock, Ring
from smsgate.domain.conversation import Question
from smsgate.domain.hop import Hop
from smsgate.domain.messages import MobileOriginated, MobileTerminated, MoState, MtKind, MtState
from smsgate.domain.ticket import Ticket


class MoResult(NamedTuple):
    """What became of an MO, as its row tells it."""

    state: MoState
    verb: str | None = None
    outcome: str | None = None
    """The code of the refusal or diagnosis."""
    detail: str | None = None
    """For operators: the diagnosis in English, or the error of a shunted message."""
    actor: Actor | None = None
    ticket_id: int | None = None
    ticket_hop: int | None = None


class Window(NamedTuple):
    """A phone's latest storm, or what may become one."""

    opened_at: int
    told: int
    """How many SMS since then, those that wait among them."""
    urgent: bool = False
    """Whether a critical ticket has been told at once since then."""


class Gathered(NamedTuple):
    """An MT that has waited for long enough."""

    mt_id: int
    phone: str
    kind: MtKind
    ticket_id: int | None
    hop_id: int | None
    account: str | None
    role: str
    gather_until: int
    escalate_at: int | None
    act: str | None
    """The kind of the hop that it tells of."""


class EarlierMo(NamedTuple):
    """An earlier message of a sender, as far as it tells what sort of sender that is."""

    text: str
    received_at: int
    state: MoState
    verb: str | None
    """None: it could not be read as a command."""
    moved: bool
    """Whether it did something to a ticket."""


class StoreUnavailable(Exception):  # noqa: N818 - it is the store that is unavailable, not an error of the caller
    """The database can't take it now (locked, full, gone): nothing was written, the caller may try again."""


class StoreInDoubt(StoreUnavailable):
    """COMMIT was said and its answer was lost: perhaps it was written. Who tries again has to know a repeat."""


class Ledger(Protocol):
    """Everything durable, inside one transaction. All times are milliseconds since the epoch, UTC."""

    def savepoint(self) -> AbstractContextManager[None]:
        """What is written inside is undone if an exception leaves it."""

    def undo(self) -> None:
        """Undo all that this use case has written so far; what others wrote in the same transaction stays."""

    # messages in
    def add_mo(self, mo: MobileOriginated) -> int | None:
        """Keep an MO; its id, or None if the very same is known."""

    def same_mo(self, mo: MobileOriginated) -> int | None:
        """An earlier MO with the same sender, receiver, stated sent time and text."""

    def brought_again(self, mo: MobileOriginated) -> bool:
        """Whether a message without an id is one that its gateway brings again: the same account, sender, receiver and
        bytes within five minutes, received on a session that has since ended (spec/messages.md «In», 3)."""

    def settle_mo(self, mo_id: int, result: MoResult) -> None:
        """Say what became of it."""

    def mo(self, mo_id: int) -> tuple[MobileOriginated, MoResult] | None:
        """An MO and what became of it."""

    def refused_since(self, sender: str, since: int, most: int) -> int:
        """How many messages of the sender were refused since then and since the last one that was applied."""

    def mos_before(self, sender: str, mo_id: int, most: int) -> tuple[EarlierMo, ...]:
        """The sender's messages before this one, newest first; repeats and what was left unanswered aside."""

    # tickets
    def ticket(self, ticket_id: int) -> Ticket:
        """By id."""

    def ticket_by_code(self, code: str) -> Ticket | None:
        """The live ticket of that code, else the one that had it last."""

    def told_of_code(self, code: str, account: str | None, phone: str | None) -> Ticket | None:
        """The newest ticket that had the code and that an MT showed that account or phone: one that told of it, or
        answered what they did or looked up, no question and no refusal. What nobody can have got yet, because it waits
        for this transaction, counts for nothing."""

    def had_code_before(self, ticket: Ticket) -> bool:
        """Whether another ticket had its code before it."""

    def ticket_by_number(self, number: str) -> Ticket | None:
        """By number."""

    def live_tickets(self, accounts: Sequence[str], units: Sequence[UnitPath], dispatchers: bool) -> tuple[Ticket, ...]:
        """The tickets neither closed nor cancelled that any of these is a party of, oldest first."""

    def parties(self, ticket_id: int) -> tuple[Party, ...]:
        """All ties to a ticket, present and past."""

    def add_ticket(self, ticket: Ticket) -> Ticket:
        """Keep a new one; answers it with its id."""

    def save_ticket(self, before: Ticket, after: Ticket) -> None:
        """Write what changed, and who has to do with it from now on."""

    def next_number(self, day: str) -> str:
        """The next ticket number of a day (`YYYYMMDD`), without gaps or doubles."""

    def take_code(self, at: int, rest: int) -> str:
        """A free code, the longest-rested first; `rest` in milliseconds."""

    def rest_code(self, code: str, at: int) -> None:
        """Its ticket has ended."""

    def all_live(self) -> tuple[Ticket, ...]:
        """All tickets neither closed nor cancelled, oldest first."""

    def resolved_before(self, before: int, most: int) -> tuple[Ticket, ...]:
        """Tickets resolved before that moment and not yet closed."""

    # the transfer log
    def append(self, hop: Hop) -> int:
        """Add a line; its id."""

    def last_act(self, ticket_id: int) -> tuple[Actor | None, int | None]:
        """Who did the newest hop of a ticket, and when."""

    def moved_since(self, ticket_id: int, hop: int) -> tuple[Actor | None, int] | None:
        """Who moved a ticket last since that hop, or changed its state, and when; None if nobody did."""

    def held_before(self, ticket_id: int) -> Target | None:
        """Who held a ticket before it was last given to somebody else; None if it never was."""

    def last_opinion(self, ticket_id: int) -> tuple[str, Actor | None]:
        """The last thing that anybody said about a ticket, and who; an empty text where nobody has."""

    # what falls due
    def set_clock(self, ring: Ring) -> None:
        """A clock starts, or goes on to its next step."""

    def stop_clock(self, ticket_id: int, clock: Clock) -> None:
        """It has been answered."""

    def due_clocks(self, at: int, most: int) -> tuple[Ring, ...]:
        """The clocks whose next step is due, the most overdue first."""

    def watermark(self, name: str) -> int | None:
        """How far something has been looked at; None: never."""

    def set_watermark(self, name: str, at: int) -> None:
        """It has been looked at up to there."""

    def held_by_units(self) -> tuple[Ticket, ...]:
        """The open tickets, neither resolved nor ended, that no people hold by name, oldest first."""

    # what senders were asked
    def question(self, sender: str) -> Question | None:
        """What the sender was asked last, open or over."""

    def ask(self, question: Question) -> None:
        """The sender has been asked; what they were asked before is forgotten."""

    def question_over(self, sender: str) -> None:
        """A full command of the sender has come: what was asked before is open no more."""

    def forget_question(self, sender: str) -> None:
        """It has been answered, one way or another."""

    def alarmed(self, key: str) -> int | None:
        """The newest ticket that an alarm of that key has opened."""

    def put_alarm(self, key: str, ticket_id: int, at: int) -> None:
        """It has opened one."""

    def count_alarm(self, key: str, at: int) -> int:
        """It has come again; how often since, the first counted."""

    def forget_questions(self, before: int) -> int:
        """Forget what was asked before that moment; how many."""

    def last_mt_to(self, phone: str) -> int | None:
        """The newest SMS to a phone."""

    # messages out
    def enqueue(self, mt: MobileTerminated) -> int:
        """Put an MT into the outbox; its id."""

    def texts_to(self, phone: str, since: int, most: int) -> tuple[str, ...]:
        """Of the newest SMS to a phone those that were on their way since then, newest first."""

    def told_by(self, ticket_id: int, hop_id: int, role: str) -> tuple[str, ...]:
        """The phones that a hop's MTs went to in a role."""

    def was_told(self, ticket_id: int, account: str | None, phone: str | None) -> bool:
        """Whether an MT showed the ticket to that account or phone, as in `told_of_code`."""

    def shown_to(self, ticket_id: int) -> frozenset[str]:
        """The accounts that an MT showed the ticket to, as in `told_of_code`."""

    def got_notice(self, ticket_id: int, since: int, until: int, account: str | None, phone: str | None) -> bool:
        """Whether a notice between those moments told that account or phone that the ticket is theirs; what is still
        gathered, or waits for the morning, has told nobody."""

    def told_live(self, account: str | None, phone: str | None) -> tuple[Ticket, ...]:
        """The tickets neither closed nor cancelled of which an MT told that account or phone, oldest first: of what has
        become of them, also by their own act. What was looked up, asked back or refused counts for nothing, nor does
        what waits for this transaction."""

    def suppress_notices(self, ticket_id: int, at: int, why: str, *, ended: bool) -> None:
        """Notices and reminders of the ticket that are still queued have become pointless, and so has what waits to
        ask its holder for something; `ended`: or its helpers."""

    # one instead of many
    def window(self, phone: str, family: str, at: int) -> Window | None:
        """When a phone was first told something of that family lately, and how often since."""

    def put_window(self, phone: str, family: str, window: Window) -> None:
        """It has been told something."""

    def gathered(self, at: int) -> tuple[Gathered, ...]:
        """The MTs that have waited for long enough, phone by phone."""

    def let_go(self, mt_id: int, at: int) -> None:
        """It goes out as it is, as an MT of this moment."""

    def wake(self, phones: Iterable[str], at: int) -> None:
        """What waits for the morning at these phones waits no longer."""

    def take_back(self, ids: Iterable[int], at: int, why: str) -> None:
        """These go out no more."""

    def said_by(self, bundle_id: int, ids: Iterable[int], at: int) -> None:
        """What these were to say is said by one MT."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One MT as a provider gets it to send."""

    mt_id: int
    phone: str
    """E.164."""
    text: str
    encoding: str
    segments: int
    valid_until: int | None = None
    source: str | None = None
    """The number to send it from, where the provider lets us say so."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """The provider has taken it."""

    provider_id: str
    """Its id of the whole message."""
    segment_ids: tuple[str, ...] = ()
    """Where it gives each segment one of its own, in order."""


@dataclass(frozen=True, slots=True)
class ProviderError:
    """The third kind of «no»: surely not sent, and what to do about it. A value, never raised."""

    code: str
    sentence: str
    """For operators; holds no secret."""
    retryable: bool
    throttled: bool = False
    """Slow the lane down; uses up no try."""
    link_down: bool = False
    """Wait for the link; uses up no try."""
    retry_after: float | None = None
    """Seconds, where the provider says so."""
    segment_ids: tuple[str, ...] = ()
    """Of a long message that was broken off: one for each segment, in order, empty for those that were not sent."""


@dataclass(frozen=True, slots=True)
class UnknownOutcome:
    """Requested, and no answer came: perhaps sent."""

    sentence: str
    segment_ids: tuple[str, ...] = ()
    """One for each segment, in order, where some were answered: their ids; empty for those that were not."""


SendResult = Submitted | ProviderError | UnknownOutcome


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """A DLR as a provider's door received it."""

    account: str
    provider_id: str
    state: MtState
    """sent (on its way), delivered, failed, expired or unknown; sent is never final."""
    received_at: int
    mt_id: int | None = None
    """Our own id, where it rode in the callback or reference."""
    phone: str | None = None
    code: str = ""
    """The provider's own word for it."""
    other_ids: tuple[str, ...] = ()
    """What else it names, where it says the id in more than one way; less sure than `provider_id`."""

    @property
    def ids(self) -> tuple[str, ...]:
        """All that it names, the surest first."""
        return tuple(dict.fromkeys((self.provider_id, *self.other_ids)))


@dataclass(frozen=True, slots=True)
class Webhook:
    """An HTTP request from a provider, as received."""

    path: str
    query: str
    """Raw, without the question mark."""
    headers: dict[str, str] = field(repr=False)
    """Names in lower case."""
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class BadWebhook:
    """A webhook that is rightly signed and still can't be read."""

    sentence: str


class Provider(Protocol):
    """One account at a provider: what all of them can do."""

    account: str
    """Our name of it."""
    kind: str
    """simulator, twilio …"""
    rate: float
    """Segments a second at most; 0: no limit."""
    concurrency: int
    """Requests under way at once."""

    async def send(self, submission: Submission) -> SendResult:
        """Send one MT. Raises nothing but what is a bug.

        One that is cancelled, because its time is over, may answer at once what it knows: surely not sent, say.
        """

    async def close(self) -> None:
        """Let go of connections."""


class WebhookProvider(Provider, Protocol):
    """A provider that calls us by HTTP."""

    def verify(self, webhook: Webhook) -> bool:
        """Whether it is really the provider that calls."""

    def parse_mo(self, webhook: Webhook, received_at: int) -> MobileOriginated | BadWebhook:
        """The message that it brings."""

    def parse_dlr(self, webhook: Webhook, received_at: int) -> DeliveryReport | BadWebhook:
        """The receipt that it brings."""
