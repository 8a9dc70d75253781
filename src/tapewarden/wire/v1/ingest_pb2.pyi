from tapewarden.wire.v1 import market_pb2 as _market_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Position(_message.Message):
    __slots__ = ("source", "epoch", "sequence")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    source: str
    epoch: int
    sequence: int
    def __init__(self, source: _Optional[str] = ..., epoch: _Optional[int] = ..., sequence: _Optional[int] = ...) -> None: ...

class EventBatch(_message.Message):
    __slots__ = ("position", "instruments", "accounts", "feeds", "names", "events", "columns")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENTS_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    FEEDS_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    position: Position
    instruments: _containers.RepeatedCompositeFieldContainer[InstrumentDefinition]
    accounts: _containers.RepeatedCompositeFieldContainer[AccountDefinition]
    feeds: _containers.RepeatedCompositeFieldContainer[FeedDefinition]
    names: _containers.RepeatedCompositeFieldContainer[OrderName]
    events: _containers.RepeatedCompositeFieldContainer[_market_pb2.Event]
    columns: _market_pb2.Columns
    def __init__(self, position: _Optional[_Union[Position, _Mapping]] = ..., instruments: _Optional[_Iterable[_Union[InstrumentDefinition, _Mapping]]] = ..., accounts: _Optional[_Iterable[_Union[AccountDefinition, _Mapping]]] = ..., feeds: _Optional[_Iterable[_Union[FeedDefinition, _Mapping]]] = ..., names: _Optional[_Iterable[_Union[OrderName, _Mapping]]] = ..., events: _Optional[_Iterable[_Union[_market_pb2.Event, _Mapping]]] = ..., columns: _Optional[_Union[_market_pb2.Columns, _Mapping]] = ...) -> None: ...

class InstrumentDefinition(_message.Message):
    __slots__ = ("number", "instrument")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    number: int
    instrument: _market_pb2.Instrument
    def __init__(self, number: _Optional[int] = ..., instrument: _Optional[_Union[_market_pb2.Instrument, _Mapping]] = ...) -> None: ...

class AccountDefinition(_message.Message):
    __slots__ = ("number", "account")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    number: int
    account: _market_pb2.Account
    def __init__(self, number: _Optional[int] = ..., account: _Optional[_Union[_market_pb2.Account, _Mapping]] = ...) -> None: ...

class FeedDefinition(_message.Message):
    __slots__ = ("number", "name")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    number: int
    name: str
    def __init__(self, number: _Optional[int] = ..., name: _Optional[str] = ...) -> None: ...

class OrderName(_message.Message):
    __slots__ = ("id", "name")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    id: int
    name: str
    def __init__(self, id: _Optional[int] = ..., name: _Optional[str] = ...) -> None: ...

class Ack(_message.Message):
    __slots__ = ("position", "rejects")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REJECTS_FIELD_NUMBER: _ClassVar[int]
    position: Position
    rejects: _containers.RepeatedCompositeFieldContainer[Reject]
    def __init__(self, position: _Optional[_Union[Position, _Mapping]] = ..., rejects: _Optional[_Iterable[_Union[Reject, _Mapping]]] = ...) -> None: ...

class Reject(_message.Message):
    __slots__ = ("sequence", "field", "expected", "received")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    field: str
    expected: str
    received: str
    def __init__(self, sequence: _Optional[int] = ..., field: _Optional[str] = ..., expected: _Optional[str] = ..., received: _Optional[str] = ...) -> None: ...

class ResumeRequest(_message.Message):
    __slots__ = ("source",)
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    source: str
    def __init__(self, source: _Optional[str] = ...) -> None: ...

class ResumeResponse(_message.Message):
    __slots__ = ("position",)
    POSITION_FIELD_NUMBER: _ClassVar[int]
    position: Position
    def __init__(self, position: _Optional[_Union[Position, _Mapping]] = ...) -> None: ...

class RegisterRequest(_message.Message):
    __slots__ = ("instruments", "accounts", "owners", "links")
    INSTRUMENTS_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    OWNERS_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    instruments: _containers.RepeatedCompositeFieldContainer[_market_pb2.Instrument]
    accounts: _containers.RepeatedCompositeFieldContainer[_market_pb2.Account]
    owners: _containers.RepeatedCompositeFieldContainer[_market_pb2.Owner]
    links: _containers.RepeatedCompositeFieldContainer[_market_pb2.Link]
    def __init__(self, instruments: _Optional[_Iterable[_Union[_market_pb2.Instrument, _Mapping]]] = ..., accounts: _Optional[_Iterable[_Union[_market_pb2.Account, _Mapping]]] = ..., owners: _Optional[_Iterable[_Union[_market_pb2.Owner, _Mapping]]] = ..., links: _Optional[_Iterable[_Union[_market_pb2.Link, _Mapping]]] = ...) -> None: ...

class RegisterResponse(_message.Message):
    __slots__ = ("rejects",)
    REJECTS_FIELD_NUMBER: _ClassVar[int]
    rejects: _containers.RepeatedCompositeFieldContainer[RegistrationReject]
    def __init__(self, rejects: _Optional[_Iterable[_Union[RegistrationReject, _Mapping]]] = ...) -> None: ...

class RegistrationReject(_message.Message):
    __slots__ = ("item", "field", "expected", "received")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_FIELD_NUMBER: _ClassVar[int]
    item: str
    field: str
    expected: str
    received: str
    def __init__(self, item: _Optional[str] = ..., field: _Optional[str] = ..., expected: _Optional[str] = ..., received: _Optional[str] = ...) -> None: ...
