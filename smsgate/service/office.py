"""The office: every use case behind one desk. Its methods run inside the writer's transaction."""

from __future__ import annotations

from collections.abc import Callable

from grammar import Diagnosis
from routing.chart import Chart
from routing.model import Act, Recipient, Target
from routing.reach import reach
from routing.turns import Turns
from smsgate.domain.clocks import Ring
from smsgate.domain.hop import Origin
from smsgate.domain.messages import MobileOriginated, MoState
from smsgate.domain.refusals import Refusal, Why
from smsgate.domain.states import State
from smsgate.domain.ticket import Ticket
from smsgate.service.acting import Wish, do, misread, refuse
from smsgate.service.alarms import Alarm, raise_alarm
from smsgate.service.charts import ChartInForce
from smsgate.service.correlate import by_reference
from smsgate.service.handover import duty_changed, hand_over
from smsgate.service.incomplete import give_up
from smsgate.service.letting_go import let_go
from smsgate.service.opening import open_requested
from smsgate.service.operators import tell_of_away, tell_of_late, tell_of_unknown
from smsgate.service.ports import Ledger, MoResult
from smsgate.service.receiving import handle, receive
from smsgate.service.refusing import diagnosis_sentence, sentence
from smsgate.service.requests import Acted, ActRequest, OpenRequest, Receipt
from smsgate.service.ringing import strike
from smsgate.service.rules import MINUTE, Rules
from smsgate.service.scene import Scene
from smsgate.service.targets import read_target
from smsgate.service.wording import Words

CLOSED_AT_ONCE = 100
"""Tickets that one sweep closes at most, so that no message waits for it."""


