"""A message that comes again is done once, whatever the writer remembers."""

from __future__ import annotations

import asyncio
from pathlib import Path

from smsgate.domain.messages import MobileOriginated
from smsgate.sample import sample_chart
from smsgate.service.requests import Receipt
from smsgate.testing.stage import Stage


def mo_of(stage: Stage, who: str, text: str, provider_id: str) -> MobileOriginated:
    phone = stage.phone_of(who)
    return MobileOriginated("simulator", provider_id, phone, "10657500", text, text.encode(), stage.clock())


def sent_at_once(stage: Stage, *mos: MobileOriginated) -> list[Receipt]:
    """Handed in so that one batch takes them all."""

    async def sent() -> list[Receipt]:
        waiting = [stage.store.writer.write(lambda unit, mo=mo: stage.office.receive(unit, mo)) for mo in mos]
        return list(await asyncio.gather(*waiting))

    return asyncio.run(sent())


def test_a_repeat_after_a_restart_is_a_repeat_and_hurts_nobody_beside_it(tmp_path: Path) -> None:
    before = Stage.in_folder(tmp_path, sample_chart())
    before.open()
    before.open("东区光缆中断")
    first = mo_of(before, "wangmin", "ZP48217#-核心维护室-话务维护组-helijia#请看", "one")
    (moved,) = sent_at_once(before, first)
    assert moved.result.state == "applied"
    before.close()

    stage = Stage.in_folder(tmp_path, sample_chart())
    codes = [code for code, kind, _ in stage.log() if kind == "open"]
    told = len(stage.new_sms())
    accepted = mo_of(stage, "helijia", "LD48217", "two")
    noted = mo_of(stage, "wangmin", f"JDFK{codes[1]}#在看", "three")
    receipts = sent_at_once(stage, accepted, first, noted, accepted)
    assert [receipt.result.state for receipt in receipts] == ["applied", "duplicate", "applied", "duplicate"]
    assert [receipt.mo_id is None for receipt in receipts] == [False, True, False, True]
    assert [kind for code, kind, _ in stage.log() if code == "48217"] == ["open", "transfer", "accept"]
    assert [sms.phone for sms in stage.new_sms()].count(stage.phone_of("helijia")) == 1
    assert told == 4
    stage.close()


def test_another_text_with_the_same_id_is_another_message(tmp_path: Path) -> None:
    stage = Stage.in_folder(tmp_path, sample_chart())
    stage.open()
    receipts = sent_at_once(
        stage, *(mo_of(stage, "wangmin", text, "one") for text in ("LD48217", "CX48217", "LD48217"))
    )
    assert [receipt.result.state for receipt in receipts] == ["applied", "applied", "duplicate"]
    stage.close()
