from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tapewarden.domain.batch import COLUMN_TYPES, EventBatch
from tapewarden.domain.directory import Account, Directory, Instrument
from tapewarden.domain.errors import InputError
from tapewarden.domain.identifiers import order_id
from tapewarden.domain.kinds import EventKind, LinkKind, Side
from tapewarden.domain.numbers import MAX_UNITS
from tapewarden.wire.decoding import decode
from tapewarden.wire.numbering import Numbering, Taken
from tapewarden.wire.v1 import ingest_pb2, market_pb2
from tests.samples.wire import POSITION

BITCOIN = Instrument(symbol="BTC-USD", venue="SIM", price_exponent=-2, size_exponent=-4)


def message(*events: market_pb2.Event, **definitions: Any) -> ingest_pb2.EventBatch:
    return ingest_pb2.EventBatch(position=POSITION, events=events, **definitions)


def instrument(
    number: int, symbol: str = "BTC-USD", price_exponent: int = -2
) -> ingest_pb2.InstrumentDefinition:
    facts = market_pb2.Instrument(symbol=symbol, venue="SIM", price_exponent=price_exponent, size_exponent=-4)
    return ingest_pb2.InstrumentDefinition(number=number, instrument=facts)


def account(number: int, name: str, owner: str | None = None) -> ingest_pb2.AccountDefinition:
    return ingest_pb2.AccountDefinition(number=number, account=market_pb2.Account(name=name, owner=owner))


def feed(number: int, name: str) -> ingest_pb2.FeedDefinition:
    return ingest_pb2.FeedDefinition(number=number, name=name)


class Stream:
    """A source that sends one message after the other."""

    def __init__(self) -> None:
        self.directory = Directory()
        self.directory.add_account("somebody else")
        self.numbering = Numbering(self.directory, POSITION.source)

    def take(self, batch: ingest_pb2.EventBatch) -> Taken:
        return self.numbering.take(decode(batch.SerializeToString()))


def place(**fields: Any) -> market_pb2.Event:
    return market_pb2.Event(**{"kind": EventKind.PLACE, **fields})


def test_numbers_become_those_of_the_directory() -> None:
    stream = Stream()
    events, rejects = stream.take(
        message(
            place(instrument=1, account=2, side=market_pb2.SIDE_SELL, feed=1),
            place(),
            instruments=[instrument(1)],
            accounts=[account(1, "alice"), account(2, "bob", "Bob Ltd")],
            feeds=[feed(1, "drop copy")],
        )
    )
    assert rejects == ()
    assert stream.directory.instruments == [BITCOIN]
    assert stream.directory.accounts[1:] == [Account(name="alice"), Account(name="bob", owner="Bob Ltd")]
    assert events.account.tolist() == [2, -1]
    assert events.instrument.tolist() == [0, -1]
    assert events.side.tolist() == [Side.SELL, Side.UNKNOWN]
    assert [stream.directory.sources.text(number) for number in events.source] == ["drop copy", "sim"]


def test_definitions_last_and_may_be_repeated() -> None:
    stream = Stream()
    stream.take(message(accounts=[account(number, f"a{number}") for number in range(1, 41)]))
    events, _ = stream.take(message(place(account=40), accounts=[account(40, "a40"), account(41, "a41")]))
    assert stream.directory.account_name(int(events.account[0])) == "a40"


def test_names_of_orders_are_learned_from_rows_and_from_columns() -> None:
    stream = Stream()
    events, _ = stream.take(message(place(order_name="a-1", trade_name="t/7")))
    assert stream.directory.order_names.text(int(events.order[0])) == "a-1"
    assert stream.directory.order_names.text(int(events.trade[0])) == "t/7"
    names = [ingest_pb2.OrderName(id=order_id("b-2"), name="b-2")]
    stream.take(message(names=names))
    assert stream.directory.order_names.text(order_id("b-2")) == "b-2"


@pytest.mark.parametrize(
    ("event", "name", "received"),
    [
        (market_pb2.Event(), "kind", "0"),
        (market_pb2.Event(kind=17), "kind", "17"),  # type: ignore[arg-type]
        (market_pb2.Event(kind=-1), "kind", "-1"),  # type: ignore[arg-type]
        (place(reason=1), "reason", "1"),
        (place(reason=300), "reason", "300"),
        (market_pb2.Event(kind="EVENT_KIND_LINK", reason=max(LinkKind) + 1), "reason", "6"),
        (place(initiator=4), "initiator", "4"),
        (place(side=3), "side", "3"),
        (place(flags=2048), "flags", "2048"),
        (place(feed=1), "feed", "1"),
        (place(instrument=2), "instrument", "2"),
        (place(account=2**32 - 1), "account", "4294967295"),
        (place(counter_account=1), "counter_account", "1"),
        (place(price=MAX_UNITS + 1), "price", str(MAX_UNITS + 1)),
        (place(price=-MAX_UNITS - 1), "price", str(-MAX_UNITS - 1)),
        (place(size=-5), "size", "-5"),
        (place(size=MAX_UNITS + 1), "size", str(MAX_UNITS + 1)),
        (place(ts_event=-2), "ts_event", "-2"),
        (place(ts_receive=-(2**63)), "ts_receive", str(-(2**63))),
        (place(order_name="x" * 201), "order_name", "201 bytes"),
        (place(trade_name="é" * 101), "trade_name", "202 bytes"),
    ],
)
def test_a_row_that_no_event_can_be_is_rejected_alone(
    event: market_pb2.Event, name: str, received: str
) -> None:
    stream = Stream()
    events, (reject,) = stream.take(message(place(size=1), event, place(size=2), instruments=[instrument(1)]))
    assert events.size.tolist() == [1, 2]
    assert (reject.row, reject.field, reject.received) == (1, name, received)
    assert reject.expected


