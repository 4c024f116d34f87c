"""Two terminals on one smsgate: which database a command works on, and what its exit status says."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from smsgate.accounts import CmppAccount, SmppAccount, TwilioAccount
from smsgate.bootstrap import Core, Unfit, open_core
from smsgate.cli import app, main, serving
from smsgate.config import Settings
from smsgate.sample import sample_path
from smsgate.store.engine import database_url
from smsgate.store.store import Store

WANGMIN = "13910000002"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty one, with the sample chart named."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SMSGATE_ORGCHART", str(sample_path()))
    return tmp_path


@pytest.mark.parametrize(
    "words", [["ticket", "list"], ["ticket", "open", "x"], ["send", "--from", WANGMIN, "BZ"], ["log"], ["replay"]]
)
def test_no_command_makes_a_database_in_silence(folder: Path, words: list[str]) -> None:
    """It would hide that another one was meant."""
    result = CliRunner().invoke(app, words)
    assert isinstance(result.exception, Unfit)
    assert "smsgate db upgrade" in str(result.exception)
    assert not list(folder.glob("*.db"))


def demo(monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[Settings, str]:
    """The settings that a demo would serve on, and what it says."""
    served: list[Settings] = []

    def serve(core: Core, announce: object, *, open_desk: bool) -> None:
        assert open_desk
        served.append(core.settings)
        announce(f"http://{core.settings.listen}/")  # type: ignore[operator]

    monkeypatch.setattr("smsgate.serving.serve", serve)
    # it would log into the runner's own standard error for ever
    monkeypatch.setattr(serving.log, "configure", lambda *_: None)
    result = CliRunner().invoke(app, ["demo", *words], catch_exceptions=False)
    assert result.exit_code == 0
    return served[0], result.output


def test_the_demo_listens_where_it_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the settings, unless the command line says more; the message of a taken port recommends it."""
    assert demo(monkeypatch)[0].listen == "127.0.0.1:8480"
    (folder / "smsgate.toml").write_text('listen = "127.0.0.1:8481"', encoding="utf-8")
    assert demo(monkeypatch)[0].listen == "127.0.0.1:8481"
    monkeypatch.setenv("SMSGATE_LISTEN", "127.0.0.1:8482")
    assert demo(monkeypatch)[0].listen == "127.0.0.1:8482"
    assert demo(monkeypatch, "--listen", "127.0.0.1:8483")[0].listen == "127.0.0.1:8483"


