"""The ticket engine against a model of it: random people, random acts, and the table of spec/tickets.md."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from routing.model import Act
from smsgate.domain.messages import MoState, MtKind
from smsgate.domain.refusals import Refusal, Why
from smsgate.domain.states import State
from smsgate.domain.ticket import Ticket
from smsgate.sample import sample_chart
from smsgate.service.requests import Acted, Receipt
from smsgate.store.tables import clocks, hops, mos, mts, tickets
from smsgate.testing.stage import Stage
from tests.test_engine.model import DISPATCHERS, OPENERS, PEOPLE, TABLE, TARGETS, Knowing, Model, Whom
from tests.test_engine.staged import as_whom, prepared, when_noticed

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

TWO_MINUTES = 120_000
HALF_AN_HOUR = 1_800_000
A_DAY = 48 * HALF_AN_HOUR
THREE_DAYS = 3 * A_DAY
SOMEWHERE = TARGETS[0]


@dataclass
class Offer:
    """A correction that somebody was offered."""

    code: str
    at: int
    hop: int | None
    """Of the ticket, if they may know of it."""
    over: bool = False


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
        self.moved: dict[str, tuple[str, int, Whom]] = {}
        """Who moved a ticket last, and when."""
        self.offers: dict[str, Offer] = {}
        """What each was offered last."""
        self.knowing = Knowing()
        self.looked_at = 0
        """The newest MT of which it is known that its recipient may know."""

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

    @rule(code=codes, whom=targets, first=somebody, second=somebody)
    def two_at_once(self, code: str, whom: Whom, first: str, second: str) -> None:
        """Two move one ticket within seconds: the second is asked, unless it is theirs by then."""
        self._text(code, Act.TRANSFER, first, whom)
        self._text(code, Act.TRANSFER, second, SOMEWHERE, after=5)

    @rule(code=codes, who=somebody)
    def somebody_forgets_the_hash(self, code: str, who: str) -> None:
        self._pass_time()
        receipt = self.stage.sms(who, f"JDFK{code}在路上")
        assert receipt.result.state in REFUSED
        assert receipt.result.outcome == "not_command"
        if receipt.answer is not None:
            self.offers[who] = Offer(code, self.stage.clock(), self._asked_about(who))

    @rule(who=somebody, minutes=st.sampled_from((1, 29, 31)))
    def somebody_says_yes(self, who: str, minutes: int) -> None:
        self.stage.clock.go_on(minutes=minutes)
        offer = self.offers.pop(who, None)
        tickets_before = {code: self.stage.ticket(code) for code in self.models}
        receipt = self.stage.sms(who, "Ｙ")
        result = receipt.result
        if offer is None:
            assert (result.state, receipt.answer) == (MoState.TALK, None)
        elif self.stage.clock() - offer.at > A_DAY and result.state is MoState.TALK:
            assert receipt.answer is None  # it has been forgotten altogether
        elif offer.over or self.stage.clock() - offer.at > HALF_AN_HOUR:
            assert (result.state in REFUSED, result.outcome) == (True, Why.QUESTION_OVER)
        elif offer.hop is not None and self.models[offer.code].moved_since(offer.hop):
            assert (result.state in REFUSED, result.outcome) == (True, Why.STALE)
        else:
            expected = self.models[offer.code].after(Act.PROGRESS, who, None)
            self._judged(offer.code, Act.PROGRESS, who, receipt, expected)
            return
        assert {code: self.stage.ticket(code) for code in self.models} == tickets_before

    @rule(who=somebody, data=st.data())
    def somebody_leaves_the_code_out(self, who: str, data: st.DataObject) -> None:
        """One ticket fits: it is done. Several: they are asked, and a digit or a code finishes it. None: a sentence."""
        self._pass_time()
        mine = [code for code, model in self.models.items() if model.live and model.parts(who) & {"holder", "helper"}]
        fit = [code for code in mine if self.models[code].state in TABLE[Act.PROGRESS]]
        receipt = self.stage.sms(who, "JDFK#在路上")
        if who in self.offers:
            self.offers[who].over = True
        if len(fit) == 1:
            self._judged(fit[0], Act.PROGRESS, who, receipt, self.models[fit[0]].after(Act.PROGRESS, who, None))
        elif not fit:
            assert receipt.result.state in REFUSED
            assert receipt.result.outcome == (Why.WRONG_STATE if len(mine) == 1 else Why.NO_TICKET)
        elif receipt.result.state is not MoState.SUPPRESSED:
            assert (receipt.result.state, receipt.result.outcome) == (MoState.ASKED, Why.SEVERAL_TICKETS)
            self.offers.pop(who, None)
            at = data.draw(st.integers(0, len(fit) - 1))
            picked = self.stage.sms(who, data.draw(st.sampled_from((f"{at + 1}", fit[at]))))
            self._judged(fit[at], Act.PROGRESS, who, picked, self.models[fit[at]].after(Act.PROGRESS, who, None))

    @rule(minutes=st.sampled_from((6, 20, 130, 700)))
    def time_passes(self, minutes: int) -> None:
        """Clocks strike, rosters turn, nights end; no ticket is moved by that."""
        before = {code: self.stage.ticket(code) for code in self.models}
        self.stage.pass_time(minutes * 60_000)
        self._what_was_resolved_long_ago_is_closed(before)

    @rule()
    def it_was_down(self) -> None:
        """Hours in which nothing ran: what is due is told when it is there again."""
        before = {code: self.stage.ticket(code) for code in self.models}
        self.a_restart()
        self.stage.clock.go_on(hours=5)
        self.stage.sweep()
        self._what_was_resolved_long_ago_is_closed(before)
        self.stage.deliver()

    @rule()
    def a_restart(self) -> None:
        before = self.stage
        before.close()
        self.stage = Stage.set_up(f"sqlite:///{self.folder / 'stage.db'}", sample_chart(), before.clock)
        self.stage.sent, self.stage.seen = before.sent, before.seen

    @rule(code=codes, act=st.sampled_from(AT_DESK), who=st.sampled_from((*PEOPLE, *DISPATCHERS)))
    def somebody_at_a_desk(self, code: str, act: Act, who: str) -> None:
        before = self.stage.ticket(code)
        expected = self.models[code].after(act, who, None)
        self._pass_time()
        done = self.stage.act(who, act, code, "原因")
        if isinstance(expected, Model):
            assert isinstance(done, Acted), done
            if act is Act.REOPEN:
                self.moved[code] = who, self.stage.clock(), self.models[code].holder
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
        before = {code: self.stage.ticket(code) for code in self.models}
        self.stage.clock.go_on(hours=73)
        self.stage.sweep()
        self._what_was_resolved_long_ago_is_closed(before)

    def _what_was_resolved_long_ago_is_closed(self, before: dict[str, Ticket]) -> None:
        """Three days ago; the invariants see that it is. No other ticket is moved by time."""
        for code, ticket in before.items():
            resolved_at = ticket.ended_at if ticket.state is State.RESOLVED else None
            if resolved_at is None or resolved_at >= self.stage.clock() - THREE_DAYS:
                assert self.stage.ticket(code) == ticket
            else:
                closed = self.models[code].after(Act.CLOSE, None, None)
                assert isinstance(closed, Model)
                self.models[code] = closed

    def _open(self, whom: Whom, opener: str) -> str:
        self._pass_time()
        done = self.stage.open(target=whom.typed, by=opener)
        self.models[done.ticket.code] = Model(opener, whom, whom.path)
        return done.ticket.code

    def _text(self, code: str, act: Act, who: str, whom: Whom, *, after: int = 180) -> None:
        before = self.stage.ticket(code)
        expected = self.models[code].after(act, who, whom if act in WITH_TARGET else None)
        self.stage.clock.go_on(seconds=after)
        asked = isinstance(expected, Model) and self._is_asked(code, act, who)
        receipt = self.stage.sms(who, BY_SMS[act].format(code=code, target=whom.typed))
        if who in self.offers:
            self.offers[who].over = True
        if asked and receipt.result.state is not MoState.SUPPRESSED:
            assert (receipt.result.state, receipt.result.outcome) == (MoState.ASKED, Why.MOVED_LATELY)
            assert self.stage.ticket(code) == before
            self.offers.pop(who, None)
            receipt = self.stage.sms(who, "Y")
        elif asked:
            expected = Why.MOVED_LATELY
        self._judged(code, act, who, receipt, expected)

    def _is_asked(self, code: str, act: Act, who: str) -> bool:
        """Whether somebody else has just moved it, and who texts doesn't hold it, was not told that they do, or held it
        before as well."""
        if code not in self.moved:
            return False
        by, at, before = self.moved[code]
        lately = self.stage.clock() - at < TWO_MINUTES
        if lately and by == who:
            return act is Act.RETURN and "holder" not in self.models[code].parts(who)
        if not lately or act not in (Act.TRANSFER, Act.ACCEPT, Act.RETURN):
            return False
        if "holder" not in self.models[code].parts(who):
            return act is not Act.RETURN
        noticed = when_noticed(self.stage, code, who)
        knew = before.means(who) and any(made < at for made in noticed)
        return act is not Act.ACCEPT and (knew or not any(made >= at for made in noticed))

    def _judged(self, code: str, act: Act, who: str, receipt: Receipt, expected: Model | Why | None) -> None:
        assert receipt.mo_id is not None
        if isinstance(expected, Model):
            assert receipt.result.state is MoState.APPLIED, receipt
            assert receipt.result.ticket_hop == expected.hop
            assert receipt.answer
            if act is Act.RETURN:
                # handed back, or no longer helping: who held it is not told that they helped, and a unit leaves as such
                before = self.models[code]
                units = [unit.path[-1] for unit in before.helpers if unit.path and unit.means(who) and not unit.people]
                left = f"{'、'.join(units) or '您'}已退出"
                assert receipt.answer.startswith("已退回" if before.holder.means(who) else left)
            if receipt.answer.startswith(("已转派", "已退回")):
                self.moved[code] = who, self.stage.clock(), self.models[code].holder
            self.applied.append(receipt.mo_id)
            self.models[code] = expected
            self.knowing.learn(self.models)
            return
        assert receipt.result.state in REFUSED, receipt
        assert expected is None or receipt.result.outcome == expected
        assert (receipt.answer is None) == (receipt.result.state is MoState.SUPPRESSED)
        # what it did to the ticket, which is nothing, the invariant sees

    def _asked_about(self, who: str) -> int | None:
        """The hop of the ticket that somebody's offer is tied to."""
        phone = self.stage.phone_of(who)
        question = self.stage.store.writer.write_now(lambda unit: unit.question(phone))
        assert question is not None
        return question.options[0].hop

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
            assert (ticket.held_at is not None) == (model.state == "held")
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
    def every_ticket_has_the_clocks_of_its_state(self) -> None:
        """A dispatched one both, an accepted one that to resolve, all others none; each with a step to come."""
        with self.stage.store.engine.connect() as connection:
            rows = connection.execute(select(clocks.c.ticket_id, clocks.c.clock, clocks.c.step)).all()
        runs: dict[str, tuple[str, ...]] = {"dispatched": ("accept", "resolve"), "accepted": ("resolve",)}
        for code, model in self.models.items():
            ticket = self.stage.ticket(code)
            found = sorted(clock for ticket_id, clock, _ in rows if ticket_id == ticket.id)
            assert found == list(runs.get(model.state, ()))
        assert all(step > 0 for _, _, step in rows)

    @invariant()
    def no_step_of_a_clock_is_told_twice(self) -> None:
        of_clock = (hops.c.ticket_id, hops.c.raw, hops.c.opinion, hops.c.accept_by, hops.c.resolve_by)
        with self.stage.store.engine.connect() as connection:
            rows = connection.execute(
                select(*of_clock, hops.c.kind).where(hops.c.no.is_(None), hops.c.refused.is_(None))
            ).all()
        told = Counter(
            (ticket_id, clock, words, accept_by if clock == "accept" else resolve_by)
            for ticket_id, clock, words, accept_by, resolve_by, kind in rows
            if kind != "passed"
        )
        assert all(count == 1 for count in told.values()), told

    @invariant()
    def nobody_is_told_of_a_ticket_that_they_may_not_know(self) -> None:
        self.knowing.learn(self.models)
        with self.stage.store.engine.connect() as connection:
            rows = connection.execute(
                select(mts.c.id, mts.c.phone, tickets.c.code, mts.c.text)
                .join(tickets, tickets.c.id == mts.c.ticket_id)
                .where(mts.c.id > self.looked_at)
                .order_by(mts.c.id)
            ).all()
        for mt_id, phone, code, text in rows:
            assert self.knowing.may(self._owner(phone), code), f"{phone} was told: {text}"
            self.looked_at = mt_id

    def _owner(self, phone: str) -> str:
        owner = self.stage.charts.current.who_calls(phone)
        assert owner is not None
        return str(owner)

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
