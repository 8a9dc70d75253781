"""How columns share the width of a table."""

from hypothesis import given
from hypothesis import strategies as st

from tapewarden.desktop.widgets.columns import Column, shared

COLUMNS = st.lists(
    st.builds(
        Column,
        st.just("x"),
        st.integers(50, 300),
        stretch=st.booleans(),
        least=st.none() | st.integers(20, 50),
        optional=st.booleans(),
    ),
    min_size=1,
    max_size=10,
)


@given(COLUMNS, st.integers(100, 3_000))
def test_columns_never_need_more_than_there_is(columns: list[Column], available: int) -> None:
    widths = shared(columns, available, scale=1.0)
    assert sum(widths) <= available
    assert all(width > 0 or column.optional for width, column in zip(widths, columns, strict=True))


def test_what_is_left_goes_to_the_column_that_stretches() -> None:
    assert shared([Column("a", 100), Column("b", 100, stretch=True)], 500, 1.0) == [100, 400]


def test_columns_that_may_give_do_so_and_others_stay() -> None:
    columns = [Column("a", 100), Column("b", 300, stretch=True), Column("c", 100, least=60)]
    assert shared(columns, 350, 1.0) == [100, 170, 80]


def test_an_optional_column_is_left_out_before_others_are_cut() -> None:
    columns = [Column("a", 100), Column("b", 100, optional=True), Column("c", 100)]
    assert shared(columns, 220, 1.0) == [100, 0, 120]
    assert shared(columns, 100, 1.0) == [50, 0, 50]