def test_a_second_terminal_finds_the_demo(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the line that it prints."""
    _, said = demo(monkeypatch)
    line = next(line for line in said.splitlines() if "export " in line)
    for one in shlex.split(line)[1:]:
        name, _, value = one.partition("=")
        monkeypatch.setenv(name, value)
    listed = CliRunner().invoke(app, ["ticket", "list"], catch_exceptions=False)
    assert "西区基站退服" in listed.output
    answers = {
        "CX": 0,
        "ZP#-核心维护室-话务维护": 1,
    }
    for text, status in answers.items():
        assert CliRunner().invoke(app, ["send", "--from", WANGMIN, text]).exit_code == status
    assert CliRunner().invoke(app, ["send", "--from", "13700000000", "BZ"]).exit_code == 1


def test_a_phone_can_reply_in_a_tickets_thread(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With two tickets the number decides."""
    settings, _ = demo(monkeypatch)
    monkeypatch.setenv("SMSGATE_DATABASE", settings.database)
    opened = ["ticket", "open", "东区断纤", "--to", "-核心维护室-话务维护组-wangmin"]
    assert CliRunner().invoke(app, opened, catch_exceptions=False).exit_code == 0

    def sent(*to: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["send", "--from", WANGMIN, *to, "LD"])
        return result.exit_code, result.output

    assert "several_tickets" in sent()[1]
    assert "您已受理13887" in sent("--to", "1065750013887")[1]
    status, said = sent("--to", "王敏")
    assert (status, "1065750048217" in said) == (2, True)


def test_the_demos_tour_names_the_ticket_where_she_has_another(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run again, a command without a code would be asked about: which one?"""
    settings, first = demo(monkeypatch)
    monkeypatch.setenv("SMSGATE_DATABASE", settings.database)
    assert f"\n    {serving.EXAMPLE}\n" in first
    more = ["ticket", "open", "东区断纤", "--to=-核心维护室-话务维护组-wangmin"]
    assert CliRunner().invoke(app, more, catch_exceptions=False).exit_code == 0
    _, again = demo(monkeypatch)
    typed = next(line.strip() for line in again.splitlines() if line.startswith("    ZP"))
    code = again.partition("who holds ticket ")[2][:5]
    assert typed == f"ZP{code}#-核心维护室-话务维护组-helijia#已经恢复,请核查。"
    answered = CliRunner().invoke(app, ["send", "--from", WANGMIN, typed])
    assert (answered.exit_code, f"已转派{code}" in answered.output) == (0, True)


def test_the_demo_prints_all_that_a_second_terminal_types(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an environment that lies in the folder, as of one elsewhere."""
    monkeypatch.setattr(sys, "prefix", str(folder / ".venv"))
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "activate").touch()
    _, said = demo(monkeypatch)
    assert said.endswith(
        "in a second terminal, in this folder, type:\n"
        "    . .venv/bin/activate\n"
        "    export SMSGATE_DATABASE=sqlite:///demo/demo.db SMSGATE_ORGCHART=demo/orgchart.yaml\n"
        "    smsgate log --follow\n"
    )


@pytest.fixture
def broken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A database that a service has run on, and a chart whose file was spoilt since."""
    chart = folder / "orgchart.yaml"
    chart.write_bytes(sample_path().read_bytes())
    monkeypatch.setenv("SMSGATE_ORGCHART", str(chart))
    monkeypatch.setenv("SMSGATE_DATABASE", f"sqlite:///{folder / 'one.db'}")
    settings = Settings()
    core = open_core(settings)
    core.store.writer.write_now(lambda unit: unit.chart_came(core.charts.current.hash, "start", 1))
    core.close()
    chart.write_text(chart.read_text(encoding="utf-8").replace("rotation: daily", "rotation: dayly", 1), "utf-8")
    return settings


@pytest.mark.parametrize(
    "words",
    [
        ["send", "--from", WANGMIN, "CX"],
        ["ticket", "open", "西区基站退服", "--to=-核心维护室-话务维护组-wangmin"],
        ["ticket", "list"],
        ["log"],
        ["orgchart", "history"],
        ["user", "list"],
        ["user", "add", "lilei", "--role", "admin", "--link"],
    ],
)
def test_a_command_goes_by_the_chart_in_force_while_the_file_has_faults(broken: Settings, words: list[str]) -> None:
    """As the service does; one line says so."""
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert result.stderr.count("faults") == 1
    assert result.stderr.startswith(
        "orgchart.yaml:19:15: dispatchers.duty.rotation: 「dayly」应为 daily、weekly 或 list, 是不是 daily?"
        "  (the org chart file has faults: the last good chart, which is in force, is used;"
        " smsgate orgchart check says them all)\n"
    )


def test_where_no_chart_is_kept_the_faults_stand_in_the_way(
    broken: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In words of a command, which starts nothing; serve keeps its own."""
    monkeypatch.setenv("SMSGATE_DATABASE", "sqlite:///other.db")
    monkeypatch.setattr(serving.log, "configure", lambda *_: None)  # as in demo()
    Store.open(database_url("sqlite:///other.db")).close()
    for words, said in (
        (["ticket", "list"], "and the database keeps none that was in force: nothing was done."),
        (["serve"], "The org chart has faults; nothing was started."),
    ):
        monkeypatch.setattr(sys, "argv", ["smsgate", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 2
        told = capsys.readouterr().err
        assert "orgchart.yaml:19:15" in told
        assert said in told


def test_a_ticket_that_nobody_hears_of_yet_and_one_on_hold(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first goes at once, the second waits for the rest of the storm; on hold nothing is due."""
    monkeypatch.setenv("SMSGATE_QUIET_HOURS", "")
    settings, _ = demo(monkeypatch)
    monkeypatch.setenv("SMSGATE_DATABASE", settings.database)

    def said(*words: str) -> str:
        result = CliRunner().invoke(app, ["ticket", *words], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    to = ("--to", "-核心维护室-话务维护组-helijia")
    assert ["通知对方" in said("open", title, *to) for title in ("东区断纤", "话单积压")] == [False, True]
    said("act", "13887", "accept", "--as", "helijia")
    held = said("act", "13887", "hold", "等备件", "--as", "helijia")
    for output in (held, said("show", "13887"), said("list")):
        assert "  挂起  何丽佳  -  东区断纤" in output


def test_serve_says_what_to_configure_at_the_provider() -> None:
    """The address is known to nobody else."""
    main = TwilioAccount(kind="twilio", account_sid="AC1", auth_token=SecretStr("x"), sender="+15005550006")
    one = Settings(accounts={"main": main}, public_base="https://sms.example.org/")
    said = "\n".join(serving.account_lines(one))
    assert "account main: Twilio AC1, sends as +15005550006" in said
    assert "https://sms.example.org/providers/twilio/mo" in said
    assert "?account" not in said
    two = Settings(accounts={"main": main, "b": main}, public_base="https://sms.example.org")
    assert "/providers/twilio/mo?account=b" in "\n".join(serving.account_lines(two))
    assert "no public_base" in "\n".join(serving.account_lines(Settings(accounts={"main": main})))


def test_serve_says_where_its_links_go() -> None:
    """And as whom, never with what secret."""
    smpp = SmppAccount(kind="smpp", host="smsc.example.org", tls=True, system_id="noc", password=SecretStr("geheim"),
                       service_number="10657500", connections=2)  # fmt: skip
    cmpp = CmppAccount(kind="cmpp", host="10.1.2.3", sp_id="900001", shared_secret=SecretStr("geheim"),
                       service_number="10657501")  # fmt: skip
    assert list(serving.account_lines(Settings(accounts={"a": smpp, "b": cmpp}))) == [
        "account a: SMPP 3.4 at smsc.example.org:2775 over TLS as noc, 2 connections, sends as 10657500",
        "account b: CMPP 3.0 at 10.1.2.3:7890 as 900001, 1 connection, sends as 10657501",
    ]


LOGGED = """
import logging
from smsgate import log
log.configure("info", "json")
logging.getLogger("smsgate.workers.lanes").warning("lane %s is down: %s", "main", "没有连接")
"""


def test_the_standard_librarys_log_is_json_as_well() -> None:
    """Between JSON lines nothing else is read."""
    done = subprocess.run([sys.executable, "-c", LOGGED], check=True, capture_output=True, text=True)
    line = json.loads(done.stderr)
    assert line["event"] == "lane main is down: 没有连接"
    assert (line["level"], line["logger"]) == ("warning", "smsgate.workers.lanes")
