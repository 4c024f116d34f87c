"""What people, phones, machines and mail servers send us, and what becomes of it."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from smsgate.accounts import Alarm
from tests.test_mail.conftest import WANGMIN, House, house, text_of
from tests.test_sessions.gateway import eventually


def letter(text: str, **headers: str) -> bytes:
    """A plain mail in UTF-8."""
    given = {"From": "someone <x@y.example>", "Message-ID": "<1@139.com>", "Subject": "hi",
             "Content-Type": "text/plain; charset=utf-8", "Content-Transfer-Encoding": "8bit"}  # fmt: skip
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in (given | headers).items())
    return (head + "\r\n" + text.replace("\n", "\r\n")).encode()


async def told(house_: House, number: int = 1) -> list[str]:
    """The texts that went out, when there are so many."""
    await eventually(lambda: len(house_.server.taken) >= number)
    return [text_of(mail) for _, _, mail in house_.server.taken]


async def test_a_notice_goes_to_number_at_gateway_and_its_reply_moves_the_ticket(where: str) -> None:
    """By the mail that it answers, with that quoted below; the answer is a mail too."""
    async with house(where) as here:
        code = here.open()
        await told(here)
        sender, recipient, mail = here.server.taken[0]
        assert (sender, recipient) == ("ticket@noc.example", WANGMIN)
        assert mail["Reply-To"] == f"ticket+{code}@noc.example"
        assert text_of(mail).startswith(f"[重要]{code}西区基站退服")
        reply = letter(
            "LD#收到,马上去\n\n-----原始邮件-----\n发件人: ticket@noc.example\n> ZP#-核心维护室#别处",
            Message_ID="<reply@139.com>", In_Reply_To=str(mail["Message-ID"]), Subject="回复: 工单",
        )  # fmt: skip
        assert await here.post(reply) == (250, "2.0.0 OK, kept")
        assert here.mos() == [("+8613910000002", f"999000{code}", "LD#收到,马上去", "applied", None)]
        # the dispatcher who opened it is told as well, in either order
        assert sum(text.startswith(f"您已受理{code}") for text in await told(here, 3)) == 1


async def test_the_same_mail_again_does_nothing(where: str) -> None:
    """As after a 250 that got lost: another Received line, the same mail."""
    async with house(where) as here:
        code = here.open()
        mail = letter("LD")
        for received in (b"", b"Received: from a by b;\r\n\tSat, 28 Nov 2026 08:00:00 +0800\r\n"):
            assert await here.post(received + mail, to=f"ticket+{code}@noc.example") == (250, "2.0.0 OK, kept")
        assert [row[3] for row in here.mos()] == ["applied"]
        assert here.counts["mail", "duplicate"] == 1


async def test_a_person_by_their_address_in_the_chart(tmp_path: Path) -> None:
    """helijia@example.com is somebody; what the From header says is nobody's word."""
    async with house(tmp_path) as here:
        code = here.open("-核心维护室-话务维护组-helijia")
        mail = letter(f"LD{code}", From="zhoujie@example.com")
        assert (await here.post(mail, sender="helijia@example.com"))[0] == 250
        assert here.mos()[0][:2] == ("+8613910000001", "999000")
        assert here.mos()[0][3] == "applied"


@pytest.mark.parametrize(
    ("sender", "to", "code", "said"),
    [
        ("eve@evil.example", "ticket@noc.example", 550, "that sender is not on the list"),
        (WANGMIN, "boss@noc.example", 550, "nobody of that name here"),
        (WANGMIN, "ticket@other.example", 550, "nobody of that name here"),
    ],
)
async def test_strangers(sender: str, to: str, code: int, said: str, tmp_path: Path) -> None:
    """Are told what is wrong, and nothing is kept."""
    async with house(tmp_path) as here:
        answer = await here.post(letter("LD"), sender=sender, to=to)
        assert (answer[0], said in answer[1]) == (code, True)
        assert here.mos() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"Subject": "自动回复: 我在休假"},
        {"Subject": "=?gb2312?B?19S2r7vYuLQ=?="},
    ],
)
async def test_a_machines_reply_is_kept_and_never_answered(headers: dict[str, str], where: str) -> None:
    """Or two machines write to each other for ever."""
    async with house(where) as here:
        assert (await here.post(letter("LD48217", **headers)))[0] == 250
        assert [(row[3], row[4]) for row in here.mos()] == [("suppressed", "an automatic reply")]
        assert here.server.taken == []


