import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tapewarden.domain.errors import JournalCorruptionError, JournalError
from tapewarden.journal import Frame, Journal, list_segments, read_frames
from tapewarden.journal.recovery import open_log
from tests.samples.journals import PowerlessDisk, PowerLossError, QuickDisk, flat, numbered, write

sizes = st.integers(0, 120)
group_sizes = st.lists(sizes, min_size=1, max_size=5)
journals = st.lists(group_sizes, min_size=1, max_size=12)
segment_sizes = st.sampled_from([300, 512, 1024, 4096])


@settings(max_examples=60)
@given(
    parts=st.lists(journals, min_size=1, max_size=4), segment_bytes=segment_sizes, pending=st.integers(0, 500)
)
def test_what_was_appended_is_read_back_however_often_it_is_reopened(
    parts: list[list[list[int]]], segment_bytes: int, pending: int
) -> None:
    expected: list[Frame] = []
    with tempfile.TemporaryDirectory() as name:
        for part in parts:
            frames = flat(numbered(part, first=len(expected) + 1))
            expected += frames
            with Journal(
                Path(name), segment_bytes=segment_bytes, pending_bytes=pending, disk=QuickDisk()
            ) as journal:
                for number, kind, received_ns, origin, body in frames:
                    assert journal.append(body, received_ns=received_ns, kind=kind, origin=origin) == number
                journal.wait(len(expected))
                assert list(journal.read()) == expected
            assert list(read_frames(Path(name))) == expected


def read_while_good(folder: Path) -> tuple[list[Frame], JournalError | None]:
    """Frames, and the error that ended reading if one did."""
    frames: list[Frame] = []
    try:
        for frame in read_frames(folder):
            frames.append(frame)
    except JournalError as error:
        return frames, error
    return frames, None


def commit_while_powered(folder: Path, groups: list[list[Frame]], size: int, disk: PowerlessDisk) -> int:
    """Number of the last frame that was acknowledged before the power was lost, if it was."""
    durable = 0
    with suppress(JournalError):
        log, _ = open_log(folder, size, disk)
        try:
            for group in groups:
                log.commit(group)
                durable = group[-1].number
            log.close()
        except PowerLossError:
            log.abandon()
    return durable


@settings(max_examples=300)
@given(groups=journals, segment_bytes=segment_sizes, closed=st.booleans(), data=st.data())
def test_a_flipped_bit_gives_the_exact_frames_before_it_or_is_told(
    groups: list[list[int]], segment_bytes: int, closed: bool, data: st.DataObject
) -> None:
    written = numbered(groups)
    frames = flat(written)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, written, segment_bytes, close=closed)
        path = data.draw(st.sampled_from([segment.path for segment in list_segments(folder)]))
        content = bytearray(path.read_bytes())
        offset = data.draw(st.integers(0, len(content) - 1))
        content[offset] ^= 1 << data.draw(st.integers(0, 7))
        path.write_bytes(content)
        read, error = read_while_good(folder)
        if error is None:
            acknowledged = len(frames) if closed else len(frames) - len(written[-1])
            assert len(read) >= acknowledged
        elif isinstance(error, JournalCorruptionError):
            assert error.path == str(path)
            assert error.offset <= offset
        else:
            assert "expected format" in str(error)
        assert read == frames[: len(read)]


@settings(max_examples=300)
@given(groups=journals, segment_bytes=segment_sizes, syncs=st.integers(0, 40), seed=st.integers(0, 2**32))
def test_losing_power_loses_nothing_acknowledged_and_is_no_corruption(
    groups: list[list[int]], segment_bytes: int, syncs: int, seed: int
) -> None:
    written = numbered(groups)
    disk = PowerlessDisk(syncs)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        durable = commit_while_powered(folder, written, segment_bytes, disk)
        disk.lose_power(folder, Random(seed))
        log, recovery = open_log(folder, segment_bytes, QuickDisk())
        assert recovery.last >= durable
        after = numbered([[7], [3, 9]], first=recovery.last + 1)
        for group in after:
            log.commit(group)
        log.close()
        assert list(read_frames(folder)) == flat(written)[: recovery.last] + flat(after)


@settings(max_examples=100)
@given(groups=journals, segment_bytes=segment_sizes, data=st.data())
def test_a_crash_while_a_torn_tail_is_removed_does_no_harm(
    groups: list[list[int]], segment_bytes: int, data: st.DataObject
) -> None:
    written = numbered(groups)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "journal")
        write(folder, written, segment_bytes, close=False)
        path = list_segments(folder)[-1].path
        content = bytearray(path.read_bytes())
        offset = data.draw(st.integers(32, len(content) - 1))
        content[offset] ^= 1
        path.write_bytes(content)
        copy = Path(shutil.copytree(folder, Path(name, "copy")))
        try:
            log, expected = open_log(copy, segment_bytes, QuickDisk())
        except JournalCorruptionError:
            return
        log.abandon()
        disk = PowerlessDisk(0)
        assert commit_while_powered(folder, [], segment_bytes, disk) == 0
        disk.lose_power(folder, Random(offset))
        log, again = open_log(folder, segment_bytes, QuickDisk())
        log.abandon()
        assert again.last == expected.last
