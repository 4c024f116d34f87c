"""`/oidc/login` and `/oidc/callback`: signing in by an OpenID Connect provider, where one is configured."""

from __future__ import annotations

import hashlib

import structlog
from fastapi import APIRouter, Request
from starlette.responses import Response

from smsgate.domain.desk import By
from smsgate.service.ports import StoreUnavailable
from smsgate.store.acts import Doer
from smsgate.store.desk import Hand
from smsgate.store.desk_users import LastAdmin, NewUser, folded, set_user, user_named, user_of_subject
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.web.desk import Desk, Visitor, cookie_name
from smsgate.web.oidc import Going, Issuer, NotLetIn, Person
from smsgate.web.pages.safe_next import safe_next
from smsgate.web.pages.sign_in import login_form, welcome
from smsgate.web.pages.site import Site, see
from smsgate.web.pages.users import base_of
from smsgate.web.signing import drop_cookie

COOKIE = "smsgate-oidc"
LIVES = 600
"""Seconds that somebody may be at the issuer's."""
_SAID = {"proof": "login.oidc.failed", "domain": "login.oidc.domain", "role": "login.oidc.role"}

_log = structlog.get_logger(__name__)


def routes(site: Site, issuer: Issuer) -> APIRouter:
    """The addresses on the way to the issuer and back."""
    router = APIRouter()

    @router.get("/oidc/login")
    async def go(request: Request, desk: Desk, next: str = "") -> Response:
        going = Going.now(safe_next(next))
        try:
            answer = see(await issuer.address(going, _callback(site, request)))
        except NotLetIn as no:
            return await _refused(site, request, no)
        answer.set_cookie(
            cookie_name(COOKIE, desk.secure), going.written(), max_age=LIVES, path="/", secure=desk.secure,
            httponly=True, samesite="lax",
        )  # fmt: skip
        return answer

    @router.get("/oidc/callback")
    async def back(request: Request, desk: Desk) -> Response:
        try:
            going = Going.read(request.cookies.get(cookie_name(COOKIE, desk.secure), ""))
            if going is None:
                raise NotLetIn("nobody had gone from this browser")
            person = await issuer.person(going, dict(request.query_params), _callback(site, request))
            user_id = await _known(site, desk, person)
            done = await site.signing.begin(request, user_id, how="OIDC")
        except NotLetIn as no:
            return await _refused(site, request, no)
        except LastAdmin:
            return await _refused(site, request, NotLetIn("the last admin would be none any more", "role"))
        except (LookupError, StoreUnavailable):
            return await _refused(site, request, NotLetIn("disabled, or the database is away"))
        answer = welcome(site, desk, done, safe_next(going.back))
        drop_cookie(answer, desk, COOKIE)
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer

    return router


def _callback(site: Site, request: Request) -> str:
    return f"{base_of(site, request)}/oidc/callback"


async def _refused(site: Site, request: Request, no: NotLetIn) -> Response:
    _log.warning("nobody is let in by OIDC", why=no.why)
    return await login_form(site, request, {}, site.speech(request).t(_SAID[no.lack]), 403)


async def _known(site: Site, desk: Visitor, person: Person) -> int:
    """The user that the issuer's person is; made at the first time, and of the role that the issuer tells each time."""
    at = site.context.clock()

    def work(unit: UnitOfWork) -> int:
        user = user_of_subject(unit, person.subject)
        hand = Hand(unit, at, Doer(By.USER, person.name, desk.address))
        if user is None:
            return hand.add(NewUser(_free(unit, person), person.shown, person.role, subject=person.subject))
        hand.set_role(user, person.role)
        set_user(unit, user.id, "shown", person.shown)
        return user.id

    return await site.context.writer.write(work)


def _free(unit: UnitOfWork, person: Person) -> str:
    """A name that nobody has: a user of the same name may be somebody else."""
    name = "".join(folded(person.name).split())[:50] or "oidc"
    if user_named(unit, name) is None:
        return name
    return f"{name}-{hashlib.sha256(person.subject.encode()).hexdigest()[:8]}"
