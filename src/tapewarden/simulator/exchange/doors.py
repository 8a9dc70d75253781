"""Doors into the kernel for those outside it: sending requests, waiting, writing what only they know."""

from __future__ import annotations

from typing import Any

from tapewarden.compiled.compiling import kernel
from tapewarden.simulator.agents.tempo import await_news
from tapewarden.simulator.exchange.agenda import compose, discard, send
from tapewarden.simulator.exchange.reporting import report
from tapewarden.simulator.exchange.tables import lend


@kernel
def schedule(world: Any, kind: int, agent: int, time: int, number: int, place: int, amount: int) -> None:
    """Put something on the agenda: ``place`` is an instrument or asset, ``amount`` depends on the kind."""
    w = lend(world)
    message = compose(w, kind, agent)
    w.messages[message].number = number
    w.messages[message].instrument = place
    w.messages[message].price = amount
    send(w, message, time)


@kernel
def expect_news(world: Any) -> None:
    """Let the first unannounced news of every asset be under way."""
    w = lend(world)
    for asset in range(len(w.assets)):
        await_news(w, asset)


@kernel
def request(  # noqa: PLR0917  kernels take no keywords
    world: Any,
    kind: int,
    agent: int,
    number: int,
    row: int,
    side: int,
    price: int,
    size: int,
    peak: int,
    trigger: int,
    flags: int,
    slot: int,
) -> None:
    """Send a request to the exchange; it arrives after the account's delay."""
    w = lend(world)
    message = compose(w, kind, agent)
    asked = w.messages[message]
    asked.number = number
    asked.order = row
    asked.side = side
    asked.price = price
    asked.size = size
    asked.peak = peak
    asked.trigger = trigger
    asked.flags = flags
    asked.slot = slot
    send(w, message, w.counters[0].now + w.accounts[asked.account].latency)


@kernel
def tell(  # noqa: PLR0917  kernels take no keywords
    world: Any,
    kind: int,
    instrument: int,
    account: int,
    other: int,
    reason: int,
    side: int,
    price: int,
    size: int,
    order: int,
) -> None:
    """Write a row that no order of the book causes: links, windows, orders of clients.

    ``side`` as in ``Side``; ``order`` is the number of a client's order, 0 for none.
    """
    w = lend(world)
    row = report(w, kind, instrument, account)
    row.counter_account = other + 1
    row.reason = reason
    row.side = side + 1
    row.price = price
    row.size = size
    row.order = order


@kernel
def dismiss(world: Any, message: int) -> None:
    """Give back the row of a message that the kernel handed out."""
    discard(lend(world), message)
