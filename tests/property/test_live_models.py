"""What must hold for models that judge beside the detectors, wherever the pipeline stops."""

import dataclasses
import json
import math
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewarden.anomaly.alerting import scope_of
from tapewarden.anomaly.collection import ModelCollection
from tapewarden.anomaly.observer import ModelObserver
from tapewarden.cases.store import Store
from tapewarden.domain.drift import ModelsStatus
from tapewarden.domain.promotion import Chosen
from tapewarden.domain.signal import FeatureValue, Outcome, Signal
from tapewarden.engine.engine import Engine
from tapewarden.live.pipeline import Keeping, Options, Pipeline
from tapewarden.live.rederiving import derive_again
from tests.samples.markets import small_run
from tests.samples.models import EASY, models, promoted, proposed, rows
from tests.unit.cases.workflows import SUE
from tests.unit.live.rig import Rig, messages, send

EVENTS = 8_000
PARTS = 16


def a_rig(folder: str, every_events: int = 10**9) -> Rig:
    keeping = Keeping(every_events=every_events)
    return Rig(Path(folder), (), options=Options(segment_bytes=1 << 18, keeping=keeping, windows=EASY))


def first() -> ModelCollection:
    return models(1, 0.05)


def second() -> ModelCollection:
    return models(2, 0.05)


