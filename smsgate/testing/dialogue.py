"""Dialogues between phones, as plain text that reads like a story.

    # lines like this are for the reader
    now 2026-11-23 10:02
    open major 西区基站退服 -> -核心维护室-话务维护组-wangmin : 请处理
    wangmin < [重要]48217西区基站退服，周洁派给王敏：请处理。10:32前回LD48217受理
    wangmin > LD48217
    wangmin < 您已受理48217，…
    desk zhoujie close 48217 已核实
    desk refuses 工单48217处理中，不能归档。
    +10m
    log 48217 open, accept

`who` is an account or a number; `<2` is an SMS of two segments. `wangmin >48217 LD` is typed in the thread of 48217,
which means sent to our service number with 48217 behind it; `wangmin <48217 …` is an SMS that came from there, where a
story minds. `next 48217` lets the pool have come round: the next ticket gets that code.

`wangmin >2/3 text` is the second of three parts of a long SMS, and `>48217+2/3` is one in that thread.

Every SMS that a phone gets must be written down, word for word, before the next line that does something: one SMS too
many fails the story, and so does one too few. SMS to one phone come in order; which phone is written first does not
matter.

While time passes by `+10m`, everything runs, and each thing happens at its own moment. `now` sets the clock as if
nothing had run in between: smsgate starts late.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from grammar import Diagnosis
from grammar.verbs import WORDS
from routing.model import Act
from smsgate.domain.refusals import Refusal
from smsgate.service.verbs import ACT_OF
from smsgate.testing.stage import NUMBER, Sms, Stage

_LINE = re.compile(r"(?P<who>\S+) (?P<way>[<>])(?P<digits>\d*?)\+?(?P<part>\d/\d)? (?P<text>.*)", re.DOTALL)
_OPEN = re.compile(r"open (?P<severity>\w+) (?P<title>[^>]+?)(?: -> (?P<target>[^:]+?))?(?: : (?P<text>.*))?")
_DESK = re.compile(r"desk (?P<who>\S+) (?P<act>\S+) (?P<ticket>\d+)(?: -> (?P<target>[^:]+?) :)?(?: (?P<text>.*))?")
_LATER = re.compile(r"\+(?P<count>\d+)(?P<unit>[hms])")
_UNITS = {"h": 3_600_000, "m": 60_000, "s": 1000}


class WrongStory(AssertionError):  # noqa: N818 - the story is wrong, or smsgate is
    """What happened is not what the story says."""


@dataclass
class Telling:
    """One story being played on a stage."""

    stage: Stage
    unread: list[Sms] = field(default_factory=list)
    refusal: str | None = None

    def play(self, story: str) -> None:
        """Play it to its end. Raises WrongStory with the line."""
        for number, line in enumerate(story.splitlines(), 1):
            said = line.strip()
            if not said or said.startswith("#"):
                continue
            try:
                self._play_line(said)
            except WrongStory as error:
                raise WrongStory(f"line {number}: {said}\n  {error}") from None
        self._nothing_left()

    def _play_line(self, line: str) -> None:
        spoken = _LINE.fullmatch(line)
        if spoken is not None and spoken["way"] == "<":
            self._expect(spoken["who"], _unescaped(spoken["text"]), spoken["digits"])
        elif line.startswith("desk refuses "):
            self._expect_refusal(line.removeprefix("desk refuses "))
        elif line.startswith("log "):
            self._expect_log(line.removeprefix("log "))
        else:
            self._nothing_left()
            self._do(line, spoken)
            self.unread += self.stage.deliver()

    def _do(self, line: str, spoken: re.Match[str] | None) -> None:
        if spoken is not None:
            self._say(spoken["who"], _unescaped(spoken["text"]), spoken["digits"], spoken["part"])
        elif line.startswith("now "):
            self.stage.clock.set(line.removeprefix("now "))
            self.stage.sweep()
        elif later := _LATER.fullmatch(line):
            self.unread += self.stage.pass_time(int(later["count"]) * _UNITS[later["unit"]])
        elif opened := _OPEN.fullmatch(line):
            self.stage.open(opened["title"], opened["target"], severity=opened["severity"], text=opened["text"] or "")
        elif acted := _DESK.fullmatch(line):
            self._act(acted)
        elif line.startswith("next "):
            self._come_round(line.removeprefix("next "))
        else:
            raise WrongStory("nobody knows what this line means")

    def _say(self, who: str, text: str, thread: str, part: str | None) -> None:
        if part is None:
            self.stage.sms(who, text, thread=thread)
        else:
            no, total = map(int, part.split("/"))
            self.stage.part(who, text, no, total, thread=thread)

    def _act(self, acted: re.Match[str]) -> None:
        word = acted["act"]
        act = ACT_OF[WORDS[word]] if word in WORDS else Act(word)
        done = self.stage.act(acted["who"], act, acted["ticket"], acted["text"] or "", acted["target"])
        self.refusal = self.stage.office.say(done) if isinstance(done, Refusal | Diagnosis) else None

    def _come_round(self, code: str) -> None:
        try:
            self.stage.next_code(code)
        except LookupError as error:
            raise WrongStory(str(error)) from error

    def _expect(self, who: str, text: str, digits: str) -> None:
        """An SMS; one digit says of how many segments, more say in which thread."""
        thread, segments = (digits, 1) if len(digits) > 1 else ("", int(digits or 1))
        phone = self.stage.phone_of(who)
        got = next((sms for sms in self.unread if sms.phone == phone), None)
        if got is None:
            raise WrongStory(f"{who} got nothing; unread: {self._shown()}")
        if got.text != text:
            raise WrongStory(f"{who} got: {got.text}")
        if got.segments != segments:
            raise WrongStory(f"that is {got.segments} segments")
        if thread and got.source != NUMBER.source(thread):
            raise WrongStory(f"it came from {got.source}")
        self.unread.remove(got)

    def _expect_refusal(self, text: str) -> None:
        if self.refusal != text:
            raise WrongStory(f"the desk was told: {self.refusal}")
        self.refusal = None

    def _expect_log(self, said: str) -> None:
        code, _, kinds = said.partition(" ")
        got = [f"{kind}!{refused}" if refused else kind for of, kind, refused in self.stage.log() if of == code]
        if got != [kind.strip() for kind in kinds.split(",")]:
            raise WrongStory(f"the log of {code} is: {', '.join(got)}")

    def _nothing_left(self) -> None:
        if self.refusal is not None:
            raise WrongStory(f"before it, the desk was refused and the story does not say so: {self.refusal}")
        if self.unread:
            raise WrongStory(f"before it, SMS that the story does not know: {self._shown()}")

    def _shown(self) -> str:
        return "; ".join(f"{self._name(sms.phone)} < {sms.text}" for sms in self.unread) or "nothing"

    def _name(self, phone: str) -> str:
        owner = self.stage.charts.current.who_calls(phone)
        return str(owner.account) if owner is not None and owner.account is not None else phone


def _unescaped(text: str) -> str:
    return text.replace("\\n", "\n")
