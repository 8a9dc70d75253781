"""PostgreSQL that restarts in the middle of writes: nothing is lost, nothing happens twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import event

from tapewarden.cases.audit import verify
from tapewarden.cases.store import CaseFilter, CaseOrder, Store
from tapewarden.cases.store.opening import open_database
from tapewarden.cases.store.trail import Work
from tapewarden.cases.store.transacting import transact
from tapewarden.cases.workflow import Investigate
from tapewarden.domain.case import CaseState
from tapewarden.domain.errors import UnavailableError, UncertainError
from tests.unit.cases.store.postgresql import MISSING, Server, programs, running
from tests.unit.cases.store.test_bulk import filled
from tests.unit.cases.workflows import AUDREY, VERA

pytestmark = pytest.mark.postgresql
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


@pytest.fixture
def server() -> Iterator[Server]:
    folder = programs()
    if folder is None:
        pytest.skip(MISSING)
    with running(folder) as started:
        yield started


def restart(server: Server) -> None:
    server.stop()
    server.start()


def test_writers_outlive_restarts_and_each_word_is_kept_once(server: Server) -> None:
    store = Store.open(f"{server.url}/postgres")
    numbers = filled(store, 4)
    halfway = [Event() for _ in numbers]
    done = Event()

    def write(place: int) -> int:
        said = 0
        while not done.is_set() or said < 50:
            store.comment(numbers[place], f"comment {said}", VERA, said)
            said += 1
            if said == 10:
                halfway[place].set()
        return said

    with ThreadPoolExecutor(len(numbers)) as pool:
        writers = [pool.submit(write, place) for place in range(len(numbers))]
        for begun in halfway:
            assert begun.wait(60)
        restart(server)
        restart(server)
        done.set()
        counts = [writer.result() for writer in writers]
    for number, count in zip(numbers, counts, strict=True):
        comments = store.case(number, VERA, 1).comments
        assert [one.text for one in comments] == [f"comment {said}" for said in range(count)]
    assert verify(store.export(KEY, AUDREY, 2), KEY.public_key()).fault is None
    store.close()


@pytest.mark.parametrize("moment", ["before_cursor_execute", "commit", "after commit"])
def test_a_change_happens_once_wherever_the_connection_breaks(server: Server, moment: str) -> None:
    store, engine = Store.open(f"{server.url}/postgres"), open_database(f"{server.url}/postgres")
    (number,) = filled(store, 1)
    breaks = iter([True])

    def break_once(*_: object) -> None:
        if next(breaks, False):
            restart(server)

    def commit_then_break(connection: object) -> None:
        if next(breaks, False):
            connection.connection.dbapi_connection.commit()  # type: ignore[attr-defined]
            restart(server)

    def investigate(work: Work) -> None:
        from tapewarden.cases.store.deciding import decide

        decide(work, number, 1, Investigate(), VERA, 101)

    if moment == "after commit":
        event.listen(engine, "commit", commit_then_break)
    else:
        event.listen(engine, moment, break_once)
    transact(engine, investigate)
    file = store.case(number, VERA, 102)
    assert (file.case.state, file.case.version) == (CaseState.INVESTIGATING, 2)
    assert [one.entry.action for one in file.history] == ["case.open", "case.investigate"]
    assert verify(store.export(KEY, AUDREY, 103), KEY.public_key()).fault is None
    engine.dispose()
    store.close()


def test_a_database_that_stays_away_is_said_to_be_away(server: Server) -> None:
    engine = open_database(f"{server.url}/postgres")
    store = Store(engine, patience_s=0.5)
    filled(store, 1)
    server.stop()
    with pytest.raises(UnavailableError, match="the database cannot be reached"):
        store.comment(1, "lost", VERA, 101)
    server.start()
    assert store.comment(1, "kept", VERA, 102).text == "kept"
    assert [one.signals for one in store.cases(CaseFilter(order=CaseOrder.LATEST), VERA, 103).cases] == [1]
    store.close()


def test_what_cannot_be_known_is_said(server: Server) -> None:
    engine = open_database(f"{server.url}/postgres")
    store = Store(engine, patience_s=0.5)
    filled(store, 1)
    event.listen(engine, "commit", lambda _: server.stop())
    with pytest.raises(UncertainError, match="failed while it committed"):
        store.comment(1, "perhaps", VERA, 101)
    server.start()
    store.close()
