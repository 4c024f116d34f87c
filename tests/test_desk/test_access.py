"""Who may come where: the table knows every route, and every route does what the table says."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from starlette.routing import Route

from smsgate.accounts import WebSettings
from smsgate.domain.desk import Role, Scope
from smsgate.web.access import ACCESS, Need, Undeclared, addresses, declared, template_of
from smsgate.web.app import create_app
from smsgate.web.pages import mount_pages
from tests.desk import Desk
from tests.test_desk.conftest import desk_of
from tests.test_web.house import House, built

OPTIONAL = {("GET", "/oidc/login"), ("GET", "/oidc/callback")}
"""Routes of what is set up only where it is configured."""
PEOPLE = ("anonymous", "wall", "viewer", "operator", "admin", "read", "tickets:write", "metrics")
RANK = {"viewer": 0, "operator": 1, "admin": 2}


@pytest.fixture(scope="module")
def desk(shared: House) -> Desk:
    return desk_of(shared)


@pytest.fixture(scope="module")
def visitors(desk: Desk) -> dict[str, httpx.Client]:
    """One of each kind."""
    found = {"anonymous": desk.client(), "wall": desk.on_the_wall()}
    found |= {role.value: desk.signed_in(role) for role in Role}
    found |= {scope.value: desk.token(scope) for scope in (Scope.READ, Scope.TICKETS_WRITE, Scope.METRICS)}
    return found


def test_the_table_knows_every_route(shared: House) -> None:
    """And names none that is not there."""
    app = create_app(shared.context, [mount_pages])
    assert set(addresses(app.router.routes)) == set(ACCESS) - OPTIONAL


def test_an_app_with_a_route_that_nobody_guards_does_not_start(shared: House) -> None:
    def forgetful(app: object, _context: object) -> None:
        app.router.routes.append(Route("/secret", lambda _request: None))  # type: ignore[attr-defined]

    with pytest.raises(Undeclared, match="GET /secret"):
        create_app(shared.context, [mount_pages, forgetful])
    declared([])


def test_each_address_is_its_own_templates() -> None:
    """No pattern of the table catches what is another's."""
    for method, template in ACCESS:
        if method != "*":
            assert template_of(re.sub(r"\{\w+\}", "7", template)) == template
    assert template_of("/static/page.js") == "/static"
    assert template_of("/nowhere") is None


def may(need: Need, who: str) -> bool:
    """What the table says, read a second time and otherwise."""
    if need.role is None or need.or_local:
        return True
    if who == "anonymous":
        return False
    if who == "wall":
        return need.wall
    if who in RANK:
        return RANK[who] >= RANK[need.role.value]
    return need.scope is not None and need.scope.value == who


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize(("method", "template"), [key for key in ACCESS if key[0] != "*" and key not in OPTIONAL])
def test_everybody_gets_what_the_table_says(
    visitors: dict[str, httpx.Client], desk: Desk, method: str, template: str, who: str
) -> None:
    need, path = ACCESS[method, template], re.sub(r"\{\w+\}", "99999", template)
    if path == "/events/transfers" and may(need, who):
        with visitors[who].stream("GET", path) as stream:
            assert stream.status_code == 200
        return
    client = desk.client() if path == "/logout" else visitors[who]
    answer = client.request(method, path)
    turned_away = answer.status_code in (401, 403) or answer.headers.get("location", "").startswith("/login")
    if template in ("/login", "/logout"):
        assert answer.status_code in (200, 303, 401, 429)
    else:
        assert turned_away is not may(need, who), (answer.status_code, answer.text[:200])
    if turned_away and path.startswith("/api/") and not may(need, who):
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"]


