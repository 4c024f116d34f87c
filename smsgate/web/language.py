"""Which of our two languages a client reads."""

from __future__ import annotations

from functools import lru_cache

LANGUAGES = ("zh", "en")
DEFAULT = "zh"


@lru_cache(maxsize=256)
def chosen(accept_language: str) -> str:
    """The better liked of Chinese and English by an Accept-Language header; Chinese where it names neither."""
    best, liked = DEFAULT, 0.0
    for part in accept_language.split(","):
        name, _, weight = part.partition(";")
        language = name.strip().lower().partition("-")[0]
        quality = _quality(weight)
        if language in LANGUAGES and quality > liked:
            best, liked = language, quality
    return best


def _quality(weight: str) -> float:
    try:
        return float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0
