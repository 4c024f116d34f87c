"""A mail's octets as a value. Any octets at all give one; nothing is raised, and nothing in them is believed."""

from __future__ import annotations

import binascii
import email
import hashlib
import re
from collections.abc import Iterator
from email.errors import InvalidBase64LengthDefect, MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from enum import StrEnum
from typing import NamedTuple

from smsgate.mail.attachments import Attachment
from smsgate.mail.charsets import read_octets
from smsgate.mail.flowed import unwrap
from smsgate.mail.html import text_of_html
from smsgate.mail.replies import bare_subject, own_words

LONGEST = 4_000
"""Characters of a text that are read: no command has a tenth of that."""
LONGEST_BODY = 250_000
"""Characters of a body, with all that is quoted in it."""
MOST_PARTS = 100
"""Of a mail; one that has more boxes in boxes has its header read alone: parsing them takes a stack, and for ever."""
_SHELLS = re.compile(rb"multipart/|message/", re.IGNORECASE)
_REPORTS = frozenset({"message/delivery-status", "text/rfc822-headers", "message/rfc822", "message/global"})
_UNREADABLE = (MessageError, ValueError, LookupError, TypeError, AttributeError, AssertionError)
"""What Python's email package raises for what it didn't expect in a header; found by fuzzing."""
_IDS = re.compile(r"<[^<>\s]{1,512}>")
_AUTOMATIC = re.compile(
    r"\s*[\[(【]?(自动回复|自动答复|自動回覆|外出(时的)?(自动)?[回答]复|automatic reply|auto[- ]?(reply|response)"
    r"|out of (the )?office|autosvar|abwesenheit)",
    re.IGNORECASE,
)
_SERVERS = re.compile(r"mailer-daemon|postmaster", re.IGNORECASE)
_STATUS = re.compile(r"^Status:\s*([245]\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)
_REFUSED = re.compile(r"(?:\b55\d[ -])?(?<![\d.])(5\.\d{1,3}\.\d{1,3}|55\d)(?![\d.])")
_FAILED = re.compile(r"^Action:\s*failed\b", re.IGNORECASE | re.MULTILINE)
_NAMED = re.compile(r"^[>\s]*(?:Original-)?Message-ID:\s*(<[^<>\s]{1,512}>)", re.IGNORECASE | re.MULTILINE)
_TRACES = re.compile(
    rb"\A(?:(?:Received|Return-Path|Delivered-To|X-Original-To):[^\n]*\n(?:[ \t][^\n]*\n)*)+", re.IGNORECASE
)


class MailKind(StrEnum):
    """What sort of mail it is."""

    LETTER = "letter"
    AUTOMATIC = "automatic"
    """A machine's: never answered, or two machines would write to each other for ever."""
    BOUNCE = "bounce"
    """A mail server's word on a mail of ours."""


class Mail(NamedTuple):
    """What can be read of it."""

    kind: MailKind
    message_id: str
    """Its own, or, if it has none, one made of its octets."""
    subject: str
    text: str
    """What the writer typed; the subject if there is nothing else."""
    references: tuple[str, ...]
    """The mails that it answers, the nearest first; of a bounce: those that it tells of."""
    status: str = ""
    """A bounce's, such as 5.1.1."""
    failed: bool = False
    """A bounce's: nobody tries any longer."""
    attachments: tuple[Attachment, ...] = ()


def read_mail(octets: bytes, envelope_from: str) -> Mail:
    """The mail; `envelope_from`: empty for a server's own."""
    message = _parsed(octets)
    subject = _header(message, "Subject")
    plain, html, reports, attachments = _bodies(message)
    kind = _kind(message, subject, envelope_from)
    text = own_words(plain if plain.strip() else text_of_html(html)) or bare_subject(subject)
    mail = Mail(kind, _own_id(message, octets), subject, text[:LONGEST], _references(message), attachments=attachments)
    return _told_by(mail, reports, plain) if kind is MailKind.BOUNCE else mail


def _told_by(mail: Mail, report: str, plain: str) -> Mail:
    """A bounce, with what it says of which mail: to machines by RFC 3464, or, where servers don't know that, to us."""
    found = _STATUS.search(report) or (None if report else _REFUSED.search(plain))
    status = found[1] if found else ""
    failed = _FAILED.search(report) is not None or status.startswith("5")
    named = tuple(dict.fromkeys((*_NAMED.findall(report or plain), *mail.references)))[:50]
    return mail._replace(references=named, status=status, failed=failed)


def _parsed(octets: bytes) -> Message:
    if len(_SHELLS.findall(octets)) > MOST_PARTS:
        return BytesHeaderParser().parsebytes(octets)
    return email.message_from_bytes(octets)


def without_traces(octets: bytes) -> bytes:
    """Without what the servers on its way have put in front: the same mail sent again is the same octets."""
    return _TRACES.sub(b"", octets, count=1)


def _kind(message: Message, subject: str, envelope_from: str) -> MailKind:
    report = message.get_content_type() == "multipart/report"
    if report or (not envelope_from and _SERVERS.search(_header(message, "From"))):
        return MailKind.BOUNCE if not envelope_from else MailKind.AUTOMATIC
    marks = {
        "auto-submitted": _header(message, "Auto-Submitted").lower().split(";")[0].strip() not in ("", "no"),
        "precedence": _header(message, "Precedence").lower().strip() in ("bulk", "junk", "list", "auto_reply"),
        "autoreply": any(message.get(name) is not None for name in ("X-Autoreply", "X-Autorespond", "X-Autogenerated")),
        "subject": _AUTOMATIC.match(subject) is not None,
        "sender": not envelope_from,
    }
    return MailKind.AUTOMATIC if any(marks.values()) else MailKind.LETTER


def _bodies(message: Message) -> tuple[str, str, str, tuple[Attachment, ...]]:
    """Plain text, HTML, what a server reports, and attachments, which are nobody's words."""
    plain, html, reports, attachments = [], [], [], []
    for part in _parts(message):
        kind = part.get_content_type()
        if kind in _REPORTS:
            reports.append(_reported(part))
        elif part.is_multipart():
            continue
        elif _is_attached(part) or part.get_content_maintype() != "text":
            attachments.append(Attachment(_file_name(part) or kind, len(_octets(part))))
        elif kind == "text/plain":
            plain.append(_content(part))
        elif kind == "text/html":
            html.append(_content(part))
    return "\n".join(plain), "\n".join(html), "\n".join(reports), tuple(attachments)


def _parts(message: Message) -> Iterator[Message]:
    """Those of the mail itself: what is in a mail that is attached to it, somebody else has written."""
    waiting = [message]
    for _ in range(MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        yield part
        inside = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            waiting.extend(one for one in reversed(inside) if isinstance(one, Message))


def _is_attached(part: Message) -> bool:
    try:
        return part.get_content_disposition() == "attachment" or part.get_filename() is not None
    except _UNREADABLE:
        return True


def _file_name(part: Message) -> str:
    """As somebody reads it; empty: it has none, or none that can be read."""
    try:
        name = part.get_filename() or ""
        pieces = decode_header(name) if "=?" in name else [(name, None)]
    except _UNREADABLE:
        return ""
    return "".join(read_octets(piece, label) if isinstance(piece, bytes) else _bare(piece) for piece, label in pieces)


def _parameter(part: Message, name: str) -> str:
    """One of Content-Type's, in lower case."""
    try:
        value = part.get_param(name)
    except _UNREADABLE:
        return ""
    return value.lower() if isinstance(value, str) else ""


def _reported(part: Message) -> str:
    """A report's fields: Python reads each group of them as a mail."""
    inside = part.get_payload()
    groups = [one for one in inside if isinstance(one, Message)] if isinstance(inside, list) else []
    fields = [f"{name}: {value}" for one in groups for name, value in one.raw_items()]
    return "\n".join(fields)[: LONGEST * 4] if groups else _content(part)[: LONGEST * 4]


def _content(part: Message) -> str:
    charset, flowed, spaces_go = (_parameter(part, name) for name in ("charset", "format", "delsp"))
    text = read_octets(_octets(part), charset)
    if flowed == "flowed":
        return unwrap(text[:LONGEST_BODY], spaces_go=spaces_go == "yes")
    return text[:LONGEST_BODY]


def _octets(part: Message) -> bytes:
    """A part's body."""
    del part["Content-Type"]  # or Python decodes and encodes by a charset that may be any codec of its own
    try:
        payload = part.get_payload(decode=True)
    except _UNREADABLE:
        payload = None
    if not isinstance(payload, bytes):
        return str(part.get_payload()).encode("utf-8", "replace")
    if any(isinstance(defect, InvalidBase64LengthDefect) for defect in part.defects):
        return _whole_quads(payload)
    return payload


def _whole_quads(base64: bytes) -> bytes:
    """What can be read of base64 that has been cut."""
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", base64)
    return binascii.a2b_base64(kept[: len(kept) - len(kept) % 4])


def _header(message: Message, name: str) -> str:
    """A header as text, encoded words read, on one line."""
    # as it came: get() would put U+FFFD for octets that no charset is stated of
    value = next((str(raw)[:LONGEST] for key, raw in message.raw_items() if key.lower() == name.lower()), None)
    if value is None:
        return ""
    try:
        pieces = decode_header(value) if "=?" in value else [(value, None)]
    except _UNREADABLE:
        pieces = [(value, None)]
    said = [read_octets(piece, label) if isinstance(piece, bytes) else _bare(piece) for piece, label in pieces]
    return " ".join("".join(said).split())


def _bare(text: str) -> str:
    """8-bit octets in a header that says nothing of a charset."""
    try:
        return read_octets(text.encode("ascii", "surrogateescape"), None)
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()


def _references(message: Message) -> tuple[str, ...]:
    answered = _IDS.findall(_header(message, "In-Reply-To"))
    return tuple(dict.fromkeys((*answered, *reversed(_IDS.findall(_header(message, "References"))))))[:50]


def _own_id(message: Message, octets: bytes) -> str:
    found = _IDS.findall(_header(message, "Message-ID"))
    return found[0] if found else f"<none.{hashlib.sha256(without_traces(octets)).hexdigest()[:32]}>"
