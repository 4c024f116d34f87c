"""Every sentence that goes out by SMS, in full, with its length and its number of SMS."""

from __future__ import annotations

import string
from pathlib import Path

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

GOLDEN = Path(__file__).with_name("golden")
"""Every text in full: key | units | SMS | text."""
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
        "held": "07:00",
        "part": "1/3",
        "times": "1.5",
        "clock": speaker.say("clock.accept"),
        "first": speaker.say("clock.part", clock=speaker.say("clock.accept"), part="1/3"),
        "last": speaker.say("clock.end", clock=speaker.say("clock.accept")),
        "act": speaker.say("act.accept"),
        "verb": "LD",
        "ended": speaker.say("ended.closed"),
    }


SPOKEN = (
    *("did.", "notice.", "news.", "operators.", "cx.", "bz.", "no.", "ask.", "left", "overdue", "span."),
    *("remind.", "away.", "above.", "desk.", "sent.", "unheard.", "clock.", "bundle."),
)
KEYS = [key for key in ZH if key.startswith(SPOKEN)]
FITTED = ("notice.", "news.", "operators.", "remind.", "overdue.", "away.", "above.", "desk.", "sent.", "unheard.")
"""Sentences with a title or an opinion, which are cut where they don't fit."""


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


def golden(language: str) -> dict[str, tuple[int, int, str]]:
    """By key: how many units and SMS, and what it says (names: 王敏)."""
    lines = (GOLDEN / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split(" | ", 3) for line in lines if line and not line.startswith("#"))
    return {key: (int(units), int(segments), said) for key, units, segments, said in rows}


TABLE = {language: golden(language) for language in LANGUAGES}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("key", KEYS)
def test_each_in_full(language: str, key: str) -> None:
    said = rendered(language, key, "王敏")
    speaker = words(language)
    assert (units_of(said, "ucs2"), speaker._segments(said), said) == TABLE[language][key]


# cx.list and no.several_tickets are lists, which take two
USUALLY_ONE = [
    key for key in KEYS if key.startswith(("did.", "no.", *FITTED[:2], *FITTED[3:])) and key != "no.several_tickets"
]


@pytest.mark.parametrize("key", USUALLY_ONE)
def test_the_usual_ones_are_one_sms_with_long_names(key: str) -> None:
    assert len(LONG_NAME) == 8
    assert units_of(rendered("zh", key, LONG_NAME), "ucs2") <= USUAL


# -- what is cut ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [key for key in KEYS if key.startswith(FITTED)])
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


def test_what_somebody_wrote_turns_nothing_of_ours() -> None:
    """A title or an opinion with a right-to-left override: our sentence stays readable."""
    said = words("zh").fit(
        "news.progress", title="西区\u202e退服", opinion="\u2067到场\u202d了", code="48217", by="王敏"
    )
    assert said == "48217西区退服进度（王敏）：到场了"
