"""Phone numbers: one spelling (E.164) for all that mean the same handset.

Mainland mobiles go by pattern, because a large chart has 100,000 of them; the library knows the rest. Carriers' access
codes (`106575…`), short codes and alphabetic senders are no phones.
"""

from __future__ import annotations

import re
import unicodedata

MOBILE = "1[3-9][0-9]{9}"
"""Pattern of a mainland mobile as it is dialled there."""
_MOBILE = re.compile(MOBILE)
_PREFIXED_MOBILE = re.compile(rf"(?:\+86|0086|86)({MOBILE})")
_ACCESS_CODE = re.compile(r"(?:\+86|0086|86)?0?106[0-9]*")
_TYPED = re.compile(r"\+?[0-9]{5,20}")
_BETWEEN_DIGITS = re.compile(r"[\s().\-\u2010-\u2015\u2212]")


def normalise_phone(text: str, region: str = "CN") -> str | None:
    """The number as E.164, or None for what is no phone.

    `region` (ISO 3166) is the country of a number without country code. Beijing's fixed lines that begin like an access
    code (`010 6…`) count as one: they can't get SMS, and the two can't be told apart once in E.164.
    """
    if region == "CN" and _MOBILE.fullmatch(text):
        return "+86" + text
    digits = _digits(text)
    prefixed = _PREFIXED_MOBILE.fullmatch(digits)
    if prefixed:
        return "+86" + prefixed.group(1)
    if region == "CN" and _MOBILE.fullmatch(digits):
        return "+86" + digits
    if not _TYPED.fullmatch(digits) or is_access_code(digits, region):
        return None
    return _by_library(digits, region)


def _digits(text: str) -> str:
    """Without what people put between digits, and without the invisible marks that address books add."""
    if text.isascii():  # as all that links bring: there is nothing to normalise, and no mark is invisible
        return _BETWEEN_DIGITS.sub("", text)
    plain = unicodedata.normalize("NFKC", text)
    visible = "".join(char for char in plain if unicodedata.category(char) != "Cf")
    return _BETWEEN_DIGITS.sub("", visible)


def is_access_code(digits: str, region: str = "CN") -> bool:
    """Whether it is a carrier's access code (`106575…`), by which machines send; digits as dialled."""
    in_china = region == "CN" or digits.startswith(("+86", "0086"))
    return in_china and _ACCESS_CODE.fullmatch(digits) is not None


def _by_library(digits: str, region: str) -> str | None:
    import phonenumbers  # here, because its tables take a tenth of a second that most commands don't need

    if digits.startswith("00") and region == "CN":
        digits = "+" + digits[2:]
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
