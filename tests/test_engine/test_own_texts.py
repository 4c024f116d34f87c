"""No SMS of ours is a command: whatever comes back to us does nothing (service/loops.py counts on it)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from grammar import VERBS, Diagnosis, Help, parse
from smsgate.domain.conversation import read_reply
from smsgate.sample import sample_chart
from smsgate.service.helping import help_text
from smsgate.service.loops import SHORTEST_SMS
from smsgate.service.refusing import diagnosis_sentence
from smsgate.service.scene import Scene
from smsgate.testing.stage import Stage
from tests.test_engine.test_refusal_texts import SAID
from tests.test_engine.test_texts import TABLE, words
from tests.test_grammar.test_diagnoses import CASES, unescape

TESTS = Path(__file__).parents[1]
PARTS = (
    "bundle.more",
    "bundle.and",
    "bundle.no_ticket",
    "cx.page",
    "cx.helping",
    "cx.between",
    "cx.accept_by",
    "cx.resolve_by",
    "cx.ended",
    "cx.said",
    "left",
    "overdue",
)
"""Keys of what never is an SMS by itself."""
HEARD = re.compile(r"^\S+ <\d? (.*)$", re.MULTILINE)
CHART = sample_chart()


def golden(language: str) -> Iterator[str]:
    """The texts of the golden tests."""
    whole = [key for key in TABLE[language] if key not in PARTS and not key.startswith(("span.", "clock."))]
    yield from (TABLE[language][key][2] for key in whole)
    yield from (said for _, _, said in SAID[language].values())


def diagnoses(language: str) -> Iterator[str]:
    """What is said to messages that can't be read, with what is offered."""
    speaker = words(language)
    for case in CASES:
        read = parse(unescape(case[0]), CHART)
        if isinstance(read, Diagnosis):
            yield diagnosis_sentence(speaker, read)
            yield speaker.say("last_answer", answer=diagnosis_sentence(speaker, read))


def helps(stage: Stage, language: str) -> Iterator[str]:
    """BZ of everything, to everybody."""
    speaker = words(language)
    actors = [actor for person in CHART.people() if (actor := CHART.who_calls(person.phones[0])) is not None]

    def say(unit: object) -> list[str]:
        scene = Scene(unit, CHART, stage.office.rules, stage.clock(), speaker, {})  # type: ignore[arg-type]
        return [help_text(scene, actor, Help(topic)) for actor in actors for topic in (None, *VERBS)]

    yield from stage.store.writer.write_now(say)


def told_in_stories() -> Iterator[str]:
    """All that phones have heard in the stories."""
    for story in sorted((TESTS / "dialogues").glob("*.txt")):
        yield from HEARD.findall(story.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_none_is_a_command_or_an_answer(stage: Stage, language: str) -> None:
    texts = [*golden(language), *diagnoses(language), *helps(stage, language), *told_in_stories()]
    assert len(texts) > 500
    for text in texts:
        assert isinstance(parse(text, CHART), Diagnosis), text
        assert read_reply(text) is None, text
        assert len(re.sub(r"\s", "", text)) >= SHORTEST_SMS, text
