"""Codes of the event columns. Numbers are part of the tape format: append, never renumber."""

from enum import IntEnum, IntFlag

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class EventKind(IntEnum):
    """What a row of an ``EventBatch`` says happened."""

    PLACE = 1  # an order is accepted
    AMEND = 2  # `size` = new remaining size, `price` = new price
    CANCEL = 3  # `size` = size removed; unknown size removes all that remains
    REJECT = 4
    EXPIRE = 5
    TRADE = 6  # `account`/`order` = aggressor, `counter_*` = resting; aggressor unknown: buyer, seller
    LEVEL = 7  # `size` = new total size at `price`, 0 removes the level
    CLEAR = 8  # the book of the instrument starts anew
    CLIENT_ORDER = 9  # a client's order was received or routed, see ClientStage
    LINK = 10  # two accounts belong together, see LinkKind; `size` = confidence in millionths
    WINDOW = 11  # a reference window, role or halt from `ts_event` on, for `size` nanoseconds, see WindowKind
    REFERENCE = 12  # index, mark, funding, position, see ReferenceKind
    SWAP = 13
    TRANSFER = 14
    CLOCK = 15  # the time of a source has advanced
    QUALITY = 16  # a fact about the data, see QualityKind


class Side(IntEnum):
    """Which way; of a trade, the aggressor's."""

    SELL = -1
    UNKNOWN = 0
    BUY = 1


class Initiator(IntEnum):
    """Who ended or changed an order. Only a member's acts count in any cancel ratio."""

    UNKNOWN = 0
    MEMBER = 1
    VENUE = 2
    SYSTEM = 3


class EndReason(IntEnum):
    """Why an order was amended or ended (column `reason` of AMEND, CANCEL, REJECT, EXPIRE)."""

    UNKNOWN = 0
    USER = 1
    MASS_CANCEL = 2
    DISCONNECT = 3
    SELF_TRADE_PREVENTION = 4
    EXPIRY = 5
    VENUE = 6
    LIQUIDATION = 7
    POST_ONLY = 8
    FILLED = 9  # feeds that report a fill as a change of the order; the trade itself is REPORT_ONLY


class ClientStage(IntEnum):
    """Column `reason` of CLIENT_ORDER."""

    UNKNOWN = 0
    RECEIVED = 1
    ROUTED = 2
    COMPLETED = 3


class LinkKind(IntEnum):
    """Column `reason` of LINK: what joins `account` and `counter_account`."""

    UNKNOWN = 0
    SAME_OWNER = 1
    HOUSE = 2  # `account` trades for the firm itself, which sees all clients' orders, or `counter_account`'s
    EMPLOYEE = 3  # the same of somebody who works there
    DEVICE = 4
    INFORMATION = 5  # `account` can see the orders of `counter_account`


class WindowKind(IntEnum):
    """Column `reason` of WINDOW."""

    UNKNOWN = 0
    CLOSE = 1
    INDEX = 2
    FUNDING = 3
    SETTLEMENT = 4
    AUCTION = 5
    HALT = 6
    MARKET_MAKER = 7  # a role of `account`, not a time of day


class ReferenceKind(IntEnum):
    """Column `reason` of REFERENCE; `price` carries prices, `size` carries positions and interest."""

    UNKNOWN = 0
    INDEX = 1
    MARK = 2
    FUNDING = 3
    OPEN_INTEREST = 4
    POSITION = 5  # what `account` holds: `size`, long (side BUY) or short (side SELL)
    BEST_BID = 6  # what the venue says its touch is: a check on the book, not a change of it
    BEST_ASK = 7


class QualityKind(IntEnum):
    """Facts about the data (column `reason` of QUALITY, and the engine's own findings)."""

    UNKNOWN = 0
    GAP = 1
    RESYNC = 2
    DISCONNECT = 3
    CONNECT = 4
    SEQUENCE_RESET = 5
    DUPLICATE = 6
    LATE = 7
    CLOCK_SKEW = 8
    SCHEMA = 9
    CHECKSUM = 10
    DROPPED = 11
    UNKNOWN_ORDER = 12
    OVERFILL = 13  # more was filled or canceled than remained
    CROSSED = 14  # best bid at or above best ask for longer than a moment
    OUT_OF_RANGE = 15  # a price or size beyond the bounds, or missing where it is needed
    OVERFLOW = 16  # a level or volume would exceed 64 bits
    UNKNOWN_INSTRUMENT = 17
    BLIND_MINUTE = 18


class Flag(IntFlag):
    """Bits of the column `flags`."""

    NONE = 0
    POST_ONLY = 1
    HIDDEN = 2
    IMMEDIATE = 4  # IOC or FOK: never rests
    MARKET = 8
    SNAPSHOT = 16  # restates what already was: never a fresh order
    POSSIBLE_DUPLICATE = 32
    SIMULATED = 64
    REPORT_ONLY = 128  # a trade that does not change the book: other rows do
    LIQUIDATION = 256
    OFF_BOOK = 512  # block, RFQ, OTC: priced away from the book
    REDUCE_ONLY = 1024


class Tier(IntEnum):
    """How much a tape shows; a detector declares the least it needs."""

    T0 = 0  # public trades
    T1 = 1  # + level depth
    T2 = 2  # order by order, without accounts
    T3 = 3  # venue orders with accounts
    T4 = 4  # + ownership and device links
    T5 = 5  # chain
    T6 = 6  # derivatives state
    T7 = 7  # text and event calendars
