"""A day at a bad gateway, in simulated time: what engineers send takes effect once, whatever the gateway does.

Sessions come and go, answers get lost and messages come again, long ones in any order over two connections, our process
is killed and starts anew; receipts come early, late, twice and in another base. The clock is the test's.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from smsgate.domain.messages import MobileOriginated, MoPart, MtState
from smsgate.service.ports import DeliveryReport, SendResult, Submitted, UnknownOutcome
from smsgate.store import outbox
from smsgate.store.settling import settle
from smsgate.store.tables import hops, mos, mts
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.testing.stage import NUMBER
from smsgate.workers.inbox import LinkInbox
from tests.test_links.house import ACCOUNT, House

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
PEOPLE = {
    "wangmin": "-核心维护室-话务维护组-wangmin",
    "helijia": "-核心维护室-话务维护组-helijia",
    "liuyang": "-核心维护室-交换维护组-liuyang",
    "shanlei": "-核心维护室-信令监测组-shanlei",
}


@dataclass
class Day:
    """The gateway and its phones. `ids`: whether each delivery has an id of its own (CMPP)."""

    house: House
    chance: random.Random
    ids: bool
    said: Counter[str] = field(default_factory=Counter)
    sessions: list[str] = field(default_factory=list)
    unanswered: list[MobileOriginated | MoPart] = field(default_factory=list)
    """What the gateway had no answer to when the session broke: it comes again on the next."""
    receipts: list[DeliveryReport] = field(default_factory=list)
    late: list[tuple[int, Submitted]] = field(default_factory=list)
    numbers: int = 0

    def begin(self) -> None:
        """Everybody has a ticket; two sessions are bound."""
        self.codes = {account: self.house.stage.open(target=target).ticket.code for account, target in PEOPLE.items()}
        for _ in range(2):
            self.bind()

    def bind(self) -> None:
        """A session is logged in; what is owed is brought first."""
        self.numbers += 1
        self.sessions.append(f"session-{self.numbers}")
        self.house.do(self.house.inbox.session_opened(ACCOUNT, self.sessions[-1]))
        owed, self.unanswered = self.unanswered, []
        for one in owed:
            self.bring(one._replace(session=None if self.ids else self.sessions[-1]))

    def break_one(self, which: str | None = None) -> None:
        """A session ends, that one or any; another begins."""
        ended = which if which in self.sessions else self.chance.choice(self.sessions)
        self.sessions.remove(ended)
        self.house.do(self.house.inbox.session_ended(ACCOUNT, ended))
        self.bind()

    def kill(self) -> None:
        """Our process dies with all its sessions; another starts on the same host."""
        self.numbers += 1
        self.house.inbox = self.house.node(f"here:1:{self.numbers}")
        self.sessions.clear()
        for _ in range(2):
            self.bind()

    def bring(self, one: MobileOriginated | MoPart) -> None:
        """A delivery; now and then its answer gets lost, and it is owed."""
        inbox: LinkInbox = self.house.inbox
        self.house.do(inbox.take_part(one) if isinstance(one, MoPart) else inbox.take_mo(one))
        if self.chance.random() < 0.2:
            self.unanswered.append(one)
            self.break_one(one.session)

    def speak(self) -> None:
        """Somebody reports progress, in one SMS or in several."""
        who = self.chance.choice(sorted(PEOPLE))
        self.numbers += 1
        long = self.chance.random() < 0.4
        opinion = f"第{self.numbers}次" + ("现场情况" * self.chance.randint(20, 45) if long else "")
        self.said[opinion] += 1
        text = f"JDFK{self.codes[who]}#{opinion}"
        ident = str(self.numbers)
        if not long:
            mo = self.house.mo(text, self._session(), who=who, receiver=NUMBER.digits + self.codes[who])
            self.bring(mo._replace(provider_id=ident if self.ids else ""))
            return
        octets = text.encode("utf-16-be")
        bodies = [octets[at : at + 134] for at in range(0, len(octets), 134)]
        parts = self.house.parts(bodies, who=who, reference=self.numbers % 256)
        self.chance.shuffle(parts)
        for part in parts:
            self.bring(part._replace(provider_id=f"{ident}.{part.no}" if self.ids else "", session=self._session()))

    def send(self) -> None:
        """The lane sends what waits; receipts and late answers are for later, or have come before."""
        ids = self.house.stage.store.writer.write_now(self._begin)
        for mt_id, phone in ids:
            self._answer(mt_id, phone)

    def _begin(self, unit: UnitOfWork) -> list[tuple[int, str]]:
        at = self.house.stage.clock()
        leased = outbox.lease(unit, ACCOUNT, "day", at, MINUTE, 500)
        begun = outbox.begin(unit, [row.submission.mt_id for row in leased], "day", at, MINUTE)
        return [(row.submission.mt_id, row.submission.phone) for row in leased if row.submission.mt_id in begun]

    def _answer(self, mt_id: int, phone: str) -> None:
        at, ident = self.house.stage.clock(), 1_000_000_000 + mt_id
        spelt = f"{ident:x}" if self.chance.random() < 0.5 else str(ident)
        word = self.chance.choices([MtState.DELIVERED, MtState.FAILED, MtState.SENT], [8, 1, 1])[0]
        report = DeliveryReport(ACCOUNT, spelt, word, at, phone=phone)
        answer = Submitted(str(ident))
        result: SendResult = answer
        fate = self.chance.random()
        if fate < 0.1:
            result = UnknownOutcome("the connection broke")
            if fate < 0.05:
                self.late.append((mt_id, answer))
        elif fate < 0.3:
            self.house.do(self.house.inbox.take_report(report))
        self.house.stage.store.writer.write_now(lambda unit: settle(unit, mt_id, result, at))
        if result is answer:
            self.receipts += [report] * self.chance.randint(1, 2)

    def catch_up(self) -> None:
        """Receipts and late answers that are due."""
        self.chance.shuffle(self.receipts)
        for _ in range(min(len(self.receipts), 5)):
            self.house.do(self.house.inbox.take_report(self.receipts.pop()))
        while self.late and self.chance.random() < 0.5:
            self.house.do(self.house.inbox.take_late(*self.late.pop()))

    def _session(self) -> str | None:
        return None if self.ids else self.chance.choice(self.sessions)


@pytest.mark.parametrize("ids", [False, True], ids=["smpp", "cmpp"])
@pytest.mark.parametrize("hours", [pytest.param(1, id="an hour"), pytest.param(24, id="a day", marks=pytest.mark.long)])
def test_a_day_at_a_bad_gateway(house: House, ids: bool, hours: int) -> None:
    """Each report stands in the log once; no MT is left half sent; what was answered has its receipt's state."""
    day = Day(house, random.Random(hours * 2 + ids), ids)
    day.begin()
    until = house.stage.clock() + hours * HOUR
    while house.stage.clock() < until:
        house.stage.clock.go_on(seconds=day.chance.randint(5, 90))
        act = day.chance.random()
        if act < 0.7:
            day.speak()
        elif act < 0.75:
            day.kill()
        elif act < 0.85:
            day.break_one()
        house.stage.sweep()
        house.look()
        day.send()
        day.catch_up()
    while day.receipts or day.late:
        day.catch_up()
    for _ in range(6):
        day.break_one()  # what is still owed
    house.stage.clock.go_on(seconds=40 * 60)
    house.look()
    with house.stage.store.engine.connect() as connection:
        found = select(hops.c.opinion).where(hops.c.kind == "progress", hops.c.refused.is_(None))
        assert Counter(connection.scalars(found)) == day.said
        assert set(connection.scalars(select(mos.c.state))) <= {"applied", "duplicate"}
        states = Counter(connection.scalars(select(mts.c.state)))
    assert states["sending"] == 0
    assert states["delivered"] > states["failed"] > 0
    assert states["unknown"] > 0
    assert house.groups() == [] or {state for state, _ in house.groups()} <= {"whole", "repeat"}
