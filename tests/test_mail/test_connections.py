"""Connections to the mail server are kept, whatever the server thinks of that: each mail arrives once, or its outcome
is what it would be on a connection of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from smsgate.providers.email import EmailProvider
from smsgate.service.ports import ProviderError, SendResult, Submission, Submitted, UnknownOutcome
from tests.test_mail.conftest import settings
from tests.test_sessions.gateway import eventually

ACCOUNT: dict[str, Any] = {"username": "smsgate", "password": "geheim"}


@dataclass
class House:
    """A mail server with a mood, and what it has seen."""

    mood: str = ""
    """What it does to a mail, or behind it."""
    patience: int = 1
    """Mails of a connection that it takes before."""
    opened: int = 0
    goodbyes: int = 0
    logins: int = 0
    taken: list[str] = field(default_factory=list)
    """Message-IDs."""
    lines: set[_Moody] = field(default_factory=set)

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _how: str, said: Any) -> AuthResult:
        """One login."""
        self.logins += 1
        return AuthResult(success=isinstance(said, LoginPassword) and said.password == b"geheim", handled=False)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """A mail."""
        octets = envelope.content if isinstance(envelope.content, bytes) else b""
        found = [line for line in octets.decode().splitlines() if line.startswith("Message-ID:")]
        self.taken.append(found[0].partition(": ")[2])
        return "250 kept"


class _Moody(SMTP):
    """One connection."""

    def __init__(self, house: House) -> None:
        super().__init__(house, hostname="moody", authenticator=house.authenticate, auth_require_tls=False)
        self._house, self._mails = house, 0
        house.opened += 1
        house.lines.add(self)

    def _is(self, mood: str) -> bool:
        return self._mails >= self._house.patience and self._house.mood == mood

    def hang_up(self) -> None:
        """Without a word."""
        if self.transport is not None:
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self._house.lines.discard(self)
        super().connection_lost(error)

    def _tire(self) -> None:
        if self.transport is not None:
            self.transport.write(b"421 4.4.2 idle\r\n")  # type: ignore[attr-defined]
            self.hang_up()

    async def _say(self, last: str) -> None:
        await super().push(last)
        self.hang_up()

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        if self._is("421 to MAIL"):
            await self._say("421 4.7.0 that was enough")
        elif self._is("452 to MAIL"):
            await self.push("452 4.5.3 too many mails for one connection")
        elif self._is("silent to MAIL"):
            await asyncio.Event().wait()
        elif self._is("hangs up at MAIL"):
            self.hang_up()
        else:
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        if self._is("550 to RCPT"):
            await self.push("550 5.1.1 nobody")
        elif self._is("silent to RCPT"):
            await asyncio.Event().wait()
        elif self._is("hangs up at RCPT"):
            self.hang_up()
        else:
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if self._is("452 to DATA"):
            await self.push("452 4.3.1 full")
            return
        await super().smtp_DATA(arg)
        self._mails += 1

    async def push(self, status: Any) -> None:
        mood = self._house.mood
        if status != "250 kept":
            await super().push(status)
        elif self._is("hangs up for an answer"):
            self.hang_up()
        elif self._is("silent for an answer"):
            await asyncio.Event().wait()
        elif mood == "says it twice":
            await super().push("250 kept\r\n250 kept")
        elif mood == "421 behind it":
            await super().push("250 kept\r\n421 4.4.2 goodbye")
        elif mood == "421 a little later":
            await super().push("250 kept")
            asyncio.get_running_loop().call_later(0.05, self._tire)
        elif mood == "hangs up behind it":
            await self._say("250 kept")
        else:
            await super().push(status)

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802
        self._house.goodbyes += 1
        if self._house.mood == "silent to QUIT":
            await asyncio.Event().wait()
        await super().smtp_QUIT(arg)


@asynccontextmanager
async def sending(mood: str = "", **other: Any) -> AsyncIterator[tuple[House, EmailProvider]]:
    """A provider, and its server in that mood."""
    house = House(mood)
    listening = await asyncio.get_running_loop().create_server(lambda: _Moody(house), "127.0.0.1", 0)
    account = settings(listening.sockets[0].getsockname()[1], **{"timeout_seconds": 5, **other})
    provider = EmailProvider("mail", account)
    try:
        yield house, provider
    finally:
        await provider.close()
        listening.close()
        for line in tuple(house.lines):
            line.hang_up()


def mt(number: int) -> Submission:
    """One."""
    return Submission(number, "+8613910000002", f"text {number}", "gsm7", 1)


async def in_turn(provider: EmailProvider, count: int) -> list[SendResult]:
    """So many, one after the other."""
    return [await provider.send(mt(number)) for number in range(1, count + 1)]


def ids(results: list[SendResult]) -> list[str]:
    """Those of what was sent."""
    return [result.provider_id for result in results if isinstance(result, Submitted)]


async def test_one_connection_for_all_that_follow_each_other() -> None:
    """It is kept open, and ended with a goodbye."""
    async with sending() as (house, provider):
        results = await in_turn(provider, 4)
        assert (house.opened, house.goodbyes, house.taken) == (1, 0, ids(results))
        await provider.close()
        assert house.goodbyes == 1
    assert len(set(house.taken)) == 4


@pytest.mark.parametrize(
    ("mood", "other"),
    [
        ("421 to MAIL", {}),
        ("452 to MAIL", {}),
        ("hangs up at MAIL", {}),
        ("silent to MAIL", {"timeout_seconds": 0.5}),
        ("says it twice", {}),
        ("421 behind it", {}),
        ("hangs up behind it", {}),
    ],
)
async def test_a_server_that_serves_one_mail_a_connection(mood: str, other: dict[str, Any]) -> None:
    """However it says so: each mail goes out once, in order, over a new one."""
    async with sending(mood, **other) as (house, provider):
        results = await in_turn(provider, 3)
        assert len(ids(results)) == 3
        assert house.taken == ids(results)
        assert house.opened == 3


async def test_a_server_that_hangs_up_while_nothing_is_sent() -> None:
    """With a 421 that nobody has asked for: the next mail does not notice."""
    async with sending("421 a little later") as (house, provider):
        first = await in_turn(provider, 1)
        await eventually(lambda: not house.lines)
        second = [await provider.send(mt(2))]
        assert house.taken == ids(first + second)
        assert house.opened == 2


@pytest.mark.parametrize(
    ("mood", "expected"),
    [
        ("550 to RCPT", ProviderError("550", "", retryable=False)),
        ("silent to RCPT", ProviderError("link", "", retryable=True, link_down=True)),
        ("hangs up at RCPT", ProviderError("link", "", retryable=True, link_down=True)),
        ("452 to DATA", ProviderError("452", "", retryable=True, throttled=True)),
        ("hangs up for an answer", UnknownOutcome("")),
        ("silent for an answer", UnknownOutcome("")),
    ],
)
@pytest.mark.parametrize("keep", [0, 30])
async def test_what_became_of_a_mail_that_was_begun(mood: str, expected: SendResult, keep: int) -> None:
    """The same on a connection that was kept as on one of its own; it is not begun again, and the next goes out."""
    async with sending(mood, keep_seconds=keep, timeout_seconds=0.5) as (house, provider):
        await provider.send(mt(1))
        if not keep:
            house.patience = 0
        result = await provider.send(mt(2))
        assert house.opened == (1 if keep else 2)
        assert type(result) is type(expected)
        if isinstance(result, ProviderError) and isinstance(expected, ProviderError):
            assert (result.code, result.retryable, result.throttled, result.link_down) == (
                expected.code, expected.retryable, expected.throttled, expected.link_down,
            )  # fmt: skip
        assert len(house.taken) == (2 if isinstance(result, UnknownOutcome) else 1)
        house.mood = ""
        assert isinstance(await provider.send(mt(3)), Submitted)
        assert len(set(house.taken)) == len(house.taken)


async def test_several_at_once() -> None:
    """Each connection has one mail at a time, and all of them are used again."""
    async with sending() as (house, provider):
        for turn in range(3):
            found = await asyncio.gather(*(provider.send(mt(turn * 4 + number)) for number in range(4)))
            assert len(ids(found)) == 4
        assert (house.opened, len(set(house.taken)), len(house.taken)) == (4, 12, 12)
        await provider.close()
        assert house.goodbyes == 4


async def test_so_many_mails_and_no_more() -> None:
    """Then it is ended with a goodbye, and the next mail has a new one."""
    async with sending(mails_per_connection=2) as (house, provider):
        assert len(ids(await in_turn(provider, 5))) == 5
        assert house.opened == 3
        await eventually(lambda: house.goodbyes == 2)


async def test_an_idle_one_is_ended() -> None:
    """With a goodbye, when its time is over."""
    async with sending(keep_seconds=0.05) as (house, provider):
        await in_turn(provider, 1)
        await eventually(lambda: house.goodbyes == 1 and not house.lines)
        assert len(ids(await in_turn(provider, 1))) == 1
        assert house.opened == 2


async def test_a_new_one_logs_in_again() -> None:
    """A kept one is logged in already; a login that is refused by then is said as ever."""
    async with sending("421 to MAIL", **ACCOUNT) as (house, provider):
        house.patience = 2
        assert len(ids(await in_turn(provider, 3))) == 3
        assert (house.opened, house.logins) == (2, 2)
    async with sending(**ACCOUNT | {"password": "wrong"}) as (house, provider):
        result = await provider.send(mt(1))
        assert isinstance(result, ProviderError)
        assert (result.code, result.link_down, house.taken) == ("login", True, [])


async def test_a_server_that_is_gone() -> None:
    """The kept connection broke, and there is no other: as without one, the link is down."""
    async with sending() as (house, provider):
        await in_turn(provider, 1)
        house.mood = "hangs up at MAIL"
        house.patience = 0
        result = await provider.send(mt(2))
        assert isinstance(result, ProviderError)
        assert (result.code, result.retryable, result.link_down) == ("link", True, True)


async def test_nobody_waits_for_a_goodbye() -> None:
    """Closing ends though the server does not answer."""
    async with sending("silent to QUIT", timeout_seconds=0.2) as (house, provider):
        await in_turn(provider, 1)
        await provider.close()
        await eventually(lambda: not house.lines)


async def test_a_mail_whose_time_is_over_leaves_no_connection() -> None:
    """One that is cancelled in the middle is not used for the next."""
    async with sending("silent for an answer") as (house, provider):
        await in_turn(provider, 1)
        second = asyncio.create_task(provider.send(mt(2)))
        await eventually(lambda: len(house.taken) == 2)
        second.cancel()
        await asyncio.wait([second])
        assert second.cancelled()
        assert len(ids([await provider.send(mt(3))])) == 1
        assert (house.opened, len(set(house.taken))) == (2, 3)
