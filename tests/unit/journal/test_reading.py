import threading
from pathlib import Path

import pytest

from tapewarden.domain.errors import JournalError
from tapewarden.journal import Journal, list_segments, read_frames
from tests.samples.journals import QuickDisk, flat, numbered, write

GROUPS = numbered([[90, 200], [300], [10]] * 5)
FRAMES = flat(GROUPS)


def test_reading_begins_at_any_number_and_ends_at_any(tmp_path: Path) -> None:
    write(tmp_path, GROUPS, 1024)
    assert len(list_segments(tmp_path)) > 3
    for first in range(1, len(FRAMES) + 2):
        assert list(read_frames(tmp_path, first)) == FRAMES[first - 1 :]
        for last in range(first - 1, len(FRAMES) + 1):
            assert list(read_frames(tmp_path, first, last)) == FRAMES[first - 1 : last]


@pytest.mark.parametrize("number", [0, -1])
def test_a_number_before_the_first_is_refused(tmp_path: Path, number: int) -> None:
    write(tmp_path, GROUPS, 1024)
    with pytest.raises(JournalError, match=f"expected a number from 1 on, received {number}"):
        list(read_frames(tmp_path, number))


def test_a_number_beyond_the_end_is_refused(tmp_path: Path) -> None:
    write(tmp_path, GROUPS, 1024)
    end = len(FRAMES) + 1
    with pytest.raises(JournalError, match=f"expected a number up to {end}, received {end + 1}"):
        list(read_frames(tmp_path, end + 1))
    with pytest.raises(JournalError, match=f"expected a number up to {end}, received {end + 1}"):
        list(read_frames(tmp_path, 1, end))


def test_an_empty_journal_has_no_frames(tmp_path: Path) -> None:
    assert list(read_frames(tmp_path)) == []
    with Journal(tmp_path, segment_bytes=1024, disk=QuickDisk()) as journal:
        assert list(journal.read()) == list(journal.read(1)) == []
        with pytest.raises(JournalError, match="expected a number up to 1, received 2"):
            list(journal.read(2))


def test_a_folder_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="nowhere: No such file or directory"):
        list(read_frames(tmp_path / "nowhere"))


def test_a_reader_may_follow_a_writer_closely(tmp_path: Path) -> None:
    with Journal(tmp_path, segment_bytes=1024, pending_bytes=2000, disk=QuickDisk()) as journal:

        def produce() -> None:
            for number in range(1, 201):
                journal.append(number.to_bytes(100), received_ns=number)

        writer = threading.Thread(target=produce)
        writer.start()
        expected = 1
        while expected <= 200:
            for frame in journal.read(expected):
                assert (frame.number, frame.body) == (expected, expected.to_bytes(100))
                expected += 1
        writer.join()


def test_reading_goes_on_while_segments_are_sealed_under_it(tmp_path: Path) -> None:
    with Journal(tmp_path, segment_bytes=1024, disk=QuickDisk()) as journal:
        for number in range(3):
            journal.append(bytes(200), received_ns=number)
        journal.wait(3)
        early = journal.read()
        assert next(early).number == 1
        for number in range(40):
            journal.append(bytes(200), received_ns=number)
        journal.wait(43)
        assert [frame.number for frame in early] == [2, 3]
        late = journal.read(2)
        assert [frame.number for frame in late] == list(range(2, 44))
