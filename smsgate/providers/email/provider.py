"""Sends by SMTP. What has been asked of the server decides what a failure means (spec/messages.md «Out»)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from email.message import EmailMessage
from typing import Any

import aiosmtplib

from smsgate import accounts
from smsgate.clock import now
from smsgate.masked import addresses
from smsgate.providers.email.connections import Connections
from smsgate.providers.email.letters import letter
from smsgate.service.ports import ProviderError, SendResult, Submission, Submitted, UnknownOutcome

AT_ONCE = 4
"""Mails under way, each on a connection of its own."""
BUSY = (421, 450, 451, 452, 454)
"""What servers say when they want less, or later."""


def make_email(name: str, account: Any, public_base: str) -> EmailProvider:
    """One of an account's settings (`accounts.EmailAccount`). Raises BadSecret, OSError."""
    del public_base
    return EmailProvider(name, account)


class EmailProvider:
    """A mail server of the house."""

    kind = "email"
    concurrency = AT_ONCE

    def __init__(self, name: str, settings: accounts.EmailAccount, clock: Callable[[], int] = now) -> None:
        self.account = name
        self.rate = settings.rate
        self._settings = settings
        self._connections = Connections(settings, settings.secret())
        self._clock = clock

    async def send(self, submission: Submission) -> SendResult:
        """One mail."""
        mail = letter(submission, self._settings, self._clock())
        if mail is None:
            return ProviderError("no_gateway", f"no mail gateway serves the prefix of {submission.phone[:6]}…", False)
        return await self.post(mail, (str(mail["To"]),))

    async def post(self, mail: EmailMessage, to: Sequence[str]) -> SendResult:
        """Any mail of ours, to these addresses: taken for all of them, or for none."""
        connection = await self._connections.begun()
        begun, taken = connection is not None, False
        try:
            connection = connection or await self._connections.opened()
        except aiosmtplib.SMTPAuthenticationError as refused:
            return ProviderError("login", f"the mail server refuses the login: {refused.code}", True, link_down=True)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return ProviderError("link", f"no mail server: {_said(error)}", True, link_down=True)
        try:
            result = await self._hand_over(connection.server, mail, to, begun=begun)
            taken = isinstance(result, Submitted)
            return result
        finally:
            self._connections.give_back(connection, taken=taken)

    async def close(self) -> None:
        """Say goodbye to the mail server."""
        await self._connections.close()

    async def _hand_over(
        self, server: aiosmtplib.SMTP, mail: EmailMessage, to: Sequence[str], *, begun: bool
    ) -> SendResult:
        asked_to_keep = False
        try:
            if not begun:
                await server.mail(self._settings.address)
            for address in to:
                await server.rcpt(address)
            asked_to_keep = True
            await server.data(mail.as_bytes())
        except aiosmtplib.SMTPResponseException as refused:
            return _refused(refused.code, _said(refused))
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            if asked_to_keep:
                return UnknownOutcome(f"the mail server did not say whether it took the mail: {_said(error)}")
            return ProviderError("link", f"the mail server is gone: {_said(error)}", retryable=True, link_down=True)
        return Submitted(str(mail["Message-ID"]))


def _refused(code: int, sentence: str) -> ProviderError:
    return ProviderError(
        str(code),
        f"the mail server refuses: {sentence}",
        retryable=400 <= code < 500,
        throttled=code in BUSY,
    )


def _said(error: BaseException) -> str:
    message = getattr(error, "message", "") or str(error) or type(error).__name__
    return addresses(" ".join(str(message).split())[:200])
