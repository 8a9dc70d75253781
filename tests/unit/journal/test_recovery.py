from pathlib import Path
from random import Random

import pytest

from tapewarden.domain.errors import JournalCorruptionError, JournalError
from tapewarden.journal import Frame, Journal, list_segments, read_frames
from tapewarden.journal.frame import HEADER, size_of
from tapewarden.journal.recovery import open_log
from tapewarden.journal.segment import HEAD
from tests.samples.journals import ForgetfulDisk, PowerLossError, QuickDisk, active, flat, numbered, write

GROUPS = numbered([[10], [0, 31, 8], [5, 40, 1]])
FRAMES = flat(GROUPS)
ENDS = [HEAD.size + sum(map(size_of, FRAMES[: count + 1])) for count in range(len(FRAMES))]


def recovered(folder: Path) -> list[Frame]:
    """Frames after opening for writing, one more appended at the end."""
    with Journal(folder, segment_bytes=1024, disk=QuickDisk()) as journal:
        number = journal.append(b"next", received_ns=1)
        journal.wait(number)
        frames = list(journal.read())
    assert frames[-1] == Frame(number, 1, 1, None, b"next")
    assert number == len(frames)
    return frames[:-1]


@pytest.mark.parametrize("filled", [False, True], ids=["cut", "zeros"])
def test_a_torn_tail_is_removed_wherever_it_is_torn(tmp_path: Path, filled: bool) -> None:
    write(tmp_path, GROUPS, 1024, close=False)
    path = active(tmp_path)
    whole = path.read_bytes()
    for cut in range(HEAD.size, ENDS[-1] + 1):
        torn = whole[:cut].ljust(len(whole) if filled else 0, b"\0")
        path.write_bytes(torn)
        good = sum(torn[:end] == whole[:end] for end in ENDS)
        assert list(read_frames(tmp_path)) == FRAMES[:good]
        assert recovered(tmp_path) == FRAMES[:good]


def test_frames_behind_a_torn_one_of_their_own_group_were_never_acknowledged(tmp_path: Path) -> None:
    write(tmp_path, GROUPS, 1024, close=False)
    damage(active(tmp_path), ENDS[3] + 10)
    with Journal(tmp_path, segment_bytes=1024) as journal:
        assert journal.recovery.last == 4
        assert journal.recovery.torn == (ENDS[-1] - ENDS[3] - 7, 2)
        assert list(journal.read()) == FRAMES[:4]
    assert recovered(tmp_path) == FRAMES[:4]


def test_frames_that_were_removed_do_not_come_back(tmp_path: Path) -> None:
    """Written over by a frame of the same size, the torn one would lead to those behind it again."""
    write(tmp_path, GROUPS, 1024, close=False)
    damage(active(tmp_path), ENDS[3] + 10)
    write(tmp_path, [FRAMES[4:5]], 1024, close=False)
    assert list(read_frames(tmp_path)) == FRAMES[:5]


def test_what_is_found_after_a_failed_sync_is_made_durable(tmp_path: Path) -> None:
    disk = ForgetfulDisk(syncs=4)
    log, _ = open_log(tmp_path, 1024, disk)
    log.commit(GROUPS[0])
    log.commit(GROUPS[1])
    with pytest.raises(PowerLossError):
        log.commit(GROUPS[2])
    log.abandon()
    log, recovery = open_log(tmp_path, 1024, disk)
    log.abandon()
    disk.lose_power(tmp_path, Random(0))
    assert recovery.last == len(FRAMES)
    assert list(read_frames(tmp_path)) == FRAMES


def test_a_bad_frame_with_a_later_group_behind_it_is_corruption(tmp_path: Path) -> None:
    write(tmp_path, GROUPS, 1024, close=False)
    damage(active(tmp_path), ENDS[1] + 10)
    with pytest.raises(JournalCorruptionError, match="expected frame 3, which was durable") as caught:
        Journal(tmp_path, segment_bytes=1024)
    assert (caught.value.path, caught.value.offset) == (str(active(tmp_path)), ENDS[1])
    read = read_frames(tmp_path)
    assert [next(read), next(read)] == FRAMES[:2]
    with pytest.raises(JournalCorruptionError):
        next(read)


def test_after_closing_damage_of_the_last_group_is_corruption(tmp_path: Path) -> None:
    write(tmp_path, GROUPS, 1024, close=True)
    damage(active(tmp_path), ENDS[3] + 10)
    with pytest.raises(JournalCorruptionError, match="frame 5"):
        Journal(tmp_path, segment_bytes=1024)


