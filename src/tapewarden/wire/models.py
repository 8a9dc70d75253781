"""Anomaly models and how they fare, as messages and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from tapewarden.domain.drift import (
    Comparison,
    FeatureShift,
    ModelDrift,
    ModelsStatus,
    ScopeComparison,
    ScopeDrift,
)
from tapewarden.domain.promotion import KeptModel, ModelState
from tapewarden.wire.casework import given, word
from tapewarden.wire.v1 import models_pb2 as pb
from tapewarden.wire.v1 import surveillance_pb2

_PLAIN: Final = ("id", "name", "card", "size", "kept_by", "kept_ns")
_OPTIONAL: Final = ("proposed_by", "proposed_ns", "promoted_by", "promoted_ns")
_RUN: Final = ("model", "since_ns", "until_ns")
_SCOPE: Final = ("scope", "windows", "alerts", "alerts_p_value", "score_distance", "score_p_value")
_COMPARED: Final = ("scope", "windows", "champion_alerts", "challenger_alerts", "both")


def model_message(model: KeptModel) -> pb.Model:
    """The message of a model."""
    return pb.Model(**asdict(model) | {"state": model.state.value})


def model_of(message: pb.Model) -> KeptModel:
    """The model in a message."""
    return KeptModel(
        **{name: getattr(message, name) for name in _PLAIN},
        **{name: given(message, name) for name in _OPTIONAL},
        state=word(ModelState, "state", message.state),
    )


def status_message(status: ModelsStatus) -> pb.ModelsStatus:
    """The message of how models fare."""
    comparison = status.comparison
    return pb.ModelsStatus(
        champion=None if status.champion is None else _drift_message(status.champion),
        challenger=None if status.challenger is None else _drift_message(status.challenger),
        comparison=None if comparison is None else pb.ModelComparison(**asdict(comparison)),
        faults=status.faults,
    )


def status_of(message: pb.ModelsStatus) -> ModelsStatus:
    """How models fare, from a message."""
    return ModelsStatus(
        champion=_drift_of(message.champion) if message.HasField("champion") else None,
        challenger=_drift_of(message.challenger) if message.HasField("challenger") else None,
        comparison=_comparison_of(message.comparison) if message.HasField("comparison") else None,
        faults=tuple(message.faults),
    )


def health_messages(status: ModelsStatus) -> Iterator[surveillance_pb2.ModelHealth]:
    """Each model that judges, in short."""
    for role, drift in (("champion", status.champion), ("challenger", status.challenger)):
        if drift is not None:
            yield surveillance_pb2.ModelHealth(
                role=role,
                model=drift.model,
                windows=sum(one.windows for one in drift.scopes),
                alerts=sum(one.alerts for one in drift.scopes),
                expected_alerts=sum(one.expected for one in drift.scopes),
                shifted=[f"{one.scope}: {shift.feature}" for one in drift.scopes for shift in one.shifted],
            )


def _drift_message(drift: ModelDrift) -> pb.ModelDrift:
    return pb.ModelDrift(
        **_fields(drift, _RUN),
        scopes=[
            pb.ScopeDrift(
                **_fields(one, _SCOPE),
                expected_alerts=one.expected,
                features=[pb.FeatureShift(**asdict(shift)) for shift in one.features],
            )
            for one in drift.scopes
        ],
    )


def _drift_of(message: pb.ModelDrift) -> ModelDrift:
    return ModelDrift(
        **_fields(message, _RUN),
        scopes=tuple(
            ScopeDrift(
                **_fields(one, _SCOPE),
                expected=one.expected_alerts,
                features=tuple(
                    FeatureShift(shift.feature, given(shift, "stability")) for shift in one.features
                ),
            )
            for one in message.scopes
        ),
    )


def _comparison_of(message: pb.ModelComparison) -> Comparison:
    return Comparison(
        **_fields(message, ("champion", "challenger", "since_ns", "until_ns")),
        scopes=tuple(ScopeComparison(**_fields(one, _COMPARED)) for one in message.scopes),
    )


def _fields(source: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(source, name) for name in names}
