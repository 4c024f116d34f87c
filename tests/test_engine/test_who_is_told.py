"""Who is told, and who has it then, where a phone is missing or people are away; and by when."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from routing.chart import Chart
from routing.loader import load_file
from routing.model import Act, Kind
from smsgate.domain.messages import MoState
from smsgate.sample import sample_path
from smsgate.service.requests import Acted
from smsgate.service.rules import HOUR, MINUTE
from smsgate.store.tables import mts
from smsgate.testing.stage import Stage

GROUP = "-核心维护室-话务维护组"
SIGNALLING = "-核心维护室-信令监测组"
DESK = {"+8613910000011", "+8613910000199"}
"""The dispatcher on duty on the stage's day, and the duty phone."""


def away(folder: Path, *accounts: str, changes: tuple[tuple[str, str], ...] = ()) -> Chart:
    """The sample with these people away, and other changes of its text."""
    said = sample_path().read_text(encoding="utf-8")
    for account in accounts:
        said, count = re.subn(rf"(?m)^(  {account}: [^}}]*)}}", r"\1, active: no}", said)
        assert count == 1, account
    for old, new in changes:
        assert said.count(old) == 1, old
        said = said.replace(old, new)
    path = folder / "away.yaml"
    path.write_text(said, encoding="utf-8")
    loaded = load_file(path)
    assert loaded.chart is not None, loaded.faults
    return loaded.chart


def told(stage: Stage, role: str) -> set[str]:
    """The phones that a role's SMS have gone to since this was last asked for any."""
    return {sms.phone for sms in stage.new_sms() if sms.role == role}


def applied(stage: Stage, who: str, said: str) -> None:
    receipt = stage.sms(who, said)
    assert receipt.result.state is MoState.APPLIED, receipt


# -- who ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "acts", [(Act.HOLD,), (Act.HOLD, Act.RELEASE), (Act.CANCEL,)], ids=["hold", "release", "cancel"]
)
def test_holder_and_helpers_hear_of_it(stage: Stage, acts: tuple[Act, ...]) -> None:
    stage.open(target=f"{GROUP}-wangmin")
    applied(stage, "wangmin", "LD48217")
    applied(stage, "wangmin", "JP48217#-传输维护室-光缆维护组-gaofei#请协助")
    for act in acts:
        stage.new_sms()
        assert isinstance(stage.act("zhoujie", act, "48217", "等备件"), Acted)
    got = {(sms.phone, sms.role) for sms in stage.new_sms()}
    assert got == {(stage.phone_of("wangmin"), "present"), (stage.phone_of("gaofei"), "helper_news")}


def test_where_nobody_can_be_told_the_next_above_and_the_dispatchers_are(stage: Stage, tmp_path: Path) -> None:
    stage.open(target=f"{GROUP}-wangmin")
    stage.charts.put(away(tmp_path, "shanlei", "helijia"))
    stage.new_sms()
    applied(stage, "wangmin", f"ZP48217#{SIGNALLING}#请处理")
    got = {(sms.phone, sms.role, sms.kind) for sms in stage.new_sms() if sms.role != "actor"}
    assert got == {
        (stage.phone_of("zhaogang"), "above", "notice"),
        *((phone, "dispatcher", "notice") for phone in DESK),
    }


def test_where_nobody_can_help_the_dispatchers_hear_of_it(stage: Stage, tmp_path: Path) -> None:
    stage.open(target=f"{GROUP}-wangmin")
    stage.charts.put(away(tmp_path, "shanlei", "helijia"))
    stage.new_sms()
    applied(stage, "wangmin", f"JP48217#{SIGNALLING}#请协助")
    assert told(stage, "dispatcher") == DESK


@pytest.mark.parametrize("at_work", [True, False])
def test_who_is_at_work_on_it_hears_that_their_group_leaves_though_not_on_duty(stage: Stage, at_work: bool) -> None:
    """And who neither is on duty nor ever heard of it, does not."""
    stage.open(target=f"{SIGNALLING}-shanlei")
    applied(stage, "shanlei", f"JP48217#{GROUP}#请协助")
    assert told(stage, "helper") == {stage.phone_of("wangmin")}
    if at_work:
        applied(stage, "helijia", "JDFK48217#已到现场")
    stage.new_sms()
    applied(stage, "wangmin", "SBHD48217#我没空")
    said = "王敏已代话务维护组退出48217西区基站退服的协助：我没空"
    got = [(sms.phone, sms.text) for sms in stage.new_sms() if sms.role != "actor"]
    hear = ("shanlei", "helijia") if at_work else ("shanlei",)
    assert sorted(got) == sorted((stage.phone_of(who), said) for who in hear)


