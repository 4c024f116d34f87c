"""What somebody looks for among the messages, as page and API read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from routing.phones import normalise_phone
from smsgate.domain.messages import MoState, MtState, storable
from smsgate.store.queries.search import Wanted, digits_of
from smsgate.web.context import WebContext

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def wanted_of(context: WebContext, asked: Mapping[str, str]) -> Wanted:
    """What a form asks for; what can't be read is left out. The ticket is looked up by who calls."""
    phones, digits = whose(context, asked.get("who", ""))
    way, state = asked.get("way", ""), asked.get("state", "")
    return Wanted(
        way="mo" if way == "mo" else "mt" if way == "mt" else None,
        phones=phones,
        digits=digits,
        words=_text(asked.get("q", "")).strip() or None,
        state=state if state in {*MoState, *MtState} else None,
        provider=asked.get("provider") or None,
        since=_moment(context, asked.get("since", "")),
        until=_moment(context, asked.get("until", "")),
    )


def whose(context: WebContext, typed: str) -> tuple[tuple[str, ...] | None, str | None]:
    """Whole numbers, or the digits of a part of one: of a number, an account, or a name of the chart."""
    typed = _text(typed).strip()
    if not typed:
        return None, None
    whole = normalise_phone(typed)
    if whole is not None:
        return (whole,), None
    digits = digits_of(typed)
    if digits is not None:
        return None, digits
    chart = context.chart
    named = [account for account in (chart.find_account(typed),) if account is not None] or chart.people_named(typed)
    people = [chart.person(account) for account in named]
    # nobody of that name: a sender that is no phone, word for word
    return tuple(phone for one in people if one is not None for phone in one.phones) or (typed,), None


def _moment(context: WebContext, typed: str) -> int | None:
    """A local time as a form sends it, or a day."""
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        return None
    local = found if found.tzinfo is not None else found.replace(tzinfo=context.chart.time_zone)
    at = int(local.timestamp() * 1000)
    return at if 0 <= at < 1 << 52 else None


def _text(typed: str) -> str:
    """As the database has it: no text that is kept holds NUL."""
    return storable(typed)


def milliseconds_of(moment: datetime | None) -> int | None:
    """A moment of a client's, within what the database can hold; a naive one is UTC."""
    if moment is None:
        return None
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return min(max((aware - _EPOCH) // timedelta(milliseconds=1), 0), 1 << 52)
