"""A ticket's story: hops, messages in and messages out, joined in the order in which they happened."""

from __future__ import annotations

from dataclasses import dataclass

from smsgate.domain.messages import MtKind
from smsgate.store.queries import MoRow, MtWay, Timeline, TransferRow


@dataclass(frozen=True, slots=True)
class Step:
    """A hop with what caused it and what it caused; or messages that belong to no hop."""

    at: int
    hop: TransferRow | None
    mo: MoRow | None
    mts: tuple[MtWay, ...]

    @property
    def told_at(self) -> int | None:
        """When the first of its notices goes, while all of them wait; else None."""
        waits = [way.mt.gather_until for way in self.mts if way.mt.kind == MtKind.NOTICE]
        return min((until for until in waits if until is not None), default=None) if None not in waits else None


def told_story(line: Timeline) -> list[Step]:
    """Newest first. An MO that caused several hops, or MTs that answer it, stand at its last one."""
    mos = {mo.id: mo for mo in line.mos}
    by_hop: dict[int, list[MtWay]] = {}
    by_mo: dict[int, list[MtWay]] = {}
    loose: list[MtWay] = []
    for way in line.mts:
        if way.mt.hop_id is not None:
            by_hop.setdefault(way.mt.hop_id, []).append(way)
        elif way.mt.mo_id is not None:
            by_mo.setdefault(way.mt.mo_id, []).append(way)
        else:
            loose.append(way)
    steps = []
    for hop in reversed(line.hops):
        mo = mos.pop(hop.mo_id, None) if hop.mo_id is not None else None
        answers = by_mo.pop(mo.id, []) if mo is not None else []
        steps.append(Step(hop.at, hop, mo, tuple(by_hop.get(hop.id, []) + answers)))
    steps += [Step(mo.received_at, None, mo, tuple(by_mo.pop(mo.id, []))) for mo in mos.values()]
    steps += [Step(way.mt.created_at, None, None, (way,)) for way in loose]
    return sorted(steps, key=lambda step: -step.at)
