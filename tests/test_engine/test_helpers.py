"""Who holds a ticket by name doesn't help with it, and who hands it back isn't taken for a helper."""

from __future__ import annotations

from pathlib import Path

import pytest

from routing.model import Act
from smsgate.domain.messages import MoState
from smsgate.domain.refusals import Why
from smsgate.service.requests import Acted
from smsgate.testing.stage import Stage
from tests.test_engine.test_who_is_told import away

GROUP = "-核心维护室-话务维护组"


def text(stage: Stage, who: str, said: str) -> str:
    stage.clock.go_on(minutes=3)
    receipt = stage.sms(who, said)
    assert receipt.result.state is MoState.APPLIED, receipt
    return receipt.answer or ""


def test_a_helper_who_gets_it_back_helps_no_more(stage: Stage) -> None:
    stage.open(target=f"{GROUP}-wangmin")
    text(stage, "wangmin", f"ZP48217#{GROUP}-helijia#请处理")
    text(stage, "helijia", f"JP48217#{GROUP}-wangmin#请协助")
    text(stage, "helijia", "SBHD48217#不归我管")
    ticket = stage.ticket("48217")
    assert ticket.holder.accounts == ("wangmin",)
    assert ticket.helpers == ()


def test_one_of_two_helpers_who_gets_it_leaves_the_other(stage: Stage) -> None:
    stage.open(target=f"{GROUP}-wangmin")
    other = "-核心维护室-交换维护组"
    text(stage, "wangmin", f"JP48217#{other}-liuyang;zhangwei#请协助")
    text(stage, "wangmin", f"ZP48217#{other}-liuyang#请处理")
    assert [helper.accounts for helper in stage.ticket("48217").helpers] == [("zhangwei",)]


def test_who_helps_and_gets_it_as_one_of_a_group_helps_no_more(stage: Stage) -> None:
    stage.open(target=f"{GROUP}-wangmin")
    text(stage, "wangmin", f"JP48217#{GROUP}-helijia#请协助")
    text(stage, "wangmin", f"ZP48217#{GROUP}#请处理")
    assert stage.ticket("48217").helpers == ()


@pytest.mark.parametrize("holder", [f"{GROUP}-wangmin", GROUP])
def test_nobody_is_asked_to_help_with_what_is_theirs(stage: Stage, holder: str) -> None:
    """Be it by name or as one of a group, alone or beside others (spec/tickets.md «States», JP)."""
    stage.open(target=holder)
    told = stage.sms("zhoujie", f"JP48217#{GROUP}-wangmin;helijia#请协助")
    assert told.result.outcome == Why.ALREADY_HOLDER
    assert stage.ticket("48217").helpers == ()


def test_handing_back_to_oneself_is_no_leaving(stage: Stage) -> None:
    stage.open(target=f"{GROUP}-wangmin")
    text(stage, "wangmin", f"ZP48217#{GROUP}#请处理")
    text(stage, "wangmin", "LD48217")
    assert text(stage, "wangmin", "SBHD48217#不归我管") == "已退回48217，现归您。"


def test_the_dispatchers_hand_nothing_back_to_themselves(stage: Stage) -> None:
    """Nothing is undone: no new accept clock, and nobody is told."""
    stage.open(target=None)
    before = stage.ticket("48217")
    stage.clock.go_on(minutes=9)
    stage.new_sms()
    told = stage.sms("zhoujie", "SBHD48217#不归我管")
    assert told.result.outcome == Why.ALREADY_HOLDER
    assert told.answer == "工单48217已归值班席，没有可退回的处理人，请转派。"
    assert stage.ticket("48217") == before
    assert [sms.role for sms in stage.new_sms()] == ["actor"]


def test_what_the_dispatchers_were_handed_goes_on_back(stage: Stage, tmp_path: Path) -> None:
    """It is theirs because the one before was away; there is another one before."""
    stage.open(target=f"{GROUP}-wangmin")
    text(stage, "wangmin", f"ZP48217#{GROUP}-helijia#请处理")
    text(stage, "helijia", "ZP48217#-核心维护室-交换维护组-liuyang#请处理")
    stage.charts.put(away(tmp_path, "helijia"))
    assert text(stage, "liuyang", "SBHD48217#不归我管") == "已退回48217，现归值班席。"
    assert text(stage, "zhoujie", "SBHD48217#不归我管") == "已退回48217，现归王敏。"
    assert text(stage, "wangmin", "SBHD48217#不归我管") == "已退回48217，现归值班席。"
    stage.clock.go_on(minutes=3)
    assert stage.sms("zhoujie", "SBHD48217#不归我管").result.outcome == Why.ALREADY_HOLDER


def test_a_helper_who_leaves_is_told_so(stage: Stage) -> None:
    stage.open(target=f"{GROUP}-wangmin")
    assert isinstance(stage.act("wangmin", Act.ASSIST, "48217", "请协助", f"{GROUP}-helijia"), Acted)
    assert text(stage, "helijia", "SBHD48217#忙") == "您已退出48217的协助。"
