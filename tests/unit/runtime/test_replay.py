import dataclasses
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tapewarden.cli.screen import instrument_table
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.errors import ConfigurationError, InputError
from tapewarden.domain.kinds import EventKind, Tier
from tapewarden.engine.contract import Detector, ready_at_once
from tapewarden.engine.scenarios import Scenario, quiet
from tapewarden.runtime.configuration import Configuration, parse_configuration
from tapewarden.runtime.memory_tapes import MemoryTape, choose_scenario, scenario_tape
from tapewarden.runtime.replay import Replay
from tapewarden.runtime.running import run_scenario
from tapewarden.runtime.selection import configured
from tapewarden.runtime.signal_files import read_signals, write_signals
from tapewarden.runtime.summary import Summary
from tests.samples import faults
from tests.samples.pulled_bait import DETECTOR

TWICE = choose_scenario(DETECTOR, "twice")
GAP = quiet(
    "a gap", "0s place b1 buy 5 @ 100\n60s quality gap\n90s clock\n120s quality resync\n180s cancel b1"
)


def with_meta(**changes: object) -> Detector:
    return dataclasses.replace(DETECTOR, meta=dataclasses.replace(DETECTOR.meta, **changes))  # type: ignore[arg-type]


def replayed(
    scenario: Scenario, *detectors: Detector, tier: Tier | None = Tier.T3, known: tuple[Detector, ...] = ()
) -> Summary:
    tape = scenario_tape(DETECTOR, scenario)
    tape.header = dataclasses.replace(tape.header, tier=tier)
    run = Replay(tape, Configuration(detectors=detectors), known=known)
    list(run)
    return run.summary()


def test_the_signals_are_those_of_the_engine() -> None:
    run = Replay(scenario_tape(DETECTOR, TWICE), Configuration(detectors=(DETECTOR,)))
    assert list(run) == run_scenario(DETECTOR, TWICE)
    assert list(run) == []


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_the_size_of_batches_changes_no_signal(size: int) -> None:
    run = Replay(scenario_tape(DETECTOR, TWICE), Configuration(detectors=(DETECTOR,)), batch_size=size)
    assert [signal.to_json() for signal in run] == [one.to_json() for one in run_scenario(DETECTOR, TWICE)]


def test_signals_come_as_the_tape_is_read() -> None:
    tape = scenario_tape(DETECTOR, TWICE)
    run = Replay(tape, Configuration(detectors=(DETECTOR,)), batch_size=1)
    next(run)
    assert run.summary().events < tape.counts().events


def test_progress_sees_every_batch() -> None:
    seen = []

    def watch(batches: Iterator[EventBatch]) -> Iterator[EventBatch]:
        for batch in batches:
            seen.append(len(batch))
            yield batch

    tape = scenario_tape(DETECTOR, TWICE)
    list(Replay(tape, Configuration(detectors=(DETECTOR,)), batch_size=5, watch=watch))
    assert sum(seen) == tape.counts().events
    assert max(seen) == 5


def test_a_detector_that_ran_is_reported_with_its_signals() -> None:
    (report,) = replayed(TWICE, DETECTOR).detectors
    assert (report.signals, report.not_evaluated) == (2, None)


def test_a_tape_too_poor_for_a_detector_is_not_called_quiet() -> None:
    (report,) = replayed(TWICE, DETECTOR, tier=Tier.T1).detectors
    assert (report.signals, report.not_evaluated) == (0, "needs T3, tape is T1")


def test_a_tape_that_does_not_say_its_tier_keeps_nobody_from_running() -> None:
    summary = replayed(TWICE, with_meta(tier=Tier.T7), tier=None)
    assert (summary.tier, summary.signals) == (None, 2)


def test_a_detector_whose_baselines_stay_cold_is_not_called_quiet() -> None:
    (report,) = replayed(TWICE, with_meta(warm_up=300)).detectors
    assert report.signals == 0
    assert report.not_evaluated == "baselines not warm: needs 300 s, tape has 3 s"
    assert report.held_back == 2


