"""The control page and its API: what a tester does to a gateway, by hand or by a script."""

from __future__ import annotations

import asyncio
from importlib.resources import files
from typing import Annotated

from fastapi import FastAPI, HTTPException, Path, Query
from starlette.responses import Response

from smsgate.simulate.api_models import (
    Brought,
    Mo,
    SessionRow,
    SetFaults,
    State,
    SubmitRow,
    WantedReceipt,
    faults_now,
)
from smsgate.simulate.gateway import Gateway

MOST_ROWS = 500
_FILES = {
    "": ("page.html", "text/html"),
    "page.js": ("page.js", "text/javascript"),
    "page.css": ("page.css", "text/css"),
}
_PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
Session = Annotated[int | None, Query(ge=1, description="one session's number; without it all")]


def control_app(gateway: Gateway, protocol: str) -> FastAPI:
    """The application; whoever serves it sees to it that strangers don't get in."""
    app = FastAPI(title=f"smsgate's simulated {protocol} gateway", docs_url=None, redoc_url=None)
    _add_state(app, gateway, protocol)
    _add_acts(app, gateway)
    app.get("/", include_in_schema=False)(_file)
    app.get("/{name}", include_in_schema=False)(_file)
    return app


def _add_state(app: FastAPI, gateway: Gateway, protocol: str) -> None:
    def state(after: int) -> State:
        rows = [one for one in gateway.submits if one.no > after][-MOST_ROWS:]
        return State(
            protocol=protocol,
            listens=f"{gateway.host}:{gateway.port}",
            sessions=[SessionRow.of(line) for line in gateway.sessions],
            submitted=gateway.submitted,
            undelivered=gateway.undelivered,
            refused_logins=gateway.refused_logins[-20:],
            faults=faults_now(gateway.faults),
            submits=[SubmitRow.of(one) for one in rows],
        )

    @app.get("/api/state", summary="Sessions, submits, faults")
    async def get_state(after: Annotated[int, Query(ge=0)] = 0) -> State:
        return state(after)

    @app.put("/api/faults", summary="Change some of what is wrong with the gateway")
    async def put_faults(wanted: SetFaults) -> State:
        wanted.onto(gateway.faults)
        gateway.mind()
        return state(gateway.submitted)

    @app.delete("/api/faults", summary="A gateway as it should be")
    async def clear_faults() -> State:
        gateway.faults.clear()
        gateway.release()
        gateway.mind()
        return state(gateway.submitted)


def _add_acts(app: FastAPI, gateway: Gateway) -> None:
    @app.post("/api/mo", summary="A phone sends an SMS")
    async def post_mo(mo: Mo) -> Brought:
        try:
            waiting = [one for _ in range(mo.times) for one in gateway.deliver(mo.injection, over=mo.over)]
        except ValueError as error:
            raise HTTPException(422, str(error)) from error
        await asyncio.wait(waiting, timeout=mo.wait)
        return Brought(statuses=[one.result().status if one.done() else None for one in waiting])

    @app.post("/api/receipts", summary="A receipt by hand", status_code=202)
    async def post_receipt(wanted: WantedReceipt) -> None:
        submit = next((one for one in gateway.submits if one.no == wanted.submit), None)
        if submit is None:
            raise HTTPException(404, f"there is no submit {wanted.submit}: /api/state lists them")
        gateway.receipt(submit, wanted.word)

    @app.post("/api/sessions/{act}", summary="cut, unbind or test sessions", status_code=202)
    async def post_session(act: Annotated[str, Path(pattern="^(cut|unbind|test)$")], session: Session = None) -> None:
        {"cut": gateway.cut, "unbind": gateway.unbind, "test": lambda _session: gateway.test()}[act](session)


async def _file(name: str = "") -> Response:
    if name not in _FILES:
        raise HTTPException(404, "there is nothing here: the page is at /, the API described at /openapi.json")
    file, media_type = _FILES[name]
    content = files("smsgate.simulate").joinpath("static", file).read_bytes()
    return Response(content, media_type=media_type, headers=_PAGE_HEADERS)
