"""What a viewer watches: of the log that is highlighted, rings and is notified.

In keys as a line of the log has them (`queries.matching.concerned`): a line that has one of them concerns the viewer.
"""

from __future__ import annotations

from urllib.parse import quote, unquote

from fastapi import Request
from starlette.responses import Response

from smsgate.store.rows import unit_key
from smsgate.web.pages.named import unit_of
from smsgate.web.pages.site import YEAR, storable
from smsgate.web.pages.speech import Speech

COOKIE = "watch"
LONGEST = 300
"""Characters that one types to watch; in a cookie, which holds 4,096 octets, up to twelve times as many octets."""

MOST = 12
"""Units and people that one watches at most."""


def watch_of(request: Request) -> str:
    """What somebody has typed to watch: in this address, else what this browser watched last."""
    given = request.query_params.get("watch")
    return storable(unquote(request.cookies.get(COOKIE, "")) if given is None else given)[:LONGEST]


def keep_watch(request: Request, response: Response) -> None:
    """Let this browser remember what the address says to watch; an empty field forgets it."""
    if "watch" not in request.query_params:
        return
    typed = watch_of(request).strip()
    if typed:
        response.set_cookie(COOKIE, quote(typed, safe=""), max_age=YEAR, path="/", samesite="lax", httponly=True)
    else:
        response.delete_cookie(COOKIE)


def watched(speech: Speech, typed: str) -> tuple[str, ...]:
    """The keys of what somebody watches: units and accounts, with commas or semicolons between them."""
    chart, keys = speech.chart, dict[str, None]()
    for word in typed.replace("，", ",").replace("；", ",").replace(";", ",").split(",")[:MOST]:
        one = word.strip()
        account = chart.find_account(one) if one else None
        unit = unit_of(chart, one) if one and account is None else None
        if account is not None:
            keys[f"@{account}"] = None
        elif unit is not None:
            keys[unit_key(unit)] = None
    return tuple(keys)


def concerns_of(speech: Speech, typed: str, account: str | None) -> tuple[str, ...]:
    """The keys of what a viewer watches: what they have typed, else what concerns the account they are linked to."""
    if typed.strip() or account is None:
        return watched(speech, typed)
    known = speech.chart.find_account(account)
    return () if known is None else of_account(speech, known)


def of_account(speech: Speech, account: str) -> tuple[str, ...]:
    """What concerns a person: they themselves, the groups that they belong to, the units that they lead."""
    chart = speech.chart
    return (f"@{account}", *map(unit_key, dict.fromkeys((*chart.units_of(account), *chart.leads(account)))))
