"""Which ticket is meant, where a code has had another life and where a message has to be run again."""

from __future__ import annotations

import pytest

from routing.loader import load_text
from routing.model import Act
from smsgate.domain import moves
from smsgate.domain.messages import MoState
from smsgate.domain.refusals import Refusal, Why
from smsgate.sample import sample_path
from smsgate.service import acting
from smsgate.service.requests import Acted, Receipt
from smsgate.store.tables import codes
from smsgate.testing.stage import Stage

GROUP = "-核心维护室-交换维护组"
ZP = f"ZP48217#{GROUP}-zhangwei#请处理"


def only_one_code(stage: Stage) -> None:
    with stage.store.engine.begin() as connection:
        connection.execute(codes.delete().where(codes.c.code != "48217"))


def test_a_code_with_a_new_ticket_is_not_the_old_one_s(stage: Stage) -> None:
    """zhaogang leads the room and may see both tickets, but was told only of the first."""
    stage.open(target=f"{GROUP}-zhaogang")
    only_one_code(stage)
    assert isinstance(stage.act("zhoujie", Act.CANCEL, "48217"), Acted)
    stage.clock.go_on(hours=80)
    assert stage.open(title="东区断纤", target=f"{GROUP}-liuyang").ticket.code == "48217"
    said = stage.sms("zhaogang", ZP)
    assert said.result.outcome == Why.CODE_REUSED
    assert said.answer == "48217现在是另一张工单202611260001东区断纤。如指这张请回Y"
    assert stage.sms("zhaogang", ZP.replace("48217", "202611260001")).result.state is MoState.APPLIED
    stage.clock.go_on(minutes=3)
    assert stage.sms("zhaogang", ZP.replace("-zhangwei", "-liuyang")).result.state is MoState.APPLIED


def test_who_is_away_sees_no_more_than_they_hold(stage: Stage) -> None:
    stage.open(target=f"{GROUP}-liuyang")
    assert stage.sms("liuyang", ZP).result.state is MoState.APPLIED
    edited = load_text(sample_path().read_text("utf-8").replace("{name: 刘洋, ", "{name: 刘洋, active: false, "))
    assert edited.chart is not None
    stage.charts.put(edited.chart)
    assert stage.sms("liuyang", "CX48217").result.outcome == Why.UNKNOWN_TICKET


def test_a_shunted_message_is_not_run_again_over_somebody_s_head(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.open(target=f"{GROUP}-liuyang")
    with monkeypatch.context() as broken:
        broken.setattr(acting, "move", lambda *_: 1 / 0)
        shunted = stage.sms("liuyang", ZP)
    assert shunted.result.state is MoState.SHUNTED
    assert (shunted.result.ticket_id, shunted.result.ticket_hop) == (1, 1)
    assert stage.act("zhaogang", Act.TRANSFER, "48217", "请处理", f"{GROUP}-zhaogang")
    assert acting.move is moves.move
    again = replayed(stage, shunted)
    assert isinstance(again, Refusal)
    assert again.why is Why.STALE
    assert [kind for _, kind, _ in stage.log()] == ["open", "transfer"]


def test_one_that_fails_again_is_still_one(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.open(target=f"{GROUP}-liuyang")
    monkeypatch.setattr(acting, "move", lambda *_: 1 / 0)
    shunted = stage.sms("liuyang", ZP, provider_id="")
    again = replayed(stage, shunted)
    assert isinstance(again, Receipt)
    assert again.mo_id == shunted.mo_id


def replayed(stage: Stage, shunted: Receipt) -> Receipt | Refusal:
    mo_id = shunted.mo_id
    assert mo_id is not None
    return stage.store.writer.write_now(lambda unit: stage.office.replay(unit, mo_id))


@pytest.mark.parametrize("bad", ["\0", "\ud83d"])
def test_what_no_database_takes_is_an_error_like_any_other(stage: Stage, bad: str) -> None:
    stage.open(target=f"{GROUP}-liuyang")
    assert stage.sms("liuyang", f"JDFK48217#到现场{bad}").result.state is MoState.APPLIED


def test_who_stood_above_a_former_path_sees_it_still(stage: Stage) -> None:
    """helijia had it through two groups; the leader of the first saw it then and sees it now."""
    stage.open(target="-核心维护室-话务维护组-helijia")
    for sender, target in (("helijia", "话务维护组-wangmin"), ("wangmin", "信令监测组-helijia"),
                           ("helijia", "交换维护组-liuyang")):  # fmt: skip
        stage.clock.go_on(minutes=3)
        assert stage.sms(sender, f"ZP48217#-核心维护室-{target}#请处理").result.state is MoState.APPLIED
    with stage.store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT role, path FROM parties WHERE key = '@helijia' ORDER BY path").all()
    assert [(role, "话务" in path) for role, path in rows] == [("held", False), ("held", True)]


def test_who_is_not_in_the_chart_is_refused_and_logged(stage: Stage) -> None:
    stage.open()
    done = stage.act("nobody", Act.ACCEPT, "48217")
    assert isinstance(done, Refusal)
    assert done.why is Why.UNKNOWN_ACTOR
    assert stage.log()[-1] == (None, "accept", "unknown_actor")


def test_who_can_not_be_reached_stands_in_the_log_with_the_ticket(stage: Stage) -> None:
    """Of an act at the desk, and of a command in the ticket's own thread: duty staff see which ticket was meant."""
    stage.open()
    for nowhere in ("-核心维护室-不存在组", "-核心维护室-话务维护", "", "-核心维护室-话务维护组-nobody", "x" * 300):
        stage.act("wangmin", Act.TRANSFER, "48217", "看", nowhere)
        assert stage.log()[-1][:2] == ("48217", "transfer"), nowhere
    stage.sms("wangmin", "ZP#-核心维护室-不存在组#看", thread="48217")
    assert stage.log()[-1] == ("48217", "transfer", "unknown_group")
    stage.sms("wangmin", "ZP#-核心维护室-不存在组#看")
    assert stage.log()[-1] == (None, "transfer", "unknown_group")
