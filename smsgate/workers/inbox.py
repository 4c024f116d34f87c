"""The house's side of carrier links: what one hands over is durable when the call returns (`service.links.Inbox`)."""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import socket
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

import structlog

from smsgate.clock import now
from smsgate.domain.messages import MobileOriginated, MoPart
from smsgate.service.office import Office
from smsgate.service.ports import DeliveryReport, ProviderError, StoreUnavailable, Submitted
from smsgate.service.retry import Decision, Policy, decide
from smsgate.store.link_sessions import end_dead, end_session, forget_sessions, keep_alive, session_lives
from smsgate.store.receipts import apply_dlr
from smsgate.store.settling import settle_late
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.store.writer import Writer
from smsgate.workers import long_messages

EVERY = 2.0
"""Seconds between two looks; a process that is silent for five of them is taken for dead (link_sessions.SILENT)."""

T = TypeVar("T")
Session = tuple[str, str]
"""Account and name."""

_log = structlog.get_logger(__name__)


class LinkInbox:
    """Takes what links bring, by the one writer: what is handed over first takes effect first.

    `counts`: by account and result, for the metrics. `policy`: for a refusal that comes late, as for any other.
    """

    def __init__(
        self,
        writer: Writer,
        office: Office,
        clock: Callable[[], int] = now,
        counts: Counter[tuple[str, str]] | None = None,
        process: str | None = None,
        policy: Policy | None = None,
    ) -> None:
        self._writer = writer
        self._office = office
        self._clock = clock
        self._policy = policy or Policy()
        self.counts: Counter[tuple[str, str]] = Counter() if counts is None else counts
        self.process = process or process_name()
        self._open: set[Session] = set()
        self._ended: set[Session] = set()
        """Over, and not yet written so."""

    async def take_mo(self, mo: MobileOriginated) -> None:
        """A whole message. Raises StoreUnavailable."""
        receipt = await self._written(mo.account, lambda unit: self._office.receive(unit, mo))
        self._count(mo.account, receipt.result.state.value)

    async def take_part(self, part: MoPart) -> None:
        """A part of a long one; the last one's arrival does what the message says. Raises StoreUnavailable."""
        at = self._clock()
        became = await self._written(part.account, lambda unit: long_messages.take_part(unit, self._office, part, at))
        self._count(part.account, became)

    async def take_report(self, report: DeliveryReport) -> None:
        """A receipt. Raises StoreUnavailable."""
        mt_id = await self._written(report.account, lambda unit: apply_dlr(unit, report))
        self._count(report.account, "receipt" if mt_id is not None else "receipt_parked")

    async def take_late(self, mt_id: int, result: Submitted | ProviderError) -> None:
        """The answer to a submit whose outcome had been given as unknown. Raises StoreUnavailable."""
        at = self._clock()

        def decided(error: ProviderError, tries: int) -> Decision:
            return decide(error, tries, self._policy, at, random.random)

        provider = await self._writer.write(lambda unit: settle_late(unit, mt_id, result, at, decided))
        if provider is not None:
            self._count(provider, "late_answer")

    async def session_opened(self, account: str, session: str) -> None:
        """A session has been logged in; those of processes that are no more have ended. Raises StoreUnavailable."""
        at = self._clock()
        self._open.add((account, session))

        def opened(unit: UnitOfWork) -> None:
            end_dead(unit, self.process, at, is_gone)
            session_lives(unit, account, session, self.process, at)

        await self._writer.write(opened)

    async def session_ended(self, account: str, session: str) -> None:
        """It is over. Raises StoreUnavailable: it is written later, then."""
        at = self._clock()
        self._open.discard((account, session))
        self._ended.add((account, session))
        await self._writer.write(lambda unit: end_session(unit, account, session, at))
        self._ended.discard((account, session))

    async def run(self) -> None:
        """What falls due by the clock, until cancelled."""
        while True:
            more = await self._looked()
            await asyncio.sleep(0 if more else EVERY)

    def look(self, unit: UnitOfWork) -> bool:
        """One look: our sessions live, those of the dead have ended, and long messages have their time; whether there
        is more of that to do at once."""
        self.mind_sessions(unit)
        return self.sweep(unit)

    def mind_sessions(self, unit: UnitOfWork) -> None:
        """Ours live, those of the dead have ended."""
        at = self._clock()
        for account, session in tuple(self._ended):
            end_session(unit, account, session, at)
        keep_alive(unit, sorted(self._open), self.process, at)
        end_dead(unit, self.process, at, is_gone)
        forget_sessions(unit, at)

    def sweep(self, unit: UnitOfWork) -> bool:
        """Long messages have their time; whether there is more of that to do at once."""
        return long_messages.sweep(unit, self._office, self._clock())

    async def _looked(self) -> bool:
        ended = set(self._ended)
        try:
            # each by itself: a bug in one message must not make our sessions look dead
            await self._writer.write(self.mind_sessions)
            self._ended -= ended
            return await self._writer.write(self.sweep)
        except StoreUnavailable as error:
            _log.warning("the links' inbox waits for the database", error=str(error))
            return False
        except Exception:  # noqa: BLE001 - the loop must survive
            _log.exception("a look of the links' inbox failed")
            return False

    async def _written(self, account: str, work: Callable[[UnitOfWork], T]) -> T:
        try:
            return await self._writer.write(work)
        except StoreUnavailable as error:
            self._count(account, "unavailable")
            _log.error(
                "a link's message was not taken: the gateway will bring it again", account=account, why=str(error)
            )
            raise

    def _count(self, account: str, result: str) -> None:
        self.counts[account, result] += 1


def process_name() -> str:
    """`host:pid:start`: another one for each run, even under the same pid."""
    return f"{_host()}:{os.getpid()}:{secrets.token_hex(4)}"


def is_gone(process: str) -> bool:
    """Whether a process is surely no more: of this host, under a pid that is ours now or nobody's."""
    host, _, rest = process.partition(":")
    pid = rest.partition(":")[0]
    if host != _host() or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _host() -> str:
    return socket.gethostname()[:64].replace(":", "_")
