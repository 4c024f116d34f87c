"""Open questions: one row a sender."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import bindparam, delete, false, select, true, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert

from smsgate.domain.conversation import Ask, Option, Question
from smsgate.domain.messages import MtState
from smsgate.store.leasing import in_state
from smsgate.store.rows_base import Rows
from smsgate.store.statements import Statement
from smsgate.store.tables import conversations, mts

_names = conversations.columns.keys()
_put = postgres_insert(conversations).values({name: bindparam(name) for name in _names})
_PUT = Statement(
    _put.on_conflict_do_update(
        index_elements=[conversations.c.sender],
        set_={name: _put.excluded[name] for name in _names if name != "sender"},
    )
)
_OF = Statement(select(*conversations.columns).where(conversations.c.sender == bindparam("sender")))
_DROP = Statement(delete(conversations).where(conversations.c.sender == bindparam("sender")))
_OVER = Statement(
    update(conversations)
    .where(conversations.c.sender == bindparam("of"), conversations.c.over == false())
    .values(over=true()),
    ("of",),
)
_FORGET = Statement(delete(conversations).where(conversations.c.asked_at < bindparam("before")))
# what waits or was taken back, the phone has never shown
_LAST_MT = Statement(
    select(mts.c.id)
    .where(
        mts.c.phone == bindparam("phone"),
        mts.c.gather_until.is_(None),
        ~in_state(mts.c.state, MtState.SUPPRESSED, MtState.EXPIRED),
    )
    .order_by(mts.c.id.desc())
    .limit(1)
)


class ConversationRows(Rows):
    """The part that knows `conversations`."""

    def question(self, sender: str) -> Question | None:
        """What the sender was asked last, open or over."""
        row = self.session.one(_OF, {"sender": sender})
        return None if row is None else _read(*row)

    def ask(self, question: Question) -> None:
        """The sender has been asked; what they were asked before is forgotten."""
        options = json.dumps(question.options, ensure_ascii=False)
        row = {**question._asdict(), "ask": question.ask.value, "options": options}
        self.session.run(_PUT, row)

    def question_over(self, sender: str) -> None:
        """A full command of the sender has come: what was asked before is open no more."""
        self.session.later(_OVER, (sender,))

    def forget_question(self, sender: str) -> None:
        """It has been answered, one way or another."""
        self.session.run(_DROP, {"sender": sender})

    def forget_questions(self, before: int) -> int:
        """Forget what was asked before that moment; how many."""
        return self.session.run(_FORGET, {"before": before})

    def last_mt_to(self, phone: str) -> int | None:
        """The newest SMS to a phone."""
        row = self.session.one(_LAST_MT, {"phone": phone})
        return None if row is None else row[0]


def _read(sender: str, ask: str, options: str, typed: str, asked_at: int, mt_id: int, over: Any) -> Question:
    # questions of an older smsgate end earlier
    read = tuple(Option(text, of, hop, tuple(names), *rest) for text, of, hop, names, *rest in json.loads(options))
    return Question(sender, Ask(ask), read, typed, asked_at, mt_id, bool(over))
