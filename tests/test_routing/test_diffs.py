"""What changed, in words."""

from __future__ import annotations

import pytest

from routing.diffing import diff, is_missing, removed_accounts, removed_paths
from routing.model import Kind, Target, UnitPath
from tests.test_routing.charts import SMALL, changed, chart_of

GROUP = UnitPath("中心", "一室", "甲组")
MORE = """
  二中心:
    rooms:
      二室:
        groups:
          乙组: {members: [zhao]}
"""
BIG = changed("centers:", "  zhao: {name: 赵刚, phone: 13910000004}\ncenters:") + MORE.lstrip("\n")

CASES = {
    "nothing": ("version: 1", "version: 1  # same", []),
    "came": ("centers:", "  qian: {name: 钱进}\ncenters:", ["钱进 (qian) 加入"]),
    "went": ("[li, wang]", "[li]", ["王芳 (wang) 离开 中心-一室-甲组"]),
    "moved": ("[zhao]", "[zhao, wang]", ["王芳 (wang) 加入 二中心-二室-乙组"]),
    "name": ("name: 王芳", "name: 王方", ["王芳 (wang) 改名为 王方"]),
    "phone": ("13910000003", "13910000005", ["王芳 (wang) 号码: +8613910000003 → +8613910000005"]),
    "e-mail": ("13910000003", "13910000003, email: w@x.cn", ["王芳 (wang) 邮箱: 无 → w@x.cn"]),
    "away": ("13910000003", "13910000003, active: no", ["王芳 (wang) 停用"]),
    "leader": ("leader: li", "leader: wang", ["中心-一室-甲组 负责人: li → wang"]),
    "no leader": ("            leader: li\n", "", ["中心-一室-甲组 负责人: li → 无"]),
    "duty phone": (
        "leader: li",
        "leader: li\n            duty_phone: 13910000009",
        ["中心-一室-甲组 值班手机: 无 → +8613910000009"],
    ),
    "rota": (
        "leader: li",
        "leader: li\n            duty: {rotation: daily, start: 2026-11-02, people: [li]}",
        ["中心-一室-甲组 值班: 无 → daily 2026-11-02 00:00 [li]"],
    ),
    "centre": ("default_center: 中心", "default_center: 二中心", ["缺省中心: 中心 → 二中心"]),
    "zone": ("version: 1", "version: 1\ntime_zone: UTC", ["时区: Asia/Shanghai → UTC"]),
    "dispatcher": (
        "[desk]",
        "[li]",
        ["调度 (desk) 不再是调度", "李明 (li) 成为调度"],
    ),
    "renamed group": ("甲组", "丙组", ["中心-一室-甲组 改名为 中心-一室-丙组"]),
    "renamed room": (
        "二室",
        "三室",
        ["二中心-二室 改名为 二中心-三室", "二中心-二室-乙组 改名为 二中心-三室-乙组"],
    ),
    "new group": ("          甲组:", "          新组: {}\n          甲组:", ["新增 中心-一室-新组"]),
    "case of an account": ("zhao: {", "ZHAO: {", ["赵刚 的账号 zhao 改为 ZHAO"]),
}


@pytest.mark.parametrize("case", CASES)
def test_a_change_in_words(case: str) -> None:
    old, new, said = CASES[case]
    before, after = chart_of(BIG), chart_of(changed(old, new, BIG))
    assert [str(change) for change in diff(before, after)] == said
    assert all(change.en for change in diff(before, after))


def test_a_renamed_account_is_known_by_its_phone() -> None:
    before, after = chart_of(BIG), chart_of(BIG.replace("zhao", "zhaogang"))
    assert [str(change) for change in diff(before, after)] == ["赵刚 的账号 zhao 改为 zhaogang"]
    assert removed_accounts(before, after) == ("zhao",)


def test_what_is_gone_is_listed() -> None:
    before, after = chart_of(BIG), chart_of(BIG.replace("甲组", "丙组").replace(MORE.lstrip("\n"), ""))
    gone = [UnitPath("二中心"), UnitPath("二中心", "二室"), UnitPath("二中心", "二室", "乙组")]
    assert removed_paths(before, after) == (GROUP, *gone)
    said = [str(change) for change in diff(before, after)]
    assert "二中心 撤销" in said
    assert "赵刚 (zhao) 离开 二中心-二室-乙组" in said


def test_a_holder_who_is_missing() -> None:
    chart = chart_of(SMALL)
    assert not is_missing(chart, Target(Kind.GROUP, GROUP))
    assert not is_missing(chart, Target(Kind.DISPATCHERS, None))
    assert not is_missing(chart, Target(Kind.PEOPLE, GROUP, ("li",)))
    assert is_missing(chart, Target(Kind.PEOPLE, GROUP, ("li", "zhao")))
    assert is_missing(chart, Target(Kind.ROOM, UnitPath("中心", "二室")))
