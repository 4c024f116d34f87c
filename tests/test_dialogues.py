"""Stories between phones, word for word (tests/dialogues/*.txt)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text, update

from smsgate.sample import sample_chart
from smsgate.store.tables import codes, metadata
from smsgate.testing.dialogue import Telling, WrongStory
from smsgate.testing.stage import Stage
from tests.postgres import fresh_database

STORIES = sorted((Path(__file__).parent / "dialogues").glob("*.txt"))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage.in_folder(tmp_path, sample_chart())
    yield stage
    stage.close()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.stem)
def test_story(stage: Stage, story: Path) -> None:
    Telling(stage).play(story.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def one_database(postgres_url: str) -> Iterator[str]:
    """A database for all stories: making one takes longer than playing in it."""
    with fresh_database(postgres_url) as url:
        yield url


@pytest.fixture
def stage_on_postgresql(one_database: str) -> Iterator[Stage]:
    stage = Stage.set_up(one_database, sample_chart())
    yield stage
    emptied = ", ".join(name for name in metadata.tables if name != "codes")
    with stage.store.engine.begin() as connection:
        # the log can't be emptied otherwise
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(f"TRUNCATE {emptied} RESTART IDENTITY"))
        connection.execute(
            update(codes).values(taken=False, rested_since=0).where(codes.c.taken | (codes.c.rested_since > 0))
        )
    stage.close()


@pytest.mark.postgres
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.stem)
def test_story_on_postgresql(stage_on_postgresql: Stage, story: Path) -> None:
    Telling(stage_on_postgresql).play(story.read_text(encoding="utf-8"))


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
        (
            "wangmin <13887 [重要]48217西区基站退服，周洁派给王敏：请处理。10:32前回LD48217受理",
            "it came from 1065750048217",
        ),
        (
            "wangmin < [重要]48217西区基站退服，周洁派给王敏：请处理。10:32前回LD48217受理\nnext 48217",
            "in use, or rests",
        ),
    ],
)
def test_a_story_that_is_not_what_happened_fails(stage: Stage, lines: str, fault: str) -> None:
    with pytest.raises(WrongStory, match=fault):
        Telling(stage).play(OPENED + lines)
