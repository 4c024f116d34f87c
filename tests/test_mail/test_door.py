"""The SMTP door as other servers and clients find it, over real sockets."""

from __future__ import annotations

import asyncio
import base64
import smtplib
import ssl
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest
from sqlalchemy import text

from smsgate.service.ports import StoreUnavailable
from tests.certificates import certificate as make_certificate
from tests.test_mail.conftest import WANGMIN, House, house
from tests.test_sessions.gateway import eventually

PLAIN = "From: x@y.example\r\nMessage-ID: <{}@139.com>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}"


def mail(text: str, number: int = 1) -> bytes:
    """One, with its Message-ID's number."""
    return PLAIN.format(number, text).encode()


def door(**other: Any) -> dict[str, Any]:
    """A door's settings: as the house's, but for these."""
    return {
        "listen": "127.0.0.1:0", "recipients": ["ticket@noc.example"], "peers": ["127.0.0.0/8"],
        "senders": ["*@139.com", "*@example.com"], **other,
    }  # fmt: skip


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The door's own, signed by itself: its two files as settings."""
    cert, key = make_certificate(tmp_path_factory.mktemp("tls"))
    return {"tls_cert": str(cert), "tls_key": str(key)}


def trusting(certificate: dict[str, str]) -> ssl.SSLContext:
    """A client's context that believes that certificate alone."""
    return ssl.create_default_context(cafile=certificate["tls_cert"])


class Wire:
    """A client that says octet for octet what the test wants."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self.writer = reader, writer

    @classmethod
    async def to(cls, here: House) -> Wire:
        """Connected; the greeting is read."""
        wire = cls(*await asyncio.open_connection("127.0.0.1", here.door.port))
        await wire.answer()
        return wire

    async def answer(self) -> str:
        """All lines of the next; empty: they have hung up."""
        said = ""
        async with asyncio.timeout(10):
            while line := (await self._reader.readline()).decode():
                said += line
                if line[3:4] == " ":
                    break
        return said.strip()

    async def say(self, octets: bytes) -> str:
        """A line, and its answer."""
        self.writer.write(octets + b"\r\n")
        return await self.answer()

    async def until_data(self, sender: bytes = WANGMIN.encode(), to: bytes = b"ticket@noc.example") -> None:
        """All that comes before the mail."""
        for line in (b"EHLO peer", b"MAIL FROM:<" + sender + b">", b"RCPT TO:<" + to + b">", b"DATA"):
            assert (await self.say(line))[:1] in "23"

    def hang_up(self) -> None:
        """Without a word."""
        self.writer.transport.abort()


async def test_a_library_that_hands_mails_over_together(tmp_path: Path) -> None:
    """Several on one connection, by aiosmtplib; each its own message, in order."""
    async with house(tmp_path) as here:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=here.door.port, start_tls=False)
        async with client:
            for number in range(3):
                await client.sendmail(WANGMIN, ["ticket@noc.example"], mail(f"LD{number}", number))
        assert [row[2] for row in here.mos()] == ["LD0", "LD1", "LD2"]


async def test_bare_lf(tmp_path: Path) -> None:
    """Many a script ends its lines so; a long mail of them is no line too long."""
    async with house(tmp_path) as here:
        wire = await Wire.to(here)
        await wire.until_data()
        octets = mail("LD48217\r\n" + "".join(f"> {number}\r\n" for number in range(2_000))).replace(b"\r\n", b"\n")
        assert await wire.say(octets + b"\r\n.") == "250 2.0.0 OK, kept"
        assert here.mos()[0][2] == "LD48217"


async def test_a_dot_after_a_bare_lf_ends_nothing(tmp_path: Path) -> None:
    """What is smuggled behind it is text of the same mail, no mail of somebody else's."""
    async with house(tmp_path) as here:
        wire = await Wire.to(here)
        await wire.until_data()
        smuggled = b"\n.\nMAIL FROM:<boss@example.com>\nRCPT TO:<ticket@noc.example>\nDATA\n" + mail("ZP", 2)
        assert await wire.say(mail("LD48217") + smuggled + b"\r\n.") == "250 2.0.0 OK, kept"
        assert len(here.mos()) == 1


async def test_dots_in_front(tmp_path: Path) -> None:
    """Are doubled on the wire, and single again here."""
    async with house(tmp_path) as here:
        assert (await here.post(mail(".LD\r\n..x")))[0] == 250
        assert here.mos()[0][2] == ".LD\n..x"


