import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import tapewarden as tw
from tapewarden.engine.contract import Detector
from tapewarden.runtime import library
from tapewarden.runtime.memory_tapes import choose_scenario, scenario_tape
from tests.samples.pulled_bait import DETECTOR

TAPE = scenario_tape(DETECTOR, choose_scenario(DETECTOR, "twice"))


@pytest.fixture(autouse=True)
def only_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_detectors() -> tuple[Detector, ...]:
        return (DETECTOR,)

    monkeypatch.setattr(library, "find_detectors", find_detectors)


def test_a_tape_is_replayed_in_one_call(tmp_path: Path) -> None:
    with tw.write_tape(tmp_path / "tape.parquet", TAPE.directory, tier=TAPE.header.tier) as writer:
        for batch in TAPE.batches():
            writer.write(batch)
    signals = tw.replay(tmp_path / "tape.parquet")
    assert [signal.detector for signal in signals] == ["TST-01", "TST-01"]
    assert signals.summary.events == TAPE.counts().events
    assert list(tw.replay(str(tmp_path / "tape.parquet"))) == list(signals)


def test_an_open_tape_is_replayed_like_a_file() -> None:
    assert len(tw.replay(TAPE, detectors=["TST-01"], batch_size=2)) == 2


def test_signals_become_an_arrow_table() -> None:
    table = tw.replay(TAPE).to_arrow()
    assert table.schema == library.SIGNAL_SCHEMA
    row = table.to_pylist()[0]
    assert (row["actor"], row["orders"], row["quality_facts"]) == ("suspect", ["s1"], 0)
    assert row["end"] == datetime(2024, 1, 1, 0, 0, 0, 900_000, UTC)
    assert row["reasons"][0]["name"] == "pause"


def test_no_signals_are_an_empty_table_with_the_same_columns() -> None:
    quiet = scenario_tape(DETECTOR, choose_scenario(DETECTOR, "bait too small"))
    assert tw.replay(quiet).to_arrow().schema == library.SIGNAL_SCHEMA


def test_a_notebook_shows_a_table_in_which_names_do_no_harm() -> None:
    signals = tw.replay(TAPE)
    assert repr(signals) == "<2 signals of 12 events, 1 of 1 detectors evaluated>"
    assert "<td>suspect</td>" in signals._repr_html_()
    assert "&lt;2 signals" in signals._repr_html_()


def test_what_the_package_offers_is_sorted_and_there() -> None:
    assert tw.__all__ == sorted(tw.__all__)
    assert all(getattr(tw, name) is not None for name in tw.__all__)
    assert set(tw.__all__) <= set(dir(tw))


def test_what_the_package_does_not_offer_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = tw.nothing  # type: ignore[attr-defined]


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = "any(name in sys.modules for name in ('numba', 'numpy', 'pyarrow', 'rich'))"
    command = f"import sys, tapewarden; sys.exit({heavy})"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0
