"""Why a signal was given, as headings and bars."""

from dataclasses import replace

from tapewarden.cases.triage import Weights, Witness, weigh
from tapewarden.desktop.presenters.conditions import Bar, Heading
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.desktop.presenters.triage.reasons import why
from tapewarden.desktop.presenters.triage.weighed import weighed
from tapewarden.domain.grounds import Alike, Contribution, Grounds
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
        "97% ≥ 85% met · of orders",
        "210 ≤ 500 met · ms",
        "20 < 30 not met · BTC",
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


def test_a_score_is_told_with_its_conditions() -> None:
    (heading,) = (
        one
        for one in why(RULE, case(), None)
        if isinstance(one, Heading) and one.title == "Score 0.97 · SPF-01"
    )
    assert heading.note.startswith("2 of 3 conditions hold")


def test_the_priority_of_the_case_is_told_as_its_formula_with_weights() -> None:
    witnesses = [Witness("order book", "SPF-01", 0.9), Witness("anomaly", "ANM-01", 0.8)]
    weighing = weigh(witnesses, Weights(precision={"SPF-01": 0.5}), earlier_cases=1, material=0.6)
    heading, model, rule, again, material = weighed(replace(case(), priority=weighing.priority), weighing)
    assert isinstance(heading, Heading)
    # 1 − (1 − 0.45) (1 − 0.3) (1 − 0.18) = 0.685; 68.5 × 0.8 = 54.8
    assert heading.title == "Priority of its case 55 of 100"
    assert "= 100 × 0.68 × (0.5 + 0.5 × 0.60)" in heading.note
    assert "1 − (1 − 0.30) × (1 − 0.45) × (1 − 0.18)" in heading.note
    assert "latest signal" not in heading.note
    assert isinstance(rule, Bar)
    assert isinstance(model, Bar)
    assert isinstance(again, Bar)
    assert (model.name, model.text, model.mark) == ("ANM-01", "weight 1.00 × 0.80 = 0.80 · at most 0.30", 0.3)
    assert (rule.name, rule.text, rule.share) == ("SPF-01", "weight 0.50 × 0.90 = 0.45", 0.45)
    assert again.name == "1 earlier case of the actor"
    assert isinstance(material, Bar)
    assert material.text == "0.60 · more at stake than in 60% of others"


def test_a_priority_that_has_moved_since_is_told_with_what_it_was() -> None:
    weighing = weigh([Witness("order book", "SPF-01", 0.9)], Weights())
    heading, _, material = weighed(replace(case(), priority=40.0), weighing)
    assert isinstance(heading, Heading)
    assert "With its latest signal it was 40" in heading.note
    assert isinstance(material, Bar)
    assert material.text.endswith("unknown, counts as the middle")


def test_the_nearest_ordinary_windows_are_told_with_how_far_they_are_and_where_they_differ() -> None:
    near, far = (
        Alike(
            actor=actor,
            instrument="BTC-USD@SIM",
            start_ns=0,
            end_ns=1,
            distance=distance,
            differences=differences,
        )
        for actor, distance, differences in (("maker-1", 0.5, ("its volume",)), ("", 2.0, ()))
    )
    lines = why(MODEL, None, replace(GROUNDS, alike=(near, far)))
    place = next(at for at, one in enumerate(lines) if isinstance(one, Heading) and "Nearest" in one.title)
    first, second = lines[place + 1 : place + 3]
    assert isinstance(first, Bar)
    assert isinstance(second, Bar)
    assert (first.name, first.text) == (
        "maker-1 on BTC-USD@SIM, 00:00:00",
        "0.50 apart · differs in its volume",
    )
    assert (second.name, second.text) == ("the market on BTC-USD@SIM, 00:00:00", "2.00 apart")
    assert (first.share, second.share) == (0.25, 1.0)
    assert not any("Nearest" in one.title for one in why(MODEL, None, GROUNDS) if isinstance(one, Heading))


def test_features_of_a_model_have_a_sign_and_counter_evidence_another_color() -> None:
    parts = (
        Contribution(
            feature="cancel_share",
            value=0.9,
            median=0.2,
            effect=0.31,
            meaning="its cancelation rate",
            words="90 %, usually 20 %",
        ),
        Contribution(feature="trades", value=5, median=4, effect=-0.1),
    )
    _, first, second = bars(MODEL, replace(GROUNDS, contributions=parts))
    assert (first.text, first.share, first.tone) == ("+0.31 · 90 %, usually 20 %", 1.0, Tone.ANOMALY)
    assert (second.text, second.tone) == ("-0.10 · 5, usually 4", Tone.GOOD)
    assert 0 < second.share < second.start == second.mark == first.start == first.mark == 0.5
    assert (first.name, second.name) == ("its cancelation rate", "trades")
    _, *beside = bars(MODEL)
    assert [bar.text for bar in beside] == ["0.9, usually 0.2 · + for", "5, usually 4 · − against"]