@pytest.mark.parametrize("kept_in", ["settings", "a file"])
async def test_starttls_and_login(kept_in: str, certificate: dict[str, str], tmp_path: Path) -> None:
    """A stranger's address with a name and a password over TLS; nothing is offered or taken before TLS."""
    (tmp_path / "nms.password").write_text("geheim\n")
    users = (
        {"users": {"nms": "geheim"}} if kept_in == "settings" else {"user_files": {"nms": tmp_path / "nms.password"}}
    )
    given = door(peers=[], require_tls=True, connections=1, **users, **certificate)
    async with house(tmp_path, door=given) as here:

        def session() -> None:
            with smtplib.SMTP("127.0.0.1", here.door.port, timeout=10) as client:
                client.ehlo("peer")
                assert not client.has_extn("auth")
                assert client.mail(WANGMIN) == (530, b"Must issue a STARTTLS command first")
                with pytest.raises(smtplib.SMTPNotSupportedError):
                    client.login("nms", "geheim")
                assert client.starttls(context=trusting(certificate))[0] == 220
                client.ehlo("peer")
                assert client.mail(WANGMIN)[0] == 530
                for name, password in (("nms", "falsch"), ("nobody", ""), ("nms", "")):
                    with pytest.raises(smtplib.SMTPAuthenticationError):
                        client.login(name, password)
                client.login("nms", "geheim")
                assert client.sendmail(WANGMIN, ["ticket@noc.example"], mail("LD48217")) == {}

        await asyncio.to_thread(session)
        assert here.mos()[0][2] == "LD48217"
        assert here.counts["mail", "login_refused"] >= 3


async def test_guessing_passwords(certificate: dict[str, str], tmp_path: Path) -> None:
    """After twenty wrong ones in a minute the right one is wrong too, on whatever connection."""
    async with house(tmp_path, door=door(peers=[], users={"nms": "geheim"}, **certificate)) as here:

        def answers(*passwords: str) -> list[int]:
            with smtplib.SMTP("127.0.0.1", here.door.port, timeout=10) as client:
                client.starttls(context=trusting(certificate))
                client.ehlo("peer")
                given = (base64.b64encode(f"\0nms\0{password}".encode()).decode() for password in passwords)
                return [client.docmd("AUTH", f"PLAIN {one}")[0] for one in given]

        for _ in range(5):
            assert await asyncio.to_thread(answers, "1", "2", "3", "4") == [535] * 4
        assert await asyncio.to_thread(answers, "geheim") == [535]
        assert here.counts["mail", "login_refused"] == 21


async def test_commands_before_starttls_are_forgotten(certificate: dict[str, str], tmp_path: Path) -> None:
    """What somebody has put in front of the encrypted part is nobody's."""
    async with house(tmp_path, door=door(**certificate)) as here:
        wire = await Wire.to(here)
        await wire.say(b"EHLO peer")
        assert (await wire.say(b"STARTTLS\r\nMAIL FROM:<" + WANGMIN.encode() + b">")).startswith("220")
        await wire.writer.start_tls(trusting(certificate), server_hostname="127.0.0.1")
        await wire.say(b"EHLO peer")
        assert (await wire.say(b"RCPT TO:<ticket@noc.example>")).startswith("503")


@pytest.mark.parametrize("octets", [b"\xff\xfe rubbish \x00" * 20, b"\x16\x03\x01\x00\x05hello"])
async def test_a_handshake_of_rubbish(octets: bytes, certificate: dict[str, str], tmp_path: Path) -> None:
    """Ends that connection, and no other."""
    async with house(tmp_path, door=door(connections=1, **certificate)) as here:
        wire = await Wire.to(here)
        await wire.say(b"EHLO peer")
        assert (await wire.say(b"STARTTLS")).startswith("220")
        wire.writer.write(octets)
        wire.hang_up()
        await _open_again(here)
        assert (await here.post(mail("LD")))[0] == 250


async def _open_again(here: House) -> None:
    """Until the door's only place is free."""
    async with asyncio.timeout(10):
        while True:
            reader, writer = await asyncio.open_connection("127.0.0.1", here.door.port)
            greeting = await reader.readline()
            writer.close()
            if greeting.startswith(b"220"):
                break
            await asyncio.sleep(0.01)
    await eventually(lambda: here.door.open_connections == 0)


