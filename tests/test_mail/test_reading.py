"""Mails as clients and servers write them, octet for octet, and what is read of them."""

from __future__ import annotations

import base64
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgate.mail.attachments import named_attachments
from smsgate.mail.reading import LONGEST, Mail, MailKind, read_mail, without_traces
from smsgate.mail.replies import bare_subject, own_words

SENDER = "13910000002@139.com"
QUOTED = "ZP#-核心维护室#别处"
"""What stands in the mail that is answered; never to be taken for a command."""


def raw(body: bytes | str, *headers: str, charset: str = "utf-8") -> bytes:
    """A mail of these header lines, after what all have; a header of the same name comes first."""
    octets = body.encode(charset) if isinstance(body, str) else body
    head = [*headers, "From: x@y.example", "Subject: hi", "Message-ID: <1@y.example>"]
    return "\r\n".join(head).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + octets.replace(b"\n", b"\r\n")


def text(charset: str, encoding: str = "8bit", kind: str = "plain", more: str = "") -> tuple[str, str]:
    """The headers of one text."""
    return f"Content-Type: text/{kind}; charset={charset}{more}", f"Content-Transfer-Encoding: {encoding}"


def several(kind: str, *parts: bytes) -> bytes:
    """A multipart mail of parts with their own headers."""
    body = b"".join(b"--=_1\n" + part + b"\n" for part in parts) + b"--=_1--\n"
    return raw(b"preamble\n" + body + b"ZP#epilogue", f'Content-Type: multipart/{kind}; boundary="=_1"')


PLAIN = b"Content-Type: text/plain; charset=utf-8\n\n"
HTML = b"Content-Type: text/html; charset=utf-8\n\n"
SAID = "LD#收到,马上去"
WIDE = "LD#收到\uff0c马上去"

