"""What fails around a pipeline: it stops with one clear line, and nothing that was acknowledged is lost."""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest
from sqlalchemy import Connection, event

from tapewarden.cases.store import Store, opening
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.errors import JournalCorruptionError, JournalError, TapewardenError
from tapewarden.domain.kinds import HOUR
from tapewarden.journal import list_segments
from tapewarden.live import publication
from tapewarden.live.pipeline import Keeping, Options, Pipeline
from tapewarden.live.reception import Reception
from tests.samples.disks import FaultyDisk, unprivileged
from tests.strategies import small_directory
from tests.unit.cases.store.postgresql import MISSING, programs
from tests.unit.cases.store.postgresql import running as postgresql
from tests.unit.live.rig import SOURCE, Rig, messages, replayed, send
from tests.unit.server.test_surveillance import market

TAPE = market()
PART = len(TAPE) // 2


def sent(batch: EventBatch = TAPE, size: int = 7) -> list[bytes]:
    return messages(small_directory(), list(batch.split(size)))


def send_all(pipeline: Pipeline, messages: Sequence[bytes]) -> int:
    """Send, and wait for each to be durable, until that fails; gives the last event acknowledged."""
    acknowledged = 0
    for message in messages:
        try:
            receipt = send(pipeline, message)
            assert receipt is not None
            pipeline.journal.wait(receipt.frame)
        except JournalError:
            break
        acknowledged = receipt.position.sequence
    return acknowledged


def goes_on(rig: Rig, acknowledged: int) -> None:
    """A pipeline on the same folder has what was acknowledged, and comes to the signals of a clean run."""
    with rig.running() as pipeline:
        position = pipeline.position(SOURCE)
        assert (position.sequence if position else 0) >= acknowledged
        send_all(pipeline, sent())
        pipeline.settle()
    expected = replayed(small_directory(), TAPE)
    assert len(expected) > 5
    assert rig.signals() == expected


@contextmanager
def failing(rig: Rig) -> Iterator[Pipeline]:
    """A pipeline that is expected to have failed at the end."""
    with closing(Store.open(rig.database)) as store:
        pipeline = rig.opened(store)
        yield pipeline
        with pytest.raises(TapewardenError, match="the pipeline has failed"):
            pipeline.settle()
        with suppress(JournalError):
            pipeline.close()


@pytest.mark.parametrize("place", ["journal", "checkpoints"])
@pytest.mark.parametrize(
    ("method", "code"), [("write", errno.ENOSPC), ("sync", errno.EIO), ("rename", errno.EROFS)]
)
def test_a_disk_that_fails_ends_the_pipeline_with_one_line_that_names_the_file(
    tmp_path: Path, place: str, method: str, code: int
) -> None:
    disk = FaultyDisk(place, method, code)
    rig = Rig(tmp_path, options=Options(segment_bytes=1 << 11, disk=disk))
    with failing(rig) as pipeline:
        send_all(pipeline, sent(TAPE[:20]))
        pipeline.keep()
        pipeline.settle()
        disk.broken = True
        acknowledged = send_all(pipeline, sent())
        pipeline.keep()
    line = str(rig.failures[0])
    assert str(tmp_path / place) in line
    assert line.endswith(os.strerror(code))
    assert "\n" not in line
    goes_on(Rig(tmp_path), acknowledged)


@pytest.mark.parametrize("is_mended", [True, False])
def test_signals_wait_for_room_on_the_disk_of_the_store_or_for_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_mended: bool
) -> None:
    monkeypatch.setattr(publication, "_PATIENCE_S", 0.01)
    rig = Rig(tmp_path)
    with closing(Store.open(rig.database)) as store:
        most = ["1"]  # pages; listeners of an engine in use cannot be exchanged

        @event.listens_for(store._engine, "begin")
        def limit(connection: Connection) -> None:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {most[-1]}")

        refused = _told_of_errors(store)
        pipeline = rig.opened(store)
        acknowledged = send_all(pipeline, sent())
        assert acknowledged == len(TAPE)
        assert refused.wait(60)
        if is_mended:
            most.append("1000000")
            pipeline.settle()
        pipeline.close()
    lines = [] if is_mended else ["the database cannot do it: database or disk is full"]
    assert list(map(str, rig.failures)) == lines
    goes_on(Rig(tmp_path), acknowledged)