def test_of_several_faults_the_first_column_is_told() -> None:
    _, (reject,) = Stream().take(message(market_pb2.Event(kind="EVENT_KIND_TRADE", price=2**60, ts_event=-9)))
    assert reject.field == "price"


def test_links_and_windows_may_be_longer_than_any_amount() -> None:
    events, rejects = Stream().take(message(market_pb2.Event(kind="EVENT_KIND_WINDOW", size=2**62)))
    assert (events.size.tolist(), rejects) == ([2**62], ())


@pytest.mark.parametrize(
    ("definitions", "where"),
    [
        ({"accounts": [account(0, "x")]}, "accounts[0]: number"),
        ({"accounts": [account(1, "x"), account(3, "y")]}, "accounts[1]: number"),
        ({"accounts": [account(1, "x"), account(1, "y")]}, "accounts[1]: number"),
        ({"accounts": [account(1, "")]}, "accounts[0]: name"),
        ({"accounts": [account(1, "x", "")]}, "accounts[0]: owner"),
        ({"accounts": [account(1, "x", "A"), account(2, "x", "B")]}, "accounts[1]: account x"),
        ({"accounts": [account(1, "é" * 257)]}, "accounts[0]: name"),
        ({"feeds": [feed(1, "f" * 513)]}, "feeds[0]: name"),
        ({"instruments": [instrument(1, price_exponent=10)]}, "instruments[0]: price_exponent"),
        ({"instruments": [instrument(1, symbol="")]}, "instruments[0]: symbol"),
        ({"instruments": [instrument(1), instrument(2, price_exponent=-3)]}, "instruments[1]: BTC-USD@SIM"),
        ({"names": [ingest_pb2.OrderName(id=5, name="five")]}, "names[0]: id"),
        ({"names": [ingest_pb2.OrderName(id=5, name="")]}, "names[0]: name"),
        ({"names": [ingest_pb2.OrderName(id=order_id("x" * 201), name="x" * 201)]}, "names[0]: name"),
    ],
)  # fmt: skip
def test_a_wrong_definition_refuses_the_batch_and_changes_nothing(
    definitions: dict[str, Any], where: str
) -> None:
    stream = Stream()
    with pytest.raises(InputError) as caught:
        stream.take(message(place(), **definitions))
    assert caught.value.field == where
    assert len(stream.directory.accounts) == 1
    assert stream.directory.instruments == []
    events, rejects = stream.take(message(place(), accounts=[account(1, "after all")]))
    assert (len(events), rejects) == (1, ())


@pytest.mark.parametrize(
    ("definitions", "where"),
    [
        ({"accounts": [account(1, "bob")]}, "accounts[0]: number"),
        ({"accounts": [account(1, "alice", "B")]}, "accounts[0]: account alice"),
        ({"instruments": [instrument(1, price_exponent=0)]}, "instruments[0]: BTC-USD@SIM"),
        ({"instruments": [instrument(1, symbol="ETH")]}, "instruments[0]: number"),
    ],
)
def test_a_number_keeps_its_meaning(definitions: dict[str, Any], where: str) -> None:
    stream = Stream()
    stream.take(message(instruments=[instrument(1)], accounts=[account(1, "alice", "A")]))
    with pytest.raises(InputError) as caught:
        stream.take(message(**definitions))
    assert caught.value.field == where


def test_no_more_numbers_are_taken_than_were_asked_for() -> None:
    numbering = Numbering(Directory(), "sim", most=2)
    accounts = [account(number, f"a{number}") for number in (1, 2, 3)]
    numbering.take(decode(message(accounts=accounts[:2]).SerializeToString()))
    with pytest.raises(InputError, match="expected 1 to 2, received 3"):
        numbering.take(decode(message(accounts=accounts[2:]).SerializeToString()))


def test_columns_of_any_batch_come_out_in_their_types() -> None:
    events, _ = Stream().take(message(place(order=2**64 - 1, sequence=2**64 - 1, epoch=2**32 - 1)))
    assert {name: column.dtype for name, column in events.columns()} == dict(COLUMN_TYPES)
    assert (int(events.order[0]), int(events.sequence[0])) == (2**64 - 1, 2**64 - 1)
    assert int(events.epoch[0]) == 2**32 - 1
    assert isinstance(events, EventBatch)
    assert np.array_equal(events.price, [-1])
