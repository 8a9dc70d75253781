"""Messages of Binance's market streams, as recorded one a line: receive time in nanoseconds, then JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Final

import msgspec

from tapewarden.adapters.files.rejects import RowError

Natural = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
Milliseconds = Annotated[int, msgspec.Meta(ge=0, le=((1 << 63) - 1) // 1_000_000)]
"""Since 1970, such that their nanoseconds fit 64 bits."""

Levels = list[tuple[str, str]]
"""Prices and sizes as the venue prints them."""


class Depth(msgspec.Struct):
    """Changes of the book. Updates of futures name the one before, those of spot count on without holes."""

    symbol: str = msgspec.field(name="s")
    event_time: Milliseconds = msgspec.field(name="E")
    first: Natural = msgspec.field(name="U")
    last: Natural = msgspec.field(name="u")
    bids: Levels = msgspec.field(name="b")
    asks: Levels = msgspec.field(name="a")
    previous: Natural | None = msgspec.field(name="pu", default=None)
    match_time: Milliseconds | None = msgspec.field(name="T", default=None)

    @property
    def time(self) -> int | None:
        """Milliseconds of the exchange's clock, of the matching engine where it is told."""
        return self.event_time if self.match_time is None else self.match_time

    @property
    def continues(self) -> int:
        """The update this one follows on."""
        return self.first - 1 if self.previous is None else self.previous

    @property
    def spot(self) -> bool:
        """Whether this comes from the spot market."""
        return self.previous is None

    def decimals(self) -> Iterator[tuple[str, str]]:
        """All prices and sizes."""
        yield from self.bids
        yield from self.asks


class Ticker(msgspec.Struct):
    """The best bid and ask after the update of this number."""

    symbol: str = msgspec.field(name="s")
    update: Natural = msgspec.field(name="u")
    bid: str = msgspec.field(name="b")
    bid_size: str = msgspec.field(name="B")
    ask: str = msgspec.field(name="a")
    ask_size: str = msgspec.field(name="A")
    time: Milliseconds | None = msgspec.field(name="T", default=None)

    @property
    def spot(self) -> bool:
        """Whether this comes from the spot market, which stamps no time on it."""
        return self.time is None

    def decimals(self) -> Iterator[tuple[str, str]]:
        """All prices and sizes."""
        yield self.bid, self.bid_size
        yield self.ask, self.ask_size


class Trade(msgspec.Struct):
    """A trade; ``order_type`` tells futures trades outside the book, ``ignored`` is on spot only."""

    symbol: str = msgspec.field(name="s")
    number: Natural = msgspec.field(name="t")
    price: str = msgspec.field(name="p")
    size: str = msgspec.field(name="q")
    time: Milliseconds | None = msgspec.field(name="T")
    buyer_is_maker: bool = msgspec.field(name="m")
    order_type: str = msgspec.field(name="X", default="MARKET")
    ignored: bool | None = msgspec.field(name="M", default=None)

    @property
    def spot(self) -> bool:
        """Whether this comes from the spot market."""
        return self.ignored is not None

    def decimals(self) -> Iterator[tuple[str, str]]:
        """The price and the size."""
        yield self.price, self.size


class Snapshot(msgspec.Struct):
    """The whole book, or its best levels, as the REST interface gave it; spot names no symbol."""

    update: Natural = msgspec.field(name="lastUpdateId")
    bids: Levels
    asks: Levels
    symbol: str | None = None
    time: Milliseconds | None = msgspec.field(name="T", default=None)

    def decimals(self) -> Iterator[tuple[str, str]]:
        """All prices and sizes."""
        yield from self.bids
        yield from self.asks


Message = Depth | Ticker | Trade | Snapshot


class _Envelope(msgspec.Struct):
    stream: str = ""
    data: msgspec.Raw = msgspec.Raw()


_ENVELOPE: Final = msgspec.json.Decoder(_Envelope)
_SNAPSHOT: Final = msgspec.json.Decoder(Snapshot)
_STREAMS: Final[dict[str, msgspec.json.Decoder[Any]]] = {
    "depth": msgspec.json.Decoder(Depth),
    "bookTicker": msgspec.json.Decoder(Ticker),
    "trade": msgspec.json.Decoder(Trade),
}


def parse(line: bytes) -> tuple[int, Message]:
    """Receive time and message of a line; ``RowError`` for anything else."""
    stamp, _, payload = line.partition(b" ")
    if not (stamp.isdigit() and len(stamp) == 19 and stamp < b"9223372036854775807"):
        raise RowError("time", "nanoseconds since 1970", stamp.decode(errors="replace"))
    try:
        envelope = _ENVELOPE.decode(payload)
        if not envelope.stream:
            return int(stamp), _SNAPSHOT.decode(payload)
        channel = envelope.stream.partition("@")[2].partition("@")[0]
        if channel not in _STREAMS:
            raise RowError("stream", f"a stream of {', '.join(_STREAMS)}", envelope.stream)
        return int(stamp), _STREAMS[channel].decode(envelope.data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise RowError("json", "a message of a market stream or a depth snapshot", str(error)) from None


def market(message: Depth | Ticker | Trade) -> str:
    """``spot``, ``usdm`` or ``coinm``: only COIN-margined contracts are named after plain USD."""
    if "USD_" in message.symbol:
        return "coinm"
    return "spot" if message.spot else "usdm"
