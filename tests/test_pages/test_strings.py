"""Every word has both languages, and every key that a page names exists."""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum
from pathlib import Path
from string import Formatter

import pytest

from grammar import Code
from routing.model import Act
from routing.rights import Role
from smsgate.domain.messages import MoState, MtKind, MtState
from smsgate.domain.refusals import Why
from smsgate.domain.states import TRANSITIONS, Severity, State
from smsgate.service.health import Cause, Level
from smsgate.service.links import LinkState
from smsgate.web.pages import strings
from smsgate.web.pages.site import TEMPLATES
from smsgate.web.pages.strings import STRINGS

PAGES = Path(__file__).parent.parent.parent / "smsgate" / "web" / "pages"
# t("a.key"), t('a.key'), t("a." ~ what), and keys that Python hands to a template
NAMED = re.compile(r"""\bt\((?:\(?)["']([a-z_.]+)["']""")
KEY = re.compile(r"""["']([a-z_]+\.[a-z_.]+)["']""")


def sources() -> str:
    """All templates and all of the pages' Python but the catalogue itself."""
    files = [*TEMPLATES.rglob("*.html"), *(path for path in PAGES.glob("*.py") if not path.name.startswith("strings"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_no_room_takes_a_key_of_another() -> None:
    """Joined, one would silently say the other's words."""
    rooms = [value for name, value in vars(strings).items() if name.isupper() and isinstance(value, dict)]
    counted = Counter(key for room in rooms if room is not STRINGS for key in room)
    assert [key for key, times in counted.items() if times > 1] == []
    assert set(counted) == set(STRINGS)


def test_both_languages_say_something_with_the_same_values() -> None:
    for key, (zh, en) in STRINGS.items():
        assert bool(zh.strip()) == bool(en.strip()), key
        assert placeholders(zh) == placeholders(en), key


@pytest.mark.parametrize(
    ("key", "count", "said"),
    [
        ("orgchart.held", 1, "1 ticket"),
        ("orgchart.held", 2, "2 tickets"),
        ("orgchart.errors", 1, "1 error: it can't be saved."),
        ("orgchart.errors", "%n", "%n errors: it can't be saved."),
        ("message.tries", 1, "1 try used"),
        ("message.tries", 0, "0 tries used"),
        ("orgchart.merge.asked", 1, "1 place was changed by both: choose for each."),
        ("orgchart.people", 1, "1 person"),
    ],
)
def test_one_is_no_plural(key: str, count: object, said: str) -> None:
    assert strings.say("en", key, n=count) == said


def test_english_is_english() -> None:
    chinese = {key for key, (_, en) in STRINGS.items() if re.search(r"[\u4e00-\u9fff]", en)}
    assert chinese == {"nav.language"}  # each names the other


def test_every_key_that_is_named_exists() -> None:
    for key in NAMED.findall(sources()):
        known = any(name.startswith(key) for name in STRINGS) if key.endswith(".") else key in STRINGS
        assert known, key


def test_every_key_is_used() -> None:
    text = sources()
    prefixes = {key for key in re.findall(r"""["']([a-z_.]+\.)["']""", text) if key != "."}
    named = set(NAMED.findall(text)) | set(KEY.findall(text))
    unused = {key for key in STRINGS if key not in named and not any(key.startswith(prefix) for prefix in prefixes)}
    assert unused == set()


@pytest.mark.parametrize(
    ("prefix", "values"),
    [
        ("act", Act),
        ("do", Act),
        ("state", State),
        ("severity", Severity),
        ("mo", MoState),
        ("mt", MtState),
        ("mt.kind", MtKind),
        ("health", Level),
        ("cause", Cause),
        ("link", LinkState),
        ("why", Why),
        ("why", Code),
        ("right", Role),
    ],
)
def test_every_value_has_words(prefix: str, values: type[StrEnum]) -> None:
    assert {f"{prefix}.{value}" for value in values} - set(STRINGS) == set()


def test_every_act_says_who_may() -> None:
    acts = {act for ways in TRANSITIONS.values() for act in ways}
    assert {f"who.{act}" for act in acts} - set(STRINGS) == set()
