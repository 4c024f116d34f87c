"""A whole smsgate without doors: phones that send and show SMS, a desk that acts, a clock that stands still.

What it writes is real: the same office, the same writer, a database file. Only the provider is missing: a phone shows
what the outbox holds for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path

from sqlalchemy import ColumnElement, func, select, update

from grammar import Diagnosis
from routing.chart import Chart
from routing.model import Act, Actor
from routing.roster import next_handover
from smsgate.domain.messages import MobileOriginated, MoPart
from smsgate.domain.refusals import Refusal
from smsgate.domain.service_number import ServiceNumber
from smsgate.domain.states import Severity
from smsgate.domain.ticket import Facts, Limits, Ticket
from smsgate.service.charts import ChartInForce
from smsgate.service.office import Office
from smsgate.service.ports import Submitted
from smsgate.service.quiet import Quiet
from smsgate.service.requests import Acted, ActRequest, OpenRequest, Receipt
from smsgate.service.rules import HOUR, Rules
from smsgate.store import outbox
from smsgate.store.engine import database_url
from smsgate.store.link_tables import mo_groups
from smsgate.store.part_rows import COMPLETE_WITHIN
from smsgate.store.settling import settle
from smsgate.store.store import Store
from smsgate.store.tables import clocks, codes, hops, mts
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.testing.clock import FrozenClock
from smsgate.workers import long_messages
from smsgate.workers.sweeper import Sweeper

MINUTE = 60_000
NUMBER = ServiceNumber("10657500", 8)

NIGHT = Quiet(time(22), time(7))

LIMITS = {
    Severity.CRITICAL: Limits(15 * MINUTE, 2 * HOUR),
    Severity.MAJOR: Limits(30 * MINUTE, 4 * HOUR),
    Severity.MINOR: Limits(2 * HOUR, 24 * HOUR),
    Severity.WARNING: Limits(8 * HOUR, 72 * HOUR),
}


@dataclass(frozen=True, slots=True)
class Sms:
    """An SMS that a phone shows."""

    id: int
    phone: str
    text: str
    segments: int
    kind: str
    role: str
    source: str | None
    """The number that it came from."""


@dataclass
class Stage:
    """Office, store and clock, with the hands to play every part."""

    store: Store
    charts: ChartInForce
    clock: FrozenClock
    office: Office
    seen: int = 0
    sent: int = field(default=0)

    @classmethod
    def set_up(cls, url: str, chart: Chart, clock: FrozenClock | None = None, language: str = "zh") -> Stage:
        """A stage on a database that may hold something already."""
        clock = clock or FrozenClock()
        charts = ChartInForce(chart)
        rules = Rules(
            limits=LIMITS,
            default_account="simulator",
            sending_accounts=frozenset({"simulator"}),
            language=language,
            numbers={"simulator": NUMBER},
            quiet=NIGHT,
        )
        return cls(Store.open(database_url(url)), charts, clock, Office(charts, rules, clock))

    @classmethod
    def in_folder(cls, folder: Path, chart: Chart, language: str = "zh") -> Stage:
        """A stage on a fresh SQLite file."""
        return cls.set_up(f"sqlite:///{folder / 'stage.db'}", chart, language=language)

    def phone_of(self, who: str) -> str:
        """The first phone of an account; a number as it is."""
        person = self.charts.current.person(who)
        return person.phones[0] if person is not None else who

    def sms(
        self, who: str, text: str, *, thread: str = "", provider_id: str | None = None, sent_at: int | None = None
    ) -> Receipt:
        """Somebody sends an SMS, to our service number with the digits of `thread` behind it."""
        self.sent += 1
        mo = MobileOriginated(
            account="simulator",
            provider_id=f"{self.clock()}-{self.sent}" if provider_id is None else provider_id,
            sender=self.phone_of(who),
            receiver=NUMBER.digits + thread,
            text=text,
            raw=text.encode("utf-8", "surrogatepass"),
            received_at=self.clock(),
            sent_at=sent_at,
        )
        return self.store.writer.write_now(lambda unit: self.office.receive(unit, mo))

    def part(self, who: str, text: str, no: int, total: int, *, thread: str = "", reference: int = 7) -> str:
        """Somebody's phone sends a part of a long SMS; what has become of it."""
        self.sent += 1
        body, at = text.encode("utf-16-be"), self.clock()
        part = MoPart(
            account="simulator",
            sender=self.phone_of(who),
            receiver=NUMBER.digits + thread,
            reference=reference,
            width=8,
            total=total,
            no=no,
            provider_id=f"{at}-{self.sent}",
            body=body,
            charset="ucs2",
            raw=bytes((5, 0, 3, reference, total, no)) + body,
            received_at=at,
        )
        return self.store.writer.write_now(lambda unit: long_messages.take_part(unit, self.office, part, at))

    def open(
        self,
        title: str = "西区基站退服",
        target: str | None = "-核心维护室-话务维护组-wangmin",
        *,
        severity: str = "major",
        text: str = "请处理",
        by: str = "zhoujie",
    ) -> Acted:
        """A dispatcher opens a ticket. Raises AssertionError where that is refused."""
        facts = Facts(title=title, severity=Severity(severity))
        request = OpenRequest(facts, Actor(account=by), target, text)
        done = self.store.writer.write_now(lambda unit: self.office.open(unit, request))
        if not isinstance(done, Acted):
            raise AssertionError(self.office.say(done))
        return done

    def act(
        self, who: str, act: Act, ticket: str, text: str = "", target: str | None = None, hop: int | None = None
    ) -> Acted | Refusal | Diagnosis:
        """Somebody acts through web or API."""
        request = ActRequest(ticket, act, Actor(account=who), text, target, hop)
        return self.store.writer.write_now(lambda unit: self.office.act(unit, request))

    def next_code(self, code: str) -> None:
        """Let the pool have come round: the next ticket gets that code. Raises LookupError where it isn't free."""
        rested = self.clock() - self.office.rules.code_rest
        free = (codes.c.code == code, ~codes.c.taken, codes.c.rested_since <= rested)
        with self.store.engine.begin() as connection:
            if connection.execute(update(codes).where(*free).values(rested_since=-1)).rowcount != 1:
                raise LookupError(f"{code} is no code, in use, or rests")

    def new_sms(self) -> list[Sms]:
        """What phones have got since this was last asked, in order."""
        found = self._sms(mts.c.id > self.seen)
        self.seen = found[-1].id if found else self.seen
        return found

    def deliver(self) -> list[Sms]:
        """What may go out does, and arrives: the SMS that phones get by that, in order."""
        arrived: list[int] = []
        while sent := self.store.writer.write_now(self._send):
            arrived += sent
        return self._sms(mts.c.id.in_(arrived))

    def _sms(self, which: ColumnElement[bool]) -> list[Sms]:
        columns = (mts.c.id, mts.c.phone, mts.c.text, mts.c.segments, mts.c.kind, mts.c.role, mts.c.source)
        with self.store.engine.connect() as connection:
            return [Sms(*row) for row in connection.execute(select(*columns).where(which).order_by(mts.c.id))]

    def _send(self, unit: UnitOfWork) -> list[int]:
        at = self.clock()
        ids = [row.submission.mt_id for row in outbox.lease(unit, "simulator", "stage", at, MINUTE, 500)]
        for mt_id in outbox.begin(unit, ids, "stage", at, MINUTE):
            settle(unit, mt_id, Submitted(f"s{mt_id}"), at)
        return ids

    def sweep(self) -> None:
        """What falls due by now happens."""
        jobs = Sweeper(self.store.writer, self.office, self.clock).jobs
        for job in (*jobs, lambda unit: long_messages.sweep(unit, self.office, self.clock())):
            while self.store.writer.write_now(job):
                pass

    def pass_time(self, milliseconds: int) -> list[Sms]:
        """Let time pass while everything runs: each thing happens at its own moment. The SMS that phones get."""
        until = self.clock() + milliseconds
        arrived = self.deliver()
        while (due := self._next_due()) is not None and due <= until:
            self.clock.reach(due)
            self.sweep()
            arrived += self.deliver()
        self.clock.reach(until)
        self.sweep()
        return arrived + self.deliver()

    def _next_due(self) -> int | None:
        """The next moment at which something is to happen by the clock."""
        queued = mts.c.state == "queued"
        questions = (
            select(func.min(clocks.c.due_at)),
            select(func.min(mts.c.gather_until)).where(queued),
            select(func.min(mts.c.escalate_at)).where(queued),
            select(func.min(mo_groups.c.began_at) + COMPLETE_WITHIN).where(mo_groups.c.state == "open"),
        )
        with self.store.engine.connect() as connection:
            found = [connection.scalar(question) for question in questions]
        return min((at for at in (*found, self._next_handover()) if at is not None and at > self.clock()), default=None)

    def _next_handover(self) -> int | None:
        chart = self.charts.current
        now = datetime.fromtimestamp(self.clock() / 1000, UTC)
        units = (chart.unit(path) for path in chart.walk())
        rosters = [chart.dispatchers.roster, *(unit.roster for unit in units if unit is not None)]
        turns = [turn for roster in rosters if (turn := next_handover(roster, now, chart.time_zone)) is not None]
        return min((int(turn.timestamp() * 1000) for turn in turns), default=None)

    def log(self) -> list[tuple[str | None, str, str | None]]:
        """The transfer log: code, kind, refused."""
        with self.store.engine.connect() as connection:
            rows = connection.execute(select(hops.c.code, hops.c.kind, hops.c.refused).order_by(hops.c.id)).all()
        return [(code, kind, refused) for code, kind, refused in rows]

    def ticket(self, code: str) -> Ticket:
        """The ticket of that code. Raises LookupError."""
        found = self.store.writer.write_now(lambda unit: unit.ticket_by_code(code))
        if found is None:
            raise LookupError(code)
        return found

    def close(self) -> None:
        """Take it down."""
        self.store.close()
