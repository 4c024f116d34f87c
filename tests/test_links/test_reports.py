"""Receipts and late answers as links bring them, over the inbox."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smsgate.domain.messages import MtState
from smsgate.sample import sample_chart
from smsgate.service.charts import ChartInForce
from smsgate.service.office import Office
from smsgate.service.ports import DeliveryReport, ProviderError, Submitted, UnknownOutcome
from smsgate.service.rules import Rules
from smsgate.store import outbox
from smsgate.store.notices import resend
from smsgate.store.spellings import spelling
from smsgate.workers.inbox import LinkInbox
from tests.test_links.awaiting import awaited
from tests.test_outbox.conftest import AGAIN, NO_USE, Outbox
from tests.test_outbox.conftest import box as box

PHONE = "+8613900000001"
SENT, DELIVERED, FAILED, UNKNOWN = MtState.SENT, MtState.DELIVERED, MtState.FAILED, MtState.UNKNOWN
NO_ANSWER = UnknownOutcome("the connection was cut")


@pytest.fixture
def inbox(box: Outbox) -> LinkInbox:
    """The inbox of that outbox's database."""
    office = Office(ChartInForce(sample_chart()), Rules({}, "sim", frozenset({"sim"})), box)
    return LinkInbox(box.store.writer, office, box)


def report(box: Outbox, inbox: LinkInbox, *ids: str, state: MtState = DELIVERED, phone: str | None = PHONE) -> None:
    """A receipt that names those ids comes."""
    given = DeliveryReport("sim", ids[0], state, box.at, phone=phone, code=state.value, other_ids=ids[1:])
    awaited(inbox.take_report(given))


def sent(box: Outbox, *ids: str, text: str = "hello") -> int:
    """An MT that has been answered with that id, or with those of its segments."""
    mt_id = box.put(text)
    box.send(mt_id)
    box.sent(mt_id, ids[0], *(ids if len(ids) > 1 else ()))
    return mt_id


def unknown(box: Outbox, *segments: str) -> int:
    """An MT to whose request, or to some of its segments, nobody has answered."""
    mt_id = box.put("hello")
    box.send(mt_id)
    box.settle(mt_id, replace(NO_ANSWER, segment_ids=segments))
    return mt_id


def test_an_id_that_only_the_text_names(box: Outbox, inbox: LinkInbox) -> None:
    mt_id = sent(box, "A1")
    report(box, inbox, "whatever", "A1")
    assert box.state(mt_id) is DELIVERED


def test_parked_under_an_id_that_only_the_text_names(box: Outbox, inbox: LinkInbox) -> None:
    mt_id = box.put("hello")
    box.send(mt_id)
    report(box, inbox, "whatever", "6699")
    assert inbox.counts["sim", "receipt_parked"] == 1
    box.sent(mt_id, "1A2B")
    assert box.state(mt_id) is DELIVERED


def test_on_its_way_is_never_final(box: Outbox, inbox: LinkInbox) -> None:
    mt_id = sent(box, "A1")
    report(box, inbox, "A1", state=SENT)
    assert box.state(mt_id) is SENT
    report(box, inbox, "A1")
    report(box, inbox, "A1", state=SENT)
    assert box.state(mt_id) is DELIVERED


def test_the_usual_spelling_is_learned_and_goes_before_the_plain_one(box: Outbox, inbox: LinkInbox) -> None:
    """A link that answers in hexadecimal and reports in decimal: 6699 means 1A2B, even where 6699 was an answer."""
    for answered, reported in (("00A0", "160"), ("00A1", "161")):
        mt_id = sent(box, answered)
        report(box, inbox, reported)
        assert box.state(mt_id) is DELIVERED
    assert box.do(lambda unit: spelling(unit, "sim")) == "hex"
    meant, alike = sent(box, "1A2B"), sent(box, "6699")
    report(box, inbox, "6699")
    assert (box.state(meant), box.state(alike)) == (DELIVERED, SENT)


def test_one_agreement_may_be_chance(box: Outbox, inbox: LinkInbox) -> None:
    sent(box, "00A0")
    report(box, inbox, "160")
    meant, alike = sent(box, "6699"), sent(box, "1A2B")
    report(box, inbox, "6699")
    assert (box.state(meant), box.state(alike)) == (DELIVERED, SENT)


def test_each_account_has_its_own(box: Outbox, inbox: LinkInbox) -> None:
    for answered, reported in (("00A0", "160"), ("00A1", "161")):
        sent(box, answered)
        report(box, inbox, reported)
    assert box.do(lambda unit: spelling(unit, "another")) is None


def test_an_account_that_spells_plainly_writes_nothing(box: Outbox, inbox: LinkInbox) -> None:
    for at in range(3):
        sent(box, f"A{at}")
        report(box, inbox, f"A{at}")
    assert box.do(lambda unit: spelling(unit, "sim")) is None


def test_without_a_number_only_the_plain_one(box: Outbox, inbox: LinkInbox) -> None:
    mt_id = sent(box, "1A2B")
    report(box, inbox, "6699", phone=None)
    assert box.state(mt_id) is SENT


def test_segments_in_decimal(box: Outbox, inbox: LinkInbox) -> None:
    mt_id = sent(box, "A1", "A2", text="字" * 100)
    report(box, inbox, "161")
    assert box.state(mt_id) is SENT
    report(box, inbox, "162")
    assert box.state(mt_id) is DELIVERED