@pytest.mark.parametrize(
    ("peers", "sender", "said"),
    [
        (["10.0.0.0/8"], WANGMIN, "530 5.7.0 log in first"),
        (["::1/128"], WANGMIN, "530 5.7.0 log in first"),
        (["127.0.0.1"], "eve@139.com.evil.example", "550 5.7.1 that sender is not on the list"),
        (["127.0.0.1"], "139.com", "550 5.7.1 that sender is not on the list"),
        (["127.0.0.1"], WANGMIN.upper(), "250 2.1.0 OK"),
        (["127.0.0.1"], "", "250 2.1.0 OK"),
    ],
)
async def test_who_may(peers: list[str], sender: str, said: str, tmp_path: Path) -> None:
    """By the peer and the envelope; mail servers themselves have no address."""
    async with house(tmp_path, door=door(peers=peers)) as here:
        wire = await Wire.to(here)
        await wire.say(b"EHLO peer")
        assert (await wire.say(b"MAIL FROM:<" + sender.encode() + b">")).startswith(said)


async def test_octets_that_are_no_text_in_an_address(tmp_path: Path) -> None:
    """Are somebody whom nobody knows, and kept."""
    async with house(tmp_path) as here:
        wire = await Wire.to(here)
        await wire.until_data(sender=b"\xff\xfe@139.com")
        assert await wire.say(mail("LD48217") + b"\r\n.") == "250 2.0.0 OK, kept"
        assert here.mos()[0][3] == "unknown_sender"


async def test_one_recipient_at_a_time(tmp_path: Path) -> None:
    """The next is asked to come again, as servers do by themselves."""
    async with house(tmp_path) as here:
        wire = await Wire.to(here)
        for line in (b"EHLO peer", b"MAIL FROM:<" + WANGMIN.encode() + b">", b"RCPT TO:<ticket@noc.example>"):
            await wire.say(line)
        assert (await wire.say(b"RCPT TO:<ticket+48217@noc.example>")).startswith("452 4.5.3")


async def test_too_large(tmp_path: Path) -> None:
    """Known from SIZE at once; else when it has come; the next mail is taken."""
    async with house(tmp_path, door=door(size_limit=2_000)) as here:
        wire = await Wire.to(here)
        assert "250-SIZE 2000" in await wire.say(b"EHLO peer")
        assert (await wire.say(b"MAIL FROM:<" + WANGMIN.encode() + b"> SIZE=2001")).startswith("552")
        await wire.until_data()
        assert (await wire.say(mail("x\r\n" * 1_000) + b"\r\n.")).startswith("552")
        await wire.until_data()
        assert (await wire.say(mail("LD48217") + b"\r\n.")).startswith("250")
        assert [row[2] for row in here.mos()] == ["LD48217"]


async def test_a_line_without_end(tmp_path: Path) -> None:
    """Isn't kept until memory is full."""
    async with house(tmp_path, door=door(size_limit=2_000)) as here:
        wire = await Wire.to(here)
        await wire.until_data()
        wire.writer.write(b"x" * 20_000)
        assert (await wire.answer()).startswith("552 5.3.4")
        assert await wire.answer() == ""
        assert here.counts["mail", "flood"] == 1
        assert (await here.post(mail("LD48217")))[0] == 250


async def test_too_many_connections(tmp_path: Path) -> None:
    """The next is told to come later, and may when one has gone."""
    async with house(tmp_path, door=door(connections=2)) as here:
        first, second = await Wire.to(here), await Wire.to(here)
        reader, _ = await asyncio.open_connection("127.0.0.1", here.door.port)
        assert (await reader.read()).startswith(b"421 4.7.0 too many connections")
        assert (await second.say(b"EHLO peer")).startswith("250")
        first.hang_up()
        await eventually(lambda: here.door.open_connections == 1)
        assert (await here.post(mail("LD48217")))[0] == 250


async def test_too_many_mails_a_minute(tmp_path: Path) -> None:
    """Are put off, not refused."""
    async with house(tmp_path, door=door(per_minute=2)) as here:
        answers = [(await here.post(mail("LD", number)))[0] for number in range(3)]
        assert answers == [250, 250, 451]


async def test_whoever_says_nothing_is_hung_up_on(tmp_path: Path) -> None:
    """Also in the middle of a mail; nothing of it is kept."""
    async with house(tmp_path, door=door(idle_seconds=0.2)) as here:
        silent, halfway = await Wire.to(here), await Wire.to(here)
        await halfway.until_data()
        halfway.writer.write(mail("LD48217"))
        assert await silent.answer() == ""
        assert await halfway.answer() == ""
        assert here.mos() == []


