"""Who has left the chart: what they held and did is told with their names."""

from __future__ import annotations

import httpx

from smsgate.bootstrap import open_core
from tests.test_orgchart.house import ChartHouse
from tests.test_orgchart.test_http import eventually

GONE = ("wangmin", "wangmin2")
"""The account of 王敏 is given up; she has another now."""


def test_the_log_goes_on_to_say_the_name(house: ChartHouse, client: httpx.Client) -> None:
    ticket = house.open().ticket
    text = house.text.replace(*GONE).replace("name: 王敏", "name: 王小敏")
    house.replace(text)
    eventually(house, text)
    for page in ("/", f"/tickets/{ticket.number}"):
        shown = client.get(page).text
        assert ">王敏</bdi>" in shown
        assert ">wangmin</bdi>" not in shown


def test_so_it_does_after_a_restart_and_for_who_left_meanwhile(house: ChartHouse) -> None:
    text = house.text.replace(*GONE).replace("name: 王敏", "name: 王小敏")
    house.replace(text)
    eventually(house, text)
    house.stop()
    house.replace(text.replace("zengli", "zengli2").replace("name: 曾丽", "name: 曾小丽"))
    for _ in range(2):  # what is found out at a start is kept
        core = open_core(house.settings)
        chart = core.charts.current
        assert (chart.name_of("wangmin"), chart.name_of("zengli")) == ("王敏", "曾丽")
        assert (chart.name_of("wangmin2"), chart.name_of("nobody")) == ("王小敏", "nobody")
        core.close()


def test_who_comes_back_has_the_name_of_today(house: ChartHouse) -> None:
    began = house.text
    for text in (began.replace(*GONE), began.replace("name: 王敏", "name: 王大敏")):
        house.replace(text)
        eventually(house, text)
    assert house.charts.current.name_of("wangmin") == "王大敏"
