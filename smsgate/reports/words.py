"""The words of reports, Chinese and English: the same on pages, in sheets, on a terminal and in the daily letter."""

from __future__ import annotations

from typing import Final

from routing.chart import Chart
from routing.model import DISPATCH_DESK, UnitPath
from smsgate.service.reports import FIGURES, Place

SHARED_WORDS: Final[dict[str, tuple[str, str]]] = {
    # columns, and what each means in a few words
    "report.col.came": ("收单", "In"),
    "report.col.went": ("离手", "Out"),
    "report.col.on_hand": ("在手", "On hand"),
    "report.col.accepted": ("受理及时", "Accepted in time"),
    "report.col.accepted_late": ("受理超时", "Accepted late"),
    "report.col.accept_median": ("受理中位(分)", "Accept median, min"),
    "report.col.accept_p90": ("受理九成(分)", "Accept p90, min"),
    "report.col.resolved": ("处理及时", "Resolved in time"),
    "report.col.resolved_late": ("处理超时", "Resolved late"),
    "report.col.resolve_median": ("处理中位(分)", "Resolve median, min"),
    "report.col.resolve_p90": ("处理九成(分)", "Resolve p90, min"),
    "report.col.held": ("持有(分)", "Held, min"),
    "report.col.paused": ("挂起(分)", "On hold, min"),
    "report.col.returned": ("退单", "Handed back"),
    "report.col.transfers": ("单均转派", "Transfers a ticket"),
    "report.col.reminded": ("提醒", "Reminders"),
    "report.col.overdue": ("超时上报", "Overdue"),
    "report.col.route": ("转派", "Transfers"),
    "report.what.came": ("到手的工单：派来、转来、退回、重开", "came: opened for, transferred, handed back, reopened"),
    "report.what.went": ("离手的工单：转出、退出、办结、作废", "left: transferred, handed back, resolved, cancelled"),
    "report.what.on_hand": ("期末仍在手的工单", "still on hand at the end"),
    "report.what.accepted": ("在受理时限内受理", "accepted by the time that was set"),
    "report.what.accepted_late": ("超过受理时限才受理", "accepted later than that"),
    "report.what.accept_median": ("从到手到受理，一半不超过", "from getting to accepting it, half took no longer"),
    "report.what.accept_p90": (
        "从到手到受理，九成不超过",
        "from getting to accepting it, nine of ten took no longer",
    ),
    "report.what.resolved": ("在处理时限内回单", "resolved by the time that was set"),
    "report.what.resolved_late": ("超过处理时限才回单", "resolved later than that"),
    "report.what.resolve_median": (
        "从派单（或重开）到回单，挂起不计，一半不超过",
        "from opening (or reopening), less time on hold, half took no longer",
    ),
    "report.what.resolve_p90": (
        "从派单（或重开）到回单，挂起不计，九成不超过",
        "from opening (or reopening), less time on hold, nine of ten took no longer",
    ),
    "report.what.held": ("持有工单的时间，挂起不计", "time that tickets were held, less time on hold"),
    "report.what.paused": ("所持工单挂起的时间", "time that tickets held were on hold"),
    "report.what.returned": ("退出的工单", "handed back"),
    "report.what.transfers": ("办结的工单平均转派过几次", "how often tickets that were resolved had been transferred"),
    "report.what.reminded": ("时限将到的提醒", "reminders that a limit runs out"),
    "report.what.overdue": ("时限已过的上报", "told above: a limit has run out"),
    "report.what.route": ("从一处转派到另一处", "transferred from one to the other"),
    # levels, stretches, places
    "report.level.person": ("人员", "People"),
    "report.level.group": ("班组", "Groups"),
    "report.level.room": ("专业室", "Rooms"),
    "report.level.center": ("中心", "Centres"),
    "report.by.whole": ("合计", "The whole"),
    "report.by.day": ("按日", "By day"),
    "report.by.week": ("按周", "By week"),
    "report.by.month": ("按月", "By month"),
    "report.total": ("合计", "Total"),
    "report.itself": ("{room}（室直属）", "{room} (the room itself)"),
    "report.desk": ("值班席", "Dispatchers"),
    "report.cell.route_from": ("转出", "From unit"),
    "report.cell.route_to": ("转入", "To unit"),
    "report.cell.count": ("次数", "Transfers"),
}
"""What pages say too."""

_FILE_WORDS: Final[dict[str, tuple[str, str]]] = {
    "report.routes": ("转派路线", "Routes"),
    "report.title": ("工单报表", "Ticket report"),
    "report.cell.center": ("中心", "Centre"),
    "report.cell.room": ("专业室", "Room"),
    "report.cell.group": ("班组", "Group"),
    "report.cell.account": ("账号", "Account"),
    "report.cell.name": ("姓名", "Name"),
    "report.cell.first": ("起", "From"),
    "report.cell.last": ("止", "To"),
    "report.letter.subject": ("工单日报 {day}", "Ticket report of {day}"),
    "report.letter.total": (
        "{day}：收单{came}张，办结{done}张（超时{late}张），期末在手{on_hand}张。",
        "{day}: in {came}, resolved {done} (late {late}), on hand at the end {on_hand}.",
    ),
    "report.letter.attached": ("各级明细见附件。", "All levels are in the attached file."),
}
_WORDS: Final = {**SHARED_WORDS, **_FILE_WORDS}

ZH, EN = 0, 1


def said(language: str, key: str, **values: object) -> str:
    """The words of a key, filled."""
    words = _WORDS[key][ZH if language == "zh" else EN]
    return words.format(**values) if values else words


def titles(language: str) -> list[str]:
    """The titles of all columns of figures."""
    return [said(language, f"report.col.{name}") for name in FIGURES]


def unit_name(language: str, unit: UnitPath | None) -> str:
    """The whole path of a unit; a room that stands for what it holds itself is a room all the same."""
    if unit is None:
        return said(language, "report.total")
    return said(language, "report.desk") if unit == DISPATCH_DESK else str(unit)


def place_name(language: str, chart: Chart, place: Place) -> str:
    """A row's head: a person's name, else the unit's last name."""
    if place.account is not None:
        return chart.name_of(place.account)
    if place.unit is None or place.unit == DISPATCH_DESK:
        return unit_name(language, place.unit)
    return place.unit.group or place.unit.room or place.unit.center
