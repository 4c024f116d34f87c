"""A batch whose COMMIT failed may have been kept: nobody is answered as if it were, and nothing is done twice."""

from __future__ import annotations

import pytest

from routing.model import Actor
from smsgate.domain.states import Severity
from smsgate.domain.ticket import Facts
from smsgate.sample import sample_chart
from smsgate.service.ports import StoreInDoubt, StoreUnavailable
from smsgate.service.requests import Acted, OpenRequest
from smsgate.store.pending import Pending
from smsgate.store.session import Session
from smsgate.store.store import Store
from smsgate.testing.stage import Stage
from tests.test_store.test_writer import handed_in, kept, texts


@pytest.mark.postgres
async def test_what_may_have_been_kept_is_not_done_again(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage.set_up(postgres_database, sample_chart())
    commit = Session.commit
    lost: list[Session] = []

    def loses_the_answer(session: Session) -> None:
        commit(session)
        if session.postgres and not lost and len(stage.log()) >= 2:
            lost.append(session)
            raise StoreUnavailable("the connection was cut")

    request = OpenRequest(Facts(title="断站", severity=Severity.MAJOR), Actor(account="zhoujie"), None, "请处理")
    try:
        monkeypatch.setattr(Session, "commit", loses_the_answer)
        answers = await handed_in(stage.store, *[lambda unit: stage.office.open(unit, request)] * 2)
        assert [type(answer) for answer in answers] == [StoreInDoubt] * 2
        assert [kind for _, kind, _ in stage.log()] == ["open"] * 2
        assert isinstance(stage.store.writer.write_now(lambda unit: stage.office.open(unit, request)), Acted)
    finally:
        stage.close()


async def test_what_failed_before_its_commit_is_tried_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    write_all = Pending.write_all
    failed: list[Pending] = []

    def fails_once(pending: Pending) -> None:
        if pending.value("mos", 1) is not None and not failed:
            failed.append(pending)
            raise StoreUnavailable("busy")
        write_all(pending)

    monkeypatch.setattr(Pending, "write_all", fails_once)
    assert await handed_in(store, kept("one"), kept("two")) == [1, 2]
    assert failed
    assert texts(store) == ["one", "two"]


async def test_a_commit_that_fails_is_nobodys_yes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = Session.commit
    commits: list[Session] = []

    def fails_second(session: Session) -> None:
        commits.append(session)
        if len(commits) == 2:
            raise StoreUnavailable("disk full")
        commit(session)

    monkeypatch.setattr(Session, "commit", fails_second)
    answers = await handed_in(store, kept("one"), kept("two"))
    assert [type(answer) for answer in answers] == [StoreInDoubt] * 2
    assert len(commits) == 2
    assert texts(store) == []
    assert store.writer.write_now(kept("three"))
