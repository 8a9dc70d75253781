"""Prices, sizes and times as people read them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.desktop.presenters.numbers import fixed_text, price_text, size_text, time_text
from tests.unit.desktop.tapes import BTC, START


@given(st.integers(-(2**53), 2**53), st.integers(-18, 9))
def test_a_text_is_the_exact_number(units: int, exponent: int) -> None:
    assert Decimal(fixed_text(units, exponent).replace(",", "")) == Decimal(units).scaleb(exponent)


@pytest.mark.parametrize(("units", "text"), [(6426151, "64,261.51"), (7, "0.07"), (-1, "–")])
def test_a_price_has_the_decimals_of_its_instrument(units: int, text: str) -> None:
    assert price_text(units, BTC) == text


def test_an_unknown_size_is_a_dash() -> None:
    assert size_text(-1, BTC) == "–"
    assert size_text(0, BTC) == "0.0000"


def test_times_have_milliseconds_and_are_never_rounded_up() -> None:
    assert time_text(START + 999_999_999) == "22:13:20.999"
