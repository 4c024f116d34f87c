"""Stories between phones, word for word (tests/dialogues/*.txt)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smsgate.sample import sample_chart
from smsgate.testing.dialogue import Telling, WrongStory
from smsgate.testing.stage import Stage

STORIES = sorted((Path(__file__).parent / "dialogues").glob("*.txt"))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage.in_folder(tmp_path, sample_chart())
    yield stage
    stage.close()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.stem)
def test_story(stage: Stage, story: Path) -> None:
    Telling(stage).play(story.read_text(encoding="utf-8"))


@pytest.mark.postgres
@pytest.mark.parametrize("story", STORIES[:5], ids=lambda story: story.stem)
def test_story_on_postgresql(postgres_database: str, story: Path) -> None:
    stage = Stage.set_up(postgres_database, sample_chart())
    try:
        Telling(stage).play(story.read_text(encoding="utf-8"))
    finally:
        stage.close()


OPENED = """
open major 西区基站退服 -> -核心维护室-话务维护组-wangmin : 请处理
"""


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ("", "SMS that the story does not know"),
        ("wangmin < 别的", "wangmin got: "),
        ("helijia < 什么", "helijia got nothing"),
        ("wangmin <2 [重要]48217西区基站退服，周洁派给王敏：请处理。10:32前回LD48217受理", "1 segments"),
    ],
)
def test_a_story_that_is_not_what_happened_fails(stage: Stage, lines: str, fault: str) -> None:
    with pytest.raises(WrongStory, match=fault):
        Telling(stage).play(OPENED + lines)
