"""The cursor of a table, and what is chosen, while rows come and go."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tapewarden.desktop.presenters.rows import Cell, ListRows
from tapewarden.desktop.presenters.selection import Selection


def rows_of(items: Sequence[int]) -> ListRows[int]:
    rows = ListRows[int](lambda item: item, lambda item: (Cell(str(item)),))
    rows.replace(items)
    return rows


def test_a_range_goes_from_where_the_last_plain_move_ended() -> None:
    selection = Selection(rows_of(range(10)))
    selection.move_to(4)
    selection.move_by(2, extend=True)
    assert selection.keys == [4, 5, 6]
    selection.move_by(-4, extend=True)
    assert selection.keys == [2, 3, 4]
    selection.move_by(1)
    assert selection.keys == [3]


def test_the_cursor_stays_on_its_row_when_others_come_above_it() -> None:
    rows = rows_of([5, 6, 7])
    selection = Selection(rows)
    selection.move_to(1)
    rows.replace([1, 2, 5, 6, 7])
    selection.settle()
    assert (selection.cursor, selection.place) == (6, 3)


def test_the_next_row_takes_the_cursor_when_its_row_goes() -> None:
    rows = rows_of([5, 6, 7])
    selection = Selection(rows)
    selection.move_to(1)
    rows.replace([5, 7])
    selection.settle()
    assert selection.keys == [7]
    rows.replace([])
    selection.settle()
    assert (selection.cursor, selection.keys) == (None, [])


def test_what_is_chosen_stays_although_the_cursor_on_the_first_row_would_follow_the_top() -> None:
    rows = rows_of([5, 6, 7])
    selection = Selection(rows, follow_top=True)
    selection.settle()
    selection.choose_all()
    rows.replace([4, 5, 6, 7])
    selection.settle()
    assert (selection.keys, selection.count) == ([5, 6, 7], 3)


def test_a_cursor_that_follows_the_top_stays_there_until_it_is_moved() -> None:
    rows = rows_of([5])
    selection = Selection(rows, follow_top=True)
    selection.settle()
    rows.replace([4, 5])
    selection.settle()
    assert selection.keys == [4]
    selection.move_by(1)
    rows.replace([3, 4, 5])
    selection.settle()
    assert selection.keys == [5]


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.integers(-50, 50), st.booleans()),
        st.tuples(st.just("toggle"), st.integers(0, 50), st.just(False)),
        st.tuples(st.just("rows"), st.integers(0, 20), st.just(False)),
        st.tuples(st.just("all"), st.just(0), st.just(False)),
    ),
    max_size=30,
)


@given(MOVES)
def test_cursor_and_choice_are_always_rows_that_are_there(moves: list[tuple[str, int, bool]]) -> None:
    items = list(range(10))
    rows = rows_of(items)
    selection = Selection(rows)
    for kind, number, extend in moves:
        if kind == "move":
            selection.move_by(number, extend=extend)
        elif kind == "toggle" and items:
            selection.toggle(number % len(items))
        elif kind == "rows":
            items = list(range(number, 20))
            rows.replace(items)
            selection.settle()
        elif kind == "all":
            selection.choose_all()
        assert (selection.cursor in items) == bool(items) or selection.cursor is None
        assert set(selection.keys) <= set(items)
        assert selection.keys == [item for item in items if item in selection]
