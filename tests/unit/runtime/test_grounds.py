"""Five lines that say why a signal was given, of rules and of models."""

import dataclasses
import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest

from tapewarden.anomaly.about import METAS
from tapewarden.anomaly.alerting import DETECTORS, ModelWatch
from tapewarden.anomaly.collection import Subject
from tapewarden.anomaly.features.observer import FeatureObserver
from tapewarden.anomaly.features.windows import Ended
from tapewarden.anomaly.judging import Judged
from tapewarden.anomaly.observer import ModelObserver
from tapewarden.anomaly.recent import MOST, RecentWindows
from tapewarden.detectors.quote_stuffing import META as STUFFING
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.errors import ModelError
from tapewarden.domain.grounds import Grounds
from tapewarden.domain.signal import DataHealth, Reason, Signal
from tapewarden.engine.engine import Engine
from tapewarden.runtime.features import FeatureTable, named
from tapewarden.runtime.grounds import model_grounds, rule_grounds, unusable_grounds
from tapewarden.wire.grounds import grounds_message, grounds_of
from tests.samples.markets import small_run
from tests.samples.models import EASY, SCOPES, models
from tests.unit.cases.signals import signal

LINES = ("seen", "usual", "reasons", "against", "next")


def stuffing(*reasons: Reason, health: DataHealth | None = None) -> Signal:
    one = signal(detector="QST-01", text="6863 messages in 17.5 s")
    return dataclasses.replace(one, reasons=reasons, health=health or one.health)


RATE = Reason("message rate", 108.3, 10, "sigma")
FILLED = Reason("filled", 0.002, 0.003, "of orders")
REPEATED = Reason("repeated", 0.05275, 0.9, "of orders", passed=False)


def test_a_rule_says_its_limits_what_is_clearest_what_was_not_met_and_what_to_look_at() -> None:
    found = rule_grounds(stuffing(RATE, FILLED, REPEATED), STUFFING)
    assert found.seen == "6863 messages in 17.5 s."
    assert found.usual == (
        "QST-01 speaks only if message rate is at least 10 sigma; filled is at most 0.003 of orders."
    )
    assert found.reasons == (
        "Clearest: message rate 108 sigma (limit 10); filled 0.002 of orders (limit 0.003)."
    )
    assert found.against.startswith("Not met: repeated 0.053 of orders (limit 0.9). It may be honest: a ")
    assert found.next.startswith("Look at messages per second of the actor")
    assert " Cleared by a report of the member" in found.next


def test_where_all_is_met_the_narrowest_condition_speaks_against_and_so_does_unsound_data() -> None:
    health = DataHealth(quality_facts=3, by_kind=(("gap", 2), ("late_event", 1)))
    found = rule_grounds(stuffing(RATE, FILLED, health=health), STUFFING)
    assert found.against.startswith(
        "Closest to its limit: filled 0.002 of orders (limit 0.003)."
        " The data was not sound: 2 gap; 1 late event. It may be honest: "
    )
    blind = rule_grounds(stuffing(health=DataHealth(blind=True)), STUFFING)
    assert blind.against.startswith("The data was not sound: blind at the time.")
    assert (blind.usual, blind.reasons) == ("", "")


def test_a_detector_that_does_not_run_any_more_is_said_to_be_gone() -> None:
    assert rule_grounds(stuffing(RATE), None).next == "The detector does not run here any more."


@cache
def found() -> list[Signal]:
    run = small_run()
    return Engine(run.simulation.directory, [], observers=[ModelObserver(models(), EASY)]).process(run.tape)


@cache
def judged() -> list[Judged]:
    run, watch, seen = small_run(), ModelWatch(models()), list[Judged]()

    def keep(ended: Ended, part: EventBatch, directory: Directory) -> Sequence[tuple[int, Signal]]:
        seen.extend(watch.judged(ended))
        return ()

    Engine(run.simulation.directory, [], observers=[FeatureObserver(keep, EASY)]).process(run.tape)
    return seen


@cache
def windows() -> dict[str, FeatureTable]:
    """The latest windows of each scope, as a server keeps them."""
    recent, directory = RecentWindows(), small_run().simulation.directory
    for one in judged():
        recent.add(one)
    kept = {scope: recent.windows(scope) for scope in SCOPES}
    return {
        DETECTORS[scope.subject]: named(found, scope.subject.features, directory)
        for scope, found in kept.items()
        if found is not None
    }


