import dataclasses

from tapewarden.detectors import layering
from tapewarden.detectors.spoofing import DETECTOR
from tapewarden.domain.kinds import HOUR
from tapewarden.engine.scenarios import Scenario
from tapewarden.runtime.running import run_scenario

FOUR = next(scenario for scenario in DETECTOR.scenarios if scenario.name.startswith("four walls"))


def again(repeat: int, every: int) -> Scenario:
    return dataclasses.replace(FOUR, repeat=repeat, every=every)


def test_the_signal_names_the_suspect_and_the_wall() -> None:
    (signal,) = run_scenario(DETECTOR, FOUR)
    assert signal.actor == "suspect"
    assert signal.parties[0].role == "suspect"
    assert signal.evidence.orders == ("s1.3",)
    assert "10.0 × the buy order" in signal.text
    assert "0.800 s after the buy fill" in signal.text


def test_episodes_an_hour_apart_add_up() -> None:
    assert len(run_scenario(DETECTOR, again(4, HOUR))) == 1


def test_episodes_half_a_day_apart_never_add_up_however_many() -> None:
    assert run_scenario(DETECTOR, again(30, 12 * HOUR)) == []


def test_signals_grow_rare_while_spoofing_goes_on() -> None:
    assert len(run_scenario(DETECTOR, again(100, 0))) <= 7


def test_layers_are_left_to_layering() -> None:
    for scenario in layering.DETECTOR.scenarios:
        assert scenario.count == 0 or run_scenario(DETECTOR, scenario) == []
