"""A long message of which not all parts came: kept, shown, never carried out (spec/messages.md «In», 6)."""

from __future__ import annotations

from smsgate.domain.messages import MobileOriginated, MoState
from smsgate.service.loops import loops
from smsgate.service.operators import tell_of_incomplete
from smsgate.service.ports import MoResult
from smsgate.service.requests import Receipt
from smsgate.service.scene import Scene
from smsgate.service.segments import cut

SHOWN = 24
"""UTF-16 units of what came that its sender is shown, so that they know which one it was: the rest is in the log."""


def give_up(scene: Scene, mo: MobileOriginated, why: str, *, ask: bool) -> Receipt:
    """Keep what came of it, as `mo`; `ask` the sender to send it again, and tell the dispatchers.

    Not a number that nobody knows, nor what would answer in turn.
    """
    mo_id = scene.ledger.add_mo(mo)
    if mo_id is None:
        return Receipt(None, MoResult(MoState.DUPLICATE))
    actor = None if scene.rules.is_ours(mo.sender) else scene.chart.who_calls(mo.sender)
    result = MoResult(MoState.INCOMPLETE, detail=why, actor=actor)
    text: str | None = None
    if ask and actor is not None and loops(scene, mo, mo_id, result) is None:
        text = scene.words.fit("no.parts", opinion=cut(mo.text, SHOWN))
        scene.answer(mo.sender, actor, text, mo.account, mo_id, None)
        tell_of_incomplete(scene, mo._replace(text=cut(mo.text, SHOWN)))
    scene.ledger.settle_mo(mo_id, result)
    return Receipt(mo_id, result, text)
