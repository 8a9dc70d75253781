"""Signals under headings: whatever is folded away, keys and places fit, and each signal is under its own."""

from collections.abc import Hashable

from hypothesis import given
from hypothesis import strategies as st

from tapewarden.desktop.presenters.rows import Cell
from tapewarden.desktop.presenters.triage.grouped_rows import GroupedRows, Heading
from tapewarden.desktop.presenters.triage.paged_rows import PAGE, PagedRows, Unread
from tapewarden.domain.casework import SignalGroup, StoredSignal
from tests.unit.cases.signals import signal

sizes = st.lists(st.integers(1, 130), min_size=1, max_size=8)


def stored(number: int) -> StoredSignal:
    return StoredSignal(signal(f"s{number}"), None, None, None)


def rows_of(sizes: list[int], pages: set[int]) -> GroupedRows:
    """Groups of such sizes, named by their places; only some pages of signals are here."""
    total = sum(sizes)
    signals = PagedRows[StoredSignal](lambda one: one.signal.id, lambda one: (Cell(one.signal.id), Cell()), 2)
    signals.replace({}, total)
    for number in pages:
        first = number * PAGE
        if first < total:
            signals.put(number, [stored(one) for one in range(first, min(first + PAGE, total))], total)
    rows = GroupedRows(signals, lambda group, folded: Cell(f"{group.name} {folded}"))
    rows.group([SignalGroup(f"g{place}", size, 1.0) for place, size in enumerate(sizes)])
    return rows


@given(sizes, st.sets(st.integers(0, 10)), st.sets(st.integers(0, 7)))
def test_each_key_is_where_its_row_is_and_each_row_is_under_its_heading(
    sizes: list[int], pages: set[int], folded: set[int]
) -> None:
    rows = rows_of(sizes, pages)
    for place in folded:
        rows.fold(f"g{place}", folded=True)
    expected: list[tuple[str, int | None]] = []
    first = 0
    for place, size in enumerate(sizes):
        expected.append((f"g{place}", None))
        if place not in folded:
            expected += [(f"g{place}", first + one) for one in range(size)]
        first += size
    assert len(rows) == len(expected)
    seen: set[Hashable] = set()
    for index, (name, number) in enumerate(expected):
        key = rows.key(index)
        assert key not in seen
        seen.add(key)
        assert rows.index(key) == index
        group = rows.group_of(key)
        assert group is not None
        assert group.name == name
        if number is None:
            assert key == Heading(name)
            assert len(rows.cells(index)) == 1
        else:
            here = number // PAGE in pages
            assert key == (f"s{number}" if here else Unread(number))
            assert len(rows.cells(index)) == 2


@given(sizes, st.integers(0, 7))
def test_signals_that_are_folded_away_are_nowhere_and_come_back(sizes: list[int], place: int) -> None:
    rows = rows_of(sizes, set(range(11)))
    before = [rows.key(index) for index in range(len(rows))]
    name = f"g{min(place, len(sizes) - 1)}"
    inside = [
        key
        for key in before
        if not isinstance(key, Heading) and getattr(rows.group_of(key), "name", "") == name
    ]
    rows.fold(name, folded=True)
    assert all(rows.index(key) is None for key in inside)
    assert [rows.key(index) for index in range(len(rows))] == [key for key in before if key not in inside]
    rows.fold(name, folded=False)
    assert [rows.key(index) for index in range(len(rows))] == before


def test_a_heading_finds_the_first_signal_of_its_group_once_it_is_here() -> None:
    rows = rows_of([100, 5], {0})
    first = rows.find(Heading("g0"))
    assert first is not None
    assert first.signal.id == "s0"
    assert rows.find(Heading("g1")) is None
    assert rows.find(Heading("of another list")) is None


def test_without_groups_there_are_the_signals_alone() -> None:
    rows = rows_of([3, 4], {0})
    rows.fold_all(folded=True)
    assert len(rows) == 2
    rows.group(())
    assert [rows.key(index) for index in range(len(rows))] == [f"s{one}" for one in range(7)]
    assert rows.group_of("s1") is None
