"""Reading a head: what is dropped, what becomes what, and where it came from."""

import sys
from unicodedata import category, normalize

from hypothesis import example, given
from hypothesis import strategies as st

from grammar import normalise
from grammar.normalise import HASH, fold, strip

SELECTORS = {*range(0x180B, 0x180E), 0x180F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
ANY_TEXT = st.text(st.characters(codec=None), max_size=30)
ODD_TEXT = st.text(
    st.sampled_from("a核ＺＦ-－—–ー ;；#①㈱﷽가각ᄀ\u1161\u11a8é\u0301\u0323\u0338\u200b\ufe0f\u3000\ud800")
)


def test_what_is_dropped_is_what_unicode_calls_blank() -> None:
    """White space, category Cf, variation selectors; what this Python doesn't know yet may be listed already."""
    for point in range(sys.maxunicode + 1):
        char = chr(point)
        blank = char.isspace() or category(char) == "Cf" or point in SELECTORS
        listed = normalise._BLANK.match(char) is not None
        assert listed == blank or (listed and category(char) == "Cn"), hex(point)


def test_all_that_becomes_a_hash_cuts() -> None:
    """So nothing in a head can turn into one later."""
    hashes = [chr(point) for point in range(sys.maxunicode + 1) if "#" in normalize("NFKC", chr(point))]
    assert hashes == ["#", "﹟", "＃"]
    assert all(HASH.fullmatch(char) for char in hashes)


def test_dashes() -> None:
    """A run of the listed ones is one; each ASCII or full-width one is one."""
    assert fold("a——b", 0, 4).text == "a-b"
    assert fold("a--b", 0, 4).text == "a--b"
    assert fold("a－－b", 0, 4).text == "a--b"
    assert fold("a—-b", 0, 4).text == "a--b"
    assert fold("一ー一", 0, 3).text == "一-一"


def test_the_way_back() -> None:
    """Each character knows the stretch of the message that it came from."""
    folded = fold("#Ａ ㈱—— é\u0323", 1, 9)
    assert folded.text == "A(株)-ẹ\u0301"
    assert list(folded.starts) == [1, 3, 3, 3, 4, 7, 7]
    assert list(folded.ends) == [2, 4, 4, 4, 6, 9, 9]


@given(ANY_TEXT | ODD_TEXT)
@example("각")
@example("a\u0327\u0301")
def test_folding_is_nfkc_of_the_visible_with_one_dash_a_run(text: str) -> None:
    """The map's detour over single characters changes nothing."""
    folded = fold(text, 0, len(text))
    visible = "".join(char for char in text if normalise._BLANK.match(char) is None)
    plain = normalise._DASH.sub("—", visible)
    while "——" in plain:
        plain = plain.replace("——", "—")
    assert folded.text == normalize("NFKC", plain.replace("—", "-"))
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    assert all(start < end for start, end in zip(folded.starts, folded.ends, strict=True))
    assert list(folded.starts) == sorted(folded.starts)


@given(ANY_TEXT)
def test_stripping_takes_the_ends_alone(text: str) -> None:
    """And nothing from between."""
    inner = strip(text)
    assert inner in text
    assert strip(f"\u3000\u200b {inner}\ufe0f\n") == inner
