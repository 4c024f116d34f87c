"""Every sentence that goes out by SMS, in full, with its length and its number of SMS."""

from __future__ import annotations

import string

import pytest

from routing.model import Act, Kind, Target, UnitPath
from smsgate.domain.refusals import Why
from smsgate.domain.states import Severity, State
from smsgate.sample import sample_chart
from smsgate.service.rules import Rules
from smsgate.service.segments import units_of
from smsgate.service.texts import EN, LANGUAGES, ZH
from smsgate.service.wording import Words
from smsgate.testing.clock import FrozenClock
from smsgate.testing.stage import LIMITS

CLOCK = FrozenClock()
MINUTE = 60_000
LONG_NAME = "欧阳上官司马东方"
TITLE = "西区基站退服"
OPINION = "请处理"
PATH = UnitPath("网管维护中心", "核心维护室", "话务维护组")
PERSON = Target(Kind.PEOPLE, PATH, ("wangmin",))
FREE_TEXT = {"title": TITLE, "opinion": OPINION}
USUAL = 70 - 10
"""Units of one SMS less what the carrier's signature takes."""


def words(language: str) -> Words:
    rules = Rules(LIMITS, "simulator", frozenset({"simulator"}), language=language)
    return Words(sample_chart(), rules, CLOCK())


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def values(speaker: Words, name: str) -> dict[str, object]:
    """What fills the sentences, with names of a length."""
    span = speaker.say("span.minutes", minutes=30)
    left = speaker.say("left", span=span)
    return {
        "code": "48217",
        "severity": speaker.say("severity.major"),
        "by": name,
        "target": name,
        "holder": name,
        "whom": name,
        "accept_by": "10:32",
        "resolve_by": "14:02",
        "at": "10:02",
        "n": 3,
        "page": 1,
        "pages": 2,
        "list": "48217西区基站退服 93145东区断纤",
        "state": speaker.say("state.accepted"),
        "due": speaker.say("cx.accept_by", at="10:32", left=left),
        "left": left,
        "span": span,
        "days": 2,
        "hours": 3,
        "minutes": 40,
        "text": OPINION,
        "typed": "48218",
        "thread": "93145",
        "other": "93145",
        "other_title": speaker.apart(TITLE),
        "number": "202611230001",
        "act": speaker.say("act.accept"),
        "verb": "LD",
        "ended": speaker.say("ended.closed"),
    }


SPOKEN = ("did.", "notice.", "news.", "operators.", "cx.", "bz.", "no.", "ask.", "left", "overdue", "span.")
KEYS = [key for key in ZH if key.startswith(SPOKEN)]


def rendered(language: str, key: str, name: str) -> str:
    speaker = words(language)
    given = values(speaker, name)
    if key == "cx.list":
        given["page"] = ""  # a sentence of its own, cx.page, where there is more than one
    if {"title", "opinion"} & placeholders(ZH[key]):
        return speaker.fit(key, title=TITLE, opinion=OPINION, **given)
    return speaker.say(key, **given)


@pytest.mark.parametrize("key", ZH)
def test_both_languages_say_the_same(key: str) -> None:
    assert placeholders(ZH[key]) == placeholders(EN[key])


def test_both_languages_have_the_same_keys() -> None:
    assert set(ZH) == set(EN)
    assert set(LANGUAGES) == {"zh", "en"}


def test_every_reason_act_and_state_has_its_words() -> None:
    assert {f"no.{why}" for why in Why} <= set(ZH)
    assert {f"act.{act}" for act in Act} <= set(ZH)
    assert {f"state.{state}" for state in State} <= set(ZH)
    assert {f"severity.{severity}" for severity in Severity} <= set(ZH)


