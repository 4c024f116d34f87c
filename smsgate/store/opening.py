"""Opening the database: bring its shape up to this program's, refuse one that is ahead of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from smsgate.store.engine import BadDatabase
from smsgate.store.session import LOG_LOCK

_HERE = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> tuple[str | None, str]:
    """Apply what is missing, in one transaction; answers the revisions before and after.

    Raises BadDatabase where it can't be reached or is newer than the program.
    """
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                # two nodes that start at once: one migrates, the other finds it done
                connection.execute(text(f"SELECT pg_advisory_xact_lock({LOG_LOCK})"))
            before = MigrationContext.configure(connection).get_current_revision()
            _refuse_newer(before)
            if before == head():
                return before, before
            config = configuration()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            after = MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as error:
        shown = engine.url.render_as_string(hide_password=True)
        raise BadDatabase(f"the database {shown} can't be opened: {error.orig}") from error
    return before, after or ""


def head() -> str:
    """The revision that this program writes."""
    return _scripts().get_current_head() or ""


@cache
def _scripts() -> ScriptDirectory:
    """Read once: they are a part of the program, and to load them takes longer than all else of an opening."""
    return ScriptDirectory.from_config(configuration())


def configuration() -> Config:
    """Alembic's, built in code."""
    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _refuse_newer(revision: str | None) -> None:
    known = {script.revision for script in _scripts().walk_revisions()}
    if revision is not None and revision not in known:
        raise BadDatabase(
            f"the database is at revision {revision}, which this program does not know: it was written by a newer"
            " smsgate. Run that one, or restore a backup from before the upgrade."
        )
