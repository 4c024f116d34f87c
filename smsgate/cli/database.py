"""`smsgate db`."""

from __future__ import annotations

import typer

from smsgate.config import Settings
from smsgate.store.engine import database_url, writing_engine
from smsgate.store.opening import upgrade

db_app = typer.Typer(help="The database.", no_args_is_help=True)


@db_app.callback()
def database() -> None:
    """The database."""


@db_app.command("upgrade")
def upgrade_command() -> None:
    """Bring the database's shape up to this program's; `serve` does it by itself at its start.

    Example: smsgate db upgrade
    """
    settings = Settings()
    settings.check_database_secret()
    url = database_url(settings.database, settings.database_password_file)
    engine = writing_engine(url)
    try:
        before, after = upgrade(engine)
    finally:
        engine.dispose()
    shown = url.render_as_string(hide_password=True)
    typer.echo(f"{shown}: revision {after}" + (", nothing to do" if before == after else f", was {before or 'empty'}"))
