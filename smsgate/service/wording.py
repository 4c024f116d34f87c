"""From values to words: names, times, and sentences whose free text is cut to fit."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from datetime import date, datetime
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

from routing.chart import Chart
from routing.model import DISPATCH_DESK, Actor, Kind, Target, UnitPath
from smsgate.domain.queue import name_on_seat
from smsgate.domain.states import Severity
from smsgate.domain.ticket import Ticket
from smsgate.service.rules import MINUTE, Rules
from smsgate.service.segments import PART, WHOLE, cut, encoding_of, measure, units_of
from smsgate.service.texts import LANGUAGES

LONGEST_TITLE = 12
"""Characters of a title in an SMS when the whole doesn't fit one segment: enough to tell tickets apart."""

_NAMES_KEPT = 4096
"""Targets whose names are kept in memory; an office has some hundreds in use."""

_LISTED = 9
"""Entries of a list that one digit can choose."""

_TURNS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Direction marks that turn what follows them (Unicode UAX 9): in an SMS our own sentence stands there."""

_BARE = frozenset({"news.close", "news.cancel"})
"""Sentences that are whole without an opinion."""


@lru_cache(maxsize=4096)
def _clock(minute: int, zone: ZoneInfo) -> tuple[date, str, str]:
    """The local day of a minute since the epoch, the time of day, and both."""
    then = datetime.fromtimestamp(minute * MINUTE / 1000, zone)
    return then.date(), f"{then:%H:%M}", f"{then:%m-%d %H:%M}"


@lru_cache(maxsize=2)
def shared_names(chart: Chart) -> frozenset[str]:
    """The display names that more than one person has, or had."""
    counted = Counter(person.name for person in chart.people())
    counted.update(name for account, name in chart.former.items() if chart.person(account) is None)
    return frozenset(name for name, count in counted.items() if count > 1)


@lru_cache(maxsize=2)
def _called(chart: Chart) -> dict[Target, str]:
    """What targets have been called so far; a chart never changes."""
    del chart
    return {}


class Words(NamedTuple):
    """Speaks one language, of one chart, at one moment."""

    chart: Chart
    rules: Rules
    at: int

    def say(self, key: str, **values: object) -> str:
        """A sentence of texts.py, filled."""
        return LANGUAGES[self.rules.language][key].format(**values)

    def fit(self, key: str, *, title: str = "", opinion: str = "", **values: object) -> str:
        """The same in one segment, or in two if an opinion needs them; title and opinion are cut, nothing else."""
        said = opinion or (
            self.say("nothing_said") if key.startswith(("notice.", "news.")) and key not in _BARE else ""
        )
        said = said.translate(_TURNS).rstrip("。.")
        title = self.apart(title)
        whole = self.say(key, title=title, opinion=said, **values)
        if self._segments(whole) == 1:
            return whole
        encoding = encoding_of(whole, self.rules.narrowest)
        title = cut(title, LONGEST_TITLE + title.startswith(" "), encoding)
        shorter = self.say(key, title=title, opinion=said, **values)
        if not said or self._segments(shorter) <= 2:
            return shorter
        bare = self.say(key, title=title, opinion="", **values)
        left = 2 * PART[encoding] - self._reserve(2) - units_of(bare, encoding)
        return self.say(key, title=title, opinion=cut(said, max(left, 8), encoding), **values)

    def person(self, account: str) -> str:
        """The name of an account, with it where the chart has namesakes; of who at the desk has none, their own."""
        seated = name_on_seat(account)
        if seated is not None:
            return seated
        name = self.chart.name_of(account)
        return f"{name}({account})" if name in shared_names(self.chart) else name

    def actor(self, actor: Actor | None) -> str:
        """Who did it."""
        if actor is None:
            return self.say("system")
        if actor.account is not None:
            return self.target(Target(Kind.PEOPLE, None, (actor.account,)))
        if actor.unit is None or actor.unit == DISPATCH_DESK:
            return self.say("dispatchers")
        return self.say("desk", unit=self.unit(actor.unit))

    def target(self, target: Target) -> str:
        """Who holds it or is to hold it: a short name that a colleague knows."""
        if target.kind is Kind.DISPATCHERS:
            return self.say("dispatchers")
        called = _called(self.chart)
        name = called.get(target)
        if name is None:
            if len(called) >= _NAMES_KEPT:
                called.clear()
            name = called[target] = self._name_of(target)
        return name

    def targets(self, targets: tuple[Target, ...]) -> str:
        """Several of them."""
        return "、".join(self.target(target) for target in targets)

    def _name_of(self, target: Target) -> str:
        if target.path is None or target.kind is Kind.PEOPLE:
            return "、".join(self.person(account) for account in target.accounts)
        return self.unit(target.path)

    def unit(self, path: UnitPath) -> str:
        """A unit's own name; a room of another than the default centre with its centre."""
        own = path.group or path.room or path.center
        return own if path.center == self.chart.default_center or own == path.center else f"{path.center}{own}"

    def time(self, at: int | None) -> str:
        """`10:17`, with the day in front if it isn't today's, in the chart's zone."""
        if at is None:
            return ""
        day, time, both = _clock(at // MINUTE, self.chart.time_zone)
        return time if day == _clock(self.at // MINUTE, self.chart.time_zone)[0] else both

    def codes(self, tickets: tuple[Ticket, ...], room: int) -> str:
        """`1)48217西区基站退服 2)…` within so many characters, the titles cut to fit."""
        return self.numbered(self._entries(tickets, room), room)

    def codes_shown(self, tickets: tuple[Ticket, ...], room: int) -> int:
        """How many of them `codes` shows."""
        return self.fitting(self._entries(tickets, room), room)

    def _entries(self, tickets: tuple[Ticket, ...], room: int) -> tuple[str, ...]:
        listed = min(len(tickets), _LISTED)
        share = max(4, room // max(1, listed) - len("1)48217 "))
        return tuple(f"{t.code}{self.apart(cut(t.facts.title, share))}" for t in tickets)

    def listed(self, tickets: tuple[Ticket, ...], room: int) -> str:
        """`48217西区基站退服、13887东区断纤` within so many characters; how many in all where not all have room."""
        shown: list[str] = []
        between = self.say("bundle.and")
        for ticket in tickets:
            urgent = f"[{self.say('severity.critical')}]" if ticket.facts.severity is Severity.CRITICAL else ""
            entry = f"{urgent}{ticket.code}{self.apart(cut(ticket.facts.title, LONGEST_TITLE))}"
            more = "" if len(shown) + 1 == len(tickets) else self.say("bundle.more", n=len(tickets))
            if shown and len(between.join((*shown, entry))) + len(more) > room:
                return f"{between.join(shown)}{self.say('bundle.more', n=len(tickets))}"
            shown.append(entry)
        return between.join(shown)

    def numbered(self, entries: tuple[str, ...], room: int, *, more: bool = False) -> str:
        """Entries to choose from, each behind its number; what doesn't fit is counted, `more` can't be."""
        count = self.fitting(entries, room, more=more)
        listed = " ".join(f"{number}){entry}" for number, entry in enumerate(entries[:count], 1))
        if more:
            return f"{listed} …"
        return listed if count == len(entries) else f"{listed} …+{len(entries) - count}"

    def fitting(self, entries: tuple[str, ...], room: int, *, more: bool = False) -> int:
        """How many of them a list shows within so many characters; the first one always."""
        ends = list(accumulate(len(f"{number}){entry} ") for number, entry in enumerate(entries, 1)))
        if not more and ends and ends[-1] - 1 <= room:
            return len(entries)
        return min(len(entries), max(1, bisect_right(ends, room - len("…+99"))))

    def apart(self, title: str) -> str:
        """A title as it stands behind a code: with a blank before it where it would be read as part of the code."""
        title = title.translate(_TURNS)
        if not title:
            return ""
        joined = self.rules.language == "zh" and not (title[:1].isascii() or title[:1].isdigit())
        return title if joined else f" {title}"

    def room(self, segments: int = 1) -> int:
        """UCS-2 characters that fit so many segments beside the signature."""
        return (WHOLE["ucs2"] if segments == 1 else segments * PART["ucs2"]) - self._reserve(segments)

    def fits(self, text: str, segments: int) -> bool:
        """Whether a text needs no more than so many SMS."""
        return self._segments(text) <= segments

    def _segments(self, text: str) -> int:
        manner = self.rules.narrowest
        encoding, units, _ = measure(text, manner)
        if units + self._reserve(1) <= manner.most(encoding) + manner.signature:
            return 1
        beside_one = -(-(units + self.rules.reserve) // PART[encoding])
        return max(beside_one, -(-units // manner.part(encoding)))

    def _reserve(self, segments: int) -> int:
        return max(self.rules.reserve, segments * self.rules.narrowest.signature)
