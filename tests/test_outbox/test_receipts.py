"""Delivery receipts: which message each is about, and what it changes."""

import pytest

from smsgate.domain.messages import MtState
from smsgate.service.ports import DeliveryReport, Submitted, UnknownOutcome
from smsgate.store.message_ids import likeness, same_number
from smsgate.store.receipts import apply_dlr
from smsgate.store.settling import Sent, settle_sent
from tests.test_outbox.conftest import Outbox

PHONE = "+8613900000001"
DELIVERED, FAILED, SENT = MtState.DELIVERED, MtState.FAILED, MtState.SENT
HOURS = 3600


def report(
    box: Outbox,
    provider_id: str,
    state: MtState = DELIVERED,
    *,
    mt_id: int | None = None,
    phone: str | None = None,
    code: str = "",
    account: str = "sim",
) -> int | None:
    dlr = DeliveryReport(account, provider_id, state, box.at, mt_id=mt_id, phone=phone, code=code)
    return box.do(lambda unit: apply_dlr(unit, dlr))


def sent(box: Outbox, provider_id: str, *segments: str) -> int:
    mt_id = box.put("hello")
    box.send(mt_id)
    box.sent(mt_id, provider_id, *segments)
    return mt_id


def test_delivered(box: Outbox) -> None:
    mt_id = sent(box, "SM1")
    box.go_on(seconds=3)
    assert report(box, "SM1", code="delivered") == mt_id
    assert box.way(mt_id)[1:] == [("sent", 0, None), ("delivered", 3, "delivered")]
    assert box.dlrs() == [(mt_id, "delivered", "delivered")]


def test_failed_says_why(box: Outbox) -> None:
    mt_id = sent(box, "SM1")
    report(box, "SM1", FAILED, code="undelivered 30003")
    assert box.row(mt_id).error == "undelivered 30003"
    assert box.way(mt_id)[-1] == ("failed", 0, "undelivered 30003")


def test_the_same_receipt_twice_is_kept_once(box: Outbox) -> None:
    mt_id = sent(box, "SM1")
    for _ in range(2):
        assert report(box, "SM1", code="delivered") == mt_id
    assert len(box.dlrs()) == 1
    assert len(box.way(mt_id)) == 3


@pytest.mark.parametrize("first", [DELIVERED, FAILED, MtState.EXPIRED])
@pytest.mark.parametrize("later", [SENT, DELIVERED, FAILED, MtState.EXPIRED, MtState.UNKNOWN])
def test_final_states_never_go_back(box: Outbox, first: MtState, later: MtState) -> None:
    mt_id = sent(box, "SM1")
    report(box, "SM1", first)
    report(box, "SM1", later, code="late")
    assert box.state(mt_id) is first
    assert len(box.way(mt_id)) == 3
    assert box.dlrs()[-1] == (mt_id, later.value, "late")


def test_a_receipt_settles_what_is_unknown(box: Outbox) -> None:
    mt_id = box.put("hello")
    box.send(mt_id)
    box.settle(mt_id, UnknownOutcome("cut"))
    box.go_on(seconds=1)
    assert report(box, "SM1", SENT, mt_id=mt_id) == mt_id
    box.go_on(seconds=1)
    assert report(box, "SM1") == mt_id  # the first one brought the id
    assert [(state, at) for state, at, _ in box.way(mt_id)] == [
        ("sending", 0), ("unknown", 0), ("sent", 1), ("delivered", 2),
    ]  # fmt: skip


def test_our_own_id_needs_no_answer(box: Outbox) -> None:
    mt_id = box.put("hello")
    box.send(mt_id)
    assert report(box, "SM1", SENT, mt_id=mt_id, code="queued") == mt_id
    box.go_on(seconds=1)
    box.sent(mt_id, "SM1")
    assert box.way(mt_id) == [("sending", 0, None), ("sent", 0, "queued")]
    assert box.row(mt_id).tries == 1


