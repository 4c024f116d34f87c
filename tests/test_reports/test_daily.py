"""The daily report: a real mail server takes it, once, whatever happens in between; and a folder keeps it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, time
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import UnthreadedController
from pydantic import ValidationError

from smsgate.accounts import EmailAccount, ReportSettings
from smsgate.config import Settings
from smsgate.providers.email import make_email
from smsgate.reports import Reports
from smsgate.reports.letters import file_name, prune, put_file
from smsgate.store.report_runs import ReportRuns, Run, RunState, newest_run
from smsgate.testing.stage import Stage
from smsgate.workers.daily_report import LEASE, DailyReport, Plan
from tests.test_mail.conftest import Server, text_of
from tests.test_reports.story import MONDAY, TUESDAY
from tests.test_reports.test_sheets import sheets

READERS = ("noc@example.com", "boss@example.com")


@dataclass
class Morning:
    """A stage at half past eleven on Tuesday, a mail server, and as many nodes as one likes."""

    stage: Stage
    server: Server
    account: EmailAccount
    folder: Path
    nodes: list[DailyReport] = field(default_factory=list)

    def node(self, **changes: Any) -> DailyReport:
        """One more."""
        plan = Plan(time(7, 30), "zh", self.account.address, READERS, self.folder, 90)._replace(**changes)
        reports = Reports(self.stage.store.reading, self.stage.clock)
        post = make_email("mail", self.account, "").post
        chart = self.stage.charts
        made = DailyReport(plan, self.stage.store.writer, reports, lambda: chart.current, post, self.stage.clock)
        self.nodes.append(made)
        return made

    async def run(self) -> Run:
        """The newest row."""
        found = await newest_run(self.stage.store.reading)
        assert found is not None
        return found

    @property
    def mails(self) -> list[Message]:
        """What the mail server has taken."""
        return [mail for _, _, mail in self.server.taken]


@asynccontextmanager
async def morning(stage: Stage, folder: Path) -> AsyncIterator[Morning]:
    """It is there until the block ends."""
    server = Server()
    loop = asyncio.get_running_loop()
    controller = UnthreadedController(server, "127.0.0.1", 0, loop=loop)
    listening = await loop.create_server(controller.factory, "127.0.0.1", 0)
    account = EmailAccount.model_validate(
        {
            "kind": "email", "host": "127.0.0.1", "port": listening.sockets[0].getsockname()[1], "security": "none",
            "address": "ticket@noc.example", "gateways": [{"prefixes": ["+86"], "address": "{national}@139.com"}],
        }
    )  # fmt: skip
    try:
        yield Morning(stage, server, account, folder / "reports")
    finally:
        listening.close()
        await stage.store.reading.dispose()


async def test_yesterday_is_mailed_and_filed(told: Stage, tmp_path: Path) -> None:
    """On both databases: the letter says the day's numbers, its file and the folder's are the same workbook."""
    async with morning(told, tmp_path) as house:
        assert await house.node().look()
        (mail,) = house.mails
        assert mail["To"] == ", ".join(READERS)
        parts = list(mail.walk())
        text = text_of(parts[1])
        assert text.splitlines()[0] == "2026-11-23：收单2张，办结1张（超时0张），期末在手1张。"
        assert "核心维护室：收单1张，办结1张（超时0张），期末在手0张。" in text
        book = parts[2].get_payload(decode=True)
        assert isinstance(book, bytes)
        assert parts[2].get_filename() == "smsgate-report-2026-11-23.xlsx"
        assert list(sheets(book)) == ["班组", "人员", "专业室", "中心", "转派路线"]
        assert (house.folder / "smsgate-report-2026-11-23.xlsx").read_bytes() == book
        assert [path.name for path in house.folder.iterdir()] == ["smsgate-report-2026-11-23.xlsx"]
        run = await house.run()
        assert (run.day, run.state, run.tries) == ("2026-11-23", RunState.DONE, 1)


async def test_several_nodes_and_restarts_make_one(told: Stage, tmp_path: Path) -> None:
    """Four look at once; others look later, after restarts: one mail."""
    async with morning(told, tmp_path) as house:
        made = await asyncio.gather(*(house.node().look() for _ in range(4)))
        assert sorted(made) == [False, False, False, True]
        told.clock.go_on(hours=3)
        assert not await house.node().look()
        assert len(house.mails) == 1


async def test_it_is_made_at_its_time_and_of_yesterday_alone(told_once: Stage, tmp_path: Path) -> None:
    """Not before 07:30; after a standstill of days, yesterday's and no earlier one."""
    async with morning(told_once, tmp_path) as house:
        node = house.node()
        told_once.clock.set("2026-11-28 07:29:59")
        assert not await node.look()
        told_once.clock.set("2026-11-28 07:30")
        assert await node.look()
        assert not await node.look()
        assert (await house.run()).day == "2026-11-27"
        assert [mail["Subject"] for mail in house.mails] != []
        assert len(house.mails) == 1


