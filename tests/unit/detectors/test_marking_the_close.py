"""Reference-window manipulation, by its figures."""

import dataclasses

import pytest

from tapewarden.detectors.marking_the_close import DETECTOR, Params, Push, State, measure
from tapewarden.domain.kinds import MINUTE, SECOND
from tapewarden.domain.signal import Signal
from tapewarden.engine.engine import Engine
from tapewarden.engine.scenarios import Scenario
from tapewarden.engine.settings import Settings
from tapewarden.runtime.running import run_scenario, tape_of

BY_NAME = {scenario.name: scenario for scenario in DETECTOR.scenarios}


def scenario(name: str) -> Scenario:
    return BY_NAME[name]


def the_signal(name: str) -> Signal:
    (signal,) = run_scenario(DETECTOR, scenario(name))
    return signal


def test_the_push_is_measured_against_the_market() -> None:
    s = State()
    s.closes, s.before, s.end, s.spread, s.usual = 90 * SECOND, 20_000, 20_120, 2, 4.0
    s.bought, s.sold, s.volume = 30, 10, 100
    s.outside, s.elsewhere, s.typical = 18, 400 * SECOND, 2.0
    s.returned, s.position, s.cost = -15, 7, 90.0
    push = Push()
    measure(s, push, 20_030)
    assert push.share == 0.2
    assert push.pace == pytest.approx((40 / 90) / (20 / 400))
    assert push.moves == pytest.approx(60 / (1.4826 * 4 * 3))  # nine times ten seconds: three times as far
    assert (push.undone, push.turned) == (0.75, 0.75)
    assert (push.gain, push.cost) == (7 * 60, 90)


def test_a_move_is_measured_in_nothing_finer_than_the_spread() -> None:
    s = State()
    s.before, s.end, s.spread, s.bought = 20_000, 20_120, 50, 1
    push = Push()
    measure(s, push, 20_000)
    assert push.moves == 60 / 50


def test_what_is_inferred_and_what_is_stated_is_said() -> None:
    inferred = the_signal("a holder pushes the price of one close").text
    assert (
        "a long position, inferred from trades since the tape began, gained 5.8 x what the push cost"
        in inferred
    )
    stated = the_signal("a short seller; what the tape said last counts").text
    assert "a short position, stated on the tape, gained" in stated


def test_the_evidence_is_what_was_taken_in_the_window() -> None:
    signal = the_signal("a holder pushes the price of one close")
    assert len(signal.evidence.trades) == 4
    assert [(party.account, party.role) for party in signal.parties] == [("suspect", "suspect")]
    assert signal.end_ns - signal.start_ns == 31 * MINUTE + SECOND


def test_a_series_begins_with_its_first_window() -> None:
    signal = the_signal("four closes, pushed a little and undone each time")
    assert signal.text.endswith("4 of the last 4 windows were like this")
    assert (signal.end_ns - signal.start_ns) // (60 * MINUTE) == 3


def test_counts_of_windows_and_the_aftermath_are_parameters() -> None:
    quick = dataclasses.replace(Params(), same=2, windows=3, aftermath=10 * MINUTE)
    tape = tape_of(scenario("three closes"))
    engine = Engine(tape.directory, [DETECTOR], Settings(parameters={"MTC-01": (quick,)}))
    (signal,) = engine.process(tape.batch)
    assert "2 of the last 2 windows" in signal.text
