"""`Grounds` of a signal in plain sentences: of a rule from its conditions, of a model from its features."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from math import inf, isclose, log
from typing import Final

import numpy as np

from tapewarden.anomaly.alerting import scope_of
from tapewarden.anomaly.collection import ModelCollection
from tapewarden.anomaly.explanation import Explanation, Reason, explain, nearest_peers
from tapewarden.anomaly.features.catalogue import Feature
from tapewarden.anomaly.logarithm import Numbers
from tapewarden.anomaly.model import AnomalyModel
from tapewarden.anomaly.wording import (
    beside_usual,
    counter_lead,
    in_short,
    number_text,
    range_text,
    value_text,
)
from tapewarden.domain.grounds import Alike, Contribution, Grounds
from tapewarden.domain.kinds import SECOND
from tapewarden.domain.signal import Reason as Condition
from tapewarden.domain.signal import Signal
from tapewarden.engine.meta import Meta
from tapewarden.runtime.features import FeatureTable

_MOST: Final = 3  # conditions that are named
_FEW: Final = 2  # of a detector's own advice: `tapewarden detectors show ID` has all of it
_ALL: Final = 99.5  # percent of windows that read as all
_LEARNED: Final = "Middle of the windows learned from, and where nine of ten of them lie."


def rule_grounds(signal: Signal, meta: Meta | None) -> Grounds:
    """Grounds of a rule's signal; ``meta`` is its detector's, ``None`` where that does not run any more."""
    met = [one for one in signal.reasons if one.passed]
    clearest = sorted(met, key=_clearance, reverse=True)[:_MOST]
    return Grounds(
        seen=_ended(signal.text),
        usual=_ended(f"{signal.detector} speaks only if {_listed(map(_limit, met))}") if met else "",
        reasons=_ended(f"Clearest: {_listed(map(_beside, clearest))}") if clearest else "",
        against=" ".join(_against_rule(signal, met, meta)),
        next=_next(meta),
    )


def model_grounds(
    signal: Signal, models: ModelCollection, meta: Meta, recent: FeatureTable | None
) -> Grounds:
    """Grounds of a model's signal; ``recent`` are windows of its kind and length to compare it with.

    Raises:
        ModelError: If the models are not of the signal's features, or have none for its windows.
    """
    scope, values = scope_of(models, signal)
    model = models.models[scope]
    features = in_short(scope.subject.features)
    found = explain(model, values)
    alike = () if recent is None else tuple(_alike(signal, model, values, recent, features))
    whose = _whose(signal)
    seen = [_measured(features[one.feature], one.value) for one in found.reasons]
    usual = [_range(model, features[one.feature]) for one in found.reasons]
    return Grounds(
        seen=_ended(f"{whose}, {_span(signal)}. {_begun(_listed(seen) or 'no single feature stands out')}"),
        usual=_ended(f"{_LEARNED} {_begun(_listed(usual))}") if usual else "",
        reasons=_apart(model, features, found),
        against=" ".join(_against_model(signal, model, features, found)),
        next=f"{_compare(alike, nothing=recent is None)} {_next(meta)}",
        alike=alike,
        contributions=tuple(
            Contribution(
                feature=one.feature,
                value=one.value,
                median=one.median,
                effect=one.effect,
                meaning=features[one.feature].meaning,
                words=beside_usual(features[one.feature], one.value, one.median),
            )
            for one in (*found.reasons, *reversed(found.counter_evidence))
        ),
    )


def unusable_grounds(signal: Signal, meta: Meta, why: str) -> Grounds:
    """Grounds of a signal whose model cannot be used any more: what the signal itself says."""
    seen = _ended(f"{_whose(signal)}, {signal.text}")
    return Grounds(seen=seen, usual="", reasons="", against=_ended(why), next=_next(meta))


def _limit(one: Condition) -> str:
    bound = "at most" if one.value < one.threshold else "at least"
    return f"{one.name} is {bound} {number_text(one.threshold)} {one.unit}"


def _beside(one: Condition) -> str:
    return f"{one.name} {number_text(one.value)} {one.unit} (limit {number_text(one.threshold)})"


def _clearance(one: Condition) -> float:
    """By how many powers a value is beyond its limit."""
    if isclose(one.value, one.threshold):
        return 0.0
    if one.value <= 0 or one.threshold <= 0:
        return inf
    return abs(log(one.value / one.threshold))


def _against_rule(signal: Signal, met: Sequence[Condition], meta: Meta | None) -> Iterator[str]:
    missed = [one for one in signal.reasons if not one.passed]
    if missed:
        yield _ended(f"Not met: {_listed(map(_beside, missed))}")
    elif met:
        yield _ended(f"Closest to its limit: {_beside(min(met, key=_clearance))}")
    yield from _health(signal)
    if meta is not None and meta.false_positives:
        yield _ended(f"It may be honest: {_listed(map(_within, meta.false_positives[:_FEW]))}")


def _apart(model: AnomalyModel, features: Mapping[str, Feature], found: Explanation) -> str:
    held_back = len(model.calibration)
    alike = round(found.p_value * (held_back + 1)) - 1
    told = [f"{features[one.feature].meaning}: {_rank(one)}" for one in found.reasons]
    return (
        f"Beside the windows learned from, {_listed(told) or 'a little of many features'}."
        f" Of {held_back:,} others, held back for comparison, {alike or 'none'} stood apart as much."
    )


def _rank(one: Reason) -> str:
    """Where a value stands among the windows that were learned from."""
    if one.is_common:
        return "amid them, unusual only beside the rest"
    place, percent = ("above", one.above) if one.above > one.below else ("below", one.below)
    return f"{place} {'all' if percent >= _ALL else f'{percent:.0f} of 100'}"


def _against_model(
    signal: Signal, model: AnomalyModel, features: Mapping[str, Feature], found: Explanation
) -> Iterator[str]:
    ordinary = [
        f"{features[one.feature].meaning} ({beside_usual(features[one.feature], one.value, one.median)})"
        for one in found.counter_evidence
    ]
    yield _ended(
        f"{counter_lead(model)}: {_listed(ordinary)}" if ordinary else "Nothing about it is notably ordinary"
    )
    if found.unknown:
        yield f"{len(found.unknown)} of {len(features)} features could not be told."
    yield from _health(signal)
    yield "Most of what is unusual is honest."


def _health(signal: Signal) -> Iterator[str]:
    if signal.health.blind or signal.health.quality_facts:
        facts = _listed(f"{count} {kind.replace('_', ' ')}" for kind, count in signal.health.by_kind)
        yield _ended(f"The data was not sound: {facts or 'blind at the time'}")


def _alike(
    signal: Signal,
    model: AnomalyModel,
    values: Numbers,
    recent: FeatureTable,
    features: Mapping[str, Feature],
) -> Iterator[Alike]:
    """Ordinary windows that are nearest: of others, or of a market at another time."""
    others = np.array([not actor or actor != signal.actor for actor in recent.actors], np.bool_)
    if not signal.actor:
        same = np.array([name == signal.instrument for name in recent.instruments], np.bool_)
        others &= ~(same & (recent.starts == signal.start_ns))
    rows = np.flatnonzero(others)
    for peer in nearest_peers(model, values, recent.values[rows]) if len(rows) else ():
        row = int(rows[peer.row])
        yield Alike(
            actor=recent.actors[row],
            instrument=recent.instruments[row],
            start_ns=int(recent.starts[row]),
            end_ns=int(recent.starts[row] + recent.lengths[row]),
            distance=peer.distance,
            differences=tuple(features[name].meaning for name in peer.differences),
        )


def _compare(alike: Sequence[Alike], *, nothing: bool) -> str:
    if nothing:
        return "No window of this kind was judged here lately that it could be compared with."
    if not alike:
        return "None of the latest windows is ordinary and has enough in common with it."
    told = [
        f"{f'{one.actor} on ' if one.actor else ''}{one.instrument} at {_clock(one.start_ns)}"
        + (f" (differs most in {one.differences[0]})" if one.differences else "")
        for one in alike
    ]
    return _ended(f"Compare it with the ordinary windows most like it: {_listed(told)}")


def _next(meta: Meta | None) -> str:
    if meta is None:
        return "The detector does not run here any more."
    look = _listed(map(_within, meta.triage.look_at[:_FEW]))
    cleared = _listed(map(_within, meta.triage.cleared_by[:1]))
    return f"{_ended(f'Look at {look}')} {_ended(f'Cleared by {cleared}')}"


def _range(model: AnomalyModel, feature: Feature) -> str:
    low, middle, high = model.transform.percentiles[model.used.index(feature.name)][[5, 50, 95]].tolist()
    return f"{_measured(feature, middle)} ({range_text(feature, low, high)})"


def _measured(feature: Feature, value: float) -> str:
    return f"{feature.meaning}: {value_text(feature, value)}"


def _whose(signal: Signal) -> str:
    return f"{signal.actor} on {signal.instrument}" if signal.actor else signal.instrument


def _span(signal: Signal) -> str:
    seconds = (signal.end_ns - signal.start_ns) // SECOND
    length = f"{seconds} s" if seconds < 60 else f"{seconds // 60} min"
    return f"{length} from {_clock(signal.start_ns)} UTC"


def _clock(ns: int) -> str:
    return f"{datetime.fromtimestamp(ns // SECOND, UTC):%H:%M:%S}"


def _listed(parts: Iterable[str]) -> str:
    return "; ".join(parts).replace("?;", "?")


def _within(sentence: str) -> str:
    """A sentence as part of another one."""
    return sentence[0].lower() + sentence[1:] if sentence[1:2].islower() or sentence[1:2] == " " else sentence


def _begun(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