async def test_a_failure_is_tried_again(told_once: Stage, tmp_path: Path) -> None:
    """The server refuses twice: the row says why and when next; no sooner; then it goes out, once."""
    async with morning(told_once, tmp_path) as house:
        house.server.rcpt = "550 no such reader"
        node = house.node()
        assert await node.look()
        run = await house.run()
        assert run.state is RunState.FAILED
        assert "550" in (run.error or "") or "no such reader" in (run.error or "")
        assert run.due_at - told_once.clock() == 60_000
        assert not await node.look()
        told_once.clock.reach(run.due_at)
        assert await house.node().look()
        second = await house.run()
        assert (second.tries, second.due_at - told_once.clock()) == (2, 120_000)
        house.server.rcpt = "250 OK"
        told_once.clock.reach(second.due_at)
        assert await node.look()
        assert (await house.run()).state is RunState.DONE
        assert len(house.mails) == 1


async def test_nobody_gets_it_twice_where_the_answer_is_lost(told_once: Stage, tmp_path: Path) -> None:
    """The connection breaks instead of the answer: unknown, said so, and left alone."""
    async with morning(told_once, tmp_path) as house:
        house.server.cut = True
        node = house.node()
        assert await node.look()
        run = await house.run()
        assert run.state is RunState.UNKNOWN
        assert run.error
        told_once.clock.go_on(hours=2)
        assert not await node.look()
        assert len(house.mails) == 1


