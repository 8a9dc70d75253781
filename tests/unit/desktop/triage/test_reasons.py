"""Why a signal was given, as headings and bars."""

from dataclasses import replace

from tapewarden.desktop.presenters.conditions import Bar, Heading
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.presenters.triage.reasons import why
from tapewarden.domain.grounds import Contribution, Grounds
from tapewarden.domain.signal import Anomaly, FeatureValue, Reason, Signal
from tests.unit.cases.signals import signal
from tests.unit.cases.workflows import case

RULE = replace(
    signal(score=0.97),
    reasons=(
        Reason("cancel ratio", 0.97, 0.85, "of orders"),
        Reason("median life", 210, 500, "ms"),
        Reason("fills", 20, 30, "BTC", passed=False),
    ),
)
MODEL = replace(
    signal(family="anomaly", detector="ANM-01"),
    reasons=(Reason("cancel_share", 0.9, 0.2, "usual"), Reason("trades", 5, 4, "usual", passed=False)),
    anomaly=Anomaly(model="m", raw_score=0.7, p_value=0.001, features=(FeatureValue("cancel_share", 0.9),)),
)
GROUNDS = Grounds(seen="Seen.", usual="Usual.", reasons="", against="It may be honest.", next="Look.")


def bars(one: Signal, grounds: Grounds | None = None) -> list[Bar]:
    return [line for line in why(one, None, grounds) if isinstance(line, Bar)]


def headings(one: Signal, grounds: Grounds | None = None) -> dict[str, str]:
    return {line.title: line.note for line in why(one, None, grounds) if isinstance(line, Heading)}


def test_each_condition_is_a_bar_with_its_threshold_and_whether_it_holds() -> None:
    assert [bar.text for bar in bars(RULE)] == [
        "0.97 ≥ 0.85 PASS · of orders",
        "210 ≤ 500 PASS · ms",
        "20 < 30 FAIL · BTC",
    ]
    for bar in bars(RULE):
        assert bar.mark is not None
        assert 0 < bar.share <= 1
        assert 0 < bar.mark <= 1
    assert (bars(RULE)[1].share < (bars(RULE)[1].mark or 0)) is True


def test_what_the_server_says_beside_it_is_shown_and_nothing_empty() -> None:
    told = headings(RULE, GROUNDS)
    assert told["Spoofing · BTC-USD@SIM · acct-1"] == "Seen."
    assert told["What speaks against it"] == "It may be honest."
    assert "What weighs most" not in told
    assert headings(RULE)["Spoofing · BTC-USD@SIM · acct-1"] == RULE.text


def test_a_score_is_told_with_the_priority_it_leads_to() -> None:
    lines = why(RULE, case(), None)
    assert isinstance(lines[1], Heading)
    assert lines[1].title == "Score 0.97 · SPF-01"
    assert lines[1].note.startswith("2 of 3 conditions hold")
    assert "Priority of its case 40 = 100 ×" in lines[1].note


def test_features_of_a_model_have_a_sign_and_counter_evidence_another_color() -> None:
    parts = (
        Contribution(feature="cancel_share", value=0.9, median=0.2, effect=0.31),
        Contribution(feature="trades", value=5, median=4, effect=-0.1),
    )
    _, first, second = bars(MODEL, replace(GROUNDS, contributions=parts))
    assert (first.text, first.share, first.tone) == ("+0.31 · 0.9, usually 0.2", 1.0, Tone.ANOMALY)
    assert (second.text.startswith("-0.10 · "), second.tone) == (True, Tone.GOOD)
    assert 0 < second.share < first.share
    _, *beside = bars(MODEL)
    assert [bar.text for bar in beside] == ["0.9, usually 0.2 · + for", "5, usually 4 · − against"]
