from tapewarden.wire.v1 import ingest_pb2 as _ingest_pb2
from tapewarden.wire.v1 import market_pb2 as _market_pb2
from tapewarden.wire.v1 import signals_pb2 as _signals_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WindowSubject(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WINDOW_SUBJECT_UNSPECIFIED: _ClassVar[WindowSubject]
    WINDOW_SUBJECT_INSTRUMENT: _ClassVar[WindowSubject]
    WINDOW_SUBJECT_AGGRESSOR: _ClassVar[WindowSubject]
    WINDOW_SUBJECT_COUNTERPARTY: _ClassVar[WindowSubject]
WINDOW_SUBJECT_UNSPECIFIED: WindowSubject
WINDOW_SUBJECT_INSTRUMENT: WindowSubject
WINDOW_SUBJECT_AGGRESSOR: WindowSubject
WINDOW_SUBJECT_COUNTERPARTY: WindowSubject

class StreamTapeRequest(_message.Message):
    __slots__ = ("instruments", "interval_ms")
    INSTRUMENTS_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_MS_FIELD_NUMBER: _ClassVar[int]
    instruments: _containers.RepeatedScalarFieldContainer[str]
    interval_ms: int
    def __init__(self, instruments: _Optional[_Iterable[str]] = ..., interval_ms: _Optional[int] = ...) -> None: ...

class TapeUpdate(_message.Message):
    __slots__ = ("at_ns", "update", "frame", "events", "left_out", "instruments", "accounts", "trades", "first_trade", "scores")
    AT_NS_FIELD_NUMBER: _ClassVar[int]
    UPDATE_FIELD_NUMBER: _ClassVar[int]
    FRAME_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENTS_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    TRADES_FIELD_NUMBER: _ClassVar[int]
    FIRST_TRADE_FIELD_NUMBER: _ClassVar[int]
    SCORES_FIELD_NUMBER: _ClassVar[int]
    at_ns: int
    update: int
    frame: int
    events: int
    left_out: int
    instruments: _containers.RepeatedCompositeFieldContainer[_ingest_pb2.InstrumentDefinition]
    accounts: _containers.RepeatedCompositeFieldContainer[_ingest_pb2.AccountDefinition]
    trades: Trades
    first_trade: int
    scores: TradeScores
    def __init__(self, at_ns: _Optional[int] = ..., update: _Optional[int] = ..., frame: _Optional[int] = ..., events: _Optional[int] = ..., left_out: _Optional[int] = ..., instruments: _Optional[_Iterable[_Union[_ingest_pb2.InstrumentDefinition, _Mapping]]] = ..., accounts: _Optional[_Iterable[_Union[_ingest_pb2.AccountDefinition, _Mapping]]] = ..., trades: _Optional[_Union[Trades, _Mapping]] = ..., first_trade: _Optional[int] = ..., scores: _Optional[_Union[TradeScores, _Mapping]] = ...) -> None: ...

class TradeScores(_message.Message):
    __slots__ = ("trade", "p_value", "from_ns", "until_ns", "subject")
    TRADE_FIELD_NUMBER: _ClassVar[int]
    P_VALUE_FIELD_NUMBER: _ClassVar[int]
    FROM_NS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_NS_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    trade: _containers.RepeatedScalarFieldContainer[int]
    p_value: _containers.RepeatedScalarFieldContainer[float]
    from_ns: _containers.RepeatedScalarFieldContainer[int]
    until_ns: _containers.RepeatedScalarFieldContainer[int]
    subject: _containers.RepeatedScalarFieldContainer[WindowSubject]
    def __init__(self, trade: _Optional[_Iterable[int]] = ..., p_value: _Optional[_Iterable[float]] = ..., from_ns: _Optional[_Iterable[int]] = ..., until_ns: _Optional[_Iterable[int]] = ..., subject: _Optional[_Iterable[_Union[WindowSubject, str]]] = ...) -> None: ...

class Trades(_message.Message):
    __slots__ = ("instrument", "ts_event", "price", "size", "side", "account", "counter_account", "flags")
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    TS_EVENT_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    COUNTER_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    FLAGS_FIELD_NUMBER: _ClassVar[int]
    instrument: _containers.RepeatedScalarFieldContainer[int]
    ts_event: _containers.RepeatedScalarFieldContainer[int]
    price: _containers.RepeatedScalarFieldContainer[int]
    size: _containers.RepeatedScalarFieldContainer[int]
    side: _containers.RepeatedScalarFieldContainer[_market_pb2.Side]
    account: _containers.RepeatedScalarFieldContainer[int]
    counter_account: _containers.RepeatedScalarFieldContainer[int]
    flags: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, instrument: _Optional[_Iterable[int]] = ..., ts_event: _Optional[_Iterable[int]] = ..., price: _Optional[_Iterable[int]] = ..., size: _Optional[_Iterable[int]] = ..., side: _Optional[_Iterable[_Union[_market_pb2.Side, str]]] = ..., account: _Optional[_Iterable[int]] = ..., counter_account: _Optional[_Iterable[int]] = ..., flags: _Optional[_Iterable[int]] = ...) -> None: ...

