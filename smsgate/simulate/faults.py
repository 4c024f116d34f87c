"""What may be wrong with a gateway. Each is something that a real one has done."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

ALWAYS = -1
"""As a number of times: every time, until it is changed."""


class IdForm(StrEnum):
    """How a receipt spells the id that the submit's answer had (smpp.md 4)."""

    SAME = "same"
    HEX = "hex"
    """The answer's is decimal, the receipt's the same number in hexadecimal."""
    DECIMAL = "decimal"
    """The other way round."""
    ZEROS = "zeros"
    """Zeros in front."""
    UPPER = "upper"


class ReceiptForm(StrEnum):
    """Where an SMPP receipt says what it says."""

    TEXT = "text"
    TLV = "tlv"
    BOTH = "both"


@dataclass(slots=True)
class Faults:
    """Those of a gateway now; change them while it runs. Numbers of times count down; ALWAYS doesn't."""

    throttle: int = 0
    """So many submits are answered «slower» (SMPP 0x58, CMPP 8)."""
    throttle_rate: float = 0.0
    """Of more submits a second than this, the rest are answered «slower»; 0: none are for that."""
    reject: int = 0
    """So many are refused, by `reject_code`."""
    reject_code: int = 0
    """0: the protocol's most usual one, SMPP 0x45, CMPP 9."""
    swallow: int = 0
    """So many are taken and never answered; their receipts come."""
    lose: int = 0
    """So many are neither taken nor answered."""
    delay: float = 0.0
    """Seconds before each answer to a submit."""
    reorder: int = 0
    """So many answers are held back and then given the last one first, again and again."""
    cut_before: int = 0
    """The connection breaks instead of the answer to the so-manieth submit from now, which is taken."""
    silent: bool = False
    """Nothing is answered, tests of the link neither."""
    deaf: bool = False
    """Nothing is read from any connection."""
    read_rate: float = 0.0
    """Octets a second that are read from each connection, on average; 0: as they come."""
    refuse_login: int = 0
    """So many logins are refused, by `login_code`."""
    login_code: int = 0
    """0: wrong secret, SMPP 0x0E, CMPP 3."""
    mute_login: int = 0
    """So many logins get no answer."""
    answer_twice: bool = False
    """Each submit's answer comes two times."""
    receipt_first: bool = False
    """A receipt comes before the answer to its submit."""
    receipts: tuple[str, ...] = ("DELIVRD",)
    """The words that come for each submit that asks for receipts, in order; none: there are no receipts."""
    receipt_delay: float = 0.0
    """Seconds between the answer and the first receipt, and between receipts."""
    receipt_twice: bool = False
    receipt_id: IdForm = IdForm.SAME
    receipt_form: ReceiptForm = ReceiptForm.BOTH
    receipt_octets: int = 0
    """CMPP: 60 or 71, whatever version is spoken; 0: as the version has it."""
    garbage: int = 0
    """So many answers to submits have octets before them that are no PDU: the client can't read on."""
    truncate: int = 0
    """So many answers to submits break off in the middle of their frame, and the connection with them."""
    split: bool = False
    """Everything is written octet by octet."""
    redeliver_seconds: float = 60.0
    """T: what has had no answer is brought again after so long."""
    redeliver_tries: int = 3
    """N: how often on one connection; after that when a client logs in anew."""
    again_seconds: float = 1.0
    """What was answered «later» is brought again after so long."""

    def takes(self, name: str) -> bool:
        """Whether it happens now; counts down."""
        left: int = getattr(self, name)
        if left > 0:
            setattr(self, name, left - 1)
        return left != 0

    def cuts(self) -> bool:
        """Whether the connection breaks at this submit."""
        if self.cut_before > 0:
            self.cut_before -= 1
            return self.cut_before == 0
        return self.cut_before == ALWAYS

    def clear(self) -> None:
        """A gateway as it should be."""
        for one in fields(self):
            setattr(self, one.name, getattr(_NONE, one.name))


_NONE = Faults()


class Rate:
    """Whether one more may come, of so many a second: a second's worth at once, then as time gives it back."""

    def __init__(self) -> None:
        self._left = 0.0
        self._at: float | None = None

    def allows(self, most: float, now: float) -> bool:
        """One has come; `most` a second, 0: any number. `now`: seconds of a clock that never jumps."""
        if most <= 0:
            self._at = None
            return True
        full = max(most, 1.0)
        self._left = full if self._at is None else min(full, self._left + (now - self._at) * most)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
