from tapewarden.detectors import spoofing
from tapewarden.detectors.layering import DETECTOR
from tapewarden.runtime.running import run_scenario

FIRING = [scenario for scenario in DETECTOR.scenarios if scenario.count]


def test_the_sudden_form_names_the_layers() -> None:
    (signal,) = run_scenario(DETECTOR, FIRING[0])
    assert signal.actor == "suspect"
    assert signal.evidence.orders == ("s1.4", "s2.4", "s3.4")
    assert signal.text.startswith("3 ask orders on 3 prices, 12.0 × the buy order")


def test_the_patient_form_tells_of_moves_and_fills() -> None:
    scenario = next(scenario for scenario in FIRING if "retreat ten times" in scenario.name)
    (signal,) = run_scenario(DETECTOR, scenario)
    assert signal.actor == "suspect"
    assert "moved away from the touch 10 times" in signal.text
    assert set(signal.evidence.orders) == {"s1", "s2", "s3"}


def test_single_walls_are_left_to_spoofing() -> None:
    for scenario in spoofing.DETECTOR.scenarios:
        assert scenario.count == 0 or run_scenario(DETECTOR, scenario) == []
