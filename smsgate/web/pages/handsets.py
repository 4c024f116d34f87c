"""The simulator's handsets: whose they are, which are in use, what nobody has looked at yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy.ext.asyncio import AsyncEngine

from grammar import Diagnosis, parse
from routing.chart import Chart
from routing.model import DISPATCH_DESK
from smsgate.store.queries.feed import PhoneLine, newest_mt, phones_in_use
from smsgate.web.pages.speech import Speech

NEWCOMER = "wangmin"
"""Whose phone is shown first: in the sample chart she holds the ticket that the demo opens."""

EXAMPLE = "ZP#网管维护中心-核心维护室-话务维护组-helijia#已经恢复,请核查。"
"""The first example of the carrier's own document."""

MOST = 60
"""Handsets listed at once."""


@dataclass(frozen=True, slots=True)
class Handset:
    """One phone as the pages list it."""

    phone: str
    name: str
    account: str | None
    active: bool
    last: PhoneLine | None
    unread: int


class Handsets:
    """Remembers, for as long as the process lives, up to which MT each phone has been looked at."""

    def __init__(self, reading: AsyncEngine, accounts: Collection[str]) -> None:
        self._reading = reading
        self._accounts = accounts
        self._seen: dict[str, int] = {}
        self._before: int | None = None

    def look(self, phone: str, newest: int) -> None:
        """Somebody has that phone before them."""
        self._seen[phone] = max(newest, self._seen.get(phone, 0))

    async def in_use(self, speech: Speech) -> list[Handset]:
        """The phones with messages, newest first."""
        if self._before is None:
            # what came before this process began counts as read
            self._before = await newest_mt(self._reading)
        lines = await phones_in_use(self._reading, self._accounts)
        return [self._handset(speech, line.phone, line) for line in lines]

    async def listed(self, speech: Speech, words: str = "") -> list[Handset]:
        """Those in use, then the chart's, as far as they match."""
        used = await self.in_use(speech)
        known = {handset.phone for handset in used}
        rest = (self._handset(speech, phone, None) for phone in _phones(speech.chart) if phone not in known)
        if not words:
            return [*used, *islice(rest, MOST)][: MOST + 1]
        found = (handset for handset in (*used, *rest) if _matches(handset, words.strip().lower()))
        return list(islice(found, MOST + 1))

    def _handset(self, speech: Speech, phone: str, line: PhoneLine | None) -> Handset:
        actor = speech.chart.who_calls(phone)
        account = actor.account if actor is not None else None
        name = speech.whose(phone)
        if actor is not None and actor.unit == DISPATCH_DESK:
            name = speech.t("phones.desk")
        active = account is None or speech.chart.is_active(account)
        seen = self._seen.get(phone, self._before or 0)
        unread = sum(mt > seen for mt in line.got) if line is not None else 0
        return Handset(phone, name, account, active, line, unread)


def first_phone(chart: Chart) -> str | None:
    """The phone that a newcomer is given."""
    person = chart.person(NEWCOMER)
    if person is not None and person.phones:
        return person.phones[0]
    return next(_phones(chart), None)


def example(chart: Chart) -> str:
    """A command to begin with; empty where the chart isn't the sample's."""
    return "" if isinstance(parse(EXAMPLE, chart), Diagnosis) else EXAMPLE


def _phones(chart: Chart) -> Iterator[str]:
    if chart.dispatchers.duty_phone is not None:
        yield chart.dispatchers.duty_phone
    for path in chart.walk():
        unit = chart.unit(path)
        if unit is not None and unit.duty_phone is not None:
            yield unit.duty_phone
    for person in chart.people():
        yield from person.phones


def _matches(handset: Handset, words: str) -> bool:
    digits = words.replace(" ", "")
    return words in handset.name.lower() or words in (handset.account or "").lower() or digits in handset.phone
