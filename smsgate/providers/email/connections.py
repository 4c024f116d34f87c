"""Connections to the mail server, kept a while for the next mail.

A connection that is kept can be gone without our knowing: the server has hung up (RFC 5321 lets it, with 421 at any
time), a firewall has forgotten it, or it has had as many mails as it likes. So it is asked by the next mail's MAIL
whether it still serves, and whatever else than yes it says to that, or nothing, sends the mail over a new one, whose
word counts: nothing of the mail has been handed over by then. From MAIL on a kept one is as good as a new one, and no
mail is ever begun a second time.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from dataclasses import dataclass

import aiosmtplib

from smsgate import accounts

STILL_THERE = 5.0
"""Seconds that a kept connection has for its first answer; a new one has the account's timeout."""
GOODBYE = 2.0
"""Seconds that the server has to answer QUIT."""
_GONE = (aiosmtplib.SMTPException, OSError, TimeoutError)


@dataclass(eq=False, slots=True)
class Connection:
    """One, logged in, for one mail at a time."""

    server: aiosmtplib.SMTP
    mails: int = 0
    """That it has taken."""
    until: asyncio.TimerHandle | None = None
    """When it is given up, while it is idle."""


class Connections:
    """Those of one account."""

    def __init__(self, settings: accounts.EmailAccount, password: str) -> None:
        self._settings, self._password = settings, password
        self._tls = ssl.create_default_context(cafile=str(settings.tls_ca) if settings.tls_ca is not None else None)
        self._idle: list[Connection] = []
        self._leaving: set[asyncio.Task[None]] = set()
        self._closed = False

    async def begun(self) -> Connection | None:
        """One that was kept, and has said yes to MAIL; None: there is none, or it is of no use any more."""
        if not self._idle:
            return None
        one = self._idle.pop()  # the one used last: the others get old, and go
        if one.until is not None:
            one.until.cancel()
        serves = False
        try:
            await one.server.mail(self._settings.address, timeout=min(STILL_THERE, self._settings.timeout_seconds))
            serves = True
        except _GONE:
            return None
        finally:
            if not serves:
                one.server.close()
        return one

    async def opened(self) -> Connection:
        """A new one. Raises SMTPException, OSError, TimeoutError."""
        said, ready = self._settings, False
        server = aiosmtplib.SMTP(
            hostname=said.host,
            port=said.port,
            timeout=said.timeout_seconds,
            use_tls=said.security == "tls",
            start_tls=said.security == "starttls",
            tls_context=self._tls if said.security != "none" else None,
        )
        try:
            await server.connect()
            if said.username:
                await server.login(said.username, self._password)
            ready = True
        finally:
            if not ready:
                server.close()
        return Connection(server)

    def give_back(self, one: Connection, *, taken: bool) -> None:
        """After a mail. `taken`: the server has said so; with anything else said or not, it is not used again."""
        if not taken or not _is_in_step(one.server):
            one.server.close()
            return
        one.mails += 1
        keep = self._settings.keep_seconds
        if self._closed or not keep or one.mails >= self._settings.mails_per_connection:
            self._leave(one)
            return
        one.until = asyncio.get_running_loop().call_later(keep, self._expire, one)
        self._idle.append(one)

    async def close(self) -> None:
        """Say goodbye on all that are idle; what is under way does when it is done."""
        self._closed = True
        while self._idle:
            self._expire(self._idle[-1])
        if self._leaving:
            await asyncio.wait(self._leaving)

    def _expire(self, one: Connection) -> None:
        if one.until is not None:
            one.until.cancel()
        self._idle.remove(one)
        self._leave(one)

    def _leave(self, one: Connection) -> None:
        leaving = asyncio.get_running_loop().create_task(self._quit(one.server))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def _quit(self, server: aiosmtplib.SMTP) -> None:
        try:
            with contextlib.suppress(*_GONE):
                await server.quit(timeout=min(GOODBYE, self._settings.timeout_seconds))
        finally:
            server.close()


def _is_in_step(server: aiosmtplib.SMTP) -> bool:
    """Whether the next answer will be to the next command: not if more has come than was asked for."""
    return server.is_connected and not getattr(server.protocol, "_buffer", b"")
