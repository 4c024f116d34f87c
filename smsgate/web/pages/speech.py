"""From values to what a page says: one language, the chart of the moment, the chart's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grammar import Diagnosis
from routing.chart import Chart
from routing.model import Actor, Kind, Target, UnitPath
from smsgate.domain.queue import name_on_seat
from smsgate.domain.refusals import Refusal
from smsgate.domain.states import State
from smsgate.domain.ticket import Ticket
from smsgate.service.refusing import sentence
from smsgate.service.wording import Words
from smsgate.store.queries.feed import LogLine
from smsgate.store.queries.matching import concerned
from smsgate.web.pages.strings import LANGUAGES, STRINGS, say
from smsgate.web.problems import Problem, problem_body


@dataclass(frozen=True, slots=True)
class Due:
    """A clock: until when, and whether it still runs."""

    kind: str
    """accept or resolve."""
    at: int
    running: bool
    left: int
    """Milliseconds; below zero when late."""

    @property
    def late(self) -> bool:
        """Over, and nobody has stopped it."""
        return self.running and self.left < 0


@dataclass(frozen=True, slots=True)
class Speech:
    """What the templates ask for words."""

    language: str
    words: Words

    @property
    def chart(self) -> Chart:
        """The chart in force."""
        return self.words.chart

    @property
    def now(self) -> int:
        """This moment."""
        return self.words.at

    @property
    def tag(self) -> str:
        """For `lang=`."""
        return "zh-CN" if self.language == "zh" else "en"

    @property
    def other(self) -> str:
        """The other language."""
        return LANGUAGES[1 - LANGUAGES.index(self.language)]

    def t(self, key: str, **values: object) -> str:
        """The words of a key; the last part of one that nobody knows, so that new codes show as they are."""
        if key not in STRINGS and "." in key:
            return key.partition(".")[2]
        return say(self.language, key, **values)

    def person(self, account: str) -> str:
        """The name of an account, or of who at the desk has none."""
        name = name_on_seat(account)
        return self.chart.name_of(account) if name is None else name

    def actor(self, actor: Actor | None) -> str:
        """Who did it."""
        return self.words.actor(actor)

    def target(self, target: Target | None) -> str:
        """Who holds it: short, as colleagues say it."""
        return "" if target is None else self.words.target(target)

    def full(self, target: Target | None) -> str:
        """The same with its whole path, and accounts."""
        if target is None:
            return ""
        path = "" if target.path is None else str(target.path)
        if target.kind is not Kind.PEOPLE:
            return path or self.target(target)
        named = "、".join(f"{self.person(account)}({account})" for account in target.accounts)
        return f"{path} {named}".strip()

    def unit(self, path: UnitPath | None) -> str:
        """A unit, short."""
        return "" if path is None else self.words.unit(path)

    def source(self, written: str) -> str:
        """Where the fault was seen: the API's words in this language, others as they are."""
        key = f"source.{written}"
        return self.t(key) if key in STRINGS else written

    def clock(self, at: int) -> str:
        """`10:02:31`."""
        return f"{self._local(at):%H:%M:%S}"

    def short(self, at: int | None) -> str:
        """`10:17`, with the day in front if it isn't today's."""
        return self.words.time(at)

    def day(self, at: int) -> str:
        """`11-23`."""
        return f"{self._local(at):%m-%d}"

    def today(self, at: int) -> bool:
        """Whether it was today."""
        return self._local(at).date() == self._local(self.now).date()

    def stamp(self, at: int) -> str:
        """`2026-11-23 10:02:31`."""
        return f"{self._local(at):%Y-%m-%d %H:%M:%S}"

    def iso(self, at: int) -> str:
        """For `datetime=`."""
        return self._local(at).isoformat(timespec="seconds")

    def left(self, milliseconds: int) -> str:
        """`14:32`, `1:50:00`, `2d 03:00`: as feed.js goes on counting it."""
        seconds = abs(milliseconds) // 1000
        hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
        if hours >= 48:
            return f"{hours // 24}d {hours % 24:02}:{minutes:02}"
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"

    def due_of_line(self, line: LogLine) -> Due | None:
        """The clock of a line of the log."""
        row = line.row
        if row.no is None or row.state is None:
            return None
        return self._due(State(row.state), row.accept_by, row.resolve_by, line.running)

    def due_of(self, ticket: Ticket) -> Due | None:
        """The clock of a ticket."""
        return self._due(ticket.state, ticket.accept_by, ticket.resolve_by, True)

    def spent(self, ticket: Ticket) -> int | None:
        """Hundredths of the running clock's time that are over, up to 100; None where none runs."""
        due = self.due_of(ticket)
        if due is None:
            return None
        began = ticket.moved_at if due.kind == "accept" else ticket.accepted_at or ticket.moved_at
        return min(max((self.now - began) * 100 // max(due.at - began, 1), 0), 100)

    def concerns(self, line: LogLine) -> tuple[str, ...]:
        """The keys of whom a line concerns: what a page compares with what it watches."""
        return concerned(line.row)

    def refusal(self, no: Refusal | Diagnosis) -> str:
        """Why not, in a sentence."""
        if isinstance(no, Refusal):
            return sentence(self.words, no)
        return no.message if self.language == "zh" else no.message_en

    def problem(self, problem: Problem) -> str:
        """What HTTP would answer, in a sentence."""
        return str(problem_body(problem, self.language, "")["detail"])

    def phone(self, msisdn: str) -> str:
        """A number as people write it: `139 1000 0002`."""
        if msisdn.startswith("+861") and len(msisdn) == 14:
            return f"{msisdn[3:6]} {msisdn[6:10]} {msisdn[10:]}"
        return msisdn

    def whose(self, msisdn: str) -> str:
        """Who answers it; the number itself where nobody is known."""
        actor = self.chart.who_calls(msisdn)
        return self.phone(msisdn) if actor is None else self.actor(actor)

    @property
    def zone(self) -> str:
        """The chart's zone, for the clocks in the browser."""
        return str(self.chart.time_zone)

    def _due(self, state: State, accept_by: int | None, resolve_by: int | None, running: bool) -> Due | None:
        if state is State.DISPATCHED and accept_by is not None:
            return Due("accept", accept_by, running, accept_by - self.now)
        # on hold nothing runs: until when is known again once it is released (spec/tickets.md «Clocks»)
        if state is State.ACCEPTED and resolve_by is not None:
            return Due("resolve", resolve_by, running, resolve_by - self.now)
        return None

    def _local(self, at: int) -> datetime:
        return datetime.fromtimestamp(at / 1000, self.chart.time_zone)


def as_values(speech: Speech) -> dict[str, Any]:
    """What every template has at hand."""
    return {"s": speech, "t": speech.t}
