"""`/events/transfers`: what happens, as server-sent events.

`hop` carries the hop's id: a browser that was cut off sends it back as `Last-Event-ID` and gets what it has missed,
each hop once. The address takes the log's filters; of a hop that they keep back only the id comes (`seen`), so that
the browser goes on from there. The others (`board`, `phone`, `beat`) say how things are now and need no catching up;
`reset` asks the browser to load the page anew, because it is too far behind or has seen another database.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from smsgate.store.queries import newest_transfer
from smsgate.store.queries.feed import Arrival, Board, LogLine, board, lines_after
from smsgate.store.queries.matching import matches
from smsgate.store.queries.transfers import TransferFilters
from smsgate.web.feed import Listener, News
from smsgate.web.pages.log import read_view
from smsgate.web.pages.site import Site
from smsgate.web.pages.speech import Speech

RETRY = 1000
"""Milliseconds after which a browser comes again."""
FAR_BEHIND = 500
"""Hops that are sent after; who has missed more loads the page anew."""
PAGE = 100
KEPT_LINES = 64
"""Lines of the log that are kept as text, because all listeners want them at once."""


def routes(site: Site) -> APIRouter:
    """The stream's address."""
    router = APIRouter()

    @router.get("/events/transfers")
    async def transfers(request: Request, after: int | None = None) -> Response:
        seen = _last_seen(request)
        if seen is None:
            seen = after
        events = _events(site, site.speech(request), read_view(site, request).streamed, seen, site.phones_for(request))
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(events, media_type="text/event-stream", headers=headers)

    return router


def _last_seen(request: Request) -> int | None:
    given = request.headers.get("last-event-id", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else None


async def _events(
    site: Site, speech: Speech, filters: TransferFilters, seen: int | None, phones: bool
) -> AsyncIterator[str]:
    yield f"retry: {RETRY}\n\n"
    async with site.feed.listening() as listener:
        newest = await newest_transfer(site.context.reading)
        if seen is None:
            seen = newest
        if seen > newest or newest - seen > FAR_BEHIND:
            yield _event("reset", "")
            return
        yield _beat(site)
        while missed := await lines_after(site.context.reading, seen, PAGE):
            for line in missed:
                yield _hop(site, speech, filters, line)
            seen = missed[-1].id
        yield _as_event(site, speech, await board(site.context.reading, site.context.clock()))
        async for event in _live(site, speech, filters, listener, seen, phones):
            yield event


async def _live(
    site: Site, speech: Speech, filters: TransferFilters, listener: Listener, seen: int, phones: bool
) -> AsyncIterator[str]:
    """`phones`: whether who listens may have the simulator's phones, and hears when one of them rings."""
    while not site.feed.closed:
        try:
            news = await listener.next()
        except EOFError:
            return
        if news is None:
            yield ": still here\n" + _beat(site)
        elif not isinstance(news, LogLine):
            if not site.feed.closed and (phones or not isinstance(news, Arrival)):
                yield _as_event(site, speech, news)
        elif news.id > seen:
            seen = news.id
            yield _hop(site, speech, filters, news)


def _hop(site: Site, speech: Speech, filters: TransferFilters, line: LogLine) -> str:
    if not matches(line.row, filters):
        return _event("seen", str(line.id), line.id)
    return _as_event(site, speech, line)


def _as_event(site: Site, speech: Speech, news: News) -> str:
    # names and times are those of this moment: the chart may have changed since the stream began
    speech = site.speech_in(speech.language)
    match news:
        case LogLine():
            return _event("hop", _line(site, speech, news), news.id)
        case Board():
            return _event("board", site.render("board.html", speech, board=news))
        case Arrival():
            return _event("phone", json.dumps({"phone": news.phone, "mt": news.mt_id, "rings": news.fresh}))


def _line(site: Site, speech: Speech, line: LogLine) -> str:
    """A line's text, made once for all who listen in one language."""
    key = (line.id, line.running, speech.language)
    made = site.lines.get(key)
    if made is None:
        made = site.lines[key] = site.render("log_line.html", speech, line=line)
        if len(site.lines) > KEPT_LINES:
            del site.lines[next(iter(site.lines))]
    return made


def _beat(site: Site) -> str:
    return _event("beat", str(site.context.clock()))


def _event(name: str, text: str, id_: int | None = None) -> str:
    head = f"event: {name}\n" if id_ is None else f"id: {id_}\nevent: {name}\n"
    # an SSE line ends at CR, LF or both; anybody's text may hold them
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return head + "".join(f"data: {line}\n" for line in lines) + "\n"
