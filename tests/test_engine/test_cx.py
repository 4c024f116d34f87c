"""CX: what is most urgent comes first, with the time that is left, on as few SMS as it takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.model import Act
from smsgate.domain.states import State
from smsgate.sample import sample_chart
from smsgate.service.asking import LISTED_TITLE
from smsgate.service.paging import WORTH_A_PAGE, pages_of
from smsgate.service.rules import Rules
from smsgate.service.segments import cut, measure, units_of
from smsgate.service.time_left import deadline, time_left, urgency
from smsgate.service.wording import Words
from smsgate.testing.clock import FrozenClock
from smsgate.testing.stage import LIMITS, Stage

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def words(language: str = "zh") -> Words:
    return Words(sample_chart(), Rules(LIMITS, "simulator", frozenset(), language=language), FrozenClock()())


@pytest.mark.parametrize(
    ("left", "chinese", "english"),
    [
        (28 * MINUTE + 59 * SECOND, "剩28分", "28 min left"),
        (HOUR, "剩1时", "1 h left"),
        (3 * HOUR + 40 * MINUTE, "剩3时40分", "3 h 40 min left"),
        (DAY - 1, "剩23时59分", "23 h 59 min left"),
        (DAY + 59 * MINUTE, "剩1天", "1 d left"),
        (2 * DAY + 3 * HOUR + 40 * MINUTE, "剩2天3时", "2 d 3 h left"),
        (MINUTE, "剩1分", "1 min left"),
        (1, "剩不足1分", "under 1 min left"),
        (0, "超时不足1分", "under 1 min overdue"),
        (-5 * MINUTE, "超时5分", "5 min overdue"),
        (-3 * DAY, "超时3天", "3 d overdue"),
    ],
)
def test_time_left_in_words(left: int, chinese: str, english: str) -> None:
    for language, said in (("zh", chinese), ("en", english)):
        speaker = words(language)
        assert time_left(speaker, speaker.at + left) == said


def test_the_clock_that_runs_is_the_accept_clock_then_the_resolve_clock_then_none(stage: Stage) -> None:
    ticket = stage.open().ticket
    assert deadline(ticket) == ticket.accept_by
    assert deadline(ticket._replace(state=State.ACCEPTED)) == ticket.resolve_by
    for state in (State.HELD, State.RESOLVED, State.CLOSED, State.CANCELLED):
        assert deadline(ticket._replace(state=state)) is None


def test_the_most_urgent_is_first_and_what_stands_is_last(stage: Stage) -> None:
    held = stage.open("挂起", severity="critical").ticket
    stage.sms("wangmin", f"LD{held.code}")
    stage.act("wangmin", Act.HOLD, held.code, "等备件")
    calm = stage.open("提示", severity="warning").ticket
    overdue = stage.open("超时", severity="critical").ticket
    stage.clock.go_on(minutes=16)
    fresh = stage.open("紧急", severity="critical").ticket
    found = sorted((stage.ticket(one.code) for one in (held, calm, overdue, fresh)), key=urgency)
    assert [ticket.code for ticket in found] == [overdue.code, fresh.code, calm.code, held.code]
    assert (stage.sms("wangmin", "CX").answer or "").split("：", 1)[1] == (
        f"{overdue.code}超时 待受理 超时1分；{fresh.code}紧急 待受理 剩15分；"
        f"{calm.code}提示 待受理 剩7时44分；{held.code}挂起 挂起"
    )


LINES = st.lists(st.text(alphabet="基站A1👌𠮷", min_size=1, max_size=30).map(lambda title: f"48217{title}"), min_size=1)


@given(LINES, st.sampled_from(["zh", "en"]))
def test_every_ticket_stands_on_one_page_of_two_sms_at_most(lines: list[str], language: str) -> None:
    speaker = words(language)
    pages = pages_of(speaker, lines)
    assert [line for page in pages for line in page] == lines
    for number, page in enumerate(pages, 1):
        shown = speaker.say("cx.page", page=number, pages=len(pages)) if len(pages) > 1 else ""
        listed = speaker.say("cx.between").join(page)
        said = speaker.say("cx.list", n=len(lines), page=shown, list=listed)
        assert units_of(said, "ucs2") <= speaker.room(2)
        assert measure(said).segments <= 2


@st.composite
def real_lines(draw: st.DrawFn) -> list[str]:
    """As CX writes them in Chinese: of a title that has been cut, whether one helps, the state and the time left."""
    speaker = words()
    left = st.integers(-400 * DAY, 400 * DAY).map(lambda span: time_left(speaker, speaker.at + span))
    parts = st.tuples(
        st.text(alphabet="基站A1👌𠮷", min_size=1, max_size=30).map(lambda title: f"48217 {cut(title, LISTED_TITLE)}"),
        st.sampled_from([None, speaker.say("cx.helping")]),
        st.sampled_from([speaker.say(f"state.{state}") for state in State]),
        st.none() | left,
    )
    lines = draw(st.lists(parts, min_size=1, max_size=60))
    return [" ".join(part for part in line if part is not None) for line in lines]


@given(real_lines())
def test_no_page_but_the_last_has_fewer_than_three_tickets(lines: list[str]) -> None:
    assert all(len(page) >= WORTH_A_PAGE for page in pages_of(words(), lines)[:-1])


@pytest.mark.parametrize(
    ("count", "sizes"),
    [(1, [1]), (3, [3]), (4, [3, 1]), (6, [3, 3]), (7, [3, 3, 1])],
)
def test_short_titles_fit_three_on_one_sms(count: int, sizes: list[int]) -> None:
    assert [len(page) for page in pages_of(words(), ["48217西站断网 处理中"] * count)] == sizes


def test_long_titles_get_two_sms_a_page(stage: Stage) -> None:
    for severity in ("minor", "warning") * 4:
        stage.open("西区第三汇聚机房传输设备告警", severity=severity)
        stage.clock.go_on(minutes=3)
    stage.new_sms()
    for page in ("CX", "CX#2"):
        stage.sms("wangmin", page)
    first, second = stage.new_sms()
    assert (first.segments, second.segments) == (2, 2)
    assert first.text.startswith("您有8张未结工单（1/2页）：")
    assert first.text.count("西区第三汇聚机房传…") + second.text.count("西区第三汇聚机房传…") == 8
