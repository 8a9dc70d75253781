from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Signal(_message.Message):
    __slots__ = ("id", "detector", "version", "parameters", "typology", "family", "severity", "score", "instrument", "actor", "parties", "start_ns", "end_ns", "text", "reasons", "evidence", "health", "anomaly")
    ID_FIELD_NUMBER: _ClassVar[int]
    DETECTOR_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    TYPOLOGY_FIELD_NUMBER: _ClassVar[int]
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    PARTIES_FIELD_NUMBER: _ClassVar[int]
    START_NS_FIELD_NUMBER: _ClassVar[int]
    END_NS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    HEALTH_FIELD_NUMBER: _ClassVar[int]
    ANOMALY_FIELD_NUMBER: _ClassVar[int]
    id: str
    detector: str
    version: int
    parameters: str
    typology: str
    family: str
    severity: str
    score: float
    instrument: str
    actor: str
    parties: _containers.RepeatedCompositeFieldContainer[Party]
    start_ns: int
    end_ns: int
    text: str
    reasons: _containers.RepeatedCompositeFieldContainer[Reason]
    evidence: Evidence
    health: DataHealth
    anomaly: Anomaly
    def __init__(self, id: _Optional[str] = ..., detector: _Optional[str] = ..., version: _Optional[int] = ..., parameters: _Optional[str] = ..., typology: _Optional[str] = ..., family: _Optional[str] = ..., severity: _Optional[str] = ..., score: _Optional[float] = ..., instrument: _Optional[str] = ..., actor: _Optional[str] = ..., parties: _Optional[_Iterable[_Union[Party, _Mapping]]] = ..., start_ns: _Optional[int] = ..., end_ns: _Optional[int] = ..., text: _Optional[str] = ..., reasons: _Optional[_Iterable[_Union[Reason, _Mapping]]] = ..., evidence: _Optional[_Union[Evidence, _Mapping]] = ..., health: _Optional[_Union[DataHealth, _Mapping]] = ..., anomaly: _Optional[_Union[Anomaly, _Mapping]] = ...) -> None: ...

class Anomaly(_message.Message):
    __slots__ = ("model", "raw_score", "p_value", "features", "level")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    RAW_SCORE_FIELD_NUMBER: _ClassVar[int]
    P_VALUE_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    model: str
    raw_score: float
    p_value: float
    features: _containers.RepeatedCompositeFieldContainer[FeatureValue]
    level: float
    def __init__(self, model: _Optional[str] = ..., raw_score: _Optional[float] = ..., p_value: _Optional[float] = ..., features: _Optional[_Iterable[_Union[FeatureValue, _Mapping]]] = ..., level: _Optional[float] = ...) -> None: ...

class FeatureValue(_message.Message):
    __slots__ = ("name", "value")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: float
    def __init__(self, name: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...

class Party(_message.Message):
    __slots__ = ("account", "role")
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    account: str
    role: str
    def __init__(self, account: _Optional[str] = ..., role: _Optional[str] = ...) -> None: ...

class Reason(_message.Message):
    __slots__ = ("name", "value", "threshold", "unit", "passed")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    PASSED_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: float
    threshold: float
    unit: str
    passed: bool
    def __init__(self, name: _Optional[str] = ..., value: _Optional[float] = ..., threshold: _Optional[float] = ..., unit: _Optional[str] = ..., passed: _Optional[bool] = ...) -> None: ...

class Evidence(_message.Message):
    __slots__ = ("orders", "orders_total", "trades", "source", "epoch", "sequence")
    ORDERS_FIELD_NUMBER: _ClassVar[int]
    ORDERS_TOTAL_FIELD_NUMBER: _ClassVar[int]
    TRADES_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    orders: _containers.RepeatedScalarFieldContainer[str]
    orders_total: int
    trades: _containers.RepeatedScalarFieldContainer[str]
    source: str
    epoch: int
    sequence: int
    def __init__(self, orders: _Optional[_Iterable[str]] = ..., orders_total: _Optional[int] = ..., trades: _Optional[_Iterable[str]] = ..., source: _Optional[str] = ..., epoch: _Optional[int] = ..., sequence: _Optional[int] = ...) -> None: ...

class DataHealth(_message.Message):
    __slots__ = ("quality_facts", "by_kind", "blind")
    QUALITY_FACTS_FIELD_NUMBER: _ClassVar[int]
    BY_KIND_FIELD_NUMBER: _ClassVar[int]
    BLIND_FIELD_NUMBER: _ClassVar[int]
    quality_facts: int
    by_kind: _containers.RepeatedCompositeFieldContainer[QualityCount]
    blind: bool
    def __init__(self, quality_facts: _Optional[int] = ..., by_kind: _Optional[_Iterable[_Union[QualityCount, _Mapping]]] = ..., blind: _Optional[bool] = ...) -> None: ...

class QualityCount(_message.Message):
    __slots__ = ("kind", "count")
    KIND_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    kind: str
    count: int
    def __init__(self, kind: _Optional[str] = ..., count: _Optional[int] = ...) -> None: ...

class StoredSignal(_message.Message):
    __slots__ = ("signal", "amount", "case_id", "suppression_id")
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSION_ID_FIELD_NUMBER: _ClassVar[int]
    signal: Signal
    amount: float
    case_id: int
    suppression_id: int
    def __init__(self, signal: _Optional[_Union[Signal, _Mapping]] = ..., amount: _Optional[float] = ..., case_id: _Optional[int] = ..., suppression_id: _Optional[int] = ...) -> None: ...

class SignalFilter(_message.Message):
    __slots__ = ("detector", "family", "severity", "actor", "instrument", "case_id", "suppressed", "minimum_score", "since_ns", "until_ns", "text", "limit", "offset", "order")
    DETECTOR_FIELD_NUMBER: _ClassVar[int]
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_SCORE_FIELD_NUMBER: _ClassVar[int]
    SINCE_NS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_NS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    detector: str
    family: str
    severity: str
    actor: str
    instrument: str
    case_id: int
    suppressed: bool
    minimum_score: float
    since_ns: int
    until_ns: int
    text: str
    limit: int
    offset: int
    order: str
    def __init__(self, detector: _Optional[str] = ..., family: _Optional[str] = ..., severity: _Optional[str] = ..., actor: _Optional[str] = ..., instrument: _Optional[str] = ..., case_id: _Optional[int] = ..., suppressed: _Optional[bool] = ..., minimum_score: _Optional[float] = ..., since_ns: _Optional[int] = ..., until_ns: _Optional[int] = ..., text: _Optional[str] = ..., limit: _Optional[int] = ..., offset: _Optional[int] = ..., order: _Optional[str] = ...) -> None: ...
