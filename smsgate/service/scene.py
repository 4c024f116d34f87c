"""What a use case works in: the ledger of this transaction, the chart of this moment, the rules, the time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from routing.chart import Chart
from routing.model import Actor, Recipient, Target
from routing.reach import reach
from smsgate.domain.messages import MobileTerminated, MtClass, MtKind
from smsgate.service.ports import Ledger
from smsgate.service.rules import ANSWER_LIVES, Rules
from smsgate.service.segments import measure
from smsgate.service.wording import Words


class Scene(NamedTuple):
    """One transaction's surroundings. `at` is milliseconds since the epoch."""

    ledger: Ledger
    chart: Chart
    rules: Rules
    at: int
    words: Words
    reached: dict[Target, tuple[Recipient, ...]]
    """Whom targets have been found to mean by this chart in this minute; rosters hand over at full minutes."""

    def reachable(self, target: Target) -> bool:
        """Whether anybody of a target can be told."""
        return bool(self.reach(target))

    def reach(self, target: Target) -> tuple[Recipient, ...]:
        """Whom to tell of it now; looked up once a minute."""
        found = self.reached.get(target)
        if found is None:
            found = self.reached[target] = reach(self.chart, target, self.moment)
        return found

    @property
    def moment(self) -> datetime:
        """The time as rosters read it."""
        return datetime.fromtimestamp(self.at / 1000, UTC)

    def answer(
        self,
        phone: str,
        actor: Actor | None,
        text: str,
        account: str,
        mo_id: int | None,
        ticket_id: int | None,
        code: str | None = None,
    ) -> int:
        """Queue the one SMS that answers a command; `code`: of the one ticket that it is about."""
        provider = self.rules.account_for(phone, MtClass.ANSWER, account)
        measured = measure(text, self.rules.manner(provider))
        return self.ledger.enqueue(
            MobileTerminated(
                phone=phone,
                text=text,
                kind=MtKind.ANSWER,
                klass=MtClass.ANSWER,
                provider=provider,
                segments=measured.segments,
                encoding=measured.encoding,
                created_at=self.at,
                account=actor.account if actor is not None else None,
                role="actor",
                ticket_id=ticket_id,
                mo_id=mo_id,
                valid_until=self.at + ANSWER_LIVES,
                source=self.rules.source(provider, code),
            )
        )
