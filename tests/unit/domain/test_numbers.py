from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.domain.numbers import MAX_EXPONENT, MAX_UNITS, MIN_EXPONENT, exponent_of, from_units, to_units

exponents = st.integers(MIN_EXPONENT, MAX_EXPONENT)
units = st.integers(-MAX_UNITS, MAX_UNITS)


@given(units, exponents)
def test_units_and_text_convert_without_loss(number: int, exponent: int) -> None:
    text = from_units(number, exponent)
    assert to_units(text, exponent) == number
    assert Decimal(text) == Decimal(number).scaleb(exponent)


@given(units, exponents)
def test_text_has_no_exponent_and_no_superfluous_zeros(number: int, exponent: int) -> None:
    text = from_units(number, exponent)
    assert "e" not in text.lower()
    assert not ("." in text and text.endswith(("0", ".")))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-1e6, max_value=1e6))
def test_a_decimal_is_whole_at_its_exponent_and_at_none_above(value: Decimal) -> None:
    exponent = exponent_of(str(value))
    assert Decimal(to_units(str(value), exponent)).scaleb(exponent) == value
    if exponent < 0:
        with pytest.raises(ValueError, match="rounding"):
            to_units(str(value), exponent + 1)


@pytest.mark.parametrize(
    ("text", "exponent", "number"),
    [
        ("236.47", -2, 23647),
        ("1e3", 0, 1000),
        ("-.5", -1, -5),
        ("+7.", 0, 7),
        (" 12.500 ", -1, 125),
        ("0", 9, 0),
    ],
)
def test_common_ways_to_write_a_decimal_are_read(text: str, exponent: int, number: int) -> None:
    assert to_units(text, exponent) == number


@pytest.mark.parametrize(
    "text", ["", ".", "1,5", "nan", "inf", "0x10", "1e", "1_000", "1 2", "--1", "1e9999", "9" * 101]
)
def test_what_is_no_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a decimal number"):
        to_units(text, 0)


def test_what_would_need_rounding_is_refused_and_the_step_is_named() -> None:
    with pytest.raises(ValueError, match=r"a multiple of 0\.01"):
        to_units("1.005", -2)


def test_units_beyond_the_bound_are_refused() -> None:
    assert to_units(str(MAX_UNITS), 0) == MAX_UNITS
    for text in (str(MAX_UNITS + 1), f"-{MAX_UNITS + 1}", "1e999"):
        with pytest.raises(ValueError, match="at most 9007199254740991"):
            to_units(text, 0)
