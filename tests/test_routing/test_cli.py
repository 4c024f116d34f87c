"""`smsgate orgchart` from a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from routing.model import Kind, Target, UnitPath
from routing.schema import json_schema
from smsgate.cli import orgchart as cli
from tests.test_routing.charts import NOC, SAMPLE, SMALL, changed

BAD = changed("[li, wang]", "[li, wnag]", changed("version: 1", "version: 9"))
HELD = [("48217", Target(Kind.GROUP, UnitPath("中心", "一室", "甲组"))), ("48225", Target(Kind.DISPATCHERS, None))]


@pytest.fixture(autouse=True)
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "open_holders", lambda _settings: HELD)


def run(*words: str) -> tuple[int, list[str]]:
    result = CliRunner().invoke(cli.orgchart_app, list(words))
    return result.exit_code, result.output.splitlines()


def written(tmp_path: Path, name: str, text: str) -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_check_prints_every_fault_with_its_place_and_exits_1(tmp_path: Path) -> None:
    path = written(tmp_path, "bad.yaml", BAD)
    status, lines = run("check", path)
    assert status == 1
    assert lines[0].startswith(f"{path}:1:10: version: ")
    assert any(line.startswith(f"{path}:15:27: centers.中心.rooms.一室.groups.甲组.members[1]: ") for line in lines)
    assert any(line.startswith(f"{path}:7:3: ") and line.endswith("(提醒 warning)") for line in lines)


def test_check_of_a_good_chart_lists_the_tickets_it_strands(tmp_path: Path) -> None:
    status, lines = run("check", written(tmp_path, "good.yaml", SMALL))
    assert status == 0
    assert len(lines) == 1
    status, lines = run("check", written(tmp_path, "other.yaml", SMALL.replace("甲组", "乙组")))
    assert status == 0
    assert lines[1].startswith("工单 48217 的持有者 中心-一室-甲组 不在组织结构中")


def test_check_of_a_missing_file(tmp_path: Path) -> None:
    status, lines = run("check", str(tmp_path / "none.yaml"))
    assert status == 2
    assert "文件读不了" in lines[0]


def test_diff_says_what_changed_and_which_tickets_it_strands(tmp_path: Path) -> None:
    old = written(tmp_path, "old.yaml", SMALL)
    status, lines = run("diff", old, written(tmp_path, "new.yaml", SMALL.replace("甲组", "乙组")))
    assert status == 0
    assert lines[0].startswith("中心-一室-甲组 改名为 中心-一室-乙组")
    assert lines[1].startswith("工单 48217 ")
    assert run("diff", old, old) == (0, ["没有变化 (no change)"])
    assert run("diff", old, written(tmp_path, "bad.yaml", BAD))[0] == 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("13910000001", "何丽佳 (helijia)"),
        ("HELIJIA", "何丽佳 (helijia)"),
        ("+86 139 1000 0100", f"{NOC}-核心维护室"),
        ("-核心维护室-话务维护组", f"{NOC}-核心维护室-话务维护组"),
        ("信息技术中心-业务维护室-oa维护组", "信息技术中心-业务维护室-OA维护组"),
        ("信息技术中心", "信息技术中心"),
        ("13910000199", "调度 dispatchers"),
        ("dispatchers", "调度 dispatchers"),
        ("张伟", "张伟 (zhangwei)"),
        ("——核心维护室——话务维护组", f"{NOC}-核心维护室-话务维护组"),
        ("－传输维护室", f"{NOC}-传输维护室"),
        ("光缆维护组", f"{NOC}-传输维护室-光缆维护组"),
        ("核心维护室", f"{NOC}-核心维护室"),
        ("-核心维护室-话务维护组-HELIJIA", "何丽佳 (helijia)"),
    ],
)
def test_who(asked: str, said: str) -> None:
    status, lines = run("who", asked, "--orgchart", str(SAMPLE))
    assert status == 0
    assert lines[0].startswith(said)
    if asked not in ("信息技术中心", "张伟", "核心维护室"):
        assert any("现在通知" in line for line in lines)


@pytest.mark.parametrize(
    "asked", ["nobody", "13999999999", "-没有", "-核心维护室-没有", "a-b-c-d", "-核心维护室-话务维护组-gaofei"]
)
def test_who_of_nobody(asked: str) -> None:
    assert run("who", asked, "--orgchart", str(SAMPLE))[0] == 1


def test_who_of_a_name_that_two_rooms_share_lists_both() -> None:
    """Which of them was meant, the reader knows."""
    _, lines = run("who", "核心维护室", "--orgchart", str(SAMPLE))
    assert lines == [f"{NOC}-核心维护室", "信息技术中心-核心维护室"]


def test_who_offers_the_nearest_account() -> None:
    """A slip of the finger isn't the end of the question."""
    status, lines = run("who", "miyonglim", "--orgchart", str(SAMPLE))
    assert status == 1
    assert lines[0].endswith("是不是 (did you mean) miyonglin?")


def test_faults_are_no_tree(tmp_path: Path) -> None:
    """What is piped into a file is the answer or nothing."""
    result = CliRunner().invoke(cli.orgchart_app, ["tree", written(tmp_path, "bad.yaml", BAD)])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "version: " in result.stderr


def test_tree() -> None:
    status, lines = run("tree", str(SAMPLE))
    assert status == 0
    assert lines[1].startswith(NOC)
    assert any(line.startswith("    OA维护组") for line in lines)


def test_schema() -> None:
    status, lines = run("schema")
    assert status == 0
    assert json.loads("\n".join(lines)) == json_schema()
