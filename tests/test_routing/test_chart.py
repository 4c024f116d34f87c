"""Look-ups of the chart, among them all that the parser asks."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from grammar.directory import Directory
from routing.chart import Chart
from routing.loader import load_file
from routing.model import DISPATCH_DESK, Actor, UnitPath
from routing.schema import json_schema
from tests.test_routing.charts import IT, NOC, SAMPLE, changed, chart_of, sample

CORE = UnitPath(NOC, "核心维护室")
TRAFFIC = UnitPath(NOC, "核心维护室", "话务维护组")


@pytest.fixture(scope="module")
def chart() -> Chart:
    return sample()


def test_the_sample_has_no_fault() -> None:
    assert load_file(SAMPLE).faults == ()


def test_it_is_a_directory_for_the_parser(chart: Chart) -> None:
    directory: Directory = chart
    assert directory.default_center == NOC


def test_hash_is_that_of_the_text(chart: Chart) -> None:
    assert chart.hash == sha256(SAMPLE.read_bytes()).hexdigest()


def test_units_know_what_lies_in_them(chart: Chart) -> None:
    assert chart.centers() == (UnitPath(NOC), UnitPath(IT))
    room = chart.unit(CORE)
    assert room is not None
    assert room.leader == "zhaogang"
    assert room.duty_phone == "+8613910000100"
    assert room.children == (
        TRAFFIC,
        UnitPath(NOC, "核心维护室", "交换维护组"),
        UnitPath(NOC, "核心维护室", "信令监测组"),
    )
    paths = list(chart.walk())
    assert paths[:3] == [UnitPath(NOC), CORE, TRAFFIC]
    assert all(path.upwards()[1] in paths[: paths.index(path)] for path in paths if path.room is not None)
    assert chart.unit(UnitPath(NOC, "没有")) is None


def test_people_are_found_ignoring_case(chart: Chart) -> None:
    person = chart.person("HELIJIA")
    assert person is not None
    assert (person.account, person.name, person.phones) == ("helijia", "何丽佳", ("+8613910000001",))
    assert chart.units_of("HeLiJia") == (TRAFFIC, UnitPath(NOC, "核心维护室", "信令监测组"))
    assert chart.leads("chenhua") == (UnitPath(NOC), UnitPath(NOC, "综合管理室"))
    assert chart.is_dispatcher("ZHOUJIE")
    assert not chart.is_dispatcher("helijia")
    assert chart.person("nobody") is None
    assert chart.units_of("nobody") == chart.leads("nobody") == ()


def test_a_phone_has_one_owner(chart: Chart) -> None:
    assert chart.who_calls("+8613910000001") == Actor("helijia")
    assert chart.who_calls("+8613910000103") == Actor("liuyang")  # the second phone may send too
    assert chart.who_calls("+8613910000100") == Actor(unit=CORE)
    assert chart.who_calls("+8613910000199") == Actor(unit=DISPATCH_DESK)
    assert str(Actor(unit=DISPATCH_DESK)) == "dispatchers"
    assert chart.who_calls("+8613999999999") is None


def test_an_address_has_one_owner_or_none() -> None:
    text = changed("13910000002", "13910000002, email: Li@example.com")
    assert chart_of(text).who_mails(" li@EXAMPLE.com") == Actor("li")
    assert (
        chart_of(text.replace("13910000003", "13910000003, email: li@example.com")).who_mails("li@example.com") is None
    )


def test_an_actor_may_have_left(chart: Chart) -> None:
    assert chart.knows(Actor("machao"))
    assert chart.knows(Actor(unit=CORE))
    assert chart.knows(Actor(unit=DISPATCH_DESK))
    assert not chart.knows(Actor("nobody"))
    assert not chart.knows(Actor(unit=TRAFFIC))  # has no duty phone
    assert not chart.knows(Actor())


def test_names_are_found_after_nfkc_ignoring_case_and_blanks(chart: Chart) -> None:
    assert chart.find_center(" 网管 维护中心\u200b") == NOC
    assert chart.find_room(NOC, "核心维护室") == "核心维护室"
    assert chart.find_group(IT, "业务维护室", "oa维护组") == "OA维护组"
    assert chart.find_account("J.Smith") == "j.smith"
    assert chart.find_center("核心维护室") is None
    assert chart.find_room(IT, "传输维护室") is None
    assert chart.find_group(NOC, "核心维护室", "OA维护组") is None
    assert chart.find_account("hlj") is None


def test_where_names_are(chart: Chart) -> None:
    assert chart.rooms_named("核心维护室") == ((NOC, "核心维护室", None), (IT, "核心维护室", None))
    assert chart.groups_named("oa维护组") == ((IT, "业务维护室", "OA维护组"),)
    assert chart.groups_of("helijia")[1] == (NOC, "核心维护室", "信令监测组")
    assert chart.accounts_named(NOC, "核心维护室", "交换维护组", "张伟") == ("zhangwei", "zhangwei2")
    assert chart.accounts_named(NOC, "传输维护室", "光缆维护组", "马超") == ("machao",)  # away: the caller asks
    assert chart.in_group(NOC, "核心维护室", "话务维护组", "helijia")
    assert not chart.in_group(IT, "核心维护室", "话务维护组", "helijia")
    assert chart.name_of("miyonglin") == "米永林"
    assert chart.is_active("helijia")
    assert not chart.is_active("machao")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("何心维护室", "核心维护室"),
        ("核心维护", "核心维护室"),
        ("核心室", "核心维护室"),
        ("传书维护室", "传输维护室"),
        ("食堂", None),
    ],
)
def test_nearest_room(chart: Chart, typed: str, meant: str | None) -> None:
    assert next(iter(chart.nearest_rooms(NOC, typed)), None) == meant


@pytest.mark.parametrize(
    ("group", "typed", "meant"),
    [
        ("话务维护组", "heliija", "helijia"),  # two swapped
        ("话务维护组", "何丽加", "helijia"),  # the same sound
        ("话务维护组", "wangming", "wangmin"),
        ("信令监测组", "善雷", "shanlei"),  # 单 is shàn as a surname
        ("交换维护组", "张维", "zhangwei"),
        ("话务维护组", "miyonglin", None),
    ],
)
def test_nearest_account(chart: Chart, group: str, typed: str, meant: str | None) -> None:
    assert next(iter(chart.nearest_accounts(NOC, "核心维护室", group, typed)), None) == meant


def test_nearest_account_by_pinyin_of_the_name() -> None:
    text = changed("name: 王芳", "name: 曾丽").replace("wang", "u8812")
    assert tuple(chart_of(text).nearest_accounts("中心", "一室", "甲组", "zengli")) == ("u8812",)


def test_nearest_never_offers_the_inactive(chart: Chart) -> None:
    assert "machao" not in chart.nearest_accounts(NOC, "传输维护室", "光缆维护组", "machao1")
    assert tuple(chart.nearest_groups(NOC, "传输维护室", "光览维护组"))[:1] == ("光缆维护组",)
    assert tuple(chart.nearest_centers("网管中心")) == (NOC,)
    assert tuple(chart.nearest_anywhere("miyongling"))[:1] == ("miyonglin",)


def test_the_committed_schema_is_the_one_in_the_code() -> None:
    committed = json.loads((Path(SAMPLE).parent / "deploy" / "orgchart.schema.json").read_text(encoding="utf-8"))
    assert committed == json_schema()