def test_signals_wait_for_a_store_that_others_hold_and_none_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_PRAGMAS", ("busy_timeout=1", *opening._PRAGMAS[1:]))
    monkeypatch.setattr(publication, "_PATIENCE_S", 0.01)
    rig = Rig(tmp_path)
    with closing(Store.open(rig.database)) as store:
        refused = _told_of_errors(store)
        pipeline = rig.opened(store)
        with closing(sqlite3.connect(tmp_path / "cases.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert send_all(pipeline, sent()) == len(TAPE)
            assert refused.wait(60)
            other.execute("ROLLBACK")
        pipeline.settle()
        pipeline.close()
    assert rig.failures == []
    assert rig.signals() == replayed(small_directory(), TAPE)


@pytest.mark.postgresql
def test_signals_outlive_a_restart_of_postgresql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = programs()
    if folder is None:
        pytest.skip(MISSING)
    monkeypatch.setattr(publication, "_PATIENCE_S", 0.01)
    with postgresql(folder) as server:
        rig = Rig(tmp_path, url=f"{server.url}/postgres")
        with (
            closing(Store.open(rig.database)) as opened,
            closing(Store(opened._engine, patience_s=0.0)) as store,
        ):
            refused = _told_of_errors(store)
            pipeline = rig.opened(store)
            send_all(pipeline, sent(TAPE[:PART]))
            pipeline.settle()
            server.stop()
            assert send_all(pipeline, sent()) == len(TAPE)
            assert refused.wait(60)
            server.start()
            pipeline.settle()
            pipeline.close()
        assert rig.failures == []
        assert rig.signals() == replayed(small_directory(), TAPE)


def _told_of_errors(store: Store) -> Event:
    """Set once the database has refused something."""
    refused = Event()
    event.listen(store._engine, "handle_error", lambda context: refused.set())
    return refused


@pytest.mark.parametrize("place", ["", "journal", "checkpoints"])
def test_a_folder_that_cannot_be_written_is_one_clear_error(place: str) -> None:
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / "data"
        Path(temporary).chmod(0o755)
        folder.mkdir()
        with Rig(folder).running() as pipeline:
            send_all(pipeline, sent(TAPE[:PART]))
        read_only = folder / place
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o777 if path.is_dir() else 0o666)
        for path in (read_only, *read_only.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        rig = Rig(folder)
        with unprivileged():
            try:
                with rig.running():
                    pass
            except TapewardenError as error:
                rig.failures.append(error)
        line = str(rig.failures[0])
        assert str(folder) in line
        assert "\n" not in line
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o777)
        goes_on(Rig(folder), PART)


def active(rig: Rig) -> Path:
    return list_segments(rig.folder / "journal")[-1].path


@contextmanager
def killed(rig: Rig) -> Iterator[Pipeline]:
    """A pipeline whose process dies at the end, as far as its folder can tell."""
    with closing(Store.open(rig.database)) as store:
        pipeline = rig.opened(store)
        yield pipeline
        pipeline.settle()
        journal = bytearray(active(rig).read_bytes())
        path = active(rig)
        pipeline.close(keep=False)
        path.write_bytes(journal)


def test_a_torn_tail_is_forgotten_and_all_before_it_is_there(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    with killed(rig) as pipeline:
        acknowledged = send_all(pipeline, sent(TAPE[:PART]))
    data = active(rig).read_bytes()
    end = len(data.rstrip(b"\0")) + 64
    active(rig).write_bytes(data[:end] + b"half a frame" * 9 + data[end + 108 :])
    goes_on(rig, acknowledged)


def test_damage_before_the_end_is_refused_with_file_and_offset(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    with killed(rig) as pipeline:
        acknowledged = send_all(pipeline, sent(TAPE[:PART]))
    whole = active(rig).read_bytes()
    active(rig).write_bytes(whole[:200] + bytes([whole[200] ^ 1]) + whole[201:])
    with pytest.raises(JournalCorruptionError) as raised, rig.running():
        pass
    assert str(raised.value).startswith(f"{active(rig)}, byte ")
    active(rig).write_bytes(whole)
    goes_on(rig, acknowledged)


def damaged(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


@pytest.mark.parametrize("spoil", [damaged, lambda data: data[:-1], lambda data: b""])
@pytest.mark.parametrize("most_bytes", [None, 1])
def test_a_damaged_checkpoint_is_passed_over_for_the_one_before_it(
    tmp_path: Path, spoil: Callable[[bytes], bytes], most_bytes: int | None
) -> None:
    keeping = Keeping(every_events=20, most_bytes=most_bytes)
    rig = Rig(tmp_path, options=Options(segment_bytes=1 << 10, keeping=keeping))
    with rig.running() as pipeline:
        acknowledged = send_all(pipeline, sent())
        pipeline.settle()
        assert (pipeline.oldest > 1) == (most_bytes is not None)
    *_, before, newest = sorted((tmp_path / "checkpoints").glob("*.checkpoint"))
    newest.write_bytes(spoil(newest.read_bytes()))
    with rig.running(keep=False) as pipeline:
        assert [(one.path, "snapshot" in why or "bytes" in why) for one, why in pipeline.passed_over] == [
            (newest, True)
        ]
        assert pipeline.position(SOURCE) == (SOURCE, 1, acknowledged)
        assert before in [one.path for one in pipeline.checkpoints.all()]
    goes_on(rig, acknowledged)


def test_a_journal_that_lost_frames_is_refused_with_the_checkpoint_that_knows_of_them(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    with rig.running() as pipeline:
        send_all(pipeline, sent(TAPE[:PART]))
    before = active(rig).read_bytes()
    path = active(rig)
    with rig.running() as pipeline:
        send_all(pipeline, sent())
    path.write_bytes(before)
    with (
        pytest.raises(JournalError, match=r"\.checkpoint stands behind frame \d+, the journal ends at frame"),
        rig.running(),
    ):
        pass


def test_a_clock_that_is_set_back_changes_nothing_but_times_of_arrival(tmp_path: Path) -> None:
    rig = Rig(tmp_path, options=Options(segment_bytes=1 << 14, keeping=Keeping(every_ns=HOUR // 2)))
    with rig.running(keep=False) as pipeline:
        send_all(pipeline, sent(TAPE[: PART // 2]))
        pipeline.settle()
        rig.clock.now_ns -= HOUR
        acknowledged = send_all(pipeline, sent(TAPE[:PART]))
        pipeline.settle()
        assert len(pipeline.checkpoints.all()) == 1  # time has passed, though nobody knows how much
    rig.clock.now_ns -= HOUR
    goes_on(rig, acknowledged)
    arrived = [arrival.detected_ns for _, arrival in rig.arrivals() if arrival is not None]
    assert len(set(arrived)) == 3


def test_what_a_kill_left_of_a_checkpoint_is_removed(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    with rig.running() as pipeline:
        acknowledged = send_all(pipeline, sent(TAPE[:PART]))
    partial = tmp_path / "checkpoints" / "00000000000000000099-00000000000000000001.partial"
    partial.write_bytes(b"half of it")
    goes_on(rig, acknowledged)
    assert not partial.exists()


def test_events_that_were_seen_again_count_for_the_next_checkpoint(tmp_path: Path) -> None:
    rig = Rig(tmp_path, options=Options(keeping=Keeping(every_events=len(TAPE)), segment_bytes=1 << 14))
    for until in (PART, len(TAPE)):
        with rig.running(keep=False) as pipeline:
            send_all(pipeline, sent(TAPE[:until]))
            pipeline.settle()
    assert len(list((tmp_path / "checkpoints").iterdir())) == 1


def test_a_refusal_that_nobody_waits_for_any_more_is_not_logged() -> None:
    """The loop would tell of it with a traceback."""
    told: list[object] = []

    async def refuse() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: told.append(context))
        reception = Reception()
        reception.on_failure(OSError("the disk is gone"))
        await asyncio.sleep(0)
        with pytest.raises(JournalError, match="the disk is gone"):
            await reception.submit(b"", 0)
        reception.submit(b"", 0)
        del reception  # which keeps the error, whose frames keep the answer
        gc.collect()
        await asyncio.sleep(0)

    asyncio.run(refuse())
    assert told == []
