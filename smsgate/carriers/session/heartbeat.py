"""When the link is to be tested, and when it is dead (cmpp.md 1, smpp.md 1)."""

from __future__ import annotations

from enum import Enum, auto

from smsgate.carriers.session.rules import SessionRules


class Due(Enum):
    """What a look at the clock says."""

    NOTHING = auto()
    TEST = auto()
    DEAD = auto()


class Heartbeat:
    """One connection's. Silence in either direction asks for a test; whatever the gateway says is an answer to it."""

    def __init__(self, rules: SessionRules) -> None:
        self._rules = rules
        self._tested_at: float | None = None
        self.tests = 0
        """Without an answer."""

    def look(self, now: float, heard: float, said: float) -> Due:
        """`heard` and `said`: when a whole frame came and went last."""
        if self._tested_at is not None and heard > self._tested_at:
            self._tested_at, self.tests = None, 0
        if self._tested_at is None:
            silent = now - min(heard, said) >= self._rules.heartbeat
            return self._test(now) if silent else Due.NOTHING
        if now - self._tested_at < self._rules.heartbeat_wait:
            return Due.NOTHING
        return Due.DEAD if self.tests >= self._rules.heartbeat_tries else self._test(now)

    def _test(self, now: float) -> Due:
        self._tested_at = now
        self.tests += 1
        return Due.TEST