def test_the_latest_windows_are_kept_and_not_many_more() -> None:
    recent = RecentWindows()
    for one in [*judged(), *judged(), *judged()]:
        recent.add(one)
    again = RecentWindows()
    again.restore(recent.snapshot())
    for scope in SCOPES:
        kept, restored = recent.windows(scope), again.windows(scope)
        own = [one.windows.keys for one in judged() if one.scope == scope]
        assert kept is not None
        assert MOST <= len(kept.keys) < MOST + max(map(len, own))
        assert (kept.keys[-len(own[-1]) :] == own[-1]).all()
        assert restored is not None
        assert (restored.keys == kept.keys).all()
        assert np.array_equal(restored.values, kept.values, equal_nan=True)


def grounds(one: Signal) -> Grounds:
    return model_grounds(one, models(), METAS[one.detector], windows()[one.detector])


def test_every_signal_of_a_model_has_its_five_lines_and_ordinary_windows_of_others() -> None:
    assert {one.detector for one in found() if grounds(one).alike} == set(DETECTORS.values())
    for one in found():
        told = grounds(one)
        texts = [getattr(told, line) for line in LINES]
        assert all(text.endswith(".") and "\n" not in text and "nan" not in text for text in texts)
        assert all(text.count("(") == text.count(")") and "the same, " not in text for text in texts)
        assert told.seen.startswith(f"{one.actor} on {one.instrument}, " if one.actor else one.instrument)
        assert "Most of what is unusual is honest." in told.against
        assert len(told.alike) <= 3
        assert [peer.distance for peer in told.alike] == sorted(peer.distance for peer in told.alike)
        for peer in told.alike:
            assert peer.actor != one.actor or not one.actor
            assert (peer.instrument, peer.start_ns) != (one.instrument, one.start_ns) or one.actor
            assert peer.instrument in told.next


def test_what_was_seen_is_told_beside_what_is_usual_in_the_same_words() -> None:
    for one in found():
        told = grounds(one)
        subject = Subject.ACCOUNT if one.actor else Subject.INSTRUMENT
        words = {
            feature.name: re.sub(r"^the same, | \(.*\)|:.*", "", feature.meaning).lower()
            for feature in subject.features
        }
        for reason in one.reasons:
            for text in (told.seen, told.usual, told.reasons) if reason.passed else (told.against,):
                assert words[reason.name] in text.lower()


def test_counter_evidence_is_ordinary_to_a_forest_and_near_its_like_to_neighbors() -> None:
    leads = {"ANM-01": "As in the usual windows nearest to it: ", "ANM-02": "Ordinary: "}
    for one in found():
        if any(not reason.passed for reason in one.reasons):
            assert grounds(one).against.startswith(leads[one.detector])
            assert f". {leads[one.detector]}" in one.text
    assert {one.detector for one in found() if "Ordinary" in one.text} == {"ANM-02"}


def test_what_is_common_by_itself_is_told_so_and_not_beside_an_equal_usual_value() -> None:
    common = 0
    for one in found():
        told = grounds(one).reasons.count("amid them, unusual only beside the rest")
        assert one.text.count("common by itself") == told
        common += told
    assert common


def test_features_are_told_with_how_far_each_moved_the_score_as_the_signal_names_them() -> None:
    for one in found():
        told = grounds(one)
        effects = [part.effect for part in told.contributions]
        assert effects == sorted(effects, reverse=True)
        assert all(" (" + part.words + ")" in told.against for part in told.contributions if part.effect < 0)
        assert {(part.feature, part.value, part.effect > 0) for part in told.contributions} == {
            (reason.name, reason.value, reason.passed) for reason in one.reasons
        }
        assert grounds_of(grounds_message(told)) == told


def test_without_windows_to_compare_with_that_is_said() -> None:
    one = found()[0]
    told = model_grounds(one, models(), METAS[one.detector], None)
    assert told.next.startswith("No window of this kind was judged here lately")
    assert told.alike == ()


def test_a_signal_of_other_features_is_refused_and_told_by_its_own_words() -> None:
    one = found()[0]
    assert one.anomaly is not None
    cut = dataclasses.replace(
        one, anomaly=dataclasses.replace(one.anomaly, features=one.anomaly.features[1:])
    )
    with pytest.raises(ModelError, match="feature 1"):
        model_grounds(cut, models(), METAS[one.detector], None)
    told = unusable_grounds(cut, METAS[one.detector], "model abc: there is none")
    assert (told.seen, told.against) == (
        f"{one.actor} on {one.instrument}, {one.text}." if one.actor else f"{one.instrument}, {one.text}.",
        "model abc: there is none.",
    )
