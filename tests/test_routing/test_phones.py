"""One spelling for all that mean the same handset, none for what is no phone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.phones import normalise_phone


@pytest.mark.parametrize(
    "typed",
    [
        "13910000001",
        "+8613910000001",
        "8613910000001",
        "008613910000001",
        "+86 139 1000 0001",
        "139-1000-0001",
        "(+86)13910000001",
        "\uff0b\uff18\uff16\uff11\uff13\uff19\uff11\uff10000001",  # full width
        "\u202a13910000001\u202c",
        " 13910000001 ",
    ],
)
def test_the_same_mobile(typed: str) -> None:
    assert normalise_phone(typed) == "+8613910000001"


@pytest.mark.parametrize(
    ("typed", "region", "phone"),
    [
        ("+442071838750", "CN", "+442071838750"),
        ("00442071838750", "CN", "+442071838750"),
        ("+85291234567", "CN", "+85291234567"),
        ("021 6123 4567", "CN", "+862161234567"),
        ("4155550100", "US", "+14155550100"),
        ("+8613910000001", "US", "+8613910000001"),
    ],
)
def test_other_phones(typed: str, region: str, phone: str) -> None:
    assert normalise_phone(typed, region) == phone


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "x",
        "10086",
        "12520",
        "106575",
        "1065751234",
        "10657512345678",
        "+8610657512345678",
        "+861065751234",
        "008610657512345",
        "8610657512345",
        "106 5751 2345",
        "01065751234",
        "13910000",
        "139100000011",
        "12345678901",
        "13910000001;13910000002",
        "Twilio",
        "+86",
        "++8613910000001",
        "1391000000O",
        "13910000001x5",
    ],
)
def test_what_is_no_phone(typed: str) -> None:
    assert normalise_phone(typed) is None


@given(st.text(max_size=30) | st.text("0123456789+-() ", max_size=25))
def test_any_text_is_a_phone_that_stays_itself_or_none(text: str) -> None:
    phone = normalise_phone(text)
    if phone is not None:
        assert phone.startswith("+")
        assert phone[1:].isascii()
        assert phone[1:].isdigit()
        assert not phone.startswith("+86106")
        assert normalise_phone(phone) == phone
        assert normalise_phone(phone, "US") == phone
