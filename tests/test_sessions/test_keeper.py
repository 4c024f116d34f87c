"""A connection that is kept up: what it does when the gateway will not, and how it stands meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from smsgate.carriers.codec import cmpp20, cmpp30, smpp34
from smsgate.carriers.codec.cmpp.login import authenticator_ismg, authenticator_source
from smsgate.carriers.session.cmpp import CmppDialect
from smsgate.carriers.session.dialect import Dialect
from smsgate.carriers.session.keeper import Keeper, Place
from smsgate.carriers.session.rules import Backoff, SessionRules
from smsgate.carriers.session.session import Session
from smsgate.carriers.session.smpp import SmppDialect
from smsgate.service.links import LinkState
from tests.test_sessions.conftest import BIND, Keeping
from tests.test_sessions.gateway import Line, Listening, eventually, listening

SECRET = b"shared"


@dataclass
class Owner(Keeping):
    """Notes what it is told of sessions, in order."""

    story: list[str] = field(default_factory=list)
    deaf: bool = False
    """Can't be told of a session's end."""

    async def opened(self, session: Session) -> None:
        """A session."""
        self.story.append(f"opened {session.name[:3]}")

    def bound(self) -> None:
        """It can be used."""
        self.story.append("bound")

    async def over(self, session: Session) -> None:
        """It has ended."""
        if self.deaf:
            await asyncio.Event().wait()
        self.story.append(f"over {session.name[:3]}")


@asynccontextmanager
async def kept(
    gateway: Listening, dialect: Dialect, *, refused: float = 0.01, rules: SessionRules | None = None
) -> AsyncIterator[tuple[Keeper, Owner]]:
    """A keeper at work."""
    owner = Owner()
    owner.gate.set()
    backoff = (Backoff(0.01, 0.05, lambda: 0), Backoff(refused, refused, lambda: 1))
    keeper = Keeper(
        "acc", 1, "both", Place("127.0.0.1", gateway.port, 5), rules or SessionRules(farewell=0.2), backoff,
        lambda: dialect, owner, lambda: 1_000,
    )  # fmt: skip
    task = asyncio.create_task(keeper.run())
    try:
        yield keeper, owner
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def let_in(line: Line) -> None:
    """The gateway takes the bind."""
    line.say(smpp34.BindTransceiverResp(), (await line.hear(smpp34.BindTransceiver)).sequence)


async def until(keeper: Keeper, state: LinkState) -> None:
    """It comes to stand so, and if it is to wait, it knows how long."""
    waits = state in (LinkState.REFUSED, LinkState.WAITING)
    await eventually(lambda: keeper.state is state and (not waits or keeper.status.next_try is not None))


async def test_a_connection_that_breaks_comes_again_under_another_name() -> None:
    """The house hears of each session's beginning before its messages, and of its end."""
    async with listening(smpp34) as gateway, kept(gateway, SmppDialect(BIND)) as (keeper, owner):
        await let_in(first := await gateway.line())
        await until(keeper, LinkState.BOUND)
        name = keeper.session.name if keeper.session else ""
        first.cut()
        await let_in(await gateway.line())
        await until(keeper, LinkState.BOUND)
        assert keeper.session is not None
        assert keeper.session.name != name
        assert owner.story == ["opened acc", "bound", "over acc", "opened acc", "bound"]
        assert keeper.status.logins == 2


async def test_a_refused_bind_waits_longer_and_says_why() -> None:
    """An SMSC locks accounts that try again and again."""
    async with listening(smpp34) as gateway, kept(gateway, SmppDialect(BIND), refused=9) as (keeper, owner):
        line = await gateway.line()
        line.say(smpp34.BindTransceiverResp(status=0x0E, system_id=None), (await line.hear()).sequence)
        await until(keeper, LinkState.REFUSED)
        status = keeper.status
        assert status.why == "the gateway refuses the bind: 0xe password is invalid"
        assert status.next_try == 1_000 + 9_000
        assert keeper.session is None
        assert owner.story == []