async def test_a_bounce_fails_its_mail(where: str) -> None:
    """By the Message-ID of ours that it names; one that names none is kept and shown."""
    async with house(where) as here:
        here.open()
        await told(here)
        await eventually(lambda: here.mt_states() == {"sent": 1})
        ours = here.server.taken[0][2]["Message-ID"]
        colleagues = "<20261128.4711@noc.example>"
        for named in (ours, "<other@elsewhere.example>", colleagues):
            assert (await here.post(bounce(named), sender=""))[0] == 250
        assert here.mt_states() == {"failed": 1}
        assert [(row[3], row[4]) for row in here.mos()] == [("suppressed", "a bounce of no mail of ours")] * 2
        assert here.parked() == 0


def bounce(message_id: str) -> bytes:
    """As Postfix writes them."""
    return (
        f"From: MAILER-DAEMON@relay.example\r\nMessage-ID: <b.{message_id[1:5]}@relay.example>\r\n"
        "Auto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI could not deliver it.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n"
        "Final-Recipient: rfc822; 13910000002@139.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\nSubject: x\r\n--b--\r\n"
    ).encode()


ALARM = Alarm(
    sender="alarm@nms.example", subject=r"^\[紧急\] (?P<site>\S+) (?P<what>.+?)( 第\d+次)?$", severity="critical",
    target="-核心维护室-话务维护组-wangmin", title="{site}{what}", key="{site} {what}", text="网管告警",
)  # fmt: skip


async def test_an_alarm_opens_a_ticket_and_its_repeats_join_it(where: str) -> None:
    """The holder is told once; another fault is another ticket."""
    async with house(where, ALARM) as here:
        for number, subject in enumerate(
            ["[紧急] 西区基站 退服", "[紧急] 西区基站 退服 第2次", "[紧急] 西区基站 退服 第3次", "[紧急] 东区基站 退服"]
        ):
            mail = letter(
                "告警内容", Subject=subject, Message_ID=f"<{number}@nms.example>", Auto_Submitted="auto-generated"
            )
            assert (await here.post(mail, sender="alarm@nms.example"))[0] == 250
        assert [(row[3], row[4]) for row in here.mos()] == [
            ("applied", None), ("applied", "joined, no. 2"), ("applied", "joined, no. 3"), ("applied", None),
        ]  # fmt: skip
        # the second ticket's notice is gathered: it comes within a minute of the first, to the same phone
        (text,) = await told(here)
        assert "西区基站退服" in text
        assert "网管告警" in text
        assert here.mt_states() == {"sent": 1, "queued": 1}


async def test_alarms_that_differ_at_their_very_end_are_two(tmp_path: Path) -> None:
    """However long what they have in common; and each is joined by its own repeats."""
    async with house(tmp_path, ALARM) as here:
        common = "板卡" * 150
        for number, end in enumerate(["A", "B", "A", "B"]):
            mail = letter("告警", Subject=f"[紧急] 西区基站 {common}{end}", Message_ID=f"<{number}@nms.example>")
            assert (await here.post(mail, sender="alarm@nms.example"))[0] == 250
        assert [row[4] for row in here.mos()] == [None, None, "joined, no. 2", "joined, no. 2"]


