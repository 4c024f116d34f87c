"""What has come lately: a memory of bounded size."""

from __future__ import annotations

from collections.abc import Hashable


class Lately:
    """Remembers the newest `most` keys at least, and twice as many at most."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._newer: set[Hashable] = set()
        self._older: set[Hashable] = set()

    def add(self, key: Hashable) -> None:
        """It has come."""
        if len(self._newer) >= self._most:
            self._older, self._newer = self._newer, set()
        self._newer.add(key)

    def has(self, key: Hashable) -> bool:
        """Whether it is remembered."""
        return key in self._newer or key in self._older
