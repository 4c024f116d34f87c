"""Tickets and who has to do with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, bindparam, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert

from routing.model import Kind, Party, Target, UnitPath
from smsgate.domain.states import State
from smsgate.domain.ticket import Ticket
from smsgate.store.rows import (
    OF_STATE,
    STANDING,
    TICKET_COLUMNS,
    party_keys,
    read_party,
    read_ticket,
    unit_key,
    write_path,
    write_standing,
    write_ticket,
)
from smsgate.store.rows_base import Rows
from smsgate.store.statements import Statement, insert_row
from smsgate.store.tables import mts, parties, tickets
from smsgate.store.told import SHOWS, TELLS

_whole = select(*TICKET_COLUMNS)
# as the partial indices say it: SQLite uses none of them for `live = 1`
_LIVE: ColumnElement[bool] = literal_column("tickets.live")
# which ticket, and how far it is: its newest hop says whether what is kept of it in memory is still so
_which = select(tickets.c.id, tickets.c.hop)
_BY_ID = Statement(_whole.where(tickets.c.id == bindparam("ticket_id")))
_HOP_OF = Statement(_which.where(tickets.c.id == bindparam("ticket_id")))
# a live ticket's code is its own; of those that had it before, the newest counts
_BY_LIVE_CODE = Statement(_which.where(tickets.c.code == bindparam("code"), _LIVE))
_BY_PAST_CODE = Statement(_which.where(tickets.c.code == bindparam("code")).order_by(tickets.c.id.desc()).limit(1))
_BY_NUMBER = Statement(_which.where(tickets.c.number == bindparam("number")))
_RESOLVED_BEFORE = Statement(
    _whole.where(tickets.c.state == State.RESOLVED.value, tickets.c.ended_at < bindparam("before"))
    .order_by(tickets.c.ended_at)
    .limit(bindparam("most"))
)
_ALL_LIVE = Statement(_whole.where(_LIVE).order_by(tickets.c.id))
# people who hold it by name have no roster that hands it over
_HELD_BY_UNITS = Statement(
    _whole.where(
        _LIVE, tickets.c.holder.not_like('{"kind":"people"%'), tickets.c.state != State.RESOLVED.value
    ).order_by(tickets.c.id)
)
_EARLIER = Statement(
    select(tickets.c.id).where(tickets.c.code == bindparam("code"), tickets.c.id < bindparam("before")).limit(1)
)
# of the few live tickets each one's messages, not of the phone's years of messages those about live tickets; with
# DISTINCT, SQLite would look through all tickets in the order of their ids
_TOLD_LIVE = Statement(
    select(tickets.c.id)
    .join(mts, mts.c.ticket_id == tickets.c.id)
    .where(
        _LIVE,
        tickets.c.holder > literal_column("''"),  # each has one: SQLite reads the live ones' index for it, not all
        or_(mts.c.account == bindparam("account"), mts.c.phone == bindparam("phone")),
        TELLS,
    )
)
# of the code's few tickets from the newest on, until there is one of which they were told
_TOLD_OF_CODE = Statement(
    _which.join(mts, mts.c.ticket_id == tickets.c.id)
    .where(
        tickets.c.code == bindparam("code"),
        or_(mts.c.account == bindparam("account"), mts.c.phone == bindparam("phone")),
        SHOWS,
    )
    .order_by(tickets.c.id.desc())
    .limit(1)
)
_LIVE_IDS = Statement(select(parties.c.ticket_id).where(parties.c.key == bindparam("key"), parties.c.live).distinct())
_ADD = insert_row(tickets)


def _saving(names: Sequence[str]) -> Statement:
    return Statement(
        update(tickets).where(tickets.c.id == bindparam("ticket_id")).values({name: bindparam(name) for name in names}),
        (*names, "ticket_id"),
    )


_SAVE = _saving(STANDING)
# whatever is named in an UPDATE, SQLite writes anew in every index that has it, changed or not: where the state stays,
# two are left alone
_MOVE = _saving(STANDING[: -len(OF_STATE)])
_PARTIES = Statement(
    select(parties.c.role, parties.c.key, parties.c.path).where(parties.c.ticket_id == bindparam("ticket_id"))
)
_tie = postgres_insert(parties).values({column.name: bindparam(column.name) for column in parties.columns})
_TIE = Statement(
    _tie.on_conflict_do_update(
        index_elements=[parties.c.ticket_id, parties.c.key, parties.c.path],
        set_={"role": _tie.excluded.role},
    ),
    parties.columns.keys(),
)
_END_PARTIES = Statement(
    update(parties).where(parties.c.ticket_id == bindparam("ticket_id")).values(live=bindparam("live"))
)


class TicketRows(Rows):
    """The part that knows `tickets` and `parties`."""

    def ticket(self, ticket_id: int) -> Ticket:
        """By id. Raises LookupError where there is none."""
        kept = self.session.tickets
        found = (kept.get(ticket_id) if kept.sure else None) or self._one(_HOP_OF, ticket_id=ticket_id)
        if found is None:
            raise LookupError(f"no ticket {ticket_id}")
        return found

    def ticket_by_code(self, code: str) -> Ticket | None:
        """The live ticket of that code, else the one that had it last."""
        kept = self.session.tickets
        found = kept.live(code) if kept.sure else None
        return found or self._one(_BY_LIVE_CODE, code=code) or self._one(_BY_PAST_CODE, code=code)

    def ticket_by_number(self, number: str) -> Ticket | None:
        """By number."""
        return self._one(_BY_NUMBER, number=number)

    def live_tickets(self, accounts: Sequence[str], units: Sequence[UnitPath], dispatchers: bool) -> tuple[Ticket, ...]:
        """The tickets neither closed nor cancelled that any of these is a party of, oldest first."""
        keys = [f"@{account}" for account in accounts] + [unit_key(unit) for unit in units]
        keys += ["!"] if dispatchers else []
        ids = {row[0] for key in keys for row in self.session.all(_LIVE_IDS, {"key": key})}
        return tuple(self.ticket(ticket_id) for ticket_id in sorted(ids))

    def told_live(self, account: str | None, phone: str | None) -> tuple[Ticket, ...]:
        """The tickets neither closed nor cancelled of which an MT told that account or phone, oldest first."""
        # what waits to be written, nobody has got
        rows = self.session.all(_TOLD_LIVE, {"account": account, "phone": phone}, apart=True)
        return tuple(self.ticket(ticket_id) for ticket_id in sorted({row[0] for row in rows}))

    def told_of_code(self, code: str, account: str | None, phone: str | None) -> Ticket | None:
        """The newest ticket that had the code and that an MT showed that account or phone."""
        return self._one(_TOLD_OF_CODE, code=code, account=account, phone=phone)

    def all_live(self) -> tuple[Ticket, ...]:
        """All tickets neither closed nor cancelled, oldest first."""
        return tuple(map(read_ticket, self.session.all(_ALL_LIVE, {})))

    def held_by_units(self) -> tuple[Ticket, ...]:
        """The open tickets, neither resolved nor ended, that no people hold by name, oldest first."""
        return tuple(map(read_ticket, self.session.all(_HELD_BY_UNITS, {})))

    def had_code_before(self, ticket: Ticket) -> bool:
        """Whether another ticket had its code before it."""
        return self.session.one(_EARLIER, {"code": ticket.code, "before": ticket.id}) is not None

    def resolved_before(self, before: int, most: int) -> tuple[Ticket, ...]:
        """Tickets resolved before that moment and not yet closed."""
        return tuple(map(read_ticket, self.session.all(_RESOLVED_BEFORE, {"before": before, "most": most})))

    def parties(self, ticket_id: int) -> tuple[Party, ...]:
        """All ties to a ticket, present and past."""
        return tuple(read_party(*row) for row in self.session.all(_PARTIES, {"ticket_id": ticket_id}))

    def add_ticket(self, ticket: Ticket) -> Ticket:
        """Keep a new one; answers it with its id."""
        self.touch("tickets")
        kept = ticket._replace(id=self.session.insert(_ADD, write_ticket(ticket)))
        if kept.opener is not None and kept.opener.account is not None:
            self._tie(kept, (Target(Kind.PEOPLE, None, (kept.opener.account,)),), "opener")
        self._tie(kept, (kept.holder,), "holder")
        return kept

    def save_ticket(self, before: Ticket, after: Ticket) -> None:
        """Write what changed, and who has to do with it from now on."""
        self.touch("tickets")
        self._save_standing(before, after)
        self.session.tickets.put(after)
        ends = before.state.ended != after.state.ended
        if ends:
            # whose a code is changes: nobody may look past it
            self.session.pending.written_for(("tickets",))
        self._save_parties(before, after)
        if ends:
            self.session.run(_END_PARTIES, {"ticket_id": after.id, "live": not after.state.ended})

    def _save_standing(self, before: Ticket, after: Ticket) -> None:
        """By the smaller statement where its state stays, and no larger one of the ticket's waits."""
        waiting = self.session.pending
        written_by = waiting.value("tickets", after.id)
        same_state = before.state is after.state and before.ended_at == after.ended_at
        statement = _MOVE if same_state and written_by is not _SAVE else _SAVE
        if written_by is _MOVE and statement is _SAVE:
            # rows of two statements do not keep their order
            waiting.written_for(("tickets",))
        standing = write_standing(after)
        values = standing if statement is _SAVE else standing[: -len(OF_STATE)]
        self.session.later(statement, (*values, after.id))
        waiting.remember("tickets", after.id, statement)

    def _save_parties(self, before: Ticket, after: Ticket) -> None:
        # who leaves first: a helper who becomes the holder is the holder
        if before.holder != after.holder:
            self._tie(after, (before.holder,), "held")
        if before.helpers != after.helpers:
            self._tie(after, before.helpers, "helped")
        if before.holder != after.holder:
            self._tie(after, (after.holder,), "holder")
        if before.helpers != after.helpers:
            self._tie(after, after.helpers, "helper")

    def _one(self, statement: Statement, **given: object) -> Ticket | None:
        """The ticket that a statement finds, from memory where no other hop has come since."""
        # which one a code or number means is in the rows, also of a ticket that waits to be written
        found = self.session.one(statement, given, apart=True)
        if found is None:
            return None
        ticket_id, hop = found
        kept = self.session.tickets.get(ticket_id)
        if kept is not None and (kept.hop == hop or self.session.pending.value("tickets", ticket_id)):
            return kept
        row = self.session.one(_BY_ID, {"ticket_id": ticket_id}, apart=True)
        assert row is not None  # noqa: S101 - it was there just now, in this transaction
        ticket = read_ticket(row)
        self.session.tickets.put(ticket)
        return ticket

    def _tie(self, ticket: Ticket, targets: Iterable[Target], role: str) -> None:
        live = not ticket.state.ended
        for target in targets:
            path = write_path(target.path) or ""
            for key in party_keys(target):
                self.session.later(_TIE, (ticket.id, key, path, role, live))