def test_instruments_too_cold_for_a_detector_are_named() -> None:
    other = "".join(f"{second}s clock on ETH-USD\n" for second in range(30))
    (report,) = replayed(quiet("two", "0s clock\n" + other), with_meta(warm_up=10)).detectors
    assert (report.not_evaluated, report.cold_on) == (None, ("BTC-USD@SIM",))


NEVER_READY = dataclasses.replace(
    with_meta(readiness="a thousand walls"), ready=faults.never_ready, compiled=False
)


def test_a_detector_that_never_got_ready_is_not_called_quiet() -> None:
    (report,) = replayed(GAP, NEVER_READY).detectors
    assert (report.signals, report.not_evaluated) == (0, "baselines not warm: needs a thousand walls")
    assert report.unready_on == ("BTC-USD@SIM",)


def test_instruments_on_which_a_detector_never_got_ready_are_named() -> None:
    at_once = dataclasses.replace(with_meta(readiness="a row"), ready=ready_at_once)
    elsewhere = quiet("twice, and elsewhere", f"{TWICE.text}\n100s clock on ETH-USD\n")
    (report,) = replayed(elsewhere, at_once).detectors
    assert (report.not_evaluated, report.cold_on) == (None, ("ETH-USD@SIM",))


@pytest.mark.parametrize("size", [1, 7])
def test_readiness_does_not_depend_on_batches(size: int) -> None:
    at_once = dataclasses.replace(with_meta(readiness="a row"), ready=ready_at_once)
    run = Replay(scenario_tape(DETECTOR, TWICE), Configuration(detectors=(at_once,)), batch_size=size)
    list(run)
    assert run.summary().detectors[0].unready_on == ()


def test_a_known_detector_that_does_not_run_is_disabled() -> None:
    (report,) = replayed(TWICE, known=(DETECTOR,)).detectors
    assert report.not_evaluated == "disabled"


def test_books_are_reported_as_they_stand_at_the_end() -> None:
    text = (
        "0s place b1 buy 5 @ 99.5\n1s place s1 sell 5 @ 101\n2s place s2 sell 1 @ 102\n3s print buy 1 @ 101"
    )
    (book,) = replayed(quiet("a book", text), DETECTOR).instruments
    assert (book.name, book.bid, book.ask) == ("BTC-USD@SIM", "99.5", "101")
    assert (book.levels, book.orders, book.events) == (3, 3, 4)


def test_an_empty_side_has_no_best_price() -> None:
    (book,) = replayed(quiet("half a book", "0s place b1 buy 5 @ 99.5"), DETECTOR).instruments
    assert (book.bid, book.ask) == ("99.5", None)


def test_gaps_and_blind_time_are_part_of_the_summary() -> None:
    (health,) = replayed(GAP, DETECTOR).instruments
    assert health.quality == {"gap": 1, "resync": 1}
    assert health.blind_seconds == 60.0


def test_blindness_that_does_not_end_lasts_to_the_last_event() -> None:
    unending = dataclasses.replace(GAP, text=GAP.text.replace("quality resync", "clock"))
    (health,) = replayed(unending, DETECTOR).instruments
    assert health.blind_seconds == 120.0


def test_a_gap_that_names_no_instrument_is_told_of_all() -> None:
    tape = scenario_tape(DETECTOR, GAP)
    (batch,) = tape.stored_batches()
    batch.instrument[batch.kind == EventKind.QUALITY] = -1
    run = Replay(MemoryTape("gap", batch, tape.directory), Configuration(detectors=(DETECTOR,)))
    list(run)
    assert run.summary().unplaced == {"gap": 1, "resync": 1}
    assert run.summary().blind_seconds == 60.0
    out = StringIO()
    Console(file=out, width=100).print(instrument_table(run.summary()))
    assert "1 gap, 1 resync, blind 1.0 min" in out.getvalue()


def test_an_empty_tape_has_a_summary() -> None:
    directory = scenario_tape(DETECTOR, TWICE).directory
    run = Replay(MemoryTape("nothing", EventBatch.of(0), directory), Configuration(detectors=(DETECTOR,)))
    assert list(run) == []
    assert (run.summary().events, run.summary().first_ns) == (0, None)