# key: how many units and SMS, and what it says (names: 王敏)
TABLE: dict[str, dict[str, tuple[int, int, str]]] = {
    "zh": {
        "did.transfer": (22, 1, "已转派48217给王敏，须10:32前受理。"),
        "did.transfer.nobody": (27, 1, "已转派48217给王敏，但那里无人可通知，已告知值班。"),
        "did.assist": (19, 1, "已请王敏协助48217，工单仍归王敏。"),
        "did.assist.nobody": (27, 1, "已请王敏协助48217，但那里无人可通知，已告知值班。"),
        "did.accept": (37, 1, "您已受理48217，请于14:02前处理完。完成回CGHD48217#结果"),
        "did.accept.unit": (38, 1, "王敏已受理48217，请于14:02前处理完。完成回CGHD48217#结果"),
        "did.progress": (12, 1, "48217的进度已记录。"),
        "did.resolve": (13, 1, "48217已回单，待归档。"),
        "did.return": (14, 1, "已退回48217，现归王敏。"),
        "did.leave": (13, 1, "您已退出48217的协助。"),
        "did.urge": (14, 1, "已催办48217，现归王敏。"),
        "did.urge.nobody": (25, 1, "48217现归王敏，但那里无人可通知，已告知值班。"),
        "did.urge.self": (21, 1, "已记录。48217就归王敏，没有别人可催。"),
        "notice.open": (43, 1, "[重要]48217西区基站退服，王敏派给王敏：请处理。10:32前回LD48217受理"),
        "notice.transfer": (43, 1, "[重要]48217西区基站退服，王敏转给王敏：请处理。10:32前回LD48217受理"),
        "notice.return": (43, 1, "[重要]48217西区基站退服，王敏退回王敏：请处理。10:32前回LD48217受理"),
        "notice.reopen": (44, 1, "[重要]48217西区基站退服，王敏重开给王敏：请处理。10:32前回LD48217受理"),
        "notice.nobody": (38, 1, "[重要]48217西区基站退服，王敏派给王敏，那里无人可通知，请跟进：请处理"),
        "news.moved": (20, 1, "48217西区基站退服已由王敏交给王敏。"),
        "news.moved.helper": (25, 1, "48217西区基站退服已由王敏交给王敏，您仍协助。"),
        "news.accept": (18, 1, "48217西区基站退服已由王敏受理。"),
        "news.progress": (21, 1, "48217西区基站退服进度（王敏）：请处理"),
        "news.resolve": (21, 1, "48217西区基站退服已由王敏回单：请处理"),
        "news.assist": (42, 1, "[重要]48217西区基站退服，王敏请您协助：请处理。反馈回JDFK48217#进度"),
        "news.assisted": (19, 1, "王敏已请王敏协助您的48217：请处理"),
        "news.leave": (17, 1, "王敏已退出48217的协助：请处理"),
        "news.urge": (39, 1, "催办[重要]48217西区基站退服，王敏：请处理。请回JDFK48217#进度"),
        "news.hold": (21, 1, "48217西区基站退服已由王敏挂起：请处理"),
        "news.release": (23, 1, "48217西区基站退服已由王敏解除挂起：请处理"),
        "news.close": (21, 1, "48217西区基站退服已由王敏归档。请处理"),
        "news.cancel": (21, 1, "48217西区基站退服已由王敏作废。请处理"),
        "operators.late": (33, 1, "48217西区基站退服给王敏的通知到受理时限仍未发出，请电话联系。"),
        "operators.unknown": (36, 1, "48217西区基站退服给王敏的通知已5分钟无法确认是否送达，请电话联系。"),
        "operators.away": (36, 1, "[重要]48217西区基站退服：王敏已不在岗，无人可通知，请跟进或转派。"),
        "operators.shunted": (22, 1, "王敏的短信系统未能处理，请到后台查看：请处理"),
        "no.bad_code": (18, 1, "工单号48218有误，请核对后重发。"),
        "no.unknown_ticket": (21, 1, "没有您可查的工单48218，请核对工单号。"),
        "no.no_ticket": (33, 1, "您没有可受理的工单。如有，请在命令后写明工单号，如LD48217。"),
        "no.several_tickets": (36, 1, "您有3张工单可受理，回复序号：48217西区基站退服 93145东区断纤"),
        "no.not_yours": (24, 1, "工单48217自10:02起归王敏，您不能受理。"),
        "no.wrong_state": (20, 1, "工单48217现为“处理中”，不能受理。"),
        "no.ended": (20, 1, "工单48217已于10:02由王敏归档。"),
        "no.already_accepted": (20, 1, "工单48217已由王敏于10:02受理。"),
        "no.already_holder": (17, 1, "工单48217已归王敏，无须再派。"),
        "no.already_helper": (19, 1, "对方已在协助工单48217，无须再派。"),
        "no.stale": (31, 1, "工单48217已由王敏于10:02变动，请看过最新情况再操作。"),
        "no.code_reused": (
            57,
            1,
            "48217现在是另一张工单202611230001西区基站退服。如指这张，请用工单号202611230001重发。",
        ),
        "no.other_thread": (51, 1, "您在93145的短信里写了48218，要受理哪张？回复序号：48217西区基站退服 93145东区断纤"),
        "ask.other_thread": (36, 1, "您在93145的短信里写了48218。要受理93145西区基站退服请回Y"),
        "no.ended_thread": (
            53,
            1,
            "您回的48217已于10:02由王敏归档，要受理哪张？回复序号：48217西区基站退服 93145东区断纤",
        ),
        "ask.ended_thread": (44, 1, "您回的48217西区基站退服已于10:02由王敏归档。要受理93145西区基站退服请回Y"),
        "no.no_thread": (46, 1, "您回的号码没有对应您的工单，要受理哪张？回复序号：48217西区基站退服 93145东区断纤"),
        "ask.no_thread": (31, 1, "您回的号码没有对应您的工单。要受理93145西区基站退服请回Y"),
        "no.moved_lately": (29, 1, "工单48217刚由王敏于10:02交给王敏。仍要受理请回Y"),
        "no.question_over": (19, 1, "没有等您答复的命令了，请重发完整命令。"),
        "ask.code_reused": (39, 1, "48217现在是另一张工单202611230001西区基站退服。如指这张请回Y"),
        "no.away": (23, 1, "您目前不在岗，不能受理48217，请联系值班。"),
        "no.no_text": (12, 1, "请写明受理的内容或原因。"),
        "no.unknown_actor": (15, 1, "组织架构中没有账号48218。"),
        "no.unknown_target": (22, 1, "请写明转派对象，如-核心维护室-话务维护组。"),
        "no.shunted": (11, 1, "系统未处理，已转值班。"),
        "cx.none": (9, 1, "您没有未结的工单。"),
        "cx.list": (30, 1, "您有3张未结工单：48217西区基站退服 93145东区断纤"),
        "cx.no_page": (18, 1, "没有第1页，共2页。回CX看第1页。"),
        "cx.page": (6, 1, "（1/2页）"),
        "cx.helping": (2, 1, "协助"),
        "cx.between": (1, 1, "；"),
        "cx.one": (41, 1, "48217西区基站退服[重要]处理中，归王敏，须10:32前受理，剩30分。请处理"),
        "cx.held": (26, 1, "48217西区基站退服[重要]处理中，归王敏。请处理"),
        "cx.gone": (37, 1, "48217西区基站退服[重要]处理中，须10:32前受理，剩30分。请处理"),
        "cx.accept_by": (14, 1, "须10:02前受理，剩30分"),
        "cx.resolve_by": (15, 1, "须10:02前处理完，剩30分"),
        "cx.ended": (11, 1, "由王敏于10:02归档"),
        "cx.said": (6, 1, "王敏：请处理"),
        "left": (4, 1, "剩30分"),
        "overdue": (5, 1, "超时30分"),
        "span.days_hours": (4, 1, "2天3时"),
        "span.days": (2, 1, "2天"),
        "span.hours_minutes": (5, 1, "3时40分"),
        "span.hours": (2, 1, "3时"),
        "span.minutes": (3, 1, "40分"),
        "span.less": (4, 1, "不足1分"),
        "bz.target": (30, 1, "LD工单号#王敏#意见 也可只写到组或室，几个账号用;隔开。"),
        "bz.all": (31, 1, "48217西区基站退服 93145东区断纤。看写法回BZ#ZP"),
    },
    "en": {
        "did.transfer": (37, 1, "48217 sent to 王敏, to accept by 10:32."),
        "did.transfer.nobody": (68, 2, "48217 sent to 王敏, but nobody there can be told; the duty desk knows."),
        "did.assist": (46, 1, "王敏 asked to help with 48217; it stays with 王敏."),
        "did.assist.nobody": (
            79,
            2,
            "王敏 asked to help with 48217, but nobody there can be told; the duty desk knows.",
        ),
        "did.accept": (68, 1, "You accepted 48217; resolve it by 14:02. When done: CGHD48217#result"),
        "did.accept.unit": (67, 2, "王敏 accepted 48217; resolve it by 14:02. When done: CGHD48217#result"),
        "did.progress": (24, 1, "Progress of 48217 noted."),
        "did.resolve": (35, 1, "48217 resolved, waits to be closed."),
        "did.return": (31, 1, "48217 handed back, now with 王敏."),
        "did.leave": (30, 1, "You no longer help with 48217."),
        "did.urge": (27, 1, "48217 urged, it is with 王敏."),
        "did.urge.nobody": (68, 2, "48217 is with 王敏, but nobody there can be told; the duty desk knows."),
        "did.urge.self": (54, 1, "Noted. 48217 is with 王敏, there is nobody else to urge."),
        "notice.open": (64, 2, "[major] 48217 西区基站退服, from 王敏 to 王敏: 请处理. Reply LD48217 by 10:32"),
        "notice.transfer": (59, 1, "[major] 48217 西区基站退服, 王敏 to 王敏: 请处理. Reply LD48217 by 10:32"),
        "notice.return": (64, 2, "[major] 48217 西区基站退服, 王敏 back to 王敏: 请处理. Reply LD48217 by 10:32"),
        "notice.reopen": (63, 2, "[major] 48217 西区基站退服, 王敏 reopened it, 王敏: 请处理. LD48217 by 10:32"),
        "notice.nobody": (
            72,
            2,
            "[major] 48217 西区基站退服, 王敏 to 王敏: nobody there can be told, follow up: 请处理",
        ),
        "news.moved": (31, 1, "48217 西区基站退服: 王敏 gave it to 王敏."),
        "news.moved.helper": (47, 1, "48217 西区基站退服: 王敏 gave it to 王敏; you still help."),
        "news.accept": (29, 1, "48217 西区基站退服: accepted by 王敏."),
        "news.progress": (32, 1, "48217 西区基站退服, progress (王敏): 请处理"),
        "news.resolve": (33, 1, "48217 西区基站退服, resolved by 王敏: 请处理"),
        "news.assist": (70, 2, "[major] 48217 西区基站退服, 王敏 asks you to help: 请处理. Report: JDFK48217#text"),
        "news.assisted": (40, 1, "王敏 asked 王敏 to help with your 48217: 请处理"),
        "news.leave": (34, 1, "王敏 no longer helps with 48217: 请处理"),
        "news.urge": (60, 1, "URGENT [major] 48217 西区基站退服, 王敏: 请处理. Report: JDFK48217#text"),
        "news.hold": (36, 1, "48217 西区基站退服, put on hold by 王敏: 请处理"),
        "news.release": (33, 1, "48217 西区基站退服, released by 王敏: 请处理"),
        "news.close": (31, 1, "48217 西区基站退服: closed by 王敏. 请处理"),
        "news.cancel": (34, 1, "48217 西区基站退服: cancelled by 王敏. 请处理"),
        "operators.late": (
            78,
            2,
            "48217 西区基站退服: the notice to 王敏 was not out by its accept-by time, please call.",
        ),
        "operators.unknown": (
            75,
            2,
            "48217 西区基站退服: for 5 minutes unknown whether 王敏 got the notice, please call.",
        ),
        "operators.away": (
            81,
            2,
            "[major] 48217 西区基站退服: 王敏 is off duty and can't be told, follow up or transfer it.",
        ),
        "operators.shunted": (48, 1, "An SMS of 王敏 was not processed, please look: 请处理"),
        "no.bad_code": (49, 1, "48218 is no ticket code, check it and send again."),
        "no.unknown_ticket": (58, 1, "There is no ticket 48218 that you may see, check the code."),
        "no.no_ticket": (
            85,
            1,
            "You have no ticket to accept. If you have, write its code after the verb, as LD48217.",
        ),
        "no.several_tickets": (
            69,
            2,
            "You have 3 tickets to accept, reply the number: 48217西区基站退服 93145东区断纤",
        ),
        "no.not_yours": (50, 1, "48217 is with 王敏 since 10:02, you can't accept it."),
        "no.wrong_state": (39, 1, "48217 is accepted, you can't accept it."),
        "no.ended": (32, 1, "48217 was closed at 10:02 by 王敏."),
        "no.already_accepted": (34, 1, "48217 was accepted by 王敏 at 10:02."),
        "no.already_holder": (25, 1, "48217 is with 王敏 already."),
        "no.already_helper": (29, 1, "They help with 48217 already."),
        "no.stale": (57, 1, "48217 was changed by 王敏 at 10:02: look at it again first."),
        "no.code_reused": (
            97,
            2,
            "48217 is another ticket now, 202611230001 西区基站退服. If you mean that, send its number 202611230001.",
        ),
        "no.other_thread": (
            91,
            2,
            "You wrote 48218 in reply to 93145. Which to accept? Reply the number: 48217西区基站退服 93145东区断纤",
        ),
        "ask.other_thread": (65, 2, "You wrote 48218 in reply to 93145. To accept 93145 西区基站退服 reply Y"),
        "no.ended_thread": (
            89,
            2,
            "48217 was closed at 10:02 by 王敏. Which to accept? Reply the number: 48217西区基站退服 93145东区断纤",
        ),
        "ask.ended_thread": (
            70,
            2,
            "48217 西区基站退服 was closed at 10:02 by 王敏. To accept 93145 西区基站退服 reply Y",
        ),
        "no.no_thread": (
            108,
            2,
            "You replied to a number that is no ticket of yours. Which to accept? Reply the number: 48217西区基站退服"
            " 93145东区断纤",
        ),
        "ask.no_thread": (
            82,
            2,
            "You replied to a number that is no ticket of yours. To accept 93145 西区基站退服 reply Y",
        ),
        "no.moved_lately": (70, 2, "王敏 gave ticket 48217 to 王敏 at 10:02. To accept it all the same reply Y"),
        "no.question_over": (69, 1, "Nothing waits for your answer any more, send the whole command again."),
        "ask.code_reused": (75, 2, "48217 is another ticket now, 202611230001 西区基站退服. If you mean that, reply Y"),
        "no.away": (64, 1, "You are not on duty, you can't accept 48217; call the duty desk."),
        "no.no_text": (46, 1, "Say why, or what was done, to accept a ticket."),
        "no.unknown_actor": (35, 1, "The org chart has no account 48218."),
        "no.unknown_target": (34, 1, "Say to whom, such as -核心维护室-话务维护组."),
        "no.shunted": (43, 1, "Not processed; the duty desk has been told."),
        "cx.none": (24, 1, "You have no open ticket."),
        "cx.list": (46, 1, "You have 3 open tickets: 48217西区基站退服 93145东区断纤"),
        "cx.no_page": (48, 1, "There is no page 1, only 2. Reply CX for page 1."),
        "cx.page": (11, 1, " (page 1/2)"),
        "cx.helping": (7, 1, "helping"),
        "cx.between": (2, 1, "; "),
        "cx.one": (73, 2, "48217 西区基站退服 [major] accepted, with 王敏, accept by 10:32, 30 min left. 请处理"),
        "cx.held": (43, 1, "48217 西区基站退服 [major] accepted, with 王敏. 请处理"),
        "cx.gone": (64, 2, "48217 西区基站退服 [major] accepted, accept by 10:32, 30 min left. 请处理"),
        "cx.accept_by": (28, 1, "accept by 10:02, 30 min left"),
        "cx.resolve_by": (29, 1, "resolve by 10:02, 30 min left"),
        "cx.ended": (21, 1, "closed by 王敏 at 10:02"),
        "cx.said": (7, 1, "王敏: 请处理"),
        "left": (11, 1, "30 min left"),
        "overdue": (14, 1, "30 min overdue"),
        "span.days_hours": (7, 1, "2 d 3 h"),
        "span.days": (3, 1, "2 d"),
        "span.hours_minutes": (10, 1, "3 h 40 min"),
        "span.hours": (3, 1, "3 h"),
        "span.minutes": (6, 1, "40 min"),
        "span.less": (11, 1, "under 1 min"),
        "bz.target": (65, 2, "LDcode#王敏#text Or to group or room alone; several accounts with ;"),
        "bz.all": (41, 1, "48217西区基站退服 93145东区断纤. BZ#ZP explains one"),
    },
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("key", KEYS)
def test_each_in_full(language: str, key: str) -> None:
    said = rendered(language, key, "王敏")
    speaker = words(language)
    assert (units_of(said, "ucs2"), speaker._segments(said), said) == TABLE[language][key]


# cx.list and no.several_tickets are lists, which take two
USUALLY_ONE = [
    key for key in KEYS if key.startswith(("did.", "notice.", "news.", "no.")) and key != "no.several_tickets"
]


@pytest.mark.parametrize("key", USUALLY_ONE)
def test_the_usual_ones_are_one_sms_with_long_names(key: str) -> None:
    assert len(LONG_NAME) == 8
    assert units_of(rendered("zh", key, LONG_NAME), "ucs2") <= USUAL


# -- what is cut ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [key for key in KEYS if key.startswith(("notice.", "news.", "operators."))])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_free_text_is_cut_to_two_sms_and_nothing_else(language: str, key: str) -> None:
    speaker = words(language)
    given = values(speaker, "王敏")
    said = speaker.fit(key, title="标" * 100, opinion="见" * 500, **given)
    assert speaker._segments(said) <= 2
    assert "48217" in said or "{code}" not in ZH[key]
    assert ("…" in said) == bool({"title", "opinion"} & placeholders(ZH[key]))
    assert "?" not in said


def test_the_page_of_all_texts_is_up_to_date() -> None:
    from tests.test_engine.texts_page import PAGE, page

    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.test_engine.texts_page"
