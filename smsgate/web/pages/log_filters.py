"""What somebody wants to see of the log, as the address says it: typed words in, `TransferFilters` out.

What can't be understood is said beside its field, and then nothing is shown rather than everything: who filters for a
room and sees all rooms believes what is not so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from routing.model import Act
from smsgate.domain.hop import LogKind
from smsgate.domain.states import Severity, State
from smsgate.store.queries import TransferFilters
from smsgate.web.pages.named import moment_of, unit_of, who_of
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
    wrong: dict[str, str] = {}
    refused = query.get("refused", "")
    who = who_of(speech, typed["who"])
    if who.wrong:
        wrong["who"] = who.wrong
    filters = TransferFilters(
        account=who.account,
        unit=unit_of(speech.chart, typed["unit"]) or who.unit,
        severity=_one_of(typed["severity"], set(Severity)),
        state=_one_of(typed["state"], set(State)),
        kind=_one_of(typed["kind"], {*Act, *LogKind}),
        q=typed["q"] or None,
        since=_moment(speech, typed["from"], "from", wrong),
        until=_moment(speech, typed["to"], "to", wrong),
    )
    return Wanted(typed, filters, wrong, refused if refused in places else places[0])


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
