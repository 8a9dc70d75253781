from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from tapewarden.adapters.files.rejects import RowError
from tapewarden.adapters.files.rows import units
from tapewarden.adapters.files.survey import DecimalSurvey
from tapewarden.adapters.files.times import calendar_time, counted_time


def surveyed(*texts: str) -> int:
    survey = DecimalSurvey()
    survey.see_all(texts)
    return survey.exponent()


def test_survey_finds_the_coarsest_exact_exponent() -> None:
    assert surveyed("100", "0.5", "1.2500", "3e-1") == -2
    assert surveyed("5000", "12000") == 0
    assert surveyed() == 0


def test_survey_ignores_what_is_no_number() -> None:
    assert surveyed("1.5", "NaN", "inf", "", "abc", "1e-300", "1_000.123") == -1


def test_one_hostile_value_does_not_cost_the_others() -> None:
    prices = [f"{price}.25" for price in range(60_000, 60_100)]
    assert surveyed(*prices, "0.123456789012345") == -2
    assert surveyed(*prices, "1" + 30 * "0") == -2


@pytest.mark.parametrize("text", ["-1", "0", "NaN", "inf", "1e30", "0.001", "", "1,5", "0x10", "1e999999999"])
def test_sizes_that_are_not_exact_and_positive_are_refused(text: str) -> None:
    with pytest.raises(RowError):
        units(text, -2, "size")


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("1430438404.518", "s", 1430438404518000000),
        ("1430438404518", "ms", 1430438404518000000),
        ("1430438404518.250", "ms", 1430438404518250000),
        ("1430438404518250", "us", 1430438404518250000),
        ("1430438404518250001", "ns", 1430438404518250001),
        ("34200.017459617", "s", 34200017459617),
    ],
)
def test_counted_times_are_exact(text: str, unit: str, expected: int) -> None:
    assert counted_time(text, unit) == expected


@pytest.mark.parametrize("text", ["", "-5", "1e9", "12:00", "99999999999999999999", "1.0000000001", "1.5x"])
def test_counted_times_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(RowError):
        counted_time(text, "s")


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T08:00:00.389563001Z",
        "2026-03-02 08:00:00.389563001",
        "2026-03-02T09:00:00.389563001+01:00",
        "2026-03-02T08:00:00,389563001",
    ],
)
def test_calendar_times_are_exact_to_the_nanosecond(text: str) -> None:
    assert calendar_time(text, UTC) == 1772438400389563001


def test_calendar_times_without_offset_are_in_their_zone() -> None:
    summer = calendar_time("2026-07-01 12:00:00", ZoneInfo("Europe/Vienna"))
    assert summer == calendar_time("2026-07-01 10:00:00", UTC)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-13-01", "1912-06-23", "2026-01-01T00:00:00.0000000001"]
)
def test_calendar_times_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(RowError):
        calendar_time(text, UTC)
