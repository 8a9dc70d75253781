from xml.etree import ElementTree

import pytest

from tapewarden.engine.registry import find_detectors
from tapewarden.evaluation import published
from tapewarden.evaluation.published import (
    Density,
    Figures,
    all_cores,
    crowd_of_twins,
    density_sweep,
    power_curves,
)
from tapewarden.simulator.scenarios.registry import all_scenarios
from tools import evaluate_simulated


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "MINUTES", 4.0)
    monkeypatch.setattr(published, "INSTRUMENTS", 3)
    monkeypatch.setattr(published, "ACCOUNTS", 60)
    monkeypatch.setattr(published, "DENSITIES", (Density(3, 1, 1), Density(20, 2, 1)))
    monkeypatch.setattr(published, "SEVERITIES", (0.5, 1.0))
    monkeypatch.setattr(published, "POWER", Density(10, 1, 1))
    monkeypatch.setattr(published, "CROWDED", Density(10, 1, 2))


def ignore(text: str) -> None:
    assert text


def measured() -> tuple[list[Figures], list[Figures], Figures]:
    detectors = find_detectors()
    with all_cores() as cores:
        return (
            list(density_sweep(detectors, ignore, cores)),
            list(power_curves(detectors, ignore, cores)),
            crowd_of_twins(detectors, ignore, cores),
        )


def test_every_scheme_and_every_twin_is_measured_and_shown() -> None:
    densities, powers, crowd = measured()

    assert [(one.rate, one.markets) for one in densities] == [(3, 1), (20, 2)]
    schemes = {name for name, one in all_scenarios().items() if one.twin_of is None}
    twins = {name for name, one in all_scenarios().items() if one.twin_of is not None}
    performed = {one.scenario for one in powers[0].report.scenarios}
    assert performed <= schemes
    assert len(performed) > len(schemes) / 2  # the slow ones do not begin on so short a tape
    assert crowd.report.episodes == 0
    assert {one.about for one in crowd.report.false_alarms} <= twins | {"nobody labelled"}

    text = "\n".join(evaluate_simulated.lines_of(densities, powers, crowd))
    for name in evaluate_simulated.FAST:
        assert f"| {name} | recall |" in text
    assert all(f"| {name} |" in text for name in performed)
    told = [line for line in text.splitlines() if line.endswith(("| met |", "| **missed** |"))]
    slow = evaluate_simulated.SLOW
    assert len(told) == 3 * len(evaluate_simulated.FAST) + 2 * len(slow) + 1
    assert f"| {slow[0]} recall, at least 0.8 | 0.00 | **missed** |" in told  # too short a tape for it
    for picture in (evaluate_simulated.density_picture(densities), evaluate_simulated.power_picture(powers)):
        assert ElementTree.fromstring(picture).tag.endswith("svg")
