"""How many SMS a text takes, and where it may be cut."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgate.service.graphemes import graphemes
from smsgate.service.segments import (
    ELLIPSIS,
    PART,
    PLAIN,
    WHOLE,
    Manner,
    Measured,
    Repertoire,
    cut,
    encoding_of,
    measure,
    narrowest,
    split,
    units_of,
)

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
CHINA = "🇨🇳"

_gsm7 = st.text('@£$¥èéù\nØøΔ_ΦΓ^{}\\[~]|€ÆæßÉ !"#¤%abcXYZ0189äöñüà\r\f', max_size=400)
_awkward = st.sampled_from([FAMILY, CHINA, "e\u0301", "❤️\u200d🔥", "👍🏽", "क्षि", "한", "\r\n", "\u200d", "\ufe0f"])
_anything = st.lists(st.text(max_size=20) | _awkward | st.just("西区基站退服"), max_size=40).map("".join)


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        ("", Measured("gsm7", 0, 1)),
        ("OK", Measured("gsm7", 2, 1)),
        ("a" * 160, Measured("gsm7", 160, 1)),
        ("a" * 161, Measured("gsm7", 161, 2)),
        ("a" * 306, Measured("gsm7", 306, 2)),
        ("a" * 307, Measured("gsm7", 307, 3)),
        ("€" * 80, Measured("gsm7", 160, 1)),
        ("€" * 81, Measured("gsm7", 162, 2)),
        # 153 is odd: the 77th would be cut within its escape pair
        ("€" * 152, Measured("gsm7", 304, 2)),
        ("€" * 153, Measured("gsm7", 306, 3)),
        ("中" * 70, Measured("ucs2", 70, 1)),
        ("中" * 71, Measured("ucs2", 71, 2)),
        ("中" * 134, Measured("ucs2", 134, 2)),
        ("中" * 135, Measured("ucs2", 135, 3)),
        ("😀" * 35, Measured("ucs2", 70, 1)),
        # 67 is odd: 33 to a part
        ("😀" * 66, Measured("ucs2", 132, 2)),
        ("😀" * 67, Measured("ucs2", 134, 3)),
        ("a" * 69 + "—", Measured("ucs2", 70, 1)),
        ("ç", Measured("ucs2", 1, 1)),  # the alphabet has Ç alone
        ("Ç`", Measured("ucs2", 2, 1)),
        (FAMILY * 7, Measured("ucs2", 77, 2)),
    ],
)
def test_measures(text: str, measured: Measured) -> None:
    assert measure(text) == measured
    assert len(split(text)) == measured.segments


@pytest.mark.parametrize(
    ("text", "signature", "segments"),
    [
        ("中" * 60, 10, 1), ("中" * 61, 10, 2), ("中" * 70, 10, 2), ("中" * 114, 10, 2), ("中" * 115, 10, 3),
        ("a" * 150, 10, 1), ("a" * 151, 10, 2), ("a" * 286, 10, 2), ("a" * 287, 10, 3),
        # 57 is odd: 28 to a part
        ("😀" * 30, 10, 1), ("😀" * 56, 10, 2), ("😀" * 57, 10, 3),
    ],
)  # fmt: skip
def test_a_signature_that_the_gateway_adds_to_each_is_counted(text: str, signature: int, segments: int) -> None:
    """The length stays the text's own."""
    assert measure(text, Manner(signature)) == measure(text)._replace(segments=segments)


_manners = st.builds(Manner, st.integers(0, 30), st.sampled_from([159, 160]), st.sampled_from(Repertoire))


@given(_gsm7 | _anything, _manners)
def test_what_is_counted_is_what_is_sent(text: str, manner: Manner) -> None:
    """Whatever the gateway adds, and whatever its alphabet."""
    measured, parts = measure(text, manner), split(text, manner)
    assert measured.segments == len(parts)
    assert "".join(parts) == text
    assert all(units_of(part, measured.encoding) <= manner.most(measured.encoding) for part in parts)


@given(_gsm7 | _anything, st.lists(_manners, max_size=3))
def test_what_fits_the_narrowest_fits_all(text: str, manners: list[Manner]) -> None:
    """A text may go by any account: it is fitted for all of them."""
    most = measure(text, narrowest(manners)).segments
    assert all(measure(text, manner).segments <= most for manner in [PLAIN, *manners])


