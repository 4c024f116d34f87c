"""The one writer: a thread that runs what waits in one transaction, commits once, then answers all.

Doors hand it a function that does nothing but read and write through its `UnitOfWork`: it may be run again. One that
fails leaves the others of its batch alone: the batch is then run again, each in a SAVEPOINT of its own. The writer
takes what is there and never waits to fill a batch. If the database itself fails, nobody is answered as if it had not;
once COMMIT has been said, nothing is run again: the database may have kept it, though its answer was lost.

Who has work that follows from others' rides along at the end of their transaction (`Rider`): an MT that a command made
is on its way after one commit, not after two.

On PostgreSQL each batch holds one advisory lock for its transaction: ids of the log are then given in the order of
commits, so that following the log by id never misses a line, and two nodes can't deadlock on two tickets.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import structlog
from sqlalchemy import Engine

from smsgate.service.ports import StoreInDoubt, StoreUnavailable
from smsgate.store.jobs import (
    Job,
    Rider,
    answer_all,
    boarding,
    comes_last,
    run_alone,
    run_each,
    tell_doubtful,
    tell_of_failure,
    tell_riders,
    write_waiting,
)
from smsgate.store.session import Session
from smsgate.store.unit_of_work import UnitOfWork

T = TypeVar("T")

_log = structlog.get_logger(__name__)

_GIVEN_UP = 2
"""Failures of a batch that is tried one by one: the first may be the work's own, after two it is the database."""


class _CommitFailed(Exception):  # noqa: N818 - says what was being done
    """COMMIT was said and failed: nobody knows whether the batch is kept."""


MAX_BATCH = 256
"""Functions in one transaction at most; more wait for the next, which keeps the longest wait bounded."""


