"""What saving a chart would do: a table of edits and what is said of each."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from routing.model import Kind, Target, UnitPath
from smsgate.sample import sample_chart
from smsgate.service.chart_preview import Concern, HeldTicket, Weight, Worry, preview
from smsgate.service.rules import Rules
from smsgate.service.wording import Words
from smsgate.web.pages.orgchart_words import concern_words
from smsgate.web.pages.speech import Speech
from tests.test_routing import charts
from tests.test_routing.charts import chart_of

SAMPLE = charts.SAMPLE.read_text(encoding="utf-8")
AT = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
GROUP = UnitPath("网管维护中心", "核心维护室", "话务维护组")
TICKETS = (
    HeldTicket("T1", "11111", Target(Kind.PEOPLE, GROUP, ("helijia",))),
    HeldTicket("T2", "22222", Target(Kind.GROUP, GROUP)),
    HeldTicket("T3", "33333", Target(Kind.DISPATCHERS, None)),
)
CASES = {
    "nothing": ([], []),
    "a phone": ([('"13910000001"', '"13910000041"')], [(Worry.HOLDER_TOLD_OTHERWISE, "11111")]),
    "a comment": ([("# 调度\n", "# 值班\n")], []),
    "the group renamed": (
        [("          话务维护组:", "          话务组:")],
        [(Worry.HOLDER_GONE, "22222")],
    ),
    "who has the ticket is away": (
        [('name: 何丽佳, phone: "13910000001"', 'name: 何丽佳, active: no, phone: "13910000001"')],
        [(Worry.HOLDER_UNREACHABLE, "11111"), (Worry.TURN_UNCOVERED, str(GROUP))],
    ),
    "no phone": (
        [('{name: 林娜, phone: "13910000013"}', "{name: 林娜}")],
        [(Worry.NO_PHONE, "linna")],
    ),
    "the other one is on duty": (
        [("people: [helijia, wangmin]", "people: [wangmin, helijia]")],
        [(Worry.HOLDER_TOLD_OTHERWISE, "22222"), (Worry.ON_DUTY, str(GROUP))],
    ),
    "nobody left on duty": (
        [
            ("members: [fanbing, huanglei]", "members: [fanbing]"),
            ('name: 范冰, phone: "13910000035"', "name: 范冰"),
        ],
        [
            (Worry.UNIT_UNREACHABLE, "信息技术中心-核心维护室-主机维护组"),
            (Worry.NO_PHONE, "fanbing"),
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_said(case: str) -> None:
    changes, expected = CASES[case]
    text = SAMPLE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    found = preview(sample_chart(), chart_of(text), TICKETS, AT)
    assert [(one.worry, one.subject) for one in found.concerns] == expected
    assert found.is_dangerous == any(one.weight is Weight.DANGER for one in found.concerns)


@pytest.mark.parametrize(("language", "expected"), [
    ("zh", "工单48217以后通知的人：无人 → 王敏"),
    ("en", "Ticket 48217 would tell others: nobody → 王敏"),
])  # fmt: skip
def test_where_nobody_was_told_that_is_said(language: str, expected: str) -> None:
    concern = Concern(Worry.HOLDER_TOLD_OTHERWISE, "48217", before="", after="王敏")
    speech = Speech(language, Words(sample_chart(), Rules({}, "", frozenset(), 0, language), 0))
    assert concern_words(speech, concern) == expected


def test_half_a_file_is_noticed() -> None:
    def big(count: int) -> str:
        people = "".join(f"  p{no}: {{name: 人{no}, phone: '139200{no:05}'}}\n" for no in range(count))
        members = ", ".join(f"p{no}" for no in range(count))
        return (
            f"version: 1\ndefault_center: 甲\ndispatchers: [p0]\npeople:\n{people}"
            f"centers:\n  甲:\n    rooms:\n      乙:\n        groups:\n          丙: {{members: [{members}]}}\n"
        )

    found = preview(chart_of(big(100)), chart_of(big(50)), (), AT)
    assert [one.worry for one in found.concerns] == [Worry.MANY_GONE]
    assert found.is_dangerous


def test_nobody_of_the_desk() -> None:
    desk = "  members: [zhoujie, liqiang, sunyan]\n"
    start, stop = SAMPLE.index(desk), SAMPLE.index("people:                              #")
    text = SAMPLE[:start] + "  members: [liqiang]\n\n" + SAMPLE[stop:]
    found = preview(sample_chart(), chart_of(text), TICKETS, AT)
    assert {one.worry for one in found.concerns} >= {Worry.DESK_UNREACHABLE, Worry.HOLDER_UNREACHABLE}
