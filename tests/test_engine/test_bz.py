"""BZ: every answer is one SMS beside the signature, however long the names."""

from __future__ import annotations

import pytest

from grammar import VERBS, Help, Verb
from routing.chart import Chart
from routing.loader import load_text
from routing.model import Actor
from smsgate.sample import sample_chart
from smsgate.service.helping import help_text
from smsgate.service.rules import Rules
from smsgate.service.scene import Scene
from smsgate.service.segments import units_of
from smsgate.service.wording import Words
from smsgate.testing.clock import FrozenClock
from smsgate.testing.stage import LIMITS

LONG = """
version: 1
default_center: 别的中心
dispatchers: [desk]
people:
  desk: {name: 调度, phone: 13910000001}
  ouyangxiaofang: {name: 欧阳晓芳, phone: 13910000002}
  shangguanwenjing: {name: 上官文静, phone: 13910000003}
centers:
  别的中心: {}
  ROOMS_OF:
    rooms:
      ROOM:
        groups:
          GROUP: {members: [ouyangxiaofang, shangguanwenjing]}
"""


def helped(chart: Chart, account: str, topic: Verb | None) -> str:
    rules = Rules(LIMITS, "simulator", frozenset({"simulator"}))
    words = Words(chart, rules, FrozenClock()())
    # nothing is looked up: who asks and the chart say it all
    return help_text(Scene(None, chart, rules, words.at, words, {}), Actor(account), Help(topic))  # type: ignore[arg-type]


@pytest.mark.parametrize("topic", [None, *VERBS])
def test_each_is_one_sms_for_everybody(topic: Verb | None) -> None:
    chart = sample_chart()
    for person in chart.people():
        assert units_of(helped(chart, person.account, topic), "ucs2") <= 60


@pytest.mark.parametrize(
    ("center", "room", "group", "target"),
    [
        ("某某中心", "接入室", "甲组", "某某中心-接入室-甲组-shangguanwenjing"),
        ("某某中心", "接入与承载网维护室", "光缆线路组", "某某中心-接入与承载网维护室-光缆线路组"),
        (
            "第二网络运行维护中心",
            "接入与承载网维护室",
            "光缆线路维护与应急抢修第一组",
            "第二网络运行维护中心-接入与承载网维护室",
        ),
    ],
)
def test_long_names_shorten_the_target(center: str, room: str, group: str, target: str) -> None:
    text = LONG.replace("ROOMS_OF", center).replace("ROOM", room).replace("GROUP", group)
    chart = load_text(text).chart
    assert chart is not None
    said = helped(chart, "ouyangxiaofang", Verb.ZP)
    assert said == f"ZP工单号#{target}#意见 也可只写到组或室，几个账号用;隔开。"
    assert units_of(said, "ucs2") <= 60
