"""The model of the ticket engine: the table of spec/tickets.md told once more, by hand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from routing.model import Act
from smsgate.domain.refusals import Why

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

    @property
    def live(self) -> bool:
        """Neither closed nor cancelled."""
        return self.state not in ("closed", "cancelled")

    def moved_since(self, hop: int) -> bool:
        """Whether its holder or state may have changed since that hop."""
        return not {"assist", "progress", "urge"}.issuperset(self.hops[hop:])

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

    def _return(self, _act: Act, who: str, _target: object, held: bool) -> Model | Why:
        if not held:
            left = (self._less(helper, who) for helper in self.helpers)
            return self._went("return", helpers=tuple(helper for helper in left if helper is not None))
        holder, sent_to = self.trail[-1] if self.trail else (NOBODY_ELSE, self.sent_to)
        if holder == self.holder == NOBODY_ELSE:
            return Why.ALREADY_HOLDER
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


DUTY_PHONES = {"网管维护中心-核心维护室": ("核心维护室",)}
EVERYBODY = frozenset(PEOPLE).union(DISPATCHERS, LEADERS.values(), *GROUPS.values())
DESK = "dispatchers"
"""As the chart calls who answers the dispatchers' duty phone."""


class Knowing:
    """Who may know of which ticket: whoever has or had a part in it, or stood above it then."""

    def __init__(self) -> None:
        self._known: set[tuple[str, str]] = set()

    def learn(self, models: dict[str, Model]) -> None:
        """Who has a part now knows for ever."""
        for code, model in models.items():
            self._known |= {(who, code) for who in EVERYBODY if model.parts(who)}
            # who stands above somebody who holds or helps
            for whom in (model.holder, *model.helpers):
                path = whom.path or ()
                above = (LEADERS.get(path[:at]) for at in range(len(path) + 1) if whom.path is not None)
                self._known |= {(leader, code) for leader in above if leader is not None}
            self._known.add((DESK, code))
            for unit, path in DUTY_PHONES.items():
                if any(whom.path == path and not whom.people for whom in (model.holder, *model.helpers)):
                    self._known.add((unit, code))

    def may(self, who: str, code: str) -> bool:
        """Whether they may know of it."""
        return (who, code) in self._known


def without(helpers: tuple[Whom, ...], holder: Whom) -> tuple[Whom, ...]:
    """Who holds it by name helps no more."""
    left = []
    for helper in helpers:
        rest = helper.people - holder.people
        if (rest or not helper.people) and not helper.same(holder):
            left.append(replace(helper, people=rest))
    return tuple(left)
