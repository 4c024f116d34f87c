"""With a signature that the gateway adds to each SMS, texts are fitted and counted as they go out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smsgate.service.segments import Manner, Repertoire, split
from smsgate.testing.stage import Stage

SIGNATURE = 20
SIGNED = Manner(SIGNATURE)


@pytest.fixture
def signed(stage: Stage) -> Stage:
    """A house whose account's gateway adds as much."""
    stage.office.rules = replace(stage.office.rules, reserve=SIGNATURE, manners={"simulator": SIGNED})
    return stage


@pytest.mark.parametrize("length", [1, 20, 40, 45, 50, 60, 65, 70, 80, 90, 100, 120, 200])
def test_notices_and_answers_take_two_at_most(signed: Stage, length: int) -> None:
    """What is counted is what goes out; the opinion is cut for it, and nothing else is."""
    code = signed.open(text="请" * length).ticket.code
    signed.sms("wangmin", f"ZP{code}#-核心维护室-话务维护组-helijia#" + "已" * length)
    signed.sms("wangmin", f"BZ{code}")
    seen = signed.new_sms()
    assert len(seen) >= 3
    for sms in seen:
        assert sms.segments == len(split(sms.text, SIGNED)) <= 2


def test_one_where_one_is_enough(signed: Stage) -> None:
    """A title is cut before a second SMS is used."""
    signed.open(title="障" * 30)
    notices = [sms for sms in signed.new_sms() if sms.kind == "notice"]
    assert [sms.segments for sms in notices] == [1]
    assert len(notices[0].text) <= 70 - SIGNATURE


@pytest.mark.parametrize("length", [1, 20, 60, 80, 100, 150, 300])
def test_what_the_link_s_alphabet_lacks_is_counted_and_cut_in_ucs2(stage: Stage, length: int) -> None:
    """GSM's alphabet has é: 300 of it would be two SMS, but this gateway's has not, and takes 134."""
    ascii_alone = Manner(whole=159, repertoire=Repertoire.ASCII)
    stage.office.rules = replace(stage.office.rules, language="en", manners={"simulator": ascii_alone})
    code = stage.open(title="Relais à Orléans", text="é" * length).ticket.code
    stage.sms("wangmin", f"ZP{code}#-核心维护室-话务维护组-helijia#" + "é" * length)
    stage.sms("wangmin", f"BZ{code}")
    seen = stage.new_sms()
    assert len(seen) >= 3
    for sms in seen:
        assert sms.segments == len(split(sms.text, ascii_alone)) <= 2


def test_the_same_without_a_signature(stage: Stage) -> None:
    """Seventy characters are one SMS, and counted as one."""
    code = stage.open(text="请" * 30).ticket.code
    stage.sms("wangmin", f"BZ{code}")
    assert all(sms.segments == len(split(sms.text)) for sms in stage.new_sms())
