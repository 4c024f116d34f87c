"""All of smsgate but its web: a database, the office, the writer, a dispatcher, one link, and the gateway beyond it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import func, select

from routing.model import Actor
from smsgate.accounts import CmppAccount, SmppAccount
from smsgate.clock import now
from smsgate.domain.service_number import ServiceNumber
from smsgate.domain.states import Severity
from smsgate.domain.ticket import Facts
from smsgate.providers.carrier import CarrierLink, make_cmpp, make_smpp
from smsgate.sample import sample_chart
from smsgate.service.charts import ChartInForce
from smsgate.service.office import Office
from smsgate.service.requests import Acted, OpenRequest
from smsgate.service.retry import Policy
from smsgate.service.rules import Rules
from smsgate.simulate import Gateway
from smsgate.store.engine import database_url
from smsgate.store.store import Store
from smsgate.store.tables import hops, mos, mts
from smsgate.testing.stage import LIMITS
from smsgate.workers.dispatcher import Dispatcher
from smsgate.workers.inbox import LinkInbox

SERVICE = "10657500"
PEOPLE = {
    "wangmin": "-核心维护室-话务维护组-wangmin",
    "liuyang": "-核心维护室-交换维护组-liuyang",
    "shanlei": "-核心维护室-信令监测组-shanlei",
}
"""Each with a ticket and a phone of their own."""
PROMPT: dict[str, Any] = {
    "reconnect_seconds": 0.01, "reconnect_longest_seconds": 0.02, "refused_seconds": 0.05,
    "refused_longest_seconds": 0.05, "response_seconds": 0.4, "heartbeat_seconds": 0.3, "heartbeat_wait_seconds": 0.2,
    "heartbeat_tries": 2, "connect_seconds": 0.5,
}  # fmt: skip
"""Times of a link that has no time."""


@dataclass
class Whole:
    """All of it."""

    gateway: Gateway
    store: Store
    office: Office
    link: CarrierLink
    dispatcher: Dispatcher

    def open(self, account: str) -> str:
        """A ticket for somebody, who is told by SMS; its code."""
        request = OpenRequest(
            Facts("西区基站退服", Severity.MAJOR), Actor(account="zhoujie"), PEOPLE[account], "请处理"
        )
        done = self.store.writer.write_now(lambda unit: self.office.open(unit, request))
        assert isinstance(done, Acted)
        return done.ticket.code

    def phone(self, account: str) -> str:
        """Digits, as a carrier writes them."""
        person = sample_chart().person(account)
        assert person is not None
        return person.phones[0].removeprefix("+")

    def states(self) -> Counter[str]:
        """Of all MTs."""
        with self.store.engine.connect() as connection:
            return Counter(connection.scalars(select(mts.c.state)))

    def texts(self, *states: str) -> list[tuple[str, str, str]]:
        """Source, phone and text of the MTs that stand so, the oldest first."""
        with self.store.engine.connect() as connection:
            rows = connection.execute(
                select(mts.c.source, mts.c.phone, mts.c.text).where(mts.c.state.in_(states)).order_by(mts.c.id)
            )
            return [(source or SERVICE, phone.removeprefix("+"), text) for source, phone, text in rows]

    def mo_states(self) -> Counter[str]:
        """Of all MOs."""
        with self.store.engine.connect() as connection:
            return Counter(connection.scalars(select(mos.c.state)))

    def hops(self, kind: str) -> int:
        """How many of a kind there are."""
        with self.store.engine.connect() as connection:
            return connection.scalar(select(func.count()).where(hops.c.kind == kind, hops.c.refused.is_(None))) or 0

    async def come_to(self, expected: dict[str, int], within: float = 60) -> None:
        """Until all MTs stand as expected, and a moment longer, to see that they stay."""
        try:
            async with asyncio.timeout(within):
                while self.states() != expected:  # noqa: ASYNC110 - the database tells nobody
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"{dict(self.states())}, and not {expected}: {self.link.links()}") from None
        await asyncio.sleep(0.1)
        assert self.states() == expected


@asynccontextmanager
async def whole(protocol: str, folder: Path, *, spoken: str = "", **account: Any) -> AsyncIterator[Whole]:
    """It runs until the block ends."""
    gateway = Gateway.smpp() if protocol == "smpp" else Gateway.cmpp(version=spoken)
    async with gateway:
        link = _link(protocol, gateway, PROMPT | account)
        rules = Rules(LIMITS, "link", frozenset({"link"}), numbers={"link": ServiceNumber(SERVICE, 8)})
        office = Office(ChartInForce(sample_chart()), rules, now)
        store = Store.open(database_url(f"sqlite:///{folder / 'whole.db'}"))
        dispatcher = Dispatcher(store.writer, {"link": link}, lease=90_000, policy=Policy(first=200)).start()
        link.on_bound = dispatcher.lanes["link"].link_up
        inbox = LinkInbox(store.writer, office)
        running = [asyncio.create_task(link.run(inbox)), asyncio.create_task(inbox.run())]
        try:
            yield Whole(gateway, store, office, link, dispatcher)
        finally:
            gateway.faults.clear()
            await dispatcher.stop(within=2)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            store.close()


def _link(protocol: str, gateway: Gateway, account: dict[str, Any]) -> CarrierLink:
    given = {"host": "127.0.0.1", "port": gateway.port, "service_number": SERVICE, "extension_digits": 8, **account}
    secret = SecretStr(gateway.login.secret)
    if protocol == "smpp":
        smpp = SmppAccount(kind="smpp", system_id=gateway.login.name, password=secret, **given)
        return make_smpp("link", smpp, "")
    cmpp = CmppAccount(kind="cmpp", sp_id=gateway.login.name, shared_secret=secret, **given)
    return make_cmpp("link", cmpp, "")
