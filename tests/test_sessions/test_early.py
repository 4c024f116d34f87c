"""What a gateway says before it has answered the login."""

from __future__ import annotations

import asyncio
from types import ModuleType
from typing import Any

import pytest

from smsgate.carriers.codec import cmpp20, cmpp30, smpp34
from smsgate.carriers.session.cmpp import CmppDialect
from smsgate.carriers.session.requests import Gauges
from smsgate.carriers.session.rules import SessionRules
from smsgate.carriers.session.session import Session
from smsgate.carriers.session.smpp import SmppDialect
from tests.test_sessions.conftest import BIND, Keeping
from tests.test_sessions.gateway import listening
from tests.test_sessions.test_session import DELIVER

EARLY: dict[ModuleType, tuple[Any, Any, Any, Any]] = {
    smpp34: (DELIVER, smpp34.DeliverSmResp(), smpp34.EnquireLink(), smpp34.EnquireLinkResp()),
    cmpp20: (cmpp20.Deliver(7), cmpp20.DeliverResp(7), cmpp20.ActiveTest(), cmpp20.ActiveTestResp()),
    cmpp30: (cmpp30.Deliver(7), cmpp30.DeliverResp(7), cmpp30.ActiveTest(), cmpp30.ActiveTestResp()),
}
"""A delivery and its answer, a test of the link and its answer."""


@pytest.mark.parametrize("codec", [smpp34, cmpp20, cmpp30])
async def test_what_comes_before_the_answer_to_the_login_waits_for_it(codec: ModuleType) -> None:
    """Some gateways begin at once: nothing is lost, nothing is answered before they have let us in."""
    deliver, kept, test, tested = EARLY[codec]
    async with listening(codec) as gateway:
        owner = Keeping(answer=kept)
        owner.gate.set()
        dialect: Any = SmppDialect(BIND) if codec is smpp34 else CmppDialect("900001", b"geheim", 0x30, 1)
        session = Session("s-1", dialect, SessionRules(), owner, Gauges())
        await asyncio.get_running_loop().create_connection(lambda: session, "127.0.0.1", gateway.port)
        login = asyncio.create_task(session.login())
        line = await gateway.line()
        asked = await line.hear()
        line.say(deliver, 7)
        line.say(test, 8)
        assert await line.silence()
        line.say(smpp34.BindTransceiverResp() if codec is smpp34 else codec.ConnectResp(0), asked.sequence)
        await login
        assert owner.taken == []
        session.begin()
        heard = {packet.sequence: packet.pdu for packet in [await line.hear(), await line.hear()]}
        assert heard == {7: kept, 8: tested}
        assert owner.taken == [deliver]
        session.abort("the test is over")


async def test_what_cannot_be_read_before_the_answer_to_the_login() -> None:
    """It is no answer: the login goes on, and the octets are kept."""
    async with listening(smpp34) as gateway:
        owner = Keeping()
        session = Session("s-1", SmppDialect(BIND), SessionRules(), owner, Gauges())
        await asyncio.get_running_loop().create_connection(lambda: session, "127.0.0.1", gateway.port)
        login = asyncio.create_task(session.login())
        line = await gateway.line()
        asked = await line.hear()
        line.say_octets(bytes.fromhex("00000011000000050000000000000009ff"))
        line.say(smpp34.BindTransceiverResp(), asked.sequence)
        await login
        session.begin()
        assert (await line.hear(smpp34.DeliverSmResp)).sequence == 9
        assert len(owner.unread) == 1
        session.abort("the test is over")
