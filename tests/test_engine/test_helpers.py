"""Who holds a ticket by name doesn't help with it, and who hands it back isn't taken for a helper."""

from __future__ import annotations

from routing.model import Act
from smsgate.domain.messages import MoState
from smsgate.service.requests import Acted
from smsgate.testing.stage import Stage

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


def test_one_of_two_helpers_who_accepts_it_leaves_the_other(stage: Stage) -> None:
    stage.open(target=GROUP)
    text(stage, "zhoujie", f"JP48217#{GROUP}-helijia;wangmin#请协助")
    text(stage, "helijia", "LD48217")
    assert [helper.accounts for helper in stage.ticket("48217").helpers] == [("wangmin",)]


def test_handing_back_to_oneself_is_no_leaving(stage: Stage) -> None:
    stage.open(target=f"{GROUP}-wangmin")
    text(stage, "wangmin", f"ZP48217#{GROUP}#请处理")
    text(stage, "wangmin", "LD48217")
    assert text(stage, "wangmin", "SBHD48217#不归我管") == "已退回48217，现归王敏。"


def test_what_the_dispatchers_hand_back_stays_theirs(stage: Stage) -> None:
    stage.open(target=None)
    assert text(stage, "zhoujie", "SBHD48217#不归我管") == "已退回48217，现归值班席。"


def test_a_helper_who_leaves_is_told_so(stage: Stage) -> None:
    stage.open(target=f"{GROUP}-wangmin")
    assert isinstance(stage.act("wangmin", Act.ASSIST, "48217", "请协助", f"{GROUP}-helijia"), Acted)
    assert text(stage, "helijia", "SBHD48217#忙") == "您已退出48217的协办。"
