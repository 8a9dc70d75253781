from dataclasses import replace

from tapewarden.domain.kinds import HOUR, MINUTE
from tapewarden.domain.typology import Typology
from tapewarden.engine.registry import built_in_detectors
from tapewarden.evaluation.coverage import Coverage
from tapewarden.evaluation.intervals import share
from tapewarden.evaluation.matching import Judgement, judge
from tapewarden.evaluation.metrics import by_scenario, by_severity, false_alarms, performance
from tapewarden.evaluation.report import report
from tapewarden.evaluation.tables import headline, markdown, tables
from tests.samples.episodes import START, episode, twin
from tests.samples.signals import signal

DETECTORS = built_in_detectors()
SEEN = Coverage(events=500_000, instrument_days=2.0, blind={"PND-02": "needs T9, tape is T3"})


def two_tapes() -> list[Judgement]:
    """Three episodes, two caught, one of them late; a twin that deceived once; and one false alarm more."""
    wash = episode(
        episode_id="wash",
        scenario="wash",
        typologies=(Typology.SELF_MATCH,),
        severity=0.14,
        first_harm_ns=None,
    )
    first = judge(
        [
            signal(),
            signal(actor="maker", score=0.6),
            signal(actor="eve", score=0.3, start_ns=START + HOUR),
            signal(detector="WSH-01", family="wash", score=0.9, end_ns=START + 2 * MINUTE),
        ],
        [episode(), wash, twin()],
        DETECTORS,
        SEEN,
    )
    second = judge([], [episode(severity=0.46), twin(scenario="grid bot")], DETECTORS, SEEN)
    return [first, second]


def test_all_detectors_together() -> None:
    figures = performance(two_tapes(), seed=1)
    assert figures.recall == share(2, 3)
    assert figures.precision == share(2, 4)
    assert figures.false_alarms == 2
    assert (figures.per_million, figures.per_instrument_day) == (2.0, 0.5)
    assert (figures.delay_median, figures.delay_p90) == (89.5, 113.9)
    assert [(one.threshold, one.precision, one.recall) for one in figures.curve] == [
        (0.9, 1.0, 0.3333),
        (0.8, 1.0, 0.6667),
        (0.6, 0.6667, 0.6667),
        (0.3, 0.5, 0.6667),
    ]


def test_one_detector_is_held_to_what_it_owes() -> None:
    figures = performance(two_tapes(), 1, "SPF-01")
    assert (figures.recall, figures.precision) == (share(1, 2), share(1, 3))
    assert performance(two_tapes(), 1, "WSH-01").recall == share(1, 1)
    assert performance(two_tapes(), 1, "QST-01").recall.value is None


def test_where_a_detector_is_blind_no_event_counts_for_it() -> None:
    figures = performance(two_tapes(), 1, "PND-02")
    assert (figures.per_million, figures.per_instrument_day) == (None, None)


def test_rates_are_unknown_where_one_tape_is_not_at_hand() -> None:
    first, second = two_tapes()
    assert performance([first, replace(second, coverage=Coverage())], seed=1).per_million is None


def test_scenarios_tell_who_caught_what() -> None:
    spoofing, wash = by_scenario(two_tapes())
    assert (spoofing.scenario, spoofing.recall, spoofing.caught_by) == (
        "spoofing",
        share(1, 2),
        {"SPF-01": 1},
    )
    assert (wash.scenario, wash.recall, wash.delay_median) == ("wash", share(1, 1), 120.0)
    assert (spoofing.power, wash.power) == ({0.5: share(1, 2)}, {0.1: share(1, 1)})


def test_an_episode_that_no_detector_could_claim_is_not_evaluated() -> None:
    ramping = episode(typologies=(Typology.RAMPING,), scenario="ramping")
    (found,) = by_scenario([judge([], [ramping], DETECTORS[:1])])
    assert (found.recall, found.not_evaluated) == (share(0, 0), 1)


def test_power_is_recall_by_severity_to_the_nearest_tenth() -> None:
    assert by_severity(two_tapes(), "SPF-01") == {0.5: share(1, 2)}
    assert by_severity(two_tapes(), "WSH-01") == {0.1: share(1, 1)}


def test_false_alarms_are_counted_by_what_they_were_about() -> None:
    grid, maker, nobody = false_alarms(two_tapes())
    assert (grid.about, grid.labelled, grid.alarms) == ("grid bot", 1, 0)
    assert (maker.about, maker.labelled, maker.by_detector) == ("skewing market maker", 1, {"SPF-01": 1})
    assert (nobody.about, nobody.labelled, nobody.alarms) == ("nobody labelled", 0, 1)


def test_a_report_becomes_tables_of_the_same_width_and_one_line() -> None:
    found = report(two_tapes(), DETECTORS)
    assert (
        headline(found) == "3 episodes of misconduct, 2 benign twins, 1,000,000 events, 4.00 instrument-days"
    )
    shown = list(tables(found))
    assert [one.title for one in shown] == [
        "Detectors",
        "Recall by severity and detector",
        "Scenarios",
        "Recall by severity and scenario",
        "False alarms",
        "Market quality",
    ]
    for one in shown:
        lines = list(markdown(one))
        assert {line.count("|") for line in lines} == {len(one.columns) + 1}
    rows = {row[0]: row for row in shown[0].rows}
    assert rows["all"][1:4] == ("2 of 3", "0.67 (0.21 to 0.94)", "2 of 4")
    assert rows["PND-02"][1] == "not evaluated"


def test_a_bar_in_a_name_does_not_break_a_table() -> None:
    found = report([judge([], [episode(scenario="a|b")], DETECTORS)], DETECTORS)
    (table,) = [one for one in tables(found) if one.title == "Scenarios"]
    assert list(markdown(table))[2].startswith(r"| a\|b | 0 of 1 |")
