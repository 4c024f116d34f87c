"""`/first` and `/invite`: one-time links, by which the first admin comes in, and others set a password."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import Response

from smsgate.domain.desk import By, Role
from smsgate.service.passwords import hash_of
from smsgate.service.ports import StoreUnavailable
from smsgate.store.acts import Doer
from smsgate.store.desk import Hand, NoInvite, use_first_link, use_link
from smsgate.store.desk_keys import INVITE
from smsgate.store.desk_users import NewUser, folded
from smsgate.store.queries.desk import UserRow, any_user, invite_for
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.web.desk import Desk, Visitor
from smsgate.web.pages.sign_in import welcome
from smsgate.web.pages.site import Site, read_form
from smsgate.web.pages.user_forms import looked_at_name, looked_at_password
from smsgate.web.problems import Problem

Form = dict[str, str]


def routes(site: Site) -> APIRouter:
    """The links' addresses."""
    router = APIRouter()

    @router.get("/first")
    async def first(request: Request, token: str = "") -> Response:
        if not await _is_first(site, token):
            return await _void_first(site, request)
        return _form(site, request, token, {}, {})

    @router.post("/first")
    async def first_user(request: Request, desk: Desk) -> Response:
        form = await read_form(request)
        key = form.get("token", "")
        if not await _is_first(site, key):
            return await _void_first(site, request)
        speech, name = site.speech(request), folded(form.get("name", ""))
        wrong = looked_at_name(speech, name) | looked_at_password(speech, form, name)
        if wrong:
            return _form(site, request, key, form, wrong)
        kept = await site.signing.hashing.run(lambda: hash_of(form["password"]))
        new = NewUser(name, form.get("shown", "").strip()[:64] or name, Role.ADMIN, kept)

        def work(unit: UnitOfWork) -> int:
            return use_first_link(Hand(unit, at, _doer(desk, name)), key, new)

        at = site.context.clock()
        return await _done(site, request, desk, work)

    _invites(router, site)
    return router


def _invites(router: APIRouter, site: Site) -> None:
    @router.get("/invite")
    async def invited(request: Request, token: str = "") -> Response:
        user = await _invited(site, token)
        return _void(site, request) if user is None else _form(site, request, token, {}, {}, user)

    @router.post("/invite")
    async def password_set(request: Request, desk: Desk) -> Response:
        form = await read_form(request)
        key = form.get("token", "")
        user = await _invited(site, key)
        if user is None:
            return _void(site, request)
        wrong = looked_at_password(site.speech(request), form, user.name, user.shown)
        if wrong:
            return _form(site, request, key, form, wrong, user)
        kept = await site.signing.hashing.run(lambda: hash_of(form["password"]))
        at = site.context.clock()
        return await _done(
            site, request, desk, lambda unit: use_link(Hand(unit, at, _doer(desk, user.name)), key, kept).id
        )


async def _is_first(site: Site, key: str) -> bool:
    context = site.context
    if not key.startswith(INVITE) or await any_user(context.reading):
        return False
    return await invite_for(context.reading, key, context.clock()) == (None,)


async def _invited(site: Site, key: str) -> UserRow | None:
    if not key.startswith(INVITE):
        return None
    found = await invite_for(site.context.reading, key, site.context.clock())
    return found[0] if found is not None else None


async def _done(site: Site, request: Request, desk: Visitor, work: Callable[[UnitOfWork], int]) -> Response:
    try:
        user_id = await site.context.writer.write(work)
        done = await site.signing.begin(request, user_id)
    except (NoInvite, LookupError):
        return _void(site, request)
    except StoreUnavailable as error:
        raise Problem("store_unavailable") from error
    return _quiet(welcome(site, desk, done, "/"))


def _doer(desk: Visitor, name: str) -> Doer:
    """Who has the link is believed to be whom it is for."""
    return Doer(By.USER, name, desk.address)


def _form(
    site: Site, request: Request, key: str, form: Form, wrong: dict[str, str], user: UserRow | None = None
) -> Response:
    said = {name: form.get(name, "") for name in ("name", "shown")}
    status = 422 if wrong else 200
    return _quiet(site.page(request, "invite.html", status=status, token=key, user=user, typed=said, wrong=wrong))


def _void(site: Site, request: Request, *, there_are_users: bool = False) -> Response:
    return _quiet(site.page(request, "invite_void.html", status=410, there_are_users=there_are_users))


async def _void_first(site: Site, request: Request) -> Response:
    """Somebody was first, perhaps by the command line: says so, and what to do."""
    return _void(site, request, there_are_users=await any_user(site.context.reading))


def _quiet(answer: Response) -> Response:
    """The address holds a secret: no other page is told of it."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
