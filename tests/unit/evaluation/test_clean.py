import dataclasses
from pathlib import Path

import pytest

from tapewarden.domain.kinds import Tier
from tapewarden.engine.registry import built_in_detectors
from tapewarden.evaluation import __main__ as entry
from tapewarden.evaluation.clean import CleanTape, Rate, measure, rates, read_budgets
from tapewarden.evaluation.page import rate_table, tape_table
from tapewarden.runtime.memory_tapes import choose_scenario, scenario_tape
from tapewarden.tape import write_tape
from tests.samples.pulled_bait import DETECTOR

TWICE = scenario_tape(DETECTOR, choose_scenario(DETECTOR, "twice"))
COLD = dataclasses.replace(DETECTOR, meta=dataclasses.replace(DETECTOR.meta, id="TST-02", warm_up=900))
BLIND = dataclasses.replace(DETECTOR, meta=dataclasses.replace(DETECTOR.meta, id="TST-03", tier=Tier.T7))
DETECTORS = (DETECTOR, COLD, BLIND)


def measured() -> CleanTape:
    return measure("twice", TWICE, DETECTORS)


def test_signals_are_counted_per_million_events_seen() -> None:
    seen, *_ = rates([measured(), measured()], DETECTORS, {"TST-01": 1e6})
    assert (seen.signals, seen.events) == (4, 2 * TWICE.counts().events)
    assert seen.per_million == pytest.approx(1e6 * 4 / seen.events)
    assert not seen.exceeded


def test_a_detector_that_could_not_see_has_seen_no_events() -> None:
    _, cold, blind = rates([measured()], DETECTORS, {})
    assert (cold.events, blind.events, blind.per_million, blind.bound) == (0, 0, 0.0, None)
    assert not blind.exceeded


def test_a_detector_without_a_budget_may_not_speak() -> None:
    assert rates([measured()], DETECTORS, {})[0].exceeded


def test_no_signal_allows_for_three_times_the_inverse_of_the_events_seen() -> None:
    assert Rate("TST-01", "", 0, 1_000_000, 1.0, None).bound == pytest.approx(2.9957, abs=1e-3)
    assert Rate("TST-01", "", 5, 1_000_000, 1.0, None).bound == pytest.approx(10.513, abs=1e-3)


def test_tables_say_why_a_detector_could_not_see() -> None:
    rows = list(tape_table([measured()]))
    assert rows[0] == "| tape | tier | events | days | TST-01 | TST-02 | TST-03 |"
    assert rows[2].endswith("| 2 | cold | – |")
    table = list(rate_table(rates([measured()], DETECTORS, {})))
    assert "| TST-02 | Pulled bait | not evaluated | 0 | – | – | – | none |" in table


def test_every_built_in_detector_has_a_budget_and_no_other() -> None:
    assert list(read_budgets()) == [detector.id for detector in built_in_detectors()]


def test_the_gate_runs_on_anybodys_tapes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry, "find_detectors", lambda: DETECTORS)
    path = tmp_path / "twice.parquet"
    with write_tape(path, TWICE.directory, tier=TWICE.header.tier) as writer:
        for batch in TWICE.batches():
            writer.write(batch)
    assert entry.main([str(path)]) == 1
    assert "| twice | T3 |" in capsys.readouterr().out
    assert entry.main([str(tmp_path / "none.parquet")]) == 2
    assert capsys.readouterr().err.endswith("none.parquet: expected a tape, received no such file\n")
