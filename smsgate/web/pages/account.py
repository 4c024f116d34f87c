"""`/account`: one's own password, sessions, language, and whom of the org chart one is."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from smsgate.domain.desk import By
from smsgate.service.passwords import fits, hash_of
from smsgate.store.desk import Hand
from smsgate.store.desk_users import user_by_id
from smsgate.store.queries.desk import password_hash, sessions_of
from smsgate.store.queries.desk import user_by_id as user_row
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.web.desk import Desk, Visitor, idle_of
from smsgate.web.pages.site import COOKIE, YEAR, Site, read_form, row_id, see
from smsgate.web.pages.strings import LANGUAGES
from smsgate.web.pages.user_forms import looked_at_password


def routes(site: Site) -> APIRouter:
    """One's own addresses."""
    router = APIRouter()

    @router.get("/account")
    async def account(request: Request, desk: Desk, done: str = "") -> Response:
        return await _page(site, request, desk, {}, done)

    _password(router, site)
    _sessions(router, site)
    return router


def _password(router: APIRouter, site: Site) -> None:
    @router.post("/account/password")
    async def password(request: Request, desk: Desk) -> Response:
        form = await read_form(request)
        wrong = await _wrong(site, request, desk, form)
        if wrong or desk.user_id is None:
            return await _page(site, request, desk, wrong)
        kept = await site.signing.hashing.run(lambda: hash_of(form["password"]))

        def work(hand: Hand) -> None:
            if (user := user_by_id(hand.unit, desk.user_id or 0)) is not None:
                hand.set_password(user, kept, desk.key_id or 0)

        await as_hand(site, desk, work)
        return see("/account?done=password")


def _sessions(router: APIRouter, site: Site) -> None:
    @router.post("/account/language")
    async def language(request: Request, desk: Desk) -> Response:
        chosen = (await read_form(request)).get("language", "")
        answer = see("/account?done=language")
        if chosen not in LANGUAGES:
            return answer

        def work(hand: Hand) -> None:
            if (user := user_by_id(hand.unit, desk.user_id or 0)) is not None:
                hand.set_language(user, chosen)

        await as_hand(site, desk, work)
        answer.set_cookie(COOKIE, chosen, max_age=YEAR, samesite="lax", httponly=True)
        return answer

    @router.post("/account/sessions")
    async def sessions(request: Request, desk: Desk) -> Response:
        which = (await read_form(request)).get("session", "")

        def work(hand: Hand) -> None:
            user = user_by_id(hand.unit, desk.user_id or 0)
            if user is not None and which == "others":
                hand.end_all(user, desk.key_id or 0)
            elif user is not None and (number := row_id(which)) is not None:
                hand.end(user, number)

        await as_hand(site, desk, work)
        return see("/account?done=sessions")


async def as_hand(site: Site, desk: Visitor, work: Any) -> Any:
    """Do something at the desk, in the writer; answers what `work` does."""
    at = site.context.clock()

    def in_writer(unit: UnitOfWork) -> Any:
        return work(Hand(unit, at, desk.doer))

    return await site.context.writer.write(in_writer)


async def _wrong(site: Site, request: Request, desk: Visitor, form: dict[str, str]) -> dict[str, str]:
    speech = site.speech(request)
    found = await password_hash(site.context.reading, desk.name)
    old = form.get("old", "")
    # the same lock as at the door: who finds an open desk does not guess on
    at = site.context.clock()
    if site.signing.attempts.locked_until(f"account {desk.name}", at):
        return {"old": speech.t("account.locked")}
    fitting = await site.signing.hashing.run(lambda: fits(found[1] if found is not None else None, old))
    if not fitting:
        site.signing.attempts.fail(f"account {desk.name}", at)
        return {"old": speech.t("account.old_wrong")}
    return looked_at_password(speech, form, desk.name, desk.shown)


async def _page(site: Site, request: Request, desk: Visitor, wrong: dict[str, str], done: str = "") -> Response:
    context, at = site.context, site.context.clock()
    shown, sessions = None, []
    if desk.kind is By.USER and desk.user_id is not None:
        shown = await user_row(context.reading, desk.user_id, at)
        idle = idle_of(context.settings.web)
        sessions = await sessions_of(context.reading, desk.user_id, at, idle)
    person = context.chart.person(desk.account) if desk.account is not None else None
    return site.page(
        request,
        "account.html",
        status=422 if wrong else 200,
        user=shown,
        sessions=sessions,
        person=person,
        wrong=wrong,
        done=done if done in ("password", "language", "sessions") else "",
        languages=LANGUAGES,
    )
