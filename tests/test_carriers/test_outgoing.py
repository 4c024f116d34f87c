"""A text to be sent: as many SMS as the house counts, each within what the air carries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgate.carriers.codec.smpp34 import SubmitSm
from smsgate.carriers.codec.wire import ProtocolError
from smsgate.carriers.text.charsets import Charset
from smsgate.carriers.text.coding import smpp_data_coding
from smsgate.carriers.text.incoming import Content, joined, of_smpp
from smsgate.carriers.text.outgoing import Segment, segments_of
from smsgate.carriers.text.part import Part
from smsgate.carriers.text.udh import part_of, read_user_data
from smsgate.service.segments import PLAIN, Manner, Repertoire, measure, split
from tests.test_carriers.samples import SHEETS
from tests.test_carriers.test_gsm7 import gsm_texts

LONG = ("故障工单" * 18)[:71]
_awkward = st.sampled_from(["👨\u200d👩\u200d👧\u200d👦", "🇨🇳", "e\u0301", "😀", "\r\n", "西区基站退服" * 5, "€" * 40])
texts = gsm_texts | st.lists(st.text(max_size=20) | _awkward, max_size=30).map("".join)
GSM = [Charset.GSM7, Charset.GSM7_PACKED]
ASCII = Manner(repertoire=Repertoire.ASCII)
LATIN1 = Manner(repertoire=Repertoire.LATIN1)
REPERTOIRES = {Charset.LATIN1: LATIN1, Charset.ASCII: ASCII, Charset.GB18030: ASCII}
signatures = st.integers(0, 30)


def test_the_long_examples_are_cut_like_this() -> None:
    first, second = segments_of(LONG, 42)
    assert first.content == SHEETS["C2-SUBMIT-long-1of2"].pdu.msg_content
    assert first.content == SHEETS["P-SUBMIT-udh-1of2"].pdu.short_message
    assert second.content == SHEETS["C2-SUBMIT-long-2of2"].pdu.msg_content
    assert first.body == SHEETS["P-SUBMIT-sar-1of2"].pdu.short_message


def test_the_short_examples_are_one() -> None:
    assert segments_of("Ticket A12 € open", 1) == (Segment("Ticket A12 € open", Charset.GSM7),)
    assert segments_of("Ticket A12 € open", 1)[0].content == SHEETS["P-SUBMIT-gsm7-unpacked"].pdu.short_message
    assert segments_of("工单A12已派发，回复1确认", 1)[0].content == SHEETS["P-SUBMIT-ucs2"].pdu.short_message
    assert segments_of("", 1) == (Segment("", Charset.GSM7),)


@pytest.mark.parametrize("alphabet", GSM)
@given(text=texts, reference=st.integers(0, 255))
def test_there_are_as_many_as_were_counted(alphabet: Charset, text: str, reference: int) -> None:
    segments = segments_of(text, reference, alphabet)
    assert len(segments) == measure(text).segments
    assert tuple(segment.text for segment in segments) == split(text)


@pytest.mark.parametrize("alphabet", REPERTOIRES)
@given(text=texts, reference=st.integers(0, 255), signature=signatures, whole=st.sampled_from([159, 160]))
def test_there_are_as_many_on_links_without_gsm_s_alphabet(
    alphabet: Charset, text: str, reference: int, signature: int, whole: int
) -> None:
    manner = REPERTOIRES[alphabet]._replace(signature=signature, whole=whole)
    segments = segments_of(text, reference, alphabet, manner)
    assert len(segments) == measure(text, manner).segments
    assert tuple(segment.text for segment in segments) == split(text, manner)


@pytest.mark.parametrize("alphabet", [*GSM, *REPERTOIRES])
@given(text=texts, reference=st.integers(0, 255))
def test_each_fits_and_together_they_are_the_text(alphabet: Charset, text: str, reference: int) -> None:
    segments = segments_of(text, reference, alphabet, REPERTOIRES.get(alphabet, PLAIN))
    contents = []
    for index, segment in enumerate(segments, start=1):
        unpacked = segment.charset in (Charset.GSM7, Charset.ASCII, Charset.LATIN1, Charset.GB18030)
        assert len(segment.content) <= (160 if unpacked else 140)
        if len(segments) == 1:
            assert segment.part is None
            continue
        data = read_user_data(segment.content)
        assert part_of(data.elements) == segment.part == Part(reference, 8, len(segments), index)
        assert data.body == segment.body or segment.charset is Charset.GSM7_PACKED
        # no surrogate or escape pair is cut: each part is sound by itself
        assert Content(segment.body, segment.charset).reading.sound
    contents = [Content(segment.body, segment.charset) for segment in segments]
    if Charset.GSM7_PACKED not in {segment.charset for segment in segments}:
        assert joined(contents).text == text.encode("utf-16", "replace").decode("utf-16")


@pytest.mark.parametrize(
    ("text", "alphabet", "charset", "count"),
    [
        ("a" * 160, Charset.ASCII, Charset.ASCII, 2),
        ("a" * 159, Charset.ASCII, Charset.ASCII, 1),
        ("é" * 100, Charset.ASCII, Charset.UCS2, 2),
        ("é" * 100, Charset.LATIN1, Charset.LATIN1, 1),
        ("€", Charset.LATIN1, Charset.UCS2, 1),
        ("OK", Charset.GB18030, Charset.GB18030, 1),
        ("Δ", Charset.GB18030, Charset.UCS2, 1),
    ],
)
def test_on_links_without_gsm_s_alphabet(text: str, alphabet: Charset, charset: Charset, count: int) -> None:
    manner = REPERTOIRES[alphabet]._replace(whole=159)
    segments = segments_of(text, 1, alphabet, manner)
    assert [segment.charset for segment in segments] == [charset] * count


@pytest.mark.parametrize("alphabet", GSM)
@given(text=texts, reference=st.integers(0, 255))
def test_what_goes_out_would_come_in_the_same(alphabet: Charset, text: str, reference: int) -> None:
    for segment in segments_of(text, reference, alphabet):
        coding = smpp_data_coding(segment.charset, alphabet)
        esm_class = 0x40 if segment.part else 0
        content = of_smpp(SubmitSm(esm_class=esm_class, data_coding=coding, short_message=segment.content), alphabet)
        sent = segment.text.encode("utf-16", "replace").decode("utf-16")
        # the last septet of a packed text may be taken for spare bits
        assert content.reading.text in (sent, sent[:-1] if sent[-1:] in ("@", "\r") else sent)
        assert content.part == segment.part


def test_a_packed_part_has_a_bit_in_front() -> None:
    first = segments_of("hello" * 40, 42, Charset.GSM7_PACKED)[0]
    assert first.content[:6] == bytes.fromhex("0500032a0201")
    # "hello" behind one fill bit, as in test_parts
    assert first.content[6:10] == bytes.fromhex("d06536fb")
    assert len(first.content) == 140


def test_a_text_of_too_many_parts_is_refused() -> None:
    assert len(segments_of("字" * 67 * 255, 1)) == 255
    with pytest.raises(ProtocolError, match="a text of 256 parts"):
        segments_of("字" * (67 * 255 + 1), 1)


@pytest.mark.parametrize(
    ("length", "signature", "sizes"),
    [(60, 10, [60]), (61, 10, [57, 4]), (70, 0, [70]), (71, 10, [57, 14]), (114, 10, [57, 57]), (115, 10, [57, 57, 1])],
)
def test_each_sms_leaves_room_for_the_gateway_s_signature(length: int, signature: int, sizes: list[int]) -> None:
    """cmpp.md «Signature»: many gateways add it and count it, and cut a text of 70 in two themselves, or refuse it."""
    made = segments_of("障" * length, 7, Charset.ASCII, ASCII._replace(signature=signature))
    assert [len(one.text) for one in made] == sizes
    assert measure("障" * length, Manner(signature)).segments == len(sizes)


def test_in_seven_bits_it_is_as_long() -> None:
    """A part of 153 septets less ten."""
    made = segments_of("a" * 151, 7, Charset.GSM7, Manner(10))
    assert [len(one.text) for one in made] == [143, 8]
