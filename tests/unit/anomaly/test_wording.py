"""Features in words: short, and each number with what it counts."""

import pytest

from tapewarden.anomaly.collection import Subject
from tapewarden.anomaly.wording import beside_usual, in_short, number_text, range_text, value_text

ACCOUNT, INSTRUMENT = (in_short(subject.features) for subject in (Subject.ACCOUNT, Subject.INSTRUMENT))


def test_each_feature_stands_alone_with_how_its_numbers_are_read_and_no_more() -> None:
    for features in (ACCOUNT, INSTRUMENT):
        meanings = [one.meaning for one in features.values()]
        assert not any(text.startswith("the same") for text in meanings)
        assert len(set(meanings)) == len(meanings)
    assert ACCOUNT["message_gap_variation"].meaning.endswith("(1: at random)")
    assert ACCOUNT["volume_share"].meaning.endswith("(2: both sides)")
    assert ACCOUNT["trades_per_order"].meaning == "fills per order placed"
    assert ACCOUNT["cancel_after_fill_excess"].meaning == (
        "cancelations within 1 s after its fill on the other side, above that of the others"
    )


@pytest.mark.parametrize(
    ("feature", "value", "text"),
    [
        ("message_share", 0.215, "22 %"),
        ("message_share", 0.0, "0 %"),
        ("rate_z", 42.9, "43 deviations"),
        ("life_median", 0.256, "0.26 s"),
        ("life_ratio", 16.0, "16 times"),
        ("cancel_ratio", 1.21, "1.2"),
        ("cancel_ratio_excess", -0.91, "−0.91"),
        ("cancel_after_fill_excess", -0.117, "−12 points"),
        ("message_gap_variation", 2.65, "2.6"),
    ],
)
def test_a_value_has_the_unit_that_its_words_do_not_say(feature: str, value: float, text: str) -> None:
    assert value_text(ACCOUNT[feature], value) == text


def test_a_range_and_a_value_beside_the_usual_one_are_told_in_the_unit() -> None:
    assert range_text(ACCOUNT["rate_z"], 3.5, 24) == "3.5 to 24 deviations"
    assert range_text(ACCOUNT["one_sidedness"], 0.25, 1) == "25 to 100 %"
    assert beside_usual(INSTRUMENT["imbalance_change"], 0.3, 0.05) == "30 points, usually 5 points"


def test_numbers_are_short_and_powers_of_ten_rare() -> None:
    assert [number_text(one) for one in (0, 0.0171, 9.49, 1234.5, -3.0, 2e7, 3e-6)] == [
        *("0", "0.017", "9.5", "1,234", "−3", "2e+07", "3e-06")
    ]
