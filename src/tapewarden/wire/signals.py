"""Signals as messages, and back: to the byte of their lines."""

from __future__ import annotations

from dataclasses import asdict

from tapewarden.domain.casework import SignalFilter
from tapewarden.domain.signal import (
    Anomaly,
    DataHealth,
    Evidence,
    FeatureValue,
    Outcome,
    Party,
    Reason,
    Signal,
)
from tapewarden.wire.v1 import signals_pb2, surveillance_pb2


def signal_message(signal: Signal) -> signals_pb2.Signal:
    """The message of a signal."""
    health = signal.health
    return signals_pb2.Signal(
        **{name: getattr(signal, name) for name in _PLAIN},
        parties=[signals_pb2.Party(account=one.account, role=one.role) for one in signal.parties],
        reasons=[
            signals_pb2.Reason(
                name=one.name, value=one.value, threshold=one.threshold, unit=one.unit, passed=one.passed
            )
            for one in signal.reasons
        ],
        evidence=signals_pb2.Evidence(**{name: getattr(signal.evidence, name) for name in _EVIDENCE}),
        health=signals_pb2.DataHealth(
            quality_facts=health.quality_facts,
            by_kind=[signals_pb2.QualityCount(kind=kind, count=count) for kind, count in health.by_kind],
            blind=health.blind,
        ),
        anomaly=None if signal.anomaly is None else _anomaly_message(signal.anomaly),
    )


def signal_of(message: signals_pb2.Signal) -> Signal:
    """The signal in a message."""
    evidence = message.evidence
    return Signal(
        **{name: getattr(message, name) for name in _PLAIN},
        parties=tuple(Party(one.account, one.role) for one in message.parties),
        reasons=tuple(
            Reason(one.name, one.value, one.threshold, one.unit, one.passed) for one in message.reasons
        ),
        evidence=Evidence(
            orders=tuple(evidence.orders),
            orders_total=evidence.orders_total,
            trades=tuple(evidence.trades),
            source=evidence.source,
            epoch=evidence.epoch,
            sequence=evidence.sequence,
        ),
        health=DataHealth(
            quality_facts=message.health.quality_facts,
            by_kind=tuple((one.kind, one.count) for one in message.health.by_kind),
            blind=message.health.blind,
        ),
        anomaly=_anomaly_of(message.anomaly) if message.HasField("anomaly") else None,
    )


def _anomaly_message(anomaly: Anomaly) -> signals_pb2.Anomaly:
    return signals_pb2.Anomaly(
        model=anomaly.model,
        raw_score=anomaly.raw_score,
        p_value=anomaly.p_value,
        features=[signals_pb2.FeatureValue(name=one.name, value=one.value) for one in anomaly.features],
        level=anomaly.level,
    )


def _anomaly_of(message: signals_pb2.Anomaly) -> Anomaly:
    return Anomaly(
        model=message.model,
        raw_score=message.raw_score,
        p_value=message.p_value,
        features=tuple(
            FeatureValue(one.name, one.value if one.HasField("value") else None) for one in message.features
        ),
        level=message.level if message.HasField("level") else None,
    )


def filter_message(wanted: SignalFilter) -> signals_pb2.SignalFilter:
    """The message that asks for certain signals."""
    return signals_pb2.SignalFilter(**asdict(wanted))


def outcome_code(outcome: Outcome) -> surveillance_pb2.ReDeriveResponse.Outcome:
    """The code of what came of computing a signal again."""
    code: surveillance_pb2.ReDeriveResponse.Outcome
    code = surveillance_pb2.ReDeriveResponse.Outcome.Value(f"OUTCOME_{outcome.name}")
    return code


def outcome_of(code: surveillance_pb2.ReDeriveResponse.Outcome) -> Outcome:
    """What came of computing a signal again, by its code."""
    name: str = surveillance_pb2.ReDeriveResponse.Outcome.Name(code)
    return Outcome[name.removeprefix("OUTCOME_")]


_PLAIN = (
    "id",
    "detector",
    "version",
    "parameters",
    "typology",
    "family",
    "severity",
    "score",
    "instrument",
    "actor",
    "start_ns",
    "end_ns",
    "text",
)
_EVIDENCE = ("orders", "orders_total", "trades", "source", "epoch", "sequence")