class Writer:
    """Runs functions on a `UnitOfWork`, durably, in the order handed in."""

    def __init__(self, engine: Engine, *, max_batch: int = MAX_BATCH) -> None:
        self._engine = engine
        self._max_batch = max_batch
        self._jobs: queue.SimpleQueue[Job[Any] | None] = queue.SimpleQueue()
        self._listeners: list[Callable[[frozenset[str]], None]] = []
        self._riders: tuple[Rider, ...] = ()
        self._session: Session | None = None
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._closed = False
        self._closing = threading.Lock()
        self.batches = 0
        self.written = 0
        self.commit_seconds = 0.0

    def start(self) -> Writer:
        """Start the thread."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Write what waits, then stop."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        self._thread.join()

    @property
    def alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread.is_alive()

    @property
    def waiting(self) -> int:
        """How many functions wait for their turn."""
        return self._jobs.qsize()

    def on_commit(self, listener: Callable[[frozenset[str]], None]) -> None:
        """Call `listener` in the writer's thread after each commit, with what was touched: hops, mts …"""
        self._listeners.append(listener)

    def take_along(self, rider: Rider) -> None:
        """Let it ride in each transaction from now on. What it raises there is only logged: it is to ask by `ride`."""
        self._riders = (*self._riders, rider)

    def leave_behind(self, rider: Rider) -> None:
        """It rides no more."""
        self._riders = tuple(one for one in self._riders if one is not rider)

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run `work` and wait until it has been committed.

        Raises StoreUnavailable if the database can't take it, and whatever `work` raises.
        """
        return await self._written(work, None)

    async def ride(self, rider: Rider) -> None:
        """Have it ride at the end of the next transaction, whether or not somebody else writes. Raises as `write`."""
        await self._written(rider.work, rider)

    async def _written(self, work: Callable[[UnitOfWork], T], rider: Rider | None) -> T:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def answer(result: Any, error: BaseException | None) -> None:
            if future.cancelled():
                return
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)

        self._put(Job(work, answer, loop, rider))
        return await future

    def write_now(self, work: Callable[[UnitOfWork], T]) -> T:
        """The same for callers without an event loop."""
        future: Future[T] = Future()

        def answer(result: Any, error: BaseException | None) -> None:
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)

        self._put(Job(work, answer, None))
        return future.result()

    def _put(self, job: Job[Any]) -> None:
        with self._closing:
            if self._closed:
                raise StoreUnavailable("the service is stopping")
            self._jobs.put(job)

    def _run(self) -> None:
        while True:
            batch, last = self._take()
            if batch:
                self._write_batch(batch)
            if last:
                break
        if self._session is not None:
            self._session.close()

    def _take(self) -> tuple[list[Job[Any]], bool]:
        batch: list[Job[Any]] = []
        job = self._jobs.get()
        while job is not None:
            batch.append(job)
            if len(batch) >= self._max_batch:
                return batch, False
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return batch, False
        return batch, True

    def _write_batch(self, batch: list[Job[Any]]) -> None:
        batch.sort(key=comes_last)
        try:
            touched = self._transaction(batch)
        except BaseException as error:  # noqa: BLE001 - the loop must survive; everybody is told
            touched = self._after_failure(batch, error)
        answer_all(batch)
        if touched:
            self._tell_listeners(touched)

    def _tell_listeners(self, touched: frozenset[str]) -> None:
        for listener in self._listeners:
            try:
                listener(touched)
            except Exception:  # noqa: BLE001 - the writer must survive whoever listens
                _log.exception("a listener of the writer failed")

    def _transaction(self, batch: list[Job[Any]], *, boards: bool = True) -> frozenset[str]:
        """Run the batch without savepoints, which cost as much as an insert each; if one fails, again with them.

        `boards`: riders that want to are taken along.
        """
        session = self._open_session()
        session.begin()
        unit = UnitOfWork(session)
        if not self._run_all(unit, batch, self._riders if boards else ()):
            session.rollback()
            session.begin()
            unit = UnitOfWork(session)
            for job in batch:
                run_alone(unit, job)
        self.written += len(batch)
        started = time.perf_counter()
        session.pending.write_all()
        try:
            session.commit()
        except BaseException as error:
            tell_doubtful(batch)
            raise _CommitFailed(str(error)) from error
        self.commit_seconds += time.perf_counter() - started
        self.batches += 1
        tell_riders(batch)
        return unit.touched()

    def _run_all(self, unit: UnitOfWork, batch: list[Job[Any]], riders: tuple[Rider, ...]) -> bool:
        """Whether all went well; a failure of the database is raised. Riders that want to are added to the batch."""
        if not run_each(unit, batch):
            return False
        wanting = boarding(riders, unit, batch)
        batch += wanting
        return run_each(unit, wanting) and write_waiting(unit)

    def _open_session(self) -> Session:
        if self._session is None:
            self._session = Session(self._engine)
        return self._session

    def _after_failure(self, batch: list[Job[Any]], error: BaseException) -> frozenset[str]:
        """The database failed: forget the connection; a batch of several is tried one by one, once.

        Not one that may have been kept: doors that are told so have their message sent again, and know it then.
        """
        self._drop_session()
        if len(batch) > 1 and not isinstance(error, _CommitFailed):
            return self._one_by_one(batch)
        unavailable = _unavailable(error)
        unavailable.__cause__ = error
        for job in batch:
            job.result, job.error = None, unavailable
        return frozenset()

    def _one_by_one(self, batch: list[Job[Any]]) -> frozenset[str]:
        """Each in a transaction of its own. Nobody is taken along: what fails may be what came along before."""
        touched: frozenset[str] = frozenset()
        failed: StoreUnavailable | None = None
        failures = 0
        for job in batch:
            if failed is not None and failures >= _GIVEN_UP:
                job.result, job.error = None, failed
                tell_of_failure(job, failed)
                continue
            try:
                touched |= self._transaction([job], boards=False)
            except BaseException as error:  # noqa: BLE001 - the loop must survive; everybody is told
                self._drop_session()
                failures += 1
                failed = _unavailable(error)
                job.result, job.error = None, failed
                if not isinstance(error, _CommitFailed):
                    tell_of_failure(job, error)
        return touched

    def _drop_session(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.discard()


def _unavailable(error: BaseException) -> StoreUnavailable:
    kind = StoreInDoubt if isinstance(error, _CommitFailed) else StoreUnavailable
    return kind(f"the database can't take it now: {error}")
