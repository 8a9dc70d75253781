"""What models learn from tapes, and what they are kept from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.anomaly.collection import SCOPES, ModelCollection, Scope, Subject
from tapewarden.anomaly.training import FEWEST_ROWS, TrainingPlan
from tapewarden.domain.errors import ModelError
from tapewarden.domain.kinds import Tier
from tapewarden.runtime.anomalies import anomalies
from tapewarden.runtime.training import Sample, samples_of, spans_of, train_models
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
    assert refused[Scope(Subject.ACCOUNT, 3600)] == "0 windows, at least 200 are needed"
    again, _ = train_models(samples_of([tape]), PLAN)
    assert again.data == models.data


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


def test_the_card_says_what_was_left_out_of_whom_and_why(tape: TapeReader) -> None:
    actors, market = [one.name for one in tape.directory.accounts], tape.directory.instruments[0].name
    spans = spans_of(signal(actor, actor=actor, instrument=market, hours=CENTURY) for actor in actors)
    models, _ = train_models(samples_of([tape], spans), replace(PLAN, excluded=spans))
    card = models.models[SHORT].card
    assert {(span.instrument, span.reason) for span in card.excluded} == {(market, "signals of SPF-01")}
    assert sorted(span.actor for span in card.excluded) == sorted(actors)
    everything, _ = train_models(samples_of([tape]), PLAN)
    assert 0 < card.rows < everything.models[SHORT].card.rows
    assert ModelCollection.of(models.data).models[SHORT].card == card


def test_spans_of_signals_that_overlap_are_one_and_each_actor_has_its_own() -> None:
    one = signal("one", actor="ada + bob", hours=1)
    later = replace(one, detector="WSH-03", start_ns=one.end_ns, end_ns=one.end_ns + 5, actor="bob")
    apart = replace(later, start_ns=later.end_ns + 1, end_ns=later.end_ns + 2)
    ada, bob, alone = spans_of([apart, later, one])
    assert (ada.actor, ada.start_ns, ada.end_ns) == ("ada", one.start_ns, one.end_ns)
    assert (bob.actor, bob.start_ns, bob.end_ns) == ("bob", one.start_ns, later.end_ns)
    assert bob.reason == "signals of SPF-01, WSH-03"
    assert (alone.actor, alone.start_ns, alone.end_ns) == ("bob", apart.start_ns, apart.end_ns)


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