def test_our_own_id_counts_only_at_its_account(box: Outbox) -> None:
    mt_id = sent(box, "SM1")
    assert report(box, "SM9", mt_id=mt_id, account="another") is None
    assert box.state(mt_id) is SENT


def test_a_receipt_stops_the_retry_of_what_surely_was_not_sent(box: Outbox) -> None:
    mt_id, untouched = box.put("hello"), box.put("never tried", "+8613900000002")
    box.send(mt_id)
    box.again(mt_id, seconds=5)
    report(box, "SM1", mt_id=mt_id)
    report(box, "SM2", mt_id=untouched)
    assert box.state(mt_id) is DELIVERED
    assert box.state(untouched) is MtState.QUEUED
    box.go_on(seconds=5)
    assert box.lease() == []  # the other one is leased


def test_parked_until_the_answer_comes(box: Outbox) -> None:
    mt_id = box.put("hello")
    box.send(mt_id)
    assert report(box, "SM1", code="DELIVRD") is None
    assert box.dlrs() == [(None, "delivered", "DELIVRD")]
    box.go_on(seconds=2)
    box.sent(mt_id, "SM1")
    assert box.dlrs() == [(mt_id, "delivered", "DELIVRD")]
    assert box.way(mt_id) == [("sending", 0, None), ("sent", 2, None), ("delivered", 2, "DELIVRD")]


def test_what_is_parked_for_others_stays_parked(box: Outbox) -> None:
    mt_id = box.put("hello")
    box.send(mt_id)
    report(box, "SM2")
    report(box, "SM1", account="another")
    report(box, "SM1", phone="+8613911111111")
    box.sent(mt_id, "SM1")
    assert box.state(mt_id) is SENT
    assert [mt for mt, _, _ in box.dlrs()] == [None, None, None]


def test_parked_with_another_spelling_of_the_id(box: Outbox) -> None:
    mt_id = box.put("hello")
    box.send(mt_id)
    report(box, "0000001A2B", phone="13900000001")
    box.sent(mt_id, "1a2b")
    assert box.way(mt_id)[-1] == ("delivered", 0, "(id agrees by zeros)")


def test_delivered_when_all_segments_are(box: Outbox) -> None:
    mt_id = sent(box, "A1", "A1", "A2", "A3")
    report(box, "A3")
    report(box, "A1")
    report(box, "A1")
    assert box.state(mt_id) is SENT
    box.go_on(seconds=1)
    report(box, "A2")
    assert box.way(mt_id)[2:] == [("delivered", 1, None)]


def test_failed_when_one_segment_is(box: Outbox) -> None:
    mt_id = sent(box, "A1", "A1", "A2")
    report(box, "A1")
    report(box, "A2", FAILED, code="UNDELIV")
    assert box.way(mt_id)[2:] == [("failed", 0, "UNDELIV")]


def test_segments_parked_before_the_answer(box: Outbox) -> None:
    mt_id = box.put("字" * 100)
    box.send(mt_id)
    report(box, "A2")
    report(box, "A1")
    box.sent(mt_id, "A1", "A1", "A2")
    assert box.state(mt_id) is DELIVERED


