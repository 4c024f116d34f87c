"""Why an account stands as it does, in a sentence: Chinese and English."""

from __future__ import annotations

from typing import Final

from smsgate.service.health import Cause, Evidence, Health, Level

_SENTENCES: Final[dict[Cause, tuple[str, str]]] = {
    Cause.NOTHING: ("未见异常", "nothing is wrong"),
    Cause.DOWN: ("链路断开：{down}", "the link is down: {down}"),
    Cause.ERRORS: (
        "近期{results}次提交中{failed}次失败或无应答",
        "{failed} of the last {results} requests failed or went unanswered",
    ),
    Cause.SLOW: (
        "回执中位延迟{delay}秒，最快的其他账号为{fastest}秒",
        "receipts take {delay} s (median), those of the fastest other account {fastest} s",
    ),
}
_RECOVERING: Final = ("；已恢复，再平稳{left}秒后启用", "; well again, used again after {left} s more without trouble")
_LANGUAGES: Final = ("zh", "en")


def why(health: Health, language: str, at: int) -> str:
    """Why it is good, doubtful or bad."""
    number = _LANGUAGES.index(language)
    seen = health.bad_evidence if health.level is Level.BAD and health.bad_evidence is not None else health.evidence
    said = _SENTENCES[health.cause][number].format(**_values(health, seen))
    if health.level is Level.BAD and health.back_at is not None:
        left = max(-(-(health.back_at - at) // 1000), 0)
        said += _RECOVERING[number].format(left=left)
    return said


def _values(health: Health, seen: Evidence) -> dict[str, object]:
    return {
        "down": seen.down_why,
        "results": seen.results,
        "failed": seen.errors + seen.unknowns,
        "delay": round((seen.delay or 0) / 1000, 1),
        "fastest": round((health.fastest or 0) / 1000, 1),
    }
