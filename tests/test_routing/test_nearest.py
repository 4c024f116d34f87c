"""What may have been meant: by spelling, by sound, by growing together; all that are equally near, and no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing import nearest
from routing.joined import joined
from tests.test_routing.charts import NOC, chart_of, large, sample

ROOMS = ("核心维护室", "传输维护室", "核心网室", "机房7室", "机房77室")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("核心维护", ("核心维护室",)),
        ("和新维护室", ("核心维护室",)),
        ("核心", ("核心维护室", "核心网室")),  # written short: of how many characters doesn't count
        ("维护室", ("核心维护室", "传输维护室")),
        ("机房77", ("机房77室",)),  # another number is another room
        ("机房8室", ("机房7室",)),
        ("食堂", ()),
        ("", ()),
    ],
)
def test_names_that_are_equally_near(typed: str, meant: tuple[str, ...]) -> None:
    assert nearest.names(typed, ROOMS) == meant


PEOPLE = (("lina", "李娜"), ("lina2", "李娜"), ("u1", "李那"), ("wangmin", "王敏"), ("zw", "张伟"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("里娜", ("lina", "lina2", "u1")),  # namesakes are as near as each other, whatever their accounts
        ("wangming", ("wangmin",)),
        ("wangmni", ("wangmin",)),
        ("zhangwei", ("zw",)),
        ("lin", ("lina",)),
        ("zzz", ()),
    ],
)
def test_accounts_that_are_equally_near(typed: str, meant: tuple[str, ...]) -> None:
    assert nearest.accounts(typed, PEOPLE) == meant


SURNAMES = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "查": "zha",
    "区": "ou",
    "盖": "ge",
    "朴": "piao",
    "任": "ren",
    "华": "hua",
    "葛": "ge",
    "尹": "yin",
    "乐": "yue",
    "翟": "zhai",
    "黑": "he",
    "费": "bi",
    "员": "yun",
    "繁": "po",
    "折": "she",
    "种": "chong",
    "缪": "miao",
    "覃": "qin",
    "长": "zhang",
    "尉": "yu",
}


@pytest.mark.parametrize(("surname", "reading"), SURNAMES.items())
def test_a_surname_has_its_rare_reading_too(surname: str, reading: str) -> None:
    assert reading in nearest.readings(surname)


def test_a_name_is_spelt_in_every_reading_of_every_character() -> None:
    """Four characters of several readings each: the right combination may be far behind."""
    assert {"yuchiyuehua", "weichilehua"} <= set(nearest.spellings("尉迟乐华"))
    assert "moqixie" in nearest.spellings("万俟卨")


WORDS = (
    ("ab", "艾比"),
    ("abc", "艾比西"),
    ("d", "丁"),
    ("cd", "陈东"),
    ("zw", "张伟"),
    ("zw2", "张伟"),
    ("j.smith", "J Smith"),
)


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("zwab", [("zw", "ab")]),
        ("abcd", [("abc", "d"), ("ab", "cd")]),
        ("zw和艾比", [("zw", "ab")]),
        ("zw + cd", [("zw", "cd")]),
        ("张伟cd", [("zw", "cd"), ("zw2", "cd")]),
        ("张伟(zw2)", [("zw2",)]),
        ("zw2（张伟）", [("zw2",)]),
        ("@zw", [("zw",)]),
        ("J.SMITH.ab", [("j.smith", "ab")]),
        ("JSmith", [("j.smith",)]),
        ("zwzw", [("zw",)]),
        ("zw、cd", []),  # that separates people: it needs no guess
        ("zwx", []),
        ("", []),
        ("-", []),
    ],
)
def test_what_has_grown_together(text: str, ways: list[tuple[str, ...]]) -> None:
    assert list(joined(text, WORDS)) == ways


@given(st.lists(st.sampled_from([account for account, _ in WORDS]), min_size=1, max_size=6))
def test_accounts_run_together_are_read_again(accounts: list[str]) -> None:
    """Among other ways, of which there may be more than are looked at."""
    ways = joined("".join(accounts), WORDS)
    assert tuple(dict.fromkeys(accounts)) in ways or len(ways) > 5


@given(st.text(max_size=300))
def test_any_text_can_be_asked_for(text: str) -> None:
    """And who is answered is of those who were asked about."""
    known = {account for account, _ in WORDS}
    assert {account for way in joined(text, WORDS) for account in way} <= known
    assert set(nearest.accounts(text, WORDS)) <= known


def test_no_repetition_takes_long() -> None:
    """Every way to read it ends in the same dead end, which is found once."""
    people = [("a" * n, "名" * n) for n in range(1, 30)]
    assert joined("a" * 199 + "x", people) == ()
    assert len(joined("a" * 200, people)) > 0
    assert joined("a" * 201, people) == ()


def test_people_of_the_whole_chart() -> None:
    """By name, by what is near; who is away is nobody."""
    chart = sample()
    assert tuple(chart.people_named("张伟")) == ("zhangwei", "zhangwei2")
    assert tuple(chart.people_named("马超")) == ()
    assert tuple(chart.nearest_people("heliija")) == ("helijia",)
    assert tuple(chart.nearest_people("善雷")) == ("shanlei",)
    assert "machao" not in chart.nearest_people("machaoo")
    assert tuple(chart.nearest_rooms_anywhere("业务维护")) == (("信息技术中心", "业务维护室", None),)
    assert tuple(chart.nearest_groups_anywhere("QA维护组")) == (("信息技术中心", "业务维护室", "OA维护组"),)
    assert tuple(chart.joined_accounts(NOC, "传输维护室", "光缆维护组", "wujinggaofei")) == (("wujing", "gaofei"),)
    assert tuple(chart.joined_accounts(NOC, "传输维护室", "光缆维护组", "wujingmachao")) == ()


def test_in_a_large_chart_people_are_looked_for_by_spelling_alone() -> None:
    """By sound it would take too long."""
    chart = chart_of(large(3000))
    assert tuple(chart.nearest_people("u2999x")) == ("u2999",)
    assert tuple(chart.nearest_people("找味味")) == ()
    assert len(chart.people_named("赵伟伟")) > 0