@pytest.mark.parametrize("where", ["in the mailing", "behind it"])
async def test_a_bug_once_the_server_has_it_mails_nothing_again(
    told_once: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """The server took it, then something of ours broke: in doubt, said so, and no reader gets a second one."""
    async with morning(told_once, tmp_path) as house:
        node = house.node()
        if where == "in the mailing":
            post = make_email("mail", house.account, "").post

            async def broken(*given: Any) -> Any:
                await post(*given)
                raise RuntimeError("a bug of ours")

            node._post = broken
        else:
            put = ReportRuns.put_report

            def refused(self: ReportRuns, day: str, worker: str, state: RunState, *given: Any) -> bool:
                if state is RunState.DONE:
                    raise RuntimeError("a bug of ours")
                return put(self, day, worker, state, *given)

            monkeypatch.setattr(ReportRuns, "put_report", refused)
        assert await node.look()
        run = await house.run()
        assert (run.state, run.error) == (RunState.UNKNOWN, "RuntimeError: a bug of ours")
        monkeypatch.undo()
        told_once.clock.go_on(hours=2)
        assert not await house.node().look()
        assert len(house.mails) == 1


@pytest.mark.parametrize(("state", "again"), [(RunState.TAKEN, True), (RunState.MAILING, False)])
async def test_a_node_that_dies(told_once: Stage, tmp_path: Path, state: RunState, again: bool) -> None:
    """Before the mail: another makes it once the lease is over. While mailing: it may be out, so it is left alone."""
    async with morning(told_once, tmp_path) as house:
        writer, at = told_once.store.writer, told_once.clock()
        day = f"{MONDAY}"
        await writer.write(lambda unit: unit.take_report(day, "dead", at, at + LEASE))
        await writer.write(lambda unit: unit.put_report(day, "dead", state, at, at + LEASE))
        assert not await house.node().look()
        told_once.clock.reach(at + LEASE)
        assert await house.node().look() is again
        assert len(house.mails) == int(again)
        assert (await house.run()).state is (RunState.DONE if again else RunState.UNKNOWN)


async def test_who_has_lost_it_mails_nothing(told_once: Stage, tmp_path: Path) -> None:
    """A node that was asleep for longer than its lease finds that another has it."""
    async with morning(told_once, tmp_path) as house:
        node = house.node()
        slow = told_once.store.writer

        class Asleep(Reports):
            """Another takes it while this one counts."""

            async def table(self, *asked: Any, **named: Any) -> Any:
                """Later than thought."""
                told_once.clock.go_on(minutes=20)
                at = told_once.clock()
                await slow.write(lambda unit: unit.take_report(f"{MONDAY}", "other", at, at + LEASE))
                return await super().table(*asked, **named)

        node._reports = Asleep(told_once.store.reading, told_once.clock)
        await node.look()
        assert house.mails == []


async def test_a_folder_alone(told_once: Stage, tmp_path: Path) -> None:
    """Nobody gets mail; the file is there; a folder that can't be written to is tried again."""
    async with morning(told_once, tmp_path) as house:
        in_the_way = tmp_path / "file"
        in_the_way.write_text("x")
        node = house.node(to=(), folder=in_the_way)
        assert await node.look()
        run = await house.run()
        assert (run.state, "FileExistsError" in (run.error or "")) == (RunState.FAILED, True)
        in_the_way.unlink()
        told_once.clock.reach(run.due_at)
        assert await node.look()
        assert (in_the_way / file_name(MONDAY)).exists()
        assert house.mails == []


def test_old_files_of_ours_go_and_nothing_else(tmp_path: Path) -> None:
    """Ninety days are kept; what is named otherwise is somebody's."""
    for name in ("smsgate-report-2026-08-24.xlsx", "smsgate-report-2026-08-25.xlsx", "smsgate-report-2026-99-99.xlsx"):
        (tmp_path / name).write_text("x")
    (tmp_path / "report-2020-01-01.xlsx").write_text("x")
    assert prune(tmp_path, MONDAY, 90) == ["smsgate-report-2026-08-24.xlsx"]
    assert len(list(tmp_path.iterdir())) == 3


def test_a_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full leaves yesterday's as it was, and no rest."""
    put_file(tmp_path, TUESDAY, b"first")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        put_file(tmp_path, TUESDAY, b"second")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"first"]


MAIL = {"kind": "email", "host": "mail", "address": "a@b", "gateways": [{"address": "{national}@139.com"}]}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"at": "7.30"}, "is no time of day"),
        ({"at": "24:00"}, "is no time of day"),
        ({"to": ["a@b"]}, "belong together"),
        ({"account": "mail"}, "belong together"),
        ({"to": ["a@b"], "account": "simulator"}, "is no e-mail account"),
        ({"to": ["a@b"], "account": "none"}, "is no e-mail account"),
        ({"to": ["a b"], "account": "mail"}, "to"),
        ({"keep_days": 0}, "keep_days"),
    ],
)
def test_settings_with_faults(given: dict[str, Any], sentence: str) -> None:
    """Each said in a sentence."""
    with pytest.raises(ValidationError, match=sentence):
        Settings(accounts={"mail": MAIL, "simulator": {"kind": "simulator"}}, reports=given)


def test_nothing_is_made_unless_somebody_wants_it() -> None:
    made: Callable[..., ReportSettings] = ReportSettings
    assert not made().wanted
    assert made(folder=Path("x")).wanted
    assert made(to=("a@b",), account="mail").wanted
    assert made(at="06:15").due == time(6, 15)
    assert file_name(date(2026, 11, 2)) == "smsgate-report-2026-11-02.xlsx"
