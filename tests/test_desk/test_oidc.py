"""Signing in by OpenID Connect, against a real provider over HTTP whose tokens are signed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

pytest.importorskip("authlib")
pytest.importorskip("joserfc")

from joserfc.jwk import OctKey, RSAKey

from smsgate.accounts import OidcSettings, WebSettings
from smsgate.domain.desk import Role
from smsgate.web.pages import mount_pages
from tests.desk import Desk
from tests.test_desk import issuer as issuers
from tests.test_desk.conftest import desk_of
from tests.test_web.house import House, built

SECRET = "a-secret-of-the-tests"


@pytest.fixture
def issuer() -> Iterator[issuers.Issuer]:
    with issuers.running() as made:
        yield made


@pytest.fixture
def house(tmp_path: Path, issuer: issuers.Issuer) -> Iterator[House]:
    (tmp_path / "secret").write_text(SECRET, encoding="utf-8")
    said = OidcSettings(
        issuer=issuer.url, client_id="desk", client_secret_file=tmp_path / "secret", name="单位账号",
        roles={"noc-duty": "operator", "noc-lead": "admin"}, domains=("noc.example",),
    )  # fmt: skip
    with built(tmp_path, [mount_pages], open_desk=False, public_base="", web=WebSettings(oidc=said)) as made:
        yield made


@pytest.fixture
def desk(house: House) -> Desk:
    return desk_of(house)


def gone_and_back(client: httpx.Client, **changes: str) -> httpx.Response:
    """To the issuer, and back with what it says."""
    gone = client.get("/oidc/login", params={"next": "/tickets"})
    assert gone.status_code == 303, gone.text
    there = httpx.get(gone.headers["location"], trust_env=False)
    back = httpx.URL(there.headers["location"])
    assert back.path == "/oidc/callback"
    return client.get(back.copy_merge_params(changes))


def told(answer: httpx.Response) -> str:
    found = re.search(r'role="alert"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    return found[1] if found else ""


def test_a_person_comes_in(desk: Desk, house: House, issuer: issuers.Issuer) -> None:
    """Made a user at the first time; the role is the issuer's each time; PKCE and the client's secret are shown."""
    client = desk.client()
    assert "用单位账号登录" in client.get("/login").text
    done = gone_and_back(client)
    assert (done.status_code, done.headers["location"]) == (303, "/tickets")
    assert client.get("/tickets/new").status_code == 200
    assert client.get("/users").status_code == 403
    form, basic = issuer.token_requests[0]
    assert len(form["code_verifier"]) >= 43
    assert basic.startswith("Basic ")
    issuer.claims = {"groups": ["noc-duty", "noc-lead"], "name": "李雷二"}
    again = desk.client()
    gone_and_back(again)
    assert again.get("/users").status_code == 200
    assert house.rows("SELECT name, shown, role, password FROM desk_users") == [("lilei", "李雷二", "admin", None)]
    assert SECRET not in str(desk.acts())


def test_a_user_of_the_same_name_is_somebody_else(desk: Desk, house: House) -> None:
    desk.user("lilei")
    gone_and_back(desk.client())
    names = house.rows("SELECT name FROM desk_users ORDER BY id")
    assert names[0] == "lilei"
    assert re.fullmatch(r"lilei-[0-9a-f]{8}", names[1])


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"nonce": "another"}, "没有成功"), ({"nonce": None}, "没有成功"), ({"aud": "another"}, "没有成功"),
        ({"iss": "https://another.example"}, "没有成功"), ({"exp": 1}, "没有成功"), ({"exp": None}, "没有成功"),
        ({"sub": None}, "没有成功"), ({"aud": ["desk", "b"], "azp": "b"}, "没有成功"),
        ({"groups": ["cleaners"]}, "没有给您"), ({"groups": None}, "没有给您"),
        ({"email": "x@attacker.example"}, "域名"), ({"email": None}, "域名"), ({"email_verified": False}, "域名"),
        ({"email_verified": None}, "域名"),
    ],
)  # fmt: skip
def test_whom_the_token_lets_in_nobody(
    desk: Desk, house: House, issuer: issuers.Issuer, claims: dict[str, Any], said: str
) -> None:
    issuer.claims = claims
    client = desk.client()
    answer = gone_and_back(client)
    assert (answer.status_code, said in told(answer)) == (403, True)
    assert client.get("/").status_code == 303
    assert house.rows("SELECT count(*) FROM desk_users") == [0]


def test_another_key_signs_nothing(desk: Desk, issuer: issuers.Issuer) -> None:
    """Nor does none, nor a secret that everybody knows."""
    issuer.signs_by = RSAKey.generate_key(2048, {"kid": "1"})
    assert gone_and_back(desk.client()).status_code == 403
    issuer.header, issuer.signs_by = {"alg": "HS256", "kid": "1"}, OctKey.generate_key(256)  # type: ignore[assignment]
    assert gone_and_back(desk.client()).status_code == 403


def test_what_comes_back_belongs_to_who_has_gone(desk: Desk) -> None:
    """Another state, another browser, no code, a code a second time: nothing."""
    assert gone_and_back(desk.client(), state="another").status_code == 403
    client = desk.client()
    assert gone_and_back(client).status_code == 303
    assert desk.client().get("/oidc/callback?code=code-1&state=x").status_code == 403
    gone = client.get("/oidc/login")
    state = httpx.URL(gone.headers["location"]).params["state"] if gone.status_code == 303 else ""
    assert client.get("/oidc/callback", params={"code": "code-1", "state": state}).status_code == 403
    assert client.get("/oidc/callback", params={"error": "access_denied", "state": state}).status_code == 403


def test_who_is_disabled_stays_out(desk: Desk, house: House) -> None:
    gone_and_back(desk.client())
    house.stage.store.writer.write_now(lambda unit: unit.session._execute("UPDATE desk_users SET disabled = 1"))
    assert gone_and_back(desk.client()).status_code == 403


def test_an_issuer_whose_name_ends_in_a_slash(desk: Desk, issuer: issuers.Issuer) -> None:
    """Its tokens say its name as it does, to the letter."""
    issuer.slash = "/"
    assert gone_and_back(desk.client()).status_code == 303
    issuer.claims = {"iss": issuer.url}
    assert gone_and_back(desk.client()).status_code == 403


def test_the_last_admin_is_told_why_they_cannot_come_in(desk: Desk, house: House, issuer: issuers.Issuer) -> None:
    """The issuer says that they are none any more; then nobody could let anybody in."""
    issuer.claims = {"groups": ["noc-lead"]}
    assert gone_and_back(desk.client()).status_code == 303
    issuer.claims = {}
    answer = gone_and_back(desk.client())
    assert (answer.status_code, "没有给您" in told(answer)) == (403, True)
    desk.user("boss", Role.ADMIN)
    assert gone_and_back(desk.client()).status_code == 303
    assert house.rows("SELECT role FROM desk_users WHERE name = 'lilei'") == ["operator"]