def test_facts_of_the_configuration_reach_the_engine_but_are_no_events_of_the_tape() -> None:
    text = '[[roles]]\nrole = "market maker"\naccounts = ["suspect"]\n'
    configuration = parse_configuration("test.toml", text, [DETECTOR])
    tape = scenario_tape(DETECTOR, TWICE)
    run = Replay(tape, configuration)
    assert len(list(run)) == 2
    assert run.summary().events == tape.counts().events


def test_an_instrument_that_the_tape_does_not_have_is_a_warning() -> None:
    configuration = parse_configuration("test.toml", '[groups]\nmajors = ["BTC-USD@SIN"]', [DETECTOR])
    run = Replay(scenario_tape(DETECTOR, TWICE), configuration)
    assert run.summary().warnings == (
        "instrument 'BTC-USD@SIN' of the configuration is not on the tape; did you mean 'BTC-USD@SIM'?",
    )


def test_ids_choose_detectors_whatever_the_configuration_enables(tmp_path: Path) -> None:
    file = tmp_path / "off.toml"
    file.write_text("[detectors.TST-01]\nenabled = false\nratio = 9.0\n")
    assert configured([DETECTOR], file).detectors == ()
    chosen = configured([DETECTOR], file, ["TST-01"])
    assert chosen.detectors == (DETECTOR,)
    assert chosen.settings.parameters["TST-01"][0].ratio == 9.0


@pytest.mark.parametrize(("here", "signals"), [("BTC-USD@SIM", 0), ("ETH-USD@SIM", 2)])
def test_a_detector_that_is_off_on_an_instrument_says_nothing_there_and_counts_nothing(
    here: str, signals: int
) -> None:
    text = f'[detectors.TST-01.instruments."{here}"]\nenabled = false\n'
    run = Replay(scenario_tape(DETECTOR, TWICE), parse_configuration("c.toml", text, [DETECTOR]))
    assert len(list(run)) == signals
    assert run.summary().signals == signals


def test_an_unknown_id_is_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigurationError, match=r"no detector 'TST-1'; did you mean 'TST-01'\?"):
        configured([DETECTOR], ids=["TST-1"])


def test_every_event_of_a_scenario_tape_is_marked_as_simulated() -> None:
    tape = scenario_tape(DETECTOR, TWICE)
    (batch,) = tape.stored_batches()
    assert (batch.flags & 64 == 64).all()
    assert tape.header.provenance.origin == "synthetic: scenario of TST-01"


def test_a_scenario_is_chosen_by_name_or_the_first_that_fires() -> None:
    assert choose_scenario(DETECTOR, None).count == 1
    with pytest.raises(ConfigurationError, match="TST-01: no scenario 'twise'; did you mean 'twice'"):
        choose_scenario(DETECTOR, "twise")
    silent = dataclasses.replace(DETECTOR, scenarios=())
    with pytest.raises(ConfigurationError, match="expected a scenario that fires"):
        choose_scenario(silent, None)


def test_signals_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    signals = run_scenario(DETECTOR, TWICE)
    with write_signals(tmp_path / "s.jsonl") as file:
        assert list(file.passing(signals)) == signals
    assert list(read_signals(tmp_path / "s.jsonl")) == signals


def fail_after_a_signal(path: Path) -> None:
    with write_signals(path) as file:
        file.write(run_scenario(DETECTOR, TWICE)[0])
        raise InputError("tape.parquet", "a tape", "damage")


def test_nothing_is_left_of_signals_when_the_tape_turns_out_to_be_damaged(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        fail_after_a_signal(tmp_path / "s.jsonl")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["{}\n", "nonsense\n", '{"id":1}\n', "[]\n"])
def test_a_line_that_is_no_signal_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "s.jsonl").write_text(run_scenario(DETECTOR, TWICE)[0].to_json() + "\n" + text)
    with pytest.raises(InputError, match=r"s\.jsonl, row 2[,:]"):
        list(read_signals(tmp_path / "s.jsonl"))


def test_a_missing_file_of_signals_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a file of signals"):
        list(read_signals(tmp_path / "none.jsonl"))