class Office:
    """Knows the chart in force, the rules and the time; keeps nothing else that can't be looked up again."""

    def __init__(self, charts: ChartInForce, rules: Rules, clock: Callable[[], int]) -> None:
        self._charts = charts
        self.rules = rules
        self._clock = clock
        self._turns = Turns()
        self._reached: dict[Target, tuple[Recipient, ...]] = {}
        self._reached_in: tuple[Chart, int] | None = None

    def receive(self, ledger: Ledger, mo: MobileOriginated) -> Receipt:
        """A message has arrived: keep it and do what it says."""
        return receive(self.scene(ledger), mo)

    def give_up(self, ledger: Ledger, mo: MobileOriginated, why: str, *, ask: bool) -> Receipt:
        """A long message has not come whole: keep and show what came, `ask` for it again."""
        return give_up(self.scene(ledger), mo, why, ask=ask)

    def set_aside(self, ledger: Ledger, mo: MobileOriginated, why: str) -> Receipt:
        """Keep and show a message that is nobody's command, and answer nobody: a machine's."""
        mo_id = ledger.add_mo(mo)
        result = MoResult(MoState.DUPLICATE if mo_id is None else MoState.SUPPRESSED, detail=why)
        if mo_id is not None:
            ledger.settle_mo(mo_id, result)
        return Receipt(mo_id, result)

    def alarm(self, ledger: Ledger, mo: MobileOriginated, alarm: Alarm) -> Receipt:
        """A fault that a machine tells of: opens a ticket, or joins the one that it has."""
        return raise_alarm(self.scene(ledger), mo, alarm)

    def open(self, ledger: Ledger, request: OpenRequest) -> Acted | Refusal | Diagnosis:
        """Open a ticket."""
        scene = self.scene(ledger)
        opened = _unknown(scene, request, Act.OPEN) or open_requested(scene, request)
        return _logged(scene, request, Act.OPEN, opened)

    def act(self, ledger: Ledger, request: ActRequest) -> Acted | Refusal | Diagnosis:
        """Do something to a ticket, other than by SMS; the answer is the return value."""
        scene = self.scene(ledger)
        ticket = _unknown(scene, request, request.act) or by_reference(
            scene, request.actor, request.ticket, request.act
        )
        if isinstance(ticket, Refusal):
            return _logged(scene, request, request.act, ticket)
        return _logged(scene, request, request.act, _acted(scene, request, ticket), ticket)

    def replay(self, ledger: Ledger, mo_id: int, *, force: bool = False) -> Receipt | Refusal:
        """Run a shunted message again; refused if its ticket has moved since, unless forced.

        Raises LookupError if there is no such shunted message.
        """
        scene = self.scene(ledger)
        found = ledger.mo(mo_id)
        if found is None or found[1].state is not MoState.SHUNTED:
            raise LookupError(f"no shunted message {mo_id}")
        mo, was = found
        if was.ticket_id is not None and not force:
            ticket = ledger.ticket(was.ticket_id)
            if ticket.hop != was.ticket_hop:
                return Refusal(Why.STALE, None, ticket, *ledger.last_act(ticket.id))
        return handle(scene, mo, mo_id, again=True)

    def strike(self, ledger: Ledger, ring: Ring) -> None:
        """A clock's next step is due."""
        strike(self.scene(ledger), ring)

    def let_go(self, ledger: Ledger) -> int:
        """SMS that have waited for others, or for the morning, go out; how many had waited."""
        return let_go(self.scene(ledger))

    def hand_over(self, ledger: Ledger) -> None:
        """Who has come on duty by a roster hears of the open tickets."""
        hand_over(self.scene(ledger), self._turns)

    def close_resolved(self, ledger: Ledger) -> int:
        """Close the tickets that have been resolved for long enough; how many."""
        scene = self.scene(ledger)
        due = ledger.resolved_before(scene.at - self.rules.close_after, CLOSED_AT_ONCE)
        for ticket in due:
            do(scene, ticket, Wish(Act.CLOSE, None), Origin("system"))
        return len(due)

    def tell_of_late(self, ledger: Ledger, ticket_id: int, phone: str) -> None:
        """A notice hasn't gone out by its accept-by: the dispatchers hear of it."""
        tell_of_late(self.scene(ledger), ledger.ticket(ticket_id), phone)

    def tell_of_unknown(self, ledger: Ledger, ticket_id: int, phone: str) -> None:
        """An urgent notice is unknown for five minutes: the dispatchers hear of it."""
        tell_of_unknown(self.scene(ledger), ledger.ticket(ticket_id), phone)

    def chart_changed(self, ledger: Ledger, before: Chart) -> None:
        """Another chart is in force; nothing moves.

        The next above hears of tickets whose holder can't be told now, and who is on duty thereby of the open ones.
        """
        scene = self.scene(ledger)
        for ticket in ledger.all_live():
            if ticket.state is State.RESOLVED or scene.reachable(ticket.holder):
                continue
            if reach(before, ticket.holder, scene.moment):
                tell_of_away(scene, ticket)
        duty_changed(scene, before)

    def say(self, no: Refusal | Diagnosis) -> str:
        """A refusal or diagnosis as a sentence."""
        words = self._words()
        return sentence(words, no) if isinstance(no, Refusal) else diagnosis_sentence(words, no)

    def scene(self, ledger: Ledger) -> Scene:
        """The surroundings of a use case in this transaction."""
        words = self._words()
        return Scene(ledger, words.chart, self.rules, words.at, words, self._reached_now(words))

    def _reached_now(self, words: Words) -> dict[Target, tuple[Recipient, ...]]:
        now = (words.chart, words.at // MINUTE)
        if now != self._reached_in:
            self._reached, self._reached_in = {}, now
        return self._reached

    def _words(self) -> Words:
        return Words(self._charts.current, self.rules, self._clock())


def _unknown(scene: Scene, request: OpenRequest | ActRequest, act: Act) -> Refusal | None:
    if scene.chart.knows(request.actor):
        return None
    return Refusal(Why.UNKNOWN_ACTOR, act, typed=str(request.actor))


def _acted(scene: Scene, request: ActRequest, ticket: Ticket) -> Acted | Refusal | Diagnosis:
    wish = Wish(request.act, request.actor, request.text.strip(), None, request.hop)
    if request.act in (Act.TRANSFER, Act.ASSIST):
        target = read_target(request.target, scene.chart)
        if isinstance(target, Refusal | Diagnosis):
            return target
        wish = Wish(request.act, request.actor, wish.text, target, request.hop)
    return do(scene, ticket, wish, Origin(request.channel, target_typed=request.target, desk=request.desk))


def _logged(
    scene: Scene,
    request: OpenRequest | ActRequest,
    act: Act,
    done: Acted | Refusal | Diagnosis,
    ticket: Ticket | None = None,
) -> Acted | Refusal | Diagnosis:
    """What came of a request; a «no» stands in the log, with the ticket that it is about."""
    origin = Origin(request.channel, target_typed=request.target, desk=request.desk)
    if isinstance(done, Refusal):
        refusal = done._replace(act=done.act or act, ticket=done.ticket or ticket)
        refuse(scene, refusal, request.actor, request.text, origin)
    elif isinstance(done, Diagnosis):
        misread(scene, done, act, request.actor, request.text, origin, ticket)
    return done
