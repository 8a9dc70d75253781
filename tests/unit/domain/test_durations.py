import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.domain.durations import from_nanoseconds, to_nanoseconds


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("5s", 5 * 10**9),
        ("500ms", 5 * 10**8),
        ("1.5us", 1500),
        ("24h", 86_400 * 10**9),
        ("1d", 86_400 * 10**9),
    ],
)
def test_durations_are_exact(text: str, nanoseconds: int) -> None:
    assert to_nanoseconds(text) == nanoseconds


@pytest.mark.parametrize("text", ["5", "s", "-5s", "5 s", "5S", "5sec", "1e3s", "0.5ns", "", "999999999d"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"a duration|a whole number of nanoseconds"):
        to_nanoseconds(text)


@given(st.integers(0, 2**40))
def test_a_duration_reads_back(nanoseconds: int) -> None:
    assert to_nanoseconds(from_nanoseconds(nanoseconds)) == nanoseconds
