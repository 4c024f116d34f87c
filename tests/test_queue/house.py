"""A whole house with pages, for the queue's HTTP tests: phones on its stage, an operator at its doors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from smsgate.web.pages import mount_pages
from tests.test_web.house import API, House, built

MISREAD = "ZP#-核心维护#已恢复"
MENDED = "ZP#-核心维护室#已恢复"
STRANGER = "+8613912345678"
NASTY = "<script>alert(1)</script>=cmd|' /C calc'!A0\u202e\u2067倒" + "长" * 1900


@contextmanager
def desk_house(folder: Path) -> Iterator[House]:
    """One ticket, 48217, that 王敏 holds; its notice has arrived."""
    with built(folder, [mount_pages]) as house:
        house.stage.open()
        house.stage.deliver()
        yield house


def item_of(house: House, who: str, said: str) -> int:
    """Somebody sends what a human must handle; the id of that item."""
    house.stage.sms(who, said)
    house.stage.sweep()
    return int(house.rows("SELECT max(id) FROM queue_items")[0])


def post(house: House, path: str, by: str = "zhoujie", **form: str) -> httpx.Response:
    """A plain form of somebody at the desk."""
    return house.client.post(path, data=form, headers={"Cookie": f"desk={by}"}, follow_redirects=False)


def call(house: House, path: str, **body: Any) -> httpx.Response:
    """A call of the API."""
    return house.client.post(f"{API}/queue/{path}", json=body)
