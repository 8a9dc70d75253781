"""What a server sees, through the typed client."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import pytest

from tapewarden.client import Connection, Publisher, SurveillanceClient, TapeNews
from tapewarden.domain.casework import SignalFilter, SignalOrder
from tapewarden.domain.errors import NotFoundError
from tapewarden.domain.kinds import SECOND, EventKind, Side
from tapewarden.runtime.configuration import Configuration
from tapewarden.server.serving import Plan
from tests.probes import PROBES
from tests.strategies import START, small_directory
from tests.unit.server.running import Running, running
from tests.unit.server.test_surveillance import COIN, COUNT, market

Result = TypeVar("Result")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    plan = Plan(
        folder=tmp_path_factory.mktemp("server"),
        configuration=Configuration(detectors=PROBES),
        listen="127.0.0.1:0",
    )
    with running(plan) as server:
        publish(server, "first")
        yield server


def publish(server: Running, source: str) -> None:
    with Publisher(Connection(address=server.address), source, small_directory()) as publisher:
        publisher.send(market())
    server.server.pipeline.settle()


def ask(server: Running, question: Callable[[SurveillanceClient], Awaitable[Result]]) -> Result:
    async def asking() -> Result:
        async with SurveillanceClient(Connection(address=server.address)) as client:
            return await question(client)

    return asyncio.run(asyncio.wait_for(asking(), 60))


def test_the_tape_comes_in_columns_with_the_names_of_instruments_and_accounts(server: Running) -> None:
    async def watch(client: SurveillanceClient) -> TapeNews:
        came = client.watch_tape(interval_ms=20)
        await anext(came)
        await asyncio.to_thread(publish, server, "another")
        return await anext(news async for news in came if len(news.trades))

    news = ask(server, watch)
    trades = news.trades
    assert {trades.instruments[place].name for place in trades.instrument.tolist()} == {COIN}
    assert trades.price.tolist()[:2] == [1003, 1007]
    assert {trades.accounts[place].name for place in trades.counter_account.tolist()} == {"account 5"}
    assert set(trades.side.tolist()) == {Side.BUY}
    assert [(one.price, one.side) for one in trades][:1] == [(1003, Side.BUY)]
    assert news.update > 1
    assert news.events > COUNT


def test_a_book_has_its_levels_best_first(server: Running) -> None:
    async def look(client: SurveillanceClient) -> tuple[list[int], list[int]]:
        book = await anext(client.watch_book(COIN, levels=2))
        return book.bid_prices.tolist(), book.ask_prices.tolist()

    assert ask(server, look) == ([], [1001, 1002])


def test_the_book_of_no_instrument_is_not_found(server: Running) -> None:
    with pytest.raises(NotFoundError, match="NONE@SIM: there is none"):
        ask(server, lambda client: anext(client.watch_book("NONE@SIM")))


def test_a_window_has_events_and_books_with_names(server: Running) -> None:
    window = ask(server, lambda client: client.window(COIN, START + 3 * SECOND, START + 9 * SECOND, books=6))
    kinds = [EventKind.PLACE, EventKind.TRADE, *[EventKind.PLACE] * 3, EventKind.TRADE]
    assert window.instrument.name == COIN
    assert window.events.kind.tolist()[: len(kinds)] == kinds
    traded = window.events.kind.tolist().index(EventKind.TRADE)
    assert window.events.accounts[window.events.counter_account[traded]].name == "account 5"
    assert window.events.counter_order[traded]
    assert window.books[0].ask_prices.tolist() == [1001, 1002]


def test_a_window_around_a_signal_is_of_its_instrument_and_time(server: Running) -> None:
    stored = ask(server, lambda client: client.signals(SignalFilter(limit=1)))[0].signal
    window = ask(server, lambda client: client.window_around(stored.id, margin_ns=SECOND))
    assert window.instrument.name == stored.instrument
    assert (window.from_ns, window.until_ns) == (stored.start_ns - SECOND, stored.end_ns + SECOND)


def test_health_tells_of_instruments_detectors_and_sources(server: Running) -> None:
    health = ask(server, lambda client: client.health())
    assert health.events >= COUNT
    assert COIN in {one.instrument for one in health.instruments}
    assert ("first", COUNT) in {(one.source, one.sequence) for one in health.sources}
    assert {one.detector for one in health.detectors} == {one.meta.id for one in PROBES}
    assert sum(one.signals for one in health.detectors) > 5


def test_detectors_and_instruments_are_told(server: Running) -> None:
    detectors = ask(server, lambda client: client.detectors())
    assert [one.id for one in detectors] == [one.meta.id for one in PROBES]
    assert COIN in {one.name for one in ask(server, lambda client: client.instruments())}


def test_signals_come_by_score_and_counted(server: Running) -> None:
    wanted = SignalFilter(order=SignalOrder.SCORE, limit=3)
    page = ask(server, lambda client: client.page_of_signals(wanted))
    every = ask(server, lambda client: client.all_signals(SignalFilter()))
    assert page.total == len(every) > 3
    assert [one.signal.score for one in page.signals] == sorted(
        (one.signal.score for one in every), reverse=True
    )[:3]


def test_signals_that_are_kept_together_come_with_their_groups(server: Running) -> None:
    wanted = SignalFilter(order=SignalOrder.DETECTOR, limit=1)
    page = ask(server, lambda client: client.page_of_signals(wanted))
    every = ask(server, lambda client: client.all_signals(SignalFilter()))
    counted = Counter(one.signal.detector for one in every)
    assert {one.name: one.signals for one in page.groups} == counted
    highest = [one.highest for one in page.groups]
    assert highest == sorted(highest, reverse=True)
