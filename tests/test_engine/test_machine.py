"""The ticket engine against a model of it: random people, random acts, and the table of spec/tickets.md."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from routing.model import Act, Kind, Target
from smsgate.domain.messages import MoState, MtKind
from smsgate.domain.refusals import Refusal, Why
from smsgate.sample import sample_chart
from smsgate.service.requests import Acted
from smsgate.store.tables import hops, mos, mts, tickets
from smsgate.testing.stage import Stage

# -- the model: who is who, told once more and by hand --------------------------------------------------------------

CENTER = "网管维护中心"
GROUPS = {
    ("核心维护室", "话务维护组"): {"helijia", "wangmin"},
    ("核心维护室", "交换维护组"): {"liuyang", "zhangwei", "zhangwei2", "zhaogang"},
    ("核心维护室", "信令监测组"): {"shanlei", "helijia"},
    ("传输维护室", "光缆维护组"): {"wujing", "gaofei"},
}
LEADERS = {
    (): "chenhua",
    ("核心维护室",): "zhaogang",
    ("核心维护室", "话务维护组"): "wangmin",
    ("核心维护室", "交换维护组"): "liuyang",
    ("传输维护室", "光缆维护组"): "wujing",
}
DISPATCHERS = {"zhoujie", "sunyan"}
PEOPLE = (
    *("helijia", "wangmin", "liuyang", "zhangwei", "zhaogang", "shanlei", "wujing", "gaofei", "chenhua"),
    *("zhoujie", "sunyan", "miyonglin"),
)
OPENERS = ("zhoujie", "shanlei")

Path_ = tuple[str, ...]


@dataclass(frozen=True)
class Whom:
    """A holder or helper: a unit, or people in a unit; no path: the dispatchers."""

    path: Path_ | None
    people: frozenset[str] = frozenset()

    @property
    def typed(self) -> str:
        return "-" + "-".join((*(self.path or ()), *((";".join(sorted(self.people)),) if self.people else ())))

    def means(self, who: str) -> bool:
        if self.people:
            return who in self.people
        if self.path is None:
            return who in DISPATCHERS
        inside = any(who in members for path, members in GROUPS.items() if path[: len(self.path)] == self.path)
        return inside or (len(self.path) == 1 and LEADERS.get(self.path) == who)

    def same(self, other: Whom) -> bool:
        """People are the same whatever path they were named in."""
        return self.people == other.people if self.people or other.people else self.path == other.path

    def less(self, other: Whom) -> Whom | None:
        """Without the people named here whom the other means."""
        rest = frozenset(person for person in self.people if not other.means(person))
        return self if rest == self.people else replace(self, people=rest) if rest else None

    def has_one_of(self, other: Whom) -> bool:
        """Whether one of the people named there is meant here, by name or as one of a unit."""
        return any(self.means(person) for person in other.people)


NOBODY_ELSE = Whom(None)
TARGETS = (
    Whom(("核心维护室",)),
    Whom(("传输维护室",)),
    Whom(("核心维护室", "话务维护组")),
    Whom(("核心维护室", "交换维护组")),
    Whom(("核心维护室", "话务维护组"), frozenset({"wangmin"})),
    Whom(("核心维护室", "话务维护组"), frozenset({"helijia"})),
    Whom(("核心维护室", "话务维护组"), frozenset({"helijia", "wangmin"})),
    Whom(("核心维护室", "信令监测组"), frozenset({"helijia"})),
    Whom(("核心维护室", "交换维护组"), frozenset({"liuyang", "zhangwei"})),
    Whom(("传输维护室", "光缆维护组"), frozenset({"gaofei"})),
)

# spec/tickets.md «States»: from what an act leads to what; None: it stays
ALL_OPEN = ("dispatched", "accepted", "held")
TABLE: dict[Act, dict[str, str | None]] = {
    Act.ACCEPT: {"dispatched": "accepted"},
    Act.TRANSFER: dict.fromkeys(ALL_OPEN, "dispatched"),
    Act.RETURN: dict.fromkeys(ALL_OPEN, "dispatched"),
    Act.ASSIST: dict.fromkeys(ALL_OPEN),
    Act.PROGRESS: dict.fromkeys(ALL_OPEN),
    Act.URGE: dict.fromkeys(ALL_OPEN),
    Act.RESOLVE: dict.fromkeys(ALL_OPEN, "resolved"),
    Act.HOLD: {"accepted": "held"},
    Act.RELEASE: {"held": "accepted"},
    Act.CLOSE: {"resolved": "closed"},
    Act.REOPEN: {"resolved": "dispatched"},
    Act.CANCEL: dict.fromkeys((*ALL_OPEN, "resolved"), "cancelled"),
}
# «Who may»
MAY: dict[Act, tuple[str, ...]] = {
    Act.ACCEPT: ("holder", "leader"),
    Act.TRANSFER: ("holder", "above"),
    Act.RETURN: ("holder", "helper"),
    Act.ASSIST: ("holder", "above"),
    Act.PROGRESS: ("holder", "helper"),
    Act.URGE: ("above", "opener"),
    Act.RESOLVE: ("holder",),
    Act.HOLD: ("holder", "above"),
    Act.RELEASE: ("holder", "above"),
    Act.CLOSE: ("dispatcher", "opener"),
    Act.REOPEN: ("dispatcher", "opener"),
    Act.CANCEL: ("dispatcher",),
}


@dataclass(frozen=True)
class Model:
    """What a ticket should be."""

    opener: str
    holder: Whom
    sent_to: Path_ | None
    state: str = "dispatched"
    hop: int = 1
    trail: tuple[tuple[Whom, Path_ | None], ...] = ()
    helpers: tuple[Whom, ...] = ()
    accepter: str | None = None
    resolver: str | None = None
    hops: tuple[str, ...] = field(default=("open",))

    def parts(self, who: str) -> set[str]:
        """What who is to it."""
        path = self.sent_to
        above = path is not None and any(LEADERS.get(path[:at]) == who for at in range(len(path) + 1))
        led = self.holder.path is not None and LEADERS.get(self.holder.path) == who
        found = {
            "holder": self.holder.means(who),
            "above": above or who in DISPATCHERS,
            "leader": led,
            "helper": any(helper.means(who) for helper in self.helpers),
            "opener": who == self.opener,
            "dispatcher": who in DISPATCHERS,
        }
        return {part for part, is_so in found.items() if is_so}

    def after(self, act: Act, who: str | None, target: Whom | None) -> Model | Why | None:
        """The ticket after the act, or why not; None: who may not, and there are several ways to say so."""
        parts = {"holder"} if who is None else self.parts(who)
        if who is not None and not parts & set(MAY[act]):
            return None
        if self.state not in TABLE[act]:
            if self.state in ("closed", "cancelled"):
                return Why.ENDED
            taken = act is Act.ACCEPT and self.accepter is not None and self.state != "resolved"
            return Why.ALREADY_ACCEPTED if taken else Why.WRONG_STATE
        return getattr(self, f"_{act.value}")(act, who, target, "holder" in parts)

    def _went(self, *kinds: str, **changes: object) -> Model:
        there = replace(self, hop=self.hop + len(kinds), hops=self.hops + kinds, **changes)  # type: ignore[arg-type]
        return replace(there, helpers=without(there.helpers, there.holder))

    def _given(self, kind: str, holder: Whom, sent_to: Path_ | None, **changes: object) -> Model:
        return self._went(
            kind, state="dispatched", holder=holder, sent_to=sent_to, accepter=None, resolver=None, **changes
        )

    def _accept(self, _act: Act, who: str, _target: object, _held: bool) -> Model:
        alone = Whom(self.sent_to, frozenset({who}))
        return self._went("accept", state="accepted", holder=alone, accepter=who)

    def _in_passing(self, who: str) -> Model:
        return self._accept(Act.ACCEPT, who, None, True) if self.state == "dispatched" else self

    def _transfer(self, _act: Act, _who: str, target: Whom, _held: bool) -> Model | Why:
        if target.same(self.holder):
            return Why.ALREADY_HOLDER
        helpers = tuple(rest for helper in self.helpers if (rest := helper.less(target)) is not None)
        trail = (*self.trail, (self.holder, self.sent_to))
        return self._given("transfer", target, target.path, trail=trail, helpers=helpers)

    def _return(self, _act: Act, who: str, _target: object, held: bool) -> Model:
        if not held:
            left = (self._less(helper, who) for helper in self.helpers)
            return self._went("return", helpers=tuple(helper for helper in left if helper is not None))
        holder, sent_to = self.trail[-1] if self.trail else (NOBODY_ELSE, self.sent_to)
        return self._given("return", holder, sent_to, trail=self.trail[:-1])

    @staticmethod
    def _less(helper: Whom, who: str) -> Whom | None:
        if not helper.means(who):
            return helper
        rest = helper.people - {who}
        return replace(helper, people=rest) if rest else None

    def _assist(self, _act: Act, _who: str, target: Whom, _held: bool) -> Model | Why:
        if target.same(self.holder) or self.holder.has_one_of(target):
            return Why.ALREADY_HOLDER
        if any(target.same(helper) or helper.has_one_of(target) for helper in self.helpers):
            return Why.ALREADY_HELPER
        return replace(self, helpers=(*self.helpers, target), hop=self.hop + 1, hops=(*self.hops, "assist"))

    def _progress(self, _act: Act, who: str, _target: object, held: bool) -> Model:
        return (self._in_passing(who) if held else self)._went("progress")

    def _resolve(self, _act: Act, who: str, _target: object, _held: bool) -> Model:
        return self._in_passing(who)._went("resolve", state="resolved", resolver=who)

    def _reopen(self, _act: Act, _who: str, _target: object, _held: bool) -> Model:
        assert self.resolver is not None
        return self._given("reopen", Whom(self.sent_to, frozenset({self.resolver})), self.sent_to)

    def _switch(self, act: Act, _who: str, _target: object, _held: bool) -> Model:
        return self._went(act.value, state=TABLE[act][self.state] or self.state)

    _urge = _hold = _release = _close = _cancel = _switch


def without(helpers: tuple[Whom, ...], holder: Whom) -> tuple[Whom, ...]:
    """Who holds it by name helps no more."""
    left = []
    for helper in helpers:
        rest = helper.people - holder.people
        if (rest or not helper.people) and not helper.same(holder):
            left.append(replace(helper, people=rest))
    return tuple(left)


# -- the engine, and what both are asked to do ----------------------------------------------------------------------


@lru_cache(maxsize=1)
def prepared() -> Path:
    """An empty database with its pool of codes."""
    folder = Path(tempfile.mkdtemp(prefix="smsgate-machine-"))
    stage = Stage.in_folder(folder, sample_chart())
    stage.store.writer.write_now(lambda unit: unit.rest_code(unit.take_code(stage.clock(), 0), 0))
    stage.close()
    return folder / "stage.db"


def as_whom(target: Target) -> Whom:
    path = target.path
    units = None if path is None else tuple(name for name in (path.room, path.group) if name is not None)
    return Whom(units, frozenset(target.accounts) if target.kind is Kind.PEOPLE else frozenset())


BY_SMS = {
    Act.TRANSFER: "ZP{code}#{target}#请处理",
    Act.ASSIST: "JP{code}#{target}#请协助",
    Act.ACCEPT: "LD{code}",
    Act.PROGRESS: "JDFK{code}#在路上",
    Act.RESOLVE: "CGHD{code}#已恢复",
    Act.RETURN: "SBHD{code}#不归我管",
    Act.URGE: "CB{code}#请抓紧",
}
WITH_TARGET = frozenset({Act.TRANSFER, Act.ASSIST})
AT_DESK = (Act.CLOSE, Act.REOPEN, Act.CANCEL, Act.HOLD, Act.RELEASE)
REFUSED = (MoState.REFUSED, MoState.SUPPRESSED)

somebody = st.sampled_from(PEOPLE)
targets = st.sampled_from(TARGETS)


class Engine(RuleBasedStateMachine):
    """Every step is taken by both, and both must come to the same."""

    codes = Bundle("codes")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="smsgate-machine-"))
        shutil.copy(prepared(), self.folder / "stage.db")
        self.stage = Stage.in_folder(self.folder, sample_chart())
        self.models: dict[str, Model] = {}
        self.applied: list[int] = []

    def teardown(self) -> None:
        self.stage.close()
        shutil.rmtree(self.folder)

    @initialize(target=codes, whom=targets, opener=st.sampled_from(OPENERS))
    def the_first(self, whom: Whom, opener: str) -> str:
        return self._open(whom, opener)

    @rule(target=codes, whom=targets, opener=st.sampled_from(OPENERS))
    def another(self, whom: Whom, opener: str) -> str:
        return self._open(whom, opener)

    @rule(code=codes, act=st.sampled_from(tuple(BY_SMS)), who=somebody, whom=targets)
    def anybody_texts(self, code: str, act: Act, who: str, whom: Whom) -> None:
        self._text(code, act, who, whom)

    @rule(code=codes, act=st.sampled_from(tuple(BY_SMS)), whom=targets, data=st.data())
    def somebody_who_may_texts(self, code: str, act: Act, whom: Whom, data: st.DataObject) -> None:
        # anybody at all is refused nearly always: half of the steps are taken by somebody who has a part in it
        model = self.models[code]
        fit = [who for who in PEOPLE if model.parts(who) & {"holder", "helper"}] or list(PEOPLE)
        self._text(code, act, data.draw(st.sampled_from(fit)), whom)

    @rule(code=codes, act=st.sampled_from(AT_DESK), who=st.sampled_from((*PEOPLE, *DISPATCHERS)))
    def somebody_at_a_desk(self, code: str, act: Act, who: str) -> None:
        before = self.stage.ticket(code)
        expected = self.models[code].after(act, who, None)
        self._pass_time()
        done = self.stage.act(who, act, code, "原因")
        if isinstance(expected, Model):
            assert isinstance(done, Acted), done
            self.models[code] = expected
        else:
            assert isinstance(done, Refusal)
            assert expected is None or done.why is expected
            assert self.stage.ticket(code) == before

    @rule(code=codes)
    def somebody_is_late(self, code: str) -> None:
        """An act that saw an older hop changes nothing."""
        before = self.stage.ticket(code)
        done = self.stage.act("zhoujie", Act.CANCEL, code, "过时", hop=before.hop - 1)
        assert isinstance(done, Refusal)
        assert done.why is Why.STALE
        assert self.stage.ticket(code) == before

    @rule()
    def three_days_pass(self) -> None:
        self.stage.clock.go_on(hours=73)
        self.stage.store.writer.write_now(self.stage.office.close_resolved)
        for code, model in self.models.items():
            if model.state == "resolved":
                closed = model.after(Act.CLOSE, None, None)
                assert isinstance(closed, Model)
                self.models[code] = closed

    def _open(self, whom: Whom, opener: str) -> str:
        self._pass_time()
        done = self.stage.open(target=whom.typed, by=opener)
        self.models[done.ticket.code] = Model(opener, whom, whom.path)
        return done.ticket.code

    def _text(self, code: str, act: Act, who: str, whom: Whom) -> None:
        before = self.stage.ticket(code)
        expected = self.models[code].after(act, who, whom if act in WITH_TARGET else None)
        self._pass_time()
        receipt = self.stage.sms(who, BY_SMS[act].format(code=code, target=whom.typed))
        assert receipt.mo_id is not None
        if isinstance(expected, Model):
            assert receipt.result.state is MoState.APPLIED, receipt
            assert receipt.result.ticket_hop == expected.hop
            assert receipt.answer
            if act is Act.RETURN:
                # handed back, or no longer helping: who held it is not told that they helped
                assert receipt.answer.startswith("已退回" if self.models[code].holder.means(who) else "您已退出")
            self.applied.append(receipt.mo_id)
            self.models[code] = expected
            return
        assert receipt.result.state in REFUSED, receipt
        assert expected is None or receipt.result.outcome == expected
        assert (receipt.answer is None) == (receipt.result.state is MoState.SUPPRESSED)
        assert self.stage.ticket(code) == before

    def _pass_time(self) -> None:
        self.stage.clock.go_on(minutes=3)

    @invariant()
    def tickets_are_the_models(self) -> None:
        for code, model in self.models.items():
            ticket = self.stage.ticket(code)
            assert ticket.state.value == model.state
            assert ticket.hop == model.hop
            assert as_whom(ticket.holder) == model.holder
            assert tuple(map(as_whom, ticket.helpers)) == model.helpers
            assert tuple(as_whom(stay.holder) for stay in ticket.trail) == tuple(holder for holder, _ in model.trail)

    @invariant()
    def every_message_is_settled_once(self) -> None:
        with self.stage.store.engine.connect() as connection:
            states = dict(map(tuple, connection.execute(select(mos.c.id, mos.c.state)).all()))
            answers = Counter(connection.scalars(select(mts.c.mo_id).where(mts.c.kind == MtKind.ANSWER.value)))
        assert len(states) == self.stage.sent
        assert MoState.RECEIVED.value not in states.values()
        assert {mo for mo, state in states.items() if state == MoState.APPLIED.value} == set(self.applied)
        assert all(count == 1 for count in answers.values())
        assert set(self.applied) <= set(answers)

    @invariant()
    def the_log_has_no_gaps(self) -> None:
        with self.stage.store.engine.connect() as connection:
            rows = connection.execute(
                select(hops.c.code, hops.c.no, hops.c.kind).where(hops.c.no.is_not(None)).order_by(hops.c.id)
            ).all()
        for code, model in self.models.items():
            own = [(no, kind) for of, no, kind in rows if of == code]
            assert own == list(enumerate(model.hops, 1))

    @invariant()
    def no_code_means_two(self) -> None:
        with self.stage.store.engine.connect() as connection:
            live = connection.scalars(select(tickets.c.code).where(tickets.c.live)).all()
        ended = ("closed", "cancelled")
        assert sorted(live) == sorted(code for code, model in self.models.items() if model.state not in ended)


class LongEngine(Engine):
    """The same for longer."""


TestEngine = Engine.TestCase
TestEngine.settings = settings(max_examples=15, stateful_step_count=20)

TestLongEngine = pytest.mark.long(LongEngine.TestCase)
TestLongEngine.settings = settings(max_examples=300, stateful_step_count=60)
