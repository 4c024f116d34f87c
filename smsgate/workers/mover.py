"""Moves what surely has not been sent from an account that is bad to the next good one of its route.

What is being sent, was sent, or may have been sent (`unknown`) is never moved. All of it is decided in the writer's
transaction: of several nodes that would move an MT one does.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from smsgate.clock import now
from smsgate.domain.messages import MtClass
from smsgate.service.health import Health, Level
from smsgate.service.health_words import why
from smsgate.service.ports import StoreUnavailable
from smsgate.service.routes import Because
from smsgate.service.rules import Rules
from smsgate.service.segments import measure
from smsgate.store.moving import Movable, NewWay, movable, move
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.store.writer import Writer

AT_ONCE = 200
"""MTs that one transaction moves at most, so that it keeps no message waiting."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Moved:
    """What one transaction did."""

    number: int
    last: int
    """The greatest id that was looked at."""
    more: bool


class Mover:
    """Has no state of its own: how the accounts stand, and the routes, are in the rules."""

    def __init__(self, writer: Writer, rules: Rules, hold: int, clock: Callable[[], int] = now) -> None:
        self._writer = writer
        self._rules = rules
        self._hold = hold
        """Milliseconds for which what has been moved stays where it is."""
        self._clock = clock

    async def move_all(self) -> int:
        """Everything that lies at a bad account and has somewhere to go; how many."""
        rules, moved = self._rules, 0
        for account in rules.standing.now:
            # without a way round it, the whole queue would be looked through for nothing
            if not rules.is_bad(account) or all(map(rules.is_bad, rules.routes.peers(account))):
                continue
            for klass in MtClass:
                try:
                    moved += await self._move(account, klass)
                except StoreUnavailable as error:
                    _log.warning("moving from %s waits for the database: %s", account, error)
                    return moved
                except Exception:  # noqa: BLE001 - the loop must survive
                    _log.exception("moving from %s failed", account)
        return moved

    async def _move(self, account: str, klass: MtClass) -> int:
        moved, after, more = 0, -1, True
        while more:
            done = await self._writer.write(partial(self.move_some, account=account, klass=klass, after=after))
            moved, after, more = moved + done.number, done.last, done.more
        if moved:
            _log.warning("%d messages of class %s have left account %s", moved, klass.name.lower(), account)
        return moved

    def move_some(self, unit: UnitOfWork, account: str, klass: MtClass, after: int = -1) -> _Moved:
        """In the writer's thread: the first of an account and class that have an id above `after`."""
        at = self._clock()
        health = self._rules.standing.now.get(account)
        if health is None or health.level is not Level.BAD:
            return _Moved(0, after, False)
        found = movable(unit, account, klass, at, after, at - self._hold, AT_ONCE)
        moved = sum(self._moved(unit, account, health, one, at) for one in found)
        return _Moved(moved, found[-1].mt_id if found else after, len(found) == AT_ONCE)

    def _moved(self, unit: UnitOfWork, account: str, health: Health, one: Movable, at: int) -> bool:
        rules = self._rules
        choice = rules.routes.choose(one.phone, MtClass(one.klass), rules.standing.now, account)
        if choice.because in (Because.ALL_BAD, Because.NO_ROUTE) or choice.account == account:
            return False
        source = rules.moved_source(account, one.source, one.code, choice.account)
        note = f"from {account} to {choice.account}, because {account} is bad: {why(health, 'en', at)}"
        takes = measure(one.text, rules.manner(choice.account))
        way = NewWay(choice.account, source, takes.segments, takes.encoding)
        return move(unit, one.mt_id, account, way, at, health.cause.value, note)
