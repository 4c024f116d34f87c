"""Each refusal in words, from the values that the engine gives."""

from __future__ import annotations

import pytest

from routing.model import Act, Actor
from smsgate.domain.refusals import Refusal, Why
from smsgate.domain.states import Severity, State
from smsgate.domain.ticket import Facts, Limits, Ticket
from smsgate.service.refusing import question, sentence
from smsgate.service.segments import units_of
from tests.test_engine.test_texts import CLOCK, MINUTE, PATH, PERSON, TITLE, words


def ticket(state: State = State.ACCEPTED) -> Ticket:
    at = CLOCK()
    return Ticket(
        id=1,
        number="202611230001",
        code="48217",
        facts=Facts(TITLE, Severity.MAJOR),
        limits=Limits(30 * MINUTE, 240 * MINUTE),
        state=state,
        holder=PERSON,
        sent_to=PATH,
        opened_at=at,
        opener=Actor("zhoujie"),
        hop=2,
        moved_at=at,
        resolve_by=at + 240 * MINUTE,
    )


AT = CLOCK()
BY = Actor("helijia")
TWO = (ticket(), ticket()._replace(id=2, code="93145", facts=Facts("东区光缆中断", Severity.MINOR)))
REFUSALS: dict[Why, Refusal] = {
    Why.BAD_CODE: Refusal(Why.BAD_CODE, Act.ACCEPT, typed="48218"),
    Why.UNKNOWN_TICKET: Refusal(Why.UNKNOWN_TICKET, Act.ACCEPT, typed="48217"),
    Why.NO_TICKET: Refusal(Why.NO_TICKET, Act.ACCEPT),
    Why.SEVERAL_TICKETS: Refusal(Why.SEVERAL_TICKETS, Act.ACCEPT, among=TWO),
    Why.ONLY_ONE: Refusal(Why.ONLY_ONE, Act.RESOLVE, TWO[0], among=TWO[:1]),
    Why.OTHER_CODE: Refusal(Why.OTHER_CODE, Act.RESOLVE, typed="93145", among=TWO),
    Why.NOT_YOURS: Refusal(Why.NOT_YOURS, Act.RESOLVE, ticket(), at=AT),
    Why.WRONG_STATE: Refusal(Why.WRONG_STATE, Act.CLOSE, ticket()),
    Why.ENDED: Refusal(Why.ENDED, Act.RESOLVE, ticket(State.CLOSED), BY, AT),
    Why.ALREADY_ACCEPTED: Refusal(Why.ALREADY_ACCEPTED, Act.ACCEPT, ticket(), BY, AT),
    Why.ALREADY_HOLDER: Refusal(Why.ALREADY_HOLDER, Act.TRANSFER, ticket()),
    Why.ALREADY_HELPER: Refusal(Why.ALREADY_HELPER, Act.ASSIST, ticket()),
    Why.STALE: Refusal(Why.STALE, Act.CLOSE, ticket(), BY, AT),
    Why.OTHER_THREAD: Refusal(Why.OTHER_THREAD, Act.ACCEPT, typed="93145", among=TWO, thread="48217"),
    Why.ENDED_THREAD: Refusal(Why.ENDED_THREAD, Act.ACCEPT, ticket(State.CLOSED), BY, AT, among=TWO),
    Why.NO_THREAD: Refusal(Why.NO_THREAD, Act.ACCEPT, among=TWO),
    Why.MOVED_LATELY: Refusal(Why.MOVED_LATELY, Act.TRANSFER, ticket(), BY, AT),
    Why.QUESTION_OVER: Refusal(Why.QUESTION_OVER),
    Why.CODE_REUSED: Refusal(Why.CODE_REUSED, Act.ACCEPT, ticket(), typed="48217"),
    Why.AWAY: Refusal(Why.AWAY, Act.RESOLVE, ticket()),
    Why.NO_TEXT: Refusal(Why.NO_TEXT, Act.HOLD, ticket()),
    Why.UNKNOWN_ACTOR: Refusal(Why.UNKNOWN_ACTOR, Act.ACCEPT, typed="nobody"),
    Why.UNKNOWN_TARGET: Refusal(Why.UNKNOWN_TARGET, Act.TRANSFER),
}
SAID: dict[str, dict[str, tuple[int, int, str]]] = {
    "zh": {
        "bad_code": (18, 1, "工单号48218有误，请核对后重发。"),
        "unknown_ticket": (21, 1, "没有您可查的工单48217，请核对工单号。"),
        "no_ticket": (26, 1, "您没有可受理的工单。如有，请写明工单号：LD工单号。"),
        "several_tickets": (42, 1, "您有2张工单可受理，回复序号：1)48217西区基站退服 2)93145东区光缆中断"),
        "only_one": (27, 1, "现在可回单的只有48217西区基站退服。要回单它请回Y"),
        "other_code": (
            57,
            1,
            "您未写工单号，而内容以93145开头，要回单哪张？回复序号：1)48217西区基站退服 2)93145东区光缆中断",
        ),
        "not_yours": (24, 1, "工单48217自10:02起归王敏，您不能回单。"),
        "wrong_state": (20, 1, "工单48217现为“处理中”，不能归档。"),
        "ended": (21, 1, "工单48217已于10:02由何丽佳归档。"),
        "already_accepted": (21, 1, "工单48217已由何丽佳于10:02受理。"),
        "already_holder": (17, 1, "工单48217已归王敏，无须再派。"),
        "already_helper": (19, 1, "对方已在协助工单48217，无须再派。"),
        "stale": (37, 1, "工单48217已由何丽佳于10:02变动，请回CX48217查看后再操作。"),
        "code_reused": (57, 1, "48217现在是另一张工单202611230001西区基站退服。如指这张，请用工单号202611230001重发。"),
        "other_thread": (
            57,
            1,
            "您在48217的短信里写了93145，要受理哪张？回复序号：1)48217西区基站退服 2)93145东区光缆中断",
        ),
        "ended_thread": (
            58,
            1,
            "您回的48217已于10:02由何丽佳归档，要受理哪张？回复序号：1)48217西区基站… 2)93145东区光缆…",
        ),
        "no_thread": (
            52,
            1,
            "您回的号码没有对应您的工单，要受理哪张？回复序号：1)48217西区基站退服 2)93145东区光缆中断",
        ),
        "moved_lately": (30, 1, "工单48217刚由何丽佳于10:02交给王敏。仍要转派请回Y"),
        "question_over": (19, 1, "没有等您答复的命令了，请重发完整命令。"),
        "away": (23, 1, "您目前不在岗，不能回单48217，请联系值班。"),
        "no_text": (12, 1, "请写明挂起的内容或原因。"),
        "unknown_actor": (16, 1, "组织架构中没有账号nobody。"),
        "unknown_target": (22, 1, "请写明转派对象，如-核心维护室-话务维护组。"),
    },
    "en": {
        "bad_code": (49, 1, "48218 is no ticket code, check it and send again."),
        "unknown_ticket": (58, 1, "There is no ticket 48217 that you may see, check the code."),
        "no_ticket": (72, 1, "You have no ticket to accept. If you have one, write its code behind LD."),
        "several_tickets": (
            77,
            2,
            "You have 2 tickets to accept, reply the number: 1)48217 西区基站退服 2)93145 东区光缆中断",
        ),
        "only_one": (70, 2, "The only ticket left to resolve is 48217 西区基站退服. To resolve it reply Y"),
        "other_code": (
            117,
            2,
            "You gave no ticket, but the text begins with 93145. Which to resolve? Reply the number: "
            "1)48217 西区基站退服 2)93145 东区光缆中断",
        ),
        "not_yours": (51, 1, "48217 is with 王敏 since 10:02, you can't resolve it."),
        "wrong_state": (38, 1, "48217 is accepted, you can't close it."),
        "ended": (33, 1, "48217 was closed at 10:02 by 何丽佳."),
        "already_accepted": (35, 1, "48217 was accepted by 何丽佳 at 10:02."),
        "already_holder": (25, 1, "48217 is with 王敏 already."),
        "already_helper": (29, 1, "They help with 48217 already."),
        "stale": (55, 1, "48217 was changed by 何丽佳 at 10:02: reply CX48217 first."),
        "code_reused": (
            97,
            2,
            "48217 is another ticket now, 202611230001 西区基站退服. If you mean that, send its number 202611230001.",
        ),
        "other_thread": (
            99,
            2,
            "You wrote 93145 in reply to 48217. Which to accept? Reply the number: 1)48217 西区基站退服"
            " 2)93145 东区光缆中断",
        ),
        "ended_thread": (
            98,
            2,
            "48217 was closed at 10:02 by 何丽佳. Which to accept? Reply the number: 1)48217 西区基站退服"
            " 2)93145 东区光缆中断",
        ),
        "no_thread": (
            116,
            2,
            "You replied to a number that is no ticket of yours. Which to accept? Reply the number:"
            " 1)48217 西区基站退服 2)93145 东区光缆中断",
        ),
        "moved_lately": (73, 2, "何丽佳 gave ticket 48217 to 王敏 at 10:02. To transfer it all the same reply Y"),
        "question_over": (69, 1, "Nothing waits for your answer any more, send the whole command again."),
        "away": (65, 1, "You are not on duty, you can't resolve 48217; call the duty desk."),
        "no_text": (44, 1, "Say why, or what was done, to hold a ticket."),
        "unknown_actor": (36, 1, "The org chart has no account nobody."),
        "unknown_target": (34, 1, "Say to whom, such as -核心维护室-话务维护组."),
    },
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("why", Why)
def test_each_refusal_in_full(language: str, why: Why) -> None:
    speaker = words(language)
    said = sentence(speaker, REFUSALS[why])
    assert (units_of(said, "ucs2"), speaker._segments(said), said) == SAID[language][why.value]


DONE = ticket(State.RESOLVED)


@pytest.mark.parametrize(
    ("refusal", "zh", "en"),
    [
        (
            Refusal(Why.NOT_YOURS, Act.URGE, DONE, at=AT),
            "工单48217现为“待归档”，归王敏，您不能催办。",
            "48217 is resolved, it is with 王敏, you can't urge it.",
        ),
        (
            Refusal(Why.NOT_YOURS, Act.RETURN, ticket(), at=AT),
            "工单48217自10:02起归王敏，您不能退单。",
            "48217 is with 王敏 since 10:02, you can't return it.",
        ),
        (
            Refusal(Why.ALREADY_HOLDER, Act.RETURN, ticket()),
            "工单48217已归王敏，没有可退回的处理人，请转派。",
            "Nobody to return 48217 to: it is with 王敏. Transfer it.",
        ),
        (
            Refusal(Why.AWAY, Act.ACCEPT),
            "您目前不在岗，不能受理，请联系值班。",
            "You are not on duty, you can't accept a ticket; call the duty desk.",
        ),
    ],
)
def test_a_reason_is_said_as_the_ticket_has_it(refusal: Refusal, zh: str, en: str) -> None:
    assert sentence(words("zh"), refusal) == zh
    assert sentence(words("en"), refusal) == en


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (Why.OTHER_THREAD, "您在48217的短信里写了93145。要受理93145东区光缆中断请回Y"),
        (Why.ENDED_THREAD, "您回的48217西区基站退服已于10:02由何丽佳归档。要受理93145东区光缆中断请回Y"),
        (Why.NO_THREAD, "您回的号码没有对应您的工单。要受理93145东区光缆中断请回Y"),
    ],
)
def test_one_ticket_is_offered_and_several_are_listed(why: Why, said: str) -> None:
    speaker, several = words("zh"), REFUSALS[why]
    assert question(speaker, several._replace(among=TWO[1:])) == said
    assert question(speaker, several) == sentence(speaker, several) != said