async def test_nobody_listens() -> None:
    """It says so, and goes on trying."""
    async with listening(smpp34) as gateway:
        pass
    async with kept(gateway, SmppDialect(BIND)) as (keeper, _):
        await until(keeper, LinkState.WAITING)
        assert keeper.why == "the gateway does not take connections: nobody listens there"


async def test_a_gateway_that_says_nothing_to_the_login() -> None:
    """The time for the login is limited."""
    rules = SessionRules(login=0.05)
    async with listening(smpp34) as gateway, kept(gateway, SmppDialect(BIND), rules=rules) as (keeper, _):
        await (await gateway.line()).hear(smpp34.BindTransceiver)
        await until(keeper, LinkState.WAITING)
        assert keeper.why == "the gateway did not answer in time"


async def test_a_stranger_at_the_other_end() -> None:
    """Something that isn't SMPP."""
    async with listening(smpp34) as gateway, kept(gateway, SmppDialect(BIND)) as (keeper, _):
        (await gateway.line()).say_octets(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await until(keeper, LinkState.WAITING)
        assert "can't be read" in keeper.why


async def test_told_to_stop_it_unbinds() -> None:
    """And is closed."""
    async with listening(smpp34) as gateway:
        async with kept(gateway, SmppDialect(BIND)) as (keeper, owner):
            await let_in(line := await gateway.line())
            await until(keeper, LinkState.BOUND)
        goodbye = await line.hear(smpp34.Unbind)
        assert goodbye is not None
        assert keeper.state is LinkState.CLOSED
        assert owner.story[-1] == "over acc"


async def test_told_to_stop_while_the_database_is_away_it_stops() -> None:
    """Who can't be told of the session's end doesn't keep it from ending."""
    async with asyncio.timeout(10), listening(smpp34) as gateway:
        async with kept(gateway, SmppDialect(BIND)) as (keeper, owner):
            await let_in(await gateway.line())
            await until(keeper, LinkState.BOUND)
            owner.deaf = True
        assert keeper.state is LinkState.CLOSED
        assert owner.story == ["opened acc", "bound"]


@pytest.mark.parametrize(
    ("asked", "codec", "spoken", "odd"),
    [
        (0x30, cmpp30, "cmpp30", ""),
        (0x20, cmpp20, "cmpp20", ""),
        (0x30, cmpp20, "cmpp20", "it speaks cmpp20 and was asked for cmpp30"),
        (0x20, cmpp30, "cmpp30", "it speaks cmpp30 and was asked for cmpp20"),
    ],
)
async def test_the_gateways_answer_says_which_cmpp_is_spoken(asked: int, codec: Any, spoken: str, odd: str) -> None:
    """Whatever was asked for (cmpp.md 3)."""
    dialect = CmppDialect("900001", SECRET, asked, 1128070000)
    async with listening(codec) as gateway, kept(gateway, dialect) as (keeper, _):
        line = await gateway.line()
        connect = await line.hear(cmpp20.Connect)
        assert connect.pdu.authenticator_source == authenticator_source("900001", SECRET, 1128070000)
        digest = authenticator_ismg(0, codec.STATUS_WIDTH, connect.pdu.authenticator_source, SECRET)
        line.say(codec.ConnectResp(0, digest, 0x30), connect.sequence)
        await until(keeper, LinkState.BOUND)
        assert (keeper.status.version, keeper.why) == (spoken, odd)


async def test_a_gateway_that_does_not_know_our_secret_is_refused_where_that_is_set() -> None:
    """Most that one meets fill the field with anything; strict_login is for those that don't."""
    dialect = CmppDialect("900001", SECRET, 0x30, 1, strict=True)
    async with listening(cmpp30) as gateway, kept(gateway, dialect, refused=9) as (keeper, _):
        line = await gateway.line()
        line.say(cmpp30.ConnectResp(0, bytes(16), 0x30), (await line.hear()).sequence)
        await until(keeper, LinkState.REFUSED)
        assert keeper.why == "its AuthenticatorISMG is not made with our secret, and strict_login is set"
