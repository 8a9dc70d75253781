from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListScenariosRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListScenariosResponse(_message.Message):
    __slots__ = ("scenarios",)
    SCENARIOS_FIELD_NUMBER: _ClassVar[int]
    scenarios: _containers.RepeatedCompositeFieldContainer[Scenario]
    def __init__(self, scenarios: _Optional[_Iterable[_Union[Scenario, _Mapping]]] = ...) -> None: ...

class Scenario(_message.Message):
    __slots__ = ("id", "title", "typologies", "twin_of", "expected_detectors", "roles", "instruments", "usual_length_ns", "knobs")
    ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TYPOLOGIES_FIELD_NUMBER: _ClassVar[int]
    TWIN_OF_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_DETECTORS_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENTS_FIELD_NUMBER: _ClassVar[int]
    USUAL_LENGTH_NS_FIELD_NUMBER: _ClassVar[int]
    KNOBS_FIELD_NUMBER: _ClassVar[int]
    id: str
    title: str
    typologies: _containers.RepeatedScalarFieldContainer[str]
    twin_of: str
    expected_detectors: _containers.RepeatedScalarFieldContainer[str]
    roles: _containers.RepeatedScalarFieldContainer[str]
    instruments: int
    usual_length_ns: int
    knobs: _containers.RepeatedCompositeFieldContainer[Knob]
    def __init__(self, id: _Optional[str] = ..., title: _Optional[str] = ..., typologies: _Optional[_Iterable[str]] = ..., twin_of: _Optional[str] = ..., expected_detectors: _Optional[_Iterable[str]] = ..., roles: _Optional[_Iterable[str]] = ..., instruments: _Optional[int] = ..., usual_length_ns: _Optional[int] = ..., knobs: _Optional[_Iterable[_Union[Knob, _Mapping]]] = ...) -> None: ...

class Knob(_message.Message):
    __slots__ = ("name", "faint", "brazen", "unit", "meaning")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FAINT_FIELD_NUMBER: _ClassVar[int]
    BRAZEN_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    MEANING_FIELD_NUMBER: _ClassVar[int]
    name: str
    faint: float
    brazen: float
    unit: str
    meaning: str
    def __init__(self, name: _Optional[str] = ..., faint: _Optional[float] = ..., brazen: _Optional[float] = ..., unit: _Optional[str] = ..., meaning: _Optional[str] = ...) -> None: ...

class Casting(_message.Message):
    __slots__ = ("scenario", "severity", "instrument", "seed", "after_ns", "duration_ns")
    SCENARIO_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    AFTER_NS_FIELD_NUMBER: _ClassVar[int]
    DURATION_NS_FIELD_NUMBER: _ClassVar[int]
    scenario: str
    severity: float
    instrument: str
    seed: int
    after_ns: int
    duration_ns: int
    def __init__(self, scenario: _Optional[str] = ..., severity: _Optional[float] = ..., instrument: _Optional[str] = ..., seed: _Optional[int] = ..., after_ns: _Optional[int] = ..., duration_ns: _Optional[int] = ...) -> None: ...

class StartRequest(_message.Message):
    __slots__ = ("seed", "instruments", "accounts", "rate", "minutes", "speed", "castings")
    SEED_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENTS_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    MINUTES_FIELD_NUMBER: _ClassVar[int]
    SPEED_FIELD_NUMBER: _ClassVar[int]
    CASTINGS_FIELD_NUMBER: _ClassVar[int]
    seed: int
    instruments: int
    accounts: int
    rate: float
    minutes: float
    speed: float
    castings: _containers.RepeatedCompositeFieldContainer[Casting]
    def __init__(self, seed: _Optional[int] = ..., instruments: _Optional[int] = ..., accounts: _Optional[int] = ..., rate: _Optional[float] = ..., minutes: _Optional[float] = ..., speed: _Optional[float] = ..., castings: _Optional[_Iterable[_Union[Casting, _Mapping]]] = ...) -> None: ...

class StopRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class InjectRequest(_message.Message):
    __slots__ = ("casting",)
    CASTING_FIELD_NUMBER: _ClassVar[int]
    casting: Casting
    def __init__(self, casting: _Optional[_Union[Casting, _Mapping]] = ...) -> None: ...

class ResetRequest(_message.Message):
    __slots__ = ("preview",)
    PREVIEW_FIELD_NUMBER: _ClassVar[int]
    preview: bool
    def __init__(self, preview: _Optional[bool] = ...) -> None: ...

class ResetResponse(_message.Message):
    __slots__ = ("cleared", "kept")
    CLEARED_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    cleared: _containers.RepeatedScalarFieldContainer[str]
    kept: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cleared: _Optional[_Iterable[str]] = ..., kept: _Optional[_Iterable[str]] = ...) -> None: ...

class GetStateRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SimulationState(_message.Message):
    __slots__ = ("phase", "run", "source", "request", "begin_ns", "now_ns", "end_ns", "events_sent", "events_durable", "events_per_second", "acknowledged_p50_s", "acknowledged_p99_s", "performances", "performances_over", "instruments", "failure")
    class Phase(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        PHASE_UNSPECIFIED: _ClassVar[SimulationState.Phase]
        PHASE_IDLE: _ClassVar[SimulationState.Phase]
        PHASE_RUNNING: _ClassVar[SimulationState.Phase]
        PHASE_ENDING: _ClassVar[SimulationState.Phase]
        PHASE_ENDED: _ClassVar[SimulationState.Phase]
        PHASE_FAILED: _ClassVar[SimulationState.Phase]
    PHASE_UNSPECIFIED: SimulationState.Phase
    PHASE_IDLE: SimulationState.Phase
    PHASE_RUNNING: SimulationState.Phase
    PHASE_ENDING: SimulationState.Phase
    PHASE_ENDED: SimulationState.Phase
    PHASE_FAILED: SimulationState.Phase
    PHASE_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_FIELD_NUMBER: _ClassVar[int]
    BEGIN_NS_FIELD_NUMBER: _ClassVar[int]
    NOW_NS_FIELD_NUMBER: _ClassVar[int]
    END_NS_FIELD_NUMBER: _ClassVar[int]
    EVENTS_SENT_FIELD_NUMBER: _ClassVar[int]
    EVENTS_DURABLE_FIELD_NUMBER: _ClassVar[int]
    EVENTS_PER_SECOND_FIELD_NUMBER: _ClassVar[int]
    ACKNOWLEDGED_P50_S_FIELD_NUMBER: _ClassVar[int]
    ACKNOWLEDGED_P99_S_FIELD_NUMBER: _ClassVar[int]
    PERFORMANCES_FIELD_NUMBER: _ClassVar[int]
    PERFORMANCES_OVER_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENTS_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    phase: SimulationState.Phase
    run: int
    source: str
    request: StartRequest
    begin_ns: int
    now_ns: int
    end_ns: int
    events_sent: int
    events_durable: int
    events_per_second: float
    acknowledged_p50_s: float
    acknowledged_p99_s: float
    performances: int
    performances_over: int
    instruments: _containers.RepeatedScalarFieldContainer[str]
    failure: str
    def __init__(self, phase: _Optional[_Union[SimulationState.Phase, str]] = ..., run: _Optional[int] = ..., source: _Optional[str] = ..., request: _Optional[_Union[StartRequest, _Mapping]] = ..., begin_ns: _Optional[int] = ..., now_ns: _Optional[int] = ..., end_ns: _Optional[int] = ..., events_sent: _Optional[int] = ..., events_durable: _Optional[int] = ..., events_per_second: _Optional[float] = ..., acknowledged_p50_s: _Optional[float] = ..., acknowledged_p99_s: _Optional[float] = ..., performances: _Optional[int] = ..., performances_over: _Optional[int] = ..., instruments: _Optional[_Iterable[str]] = ..., failure: _Optional[str] = ...) -> None: ...

class GetTruthRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetTruthResponse(_message.Message):
    __slots__ = ("run", "performances", "false_alarms")
    RUN_FIELD_NUMBER: _ClassVar[int]
    PERFORMANCES_FIELD_NUMBER: _ClassVar[int]
    FALSE_ALARMS_FIELD_NUMBER: _ClassVar[int]
    run: int
    performances: _containers.RepeatedCompositeFieldContainer[Performance]
    false_alarms: int
    def __init__(self, run: _Optional[int] = ..., performances: _Optional[_Iterable[_Union[Performance, _Mapping]]] = ..., false_alarms: _Optional[int] = ...) -> None: ...

class Performance(_message.Message):
    __slots__ = ("number", "casting", "result", "episode", "detected_after_s", "signals", "false_alarms")
    class Result(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        RESULT_UNSPECIFIED: _ClassVar[Performance.Result]
        RESULT_PENDING: _ClassVar[Performance.Result]
        RESULT_DETECTED: _ClassVar[Performance.Result]
        RESULT_MISSED: _ClassVar[Performance.Result]
        RESULT_IDLE: _ClassVar[Performance.Result]
        RESULT_LEFT_ALONE: _ClassVar[Performance.Result]
        RESULT_ACCUSED: _ClassVar[Performance.Result]
        RESULT_NOT_EVALUATED: _ClassVar[Performance.Result]
    RESULT_UNSPECIFIED: Performance.Result
    RESULT_PENDING: Performance.Result
    RESULT_DETECTED: Performance.Result
    RESULT_MISSED: Performance.Result
    RESULT_IDLE: Performance.Result
    RESULT_LEFT_ALONE: Performance.Result
    RESULT_ACCUSED: Performance.Result
    RESULT_NOT_EVALUATED: Performance.Result
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    CASTING_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    EPISODE_FIELD_NUMBER: _ClassVar[int]
    DETECTED_AFTER_S_FIELD_NUMBER: _ClassVar[int]
    SIGNALS_FIELD_NUMBER: _ClassVar[int]
    FALSE_ALARMS_FIELD_NUMBER: _ClassVar[int]
    number: int
    casting: Casting
    result: Performance.Result
    episode: Episode
    detected_after_s: float
    signals: _containers.RepeatedScalarFieldContainer[str]
    false_alarms: int
    def __init__(self, number: _Optional[int] = ..., casting: _Optional[_Union[Casting, _Mapping]] = ..., result: _Optional[_Union[Performance.Result, str]] = ..., episode: _Optional[_Union[Episode, _Mapping]] = ..., detected_after_s: _Optional[float] = ..., signals: _Optional[_Iterable[str]] = ..., false_alarms: _Optional[int] = ...) -> None: ...

class Episode(_message.Message):
    __slots__ = ("id", "scenario", "typologies", "severity", "seed", "venue", "instruments", "accounts", "start_ns", "first_harm_ns", "end_ns", "cycles", "orders", "trades", "expected_detectors", "benign_twin_of", "parameters")
    class ParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_FIELD_NUMBER: _ClassVar[int]
    TYPOLOGIES_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    VENUE_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENTS_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    START_NS_FIELD_NUMBER: _ClassVar[int]
    FIRST_HARM_NS_FIELD_NUMBER: _ClassVar[int]
    END_NS_FIELD_NUMBER: _ClassVar[int]
    CYCLES_FIELD_NUMBER: _ClassVar[int]
    ORDERS_FIELD_NUMBER: _ClassVar[int]
    TRADES_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_DETECTORS_FIELD_NUMBER: _ClassVar[int]
    BENIGN_TWIN_OF_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    id: str
    scenario: str
    typologies: _containers.RepeatedScalarFieldContainer[str]
    severity: float
    seed: int
    venue: str
    instruments: _containers.RepeatedScalarFieldContainer[str]
    accounts: _containers.RepeatedCompositeFieldContainer[Participant]
    start_ns: int
    first_harm_ns: int
    end_ns: int
    cycles: _containers.RepeatedCompositeFieldContainer[Cycle]
    orders: _containers.RepeatedCompositeFieldContainer[LabelledOrder]
    trades: _containers.RepeatedScalarFieldContainer[str]
    expected_detectors: _containers.RepeatedScalarFieldContainer[str]
    benign_twin_of: str
    parameters: _containers.ScalarMap[str, float]
    def __init__(self, id: _Optional[str] = ..., scenario: _Optional[str] = ..., typologies: _Optional[_Iterable[str]] = ..., severity: _Optional[float] = ..., seed: _Optional[int] = ..., venue: _Optional[str] = ..., instruments: _Optional[_Iterable[str]] = ..., accounts: _Optional[_Iterable[_Union[Participant, _Mapping]]] = ..., start_ns: _Optional[int] = ..., first_harm_ns: _Optional[int] = ..., end_ns: _Optional[int] = ..., cycles: _Optional[_Iterable[_Union[Cycle, _Mapping]]] = ..., orders: _Optional[_Iterable[_Union[LabelledOrder, _Mapping]]] = ..., trades: _Optional[_Iterable[str]] = ..., expected_detectors: _Optional[_Iterable[str]] = ..., benign_twin_of: _Optional[str] = ..., parameters: _Optional[_Mapping[str, float]] = ...) -> None: ...

class Participant(_message.Message):
    __slots__ = ("account", "role")
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    account: str
    role: str
    def __init__(self, account: _Optional[str] = ..., role: _Optional[str] = ...) -> None: ...

class Cycle(_message.Message):
    __slots__ = ("start_ns", "end_ns")
    START_NS_FIELD_NUMBER: _ClassVar[int]
    END_NS_FIELD_NUMBER: _ClassVar[int]
    start_ns: int
    end_ns: int
    def __init__(self, start_ns: _Optional[int] = ..., end_ns: _Optional[int] = ...) -> None: ...

class LabelledOrder(_message.Message):
    __slots__ = ("order", "role")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    order: str
    role: str
    def __init__(self, order: _Optional[str] = ..., role: _Optional[str] = ...) -> None: ...
