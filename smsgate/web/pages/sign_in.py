"""`/login` and `/logout`."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from smsgate.domain.desk import MINUTE, By, What
from smsgate.service.ports import StoreUnavailable
from smsgate.store.acts import record
from smsgate.store.desk_keys import end_session
from smsgate.store.queries.desk import any_user
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.web.desk import SESSION_COOKIE, Desk, Visitor, visitor
from smsgate.web.gate import shown
from smsgate.web.pages.safe_next import safe_next
from smsgate.web.pages.site import COOKIE, YEAR, Site, read_form, see
from smsgate.web.pages.speech import Speech
from smsgate.web.problems import Problem
from smsgate.web.signing import Locked, SignedIn, Wrong, drop_cookie, set_session

_LOCKED = {"name": "login.locked.name", "address": "login.locked.address"}


def routes(site: Site) -> APIRouter:
    """The door's addresses."""
    router = APIRouter()

    @router.get("/login")
    async def login(request: Request, desk: Desk, next: str = "") -> Response:
        if desk.kind is By.USER:
            return see(safe_next(next))
        return await login_form(site, request, {"next": next})

    @router.post("/login")
    async def signed_in(request: Request) -> Response:
        form = await read_form(request)
        try:
            done = await site.signing.sign_in(request, form.get("name", ""), form.get("password", ""))
        except LookupError:
            done = Wrong(0)
        except (StoreUnavailable, Problem):
            return await login_form(site, request, form, site.speech(request).t("error.busy"), 503)
        if isinstance(done, SignedIn):
            return welcome(site, visitor(request), done, safe_next(form.get("next", "")))
        said, status = _why_not(site.speech(request), done)
        return await login_form(site, request, form, said, status)

    @router.post("/logout")
    async def logout(request: Request, desk: Desk) -> Response:
        if desk.kind is By.USER and desk.key_id is not None and desk.user_id is not None:
            await signed_out(site, desk, desk.key_id, desk.user_id)
        answer = see("/login")
        if shown(request.scope, desk.secure).session:
            drop_cookie(answer, desk, SESSION_COOKIE)
        return answer

    return router


async def signed_out(site: Site, desk: Visitor, session_id: int, user_id: int) -> None:
    """End one's session."""
    at = site.context.clock()

    def work(unit: UnitOfWork) -> None:
        end_session(unit, session_id, user_id, at)
        record(unit, at, desk.doer, What.SIGNED_OUT, desk.name)

    await site.context.writer.write(work)


def welcome(site: Site, who: Visitor, done: SignedIn, where: str) -> RedirectResponse:
    """Hand over the session, and go on."""
    answer = see(where)
    set_session(answer, who, done.key, site.context.settings.web.session_days)
    if done.language is not None:
        answer.set_cookie(COOKIE, done.language, max_age=YEAR, samesite="lax", httponly=True)
    return answer


def _why_not(speech: Speech, no: Wrong | Locked) -> tuple[str, int]:
    wait = max(1, -(-(no.until - speech.now) // MINUTE))
    if isinstance(no, Locked):
        return speech.t(_LOCKED[no.by], n=wait), 429
    locked = f" {speech.t('login.locked.name', n=wait)}" if no.until else ""
    return speech.t("login.wrong") + locked, 401


async def login_form(
    site: Site, request: Request, form: dict[str, str], error: str = "", status: int = 200
) -> Response:
    """The sign-in page, and what was wrong with what was sent."""
    oidc = site.context.settings.web.oidc
    return site.page(
        request,
        "login.html",
        status=status,
        next=safe_next(form.get("next", "")),
        name=form.get("name", "")[:64],
        error=error,
        nobody=not await any_user(site.context.reading),
        oidc=oidc.name if oidc is not None else "",
    )
