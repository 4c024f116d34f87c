"""The office's «no» as a problem: which status it has, and what the client is told beside the sentence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from grammar import Diagnosis
from smsgate.domain.refusals import Refusal, Why
from smsgate.domain.ticket import Ticket
from smsgate.service.refusing import sentence
from smsgate.service.wording import Words
from smsgate.web.api.values import moment
from smsgate.web.problems import Problem

_STATUS: dict[Why, int] = {
    Why.BAD_CODE: 404,
    Why.UNKNOWN_TICKET: 404,
    Why.NO_TICKET: 404,
    Why.NOT_YOURS: 403,
    Why.AWAY: 403,
    Why.NO_TEXT: 422,
    Why.UNKNOWN_ACTOR: 422,
    Why.UNKNOWN_TARGET: 422,
}
"""Everything else is 409: the ticket is not as the client believed."""

UNREADABLE = 422
"""The status of a diagnosis."""

_TITLES: dict[str, dict[int, str]] = {
    "zh": {403: "无权操作", 404: "没有此工单", 409: "工单现状不允许", 422: "内容有误"},
    "en": {403: "Not allowed", 404: "No such ticket", 409: "The ticket does not allow it", 422: "Not valid"},
}


def refusal_problem(words: Words, no: Refusal | Diagnosis) -> Problem:
    """The problem that says why not."""
    return _refused(words, no) if isinstance(no, Refusal) else _misread(words, no)


def status_of(why: Why) -> int:
    """The status of a refusal."""
    return _STATUS.get(why, 409)


def _refused(words: Words, no: Refusal) -> Problem:
    status = status_of(no.why)
    more: dict[str, Any] = {}
    if no.ticket is not None:
        more = _standing(words, no.ticket)
        more |= {"by": words.actor(no.by) if no.by is not None else None, "at": _iso(no.at)}
    if no.among:
        more["among"] = [ticket.code for ticket in no.among]
    return Problem(no.why.value, None, status, sentence(words, no), _TITLES[words.rules.language][status], more)


def _misread(words: Words, no: Diagnosis) -> Problem:
    detail = no.message if words.rules.language == "zh" else no.message_en
    more = {
        "column": no.column,
        "found": no.found,
        "suggestion": no.suggestion,
        "alternatives": list(no.alternatives),
    }
    return Problem(no.code.value, None, UNREADABLE, detail, _TITLES[words.rules.language][UNREADABLE], more)


def _standing(words: Words, ticket: Ticket) -> dict[str, Any]:
    """How the ticket really stands: what a client must have seen to act."""
    return {
        "ticket": ticket.code,
        "number": ticket.number,
        "state": ticket.state.value,
        "hop": ticket.hop,
        "holder": words.target(ticket.holder),
        "moved_by": words.actor(ticket.moved_by),
        "moved_at": _iso(ticket.moved_at),
    }


def _iso(at: int | None) -> str | None:
    # written as pydantic writes the other times
    if at is None:
        return None
    found: datetime = moment(at)
    return found.isoformat().replace("+00:00", "Z")
