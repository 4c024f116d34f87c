"""Long messages in the writer's transaction: the last part's arrival, and what is over without one."""

from __future__ import annotations

from smsgate.domain.messages import MoPart
from smsgate.service.office import Office
from smsgate.service.requests import Receipt
from smsgate.store.part_rows import Group, GroupState, add_part, is_over, is_rest
from smsgate.store.part_sweep import AT_ONCE, forget_parts, late_groups, may_ask, undoubted_groups
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.workers.part_text import fragment_of, message_of

PART, REPEAT = "part", "part_repeat"


def take_part(unit: UnitOfWork, office: Office, part: MoPart, at: int) -> str:
    """Keep a part, and do what the message says that it makes whole; what has become of that, for who counts."""
    kept = add_part(unit, part)
    if kept.repeat:
        return REPEAT
    if kept.broken is not None:
        _give_up(unit, office, kept.broken, GroupState.BROKEN, at)
    if kept.whole is None:
        return PART
    return _hand_over(unit, office, kept.whole).result.state.value


def sweep(unit: UnitOfWork, office: Office, at: int) -> bool:
    """What no part decides any more; whether there is more of it to do at once."""
    sure, late = undoubted_groups(unit, at), late_groups(unit, at)
    for group in sure:
        _hand_over(unit, office, group)
    for group in late:
        if is_rest(unit, group.parts, at):
            is_over(unit, group, GroupState.REPEAT, None)
        else:
            _give_up(unit, office, group, GroupState.INCOMPLETE, at)
    forget_parts(unit, at)
    return AT_ONCE in (len(sure), len(late))


def _hand_over(unit: UnitOfWork, office: Office, group: Group) -> Receipt:
    # a bug in what the message does undoes that, not the parts
    with unit.savepoint():
        receipt = office.receive(unit, message_of(group))
    is_over(unit, group, GroupState.WHOLE, receipt.mo_id)
    return receipt


def _give_up(unit: UnitOfWork, office: Office, group: Group, state: GroupState, at: int) -> None:
    missing = ", ".join(map(str, group.missing))
    if state is GroupState.BROKEN:
        why = f"another long message began under its reference before all parts had come; missing: {missing or 'none'}"
    else:
        why = f"missing after 15 minutes: part {missing} of {group.parts[0].total}"
    receipt = office.give_up(unit, fragment_of(group), why, ask=may_ask(unit, group, at))
    is_over(unit, group, state, receipt.mo_id)
