"""docs/texts.md: every SMS text in both languages, as in the golden tests: `python -m tests.test_engine.texts_page`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.test_engine.test_texts import TABLE

PAGE = Path(__file__).parents[2] / "docs" / "texts.md"

_HEAD = """# SMS texts · 短信文字

Every sentence that goes out by SMS, filled with example values: its length in UTF-16 units, and how many SMS it takes
beside a signature of ten characters. Made from the golden tests (`python -m tests.test_engine.texts_page`), which hold
the texts in full; the texts themselves have their one home in `smsgate/service/texts.py`. What is wrong with a command
is said by `grammar/sentences.py`, a verb's help by `grammar/verbs.py`.

| key | 中文 | 字 | 条 | English | units | SMS |
|---|---|---|---|---|---|---|
"""


def page() -> str:
    """The page."""
    return _HEAD + "".join(_rows())


def _rows() -> Iterator[str]:
    for key, (units, segments, said) in TABLE["zh"].items():
        units_en, segments_en, said_en = TABLE["en"][key]
        yield f"| `{key}` | {_cell(said)} | {units} | {segments} | {_cell(said_en)} | {units_en} | {segments_en} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
