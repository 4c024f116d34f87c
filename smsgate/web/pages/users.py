"""`/users`: who may come to the desk; for admins."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from smsgate.domain.desk import Role
from smsgate.store.desk import Hand
from smsgate.store.desk_users import Known, LastAdmin, NameTaken, NewUser, folded, user_by_id
from smsgate.store.queries.desk import sessions_of, users
from smsgate.store.queries.desk import user_by_id as user_row
from smsgate.web.desk import Desk, Visitor, idle_of
from smsgate.web.pages.account import as_hand
from smsgate.web.pages.site import Site, read_form, row_id, see
from smsgate.web.pages.speech import Speech
from smsgate.web.pages.user_forms import looked_at_name

ROLE = Role.ADMIN
DONE = ("role", "disable", "enable", "link", "unlock", "end", "end_all")
Form = dict[str, str]


def routes(site: Site) -> APIRouter:
    """The users' addresses."""
    router = APIRouter()

    @router.get("/users")
    async def all_users(request: Request) -> Response:
        return await _list(site, request, {}, {})

    @router.post("/users")
    async def add(request: Request, desk: Desk) -> Response:
        form, speech = await read_form(request), site.speech(request)
        wrong, account = _looked_at(speech, form)
        if wrong:
            return await _list(site, request, form, wrong)
        name = folded(form["name"])
        new = NewUser(name, form.get("shown", "").strip()[:64] or name, Role(form["role"]), None, account)

        def work(hand: Hand) -> tuple[int, str]:
            user = user_by_id(hand.unit, hand.add(new))
            assert user is not None  # noqa: S101 - it was added in this very transaction
            return user.id, hand.make_link(user)

        try:
            user_id, key = await as_hand(site, desk, work)
        except NameTaken:
            return await _list(site, request, form, {"name": speech.t("users.taken")})
        return await _one(site, request, user_id, key=key)

    @router.get("/users/{user_id}")
    async def one(request: Request, user_id: str, done: str = "") -> Response:
        return await _one(site, request, row_id(user_id), done=done if done in DONE else "")

    @router.post("/users/{user_id}")
    async def change(request: Request, user_id: str, desk: Desk) -> Response:
        number, form = row_id(user_id), await read_form(request)
        return await _changed(site, request, desk, number or 0, form)

    return router


async def _changed(site: Site, request: Request, desk: Visitor, user_id: int, form: Form) -> Response:
    speech, what = site.speech(request), form.get("do", "")
    wrong, account = _account(speech, form) if what == "link" else ({}, None)
    if what == "role" and form.get("role") not in set(Role):
        wrong = {"role": speech.t("open.needed")}
    if wrong:
        return await _one(site, request, user_id, wrong=wrong)

    def work(hand: Hand) -> str | None:
        user = user_by_id(hand.unit, user_id)
        return None if user is None else _do(hand, user, what, form, account)

    try:
        key = await as_hand(site, desk, work)
    except LastAdmin:
        return await _one(site, request, user_id, wrong={"": speech.t("users.last_admin")})
    if key:
        return await _one(site, request, user_id, key=key)
    return see(f"/users/{user_id}?done={what}" if what in DONE else f"/users/{user_id}")


def _do(hand: Hand, user: Known, what: str, form: Form, account: str | None) -> str | None:
    """One change; the secret of a link, where one was made."""
    match what:
        case "role":
            hand.set_role(user, Role(form["role"]))
        case "disable":
            hand.disable(user)
        case "enable":
            hand.enable(user)
        case "link":
            hand.link(user, account)
        case "unlock":
            hand.unlock(user)
        case "end_all":
            hand.end_all(user)
        case "end" if (number := row_id(form.get("session", ""))) is not None:
            hand.end(user, number)
        case "invite" if not user.disabled:
            return hand.make_link(user)
    return None


def _looked_at(speech: Speech, form: Form) -> tuple[dict[str, str], str | None]:
    wrong, account = _account(speech, form)
    wrong |= looked_at_name(speech, folded(form.get("name", "")))
    if form.get("role") not in set(Role):
        wrong["role"] = speech.t("open.needed")
    return wrong, account


def _account(speech: Speech, form: Form) -> tuple[dict[str, str], str | None]:
    """The account of the org chart as it is spelled there."""
    typed = form.get("account", "").strip()
    if not typed:
        return {}, None
    person = speech.chart.person(typed)
    return ({}, person.account) if person is not None else ({"account": speech.t("users.no_person")}, None)


async def _list(site: Site, request: Request, typed: Form, wrong: dict[str, str]) -> Response:
    found = await users(site.context.reading, site.context.clock())
    said = {name: typed.get(name, "") for name in ("name", "shown", "role", "account")}
    values: dict[str, Any] = {"users": found, "typed": said, "wrong": wrong, "roles": list(Role)}
    return site.page(request, "users.html", status=422 if wrong else 200, **values)


async def _one(
    site: Site,
    request: Request,
    user_id: int | None,
    *,
    key: str = "",
    done: str = "",
    wrong: dict[str, str] | None = None,
) -> Response:
    context, at = site.context, site.context.clock()
    user = await user_row(context.reading, user_id, at) if user_id is not None else None
    if user is None:
        return site.page(request, "missing.html", status=404)
    person = context.chart.person(user.account) if user.account is not None else None
    answer = site.page(
        request,
        "user.html",
        status=422 if wrong else 200,
        user=user,
        person=person,
        sessions=await sessions_of(context.reading, user.id, at, idle_of(context.settings.web)),
        link=f"{base_of(site, request)}/invite?token={key}" if key else "",
        done=done,
        wrong=wrong or {},
        roles=list(Role),
    )
    answer.headers["Referrer-Policy"] = "no-referrer" if key else "same-origin"
    return answer


def base_of(site: Site, request: Request) -> str:
    """Where this desk is reached, for links that are handed on."""
    return (site.context.settings.public_base or str(request.base_url)).rstrip("/")
