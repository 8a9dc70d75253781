"""What a report says of signals of models, which have features and no conditions."""

from __future__ import annotations

from dataclasses import replace

from tapewarden.domain.grounds import Contribution
from tapewarden.domain.signal import Reason
from tapewarden.reports.document import Table
from tapewarden.reports.sections.suspicion import blocks
from tapewarden.reports.words import UNKNOWN
from tests.unit.reports.cases import anomaly, report, reported, signal

CONDITIONS, MOVED = "Conditions of the rule", "What moved the score of the model"
REASONS = (
    Reason("cancel_share", 0.9, 0.2, "usual"),
    Reason("net_share", 0.5, 0.6, "usual", passed=False),
)
PARTS = (
    Contribution(
        feature="cancel_share",
        value=0.9,
        median=0.2,
        effect=0.31,
        meaning="cancelations",
        words="90 %, usually 20 %",
    ),
    Contribution(
        feature="net_share",
        value=0.5,
        median=0.6,
        effect=-0.1,
        meaning="its position",
        words="50 %, usually 60 %",
    ),
)


def tables(*contributions: Contribution) -> dict[str, Table]:
    told = reported(anomaly(reasons=REASONS))
    told = replace(told, grounds=replace(told.grounds, contributions=contributions))
    found = blocks(report(signals=(told,)))
    return {one.caption: one for one in found if isinstance(one, Table)}


def test_features_are_told_in_words_with_what_each_did_to_the_score() -> None:
    found = tables(*PARTS)
    assert CONDITIONS not in found
    assert found[MOVED].rows == (
        ("cancelations", "90 %, usually 20 %", "+0.31", "for it"),
        ("its position", "50 %, usually 60 %", "-0.10", "against it"),
    )


def test_where_a_model_cannot_be_asked_the_signal_speaks_for_itself() -> None:
    assert tables()[MOVED].rows == (
        ("cancel_share", "0.9, usually 0.2", UNKNOWN, "for it"),
        ("net_share", "0.5, usually 0.6", UNKNOWN, "against it"),
    )


def test_a_rule_has_conditions_and_no_features() -> None:
    titles = [one.caption for one in blocks(report(signals=(reported(signal()),))) if isinstance(one, Table)]
    assert CONDITIONS in titles
    assert MOVED not in titles