TEXTS = {
    "UTF-8": (raw(SAID, *text("utf-8")), SAID),
    "UTF-8 in base64": (raw(base64.encodebytes(SAID.encode()), *text("utf-8", "base64")), SAID),
    "UTF-8 in quoted-printable": (raw(quopri.encodestring(SAID.encode()), *text("utf-8", "quoted-printable")), SAID),
    "GBK": (raw(WIDE, *text("gbk"), charset="gbk"), WIDE),
    "GB2312 that is GB18030": (raw("LD#㐀", *text("gb2312"), charset="gb18030"), "LD#㐀"),
    "Big5": (raw("LD#收到馬上去", *text("big5"), charset="big5"), "LD#收到馬上去"),
    "UTF-16 in base64": (raw(base64.encodebytes(SAID.encode("utf-16")), *text("utf-16", "base64")), SAID),
    "GBK labelled UTF-8": (raw(WIDE, *text("utf-8"), charset="gbk"), WIDE),
    "UTF-8 labelled GBK": (raw("收到。", *text("us-ascii")), "收到。"),
    "UTF-8 labelled Latin-1": (raw(SAID, *text("iso-8859-1")), SAID),
    "Latin-1 is left alone": (raw("Größe", *text("iso-8859-1"), charset="latin-1"), "Größe"),
    "a charset that nobody knows": (raw(SAID, *text("x-unknown-8bit")), SAID),
    "a charset that is a codec of Python's own": (raw(SAID, *text("punycode")), SAID),
    "a charset that is no text's": (raw(SAID, *text("zlib")), SAID),
    "a charset in quotes with rubbish": (raw(SAID, *text('"=?\x00?="')), SAID),
    "no charset": (raw(SAID), SAID),
    "nothing that fits": (raw(b"LD \xff\xff\xfe", *text("utf-8")), "LD \ufffd\ufffd\ufffd"),
    "broken base64": (raw(base64.b64encode(b"LD48217")[:-3] + b"!", *text("utf-8", "base64")), "LD48217"[:6]),
    "base64 that is none": (raw("LD48217 好", *text("utf-8", "base64")), None),
    "broken quoted-printable": (raw("LD=ZZ=", *text("utf-8", "quoted-printable")), "LD=ZZ"),
    "an encoding that nobody knows": (raw(SAID, *text("utf-8", "x-rot13")), SAID),
    "no header at all": (b"\r\n" + SAID.encode(), SAID),
    "bare LF": (raw(SAID, *text("utf-8")).replace(b"\r\n", b"\n"), SAID),
    "bare CR": (raw("LD48217\nok", *text("utf-8")).replace(b"LD48217\r\n", b"LD48217\r"), "LD48217\nok"),
    "nothing": (b"", ""),
    "only a subject": (raw("", "Subject: =?utf-8?b?TEQ0ODIxNyDmlLbliLA=?="), "LD48217 收到"),
    "only a subject that answers": (raw("\n", "Subject: Re: RE[2]: 回复\uff1aLD48217"), "LD48217"),
    "only a subject in raw GBK": (b"Subject: LD48217 \xca\xd5\xb5\xbd\r\n\r\n", "LD48217 收到"),
    "a subject in broken base64": (raw("", "Subject: =?utf-8?b?a?="), "=?utf-8?b?a?="),
    "a character cut in two words": (raw("", "Subject: =?utf-8?b?TEQg5Q==?= =?utf-8?b?pb0=?="), "LD 好"),
    "a subject of a strange charset": (raw("", "Subject: =?klingon?q?LD48217?="), "LD48217"),
    "flowed": (raw("LD48217 on \nmy way\n-- \nme", *text("utf-8", more="; format=flowed")), "LD48217 on my way"),
    "flowed, spaces go": (
        raw("LD48217 马上 \n去\n", *text("utf-8", more="; format=flowed; delsp=yes")), "LD48217 马上去"),
    "flowed, stuffed": (raw(" LD\n  x\n>a \n> b\n", *text("utf-8", more="; format=flowed")), "LD\n x"),
    "both": (several("alternative", PLAIN + b"LD48217", HTML + b"<p>ZP</p>"), "LD48217"),
    "both, the plain one empty": (several("alternative", PLAIN + b" \n", HTML + b"<p>LD48217</p>"), "LD48217"),
    "HTML alone": (raw("<p>LD<b>48217</b>&nbsp;ok</p>", *text("utf-8", kind="html")), "LD48217 ok"),
    "attached files are nobody's words": (
        several("mixed", PLAIN + b"LD48217", b'Content-Type: text/plain; name="a.txt"\n\nZP#x',
                b"Content-Type: text/plain\nContent-Disposition: attachment\n\nZP#y",
                b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0K"), "LD48217"),
    "a file whose name can't be read": (
        several("mixed", PLAIN + b"LD48217", b"Content-Type: text/plain\n"
                b"Content-Disposition: inline; filename*=idna''%ff%00\n\nZP#x"), "LD48217"),
    "an attached mail": (several("mixed", PLAIN + b"LD48217", b"Content-Type: message/rfc822\n\n" + PLAIN + b"ZP#x"),
                         "LD48217"),
    "a boundary that never comes": (raw("LD48217", 'Content-Type: multipart/mixed; boundary="no"'), "hi"),
    "no boundary": (raw("LD48217", "Content-Type: multipart/mixed"), "hi"),
}  # fmt: skip


@pytest.mark.parametrize(("octets", "expected"), TEXTS.values(), ids=TEXTS)
def test_the_text(octets: bytes, expected: str | None) -> None:
    """What the writer typed, whatever the mail says that it is written in."""
    mail = read_mail(octets, SENDER)
    assert mail.kind is MailKind.LETTER
    assert expected is None or mail.text == expected


REPLIES = {
    "Outlook, Chinese": "LD48217\n\n\n________________________________\n发件人: 调度 <t@noc>\n时间: 10:00\n" + QUOTED,
    "Outlook, English": "LD48217\n\nFrom: Desk <t@noc.example>\nSent: Saturday\nTo: x\nSubject: y\n\n" + QUOTED,
    "Outlook, of old": "LD48217\n\n-----Original Message-----\nFrom: t\n\n" + QUOTED,
    "Outlook on a phone": "LD48217\n\nGet Outlook for Android\n________________________________\nFrom: t\n" + QUOTED,
    "QQ": "LD48217\n\n\n\n------------------ 原始邮件 ------------------\n发件人: \"调度\" <t@noc>;\n\n" + QUOTED,
    "QQ with no-break spaces": "LD48217\n\n------------------\xa0原始邮件\xa0------------------\n" + QUOTED,
    "QQ on a phone": "LD48217\n\n发自我的iPhone\n\n\n------------------ Original ------------------\n" + QUOTED,
    "163": "LD48217\n\n\n\n\n在 2026-11-28 10:00:00\uff0c\"调度\" <t@noc.example> 写道\uff1a\n\n" + QUOTED,
    "163, wrapped": "LD48217\n\n在 2026-11-28 10:00:00,\"调度\" <t@noc.example>\n写道:\n> x\n" + QUOTED,
    "163, English": "LD48217\n\n\nAt 2026-11-28 10:00:00, \"desk\" <t@noc.example> wrote:\n\n" + QUOTED,
    "Foxmail": "LD48217\n\n\n\nzhoujie@example.com\n \n发件人\uff1a 调度\n发送时间\uff1a 2026-11-28\n" + QUOTED,
    "Gmail": "LD48217\n\nOn Sat, Nov 28, 2026 at 10:00 AM Desk <t@noc.example> wrote:\n\n> x\n" + QUOTED,
    "Gmail, wrapped": "LD48217\n\nOn Sat, Nov 28, 2026 at 10:00 AM The Desk\n<t@noc.example> wrote:\n> " + QUOTED,
    "Gmail, Chinese": "LD48217\n\n调度 <t@noc.example> 于2026年11月28日周六 10:00写道\uff1a\n\n> " + QUOTED,
    "Gmail, Chinese, wrapped": "LD48217\n\n调度 <t@noc.example>\n于2026年11月28日周六 10:00写道:\n> " + QUOTED,
    "Apple": "LD48217\n\n> On 28 Nov 2026, at 10:00, Desk <t@noc.example> wrote:\n> \n> " + QUOTED,
    "Apple, Chinese": "LD48217\n\n> 在 2026年11月28日\uff0c10:00\uff0c调度 <t@noc> 写道\uff1a\n> " + QUOTED,
    "Lotus, German": "LD48217\n\nAm 28.11.2026 um 10:00 schrieb Desk:\n> " + QUOTED,
    "typed below": "On Sat, Nov 28, 2026 at 10:00 AM Desk <t@noc.example> wrote:\n> " + QUOTED + "\n> x\n\nLD48217\n",
    "typed below a bare quotation": "> " + QUOTED + "\n\nLD48217\n-- \nZP",
    "typed below, signed": "调度 <t@noc.example> 于2026年11月28日周六 10:00写道:\n> x\n\nLD48217\n\n发自我的手机\nZP",
    "a signature": "LD48217\n-- \n周杰\n传输室 " + QUOTED,
    "a signature whose space is lost": "LD48217\n\n--\n周杰\n" + QUOTED,
    "a wide quotation mark": "LD48217\n\uff1e " + QUOTED,
}  # fmt: skip


@pytest.mark.parametrize("typed", REPLIES.values(), ids=REPLIES)
def test_what_is_quoted_is_cut(typed: str) -> None:
    """And who signs, and with what telephone."""
    assert own_words(typed) == "LD48217"
    assert own_words(typed.replace("\n", "\r\n")) == "LD48217"


@pytest.mark.parametrize(
    "typed",
    [
        "LD48217",
        "LD48217 已到现场\n第二行 from 西区",
        "在3号机房处理\n周杰负责\n好",
        "LD48217 见 a@b.example",
        "zhoujie@example.com",
        "On site now\nwrote: nothing",
        "LD48217 - - 好 -- 好",
        "at 10:00 LD48217",
        "从机房发送备件",
        "de 48217",
    ],
)
def test_what_is_nobodys_quotation_stays(typed: str) -> None:
    """Lines that only look a little like it."""
    assert own_words(typed) == typed


def test_a_line_of_ones_own_above_a_wrapped_sentence_stays() -> None:
    """That begins as such sentences begin."""
    assert own_words("在途3小时\n调度 <t@noc>\n于2026年11月28日 10:00写道:\n> x") == "在途3小时"
    assert own_words("On my way\nOn Sat, Nov 28, 2026, Desk <t@noc>\nwrote:\n> x") == "On my way"


PAGES = {
    "Word": "<html><head><style>p {color: red}</style><body><p class=MsoNormal>LD48217<o:p></o:p></p>"
            "<div style='border-top:solid'><p><b>发件人<span>:</span></b> 调度</p></div><p>ZP</p></body></html>",
    "Outlook on the web": '<div>LD48217</div><hr><div id="divRplyFwdMsg"><b>From:</b> t<br></div><div>ZP</div>',
    "Gmail": '<div dir="ltr">LD48217</div><br><div class="gmail_quote"><div class="gmail_attr">On … wrote:<br></div>'
             "<div>ZP</div></div><div class=x></div>",
    "163": '<div>LD48217</div><p>在 2026-11-28 10:00:00\uff0c"t" 写道\uff1a</p><blockquote id="isReplyContent">ZP'
           "</blockquote>",
    "QQ": "<div>LD48217</div><div><br></div><div>------------------&nbsp;原始邮件&nbsp;------------------</div>ZP",
    "Foxmail": "<div>LD48217</div><div>a@b.example</div><blockquote><div>发件人: t</div>ZP</blockquote>发件人: t",
    "words side by side": "<span>LD</span><b>48217</b><script>ZP</script><!-- ZP --><title>ZP</title>",
    "conditions": "<![if !supportLists]>LD48217<![endif]><!--[if mso]>ZP<![endif]-->",
    "never closed": "<head><meta charset=utf-8><body><p>LD48217<blockquote>ZP",
    "closed too often": "</p></div></blockquote>LD48217</head>",
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_html(page: str) -> None:
    """As its reader sees it, without the quotation."""
    mail = read_mail(raw(page, *text("utf-8", kind="html")), SENDER)
    assert mail.text == "LD48217"


@pytest.mark.parametrize(
    ("page", "seen"),
    [
        ("LD <b>48217</b> go\n<i>now</i>", "LD 48217 go now"),
        ("<table><tr><td>LD</td><td>48217</td></tr></table>", "LD 48217"),
        ("a<br>b<p>c</p>d&lt;&#25105;&#x110000;", "a\nb\nc\nd<我\ufffd"),
        ("LD48217<![unknown[ x", None),
        ("LD48217 &#99999999999999999999999;", None),
    ],
)
def test_html_line_by_line(page: str, seen: str | None) -> None:
    """Blocks are lines, cells are words, and what the parser won't have ends the text."""
    found = read_mail(raw(page, *text("utf-8", kind="html")), SENDER).text
    assert found.startswith("LD48217") if seen is None else found == seen


KINDS = {
    "a letter": (raw("x", "Auto-Submitted: no"), SENDER, MailKind.LETTER),
    "outdoors is no auto-reply": (raw("", "Subject: 外出抢修西区基站"), SENDER, MailKind.LETTER),
    "RFC 3834": (raw("x", "Auto-Submitted: Auto-Replied; owner=x"), SENDER, MailKind.AUTOMATIC),
    "a list": (raw("x", "Precedence: LIST"), SENDER, MailKind.AUTOMATIC),
    "of old": (raw("x", "X-Autoreply: yes"), SENDER, MailKind.AUTOMATIC),
    "QQ": (raw("x", "Subject: 自动回复\uff1a工单"), SENDER, MailKind.AUTOMATIC),
    "in brackets": (raw("x", "Subject: [Auto-Reply] x"), SENDER, MailKind.AUTOMATIC),
    "Outlook": (raw("x", "Subject: =?utf-8?b?6Ieq5Yqo562U5aSNOiB4?="), SENDER, MailKind.AUTOMATIC),
    "a server's, of nothing": (raw("x"), "", MailKind.AUTOMATIC),
    "a bounce": (raw("x", "From: MAILER-DAEMON@y"), "", MailKind.BOUNCE),
    "a bounce of Tencent's": (raw("x", "From: <postmaster@qq.example>"), "", MailKind.BOUNCE),
    "a bounce that somebody has forwarded": (
        several("report; report-type=delivery-status", PLAIN + b"x"), SENDER, MailKind.AUTOMATIC),
}  # fmt: skip


@pytest.mark.parametrize(("octets", "sender", "kind"), KINDS.values(), ids=KINDS)
def test_the_kind(octets: bytes, sender: str, kind: MailKind) -> None:
    """Who wrote: somebody, a machine, or a mail server about a mail of ours."""
    assert read_mail(octets, sender).kind is kind


def bounce(action: str, status: str, original: bytes = b"Message-ID: <48217.1.ab@noc.example>\nSubject: x\n") -> bytes:
    """By RFC 3464."""
    told = f"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; x@y\nAction: {action}\nStatus: {status}\n".encode()
    return several(
        "report; report-type=delivery-status", PLAIN + b"sorry", b"Content-Type: message/delivery-status\n\n" + told,
        b"Content-Type: message/rfc822\n\n" + original + b"\nZP#x",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("octets", "status", "failed"),
    [
        (bounce("failed", "5.1.1"), "5.1.1", True),
        (bounce("failed", "4.4.7"), "4.4.7", True),
        (bounce("delayed", "4.4.1"), "4.4.1", False),
        (bounce("delivered", "2.0.0"), "2.0.0", False),
        (bounce("failed", "5.1.1", b"Message-ID:\n <48217.1.ab@noc.example>\n"), "5.1.1", True),
        (raw("<x@y>: 550 5.1.1 unknown\n\nMessage-ID: <48217.1.ab@noc.example>", "From: MAILER-DAEMON"), "5.1.1", True),
        (raw("will try again\n> Message-ID: <48217.1.ab@noc.example>", "From: MAILER-DAEMON"), "", False),
    ],
)
def test_a_bounce(octets: bytes, status: str, failed: bool) -> None:
    """Which mail it tells of, why, and whether that has failed for good."""
    mail = read_mail(octets, "")
    assert (mail.kind, mail.references, mail.status, mail.failed) == (
        MailKind.BOUNCE, ("<48217.1.ab@noc.example>",), status, failed,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([], ""),
        ([b'Content-Type: image/jpeg; name="a.jpg"\nContent-Transfer-Encoding: base64\n\n' + b"eHh4" * 700_000],
         "附件: a.jpg, 2.1 MB"),
        ([b"Content-Type: image/png\n\nx", b'Content-Type: text/plain; name="b.log"\n\n' + b"x" * 2_400],
         "附件: image/png, 1 B; b.log, 2 kB"),
        ([b"Content-Type: text/plain\nContent-Disposition: attachment; filename*=utf-8''%E7%8E%B0%E5%9C%BA.jpg\n\nx"],
         "附件: 现场.jpg, 1 B"),
        ([b'Content-Type: image/png; name="=?utf-8?b?546w5Zy6?="\n\nx'], "附件: 现场, 1 B"),
        ([b"Content-Type: image/png\nContent-Disposition: inline; filename*=idna''%ff%00\n\nx"], None),
        ([b'Content-Type: image/png; name="=?utf-8?b?YeKArmdwai5leGU=?="\n\nx'], "附件: a gpj.exe, 1 B"),
        ([b'Content-Type: image/png; name="' + b"n" * 100 + b'.png"\n\nx'], f"附件: {'n' * 30}…{'n' * 25}.png, 1 B"),
        ([b'Content-Type: image/png; name="a"\n\nx'] * 12, "附件: " + "a, 1 B; " * 10 + "等12个"),
    ],
    ids=["none", "a photo", "no name, and a text", "RFC 2231", "an encoded word", "unreadable", "turned round", "long",
         "many"],
)  # fmt: skip
def test_what_is_attached_is_named(parts: list[bytes], said: str | None) -> None:
    """To operators, with its size."""
    named = named_attachments(read_mail(several("mixed", PLAIN + b"LD48217", *parts), "x@y.example").attachments)
    assert named == said or (said is None and named.endswith(", 1 B"))


def test_references_the_nearest_first() -> None:
    """In-Reply-To, then the thread backwards, each once; what is no id is left out."""
    octets = raw("x", "In-Reply-To: <c@y> (of Saturday)", "References: <a@y>\r\n\t<b@y> rubbish <c@y>")
    assert read_mail(octets, SENDER).references == ("<c@y>", "<b@y>", "<a@y>")


def test_a_mail_without_an_id_has_one_made_of_its_octets() -> None:
    """The same for the same mail by another way."""
    one = b"Subject: x\r\n\r\nLD48217"
    again = b"Received: from a by b;\r\n\tSat, 28 Nov 2026\r\nReturn-Path: <>\r\n" + one
    assert without_traces(again) == one
    ids = [read_mail(octets, SENDER).message_id for octets in (one, again, one + b"1")]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0].startswith("<none.")


def test_a_subject_alone() -> None:
    """Without what clients put in front."""
    assert bare_subject(" Re: FW:回复: 答复\uff1a LD48217 re: x ") == "LD48217 re: x"


def test_long_texts_are_cut() -> None:
    """No longer than a message may be, and no character in two."""
    assert read_mail(raw("好" * 100_000, *text("utf-8")), SENDER).text == "好" * LONGEST


BOMBS = {
    "boxes in boxes": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number) for number in range(12_000)
    ),
    "mails in mails": b"Content-Type: message/rfc822\n\n" * 20_000,
    "digests in digests": b"".join(
        b"Content-Type: multipart/digest; boundary=b%d\n\n--b%d\n\n" % (number, number) for number in range(12_000)
    ),
    "many parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 50_000,
    "many headers": b"X: y\n" * 100_000,
    "one long header": b"Subject: " + b"=?utf-8?q?x?= " * 50_000,
    "many parameters": b"Content-Type: text/plain" + b"; a*0*=x" * 30_000,
    "angles": b"Content-Type: text/html\n\n" + b"<" * 500_000,
    "open comments": b"Content-Type: text/html\n\n" + b"<!--" * 100_000,
    "open tags": b"Content-Type: text/html\n\n" + b"<a b='" * 100_000,
    "deep elements": b"Content-Type: text/html\n\n" + b"<blockquote>" * 50_000,
    "blanks": b"\n" + b" " * 500_000 + b"x",
    "sentences that never say who": b"\n" + b"On 2026 \n" * 60_000,
    "long lines that never say who": b"\n" + (b"On 2026 " + b"x 2026 " * 2_000 + b"\n") * 60,
    "unknown commas": b"References: " + b"<" * 500_000,
    "punycode": b"Content-Type: text/plain; charset=punycode\n\n" + b"a" * 500_000,
}


