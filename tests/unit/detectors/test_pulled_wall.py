from tapewarden.detectors.pulled_wall import DETECTOR
from tapewarden.runtime.running import run_scenario

FIRING = [scenario for scenario in DETECTOR.scenarios if scenario.count]


def test_nobody_is_accused() -> None:
    for scenario in FIRING:
        for signal in run_scenario(DETECTOR, scenario):
            assert signal.actor == ""
            assert signal.parties == ()


def test_the_text_tells_size_share_and_what_chance_explains() -> None:
    (signal,) = run_scenario(DETECTOR, FIRING[0])
    assert signal.text.startswith("ask wall at 77% of the ask depth")
    assert "5.0 of 5.0 walls of late worked like this, 0.33 expected by chance" in signal.text
    assert all(reason.passed for reason in signal.reasons)