# -- what was unknown ------------------------------------------------------------------------------------------------


def test_a_late_answer_settles_what_was_unknown(box: Outbox, inbox: LinkInbox) -> None:
    mt_id = unknown(box)
    box.go_on(seconds=40)
    awaited(inbox.take_late(mt_id, Submitted("A1")))
    assert (box.state(mt_id), box.row(mt_id).provider_id) == (SENT, "A1")
    report(box, inbox, "A1")
    assert box.state(mt_id) is DELIVERED
    assert inbox.counts["sim", "late_answer"] == 1


def test_a_receipt_that_was_before_the_late_answer(box: Outbox, inbox: LinkInbox) -> None:
    mt_id = unknown(box)
    report(box, inbox, "A1")
    assert box.state(mt_id) is UNKNOWN
    awaited(inbox.take_late(mt_id, Submitted("A1")))
    assert box.state(mt_id) is DELIVERED


def test_a_late_answer_that_is_faster_than_the_note_that_there_was_none(box: Outbox, inbox: LinkInbox) -> None:
    mt_id = box.put("hello")
    box.send(mt_id)
    awaited(inbox.take_late(mt_id, Submitted("A1")))
    box.settle(mt_id, NO_ANSWER)
    assert box.state(mt_id) is SENT


@pytest.mark.parametrize("settled", ["sent", "failed", "queued"])
def test_a_late_answer_to_what_is_settled_changes_nothing(box: Outbox, inbox: LinkInbox, settled: str) -> None:
    mt_id = box.put("hello")
    if settled != "queued":
        box.send(mt_id)
    if settled == "sent":
        box.sent(mt_id, "A1")
    elif settled == "failed":
        box.fail(mt_id)
    before = box.row(mt_id)
    awaited(inbox.take_late(mt_id, Submitted("B1")))
    awaited(inbox.take_late(mt_id + 1000, Submitted("B1")))
    assert box.row(mt_id) == before
    assert inbox.counts["sim", "late_answer"] == 0


def test_a_late_no_that_is_final(box: Outbox, inbox: LinkInbox) -> None:
    mt_id = unknown(box)
    awaited(inbox.take_late(mt_id, NO_USE))
    assert (box.state(mt_id), box.row(mt_id).error) == (FAILED, "21211: no such number")


@pytest.mark.parametrize(("error", "tries"), [(AGAIN, 1), (replace(AGAIN, throttled=True), 0)])
def test_a_late_no_for_now_puts_it_back(box: Outbox, inbox: LinkInbox, error: ProviderError, tries: int) -> None:
    """It has surely not been sent, and is tried again as if the answer had been in time."""
    mt_id = unknown(box)
    awaited(inbox.take_late(mt_id, error))
    row = box.row(mt_id)
    assert (row.state, row.tries, row.doubted_since) == ("queued", tries, None)
    assert row.not_before > box.at
    box.go_on(seconds=3)
    assert len(box.lease()) == 1


def test_a_late_no_to_what_an_operator_has_sent_again(box: Outbox, inbox: LinkInbox) -> None:
    """The second is under way already."""
    mt_id = unknown(box)
    assert box.do(lambda unit: resend(unit, mt_id, box.at)) is not None
    awaited(inbox.take_late(mt_id, AGAIN))
    assert box.state(mt_id) is FAILED


def test_a_late_no_to_a_notice_that_has_lost_its_point(box: Outbox, inbox: LinkInbox) -> None:
    """The ticket has been accepted meanwhile, perhaps because somebody called."""
    mt_id = box.put("notice", ticket_id=7)
    box.send(mt_id)
    box.settle(mt_id, NO_ANSWER)
    box.do(lambda unit: unit.suppress_notices(7, box.at, "accepted", ended=False))
    awaited(inbox.take_late(mt_id, AGAIN))
    box.do(lambda unit: outbox.expire(unit, box.at))
    assert box.state(mt_id) is MtState.SUPPRESSED


def test_segments_that_were_answered_are_not_lost_with_the_rest(box: Outbox, inbox: LinkInbox) -> None:
    """Delivered is not said of the whole before the one without an answer is known to be."""
    mt_id = unknown(box, "A1", "A2", "")
    report(box, inbox, "A1")
    report(box, inbox, "A2")
    report(box, inbox, "A3")
    assert box.state(mt_id) is UNKNOWN
    assert [mt for mt, _, _ in box.dlrs()] == [mt_id, mt_id, None]
    awaited(inbox.take_late(mt_id, Submitted("A1", ("A1", "A2", "A3"))))
    assert box.state(mt_id) is DELIVERED


def test_one_lost_segment_fails_what_was_unknown(box: Outbox, inbox: LinkInbox) -> None:
    mt_id = unknown(box, "A1", "")
    report(box, inbox, "A1", state=FAILED)
    assert box.state(mt_id) is FAILED


def test_a_receipt_before_the_outcome_finds_its_segment(box: Outbox, inbox: LinkInbox) -> None:
    mt_id = box.put("hello")
    box.send(mt_id)
    report(box, inbox, "A1")
    box.settle(mt_id, replace(NO_ANSWER, segment_ids=("A1", "")))
    assert [mt for mt, _, _ in box.dlrs()] == [mt_id]
    assert box.state(mt_id) is UNKNOWN
