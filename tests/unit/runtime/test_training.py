"""What models learn from tapes, and what they are kept from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.anomaly.card import Method
from tapewarden.anomaly.collection import SCOPES, ModelCollection, Scope, Subject
from tapewarden.anomaly.training import FEWEST_LEARNED, FEWEST_ROWS, TrainingPlan
from tapewarden.domain.errors import ModelError
from tapewarden.domain.kinds import SECOND, Tier
from tapewarden.runtime import training
from tapewarden.runtime.anomalies import anomalies
from tapewarden.runtime.features import FeatureTable
from tapewarden.runtime.training import Sample, Spans, left_out_by, samples_of, spans_of, train_models
from tapewarden.tape import TapeReader, read_tape, write_tape
from tests.samples.markets import busy_run
from tests.unit.cases.signals import signal

SHORT = Scope(Subject.ACCOUNT, 1)
CENTURY = 876_000.0  # hours
PLAN = TrainingPlan(name="test", chance=0.005, trees=20, sample_size=64)


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> TapeReader:
    run, path = busy_run(), tmp_path_factory.mktemp("market") / "tape.parquet"
    with write_tape(path, run.simulation.directory, tier=Tier.T4) as writer:
        writer.write(run.tape)
    return read_tape(path)


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(1, 30))
def test_a_sample_is_thinned_evenly_however_windows_come(lengths: list[int], most: int) -> None:
    total = sum(lengths)
    times = np.arange(total)
    pieces, whole = Sample(most), Sample(most)
    start = 0
    for length in lengths:
        pieces.add(times[start : start + length], times[start : start + length, None].astype(np.float64))
        start += length
    whole.add(times, times[:, None].astype(np.float64))
    for sample in (pieces, whole):
        kept = np.concatenate(sample.times) if sample.times else np.empty(0, np.int64)
        assert len(kept) <= most
        assert sample.seen == total
        assert kept.tolist() == list(range(0, total, sample.stride))
        assert sample.stride == 1 or 2 * len(kept) >= most


def test_scopes_with_too_few_windows_get_no_model_and_say_why(tape: TapeReader) -> None:
    samples = samples_of([tape])
    models, refused = train_models(samples, PLAN)
    assert models.models.keys() | refused.keys() == set(SCOPES)
    assert SHORT in models.models
    assert models.models[SHORT].card.rows == samples[SHORT].kept >= FEWEST_ROWS
    methods = {scope.subject: model.card.method for scope, model in models.models.items()}
    assert methods == {Subject.ACCOUNT: Method.NEIGHBORS, Subject.INSTRUMENT: Method.FOREST}
    assert refused[Scope(Subject.ACCOUNT, 3600)] == "0 windows, at least 200 are needed"
    again, _ = train_models(samples_of([tape]), PLAN)
    assert again.data == models.data


def test_as_long_as_a_window_is_nothing_is_learned_before_what_is_held_back(tape: TapeReader) -> None:
    samples = samples_of([tape])
    models, _ = train_models(samples, PLAN)
    for scope, model in models.models.items():
        times = np.sort(samples[scope].rows(scope).times)
        first = times[len(times) - model.card.calibration_rows]
        assert model.card.learned_rows == (times < first - scope.seconds * SECOND).sum() >= FEWEST_LEARNED


def test_nothing_is_learned_from_whom_signals_tell_of(tape: TapeReader) -> None:
    everything = samples_of([tape])
    actors = [one.name for one in tape.directory.accounts]
    market = tape.directory.instruments[0].name
    told = [signal(actor, actor=actor, instrument=market, hours=CENTURY) for actor in actors]
    less = samples_of([tape], spans_of(told))
    instruments = Scope(Subject.INSTRUMENT, 1)
    assert 0 < less[SHORT].kept < everything[SHORT].kept
    assert 0 < less[instruments].kept < everything[instruments].kept
    for scope in SCOPES:
        assert less[scope].kept + less[scope].left_out == everything[scope].kept
    elsewhere = samples_of([tape], spans_of([signal("s", actor="nobody", hours=CENTURY)]))
    assert elsewhere[SHORT].kept == everything[SHORT].kept


def test_the_card_says_what_was_left_out_and_which_signals_told_of_it(tape: TapeReader) -> None:
    actors, market = [one.name for one in tape.directory.accounts], tape.directory.instruments[0].name
    told = [signal(actor, actor=actor, instrument=market, hours=CENTURY) for actor in actors]
    told[0] = replace(told[0], detector="WSH-03", start_ns=-7)
    samples = samples_of([tape], spans_of(told))
    models, _ = train_models(samples, replace(PLAN, left_out=left_out_by(told)))
    for scope, model in models.models.items():
        assert model.card.left_out is not None
        assert model.card.left_out.windows == samples[scope].left_out
    card = models.models[SHORT].card
    assert card.left_out is not None
    assert card.left_out.windows > 0
    assert (card.left_out.signals, card.left_out.detectors) == (len(actors), ("SPF-01", "WSH-03"))
    assert (card.left_out.start_ns, card.left_out.end_ns) == (-7, max(one.end_ns for one in told))
    assert ModelCollection.of(models.data).models[SHORT].card == card


def test_signals_are_known_by_their_hash_in_whatever_order_and_however_often_they_come() -> None:
    one, other = signal("one"), signal("other")
    assert left_out_by([one, other]) == left_out_by([other, one, one])
    hashes = {
        found.signals_hash
        for signals in ([one], [other], [one, other], [replace(one, text="another")])
        if (found := left_out_by(signals)) is not None
    }
    assert len(hashes) == 4
    assert left_out_by([]) is None


def told(starts: list[int], *, actor: str = "ada", blind: bool = False) -> FeatureTable:
    """Windows of 10 s of an actor, or of the instrument where there is none."""
    count, subject = len(starts), Subject.ACCOUNT if actor else Subject.INSTRUMENT
    return FeatureTable(
        features=subject.features,
        values=np.zeros((count, len(subject.features))),
        actors=(actor,) * count,
        instruments=("BTC-USD@SIM",) * count,
        lengths=np.full(count, 10 * SECOND),
        starts=np.array(starts, np.int64) * SECOND,
        acts=np.ones(count, np.int64),
        blind=np.full(count, blind),
    )


def starts_learned(
    monkeypatch: pytest.MonkeyPatch, tape: TapeReader, tables: list[FeatureTable], spans: Spans | None = None
) -> list[int]:
    monkeypatch.setattr(training, "feature_tables", lambda *_: [(one, told([], actor="")) for one in tables])
    sample = samples_of([tape], spans)[Scope(Subject.ACCOUNT, 10)]
    return [time // SECOND for times in sample.times for time in times.tolist()]


def test_windows_in_which_data_was_blind_are_not_learned_from(
    monkeypatch: pytest.MonkeyPatch, tape: TapeReader
) -> None:
    tables = [told([0, 10]), told([20, 30], blind=True), told([40])]
    assert starts_learned(monkeypatch, tape, tables) == [0, 10, 40]


def test_windows_that_what_is_told_of_only_touches_are_left_out_as_well(
    monkeypatch: pytest.MonkeyPatch, tape: TapeReader
) -> None:
    tables = [told([0, 10, 20, 30, 40]), told([10, 20], actor="bob")]
    spans = {("ada", "BTC-USD@SIM"): [(19 * SECOND, 30 * SECOND)]}
    assert starts_learned(monkeypatch, tape, tables, spans) == [0, 40, 10, 20]
    assert starts_learned(monkeypatch, tape, tables, {("ada", "ETH-USD@SIM"): [(0, 90 * SECOND)]}) == [
        *(0, 10, 20, 30, 40, 10, 20)
    ]


def test_a_market_too_short_for_any_model_is_refused_in_one_line(tape: TapeReader) -> None:
    samples = {scope: Sample() for scope in SCOPES}
    samples[Scope(Subject.INSTRUMENT, 60)].kept = 199
    with pytest.raises(ModelError) as refused:
        train_models(samples, PLAN)
    assert str(refused.value) == (
        "nothing to learn from; most windows are of instrument 60 s: 199 windows, at least 200 are needed"
    )


def test_models_judge_a_tape_the_same_each_time(tape: TapeReader) -> None:
    models, _ = train_models(samples_of([tape]), PLAN)
    first = [one.to_json() for one in anomalies(models, tape)]
    assert first
    assert [one.to_json() for one in anomalies(models, tape)] == first


def test_samples_of_a_path_and_of_a_tape_are_the_same(tape: TapeReader, tmp_path: Path) -> None:
    path = tmp_path / "again.parquet"
    with write_tape(path, tape.directory, tier=Tier.T4) as writer:
        for batch in tape.batches(777):
            writer.write(batch)
    one, other = samples_of([read_tape(path)]), samples_of([tape])
    for scope in SCOPES:
        assert np.array_equal(one[scope].rows(scope).values, other[scope].rows(scope).values, equal_nan=True)
