"""The store as a whole: opened once, with its writer, its readers and its checkpoints."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from smsgate.store.checkpoints import Checkpoints
from smsgate.store.engine import reading_engine, writing_engine
from smsgate.store.opening import upgrade
from smsgate.store.writer import Writer


@dataclass(slots=True)
class Store:
    """An open database."""

    url: URL
    engine: Engine
    writer: Writer
    reading: AsyncEngine
    checkpoints: Checkpoints | None

    @classmethod
    def open(cls, url: URL) -> Store:
        """Open it, bring its shape up to date, start the writer. Raises BadDatabase."""
        engine = writing_engine(url)
        upgrade(engine)
        writer = Writer(engine)
        checkpoints = None
        if url.get_backend_name() == "sqlite" and url.database is not None:
            checkpoints = Checkpoints(url.database).start()
            writer.on_commit(checkpoints.wake)
        return cls(url, engine, writer.start(), reading_engine(url), checkpoints)

    def close(self) -> None:
        """Write what waits, stop the threads."""
        self.writer.close()
        if self.checkpoints is not None:
            self.checkpoints.close()
        self.engine.dispose()

    async def aclose(self) -> None:
        """The same, and let go of the readers."""
        await self.reading.dispose()
        self.close()
