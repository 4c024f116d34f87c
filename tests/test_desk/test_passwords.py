"""Which passwords are taken: by length and what everybody tries first, not by kinds of characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgate.service.passwords import SHORTEST, fault_of, fits, hash_of, is_dated


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("rain tomorrow, take an umbrella", ""), ("雨天记得带伞再出门，好吗", ""), ("correcthorsebattery", ""),
        ("sdlkfjwoeiru", ""), ("short", "short"), ("elevenchars", "short"), ("x" * 257, "long"), ("a" * 12, "common"),
        ("abcabcabcabc", "common"), ("123412341234", "common"), ("1234567890123", "common"),
        ("qwertyuiopasdf", "common"), ("abcdefghijklmnop", "common"), ("0987654321qwerty", "common"),
        ("Password1234", "common"), ("ADMIN@123456", "common"), ("zhangweizhangwei", "named"),
        ("Zhangwei2026!", "named"), ("smsgate-2026-", "named"), ("ｐａｓｓｗｏｒｄ１２３４", "common"),
    ],
)  # fmt: skip
def test_passwords(password: str, fault: str) -> None:
    assert fault_of(password, "zhangwei", "张伟") == fault


@given(st.text(max_size=400), st.text(max_size=20))
def test_any_text_is_judged(password: str, name: str) -> None:
    fault = fault_of(password, name)
    assert fault in ("", "short", "long", "common", "named")
    assert not (fault == "" and len(password) < SHORTEST / 20)


def test_full_width_letters_are_the_same() -> None:
    kept = hash_of("rain tomorrow, umbrella")
    assert kept.startswith("$argon2id$")
    assert fits(kept, "ｒａｉｎ tomorrow, umbrella")
    assert not fits(kept, "rain tomorrow, umbrella!")
    assert not is_dated(kept)


@pytest.mark.parametrize("kept", [None, "", "no hash", "$argon2id$v=19$m=1,t=1,p=1$AAAA$AAAA"])
def test_what_is_no_hash_fits_nothing(kept: str | None) -> None:
    assert not fits(kept, "nobody has this password")