async def test_a_lost_250(tmp_path: Path) -> None:
    """They hang up before they are answered, and send the mail again: one message, one hop."""
    async with house(tmp_path) as here:
        code = here.open()
        wire = await Wire.to(here)
        await wire.until_data(to=f"ticket+{code}@noc.example".encode())
        wire.writer.write(mail("LD") + b"\r\n.\r\n")
        await eventually(lambda: here.mos() != [])
        wire.hang_up()
        again = await here.post(b"Received: from a by b\r\n" + mail("LD"), to=f"ticket+{code}@noc.example")
        assert again == (250, "2.0.0 OK, kept")
        assert [row[3] for row in here.mos()] == ["applied"]


async def test_hung_up_at_any_moment(tmp_path: Path) -> None:
    """Whatever of it has come: what isn't whole is not kept, and the whole one again is one."""
    async with house(tmp_path) as here:
        octets = mail("LD48217") + b"\r\n.\r\n"
        for end in range(0, len(octets), 7):
            wire = await Wire.to(here)
            await wire.until_data()
            wire.writer.write(octets[:end])
            await wire.writer.drain()
            wire.hang_up()
        await eventually(lambda: here.door.open_connections == 0)
        assert here.mos() == []
        assert (await here.post(mail("LD48217")))[0] == 250
        assert len(here.mos()) == 1


async def test_a_store_that_cant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """451: the other server keeps the mail, and it is taken when it comes again."""
    async with house(tmp_path) as here:
        code, write = here.open(), here.store.writer.write

        async def unavailable(*_: Any) -> None:
            raise StoreUnavailable("the disk is full")

        monkeypatch.setattr(here.store.writer, "write", unavailable)
        assert await here.post(mail("LD" + code)) == (451, "4.3.0 the database can't take it now, try again later")
        assert here.mos() == []
        monkeypatch.setattr(here.store.writer, "write", write)
        assert (await here.post(mail("LD" + code)))[0] == 250
        assert [row[3] for row in here.mos()] == ["applied"]
        assert here.counts["mail", "unavailable"] == 1


async def test_a_database_that_refuses(tmp_path: Path) -> None:
    """As while somebody repairs it by hand: 451, nothing half done, and the same mail is taken afterwards."""
    async with house(tmp_path) as here:
        code = here.open()

        def rename(old: str, new: str) -> None:
            with here.store.engine.begin() as connection:
                connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))

        await eventually(lambda: here.mt_states() == {"sent": 1})
        rename("hops", "hops_away")
        assert (await here.post(mail("LD" + code)))[0] == 451
        assert here.mos() == []
        rename("hops_away", "hops")
        assert (await here.post(mail("LD" + code)))[0] == 250
        assert [row[3] for row in here.mos()] == ["applied"]


async def test_a_house_that_is_closing(tmp_path: Path) -> None:
    """Takes nothing that it could not keep."""
    async with house(tmp_path) as here:
        await asyncio.to_thread(here.store.writer.close)
        assert (await here.post(mail("LD48217")))[0] == 451
        assert here.mos() == []


async def test_a_bug_of_ours_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other server keeps the mail too, and is told nothing of the inside."""
    async with house(tmp_path) as here:
        monkeypatch.setattr("smsgate.mail.door.read_mail", lambda *_: 1 // 0)
        assert await here.post(mail("LD48217")) == (451, "4.3.0 a fault of ours, try again later")


@pytest.mark.parametrize(
    "line",
    [b"", b"\xff\xff", b"XYZZY", b"MAIL", b"MAIL FROM:", b"RCPT TO:<x>", b"DATA", b"AUTH PLAIN AGEAYg==", b"VRFY root",
     b"EXPN list", b"EHLO " + b"x" * 5_000, b"GET / HTTP/1.1", b"HELP " + b"\x00" * 9],
)  # fmt: skip
async def test_commands_out_of_place(line: bytes, tmp_path: Path) -> None:
    """Are answered, and nothing of them harms who comes after."""
    async with house(tmp_path) as here:
        wire = await Wire.to(here)
        assert (await wire.say(line))[:1] in ("2", "5")
        await wire.until_data()
        assert (await wire.say(mail("LD48217") + b"\r\n.")).startswith("250")
