import errno
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tapewarden.domain.errors import JournalError
from tapewarden.journal import Disk, Journal, read_frames
from tests.samples.journals import FailingDisk, QuickDisk

SIZE = 1024
BODY = bytes(200)


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """The system lets no file of this process grow beyond so many bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def append_until_it_fails(journal: Journal) -> JournalError:
    for number in range(1000):
        try:
            journal.append(BODY, received_ns=number)
            journal.wait(number + 1)
        except JournalError as error:
            return error
    raise AssertionError("expected a failure, received 1000 frames")


def assert_refuses_everything(journal: Journal, message: str) -> None:
    uses = (
        lambda: journal.append(b"", received_ns=0),
        lambda: journal.wait(journal.durable + 1),
        journal.read,
        lambda: journal.delete_oldest(needed=1, most_bytes=0),
        journal.close,
        journal.close,
    )
    for use in uses:
        with pytest.raises(JournalError) as caught:
            use()
        assert str(caught.value) == message


@pytest.mark.parametrize("method", ["sync", "write", "rename", "sync_folder", "truncate"])
@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_a_failure_is_final_and_acknowledges_nothing(tmp_path: Path, method: str, after: int) -> None:
    acknowledged: list[int] = []
    failures: list[JournalError] = []
    disk = FailingDisk("none")
    journal = Journal(
        tmp_path, segment_bytes=SIZE, disk=disk, on_durable=acknowledged.append, on_failure=failures.append
    )
    disk.after, disk.method = after, method
    message = str(append_until_it_fails(journal))
    assert message == f"{tmp_path}: the journal failed and takes nothing more: Input/output error"
    disk.method = "none"
    last = journal.durable
    assert_refuses_everything(journal, message)
    assert journal.durable == last
    assert acknowledged == list(range(1, last + 1))
    assert [str(failure) for failure in failures] == [message]
    with Journal(tmp_path, segment_bytes=SIZE) as again:
        assert again.recovery.last >= last
        assert [frame.number for frame in again.read()] == list(range(1, again.recovery.last + 1))


def test_all_who_wait_learn_of_a_failed_sync(tmp_path: Path) -> None:
    disk = FailingDisk("none")
    journal = Journal(tmp_path, segment_bytes=SIZE, disk=disk)
    disk.method = "sync"
    numbers: list[int] = []
    with pytest.raises(JournalError, match="Input/output error"):
        numbers.extend(journal.append(b"", received_ns=0) for _ in range(100_000))
    for number in numbers:
        with pytest.raises(JournalError, match="Input/output error"):
            journal.wait(number)
    with pytest.raises(JournalError):
        journal.close()


def test_a_callback_that_raises_fails_the_journal(tmp_path: Path) -> None:
    def refuse(number: int) -> None:
        raise RuntimeError(f"no use for {number}")

    journal = Journal(tmp_path, segment_bytes=SIZE, on_durable=refuse)
    journal.append(b"", received_ns=0)
    with pytest.raises(JournalError, match="takes nothing more: no use for 1"):
        journal.close()
    assert len(list(read_frames(tmp_path))) == 1


def test_a_full_disk_is_told_before_anything_is_taken(tmp_path: Path) -> None:
    with largest_file(4096), pytest.raises(JournalError, match=f"{tmp_path}: File too large"):
        Journal(tmp_path, segment_bytes=65_536)
    with Journal(tmp_path, segment_bytes=65_536) as journal:
        assert journal.append(b"", received_ns=0) == 1


def test_a_disk_that_fills_while_writing_loses_nothing_acknowledged(tmp_path: Path) -> None:
    journal = Journal(tmp_path, segment_bytes=65_536)
    with largest_file(2048):
        assert "File too large" in str(append_until_it_fails(journal))
    last = journal.durable
    assert last == 8
    with pytest.raises(JournalError):
        journal.close()
    with Journal(tmp_path, segment_bytes=65_536) as again:
        assert again.recovery.last == last
        assert 0 < again.recovery.torn.size <= 2048 - 32 - 8 * 248
        assert again.append(BODY, received_ns=0) == last + 1


def test_a_disk_too_full_for_the_next_segment_fails_at_its_first_frame(tmp_path: Path) -> None:
    journal = Journal(tmp_path, segment_bytes=2048, disk=QuickDisk())
    with largest_file(2047):
        assert "File too large" in str(append_until_it_fails(journal))
    assert journal.durable == 7
    with pytest.raises(JournalError):
        journal.close()
    with Journal(tmp_path, segment_bytes=2048) as again:
        assert again.recovery.last == 7


@pytest.mark.parametrize("method", ["open", "write", "sync", "rename", "sync_folder"])
def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path, method: str) -> None:
    with pytest.raises(JournalError, match=f"{tmp_path}.*: Read-only file system"):
        Journal(tmp_path, segment_bytes=SIZE, disk=FailingDisk(method, code=errno.EROFS))
    with Journal(tmp_path, segment_bytes=SIZE) as journal:
        assert journal.recovery.last == 0


def test_a_journal_that_cannot_be_written_again_is_one_clear_error(tmp_path: Path) -> None:
    with Journal(tmp_path, segment_bytes=SIZE) as journal:
        journal.append(BODY, received_ns=0)
    with pytest.raises(JournalError, match="Read-only file system"):
        Journal(tmp_path, segment_bytes=SIZE, disk=FailingDisk("write", 1, errno.EROFS))
    assert len(list(read_frames(tmp_path))) == 1


def test_a_file_where_the_folder_should_be_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "journal").touch()
    with pytest.raises(JournalError, match="journal/lock: File exists"):
        Journal(tmp_path / "journal")


def test_short_writes_are_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pwrite = __import__("os").pwrite
    monkeypatch.setattr("os.pwrite", lambda file, data, offset: pwrite(file, data[:100], offset))
    path = tmp_path / "file"
    disk = Disk()
    file = disk.open(path)
    disk.write(file, bytes(range(250)), 3)
    disk.close(file)
    assert path.read_bytes() == bytes(3) + bytes(range(250))
