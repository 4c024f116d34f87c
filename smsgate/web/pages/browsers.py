"""Short names of browsers, for the list of sessions: which of mine is that?"""

from __future__ import annotations

# Decision tables: the first word that stands in the user agent says what it is. Others' browsers name Chrome and
# Safari too, and phones name Linux and Mac OS X, so those come last.
_BROWSERS = (
    ("MicroMessenger/", "WeChat"), ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung"),
    ("MQQBrowser/", "QQ"), ("QQBrowser/", "QQ"), ("UCBrowser/", "UC"), ("HuaweiBrowser/", "Huawei"),
    ("MiuiBrowser/", "Xiaomi"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"), ("python-", "Python"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"),
    ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip
LONGEST = 24
"""Characters of what is none of these."""


def browser_name(agent: str) -> str:
    """Such as `Chrome · Android`; of what nobody knows its beginning, empty where nothing was said."""
    found = [next((name for word, name in table if word in agent), "") for table in (_BROWSERS, _SYSTEMS)]
    named = " · ".join(filter(None, found))
    return named or (agent if len(agent) <= LONGEST else agent[: LONGEST - 1] + "…")
