"""The composition root: the only place that knows every concrete class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from routing.chart import Chart
from routing.faults import Fault, Severity
from routing.loader import load_file, load_text
from routing.model import Target
from smsgate.accounts import RouteSettings
from smsgate.clock import now
from smsgate.config import OfficeCalendar, Settings, SeverityLimits
from smsgate.domain.messages import MtClass
from smsgate.domain.ticket import Limits
from smsgate.sample import sample_chart
from smsgate.service.charts import ChartInForce
from smsgate.service.health import HealthRules
from smsgate.service.office import Office
from smsgate.service.routes import Route, Routes
from smsgate.service.rules import HOUR, Rules
from smsgate.service.working_time import WorkingTime
from smsgate.store.engine import database_url
from smsgate.store.live import live_holders, newest_chart
from smsgate.store.store import Store
from smsgate.workdays import workdays

_MINUTE = 60_000


class BadChart(Exception):  # noqa: N818 - it is the chart that is bad
    """The org chart can't be used; holds its faults."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class NoChartKept(BadChart):
    """Nor is there one that was in force before, which a command could go by."""


class Unfit(Exception):  # noqa: N818 - the settings are
    """The settings contradict themselves; the message says what to do."""


@dataclass(slots=True)
class Core:
    """An open smsgate without doors: what the commands of the CLI work on."""

    settings: Settings
    store: Store
    charts: ChartInForce
    office: Office
    chart_fault: Fault | None = None
    """What is wrong with the file, where the chart that was in force last stands in for it."""

    def close(self) -> None:
        """Write what waits, stop the threads."""
        self.store.close()


def load_chart(path: Path) -> tuple[Chart, str]:
    """The chart and its text. Raises BadChart."""
    loaded = load_file(path)
    if loaded.chart is None:
        raise BadChart(loaded.faults)
    return loaded.chart, path.read_text(encoding="utf-8-sig")


def open_core(settings: Settings) -> Core:
    """Chart, database and office. Raises BadSecret, BadChart, BadDatabase, OSError."""
    settings.check_database_secret()
    chart, text = load_chart(settings.orgchart)
    store = Store.open(database_url(settings.database, settings.database_password_file))
    store.writer.write_now(lambda unit: unit.keep_chart(chart.hash, text, "start", now()))
    return _core(settings, store, chart)


def _core(settings: Settings, store: Store, chart: Chart, fault: Fault | None = None) -> Core:
    charts, rules = ChartInForce(chart), rules_of(settings)
    if any(limits.working for limits in rules.limits.values()):
        # the calendar is read now, not while a message waits
        rules.office.after(now(), 1, chart.time_zone)
    return Core(settings, store, charts, Office(charts, rules, now), fault)


def open_existing_core(settings: Settings, *, make: bool = False) -> Core:
    """The same on a database that is there already, for a command beside the service. Raises Unfit as well.

    A command that made an empty one would hide that it looks in the wrong place, unless it is to (`make`). While the
    file has faults the service goes on with the last good chart, and so does the command; raises NoChartKept where
    there is none.
    """
    settings.check_database_secret()
    file = _missing_file(settings)
    if file is not None and not make:
        raise Unfit(
            f"there is no database {file} yet. Is it another one? Name it by SMSGATE_DATABASE (`smsgate demo` says"
            " its own). To make it: smsgate db upgrade, or smsgate serve."
        )
    try:
        return open_core(settings)
    except BadChart as bad:
        if file is not None:
            raise NoChartKept(bad.faults) from bad
        return _core_as_it_was(settings, bad.faults)


def _core_as_it_was(settings: Settings, faults: tuple[Fault, ...]) -> Core:
    store = Store.open(database_url(settings.database, settings.database_password_file))
    kept = newest_chart(store.engine)
    chart = load_text(kept, settings.orgchart.name).chart if kept is not None else None
    if chart is None:
        store.close()
        raise NoChartKept(faults)
    return _core(settings, store, chart, next(fault for fault in faults if fault.severity is Severity.ERROR))


def open_holders(settings: Settings) -> list[tuple[str, Target]]:
    """Code and holder of every live ticket, for the org chart's commands; none where there is no database yet."""
    settings.check_database_secret()
    if _missing_file(settings) is not None:
        return []
    store = Store.open(database_url(settings.database, settings.database_password_file))
    try:
        return live_holders(store.engine)
    finally:
        store.close()


def _missing_file(settings: Settings) -> Path | None:
    """The file of an SQLite database, where it doesn't exist."""
    url = database_url(settings.database, settings.database_password_file)
    if url.get_backend_name() != "sqlite":
        return None
    file = Path(url.database or "")
    return None if file.exists() else file


def rules_of(settings: Settings) -> Rules:
    """What the settings say to the use cases."""
    return Rules(
        limits={severity: _limits(limit) for severity, limit in settings.limits.items()},
        default_account=settings.default_account,
        sending_accounts=frozenset(settings.accounts),
        reserve=settings.reserve,
        manners=settings.manners,
        language=settings.language,
        close_after=int(settings.close_after_hours * HOUR),
        code_rest=int(settings.code_rest_hours * HOUR),
        service_numbers=settings.other_numbers,
        numbers=settings.numbers,
        quiet=settings.quiet,
        office=_office(settings.office),
        routes=Routes(_route(route) for route in settings.routes),
    )


def health_rules(settings: Settings) -> HealthRules:
    """What the settings say of when an account is bad."""
    said = settings.health
    return HealthRules(
        window=int(said.window_seconds * 1000),
        down=int(said.down_seconds * 1000),
        hold=int(said.hold_seconds * 1000),
        hold_longest=int(said.hold_longest_seconds * 1000),
        error_rate=said.error_rate,
        least_results=said.least_results,
        slow_times=said.slow_times,
        slow=int(said.slow_seconds * 1000),
        least_receipts=said.least_receipts,
    )


def _route(said: RouteSettings) -> Route:
    return Route(said.accounts, said.prefix, frozenset(MtClass[name.upper()] for name in said.classes))


def _limits(said: SeverityLimits) -> Limits:
    return Limits(
        accept=int(said.accept_minutes * _MINUTE),
        resolve=int(said.resolve_minutes * _MINUTE),
        working=said.counts == "working",
    )


def _office(said: OfficeCalendar) -> WorkingTime:
    return WorkingTime(said.spans, workdays(said.country, said.weekdays, said.workdays, said.days_off))


def refuse_sample(settings: Settings, chart: Chart) -> None:
    """The sample's numbers belong to somebody: no real provider may send to them. Raises Unfit."""
    if all(account.is_simulated for account in settings.accounts.values()):
        return
    theirs = sorted(set(_phones(chart)) & set(_phones(sample_chart())))
    if theirs:
        raise Unfit(
            f"{settings.orgchart} holds numbers of the sample chart ({theirs[0]} …), which belong to somebody:"
            " a real provider would send to them. Write your own chart first."
        )


def _phones(chart: Chart) -> Iterator[str]:
    """All numbers that an SMS may go to, duty phones among them."""
    for person in chart.people():
        yield from person.phones
    units = (chart.unit(path) for path in chart.walk())
    for duty_phone in (chart.dispatchers.duty_phone, *(unit.duty_phone for unit in units if unit is not None)):
        if duty_phone is not None:
            yield duty_phone
