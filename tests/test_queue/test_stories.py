"""A night at the desk, told by the phones: every SMS word for word, between them what the desk does by HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from routing.loader import load_text
from routing.model import Act
from smsgate.sample import sample_path
from smsgate.testing.dialogue import Telling
from tests.test_queue.house import STRANGER, desk_house, post
from tests.test_web.house import House

MISSPELT = """
wangmin > ZP#-核心维护-话务维护组-helijia#我下班了
wangmin < 网管维护中心没有专业室“核心维护”，是不是“核心维护室”？请改正。回Y改为ZP#-核心维护室-话务维护组-helijia#…
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house with a desk."""
    with desk_house(tmp_path) as made:
        yield made


def tell(house: House, story: str) -> None:
    """The phones talk."""
    Telling(house.stage).play(story)


def swept(house: House) -> int:
    """The newest item of the queue."""
    house.stage.sweep()
    return int(house.rows("SELECT max(id) FROM queue_items")[0])


def test_a_tired_engineer_is_helped(house: House) -> None:
    """He can't spell the room; the desk can. Nobody has to know, but the log does."""
    tell(house, MISSPELT)
    item = swept(house)
    form = {"command": "ZP48217#-核心维护室-话务维护组-helijia#我下班了"}
    assert post(house, f"/queue/{item}/run", **form).status_code == 303
    tell(
        house,
        """
        +1s
        helijia < [重要]48217西区基站退服，王敏转给何丽佳：我下班了。10:32前回LD48217受理
        wangmin < 已转派48217给何丽佳，须10:32前受理。
        # what was offered before is open no more
        wangmin > Y
        wangmin < 没有等您答复的命令了，请重发完整命令。
        helijia > LD48217
        helijia < 您已受理48217，请于14:02前处理完。完成回CGHD48217#结果
        wangmin < 48217西区基站退服已由何丽佳受理。
        """,
    )
    assert house.rows("SELECT kind, actor_name FROM hops WHERE no IS NOT NULL ORDER BY id") == [
        ("open", "周洁"),
        ("transfer", "代王敏 由周洁"),
        ("accept", "何丽佳"),
    ]


def test_a_new_phone_is_recognised(house: House) -> None:
    """Recorded and not answered; asked by the desk, proposed, put into the chart, and the old message runs."""
    tell(house, f"{STRANGER} > LD48217")
    item = swept(house)
    assert post(house, f"/queue/{item}/propose", who="王敏", how="replace").status_code == 303
    chart_text = sample_path().read_text(encoding="utf-8").replace("13910000002", "13912345678")
    chart = load_text(chart_text).chart
    assert chart is not None
    house.stage.charts.put(chart)
    house.stage.sweep()
    assert house.rows("SELECT state FROM chart_proposals") == ["applied"]
    assert "可以重新执行" in house.client.get(f"/queue/{item}").text
    assert post(house, f"/queue/{item}/run", command="LD48217").status_code == 303
    tell(
        house,
        f"""
        +1s
        {STRANGER} < 您已受理48217，请于14:02前处理完。完成回CGHD48217#结果
        zhoujie < 48217西区基站退服已由王敏受理。
        """,
    )


def test_a_number_that_is_known_now_promises_no_run_that_would_be_refused(house: House) -> None:
    """The old message may be about what its sender can't see: then it says so, and that alone."""
    tell(house, f"{STRANGER} > LD48217")
    item = swept(house)
    chart_text = sample_path().read_text(encoding="utf-8").replace("13910000013", "13912345678")
    chart = load_text(chart_text).chart
    assert chart is not None
    house.stage.charts.put(chart)
    house.stage.sweep()
    page = house.client.get(f"/queue/{item}").text
    assert "没有您可查的工单48217" in page
    assert "这个号码现在是林娜的，但这条短信现在执行不了，原因见上：可更正后执行，或答复、忽略。" in page
    assert "可以重新执行" not in page


def test_a_gateways_refusal_is_said_once(house: House) -> None:
    """With the time at which it came, and not once more below."""
    house.stage.act("wangmin", Act.TRANSFER, "48217", "请核查", "-核心维护室-话务维护组-helijia")
    with house.stage.store.engine.begin() as connection:
        (mt_id,) = connection.execute(text("SELECT id FROM mts WHERE state = 'queued' AND kind = 'notice'")).scalars()
        given = {"id": mt_id, "at": house.stage.clock(), "said": "9: the gateway refuses: gateway does not serve it"}
        for sql in (
            "UPDATE mts SET state = 'failed', state_at = :at, error = :said WHERE id = :id",
            "INSERT INTO mt_changes (mt_id, state, at, note) VALUES (:id, 'failed', :at, :said)",
        ):
            connection.execute(text(sql), given)
    house.stage.sweep()
    (item,) = house.rows("SELECT id FROM queue_items WHERE kind = 'undelivered'")
    page = house.client.get(f"/queue/{item}").text
    assert page.count("the gateway refuses: gateway does not serve it") == 1


def test_a_question_by_the_desk(house: House) -> None:
    """The sender gets what the desk wrote, word for word, by the way that they came."""
    tell(house, f"{STRANGER} > 请问谁能受理？")
    item = swept(house)
    assert post(house, f"/queue/{item}/answer", text="您是哪位？请报姓名和部门。").status_code == 303
    tell(
        house,
        f"""
        +1s
        {STRANGER} < 您是哪位？请报姓名和部门。
        """,
    )
    assert house.rows("SELECT provider, mo_id FROM mts ORDER BY id DESC LIMIT 1") == [("simulator", 1)]