@pytest.mark.parametrize(("method", "template"), [key for key in ACCESS if key[0] != "*" and key not in OPTIONAL])
def test_a_line_feed_at_the_end_opens_nothing(visitors: dict[str, httpx.Client], method: str, template: str) -> None:
    """Routes answer at an address with `%0A` behind it too; the table has to know it as the same."""
    path = re.sub(r"\{\w+\}", "99999", template)
    assert template_of(f"{path}\n") == template
    for who in ("anonymous", "wall", "viewer", "operator"):
        if not may(ACCESS[method, template], who):
            answer = visitors[who].request(method, f"{path}%0A")
            assert answer.status_code in (401, 403) or answer.headers.get("location", "").startswith("/login")


@pytest.mark.parametrize("path", ["/", "/tickets?state=held", "/users", "/nowhere", "/tickets/"])
def test_who_has_not_signed_in_is_led_to_the_door_and_back(desk: Desk, path: str) -> None:
    """Whether the page exists or not."""
    answer = desk.client().get(path)
    where = httpx.URL(answer.headers["location"])
    assert (answer.status_code, where.path) == (303, "/login")
    assert where.params.get("next", "/") == path


@pytest.mark.parametrize("path", ["/", "/tickets?state=held"])
def test_a_page_that_asks_for_a_part_of_itself_is_led_back_as_a_whole(desk: Desk, path: str) -> None:
    """By htmx, when the session has ended meanwhile."""
    answer = desk.client().get("/queue/count", headers={"hx-request": "true", "hx-current-url": desk.url + path})
    where = httpx.URL(answer.headers["hx-redirect"])
    assert (answer.status_code, where.path, where.params.get("next", "/")) == (401, "/login", path)


def test_a_program_is_told_what_to_do(desk: Desk) -> None:
    answer = httpx.get(f"{desk.url}/api/v1/tickets", trust_env=False)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    bogus = httpx.get(f"{desk.url}/api/v1/tickets", headers={"authorization": "Bearer sgt_no"}, trust_env=False)
    assert (bogus.status_code, bogus.json()["code"]) == (401, "bad_token")
    scoped = desk.token(Scope.METRICS).get("/api/v1/tickets")
    assert (scoped.status_code, scoped.json()["code"]) == (403, "no_scope")
    assert "read" in scoped.json()["detail"]
    assert desk.token(Scope.READ).get("/tickets").status_code == 403


def test_who_has_signed_in_learns_what_is_not_there(desk: Desk) -> None:
    viewer = desk.signed_in(Role.VIEWER)
    assert viewer.get("/nowhere").status_code == 404
    assert viewer.request("DELETE", "/tickets").status_code == 405


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-CN", "此处需要“管理”角色，您的角色是“值班”"), ("en", "This needs the role admin and yours is operator")],
)
def test_a_role_is_called_by_its_name(visitors: dict[str, httpx.Client], language: str, said: str) -> None:
    """On the page and over the API: what one asks an admin for, in one's own language."""
    client = visitors["operator"]
    page = client.get("/users", params={"lang": language[:2]})
    told = client.post("/api/v1/orgchart/check", headers={"accept-language": language})
    assert (page.status_code, told.status_code) == (403, 403)
    assert said in page.text
    assert told.json()["detail"].startswith(said)


def test_behind_a_proxy_on_this_machine_nobody_is_local(tmp_path: Path) -> None:
    """`web.trust_loopback = false`: the numbers want a token, and who leaves the headers out gets in nowhere."""
    web = WebSettings(trusted_proxies=("127.0.0.1",), trust_loopback=False)  # type: ignore[arg-type]
    with built(tmp_path, [mount_pages], open_desk=False, web=web) as house:
        desk = desk_of(house)
        through = {"accept": "*/*", "x-forwarded-for": "198.51.100.7", "x-forwarded-proto": "https"}
        assert desk.client().get("/metrics").status_code == 403
        assert desk.client(**through).get("/metrics").status_code == 401
        program = desk.token(Scope.METRICS)
        assert program.get("/metrics", headers=through).status_code == 200
        assert "须经https访问" in desk.client(**{"accept-language": "zh"}).get("/login").text
        assert desk.client(**through).get("/login").status_code == 200
