"""Routes and health in the settings: what they say to the house, and the sentence for each fault."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from smsgate.bootstrap import health_rules, rules_of
from smsgate.cli import main
from smsgate.config import Settings
from smsgate.domain.messages import MtClass
from smsgate.sample import sample_path
from smsgate.service.health import HealthRules
from smsgate.service.routes import Route
from smsgate.service.segments import Manner, Repertoire
from smsgate.testing.stage import Stage

ACCOUNTS = """
[accounts.one]
kind = "simulator"
[accounts.two]
kind = "simulator"
service_number = "10690000"
"""


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, toml: str) -> int:
    """The exit status of `smsgate config`."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SMSGATE_ORGCHART", str(sample_path()))
    (folder / "smsgate.toml").write_text(ACCOUNTS + toml, encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["smsgate", "config"])
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ('accounts = ["one", "tow"]', "routes.0: there is no account 'tow': there are one, two"),
        ('accounts = ["one", "one"]', "routes.0.accounts: 'one' is named twice: each account has one place in a route"),
        ("accounts = []", "routes.0.accounts: write at least one: a route without any carries nothing"),
        ('prefix = "138*"\naccounts = "one"', "routes.0.prefix: '138*' is no beginning of a number in E.164"),
        (
            'classes = "news"\naccounts = "one"',
            "routes.0.classes.0: 'news' can't stand there: write 'alarm', 'answer' or 'bulk'",
        ),
        ('prefixes = "+86"\naccounts = "one"', "routes.0.prefixes: there is no such setting; did you mean prefix?"),
        ('prefix = "+86"', "routes.0.accounts: is missing: the first that is not bad is taken"),
    ],
)
def test_a_fault_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], toml: str, sentence: str
) -> None:
    assert run(tmp_path, monkeypatch, f"[[routes]]\n{toml}") == 2
    assert sentence in capsys.readouterr().err


def test_config_prints_each_route(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    toml = '[[routes]]\nprefix = ["+86134", "86135"]\naccounts = "two"\n[health]\nhold_seconds = 30'
    assert run(tmp_path, monkeypatch, toml) == 0
    said = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["routes.0.prefix", "+86134,", "+86135", "smsgate.toml"] in said
    assert ["routes.0.classes", "alarm,", "answer,", "bulk", "default"] in said
    assert ["health.hold_seconds", "30.0", "smsgate.toml"] in said


def test_the_house_hears_of_them() -> None:
    routes = [{"prefix": "+86134", "classes": ["alarm", "bulk"], "accounts": ["two", "one"]}]
    accounts = {"one": {"kind": "simulator"}, "two": {"kind": "simulator"}}
    settings = Settings(accounts=accounts, routes=routes, health={"slow_seconds": 5})  # type: ignore[arg-type]
    assert tuple(rules_of(settings).routes) == (
        Route(("two", "one"), ("+86134",), frozenset({MtClass.ALARM, MtClass.BULK})),
    )
    assert health_rules(settings) == HealthRules(slow=5_000)
    assert health_rules(Settings()) == HealthRules()


def test_the_house_hears_of_signatures() -> None:
    """Texts that are one SMS leave room for the longest, or for what is said in general."""
    link = {"kind": "smpp", "host": "a", "port": 1, "system_id": "x", "password": "y", "service_number": "10657500"}
    accounts = {"one": {"kind": "simulator"}, "two": link | {"signature": 6}, "three": link | {"signature": 14}}
    rules = rules_of(Settings(accounts=accounts))  # type: ignore[arg-type]
    assert rules.manners == {"two": Manner(6), "three": Manner(14)}
    assert (rules.reserve, rules.narrowest) == (14, Manner(14))
    assert [rules.manner(account).signature for account in accounts] == [0, 6, 14]
    assert rules_of(Settings(accounts={"two": link | {"signature": 6}})).reserve == 10  # type: ignore[dict-item]
    assert rules_of(Settings()).reserve == 10


def test_the_house_hears_of_alphabets() -> None:
    """What a link can't say in its own goes in UCS-2, and is counted so; a text is fitted for all links."""
    link = {"host": "a", "service_number": "10657500"}
    smpp = link | {"kind": "smpp", "system_id": "x", "password": "y"}
    cmpp = link | {"kind": "cmpp", "sp_id": "901234", "shared_secret": "z"}
    accounts = {
        "gsm": smpp,
        "latin": smpp | {"alphabet": "latin1"},
        "cmpp": cmpp,
        "gbk": cmpp | {"alphabet": "gb18030", "signature": 4},
    }
    rules = rules_of(Settings(accounts=accounts))  # type: ignore[arg-type]
    assert rules.manners == {
        "latin": Manner(repertoire=Repertoire.LATIN1),
        "cmpp": Manner(whole=159, repertoire=Repertoire.ASCII),
        "gbk": Manner(4, 159, Repertoire.ASCII),
    }
    assert rules.narrowest == Manner(4, 159, Repertoire.ASCII)


def test_a_notice_comes_from_the_number_of_the_account_that_it_goes_by(stage: Stage) -> None:
    """Whichever that is, with the ticket's code behind it."""
    opened = stage.open()
    assert [sms.source for sms in stage.new_sms()] == [f"10690000{opened.ticket.code}"]
