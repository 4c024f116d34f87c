"""The gateway: who is connected, what they have submitted, and what it makes of that."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from smsgate.carriers.text.charsets import Charset
from smsgate.clock import now
from smsgate.simulate.cmpp import CmppTongue, delivery_id
from smsgate.simulate.deliveries import Deliveries
from smsgate.simulate.faults import Faults, Rate
from smsgate.simulate.line import Line, Session
from smsgate.simulate.records import Submit, Taken
from smsgate.simulate.smpp import SmppTongue
from smsgate.simulate.tongue import Asked, Login, Tongue
from smsgate.simulate.writing import Injection, pieces_of

KEPT = 100_000
"""Submits that are remembered."""
GARBAGE = b"\xff\xff\xff\xff\xff garbage"
"""A length that no frame has."""
WINDOW = 16
_FATES = (("throttle", "throttled"), ("reject", "rejected"), ("swallow", "swallowed"), ("lose", "lost"))


class Gateway:
    """A carrier's, on loopback. `async with` it, then talk to it; every fault is in `faults`."""

    def __init__(
        self,
        tongue: Callable[[], Tongue],
        *,
        login: Login | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        window: int = WINDOW,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], int] = now,
    ) -> None:
        self.login = login or Login()
        self.faults = Faults()
        self.host, self.port = host, port
        self.submits: deque[Submit] = deque(maxlen=KEPT)
        self.refused_logins: list[str] = []
        self.on_submit: Callable[[Submit], None] | None = None
        self._tongue = tongue
        self._tls = tls
        self._clock = clock
        self._window = window
        self._server: asyncio.Server | None = None
        self._lines: dict[int, Line] = {}
        self._came = self._submitted = self._delivered = 0
        self._held: list[Callable[[], None]] = []
        self._rate = Rate()
        self._deliveries: Deliveries | None = None

    @classmethod
    def smpp(cls, *, alphabet: Charset = Charset.GSM7, **settings: Any) -> Gateway:
        """An SMSC that speaks SMPP 3.4."""
        return cls(lambda: SmppTongue(alphabet), **settings)

    @classmethod
    def cmpp(cls, *, version: str = "", **settings: Any) -> Gateway:
        """An ISMG that speaks CMPP; `version`: 2.0 or 3.0 whatever it is asked for, else as asked."""
        settings.setdefault("login", Login("900001", "geheim12"))
        return cls(lambda: CmppTongue(version), **settings)

    # its life
    async def __aenter__(self) -> Self:
        """Listen. Raises OSError where the port is taken."""
        await self.listen()
        return self

    async def __aexit__(self, _kind: type[BaseException] | None, _error: BaseException | None,
                        _trace: TracebackType | None) -> None:  # fmt: skip
        self.stop()

    async def listen(self) -> None:
        """Take connections, on the same port as before if it has listened already."""
        loop = asyncio.get_running_loop()
        if self._deliveries is None:
            self._deliveries = Deliveries(lambda: list(self._lines.values()), self.faults, self._window)
        self._server = await loop.create_server(self._connected, self.host, self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Take no more connections, and cut those that there are; what was to be brought is kept."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.cut()

    def cut(self, session: int | None = None) -> None:
        """Connections break: all, or one."""
        for line in [*self._lines.values()]:
            if session in (None, line.no):
                line.cut()

    def unbind(self, session: int | None = None) -> None:
        """Sessions are ended in order by the gateway: all, or one."""
        for line in self._bound():
            if session in (None, line.no):
                line.ask(line.tongue.goodbye())

    def test(self) -> None:
        """Ask all clients whether they are there."""
        for line in self._bound():
            line.ask(line.tongue.test())

    def mind(self) -> None:
        """Say this after `faults.deaf` has been changed."""
        for line in self._lines.values():
            line.mind()

    # what is seen
    @property
    def sessions(self) -> tuple[Line, ...]:
        """Those that have logged in, the oldest first."""
        return tuple(self._bound())

    @property
    def submitted(self) -> int:
        """How many submits there have been."""
        return self._submitted

    @property
    def undelivered(self) -> int:
        """Messages and receipts that no client has taken yet."""
        return self._deliveries.waiting if self._deliveries is not None else 0

    def messages(self) -> list[tuple[str, str, str]]:
        """What phones show: source, destination and whole text, long ones joined; the taken alone, in order."""
        return joined(one for one in self.submits if one.fate in ("taken", "swallowed", "cut"))

    # what it brings
    def deliver(self, said: Injection, *, over: tuple[int, ...] = ()) -> list[asyncio.Future[Taken]]:
        """A phone's message, piece by piece; `over`: by which sessions, in turn. Raises ValueError for what can't be.

        Each is done when a client has taken it, however often it has to be brought.
        """
        at, brought = self._clock(), []
        for turn, piece in enumerate(pieces_of(said)):
            number = self._next_delivery(at)

            def made(tongue: Tongue, number: int = number, piece: Any = piece) -> Any:
                return tongue.deliver(number, said.sender, said.receiver, piece)

            made(self._tongue())  # says what is wrong with it, here and not later
            brought.append(self._bringing().add(made, over[turn % len(over)] if over else None))
        return brought

    async def say(self, sender: str, receiver: str, text: str, **other: Any) -> list[Taken]:
        """A phone's message, until all of it is taken."""
        return list(await asyncio.gather(*self.deliver(Injection(sender, receiver, text, **other))))

    def receipt(self, submit: Submit, word: str) -> asyncio.Future[Taken]:
        """A receipt for a submit, in the form that `faults` says; done when a client has taken it."""
        at = self._clock()
        number, told = self._next_delivery(at), replace(self.faults)
        return self._bringing().add(
            lambda tongue: tongue.receipt(number, _asked(tongue, submit), submit.message_id, word, at, told)
        )

    # the lines' owner
    def heard(self, line: Line, pdu: Any, sequence: int) -> None:
        """A PDU of a client's."""
        if self.faults.silent:
            return
        if line.session is None:
            self._let_in(line, pdu, sequence)
            return
        status = line.tongue.status(pdu)
        asked = line.tongue.asked(pdu) if status is None else None
        if status is not None:
            line.answered(status, sequence)
        elif asked is not None and not line.session.sends:
            line.say(line.tongue.out_of_place(), sequence)
        elif asked is not None:
            self._take(line, pdu, asked, sequence)
        elif (reply := line.tongue.reply(pdu)) is not None:
            line.say(reply, sequence)
            if line.tongue.is_goodbye(pdu):
                line.close()

    def gone(self, line: Line) -> None:
        """A connection is over."""
        self._lines.pop(line.no, None)
        self._bringing().lost(line)

    def _connected(self) -> Line:
        self._came += 1
        line = self._lines[self._came] = Line(self._came, self._tongue(), self.faults, self)
        return line

    def _let_in(self, line: Line, pdu: Any, sequence: int) -> None:
        judged = line.tongue.let_in(pdu, self.login, self.faults)
        if judged is None or self.faults.takes("mute_login"):
            return
        line.say(judged.answer, sequence)
        if not judged.good:
            self.refused_logins.append(judged.why)
            line.close()
            return
        line.session = Session(judged.sends, judged.receives)
        self._bringing().push()

    def _take(self, line: Line, pdu: Any, asked: Asked, sequence: int) -> None:
        self._submitted += 1
        at = self._clock()
        submit = Submit(
            no=self._submitted,
            session=line.no,
            at=at,
            source=asked.source,
            destination=asked.destination,
            text=asked.content.reading.text,
            part=asked.content.part,
            wants_receipt=asked.wants_receipt,
            message_id=line.tongue.new_id(self._submitted, at),
            fate=self._fate(),
            pdu=pdu,
        )
        self.submits.append(submit)
        if self.on_submit is not None:
            self.on_submit(submit)
        if submit.fate == "cut":
            self._after(0, lambda: line.cut())
        if submit.fate in ("taken", "swallowed", "cut") and submit.wants_receipt:
            self._report(submit)
        if submit.fate in ("taken", "throttled", "rejected"):
            self._answer(line, submit, sequence)

    def _fate(self) -> str:
        faults = self.faults
        if faults.cuts():
            return "cut"
        if not self._rate.allows(faults.throttle_rate, asyncio.get_running_loop().time()):
            return "throttled"
        return next((fate for name, fate in _FATES if faults.takes(name)), "taken")

    def _answer(self, line: Line, submit: Submit, sequence: int) -> None:
        tongue, faults = line.tongue, self.faults
        match submit.fate:
            case "throttled":
                pdu = tongue.slower()
            case "rejected":
                pdu = tongue.no(faults.reject_code)
            case _:
                pdu = tongue.yes(submit.message_id)

        def said() -> None:
            if faults.takes("garbage"):
                line.write(GARBAGE)
            if faults.takes("truncate"):
                frame = tongue.encode(pdu, sequence)
                line.write(frame[: len(frame) // 2])
                line.close()
                return
            for _ in range(2 if faults.answer_twice else 1):
                line.say(pdu, sequence)

        if faults.reorder > 0:
            self._held.append(said)
            if len(self._held) >= faults.reorder:
                self.release()
        elif faults.delay or (faults.receipt_first and submit.wants_receipt):
            self._after(faults.delay or 0.05, said)
        else:
            said()

    def release(self) -> None:
        """Answers that are held back are given, the last first."""
        held, self._held = self._held, []
        for said in reversed(held):
            said()

    def _report(self, submit: Submit) -> None:
        faults = self.faults
        wait = 0.0 if faults.receipt_first else faults.delay + faults.receipt_delay
        for word in faults.receipts:
            for _ in range(2 if faults.receipt_twice else 1):
                if wait or not faults.receipt_first:
                    self._after(wait, lambda word=word: self.receipt(submit, word))  # type: ignore[misc]
                else:
                    self.receipt(submit, word)
            wait += faults.receipt_delay

    def _after(self, seconds: float, do: Callable[[], object]) -> None:
        """Later; also when nobody is connected just then."""
        asyncio.get_running_loop().call_later(seconds, do)

    def _next_delivery(self, at: int) -> int:
        self._delivered += 1
        return delivery_id(self._delivered, at)

    def _bound(self) -> list[Line]:
        return [line for line in self._lines.values() if line.session is not None]

    def _bringing(self) -> Deliveries:
        if self._deliveries is None:
            raise RuntimeError("the gateway does not listen yet")
        return self._deliveries


def joined(submits: Iterable[Submit]) -> list[tuple[str, str, str]]:
    """Whole texts: parts with one reference are one, whole when all are there."""
    whole: list[tuple[str, str, str]] = []
    open_: dict[tuple[str, str, int], dict[int, str]] = {}
    for one in submits:
        if one.part is None:
            whole.append((one.source, one.destination, one.text))
            continue
        key = (one.source, one.destination, one.part.reference)
        parts = open_.setdefault(key, {})
        parts[one.part.index] = one.text
        if len(parts) == one.part.total:
            whole.append((one.source, one.destination, "".join(parts[no] for no in sorted(parts))))
            del open_[key]
    return whole


def _asked(tongue: Tongue, submit: Submit) -> Asked:
    asked = tongue.asked(submit.pdu)
    if asked is None:
        raise TypeError(f"{type(submit.pdu).__name__} is no submit")
    return asked