def test_many_answers_in_one_transaction(box: Outbox) -> None:
    """Each ends as it would by itself: told of before, told of in part, unknown, in segments, and one that is no MT."""
    plain, parked, already, doubtful, long = (box.put(word, f"+861390000000{no}") for no, word in enumerate("abcde", 1))
    box.send(plain, parked, already, doubtful, long)
    box.settle(doubtful, UnknownOutcome("no answer"))
    report(box, "S2", phone="13900000002", code="DELIVRD")
    report(box, "S3", mt_id=already)
    report(box, "S5b", phone="13900000005")
    box.go_on(seconds=1)
    answers = [
        Sent(mt_id, Submitted(f"S{no}"), box.at) for no, mt_id in enumerate((plain, parked, already, doubtful), 1)
    ]
    long_one = Sent(long, Submitted("S5a", ("S5a", "S5b")), box.at)
    box.do(lambda unit: settle_sent(unit, (*answers, long_one, Sent(4711, Submitted("S6"), box.at))))
    ways = [box.way(mt_id)[1:] for mt_id in (plain, parked, already, doubtful, long)]
    assert ways == [
        [("sent", 1, None)],
        [("sent", 1, None), ("delivered", 1, "DELIVRD")],
        [("delivered", 0, None)],
        [("unknown", 0, "no answer"), ("sent", 1, None)],
        [("sent", 1, None)],
    ]
    rows = [box.row(mt_id) for mt_id in (plain, parked, already, doubtful, long)]
    assert [(row.provider_id, row.tries, row.leased_until, row.error) for row in rows] == [
        ("S1", 1, None, None),
        ("S2", 1, None, None),
        ("S3", 1, None, None),
        ("S4", 2, None, None),
        ("S5a", 1, None, None),
    ]
    report(box, "S5a")
    assert box.way(long)[-1] == ("delivered", 1, None)


def test_our_own_id_and_a_segments(box: Outbox) -> None:
    mt_id = sent(box, "A1", "A1", "A2")
    report(box, "A2", mt_id=mt_id)
    assert box.state(mt_id) is SENT
    report(box, "A1", mt_id=mt_id)
    assert box.state(mt_id) is DELIVERED


@pytest.mark.parametrize(
    ("answered", "reported", "how"),
    [
        ("SM1a", "sm1A", "case"),
        ("00123", "123", "zeros"),
        ("1A2B", "6699", "hex"),
        ("6699", "1a2b", "decimal"),
        ("00001a2b", "0006699", "hex"),
    ],
)
def test_another_spelling_counts_if_the_number_agrees(box: Outbox, answered: str, reported: str, how: str) -> None:
    mt_id = sent(box, answered)
    assert report(box, reported) is None
    assert report(box, reported, phone="+8613911111111") is None
    assert report(box, reported, phone=PHONE, code="ok") == mt_id
    assert box.way(mt_id)[-1] == ("delivered", 0, f"ok (id agrees by {how})")


def test_another_spelling_counts_for_72_hours(box: Outbox) -> None:
    mt_id = sent(box, "1A2B")
    box.go_on(seconds=72 * HOURS + 0.001)
    assert report(box, "6699", phone=PHONE) is None
    box.go_on(seconds=-0.001)
    assert report(box, "6699", phone=PHONE) == mt_id


def test_the_same_id_at_another_number_is_another_message(box: Outbox) -> None:
    """A link that answers in hexadecimal and reports in decimal: 6699 is 0x1A2B, not the message 6699."""
    chance = box.put("by chance", "+8613900000002")
    meant = box.put("meant")
    box.send(chance, meant)
    box.sent(chance, "6699")
    box.sent(meant, "1A2B")
    assert report(box, "6699", phone=PHONE) == meant
    assert box.state(chance) is SENT


@pytest.mark.parametrize(
    ("answered", "reported", "how"),
    [
        ("a", "a", "raw"),
        ("A", "a", "case"),
        ("0a", "A", "zeros"),
        ("ff", "255", "hex"),
        ("255", "FF", "decimal"),
        ("10", "16", "hex"),
        ("", "0", "zeros"),
        ("1_0", "16", None),
        ("x1", "1", None),
        ("SM" + "f" * 40, "SM", None),
    ],
)
def test_likeness(answered: str, reported: str, how: str | None) -> None:
    assert likeness(answered, reported) == how


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+8613900000001", "8613900000001", True),
        ("+8613900000001", "13900000001", True),
        ("+8613900000001", "008613900000001", True),
        ("+8613900000001", "+8613900000002", False),
        ("+8613900000001", "0001", False),
        ("10086", "10086", True),
        ("whatsapp:", "whatsapp:", True),
        ("whatsapp:", "telegram:", False),
    ],
)
def test_numbers_agree(one: str, other: str, same: bool) -> None:
    assert same_number(one, other) is same
    assert same_number(other, one) is same