class StreamBookRequest(_message.Message):
    __slots__ = ("instrument", "levels", "interval_ms")
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_MS_FIELD_NUMBER: _ClassVar[int]
    instrument: str
    levels: int
    interval_ms: int
    def __init__(self, instrument: _Optional[str] = ..., levels: _Optional[int] = ..., interval_ms: _Optional[int] = ...) -> None: ...

class BookUpdate(_message.Message):
    __slots__ = ("at_ns", "book")
    AT_NS_FIELD_NUMBER: _ClassVar[int]
    BOOK_FIELD_NUMBER: _ClassVar[int]
    at_ns: int
    book: Book
    def __init__(self, at_ns: _Optional[int] = ..., book: _Optional[_Union[Book, _Mapping]] = ...) -> None: ...

class Book(_message.Message):
    __slots__ = ("ts_event", "bid_prices", "bid_sizes", "ask_prices", "ask_sizes")
    TS_EVENT_FIELD_NUMBER: _ClassVar[int]
    BID_PRICES_FIELD_NUMBER: _ClassVar[int]
    BID_SIZES_FIELD_NUMBER: _ClassVar[int]
    ASK_PRICES_FIELD_NUMBER: _ClassVar[int]
    ASK_SIZES_FIELD_NUMBER: _ClassVar[int]
    ts_event: int
    bid_prices: _containers.RepeatedScalarFieldContainer[int]
    bid_sizes: _containers.RepeatedScalarFieldContainer[int]
    ask_prices: _containers.RepeatedScalarFieldContainer[int]
    ask_sizes: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, ts_event: _Optional[int] = ..., bid_prices: _Optional[_Iterable[int]] = ..., bid_sizes: _Optional[_Iterable[int]] = ..., ask_prices: _Optional[_Iterable[int]] = ..., ask_sizes: _Optional[_Iterable[int]] = ...) -> None: ...

class StreamSignalsRequest(_message.Message):
    __slots__ = ("filter", "backlog")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    BACKLOG_FIELD_NUMBER: _ClassVar[int]
    filter: _signals_pb2.SignalFilter
    backlog: int
    def __init__(self, filter: _Optional[_Union[_signals_pb2.SignalFilter, _Mapping]] = ..., backlog: _Optional[int] = ...) -> None: ...

class SignalUpdate(_message.Message):
    __slots__ = ("at_ns", "signal", "frame", "detected_ns")
    AT_NS_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    FRAME_FIELD_NUMBER: _ClassVar[int]
    DETECTED_NS_FIELD_NUMBER: _ClassVar[int]
    at_ns: int
    signal: _signals_pb2.Signal
    frame: int
    detected_ns: int
    def __init__(self, at_ns: _Optional[int] = ..., signal: _Optional[_Union[_signals_pb2.Signal, _Mapping]] = ..., frame: _Optional[int] = ..., detected_ns: _Optional[int] = ...) -> None: ...

