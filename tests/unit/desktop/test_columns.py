"""How columns share the width of a table."""

from hypothesis import given
from hypothesis import strategies as st

from tapewarden.desktop.widgets.columns import Column, shared

COLUMNS = st.lists(
    st.builds(Column, st.just("x"), st.integers(20, 300), stretch=st.booleans()), min_size=1, max_size=10
)


@given(COLUMNS, st.integers(100, 3_000))
def test_columns_never_need_more_than_there_is(columns: list[Column], available: int) -> None:
    widths = shared(columns, available, scale=1.0)
    assert sum(widths) <= available
    assert all(width > 0 for width in widths)


def test_what_is_left_goes_to_the_column_that_stretches() -> None:
    assert shared([Column("a", 100), Column("b", 100, stretch=True)], 500, 1.0) == [100, 400]


def test_a_column_that_stretches_gives_way_first() -> None:
    assert shared([Column("a", 100), Column("b", 300, stretch=True)], 200, 1.0) == [100, 100]
