from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class EventKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EVENT_KIND_UNSPECIFIED: _ClassVar[EventKind]
    EVENT_KIND_PLACE: _ClassVar[EventKind]
    EVENT_KIND_AMEND: _ClassVar[EventKind]
    EVENT_KIND_CANCEL: _ClassVar[EventKind]
    EVENT_KIND_REJECT: _ClassVar[EventKind]
    EVENT_KIND_EXPIRE: _ClassVar[EventKind]
    EVENT_KIND_TRADE: _ClassVar[EventKind]
    EVENT_KIND_LEVEL: _ClassVar[EventKind]
    EVENT_KIND_CLEAR: _ClassVar[EventKind]
    EVENT_KIND_CLIENT_ORDER: _ClassVar[EventKind]
    EVENT_KIND_LINK: _ClassVar[EventKind]
    EVENT_KIND_WINDOW: _ClassVar[EventKind]
    EVENT_KIND_REFERENCE: _ClassVar[EventKind]
    EVENT_KIND_SWAP: _ClassVar[EventKind]
    EVENT_KIND_TRANSFER: _ClassVar[EventKind]
    EVENT_KIND_CLOCK: _ClassVar[EventKind]
    EVENT_KIND_QUALITY: _ClassVar[EventKind]

class Side(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SIDE_UNSPECIFIED: _ClassVar[Side]
    SIDE_BUY: _ClassVar[Side]
    SIDE_SELL: _ClassVar[Side]

class Initiator(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INITIATOR_UNSPECIFIED: _ClassVar[Initiator]
    INITIATOR_MEMBER: _ClassVar[Initiator]
    INITIATOR_VENUE: _ClassVar[Initiator]
    INITIATOR_SYSTEM: _ClassVar[Initiator]

class EndReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    END_REASON_UNSPECIFIED: _ClassVar[EndReason]
    END_REASON_USER: _ClassVar[EndReason]
    END_REASON_MASS_CANCEL: _ClassVar[EndReason]
    END_REASON_DISCONNECT: _ClassVar[EndReason]
    END_REASON_SELF_TRADE_PREVENTION: _ClassVar[EndReason]
    END_REASON_EXPIRY: _ClassVar[EndReason]
    END_REASON_VENUE: _ClassVar[EndReason]
    END_REASON_LIQUIDATION: _ClassVar[EndReason]
    END_REASON_POST_ONLY: _ClassVar[EndReason]
    END_REASON_FILLED: _ClassVar[EndReason]

class ClientStage(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CLIENT_STAGE_UNSPECIFIED: _ClassVar[ClientStage]
    CLIENT_STAGE_RECEIVED: _ClassVar[ClientStage]
    CLIENT_STAGE_ROUTED: _ClassVar[ClientStage]
    CLIENT_STAGE_COMPLETED: _ClassVar[ClientStage]

class LinkKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LINK_KIND_UNSPECIFIED: _ClassVar[LinkKind]
    LINK_KIND_SAME_OWNER: _ClassVar[LinkKind]
    LINK_KIND_HOUSE: _ClassVar[LinkKind]
    LINK_KIND_EMPLOYEE: _ClassVar[LinkKind]
    LINK_KIND_DEVICE: _ClassVar[LinkKind]
    LINK_KIND_INFORMATION: _ClassVar[LinkKind]

class WindowKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WINDOW_KIND_UNSPECIFIED: _ClassVar[WindowKind]
    WINDOW_KIND_CLOSE: _ClassVar[WindowKind]
    WINDOW_KIND_INDEX: _ClassVar[WindowKind]
    WINDOW_KIND_FUNDING: _ClassVar[WindowKind]
    WINDOW_KIND_SETTLEMENT: _ClassVar[WindowKind]
    WINDOW_KIND_AUCTION: _ClassVar[WindowKind]
    WINDOW_KIND_HALT: _ClassVar[WindowKind]
    WINDOW_KIND_MARKET_MAKER: _ClassVar[WindowKind]

class ReferenceKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REFERENCE_KIND_UNSPECIFIED: _ClassVar[ReferenceKind]
    REFERENCE_KIND_INDEX: _ClassVar[ReferenceKind]
    REFERENCE_KIND_MARK: _ClassVar[ReferenceKind]
    REFERENCE_KIND_FUNDING: _ClassVar[ReferenceKind]
    REFERENCE_KIND_OPEN_INTEREST: _ClassVar[ReferenceKind]
    REFERENCE_KIND_POSITION: _ClassVar[ReferenceKind]
    REFERENCE_KIND_BEST_BID: _ClassVar[ReferenceKind]
    REFERENCE_KIND_BEST_ASK: _ClassVar[ReferenceKind]

class QualityKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    QUALITY_KIND_UNSPECIFIED: _ClassVar[QualityKind]
    QUALITY_KIND_GAP: _ClassVar[QualityKind]
    QUALITY_KIND_RESYNC: _ClassVar[QualityKind]
    QUALITY_KIND_DISCONNECT: _ClassVar[QualityKind]
    QUALITY_KIND_CONNECT: _ClassVar[QualityKind]
    QUALITY_KIND_SEQUENCE_RESET: _ClassVar[QualityKind]
    QUALITY_KIND_DUPLICATE: _ClassVar[QualityKind]
    QUALITY_KIND_LATE: _ClassVar[QualityKind]
    QUALITY_KIND_CLOCK_SKEW: _ClassVar[QualityKind]
    QUALITY_KIND_SCHEMA: _ClassVar[QualityKind]
    QUALITY_KIND_CHECKSUM: _ClassVar[QualityKind]
    QUALITY_KIND_DROPPED: _ClassVar[QualityKind]
    QUALITY_KIND_UNKNOWN_ORDER: _ClassVar[QualityKind]
    QUALITY_KIND_OVERFILL: _ClassVar[QualityKind]
    QUALITY_KIND_CROSSED: _ClassVar[QualityKind]
    QUALITY_KIND_OUT_OF_RANGE: _ClassVar[QualityKind]
    QUALITY_KIND_OVERFLOW: _ClassVar[QualityKind]
    QUALITY_KIND_UNKNOWN_INSTRUMENT: _ClassVar[QualityKind]
    QUALITY_KIND_BLIND_MINUTE: _ClassVar[QualityKind]

class Flag(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FLAG_NONE: _ClassVar[Flag]
    FLAG_POST_ONLY: _ClassVar[Flag]
    FLAG_HIDDEN: _ClassVar[Flag]
    FLAG_IMMEDIATE: _ClassVar[Flag]
    FLAG_MARKET: _ClassVar[Flag]
    FLAG_SNAPSHOT: _ClassVar[Flag]
    FLAG_POSSIBLE_DUPLICATE: _ClassVar[Flag]
    FLAG_SIMULATED: _ClassVar[Flag]
    FLAG_REPORT_ONLY: _ClassVar[Flag]
    FLAG_LIQUIDATION: _ClassVar[Flag]
    FLAG_OFF_BOOK: _ClassVar[Flag]
    FLAG_REDUCE_ONLY: _ClassVar[Flag]
EVENT_KIND_UNSPECIFIED: EventKind
EVENT_KIND_PLACE: EventKind
EVENT_KIND_AMEND: EventKind
EVENT_KIND_CANCEL: EventKind
EVENT_KIND_REJECT: EventKind
EVENT_KIND_EXPIRE: EventKind
EVENT_KIND_TRADE: EventKind
EVENT_KIND_LEVEL: EventKind
EVENT_KIND_CLEAR: EventKind
EVENT_KIND_CLIENT_ORDER: EventKind
EVENT_KIND_LINK: EventKind
EVENT_KIND_WINDOW: EventKind
EVENT_KIND_REFERENCE: EventKind
EVENT_KIND_SWAP: EventKind
EVENT_KIND_TRANSFER: EventKind
EVENT_KIND_CLOCK: EventKind
EVENT_KIND_QUALITY: EventKind
SIDE_UNSPECIFIED: Side
SIDE_BUY: Side
SIDE_SELL: Side
INITIATOR_UNSPECIFIED: Initiator
INITIATOR_MEMBER: Initiator
INITIATOR_VENUE: Initiator
INITIATOR_SYSTEM: Initiator
END_REASON_UNSPECIFIED: EndReason
END_REASON_USER: EndReason
END_REASON_MASS_CANCEL: EndReason
END_REASON_DISCONNECT: EndReason
END_REASON_SELF_TRADE_PREVENTION: EndReason
END_REASON_EXPIRY: EndReason
END_REASON_VENUE: EndReason
END_REASON_LIQUIDATION: EndReason
END_REASON_POST_ONLY: EndReason
END_REASON_FILLED: EndReason
CLIENT_STAGE_UNSPECIFIED: ClientStage
CLIENT_STAGE_RECEIVED: ClientStage
CLIENT_STAGE_ROUTED: ClientStage
CLIENT_STAGE_COMPLETED: ClientStage
LINK_KIND_UNSPECIFIED: LinkKind
LINK_KIND_SAME_OWNER: LinkKind
LINK_KIND_HOUSE: LinkKind
LINK_KIND_EMPLOYEE: LinkKind
LINK_KIND_DEVICE: LinkKind
LINK_KIND_INFORMATION: LinkKind
WINDOW_KIND_UNSPECIFIED: WindowKind
WINDOW_KIND_CLOSE: WindowKind
WINDOW_KIND_INDEX: WindowKind
WINDOW_KIND_FUNDING: WindowKind
WINDOW_KIND_SETTLEMENT: WindowKind
WINDOW_KIND_AUCTION: WindowKind
WINDOW_KIND_HALT: WindowKind
WINDOW_KIND_MARKET_MAKER: WindowKind
REFERENCE_KIND_UNSPECIFIED: ReferenceKind
REFERENCE_KIND_INDEX: ReferenceKind
REFERENCE_KIND_MARK: ReferenceKind
REFERENCE_KIND_FUNDING: ReferenceKind
REFERENCE_KIND_OPEN_INTEREST: ReferenceKind
REFERENCE_KIND_POSITION: ReferenceKind
REFERENCE_KIND_BEST_BID: ReferenceKind
REFERENCE_KIND_BEST_ASK: ReferenceKind
QUALITY_KIND_UNSPECIFIED: QualityKind
QUALITY_KIND_GAP: QualityKind
QUALITY_KIND_RESYNC: QualityKind
QUALITY_KIND_DISCONNECT: QualityKind
QUALITY_KIND_CONNECT: QualityKind
QUALITY_KIND_SEQUENCE_RESET: QualityKind
QUALITY_KIND_DUPLICATE: QualityKind
QUALITY_KIND_LATE: QualityKind
QUALITY_KIND_CLOCK_SKEW: QualityKind
QUALITY_KIND_SCHEMA: QualityKind
QUALITY_KIND_CHECKSUM: QualityKind
QUALITY_KIND_DROPPED: QualityKind
QUALITY_KIND_UNKNOWN_ORDER: QualityKind
QUALITY_KIND_OVERFILL: QualityKind
QUALITY_KIND_CROSSED: QualityKind
QUALITY_KIND_OUT_OF_RANGE: QualityKind
QUALITY_KIND_OVERFLOW: QualityKind
QUALITY_KIND_UNKNOWN_INSTRUMENT: QualityKind
QUALITY_KIND_BLIND_MINUTE: QualityKind
FLAG_NONE: Flag
FLAG_POST_ONLY: Flag
FLAG_HIDDEN: Flag
FLAG_IMMEDIATE: Flag
FLAG_MARKET: Flag
FLAG_SNAPSHOT: Flag
FLAG_POSSIBLE_DUPLICATE: Flag
FLAG_SIMULATED: Flag
FLAG_REPORT_ONLY: Flag
FLAG_LIQUIDATION: Flag
FLAG_OFF_BOOK: Flag
FLAG_REDUCE_ONLY: Flag

class Event(_message.Message):
    __slots__ = ("kind", "instrument", "side", "price", "size", "ts_event", "ts_receive", "sequence", "order", "account", "flags", "reason", "initiator", "counter_order", "trade", "counter_account", "feed", "epoch", "order_name", "counter_order_name", "trade_name")
    KIND_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    TS_EVENT_FIELD_NUMBER: _ClassVar[int]
    TS_RECEIVE_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    FLAGS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    INITIATOR_FIELD_NUMBER: _ClassVar[int]
    COUNTER_ORDER_FIELD_NUMBER: _ClassVar[int]
    TRADE_FIELD_NUMBER: _ClassVar[int]
    COUNTER_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    FEED_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    ORDER_NAME_FIELD_NUMBER: _ClassVar[int]
    COUNTER_ORDER_NAME_FIELD_NUMBER: _ClassVar[int]
    TRADE_NAME_FIELD_NUMBER: _ClassVar[int]
    kind: EventKind
    instrument: int
    side: Side
    price: int
    size: int
    ts_event: int
    ts_receive: int
    sequence: int
    order: int
    account: int
    flags: int
    reason: int
    initiator: Initiator
    counter_order: int
    trade: int
    counter_account: int
    feed: int
    epoch: int
    order_name: str
    counter_order_name: str
    trade_name: str
    def __init__(self, kind: _Optional[_Union[EventKind, str]] = ..., instrument: _Optional[int] = ..., side: _Optional[_Union[Side, str]] = ..., price: _Optional[int] = ..., size: _Optional[int] = ..., ts_event: _Optional[int] = ..., ts_receive: _Optional[int] = ..., sequence: _Optional[int] = ..., order: _Optional[int] = ..., account: _Optional[int] = ..., flags: _Optional[int] = ..., reason: _Optional[int] = ..., initiator: _Optional[_Union[Initiator, str]] = ..., counter_order: _Optional[int] = ..., trade: _Optional[int] = ..., counter_account: _Optional[int] = ..., feed: _Optional[int] = ..., epoch: _Optional[int] = ..., order_name: _Optional[str] = ..., counter_order_name: _Optional[str] = ..., trade_name: _Optional[str] = ...) -> None: ...

class Columns(_message.Message):
    __slots__ = ("kind", "reason", "initiator", "side", "flags", "epoch", "feed", "instrument", "account", "counter_account", "order", "counter_order", "trade", "price", "size", "ts_event", "ts_receive", "sequence", "widths", "bases")
    KIND_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    INITIATOR_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    FLAGS_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    FEED_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    COUNTER_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    COUNTER_ORDER_FIELD_NUMBER: _ClassVar[int]
    TRADE_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    TS_EVENT_FIELD_NUMBER: _ClassVar[int]
    TS_RECEIVE_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    WIDTHS_FIELD_NUMBER: _ClassVar[int]
    BASES_FIELD_NUMBER: _ClassVar[int]
    kind: bytes
    reason: bytes
    initiator: bytes
    side: bytes
    flags: bytes
    epoch: bytes
    feed: bytes
    instrument: bytes
    account: bytes
    counter_account: bytes
    order: bytes
    counter_order: bytes
    trade: bytes
    price: bytes
    size: bytes
    ts_event: bytes
    ts_receive: bytes
    sequence: bytes
    widths: bytes
    bases: bytes
    def __init__(self, kind: _Optional[bytes] = ..., reason: _Optional[bytes] = ..., initiator: _Optional[bytes] = ..., side: _Optional[bytes] = ..., flags: _Optional[bytes] = ..., epoch: _Optional[bytes] = ..., feed: _Optional[bytes] = ..., instrument: _Optional[bytes] = ..., account: _Optional[bytes] = ..., counter_account: _Optional[bytes] = ..., order: _Optional[bytes] = ..., counter_order: _Optional[bytes] = ..., trade: _Optional[bytes] = ..., price: _Optional[bytes] = ..., size: _Optional[bytes] = ..., ts_event: _Optional[bytes] = ..., ts_receive: _Optional[bytes] = ..., sequence: _Optional[bytes] = ..., widths: _Optional[bytes] = ..., bases: _Optional[bytes] = ...) -> None: ...

class Instrument(_message.Message):
    __slots__ = ("symbol", "venue", "price_exponent", "size_exponent", "tick", "lot", "version")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    VENUE_FIELD_NUMBER: _ClassVar[int]
    PRICE_EXPONENT_FIELD_NUMBER: _ClassVar[int]
    SIZE_EXPONENT_FIELD_NUMBER: _ClassVar[int]
    TICK_FIELD_NUMBER: _ClassVar[int]
    LOT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    venue: str
    price_exponent: int
    size_exponent: int
    tick: int
    lot: int
    version: int
    def __init__(self, symbol: _Optional[str] = ..., venue: _Optional[str] = ..., price_exponent: _Optional[int] = ..., size_exponent: _Optional[int] = ..., tick: _Optional[int] = ..., lot: _Optional[int] = ..., version: _Optional[int] = ...) -> None: ...

class Account(_message.Message):
    __slots__ = ("name", "owner")
    NAME_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    name: str
    owner: str
    def __init__(self, name: _Optional[str] = ..., owner: _Optional[str] = ...) -> None: ...

class Owner(_message.Message):
    __slots__ = ("name", "accounts")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    name: str
    accounts: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., accounts: _Optional[_Iterable[str]] = ...) -> None: ...

class Link(_message.Message):
    __slots__ = ("account", "counter_account", "kind", "confidence_millionths", "since_ns")
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    COUNTER_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_MILLIONTHS_FIELD_NUMBER: _ClassVar[int]
    SINCE_NS_FIELD_NUMBER: _ClassVar[int]
    account: str
    counter_account: str
    kind: LinkKind
    confidence_millionths: int
    since_ns: int
    def __init__(self, account: _Optional[str] = ..., counter_account: _Optional[str] = ..., kind: _Optional[_Union[LinkKind, str]] = ..., confidence_millionths: _Optional[int] = ..., since_ns: _Optional[int] = ...) -> None: ...
