"""A Monday and half a Tuesday of a NOC, minute by minute, through the real service: what the numbers are told of.

Limits: major 30 min to accept and 4 h to resolve, critical 15 min and 2 h, minor 2 h and 24 h.
"""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from routing.model import Act
from smsgate.domain.refusals import Refusal
from smsgate.service.reports import Period
from smsgate.testing.stage import MINUTE, Stage

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
BOTH = Period(MONDAY, TUESDAY, ZONE)


def play(stage: Stage) -> None:
    """Three tickets; it is Tuesday 11:30 when it ends."""
    stage.clock.set("2026-11-23 10:00")
    one = stage.open("西区基站退服", "-核心维护室-话务维护组-wangmin", severity="major").ticket.code
    _at(stage, 8, "wangmin", Act.ACCEPT, one)  # 10:08, in 8 min
    _at(stage, 12, "wangmin", Act.TRANSFER, one, "请接手", "-核心维护室-交换维护组")  # 10:20
    _at(stage, 36, "liuyang", Act.ACCEPT, one)  # 10:56, in 36 min: late; reminded at 10:30, 10:35, overdue at 10:50
    _at(stage, 4, "liuyang", Act.HOLD, one, "等备件")  # 11:00
    _at(stage, 120, "liuyang", Act.RELEASE, one, "备件到了")  # 13:00; to be resolved by 16:00
    _at(stage, 90, "liuyang", Act.RESOLVE, one, "已恢复")  # 14:30, in 270 - 120 min; reminded at 13:20 and 14:00
    stage.clock.set("2026-11-23 23:50")
    two = stage.open("光缆中断", "-传输维护室-光缆维护组-wujing", severity="critical").ticket.code
    _at(stage, 14, "wujing", Act.ACCEPT, two)  # Tuesday 00:04, in 14 min; reminded on Monday at 23:55 and 23:57:30
    _at(stage, 6, "wujing", Act.RETURN, two, "不是我们的")  # 00:10, to the dispatchers
    _at(stage, 10, "zhoujie", Act.TRANSFER, two, "请处理", "-传输维护室-光缆维护组-gaofei")  # 00:20
    _at(stage, 2, "gaofei", Act.RESOLVE, two, "已熔接")  # 00:22: accepted in passing in 2 min, resolved in 32
    stage.clock.set("2026-11-24 09:00")
    stage.open("OA登录慢", "信息技术中心-业务维护室", severity="minor")
    stage.pass_time(150 * MINUTE)  # 11:30: reminded at 09:40 and 10:00, overdue at 11:00


def _at(stage: Stage, minutes: int, who: str, act: Act, code: str, text: str = "", target: str | None = None) -> None:
    stage.pass_time(minutes * MINUTE)
    done = stage.act(who, act, code, text, target)
    assert not isinstance(done, Refusal), stage.office.say(done)
