"""What somebody wants to see of the log, as the address says it: typed words in, `TransferFilters` out.

What can't be understood is said beside its field, and then nothing is shown rather than everything: who filters for a
room and sees all rooms believes what is not so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from routing.chart import Chart, UnitNames
from routing.model import Act, UnitPath
from routing.phones import normalise_phone
from smsgate.domain.hop import LogKind
from smsgate.domain.states import Severity, State
from smsgate.store.queries import TransferFilters
from smsgate.web.pages.site import storable
from smsgate.web.pages.speech import Speech

FIELDS = ("unit", "who", "severity", "state", "kind", "from", "to", "q")
"""The filters' names in an address, in the order of the form."""
LONGEST = 200
"""Characters of one of them."""
REFUSED = ("beside", "1", "0", "only")
"""Where refused commands are: in a column of their own, among the others, nowhere, or alone."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters as typed and as understood."""

    typed: Mapping[str, str]
    filters: TransferFilters
    wrong: Mapping[str, str]
    """By field: why it can't be understood."""
    refused: str
    """One of `REFUSED`."""

    @property
    def main(self) -> TransferFilters:
        """For the log itself."""
        only = {"1": None, "only": True}.get(self.refused, False)
        return replace(self.filters, refused=only)

    @property
    def beside(self) -> TransferFilters:
        """For the refused commands beside it."""
        return replace(self.filters, refused=True)

    @property
    def streamed(self) -> TransferFilters:
        """For what comes: the page itself puts a refused command where it belongs."""
        return self.filters if self.refused == "beside" else self.main

    @property
    def ended(self) -> bool:
        """Nothing new can come: the wanted time is over, or nothing is understood."""
        return bool(self.wrong) or self.filters.until is not None


def wanted(query: Mapping[str, str], speech: Speech, places: tuple[str, ...] = REFUSED) -> Wanted:
    """Read an address; `places`: where refused commands can be, the usual one first."""
    typed = {name: storable(query.get(name, "")).strip()[:LONGEST] for name in FIELDS}
    chart, wrong = speech.chart, dict[str, str]()
    refused = query.get("refused", "")
    account, unit = _who(speech, typed["who"], wrong)
    filters = TransferFilters(
        account=account,
        unit=unit_of(chart, typed["unit"]) or unit,
        severity=_one_of(typed["severity"], set(Severity)),
        state=_one_of(typed["state"], set(State)),
        kind=_one_of(typed["kind"], {*Act, *LogKind}),
        q=typed["q"] or None,
        since=_moment(speech, typed["from"], "from", wrong),
        until=_moment(speech, typed["to"], "to", wrong),
    )
    return Wanted(typed, filters, wrong, refused if refused in places else places[0])


def unit_of(chart: Chart, typed: str) -> UnitPath | None:
    """A unit as people write it: in full, as in a command (`-专业室-组`), or from its room or group on.

    One that the chart does not know is taken as written: the log is older than the chart.
    """
    names = [name.strip() for name in typed.split("-")]
    if not any(names):
        return None
    center = chart.find_center(names[0]) if names[0] else chart.default_center
    if center is None:
        rooms = chart.rooms_named(names[0])
        if len(names) == 1 or rooms:
            return _from_below(chart, names, rooms)
    room, group = ([*names[1:], "", ""])[:2]
    center = center or names[0]
    inner = chart.find_room(center, room) or room
    return UnitPath(center, inner or None, (chart.find_group(center, inner, group) or group) or None)


def _from_below(chart: Chart, names: list[str], rooms: Sequence[UnitNames]) -> UnitPath:
    if rooms:
        center, room, _ = rooms[0]
        group = names[1] if len(names) > 1 else ""
        return UnitPath(center, room, (chart.find_group(center, room or "", group) or group) or None)
    groups = chart.groups_named(names[0])
    return UnitPath(*groups[0]) if groups else UnitPath(names[0])


def _who(speech: Speech, typed: str, wrong: dict[str, str]) -> tuple[str | None, UnitPath | None]:
    """An account, a name or a phone."""
    if not typed:
        return None, None
    chart = speech.chart
    account = chart.find_account(typed)
    if account is not None:
        return account, None
    caller = chart.who_calls(normalise_phone(typed) or "")
    if caller is not None:
        return caller.account, caller.unit
    named = chart.people_named(typed)
    if len(named) == 1:
        return named[0], None
    near = named or chart.nearest_people(typed)
    wrong["who"] = speech.t("filter.who.several" if named else "filter.who.unknown", near="、".join(near[:5]) or "—")
    return None, None


def _one_of(typed: str, known: set[str]) -> str | None:
    return typed if typed in known else None


def _moment(speech: Speech, typed: str, name: str, wrong: dict[str, str]) -> int | None:
    if not typed:
        return None
    try:
        return moment_of(typed, speech.chart.time_zone)
    except ValueError:
        wrong[name] = speech.t("filter.time.wrong")
        return None


def moment_of(typed: str, zone: ZoneInfo) -> int:
    """Milliseconds of a time of day in the NOC's zone, as a browser's field writes it (`2026-11-23T10:02`).

    Raises ValueError for what is no time.
    """
    found = datetime.fromisoformat(typed)
    return int((found if found.tzinfo is not None else found.replace(tzinfo=zone)).timestamp() * 1000)
