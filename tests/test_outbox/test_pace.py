"""The token bucket: segments a second, slowed down by throttling."""

import pytest

from smsgate.workers.pace import SLOWEST, Pace


class Clock:
    at = 0

    def __call__(self) -> int:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


def drain(pace: Pace, clock: Clock, *, seconds: float, segments: int = 1) -> int:
    """Messages that go within so many seconds, looked at a hundred times a second."""
    gone = 0
    for _ in range(round(seconds * 100)):
        clock.at += 10
        while pace.wait(segments) == 0:
            pace.take(segments)
            gone += 1
    return gone


def test_no_limit(clock: Clock) -> None:
    pace = Pace(0, clock)
    pace.take(1_000_000)
    assert pace.wait() == 0
    assert pace.room() == float("inf")


@pytest.mark.parametrize(("rate", "segments"), [(10, 1), (10, 3), (1, 1), (100, 2)])
def test_keeps_to_its_rate(clock: Clock, rate: float, segments: int) -> None:
    pace = Pace(rate, clock)
    bucket = max(rate, 1)
    gone = drain(pace, clock, seconds=60, segments=segments)
    assert gone * segments == pytest.approx(60 * rate + bucket, abs=segments + 1)


def test_a_message_larger_than_the_bucket_goes_and_is_owed(clock: Clock) -> None:
    pace = Pace(2, clock)
    assert pace.wait(10) == 0
    pace.take(10)
    assert pace.room() == 0
    assert pace.wait() == pytest.approx(4.5)
    assert pace.wait(10) == pytest.approx(5)


def test_throttling_pauses_then_halves_then_time_restores(clock: Clock) -> None:
    pace = Pace(10, clock)
    pace.slow_down(3)
    assert pace.room() == 0
    assert pace.wait() == pytest.approx(3)
    clock.at += 3000
    assert pace.wait() == 0
    assert pace.rate == 5
    clock.at += 1000
    pace.wait()
    assert pace.rate == pytest.approx(5.5)  # a twentieth of the limit a second, once it goes on
    clock.at += 60_000
    pace.wait()
    assert pace.rate == 10


def test_what_was_under_way_together_is_throttled_once(clock: Clock) -> None:
    pace = Pace(100, clock)
    for _ in range(32):
        pace.slow_down(1)
    assert pace.rate == 50
    clock.at += 1000
    pace.slow_down(1)
    assert pace.rate == 25


def test_never_slower_than_one_in_ten_seconds(clock: Clock) -> None:
    pace = Pace(1, clock)
    for _ in range(100):
        pace.slow_down(1)
        clock.at += 1000
    assert pace.rate == SLOWEST


def test_without_a_limit_throttling_halves_what_really_went(clock: Clock) -> None:
    pace = Pace(0, clock)
    for _ in range(200):
        pace.take(1)
    pace.slow_down(1)
    assert pace.rate == 100
    clock.at += 30_000
    pace.wait()
    assert pace.rate == float("inf")
    assert pace.room() == float("inf")


def test_a_pause_is_never_shortened(clock: Clock) -> None:
    pace = Pace(0, clock)
    pace.pause(30)
    pace.pause(1)
    assert pace.paused == 30
