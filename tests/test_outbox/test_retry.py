"""Whether an MT is tried again, and when."""

from dataclasses import replace

import pytest

from smsgate.service.ports import ProviderError
from smsgate.service.retry import GiveUp, Policy, Retry, decide

POLICY = Policy(tries=5, first=2_000, longest=300_000)
BUSY = ProviderError("busy", "try again", retryable=True)
AT = 1_000_000


@pytest.mark.parametrize(("tries", "wait"), [(0, 2_000), (1, 4_000), (2, 8_000), (3, 16_000)])
def test_backs_off_exponentially_with_jitter(tries: int, wait: int) -> None:
    assert decide(BUSY, tries, POLICY, AT, lambda: 1.0) == Retry(AT + wait, uses_try=True)
    assert decide(BUSY, tries, POLICY, AT, lambda: 0.0) == Retry(AT + wait // 2, uses_try=True)


def test_gives_up_after_the_last_try() -> None:
    assert decide(BUSY, 4, POLICY, AT, lambda: 1.0) == GiveUp()
    assert decide(BUSY, 0, Policy(tries=1), AT, lambda: 1.0) == GiveUp()


def test_gives_up_what_is_no_use() -> None:
    assert decide(replace(BUSY, retryable=False), 0, POLICY, AT, lambda: 1.0) == GiveUp()


def test_waits_no_longer_than_the_longest() -> None:
    policy = Policy(tries=5000, first=2_000, longest=300_000)
    for tries in (10, 1000):
        assert decide(BUSY, tries, policy, AT, lambda: 1.0) == Retry(AT + 300_000, uses_try=True)


@pytest.mark.parametrize("what", [{"throttled": True}, {"link_down": True}, {"link_down": True, "retryable": False}])
@pytest.mark.parametrize("tries", [0, 4, 100])
def test_throttling_and_a_link_that_is_down_use_up_no_try(what: dict[str, bool], tries: int) -> None:
    assert decide(replace(BUSY, **what), tries, POLICY, AT, lambda: 1.0) == Retry(AT + 2_000, uses_try=False)


@pytest.mark.parametrize(("asked", "wait"), [(60.0, 60_000), (0.5, 2_000), (0.0, 2_000), (86_400.0, 3_600_000)])
def test_waits_as_long_as_the_provider_asks(asked: float, wait: int) -> None:
    for error in (BUSY, replace(BUSY, throttled=True)):
        decision = decide(replace(error, retry_after=asked), 0, POLICY, AT, lambda: 1.0)
        assert isinstance(decision, Retry)
        assert decision.not_before == AT + wait