class ListSignalsRequest(_message.Message):
    __slots__ = ("filter", "count")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    filter: _signals_pb2.SignalFilter
    count: bool
    def __init__(self, filter: _Optional[_Union[_signals_pb2.SignalFilter, _Mapping]] = ..., count: _Optional[bool] = ...) -> None: ...

class ListSignalsResponse(_message.Message):
    __slots__ = ("signals", "total", "groups")
    SIGNALS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    signals: _containers.RepeatedCompositeFieldContainer[_signals_pb2.StoredSignal]
    total: int
    groups: _containers.RepeatedCompositeFieldContainer[SignalGroup]
    def __init__(self, signals: _Optional[_Iterable[_Union[_signals_pb2.StoredSignal, _Mapping]]] = ..., total: _Optional[int] = ..., groups: _Optional[_Iterable[_Union[SignalGroup, _Mapping]]] = ...) -> None: ...

class SignalGroup(_message.Message):
    __slots__ = ("name", "signals", "highest")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SIGNALS_FIELD_NUMBER: _ClassVar[int]
    HIGHEST_FIELD_NUMBER: _ClassVar[int]
    name: str
    signals: int
    highest: float
    def __init__(self, name: _Optional[str] = ..., signals: _Optional[int] = ..., highest: _Optional[float] = ...) -> None: ...

class GetSignalRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class GetSignalResponse(_message.Message):
    __slots__ = ("signal", "frame", "detected_ns")
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    FRAME_FIELD_NUMBER: _ClassVar[int]
    DETECTED_NS_FIELD_NUMBER: _ClassVar[int]
    signal: _signals_pb2.StoredSignal
    frame: int
    detected_ns: int
    def __init__(self, signal: _Optional[_Union[_signals_pb2.StoredSignal, _Mapping]] = ..., frame: _Optional[int] = ..., detected_ns: _Optional[int] = ...) -> None: ...

class ReplayWindowRequest(_message.Message):
    __slots__ = ("signal_id", "instrument", "from_ns", "until_ns", "levels", "books", "margin_ns")
    SIGNAL_ID_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    FROM_NS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_NS_FIELD_NUMBER: _ClassVar[int]
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    BOOKS_FIELD_NUMBER: _ClassVar[int]
    MARGIN_NS_FIELD_NUMBER: _ClassVar[int]
    signal_id: str
    instrument: str
    from_ns: int
    until_ns: int
    levels: int
    books: int
    margin_ns: int
    def __init__(self, signal_id: _Optional[str] = ..., instrument: _Optional[str] = ..., from_ns: _Optional[int] = ..., until_ns: _Optional[int] = ..., levels: _Optional[int] = ..., books: _Optional[int] = ..., margin_ns: _Optional[int] = ...) -> None: ...

class WindowPart(_message.Message):
    __slots__ = ("instrument", "from_ns", "until_ns", "accounts", "events", "books")
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    FROM_NS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_NS_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    BOOKS_FIELD_NUMBER: _ClassVar[int]
    instrument: _market_pb2.Instrument
    from_ns: int
    until_ns: int
    accounts: _containers.RepeatedCompositeFieldContainer[_ingest_pb2.AccountDefinition]
    events: WindowEvents
    books: _containers.RepeatedCompositeFieldContainer[Book]
    def __init__(self, instrument: _Optional[_Union[_market_pb2.Instrument, _Mapping]] = ..., from_ns: _Optional[int] = ..., until_ns: _Optional[int] = ..., accounts: _Optional[_Iterable[_Union[_ingest_pb2.AccountDefinition, _Mapping]]] = ..., events: _Optional[_Union[WindowEvents, _Mapping]] = ..., books: _Optional[_Iterable[_Union[Book, _Mapping]]] = ...) -> None: ...

