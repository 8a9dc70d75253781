"""Foreign texts and numbers as they stand in a report."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.domain.counting import counted
from tapewarden.reports.words import exact_moment, fixed, legible, moment, number_text

ALLOWED = ((9, 10, 13), range(0x20, 0xD800), range(0xE000, 0xFFFE), range(0x10000, 0x110000))
"""What XML 1.0 allows in a document."""


@given(st.text(st.characters()))
def test_legible_text_holds_only_what_xml_allows_and_people_can_see(text: str) -> None:
    for letter in legible(text):
        assert letter in "\n\t\u200c\u200d" or letter.isprintable() or letter.isspace()
        assert any(ord(letter) in allowed for allowed in ALLOWED)


@given(st.text(st.characters(codec="latin-1", exclude_categories=["Cc", "Cf"])))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert legible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\x1b[31m", "a[U+0000]b[U+001B][31m"),
        ("acct\u202etcca", "acct[U+202E]tcca"),
        ("\ufffe\ud800", "[U+FFFE][U+D800]"),
        ("one\r\ntwo\tthree", "one\ntwo\tthree"),
        ("مرحبا 🙂", "مرحبا 🙂"),
    ],
)
def test_what_cannot_be_seen_stands_as_its_code_point(text: str, shown: str) -> None:
    assert legible(text) == shown


@given(st.integers(0, 2**53 - 1), st.integers(-18, 9))
def test_prices_and_sizes_are_exact(units: int, exponent: int) -> None:
    text = fixed(units, exponent)
    assert Decimal(text) == Decimal(units).scaleb(exponent)
    assert len(text.partition(".")[2]) == max(-exponent, 0)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_measured_numbers_keep_six_digits(value: float) -> None:
    assert float(number_text(value).replace(",", "")) == pytest.approx(value, rel=1e-5, abs=0)


def test_numbers_read_as_people_write_them() -> None:
    assert [number_text(one) for one in (0.0, 0.5, -0.25, 1234.5, 1e6, 3e-7)] == [
        "0",
        "0.5",
        "-0.25",
        "1,234.5",
        "1,000,000",
        "3.00000e-07",
    ]
    assert (counted(1, "entry", "entries"), counted(2, "entry", "entries")) == ("1 entry", "2 entries")


def test_times_are_told_to_the_microsecond_and_to_machines_exactly() -> None:
    assert moment(1_704_103_209_157_525_659) == "2024-01-01 10:00:09.157525"
    assert exact_moment(1_704_103_209_157_525_659) == "2024-01-01T10:00:09.157525659Z"
