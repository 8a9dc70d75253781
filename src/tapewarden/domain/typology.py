"""Families of abuse under their textbook names."""

from enum import StrEnum


class Family(StrEnum):
    """Detectors of one family may claim the same episode. Market quality accuses nobody."""

    ORDER_BOOK = "order book"
    WASH = "wash"
    PRICE = "price"
    INFORMATION = "information"
    ACCOUNT = "account"
    ANOMALY = "anomaly"
    MARKET_QUALITY = "market quality"


class Typology(StrEnum):
    """A kind of abuse; its legal basis stands in one file per regime."""

    SPOOFING = "spoofing"
    LAYERING = "layering"
    PULLED_WALL = "pulled wall"
    QUOTE_STUFFING = "quote stuffing"
    NO_INTENT = "orders without intent to execute"
    SELF_MATCH = "self-match"
    SAME_OWNER = "wash trading"
    PREARRANGED = "pre-arranged trading"
    CIRCULAR = "circular trading"
    PUMP_AND_DUMP = "pump and dump"
    PRICE_MOVE = "sudden price or volume move"
    MOMENTUM_IGNITION = "momentum ignition"
    RAMPING = "ramping"
    MARKING_THE_CLOSE = "marking the close"
    FRONT_RUNNING = "front running"
    ANOMALY = "anomaly"


class Severity(StrEnum):
    """How grave the suspicion is if true."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """How grave it is beside the others, from 0 for the least."""
        return list(Severity).index(self)