@cache
def sent() -> list[bytes]:
    run = small_run()
    batches = list(run.tape[:EVENTS].split(EVENTS // PARTS))
    return messages(run.simulation.directory, batches)


def governed(pipeline: Pipeline, store: Store, part: int) -> None:
    """What people decide before a part of the tape comes: a champion, its challenger, another champion."""
    if part == 3:
        promoted(store, first())
    elif part == 6:
        proposed(store, second())
    elif part == 10:
        store.models.promote(second().id, "fewer alerts", SUE, 9)
    pipeline.follow_models()


def handed_in(rig: Rig, stops: set[int], *, keep: bool) -> tuple[list[str], ModelsStatus]:
    """All signals after the tape was handed in with stops before some parts, and how models fare."""
    part, status = 0, None
    while part < PARTS:
        with rig.running(keep=keep) as pipeline:
            while True:
                governed(pipeline, pipeline._store, part)
                assert send(pipeline, sent()[part]) is not None
                part += 1
                if part in stops or part == PARTS:
                    break
            pipeline.settle()
            status = pipeline.models_status().result()
    assert status is not None
    assert rig.failures == []
    return rig.signals(), status


@cache
def uninterrupted() -> tuple[list[str], ModelsStatus]:
    with TemporaryDirectory() as folder:
        return handed_in(a_rig(folder), set(), keep=False)


def test_a_champion_speaks_from_when_it_was_promoted_and_a_challenger_is_only_counted() -> None:
    lines, status = uninterrupted()
    speakers = [json.loads(line)["anomaly"]["model"] for line in lines]
    assert set(speakers) == {first().id, second().id}
    assert status.champion is not None
    assert (status.champion.model, status.challenger, status.comparison) == (second().id, None, None)
    # Its counts go on from those of its time in the shadow, where it filed nothing.
    assert sum(one.alerts for one in status.champion.scopes) > speakers.count(second().id)


@settings(max_examples=5)
@given(
    st.sets(st.integers(1, PARTS - 1), max_size=4),
    st.sampled_from((700, 2_500, 10**9)),
    st.booleans(),
)
def test_wherever_the_pipeline_stops_models_say_and_count_the_same(
    stops: set[int], every_events: int, keep: bool
) -> None:
    with TemporaryDirectory() as folder:
        assert handed_in(a_rig(folder, every_events), stops, keep=keep) == uninterrupted()


def test_models_find_live_what_they_find_on_a_tape(tmp_path: Path) -> None:
    rig = a_rig(str(tmp_path))
    with rig.running() as pipeline:
        promoted(pipeline._store, first())
        pipeline.follow_models()
        for message in sent():
            send(pipeline, message)
    run = small_run()
    engine = Engine(run.simulation.directory, (), observers=[ModelObserver(first(), EASY)])
    assert rig.signals() == sorted({one.to_json() for one in engine.process(run.tape[:EVENTS])})


def test_the_comparison_counts_what_both_found_on_the_same_windows(tmp_path: Path) -> None:
    with a_rig(str(tmp_path)).running() as pipeline:
        promoted(pipeline._store, first())
        pipeline.follow_models()
        send(pipeline, sent()[0])
        proposed(pipeline._store, second())
        pipeline.follow_models()
        assert pipeline.chosen == Chosen(first().id, second().id)
        for message in sent()[1:]:
            send(pipeline, message)
        status = pipeline.models_status().result()
    assert status.comparison is not None
    assert status.champion is not None
    assert status.challenger is not None
    assert (status.comparison.champion, status.comparison.challenger) == (first().id, second().id)
    drifts = {one.scope: one for one in status.challenger.scopes}
    for one in status.comparison.scopes:
        assert (one.windows, one.challenger_alerts) == (drifts[one.scope].windows, drifts[one.scope].alerts)
        assert 0 <= one.both <= min(one.champion_alerts, one.challenger_alerts)
    assert sum(one.windows for one in status.champion.scopes) > sum(drifts[one].windows for one in drifts)


@pytest.mark.parametrize("every_events", [900, 10**9])
def test_a_signal_is_derived_again_by_the_model_that_brought_it(tmp_path: Path, every_events: int) -> None:
    rig = a_rig(str(tmp_path), every_events)
    handed_in(rig, set(), keep=False)
    with rig.running() as pipeline:
        assert pipeline.chosen.champion == second().id
        arrivals = rig.arrivals()
        assert {signal.parameters for signal, _ in arrivals} == {first().id, second().id}
        for signal, arrival in arrivals:
            assert derive_again(pipeline, signal, arrival).outcome is Outcome.SAME
            assert signal.anomaly is not None
            for altered in (
                dataclasses.replace(signal, text="somebody else's words"),
                dataclasses.replace(signal, anomaly=dataclasses.replace(signal.anomaly, level=0.0)),
            ):
                assert derive_again(pipeline, altered, arrival).outcome is Outcome.DIFFERENT


def ordinary(signal: Signal) -> tuple[FeatureValue, ...]:
    """The features of the most usual window of its kind and length."""
    scope, _ = scope_of(first(), signal)
    learned = rows()[scope]
    scores = sum(
        np.argsort(np.argsort(one.models[scope].score(learned.values))) for one in (first(), second())
    )
    values = learned.values[np.argmin(scores)].tolist()
    return tuple(
        FeatureValue(name, None if math.isnan(value) else value)
        for name, value in zip(learned.features, values, strict=True)
    )


def test_a_signal_whose_events_are_gone_is_judged_again_from_the_features_it_carries(tmp_path: Path) -> None:
    rig = a_rig(str(tmp_path))
    handed_in(rig, set(), keep=False)
    with rig.running() as pipeline:
        for signal, _ in rig.arrivals():
            found = derive_again(pipeline, signal, None)
            assert (found.outcome, found.from_features) == (Outcome.SAME, True)
            assert found.reason == "it was observed on a tape: replay that tape"
            for altered in (
                dataclasses.replace(signal, text="somebody else's words"),
                dataclasses.replace(signal, score=signal.score + 0.01),
                dataclasses.replace(signal, actor="somebody else"),
            ):
                assert derive_again(pipeline, altered, None).outcome is Outcome.DIFFERENT
            assert signal.anomaly is not None
            for other in (
                dataclasses.replace(signal.anomaly, features=ordinary(signal)),
                dataclasses.replace(signal.anomaly, level=signal.anomaly.raw_score + 1e-9),
            ):
                altered = dataclasses.replace(signal, anomaly=other)
                assert derive_again(pipeline, altered, None).outcome is Outcome.NOT_FOUND


def test_a_signal_of_another_version_is_not_derived_again_but_its_model_says_whether_scores_agree(
    tmp_path: Path,
) -> None:
    rig = a_rig(str(tmp_path))
    handed_in(rig, set(), keep=False)
    (signal, arrival), *_ = rig.arrivals()
    assert signal.anomaly is not None
    old = dataclasses.replace(signal, version=signal.version - 1)
    spoiled = dataclasses.replace(signal.anomaly, raw_score=signal.anomaly.raw_score * 1.0000001)
    lost = dataclasses.replace(signal.anomaly, model="0" * 32)
    with rig.running() as pipeline:
        for anomaly, told in (
            (signal.anomaly, f"the same score, {signal.anomaly.raw_score:.3f}, to the bit"),
            (spoiled, f"the score {signal.anomaly.raw_score!r} instead of {spoiled.raw_score!r}"),
            (lost, "there is none"),
        ):
            found = derive_again(pipeline, dataclasses.replace(old, anomaly=anomaly), arrival)
            assert found.outcome is Outcome.NOT_RE_DERIVABLE
            assert found.reason.startswith(f"it is of version {old.version} of {old.detector}, here runs ")
            assert told in found.reason


def test_a_signal_of_a_model_that_cannot_be_used_is_not_derived_again_and_says_why(tmp_path: Path) -> None:
    rig = a_rig(str(tmp_path))
    handed_in(rig, set(), keep=False)
    (signal, arrival), *_ = rig.arrivals()
    assert signal.anomaly is not None
    with rig.running() as pipeline:
        cut = pipeline._store.models.keep("cut", "{}", first().data[:-1], SUE, 9).id
        for model, why in (("0" * 32, "there is none"), (cut, "undamaged bytes")):
            other = dataclasses.replace(signal, anomaly=dataclasses.replace(signal.anomaly, model=model))
            found = derive_again(pipeline, other, arrival)
            assert found.outcome is Outcome.NOT_RE_DERIVABLE
            assert found.reason.startswith(f"model {model}: ")
            assert why in found.reason
        features = (FeatureValue("no such feature", 1.0), *signal.anomaly.features[1:])
        other = dataclasses.replace(signal, anomaly=dataclasses.replace(signal.anomaly, features=features))
        found = derive_again(pipeline, other, None)
        assert found.outcome is Outcome.NOT_RE_DERIVABLE
        assert "feature 1: expected " in found.reason


def test_a_chosen_model_that_cannot_be_used_does_not_judge_and_the_other_one_does(tmp_path: Path) -> None:
    rig = a_rig(str(tmp_path))
    with rig.running() as pipeline:
        promoted(pipeline._store, first())
        cut = pipeline._store.models.keep("cut", "{}", first().data[:-1], SUE, 9).id
        pipeline._store.models.propose(cut, "as a trial", SUE, 10)
        pipeline.follow_models()
        assert pipeline.chosen == Chosen(first().id)
        (fault,) = pipeline.models_status().result().faults
        assert fault.startswith(f"model {cut}: ")
    with rig.running() as pipeline:
        before = pipeline.journal.last
        pipeline.follow_models()
        assert pipeline.journal.last == before
        assert pipeline.chosen == Chosen(first().id)