def test_who_helps_by_name_and_as_one_of_a_group_that_leaves_hears_it_once(stage: Stage) -> None:
    other = "-传输维护室-SDH设备组"
    stage.open(target=f"{GROUP}-wangmin")
    applied(stage, "wangmin", f"JP48217#{other}-zengli#请协助")
    applied(stage, "wangmin", f"JP48217#{other}#请协助")
    stage.new_sms()
    applied(stage, "linna", "SBHD48217#我没空")
    assert [sms.phone for sms in stage.new_sms() if sms.role == "helper_news"] == [stage.phone_of("zengli")]
    assert [helper.accounts for helper in stage.ticket("48217").helpers] == [("zengli",)]


# -- who has it -----------------------------------------------------------------------------------------------------


def test_handed_back_to_somebody_who_is_away_it_is_the_dispatchers(stage: Stage, tmp_path: Path) -> None:
    stage.open(target=f"{GROUP}-wangmin")
    applied(stage, "wangmin", f"ZP48217#{GROUP}-helijia#请处理")
    stage.charts.put(away(tmp_path, "wangmin"))
    stage.new_sms()
    applied(stage, "helijia", "SBHD48217#不归我管")
    assert stage.ticket("48217").holder.kind is Kind.DISPATCHERS
    assert told(stage, "holder") == DESK


def test_reopened_for_somebody_who_is_away_it_is_the_dispatchers(stage: Stage, tmp_path: Path) -> None:
    stage.open(target=f"{GROUP}-wangmin")
    applied(stage, "wangmin", "CGHD48217#好了")
    stage.charts.put(away(tmp_path, "wangmin"))
    stage.new_sms()
    assert isinstance(stage.act("zhoujie", Act.REOPEN, "48217", "又断了"), Acted)
    assert stage.ticket("48217").holder.kind is Kind.DISPATCHERS
    # zhoujie, who did it, is not the one on duty
    assert told(stage, "holder") == DESK


def test_who_was_told_sees_it_still(stage: Stage, tmp_path: Path) -> None:
    """She was one of its group when she was told, and is no more; he never was."""
    stage.open(target=GROUP)
    assert told(stage, "holder") == {stage.phone_of("wangmin")}
    leaves = (
        ("            leader: wangmin\n            members: [helijia, wangmin]", "            members: [helijia]"),
        ("              people: [helijia, wangmin]", "              people: [helijia]"),
        ("members: [zengli", "members: [wangmin, zengli"),
    )
    stage.charts.put(away(tmp_path, changes=leaves))
    applied(stage, "wangmin", "CX48217")
    assert stage.sms("gaofei", "CX48217").result.state is MoState.REFUSED


# -- by when --------------------------------------------------------------------------------------------------------


def test_a_transfer_starts_the_accept_clock_anew(stage: Stage) -> None:
    stage.open(target=f"{GROUP}-wangmin")
    before = stage.ticket("48217")
    stage.clock.go_on(minutes=10)
    applied(stage, "wangmin", f"ZP48217#{GROUP}-helijia#请处理")
    after = stage.ticket("48217")
    assert after.accept_by == stage.clock() + 30 * MINUTE
    assert after.resolve_by == before.resolve_by


def test_an_answer_lives_an_hour_and_a_notice_until_accept_by_matters(stage: Stage) -> None:
    stage.open(target=f"{GROUP}-wangmin")
    applied(stage, "wangmin", "CX48217")
    stage.sms("wangmin", "LD48219")
    chosen = select(mts.c.kind, mts.c.valid_until, mts.c.escalate_at).order_by(mts.c.id)
    with stage.store.engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(chosen)]
    answer = ("answer", stage.clock() + HOUR, None)
    assert rows == [("notice", None, stage.ticket("48217").accept_by), answer, answer]
