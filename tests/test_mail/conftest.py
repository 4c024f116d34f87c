"""A house with a mail account: its door, its lane, and the mail server that takes what it sends."""

from __future__ import annotations

import asyncio
import email
import smtplib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import UnthreadedController
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select

from routing.model import Actor
from smsgate.accounts import Alarm, EmailAccount
from smsgate.clock import now
from smsgate.domain.service_number import ServiceNumber
from smsgate.domain.states import Severity
from smsgate.domain.ticket import Facts
from smsgate.mail import MailDoor
from smsgate.providers.email import make_email
from smsgate.sample import sample_chart
from smsgate.service.charts import ChartInForce
from smsgate.service.office import Office
from smsgate.service.requests import Acted, OpenRequest
from smsgate.service.rules import Rules
from smsgate.store.engine import database_url
from smsgate.store.store import Store
from smsgate.store.tables import codes, dlrs, mos, mts, tickets
from smsgate.testing.stage import LIMITS
from smsgate.workers.dispatcher import Dispatcher

WANGMIN = "13910000002@139.com"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A house's database, on SQLite, then on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'mail.db'}"
    return str(request.getfixturevalue("postgres_database"))


@dataclass
class Server:
    """A mail server of the house: keeps what it takes, and refuses what it is told to."""

    taken: list[tuple[str, str, Message]] = field(default_factory=list)
    rcpt: str = "250 OK"
    data: str = "250 OK"
    cut: bool = False
    """Break the connection instead of the answer to the mail."""

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """A recipient."""
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """A mail."""
        if self.data.startswith("250"):
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            self.taken.append((envelope.mail_from or "", envelope.rcpt_tos[0], email.message_from_bytes(content)))
        if self.cut and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return self.data


def text_of(mail: Message) -> str:
    """What it says."""
    payload = mail.get_payload(decode=True)
    return payload.decode().strip() if isinstance(payload, bytes) else ""


@dataclass
class House:
    """All of it."""

    door: MailDoor
    server: Server
    store: Store
    office: Office
    counts: Counter[tuple[str, str]]

    def open(self, target: str = "-核心维护室-话务维护组-wangmin") -> str:
        """A ticket; its code."""
        request = OpenRequest(Facts("西区基站退服", Severity.MAJOR), Actor(account="zhoujie"), target, "请处理")
        done = self.store.writer.write_now(lambda unit: self.office.open(unit, request))
        assert isinstance(done, Acted)
        return done.ticket.code

    async def post(self, raw: bytes, sender: str = WANGMIN, to: str = "ticket@noc.example") -> tuple[int, str]:
        """Another server hands a mail over: what it is answered at last."""
        return await asyncio.to_thread(self._post, raw, sender, to)

    def _post(self, raw: bytes, sender: str, to: str) -> tuple[int, str]:
        with smtplib.SMTP("127.0.0.1", self.door.port, timeout=10) as client:
            client.ehlo("peer")
            for code, said in (client.mail(sender), client.rcpt(to)):
                if code >= 400:
                    return code, said.decode()
            code, said = client.data(raw)
            return code, said.decode()

    def mos(self) -> list[tuple[Any, ...]]:
        """Sender, receiver, text, state and detail of what has come."""
        query = select(mos.c.sender, mos.c.receiver, mos.c.text, mos.c.state, mos.c.detail).order_by(mos.c.id)
        with self.store.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def tickets(self) -> list[tuple[str, str]]:
        """Number and code of each."""
        with self.store.engine.connect() as connection:
            rows = connection.execute(select(tickets.c.number, tickets.c.code).order_by(tickets.c.id))
            return [(number, code) for number, code in rows]

    def codes_taken(self) -> set[str]:
        """The codes that no ticket to come can have."""
        with self.store.engine.connect() as connection:
            return set(connection.scalars(select(codes.c.code).where(codes.c.taken)))

    def mt_errors(self) -> list[str]:
        """What operators read of those that did not go out."""
        with self.store.engine.connect() as connection:
            return [str(error) for error in connection.scalars(select(mts.c.error)) if error]

    def parked(self) -> int:
        """Receipts that no MT is known of."""
        with self.store.engine.connect() as connection:
            return len(connection.execute(select(dlrs.c.id).where(dlrs.c.mt_id.is_(None))).all())

    def mt_states(self) -> Counter[str]:
        """Of what goes out."""
        with self.store.engine.connect() as connection:
            return Counter(connection.scalars(select(mts.c.state)))


def settings(port: int, **other: Any) -> EmailAccount:
    """An account, its server on that port."""
    given: dict[str, Any] = {
        "kind": "email", "host": "127.0.0.1", "port": port, "security": "none", "address": "ticket@noc.example",
        "gateways": [{"prefixes": ["+86"], "address": "{national}@139.com", "subject": "工单{code}"}],
        "door": {"listen": "127.0.0.1:0", "recipients": ["ticket@noc.example"], "peers": ["127.0.0.0/8"],
                 "senders": ["*@139.com", "*@example.com", "alarm@nms.example"]},
    }  # fmt: skip
    return EmailAccount.model_validate(given | other)


@asynccontextmanager
async def house(where: Path | str, *alarms: Alarm, **other: Any) -> AsyncIterator[House]:
    """It runs until the block ends; `where`: a folder, or a database's URL."""
    server = Server()
    controller = UnthreadedController(server, "127.0.0.1", 0, loop=asyncio.get_running_loop())
    listening = await asyncio.get_running_loop().create_server(controller.factory, "127.0.0.1", 0)
    account = settings(listening.sockets[0].getsockname()[1], **other)
    number = ServiceNumber(account.service_number, account.extension_digits)
    office = Office(ChartInForce(sample_chart()), Rules(LIMITS, "mail", frozenset({"mail"}), numbers={"mail": number}),
                    now)  # fmt: skip
    store = Store.open(database_url(where if isinstance(where, str) else f"sqlite:///{where / 'mail.db'}"))
    counts: Counter[tuple[str, str]] = Counter()
    door = MailDoor("mail", account, alarms, store.writer, office, sample_chart, counts)
    dispatcher = Dispatcher(store.writer, {"mail": make_email("mail", account, "")}).start()
    await door.listen()
    try:
        yield House(door, server, store, office, counts)
    finally:
        await door.close()
        await dispatcher.stop(within=2)
        listening.close()
        store.close()