async def test_an_alarm_for_a_target_that_is_gone_goes_to_the_dispatchers(tmp_path: Path) -> None:
    """A fault is never lost to a chart that has changed."""
    rule = ALARM.model_copy(update={"target": "-核心维护室-没有的组"})
    async with house(tmp_path, rule) as here:
        mail = letter("x", Subject="[紧急] 西区基站 退服")
        assert (await here.post(mail, sender="alarm@nms.example"))[0] == 250
        assert here.mos()[0][3] == "applied"
        assert here.mos()[0][4].startswith("target '-核心维护室-没有的组': ")
        # the refusal has used up neither a number nor a code
        mail = letter("x", Subject="[紧急] 东区基站 退服", Message_ID="<2@nms.example>")
        assert (await here.post(mail, sender="alarm@nms.example"))[0] == 250
        (first, one), (second, other) = here.tickets()
        assert (int(second), here.codes_taken()) == (int(first) + 1, {one, other})


@pytest.mark.parametrize(
    ("rcpt", "data", "cut", "state"),
    [
        ("550 5.1.1 no such user", "250 OK", False, "failed"),
        ("250 OK", "554 5.7.1 spam", False, "failed"),
        ("450 4.2.0 greylisted", "250 OK", False, "queued"),
        ("250 OK", "452 4.3.1 full", False, "queued"),
        ("250 OK", "250 OK", True, "unknown"),
    ],
)
async def test_what_a_mail_servers_no_means(rcpt: str, data: str, cut: bool, state: str, tmp_path: Path) -> None:
    """Never, later, or nobody knows."""
    async with house(tmp_path) as here:
        here.server.rcpt, here.server.data, here.server.cut = rcpt, data, cut
        here.open()
        await eventually(lambda: here.mt_states() == {state: 1})
        assert len(here.server.taken) == (1 if cut else 0)


async def test_a_mail_servers_sentence_holds_no_address(tmp_path: Path) -> None:
    """Servers quote it; what operators see of phone numbers is masked."""
    async with house(tmp_path) as here:
        here.server.rcpt = f"550 5.1.1 <{WANGMIN}>: nobody here, 13910000002 has no box"
        here.open()
        await eventually(lambda: here.mt_states() == {"failed": 1})
        assert here.mt_errors() == [
            "550: the mail server refuses: 5.1.1 <…@139.com>: nobody here, 139****0002 has no box"
        ]


async def test_attached_files_are_named_and_not_read(where: str) -> None:
    """Where operators look at the message; its text stays what the sender has typed."""
    async with house(where) as here:
        code = here.open()
        photo = base64.b64encode(b"x" * 21_000).decode()
        mail = (
            "Message-ID: <1@139.com>\r\n"
            'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
            f"--b\r\nContent-Type: text/plain\r\n\r\nLD{code}\r\n"
            '--b\r\nContent-Type: image/jpeg; name="a.jpg"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
            f"{photo}\r\n--b--\r\n"
        )
        assert (await here.post(mail.encode()))[0] == 250
        assert here.mos() == [("+8613910000002", "999000", f"LD{code}", "applied", "附件: a.jpg, 21 kB")]


async def test_no_gateway_for_a_number(tmp_path: Path) -> None:
    """Is said, and not tried again."""
    gateways = [{"prefixes": ["+49"], "address": "{digits}@sms.example"}]
    async with house(tmp_path, gateways=gateways) as here:
        here.open()
        await eventually(lambda: here.mt_states() == {"failed": 1})


async def test_an_alarm_that_a_bug_meets_is_shunted(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kept with the error, and the dispatchers are told: a fault is not lost to a fault of ours."""

    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("smsgate.service.alarms.open_requested", broken)
    async with house(where, ALARM) as here:
        mail = letter("x", Subject="[紧急] 西区基站 退服")
        assert (await here.post(mail, sender="alarm@nms.example"))[0] == 250
        (row,) = here.mos()
        assert row[3] == "shunted"
        assert "RuntimeError: a bug" in row[4]
        assert set(await told(here)) == {"alarm@nms.example的短信系统未能处理，请到后台查看：x"}
