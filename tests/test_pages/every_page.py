"""Every page of the desk with an address to look at: made from the table of routes, so that none can be forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from routing.model import Act
from smsgate.domain.desk import Role
from smsgate.store.desk_keys import INVITE, invite, new_key
from smsgate.web.access import ACCESS
from smsgate.web.desk import SESSION_COOKIE
from tests.desk import Desk
from tests.test_pages.house import House

API = "/api/v1"

NO_PAGES = frozenset(
    {
        "/healthz", "/readyz", "/metrics", "/events/transfers", "/targets", "/queue/count", "/orgchart/keys.json",
        "/reports/export", "/phones/{msisdn}/thread", "/wall/{key}", "/oidc/login", "/oidc/callback",
        "/messages/{number}", "/phones/choose", "/orgchart/saved", "/orgchart/state",
    }
)  # fmt: skip
"""What a browser doesn't show as a page of its own: streams, files, parts, and what only leads elsewhere."""


AT_THE_DOOR = frozenset({"/login", "/first", "/invite"})
"""Pages for who has not signed in; `/first` tells a house that has users that its link is void."""


def page_templates() -> list[str]:
    """The addresses of all pages, as the table of routes has them."""
    return [
        path for method, path in ACCESS if method == "GET" and not path.startswith(API) and path not in NO_PAGES
    ]  # fmt: skip


class Furnished:
    """A house in which something of everything has happened, and the key of an admin's session."""

    def __init__(self, folder: Path) -> None:
        self.house = House(folder, open_desk=False).start()
        desk = Desk(self.house.store, self.house.url, self.house.clock)
        user = desk.user("duty", Role.ADMIN, shown="值班员", account="zhoujie")
        self.session = desk.session(user)
        with desk.signed_in(Role.ADMIN, "duty") as client:
            self._play(client)
        invited = desk.hand(lambda hand: _invitation(hand, user.id))
        desk.token(*(), name="a program")
        desk.hand(lambda hand: hand.add_wall("大厅", ""))
        self._examples = {
            "/invite": f"/invite?token={invited}",
            "/users/{user_id}": f"/users/{user.id}",
            "/tickets/{ref}": f"/tickets/{self.number}",
            "/tickets/{ref}/print": f"/tickets/{self.number}/print",
            "/messages/mo/{mo_id}": "/messages/mo/1",
            "/messages/mt/{mt_id}": "/messages/mt/1",
            "/queue/{item_id}": "/queue/1",
            "/orgchart/unit": "/orgchart/unit?path=网管维护中心-核心维护室-话务维护组",
            "/orgchart/person": "/orgchart/person?account=wangmin",
            "/orgchart/history/{version_id}": "/orgchart/history/1",
            "/reports/tickets": "/reports/tickets?period=today&column=resolved",
            "/problems/{code}": "/problems/not_found",
            "/phones/{msisdn}": "/phones/%2B8613910000002",
            "/search": "/search?q=基站",
        }

    def address(self, template: str) -> str:
        """Where a page of that kind is."""
        found = self._examples.get(template, template)
        assert "{" not in found, f"no example of {template}: name one in {__file__}, or say that it is no page"
        return found

    def cookies(self, template: str) -> list[Any]:
        """For a browser in which the admin is signed in, unless the page is one for who is not."""
        if template in AT_THE_DOOR:
            return []
        return [{"name": SESSION_COOKIE, "value": self.session, "url": self.house.url}]

    def _play(self, client: Any) -> None:
        house = self.house
        self.number = house.open("西区基站退服", symptom="RRU断链", severity="critical").ticket.number
        house.act("wangmin", Act.ACCEPT, self.number, "马上就到")
        house.act("wangmin", Act.TRANSFER, self.number, "转交换", "-核心维护室-交换维护组")
        house.open("东区光缆中断", severity="minor")
        held = house.open("三号机房空调告警", severity="warning").ticket.number
        house.act("wangmin", Act.ACCEPT, held)
        house.act("wangmin", Act.HOLD, held, "等备件")
        for sender, text in (
            ("+8613910000002", "你好，请问今天谁值班"),
            ("+8613811112222", "ZP#-核心维护室#请处理"),
            ("+8613910000002", "ZP48217#-核心维护#已经恢复,请核查。"),
        ):
            answer = client.post(f"{API}/simulator/mo", json={"from": sender, "text": text})
            assert answer.status_code < 300, answer.text


def _invitation(hand: Any, user_id: int) -> str:
    key = new_key(INVITE)
    invite(hand.unit, key, user_id, hand.at)
    return key
