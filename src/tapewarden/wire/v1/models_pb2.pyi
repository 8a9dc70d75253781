from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Model(_message.Message):
    __slots__ = ("id", "name", "card", "size", "state", "kept_by", "kept_ns", "proposed_by", "proposed_ns", "promoted_by", "promoted_ns")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CARD_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    KEPT_BY_FIELD_NUMBER: _ClassVar[int]
    KEPT_NS_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_BY_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_NS_FIELD_NUMBER: _ClassVar[int]
    PROMOTED_BY_FIELD_NUMBER: _ClassVar[int]
    PROMOTED_NS_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    card: str
    size: int
    state: str
    kept_by: str
    kept_ns: int
    proposed_by: str
    proposed_ns: int
    promoted_by: str
    promoted_ns: int
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., card: _Optional[str] = ..., size: _Optional[int] = ..., state: _Optional[str] = ..., kept_by: _Optional[str] = ..., kept_ns: _Optional[int] = ..., proposed_by: _Optional[str] = ..., proposed_ns: _Optional[int] = ..., promoted_by: _Optional[str] = ..., promoted_ns: _Optional[int] = ...) -> None: ...

class ListModelsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListModelsResponse(_message.Message):
    __slots__ = ("models",)
    MODELS_FIELD_NUMBER: _ClassVar[int]
    models: _containers.RepeatedCompositeFieldContainer[Model]
    def __init__(self, models: _Optional[_Iterable[_Union[Model, _Mapping]]] = ...) -> None: ...

class GetModelRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class KeepModelRequest(_message.Message):
    __slots__ = ("name", "content")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    name: str
    content: bytes
    def __init__(self, name: _Optional[str] = ..., content: _Optional[bytes] = ...) -> None: ...

class ModelDecision(_message.Message):
    __slots__ = ("id", "reason")
    ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    id: str
    reason: str
    def __init__(self, id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class GetModelsStatusRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ModelsStatus(_message.Message):
    __slots__ = ("champion", "challenger", "comparison", "faults")
    CHAMPION_FIELD_NUMBER: _ClassVar[int]
    CHALLENGER_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_FIELD_NUMBER: _ClassVar[int]
    FAULTS_FIELD_NUMBER: _ClassVar[int]
    champion: ModelDrift
    challenger: ModelDrift
    comparison: ModelComparison
    faults: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, champion: _Optional[_Union[ModelDrift, _Mapping]] = ..., challenger: _Optional[_Union[ModelDrift, _Mapping]] = ..., comparison: _Optional[_Union[ModelComparison, _Mapping]] = ..., faults: _Optional[_Iterable[str]] = ...) -> None: ...

class ModelDrift(_message.Message):
    __slots__ = ("model", "since_ns", "until_ns", "scopes")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    SINCE_NS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_NS_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    model: str
    since_ns: int
    until_ns: int
    scopes: _containers.RepeatedCompositeFieldContainer[ScopeDrift]
    def __init__(self, model: _Optional[str] = ..., since_ns: _Optional[int] = ..., until_ns: _Optional[int] = ..., scopes: _Optional[_Iterable[_Union[ScopeDrift, _Mapping]]] = ...) -> None: ...

class ScopeDrift(_message.Message):
    __slots__ = ("scope", "windows", "alerts", "expected_alerts", "alerts_p_value", "score_distance", "score_p_value", "features")
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    WINDOWS_FIELD_NUMBER: _ClassVar[int]
    ALERTS_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_ALERTS_FIELD_NUMBER: _ClassVar[int]
    ALERTS_P_VALUE_FIELD_NUMBER: _ClassVar[int]
    SCORE_DISTANCE_FIELD_NUMBER: _ClassVar[int]
    SCORE_P_VALUE_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    scope: str
    windows: int
    alerts: int
    expected_alerts: float
    alerts_p_value: float
    score_distance: float
    score_p_value: float
    features: _containers.RepeatedCompositeFieldContainer[FeatureShift]
    def __init__(self, scope: _Optional[str] = ..., windows: _Optional[int] = ..., alerts: _Optional[int] = ..., expected_alerts: _Optional[float] = ..., alerts_p_value: _Optional[float] = ..., score_distance: _Optional[float] = ..., score_p_value: _Optional[float] = ..., features: _Optional[_Iterable[_Union[FeatureShift, _Mapping]]] = ...) -> None: ...

class FeatureShift(_message.Message):
    __slots__ = ("feature", "stability")
    FEATURE_FIELD_NUMBER: _ClassVar[int]
    STABILITY_FIELD_NUMBER: _ClassVar[int]
    feature: str
    stability: float
    def __init__(self, feature: _Optional[str] = ..., stability: _Optional[float] = ...) -> None: ...

class ModelComparison(_message.Message):
    __slots__ = ("champion", "challenger", "since_ns", "until_ns", "scopes")
    CHAMPION_FIELD_NUMBER: _ClassVar[int]
    CHALLENGER_FIELD_NUMBER: _ClassVar[int]
    SINCE_NS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_NS_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    champion: str
    challenger: str
    since_ns: int
    until_ns: int
    scopes: _containers.RepeatedCompositeFieldContainer[ScopeComparison]
    def __init__(self, champion: _Optional[str] = ..., challenger: _Optional[str] = ..., since_ns: _Optional[int] = ..., until_ns: _Optional[int] = ..., scopes: _Optional[_Iterable[_Union[ScopeComparison, _Mapping]]] = ...) -> None: ...

class ScopeComparison(_message.Message):
    __slots__ = ("scope", "windows", "champion_alerts", "challenger_alerts", "both")
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    WINDOWS_FIELD_NUMBER: _ClassVar[int]
    CHAMPION_ALERTS_FIELD_NUMBER: _ClassVar[int]
    CHALLENGER_ALERTS_FIELD_NUMBER: _ClassVar[int]
    BOTH_FIELD_NUMBER: _ClassVar[int]
    scope: str
    windows: int
    champion_alerts: int
    challenger_alerts: int
    both: int
    def __init__(self, scope: _Optional[str] = ..., windows: _Optional[int] = ..., champion_alerts: _Optional[int] = ..., challenger_alerts: _Optional[int] = ..., both: _Optional[int] = ...) -> None: ...