@pytest.mark.parametrize(
    ("text", "manner", "measured"),
    [
        ("a" * 159, Manner(whole=159), Measured("gsm7", 159, 1)),
        ("a" * 160, Manner(whole=159), Measured("gsm7", 160, 2)),
        ("é" * 100, Manner(repertoire=Repertoire.ASCII), Measured("ucs2", 100, 2)),
        ("é" * 100, Manner(repertoire=Repertoire.LATIN1), Measured("gsm7", 100, 1)),
        ("Δ" * 71, Manner(repertoire=Repertoire.LATIN1), Measured("ucs2", 71, 2)),
        ("[" * 80, Manner(repertoire=Repertoire.ASCII), Measured("gsm7", 160, 1)),
    ],
)
def test_on_links_without_gsm_s_alphabet(text: str, manner: Manner, measured: Measured) -> None:
    assert measure(text, manner) == measured


@given(_gsm7 | _anything)
def test_the_parts_are_the_text_and_fit(text: str) -> None:
    parts, measured = split(text), measure(text)
    assert "".join(parts) == text
    assert len(parts) == measured.segments
    room = WHOLE if len(parts) == 1 else PART
    assert all(units_of(part, measured.encoding) <= room[measured.encoding] for part in parts)
    assert all(parts) or text == ""


@given(_anything)
def test_no_part_begins_within_a_cluster(text: str) -> None:
    whole = list(graphemes(text))
    if all(units_of(cluster, encoding_of(text)) <= PART[encoding_of(text)] for cluster in whole):
        assert [cluster for part in split(text) for cluster in graphemes(part)] == whole


@given(_anything)
def test_no_part_is_cut_within_a_surrogate_pair(text: str) -> None:
    for part in split(text):
        units = part.encode("utf-16-be", "surrogatepass")
        assert len(units) // 2 == units_of(part, "ucs2")


def test_a_cluster_longer_than_a_part_is_cut_between_code_points() -> None:
    text = "a" + "\u0301" * 100
    assert [len(part) for part in split(text)] == [67, 34]
    text = "😀" + "🏽" * 40
    assert [units_of(part, "ucs2") for part in split(text)] == [66, 16]


@pytest.mark.parametrize(
    ("text", "clusters"),
    [
        ("e\u0301x", ["e\u0301", "x"]),
        (f"{FAMILY}a", [FAMILY, "a"]),
        (f"{CHINA}{CHINA}🇺", [CHINA, CHINA, "🇺"]),
        ("👍🏽👍", ["👍🏽", "👍"]),
        ("❤️\u200d🔥!", ["❤️\u200d🔥", "!"]),
        ("\r\n\n", ["\r\n", "\n"]),
        ("한한", ["한", "한"]),
        ("각가", ["각", "가"]),
        ("क्षिक", ["क्षि", "क"]),
        ("🏴\U000e0067\U000e0062\U000e007fa", ["🏴\U000e0067\U000e0062\U000e007f", "a"]),
        ("\u0600١", ["\u0600١"]),
        ("a\u200db", ["a\u200d", "b"]),
        ("\u200d👩", ["\u200d", "👩"]),
        ("1️⃣2", ["1️⃣", "2"]),
        ("", []),
    ],
)
def test_clusters(text: str, clusters: list[str]) -> None:
    assert list(graphemes(text)) == clusters


@given(_anything)
def test_marks_stay_with_what_they_mark(text: str) -> None:
    before = ""
    for cluster in graphemes(text):
        if (
            before
            and before[-1] not in "\r\n"
            and unicodedata.category(before[-1]) not in ("Cc", "Cf", "Zl", "Zp", "Cs")
        ):
            assert unicodedata.category(cluster[0]) not in ("Mn", "Me")
        before = cluster


@pytest.mark.parametrize(
    ("text", "units", "short"),
    [
        ("已到现场,正在更换板卡", 20, "已到现场,正在更换板卡"),
        ("已到现场,正在更换板卡", 11, "已到现场,正在更换板卡"),
        ("已到现场,正在更换板卡", 10, "已到现场,正在更换…"),
        ("ab" + FAMILY, 13, "ab" + FAMILY),
        ("ab" + FAMILY + "c", 13, "ab…"),
        ("😀😀", 3, "😀…"),
        ("😀😀", 2, "…"),
        ("ab", 1, "…"),
        ("ab", 0, ""),
        ("", 0, ""),
    ],
)
def test_cuts(text: str, units: int, short: str) -> None:
    assert cut(text, units) == short


@given(_anything, st.integers(0, 200))
def test_a_cut_text_fits_and_begins_like_the_whole(text: str, units: int) -> None:
    short = cut(text, units)
    assert units_of(short, "ucs2") <= units
    if short != text:
        assert text.startswith(short.removesuffix(ELLIPSIS["ucs2"]))
        kept = list(graphemes(short.removesuffix(ELLIPSIS["ucs2"])))
        assert kept == list(graphemes(text))[: len(kept)]
