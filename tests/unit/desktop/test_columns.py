"""How columns share the width of a table."""

from hypothesis import given
from hypothesis import strategies as st

from tapewarden.desktop.widgets.columns import Column, Kind, shared

COLUMNS = st.lists(
    st.builds(
        Column,
        st.just("x"),
        st.integers(50, 300),
        stretch=st.booleans(),
        least=st.none() | st.integers(20, 50),
        optional=st.integers(0, 2),
        whole=st.booleans(),
        extra=st.booleans(),
        most=st.none() | st.integers(60, 150),
    ),
    min_size=1,
    max_size=10,
)


@given(COLUMNS, st.integers(100, 3_000), st.integers(0, 200))
def test_columns_never_need_more_than_there_is(columns: list[Column], available: int, needed: int) -> None:
    widths = shared(columns, available, 1.0, [needed] * len(columns))
    assert sum(widths) <= available
    assert all(
        width > 0 or column.optional or column.extra for width, column in zip(widths, columns, strict=True)
    )


def test_what_is_left_goes_to_the_column_that_stretches() -> None:
    assert shared([Column("a", 100), Column("b", 100, stretch=True)], 500, 1.0) == [100, 400]


def test_columns_that_may_give_do_so_and_others_stay() -> None:
    columns = [Column("a", 100), Column("b", 300, stretch=True), Column("c", 100, least=60)]
    assert shared(columns, 350, 1.0) == [100, 170, 80]


def test_an_optional_column_is_left_out_before_others_are_cut() -> None:
    columns = [Column("a", 100), Column("b", 100, optional=1), Column("c", 100)]
    assert shared(columns, 220, 1.0) == [100, 0, 120]
    assert shared(columns, 100, 1.0) == [50, 0, 50]


@given(COLUMNS, st.integers(100, 3_000), st.integers(0, 200))
def test_what_is_whole_is_cut_only_where_nothing_else_can_give(
    columns: list[Column], available: int, needed: int
) -> None:
    widths = shared(columns, available, 1.0, [needed] * len(columns))
    shown = [(one, width) for one, width in zip(columns, widths, strict=True) if width]
    if any(width < min(needed, one.most or needed) for one, width in shown if one.is_whole):
        assert not any(one.optional or one.extra for one, _ in shown)
        assert all(width <= one.floor for one, width in shown if not one.is_whole)


def test_a_column_that_is_whole_grows_with_its_texts() -> None:
    columns = [Column("a", 100, whole=True), Column("b", 300, least=50), Column("c", 60, Kind.NUMBER)]
    assert shared(columns, 460, 1.0, [150, 900, 90]) == [150, 220, 90]


def test_what_is_needed_least_is_left_out_first_and_of_equals_the_one_on_the_right() -> None:
    columns = [Column("a", 100, optional=2), Column("b", 100, optional=1), Column("c", 100, optional=2)]
    assert shared(columns, 200, 1.0) == [100, 0, 100]
    assert shared(columns, 100, 1.0) == [100, 0, 0]


def test_an_extra_column_is_there_where_all_have_their_full_width_only() -> None:
    columns = [Column("a", 100, least=50), Column("b", 80, extra=True), Column("c", 100)]
    assert shared(columns, 280, 1.0) == [100, 80, 100]
    assert shared(columns, 279, 1.0) == [100, 0, 179]
    assert shared(columns, 170, 1.0) == [70, 0, 100]


def test_whole_texts_grow_to_their_most_and_give_once_all_others_have() -> None:
    columns = [Column("a", 100, least=60, whole=True, most=200), Column("b", 100, least=50)]
    assert shared(columns, 400, 1.0, [900, 0]) == [300, 100]
    assert shared(columns, 260, 1.0, [900, 0]) == [200, 60]
    assert shared(columns, 200, 1.0, [900, 0]) == [150, 50]
