"""Users of the desk, and who failed to sign in: what the writer does with them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from smsgate.domain.desk import FAILURES_KEPT, Role, locked_for
from smsgate.store.desk_tables import desk_failures, desk_users
from smsgate.store.statements import Statement, insert_row
from smsgate.store.unit_of_work import UnitOfWork


class NameTaken(Exception):  # noqa: N818 - it is the name that is
    """There is a user of that name already."""


class LastAdmin(Exception):  # noqa: N818 - it is what they are
    """Nobody else could let anybody in."""


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user to be added."""

    name: str
    """Folded."""
    shown: str
    role: Role
    password: str | None = None
    """Its hash."""
    account: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A user as the writer sees them."""

    id: int
    name: str
    shown: str
    role: Role
    password: str | None
    account: str | None
    disabled: bool
    language: str | None


def folded(name: str) -> str:
    """A name as it is kept and compared: without blanks around, small letters."""
    return name.strip().casefold()


def name_digest(name: str) -> str:
    """What is kept of a name that somebody failed to sign in with."""
    return hashlib.sha256(folded(name).encode("utf-8", "surrogatepass")).hexdigest()


_ADD = insert_row(desk_users)
_COLUMNS = tuple(
    desk_users.c[name] for name in ("id", "name", "shown", "role", "password", "account", "disabled", "language")
)
_BY_NAME = Statement(select(*_COLUMNS).where(desk_users.c.name == bindparam("name_")))
_BY_ID = Statement(select(*_COLUMNS).where(desk_users.c.id == bindparam("id_")))
_BY_SUBJECT = Statement(select(*_COLUMNS).where(desk_users.c.subject == bindparam("subject_")))
_ANY = Statement(select(desk_users.c.id).limit(1))
_OTHER_ADMINS = Statement(
    select(func.count()).where(
        desk_users.c.role == Role.ADMIN.value, desk_users.c.disabled.is_(False), desk_users.c.id != bindparam("id_")
    )
)


def _setting(column: str) -> Statement:
    return Statement(
        update(desk_users).where(desk_users.c.id == bindparam("id_")).values({column: bindparam("value_")})
    )


_SET = {
    name: _setting(name)
    for name in ("shown", "password", "role", "account", "disabled", "language", "last_login_at", "subject")
}
_FAILED = Statement(
    select(desk_failures.c.failures, desk_failures.c.locked_until, desk_failures.c.at).where(
        desk_failures.c.digest == bindparam("digest_")
    )
)
_FORGIVE = Statement(delete(desk_failures).where(desk_failures.c.digest == bindparam("digest_")))
_FAIL_FIRST = insert_row(desk_failures)
_OLD_FAILURES = Statement(delete(desk_failures).where(desk_failures.c.at < bindparam("before_")))


def add_user(unit: UnitOfWork, new: NewUser, at: int) -> int:
    """Add a user; the id. Raises NameTaken."""
    if user_named(unit, new.name) is not None:
        raise NameTaken(new.name)
    given: dict[str, Any] = {column.name: None for column in desk_users.c if column.name != "id"}
    given |= {"name": new.name, "shown": new.shown, "role": new.role.value, "password": new.password}
    given |= {"account": new.account, "subject": new.subject, "disabled": False, "created_at": at}
    unit.touch("desk")
    return unit.session.insert(_ADD, given)


def any_user(unit: UnitOfWork) -> bool:
    """Whether there is a user at all."""
    return unit.session.one(_ANY, {}) is not None


def user_named(unit: UnitOfWork, name: str) -> Known | None:
    """The user of that name."""
    return _read(unit.session.one(_BY_NAME, {"name_": folded(name)}))


def user_by_id(unit: UnitOfWork, user_id: int) -> Known | None:
    """The user of that id."""
    return _read(unit.session.one(_BY_ID, {"id_": user_id}))


def user_of_subject(unit: UnitOfWork, subject: str) -> Known | None:
    """The user that an OIDC issuer knows as that."""
    return _read(unit.session.one(_BY_SUBJECT, {"subject_": subject}))


def set_user(unit: UnitOfWork, user_id: int, column: str, value: Any) -> None:
    """Change one thing about a user. Raises LastAdmin where nobody could let anybody in afterwards."""
    value = value.value if isinstance(value, Role) else value
    takes_away = (column == "role" and value != Role.ADMIN.value) or (column == "disabled" and value)
    if takes_away:
        user = user_by_id(unit, user_id)
        row = unit.session.one(_OTHER_ADMINS, {"id_": user_id})
        if user is not None and user.role is Role.ADMIN and not user.disabled and (row is None or not row[0]):
            raise LastAdmin(user.name)
    unit.touch("desk")
    unit.session.run(_SET[column], {"id_": user_id, "value_": value})


def try_to_sign_in(unit: UnitOfWork, name: str, at: int) -> int:
    """Count a try before its password is looked at, so that many at once are no way round the lock.

    Answers until when the name is locked; 0: the try is on. Names that nobody has are counted alike.
    """
    digest = name_digest(name)
    row = unit.session.one(_FAILED, {"digest_": digest})
    failures = 0
    if row is not None:
        if row[1] > at:
            return int(row[1])
        failures = int(row[0]) if row[2] > at - FAILURES_KEPT else 0
    failures += 1
    unit.session.run(_FORGIVE, {"digest_": digest})
    locked = locked_for(failures)
    values = {"digest": digest, "failures": failures, "locked_until": at + locked if locked else 0, "at": at}
    unit.session.run(_FAIL_FIRST, values)
    return 0


def locked_until(unit: UnitOfWork, name: str, at: int) -> int:
    """Until when that name is locked; 0: it is not."""
    row = unit.session.one(_FAILED, {"digest_": name_digest(name)})
    return int(row[1]) if row is not None and row[1] > at else 0


def forgive(unit: UnitOfWork, name: str) -> None:
    """Forget that name's failures."""
    unit.session.run(_FORGIVE, {"digest_": name_digest(name)})


def purge_failures(unit: UnitOfWork, at: int) -> None:
    """Forget what is too old to count."""
    unit.session.run(_OLD_FAILURES, {"before_": at - FAILURES_KEPT})


def _read(row: Any) -> Known | None:
    if row is None:
        return None
    return Known(int(row[0]), row[1], row[2], Role(row[3]), row[4], row[5], bool(row[6]), row[7])
