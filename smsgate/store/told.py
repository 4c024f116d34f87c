"""Which SMS tell somebody of a ticket (spec/tickets.md «Ticket», «Which ticket is meant»)."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, exists, not_, or_

from smsgate.domain.messages import MoState, MtKind, MtState
from smsgate.store.leasing import in_state
from smsgate.store.tables import mos, mts

# what waits counts, it goes out or is taken back; and what is said to have failed: whose phone shows it knows better
_SHOWN = or_(mts.c.bundle_id.is_not(None), not_(in_state(mts.c.state, MtState.SUPPRESSED)))
_IS_NO_ANSWER = mts.c.kind != MtKind.ANSWER.value
_answers = (mos.c.id == mts.c.mo_id, mos.c.state == MoState.APPLIED.value)
TELLS = and_(_SHOWN, or_(_IS_NO_ANSWER, exists().where(*_answers, mos.c.ticket_hop.is_not(None))))
"""Those that say what has become of it: by somebody else, by the clock, or by who is answered. Merely asked about, a
ticket is nobody's."""
GIVES = and_(
    _SHOWN,
    mts.c.kind == MtKind.NOTICE.value,
    mts.c.role == "holder",
    or_(mts.c.bundle_id.is_not(None), mts.c.not_before <= bindparam("at")),
)
"""Those that have said whose it is now, to who holds it, by the moment `at`."""
SHOWS = and_(_SHOWN, or_(_IS_NO_ANSWER, exists().where(*_answers)))
"""Those as well that answer who looked it up; no question, and no refusal."""
