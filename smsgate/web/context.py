"""All that the web needs of the rest of the house, put together by bootstrap."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncEngine

from routing.chart import Chart
from routing.model import Actor
from smsgate.clock import now
from smsgate.config import Settings
from smsgate.reports import Reports
from smsgate.service.charts import ChartInForce
from smsgate.service.office import Office
from smsgate.service.ports import Provider
from smsgate.service.rules import Rules
from smsgate.service.wording import Words
from smsgate.store.writer import Writer
from smsgate.web.chart_index import ChartSearch
from smsgate.web.history import History
from smsgate.web.tally import Tally


class LaneCounts(Protocol):
    """What a lane of the dispatcher has done since it started."""

    @property
    def sent(self) -> int: ...  # noqa: D102 - the names say it
    @property
    def failed(self) -> int: ...  # noqa: D102
    @property
    def unknown(self) -> int: ...  # noqa: D102
    @property
    def throttled(self) -> int: ...  # noqa: D102
    @property
    def retried(self) -> int: ...  # noqa: D102
    @property
    def segments(self) -> int: ...  # noqa: D102
    @property
    def in_flight(self) -> int: ...  # noqa: D102
    @property
    def queued(self) -> int: ...  # noqa: D102
    @property
    def trouble(self) -> str: ...  # noqa: D102


@dataclass(slots=True)
class WebContext:
    """Handed to every door and window; none of them knows more."""

    settings: Settings
    writer: Writer
    reading: AsyncEngine
    """For queries alone."""
    office: Office
    charts: ChartInForce
    providers: Mapping[str, Provider]
    """By our name of the account."""
    clock: Callable[[], int] = now
    lanes: Callable[[], Mapping[str, LaneCounts]] = dict
    """The dispatcher's counters, by provider account."""
    paces: Callable[[], Mapping[str, float]] = dict
    """Segments a second that each lane allows itself now; infinity without a limit."""
    chart_objection: Callable[[Chart], str] = lambda _chart: ""
    """Why a chart that loads can't come into force here all the same; empty: it can."""
    tally: Tally = field(default_factory=Tally)
    """What the doors themselves count."""
    open_desk: bool = False
    """Whether everybody on this very machine is let in as an admin: the demo alone, whose phones are nobody's."""
    history: History = field(default_factory=History)
    """The last hour of the provider accounts."""
    chart_search: ChartSearch = field(default_factory=ChartSearch)
    """Looks for people and units."""
    reports: Reports = field(init=False)
    """Read from the log."""

    def __post_init__(self) -> None:
        self.reports = Reports(self.reading, self.clock)

    @property
    def chart(self) -> Chart:
        """The chart in force."""
        return self.charts.current

    def first_dispatcher(self) -> Actor | None:
        """Who acts where nobody is named: the first dispatcher who is active."""
        for account in self.chart.dispatchers.members:
            if self.chart.is_active(account):
                return Actor(account=account)
        return None

    def words(self, language: str) -> Words:
        """The office's words for a reader who is no phone: names, times, refusals. Limits don't come in."""
        rules = Rules({}, self.settings.default_account, frozenset(), self.settings.reserve, language)
        return Words(self.chart, rules, self.clock())
