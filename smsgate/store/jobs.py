"""What the writer is given: functions with their answers, and riders that come along; how a batch of them is run."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import structlog

from smsgate.store.session import is_store_failure
from smsgate.store.unit_of_work import UnitOfWork

T = TypeVar("T")

_log = structlog.get_logger(__name__)


class Rider(Protocol):
    """Who may have work at the end of any transaction. All is called in the writer's thread."""

    def wants(self, touched: frozenset[str]) -> bool:
        """Whether there is work for it, after others have changed `hops`, `mts` …"""

    def work(self, unit: UnitOfWork) -> Any:
        """It; changes nothing but the database, because it may be run again."""

    def kept(self, result: Any) -> None:
        """What `work` answered has been committed just now."""

    def doubted(self, result: Any) -> None:
        """COMMIT was said after `work` answered this, and failed: nobody knows whether it is kept."""

    def failed(self, error: BaseException) -> None:
        """It was taken along, and its work could not be done; nothing of it is kept."""


@dataclass(slots=True)
class Job(Generic[T]):
    """A function for the writer."""

    work: Callable[[UnitOfWork], T]
    answer: Callable[[T | None, BaseException | None], None]
    loop: asyncio.AbstractEventLoop | None
    rider: Rider | None = None
    """Whose work it is, if it is a rider's; it comes after all others of its transaction, then."""
    result: Any = None
    error: BaseException | None = None


def comes_last(job: Job[Any]) -> bool:
    """Whether it comes after the others of its transaction."""
    return job.rider is not None


def boarding(riders: tuple[Rider, ...], unit: UnitOfWork, batch: list[Job[Any]]) -> list[Job[Any]]:
    """A job for each rider that has work and is not in the batch as it is."""
    touched = unit.touched()
    aboard = [job.rider for job in batch if job.rider is not None]
    return [
        Job(rider.work, _nobody_waits, None, rider)
        for rider in riders
        if rider not in aboard and _wants(rider, touched)
    ]


def tell_riders(batch: list[Job[Any]]) -> None:
    """After the commit."""
    for job in batch:
        if job.rider is None:
            continue
        if job.error is None:
            _tell(job.rider.kept, job.result)
        elif job.loop is None:
            _log.warning("a rider's work failed", why=repr(job.error))
            tell_of_failure(job, job.error)


def tell_doubtful(batch: list[Job[Any]]) -> None:
    """After a commit that failed."""
    for job in batch:
        if job.rider is not None and job.error is None:
            _tell(job.rider.doubted, job.result)


def _wants(rider: Rider, touched: frozenset[str]) -> bool:
    try:
        return rider.wants(touched)
    except Exception:  # noqa: BLE001 - the writer must survive whoever rides
        _log.exception("a rider failed")
        return False


def tell_of_failure(job: Job[Any], error: BaseException) -> None:
    """Its transaction failed, and surely nothing of it is kept."""
    if job.rider is not None and job.loop is None:
        _tell(job.rider.failed, error)


def _tell(told: Callable[[Any], None], what: Any) -> None:
    try:
        told(what)
    except Exception:  # noqa: BLE001 - the writer must survive whoever rides
        _log.exception("a rider failed")


def _nobody_waits(result: Any, error: BaseException | None) -> None:
    """The answer to a rider that was only taken along."""


def run_each(unit: UnitOfWork, batch: list[Job[Any]]) -> bool:
    """Whether all went well; a failure of the database is raised."""
    for job in batch:
        job.error = None
        try:
            job.result = job.work(unit)
        except Exception as error:
            if is_store_failure(error):
                raise
            return False
    return True


def write_waiting(unit: UnitOfWork) -> bool:
    """Whether what waited could be written; a failure of the database is raised."""
    try:
        unit.session.pending.write_all()
    except Exception as error:
        if is_store_failure(error):
            raise
        return False
    return True


def run_alone(unit: UnitOfWork, job: Job[Any]) -> None:
    """Run it so that its failure leaves the others alone."""
    job.result, job.error = None, None
    try:
        with unit.savepoint():
            job.result = job.work(unit)
    except Exception as error:
        if is_store_failure(error):
            raise
        job.error = error


def answer_all(batch: list[Job[Any]]) -> None:
    """Answer everybody, with one wake-up of each event loop."""
    by_loop: dict[asyncio.AbstractEventLoop | None, list[Job[Any]]] = {}
    for job in batch:
        by_loop.setdefault(job.loop, []).append(job)
    for loop, jobs in by_loop.items():
        if loop is None:
            _answer_each(jobs)
            continue
        # a loop that has been closed has nobody left who waits
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_answer_each, jobs)


def _answer_each(jobs: list[Job[Any]]) -> None:
    for job in jobs:
        job.answer(job.result, job.error)