class WindowEvents(_message.Message):
    __slots__ = ("kind", "ts_event", "side", "account", "counter_account", "order", "counter_order", "price", "size", "flags", "frame")
    KIND_FIELD_NUMBER: _ClassVar[int]
    TS_EVENT_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    COUNTER_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    COUNTER_ORDER_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    FLAGS_FIELD_NUMBER: _ClassVar[int]
    FRAME_FIELD_NUMBER: _ClassVar[int]
    kind: _containers.RepeatedScalarFieldContainer[_market_pb2.EventKind]
    ts_event: _containers.RepeatedScalarFieldContainer[int]
    side: _containers.RepeatedScalarFieldContainer[_market_pb2.Side]
    account: _containers.RepeatedScalarFieldContainer[int]
    counter_account: _containers.RepeatedScalarFieldContainer[int]
    order: _containers.RepeatedScalarFieldContainer[str]
    counter_order: _containers.RepeatedScalarFieldContainer[str]
    price: _containers.RepeatedScalarFieldContainer[int]
    size: _containers.RepeatedScalarFieldContainer[int]
    flags: _containers.RepeatedScalarFieldContainer[int]
    frame: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, kind: _Optional[_Iterable[_Union[_market_pb2.EventKind, str]]] = ..., ts_event: _Optional[_Iterable[int]] = ..., side: _Optional[_Iterable[_Union[_market_pb2.Side, str]]] = ..., account: _Optional[_Iterable[int]] = ..., counter_account: _Optional[_Iterable[int]] = ..., order: _Optional[_Iterable[str]] = ..., counter_order: _Optional[_Iterable[str]] = ..., price: _Optional[_Iterable[int]] = ..., size: _Optional[_Iterable[int]] = ..., flags: _Optional[_Iterable[int]] = ..., frame: _Optional[_Iterable[int]] = ...) -> None: ...

class ReDeriveRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ReDeriveResponse(_message.Message):
    __slots__ = ("outcome", "reason", "stored", "derived", "from_frame", "frame", "from_features")
    class Outcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        OUTCOME_UNSPECIFIED: _ClassVar[ReDeriveResponse.Outcome]
        OUTCOME_SAME: _ClassVar[ReDeriveResponse.Outcome]
        OUTCOME_DIFFERENT: _ClassVar[ReDeriveResponse.Outcome]
        OUTCOME_NOT_FOUND: _ClassVar[ReDeriveResponse.Outcome]
        OUTCOME_NOT_RE_DERIVABLE: _ClassVar[ReDeriveResponse.Outcome]
    OUTCOME_UNSPECIFIED: ReDeriveResponse.Outcome
    OUTCOME_SAME: ReDeriveResponse.Outcome
    OUTCOME_DIFFERENT: ReDeriveResponse.Outcome
    OUTCOME_NOT_FOUND: ReDeriveResponse.Outcome
    OUTCOME_NOT_RE_DERIVABLE: ReDeriveResponse.Outcome
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    STORED_FIELD_NUMBER: _ClassVar[int]
    DERIVED_FIELD_NUMBER: _ClassVar[int]
    FROM_FRAME_FIELD_NUMBER: _ClassVar[int]
    FRAME_FIELD_NUMBER: _ClassVar[int]
    FROM_FEATURES_FIELD_NUMBER: _ClassVar[int]
    outcome: ReDeriveResponse.Outcome
    reason: str
    stored: str
    derived: str
    from_frame: int
    frame: int
    from_features: bool
    def __init__(self, outcome: _Optional[_Union[ReDeriveResponse.Outcome, str]] = ..., reason: _Optional[str] = ..., stored: _Optional[str] = ..., derived: _Optional[str] = ..., from_frame: _Optional[int] = ..., frame: _Optional[int] = ..., from_features: _Optional[bool] = ...) -> None: ...

class ExplainSignalRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class Grounds(_message.Message):
    __slots__ = ("seen", "usual", "reasons", "against", "next", "alike", "contributions")
    SEEN_FIELD_NUMBER: _ClassVar[int]
    USUAL_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    AGAINST_FIELD_NUMBER: _ClassVar[int]
    NEXT_FIELD_NUMBER: _ClassVar[int]
    ALIKE_FIELD_NUMBER: _ClassVar[int]
    CONTRIBUTIONS_FIELD_NUMBER: _ClassVar[int]
    seen: str
    usual: str
    reasons: str
    against: str
    next: str
    alike: _containers.RepeatedCompositeFieldContainer[AlikeWindow]
    contributions: _containers.RepeatedCompositeFieldContainer[Contribution]
    def __init__(self, seen: _Optional[str] = ..., usual: _Optional[str] = ..., reasons: _Optional[str] = ..., against: _Optional[str] = ..., next: _Optional[str] = ..., alike: _Optional[_Iterable[_Union[AlikeWindow, _Mapping]]] = ..., contributions: _Optional[_Iterable[_Union[Contribution, _Mapping]]] = ...) -> None: ...

class Contribution(_message.Message):
    __slots__ = ("feature", "value", "median", "effect", "meaning", "words")
    FEATURE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    MEDIAN_FIELD_NUMBER: _ClassVar[int]
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    MEANING_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    feature: str
    value: float
    median: float
    effect: float
    meaning: str
    words: str
    def __init__(self, feature: _Optional[str] = ..., value: _Optional[float] = ..., median: _Optional[float] = ..., effect: _Optional[float] = ..., meaning: _Optional[str] = ..., words: _Optional[str] = ...) -> None: ...

class AlikeWindow(_message.Message):
    __slots__ = ("actor", "instrument", "start_ns", "end_ns", "distance", "differences")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    START_NS_FIELD_NUMBER: _ClassVar[int]
    END_NS_FIELD_NUMBER: _ClassVar[int]
    DISTANCE_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCES_FIELD_NUMBER: _ClassVar[int]
    actor: str
    instrument: str
    start_ns: int
    end_ns: int
    distance: float
    differences: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, actor: _Optional[str] = ..., instrument: _Optional[str] = ..., start_ns: _Optional[int] = ..., end_ns: _Optional[int] = ..., distance: _Optional[float] = ..., differences: _Optional[_Iterable[str]] = ...) -> None: ...

class ListDetectorsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListDetectorsResponse(_message.Message):
    __slots__ = ("detectors",)
    DETECTORS_FIELD_NUMBER: _ClassVar[int]
    detectors: _containers.RepeatedCompositeFieldContainer[Detector]
    def __init__(self, detectors: _Optional[_Iterable[_Union[Detector, _Mapping]]] = ...) -> None: ...

class Detector(_message.Message):
    __slots__ = ("id", "version", "title", "typology", "family", "severity", "summary")
    ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TYPOLOGY_FIELD_NUMBER: _ClassVar[int]
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    id: str
    version: int
    title: str
    typology: str
    family: str
    severity: str
    summary: str
    def __init__(self, id: _Optional[str] = ..., version: _Optional[int] = ..., title: _Optional[str] = ..., typology: _Optional[str] = ..., family: _Optional[str] = ..., severity: _Optional[str] = ..., summary: _Optional[str] = ...) -> None: ...

class ListInstrumentsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListInstrumentsResponse(_message.Message):
    __slots__ = ("instruments",)
    INSTRUMENTS_FIELD_NUMBER: _ClassVar[int]
    instruments: _containers.RepeatedCompositeFieldContainer[_market_pb2.Instrument]
    def __init__(self, instruments: _Optional[_Iterable[_Union[_market_pb2.Instrument, _Mapping]]] = ...) -> None: ...

class HealthRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class HealthResponse(_message.Message):
    __slots__ = ("at_ns", "events", "waiting", "last_frame", "durable_frame", "pending_bytes", "clock_ns", "instruments", "detectors", "sources", "unplaced", "models", "model_faults")
    AT_NS_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    LAST_FRAME_FIELD_NUMBER: _ClassVar[int]
    DURABLE_FRAME_FIELD_NUMBER: _ClassVar[int]
    PENDING_BYTES_FIELD_NUMBER: _ClassVar[int]
    CLOCK_NS_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENTS_FIELD_NUMBER: _ClassVar[int]
    DETECTORS_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    UNPLACED_FIELD_NUMBER: _ClassVar[int]
    MODELS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FAULTS_FIELD_NUMBER: _ClassVar[int]
    at_ns: int
    events: int
    waiting: int
    last_frame: int
    durable_frame: int
    pending_bytes: int
    clock_ns: int
    instruments: _containers.RepeatedCompositeFieldContainer[InstrumentHealth]
    detectors: _containers.RepeatedCompositeFieldContainer[DetectorHealth]
    sources: _containers.RepeatedCompositeFieldContainer[_ingest_pb2.Position]
    unplaced: _containers.RepeatedCompositeFieldContainer[_signals_pb2.QualityCount]
    models: _containers.RepeatedCompositeFieldContainer[ModelHealth]
    model_faults: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, at_ns: _Optional[int] = ..., events: _Optional[int] = ..., waiting: _Optional[int] = ..., last_frame: _Optional[int] = ..., durable_frame: _Optional[int] = ..., pending_bytes: _Optional[int] = ..., clock_ns: _Optional[int] = ..., instruments: _Optional[_Iterable[_Union[InstrumentHealth, _Mapping]]] = ..., detectors: _Optional[_Iterable[_Union[DetectorHealth, _Mapping]]] = ..., sources: _Optional[_Iterable[_Union[_ingest_pb2.Position, _Mapping]]] = ..., unplaced: _Optional[_Iterable[_Union[_signals_pb2.QualityCount, _Mapping]]] = ..., models: _Optional[_Iterable[_Union[ModelHealth, _Mapping]]] = ..., model_faults: _Optional[_Iterable[str]] = ...) -> None: ...

class ModelHealth(_message.Message):
    __slots__ = ("role", "model", "windows", "alerts", "expected_alerts", "shifted")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    WINDOWS_FIELD_NUMBER: _ClassVar[int]
    ALERTS_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_ALERTS_FIELD_NUMBER: _ClassVar[int]
    SHIFTED_FIELD_NUMBER: _ClassVar[int]
    role: str
    model: str
    windows: int
    alerts: int
    expected_alerts: float
    shifted: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, role: _Optional[str] = ..., model: _Optional[str] = ..., windows: _Optional[int] = ..., alerts: _Optional[int] = ..., expected_alerts: _Optional[float] = ..., shifted: _Optional[_Iterable[str]] = ...) -> None: ...

class InstrumentHealth(_message.Message):
    __slots__ = ("instrument", "quality", "blind_seconds", "blind")
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    BLIND_SECONDS_FIELD_NUMBER: _ClassVar[int]
    BLIND_FIELD_NUMBER: _ClassVar[int]
    instrument: str
    quality: _containers.RepeatedCompositeFieldContainer[_signals_pb2.QualityCount]
    blind_seconds: float
    blind: bool
    def __init__(self, instrument: _Optional[str] = ..., quality: _Optional[_Iterable[_Union[_signals_pb2.QualityCount, _Mapping]]] = ..., blind_seconds: _Optional[float] = ..., blind: _Optional[bool] = ...) -> None: ...

class DetectorHealth(_message.Message):
    __slots__ = ("detector", "signals", "held_back", "unready_on")
    DETECTOR_FIELD_NUMBER: _ClassVar[int]
    SIGNALS_FIELD_NUMBER: _ClassVar[int]
    HELD_BACK_FIELD_NUMBER: _ClassVar[int]
    UNREADY_ON_FIELD_NUMBER: _ClassVar[int]
    detector: str
    signals: int
    held_back: int
    unready_on: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, detector: _Optional[str] = ..., signals: _Optional[int] = ..., held_back: _Optional[int] = ..., unready_on: _Optional[_Iterable[str]] = ...) -> None: ...
