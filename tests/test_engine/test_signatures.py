"""With a signature that the gateway adds to each SMS, texts are fitted and counted as they go out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from smsgate.service.segments import ELLIPSIS, PART, PLAIN, Manner, Repertoire, measure, split
from smsgate.testing.stage import Stage
from tests.test_routing.charts import chart_of

SIGNATURE = 20
SIGNED = Manner(SIGNATURE)
MEG = "-Core-Traffic-meg"
ENGLISH = """
version: 1
default_center: NOC
dispatchers: [ann]
people:
  ann: {name: Ann, phone: "13910000009"}
  meg: {name: Meg, phone: "13910000002"}
  joe: {name: Joe, phone: "13910000001"}
centers:
  NOC:
    rooms:
      Core:
        groups:
          Traffic: {members: [meg, joe]}
          Desk: {members: [ann]}
"""


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


@pytest.fixture
def english(tmp_path: Path) -> Iterator[Stage]:
    """A house without a Chinese character."""
    stage = Stage.in_folder(tmp_path, chart_of(ENGLISH))
    stage.office.rules = replace(stage.office.rules, language="en")
    yield stage
    stage.close()


@pytest.mark.parametrize("length", [1, 20, 60, 100, 150, 200, 230, 300, 600])
@pytest.mark.parametrize(
    ("manner", "letter", "encoding"),
    [
        (PLAIN, "x", "gsm7"),
        (PLAIN, "é", "gsm7"),
        (PLAIN, "[", "gsm7"),
        (Manner(10), "x", "gsm7"),
        (Manner(repertoire=Repertoire.LATIN1), "é", "gsm7"),
        (Manner(repertoire=Repertoire.LATIN1), "Δ", "ucs2"),
        (Manner(whole=159, repertoire=Repertoire.ASCII), "x", "gsm7"),
        (Manner(whole=159, repertoire=Repertoire.ASCII), "é", "ucs2"),
    ],
)
def test_an_english_text_is_cut_as_the_link_says_it(
    english: Stage, manner: Manner, letter: str, encoding: str, length: int
) -> None:
    """Two SMS at most, and as full as they get: what is cut ends in three dots, which need no UCS-2."""
    english.office.rules = replace(english.office.rules, manners={"simulator": manner})
    code = english.open("Site down at the northern end", MEG, by="ann", text="Look").ticket.code
    english.sms("meg", f"ZP{code}#-Core-Traffic-joe#" + letter * length)
    seen = english.new_sms()
    assert len(seen) == 3
    for sms in seen:
        assert sms.segments == len(split(sms.text, manner)) <= 2
    transfer = next(sms for sms in seen if sms.phone == english.phone_of("joe"))
    assert measure(transfer.text, manner).encoding == encoding
    if length == 600:
        assert f"{letter}{ELLIPSIS[encoding]}" in transfer.text  # type: ignore[index]
        room = 2 * PART[encoding] - max(10, 2 * manner.signature)  # type: ignore[index]
        assert room - 2 < measure(transfer.text, manner).units <= room


def test_the_same_without_a_signature(stage: Stage) -> None:
    """Seventy characters are one SMS, and counted as one."""
    code = stage.open(text="请" * 30).ticket.code
    stage.sms("wangmin", f"BZ{code}")
    assert all(sms.segments == len(split(sms.text)) for sms in stage.new_sms())
