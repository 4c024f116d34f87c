"""`smsgate user …` and `smsgate token …`: who may come to the desk. They work while the service runs."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from sqlalchemy import select

from smsgate.bootstrap import Core, Unfit, open_existing_core
from smsgate.cli.shown import warn_of_chart
from smsgate.clock import now
from smsgate.config import Settings
from smsgate.domain.desk import DAY, By, Role, Scope
from smsgate.service.passwords import LONGEST, SHORTEST, fault_of, hash_of
from smsgate.store.acts import Doer
from smsgate.store.desk import Hand, first_link
from smsgate.store.desk_tables import desk_failures, desk_users
from smsgate.store.desk_users import (
    Known,
    LastAdmin,
    NameTaken,
    NewUser,
    any_user,
    folded,
    name_digest,
    user_by_id,
    user_named,
)

T = TypeVar("T")

user_app = typer.Typer(no_args_is_help=True, help="Who may sign in at the desk.")
token_app = typer.Typer(no_args_is_help=True, help="What programs come in by.")

_FAULTS = {
    "short": f"too short: {SHORTEST} characters at least",
    "long": f"too long: {LONGEST} characters at most",
    "common": "too common or too regular, and soon guessed: take another sentence",
    "named": "it may not be a name of theirs or of the product alone",
}
_FIRST_LINK = "They are the first user: the one-time link for the first admin that smsgate serve showed works no more."
_NO_ADMIN = "There is no admin yet: smsgate user add NAME --role admin"
PasswordFile = Annotated[Path | None, typer.Option(help="a file that holds the password; - is standard input")]
Name = Annotated[str, typer.Argument(help="what they sign in with")]


@user_app.command("add")
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="what they may")] = Role.VIEWER,
    shown: Annotated[str, typer.Option(help="the name that others see")] = "",
    account: Annotated[str | None, typer.Option(help="of the org chart: on tickets they act as that one alone")] = None,
    password_file: PasswordFile = None,
    link: Annotated[bool, typer.Option("--link", help="no password: print a one-time link to set one")] = False,
) -> None:
    """Add a user. The password is asked for, or read from a file; never an argument, which others could see.

    Example: smsgate user add lilei --role operator --shown 李雷 --link
    """
    with _core(existing=False) as core:
        known = _account(core, account)
        password = None if link else _hashed(password_file, name, shown)
        new = NewUser(_named(name), shown.strip() or name.strip(), role, password, known)

        def work(hand: Hand) -> tuple[str | None, bool]:
            first = not any_user(hand.unit)
            user = user_by_id(hand.unit, hand.add(new))
            return (hand.make_link(user) if link and user is not None else None), first

        key, first = _write(core, work)
        typer.echo(f"{new.name} is added as {role.value}")
        if first:
            typer.echo(_FIRST_LINK if role is Role.ADMIN else f"{_FIRST_LINK} {_NO_ADMIN}", err=True)
        if key:
            _say_link(core, f"/invite?token={key}")


@user_app.command("passwd")
def passwd(
    name: Name,
    password_file: PasswordFile = None,
    link: Annotated[bool, typer.Option("--link", help="print a one-time link by which they set one")] = False,
) -> None:
    """Set a user's password; all their sessions end.

    Example: smsgate user passwd lilei --link
    """
    with _core() as core:
        if link:
            key = _change(core, name, lambda hand, user: hand.make_link(user))
            _say_link(core, f"/invite?token={key}")
            return
        kept = _hashed(password_file, name, "")
        _change(core, name, lambda hand, user: hand.set_password(user, kept))
        typer.echo(f"the password of {folded(name)} is set; their sessions have ended")


@user_app.command("list")
def list_users() -> None:
    """List the users.

    Example: smsgate user list
    """
    with _core() as core, core.store.engine.connect() as connection:
        rows = connection.execute(select(desk_users).order_by(desk_users.c.name)).all()
        locked = {row.digest: row.locked_until for row in connection.execute(select(desk_failures))}
        for row in rows:
            until = locked.get(name_digest(row.name), 0)
            marks = [
                "disabled" if row.disabled else "",
                f"locked until {_clock(core, until)}" if until > now() else "",
                "" if row.password or row.subject else "no password yet",
                f"account {row.account}" if row.account else "",
                f"last in {_clock(core, row.last_login_at)}" if row.last_login_at else "never in",
            ]
            typer.echo(f"{row.name:<20} {row.role:<9} {row.shown}  {', '.join(filter(None, marks))}")
        if not rows:
            typer.echo("There is no user yet: smsgate user add NAME --role admin, or smsgate user link-first")


@user_app.command("disable")
def disable(name: Name) -> None:
    """Let a user in no more; their sessions end at once.

    Example: smsgate user disable lilei
    """
    _simple(name, lambda hand, user: hand.disable(user), "is disabled")


@user_app.command("enable")
def enable(name: Name) -> None:
    """Let a user in again.

    Example: smsgate user enable lilei
    """
    _simple(name, lambda hand, user: hand.enable(user), "is enabled")


@user_app.command("unlock")
def unlock(name: Name) -> None:
    """Forget how often somebody mistyped their password.

    Example: smsgate user unlock lilei
    """
    _simple(name, lambda hand, user: hand.unlock(user), "is unlocked")


@user_app.command("role")
def role_command(name: Name, role: Annotated[Role, typer.Argument(help="what they may")]) -> None:
    """Change what a user may: viewer, operator or admin.

    Example: smsgate user role lilei admin
    """
    _simple(name, lambda hand, user: hand.set_role(user, role), f"is {role.value}")


@user_app.command("link")
def link_command(
    name: Name, account: Annotated[str, typer.Argument(help="of the org chart; empty: of nobody")] = ""
) -> None:
    """Let a user act on tickets as an account of the org chart, or, without one, for the dispatch desk.

    Example: smsgate user link lilei zhoujie
    """
    with _core() as core:
        known = _account(core, account or None)
        _change(core, name, lambda hand, user: hand.link(user, known))
        typer.echo(f"{folded(name)} acts as {known}" if known else f"{folded(name)} acts for the dispatch desk")


@user_app.command("link-first")
def link_first() -> None:
    """Print a new one-time link for the first admin; it works while there is no user.

    Example: smsgate user link-first
    """
    with _core(existing=False) as core:
        at = now()
        key = core.store.writer.write_now(lambda unit: first_link(unit, at))
        if key is None:
            raise Unfit("there are users already: an admin adds others, and so does smsgate user add NAME --role admin")
        _say_link(core, f"/first?token={key}")


@token_app.command("add")
def add_token(
    name: Annotated[str, typer.Argument(help="which program it is for")],
    scope: Annotated[list[Scope], typer.Option(help="what it may; several times for several")],
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="it expires after so long; default never")] = None,
) -> None:
    """Make an API token and print it, this once.

    Example: smsgate token add 告警平台 --scope read --scope tickets:write
    """
    with _core(existing=False) as core:
        expires_at = now() + days * DAY if days is not None else None
        typer.echo(_write(core, lambda hand: hand.add_token(name.strip()[:64], frozenset(scope), expires_at)))


@contextlib.contextmanager
def _core(*, existing: bool = True) -> Iterator[Core]:
    core = open_existing_core(Settings(), make=not existing)
    warn_of_chart(core)
    try:
        yield core
    except NameTaken as error:
        raise Unfit(f"there is a user {error} already") from error
    except LastAdmin as error:
        raise Unfit(f"{error} is the last admin: add another first, or nobody could let anybody in") from error
    finally:
        core.close()


def _write(core: Core, work: Callable[[Hand], T]) -> T:
    at = now()
    return core.store.writer.write_now(lambda unit: work(Hand(unit, at, Doer(By.CLI, "cli"))))


def _change(core: Core, name: str, work: Callable[[Hand, Known], T]) -> T:
    def change(hand: Hand) -> T:
        user = user_named(hand.unit, name)
        if user is None:
            raise Unfit(f"there is no user {folded(name)!r}: smsgate user list names them")
        return work(hand, user)

    return _write(core, change)


def _simple(name: str, work: Callable[[Hand, Known], object], said: str) -> None:
    with _core() as core:
        _change(core, name, work)
        typer.echo(f"{folded(name)} {said}")


def _named(name: str) -> str:
    made = folded(name)
    if not made or len(made) > 64 or any(letter.isspace() or not letter.isprintable() for letter in made):
        raise Unfit(f"{name!r} is no name to sign in with: write up to 64 letters and digits, without blanks")
    return made


def _account(core: Core, account: str | None) -> str | None:
    if account is None:
        return None
    person = core.charts.current.person(account)
    if person is None:
        raise Unfit(f"the org chart has no account {account!r}: smsgate orgchart who NAME finds it")
    return person.account


def _hashed(file: Path | None, *names: str) -> str:
    password = _asked() if file is None else _read(file)
    fault = fault_of(password, *names)
    if fault:
        raise Unfit(f"that password is not taken: {_FAULTS[fault]}")
    return hash_of(password)


def _asked() -> str:
    if not sys.stdin.isatty():
        raise Unfit(
            "there is no terminal to ask for the password: name a file by --password-file, - for standard input"
        )
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _read(file: Path) -> str:
    text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    return text.rstrip("\r\n")


def _say_link(core: Core, path: str) -> None:
    base = core.settings.public_base.rstrip("/") or f"http://{core.settings.listen}"
    typer.echo(f"{base}{path}")
    typer.echo("It works once, for 24 hours.", err=True)


def _clock(core: Core, at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, core.charts.current.time_zone):%Y-%m-%d %H:%M}"
