"""Rows of a list on the server: whatever pages are here, keys and places fit."""

from collections.abc import Hashable

from hypothesis import given
from hypothesis import strategies as st

from tapewarden.desktop.presenters.rows import Cell
from tapewarden.desktop.presenters.triage.paged_rows import MOST_PAGES, PAGE, PagedRows, Unread


def rows_of(total: int, *pages: int) -> PagedRows[int]:
    """Rows of a list of numbers, of which some pages are here."""
    rows = PagedRows[int](lambda one: one, lambda one: (Cell(str(one)), Cell()), 2)
    for number in pages:
        rows.put(number, page(range(total), number), total)
    return rows


def page(items: range | list[int], number: int) -> list[int]:
    return list(items[number * PAGE : (number + 1) * PAGE])


def test_what_is_not_here_shows_an_ellipsis_and_its_page_is_missing() -> None:
    rows = rows_of(350, 0, 2)
    assert [rows.cells(place)[0].text for place in (99, 100, 299, 349)] == ["99", "…", "299", "…"]
    assert rows.missing(rows.drawn()) == [1, 3]
    assert rows.drawn() == set()


def test_the_key_of_a_row_that_was_not_here_finds_it_once_it_is() -> None:
    rows = rows_of(350, 0)
    key = rows.key(120)
    assert (key, rows.index(key), rows.find(key)) == (Unread(120), 120, None)
    rows.put(1, page(range(350), 1), 350)
    assert (rows.index(key), rows.find(key), rows.key(120)) == (120, 120, 120)


def test_a_row_that_moved_to_a_page_read_later_is_not_in_two_places() -> None:
    rows = rows_of(200, 0)
    rows.put(1, [99, *range(100, 199)], 200)
    assert rows.index(99) == 100
    assert rows.missing({0, 1}) == [0]


def test_pages_far_away_give_way() -> None:
    rows = rows_of(200 * PAGE, *range(MOST_PAGES + 30))
    assert rows.missing({0, 29}) == [0, 29]
    assert rows.missing(set(range(30, MOST_PAGES + 30))) == []
    assert sum(1 for _ in rows) == MOST_PAGES * PAGE


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 60), st.integers(150, 450)), min_size=1, max_size=12)
)
def test_each_key_is_where_its_row_is_whatever_came_above_meanwhile(
    answers: list[tuple[int, int, int]],
) -> None:
    """The list grows at its top between answers, and shrinks."""
    rows, newest = PagedRows[int](lambda one: one, lambda one: (Cell(str(one)),), 1), 0
    for number, came, total in answers:
        newest -= came
        whole = list(range(newest, newest + total))
        rows.put(number, page(whole, number), total)
        assert len(rows) == total
        seen: dict[Hashable, int] = {}
        for place in range(total):
            key = rows.key(place)
            assert rows.index(key) == place
            assert key not in seen
            seen[key] = place
            item = rows.find(key)
            assert item is None or rows.cells(place)[0].text == str(item)