@pytest.mark.parametrize("octets", BOMBS.values(), ids=BOMBS)
def test_bombs(octets: bytes) -> None:
    """Mails made to keep the reader busy: work that grows with the square would take minutes here, and no stack."""
    assert len(read_mail(octets, SENDER).text) <= LONGEST


LINES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"Content-Type: multipart/mixed; boundary=b", b"Content-Type: multipart/report; boundary=b", b"--b",
            b"--b--", b"Content-Type: text/html; charset=", b"Content-Type: text/plain; charset=gbk; format=flowed",
            b"Content-Type: message/rfc822", b"Content-Type: message/delivery-status", b"",
            b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: x-uuencode", b"begin 666 x",
            b"Subject: =?",
            b"Content-Disposition: attachment; filename*0*=utf-8''%", b"Subject: =?utf-8?b?a?=", b"<![", b"&#x",
            b"Message-ID: <", b"Status: 5.1.1", b"In-Reply-To: <\xff@x>",
            b"Content-Type: text/plain; charset*=idna''%ff",
        ]
    ),
)  # fmt: skip


def _is_sound(mail: Mail) -> None:
    assert len(mail.text) <= LONGEST
    assert mail.message_id.startswith("<")
    mail.text.encode()  # no lone surrogates: the store has to take it


@given(
    st.one_of(st.binary(max_size=2_000), st.lists(LINES, max_size=40).map(b"\n".join)), st.sampled_from(["", SENDER])
)
def test_any_octets_are_a_mail(octets: bytes, sender: str) -> None:
    """Nothing is raised, whatever comes."""
    _is_sound(read_mail(octets, sender))


@given(st.binary(max_size=200), st.binary(max_size=80), st.sampled_from(["plain", "html"]))
def test_any_octets_in_a_header_and_a_body(body: bytes, header: bytes, kind: str) -> None:
    """Of a mail that is one in all else."""
    line = header.replace(b"\r", b" ").replace(b"\n", b" ")
    octets = b"Subject: " + line + b"\nContent-Type: text/" + kind.encode() + b"; " + line + b"\n\n" + body
    _is_sound(read_mail(octets, SENDER))


@given(st.text(max_size=300))
def test_any_text_has_words_of_its_own(typed: str) -> None:
    """Cutting never raises and adds nothing."""
    assert len(own_words(typed)) <= len(typed)