def test_a_refused_journal_is_not_left_locked(tmp_path: Path) -> None:
    write(tmp_path, GROUPS, 1024)
    whole = active(tmp_path).read_bytes()
    damage(active(tmp_path), ENDS[0] + 10)
    with pytest.raises(JournalCorruptionError):
        Journal(tmp_path, segment_bytes=1024)
    active(tmp_path).write_bytes(whole)
    assert recovered(tmp_path) == FRAMES


def test_a_body_that_looks_like_frames_does_not_make_a_torn_tail_corruption(tmp_path: Path) -> None:
    """Whoever sends the bytes of another journal's segment does not know the tag of this one."""
    write(tmp_path / "other", GROUPS, 1024)
    foreign = active(tmp_path / "other").read_bytes()[HEAD.size : ENDS[-1]]
    frame = Frame(1, 1, 0, None, foreign)
    write(tmp_path / "own", [[frame]], 1024, close=False)
    damage(active(tmp_path / "own"), HEAD.size + 20)
    assert recovered(tmp_path / "own") == []


@pytest.mark.parametrize("offset", [0, 8, 12, 16, 24, 28])
def test_a_damaged_head_is_told_with_its_file(tmp_path: Path, offset: int) -> None:
    write(tmp_path, GROUPS, 1024)
    damage(active(tmp_path), offset)
    with pytest.raises(JournalError, match=str(active(tmp_path))):
        Journal(tmp_path, segment_bytes=1024)
    with pytest.raises(JournalError, match=str(active(tmp_path))):
        list(read_frames(tmp_path))


def test_a_later_format_is_refused(tmp_path: Path) -> None:
    write(tmp_path, GROUPS, 1024)
    damage(active(tmp_path), 8, 3)
    with pytest.raises(JournalError, match="expected format 1, received 2"):
        Journal(tmp_path, segment_bytes=1024)


def test_an_empty_active_segment_is_reopened(tmp_path: Path) -> None:
    write(tmp_path, [], 1024, close=False)
    assert recovered(tmp_path) == []


def test_a_crash_between_sealing_and_the_next_segment_is_mended(tmp_path: Path) -> None:
    many = numbered([[300]] * 7)
    write(tmp_path, many, 1024)
    active(tmp_path).unlink()
    kept = list_segments(tmp_path)
    assert all(segment.sealed for segment in kept)
    assert recovered(tmp_path) == flat(many)[:6]


def test_a_crash_while_a_spare_is_made_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    write(tmp_path, GROUPS, 1024)
    (tmp_path / "spare").write_bytes(b"half a file" * 1000)
    many = numbered([[300]] * 7, first=8)
    write(tmp_path, many, 1024)
    assert list(read_frames(tmp_path)) == FRAMES + flat(many)
    assert recovered(tmp_path) == FRAMES + flat(many)


def test_a_missing_segment_is_corruption(tmp_path: Path) -> None:
    write(tmp_path, numbered([[300]] * 7), 1024)
    list_segments(tmp_path)[1].path.unlink()
    for use in (lambda: list(read_frames(tmp_path)), lambda: Journal(tmp_path, segment_bytes=1024)):
        with pytest.raises(
            JournalCorruptionError, match="expected a segment from frame 3 on, received one from frame 5"
        ):
            use()


def test_a_sealed_segment_without_its_end_is_corruption(tmp_path: Path) -> None:
    write(tmp_path, numbered([[300]] * 7), 1024)
    path = list_segments(tmp_path)[0].path
    path.write_bytes(path.read_bytes()[: -HEADER.size])
    with pytest.raises(JournalCorruptionError, match="expected the mark of a sealed segment"):
        Journal(tmp_path, segment_bytes=1024)
    with pytest.raises(JournalCorruptionError, match="expected a sealed segment ending in a mark"):
        list(read_frames(tmp_path))


def test_a_segment_behind_the_active_one_is_refused(tmp_path: Path) -> None:
    write(tmp_path, numbered([[300]] * 7), 1024)
    sealed = list_segments(tmp_path)[0].path
    sealed.rename(sealed.with_suffix(".active"))
    with pytest.raises(JournalError, match="expected no segment behind the active one"):
        Journal(tmp_path, segment_bytes=1024)


def test_the_size_of_segments_may_change_between_openings(tmp_path: Path) -> None:
    groups = numbered([[100]] * 40)
    for start, size in zip(range(0, 40, 10), (4096, 1024, 2048, 512), strict=True):
        write(tmp_path, groups[start : start + 10], size)
    assert list(read_frames(tmp_path)) == flat(groups)


def damage(path: Path, offset: int, bits: int = 0x55) -> None:
    data = bytearray(path.read_bytes())
    data[offset] ^= bits
    path.write_bytes(data)
