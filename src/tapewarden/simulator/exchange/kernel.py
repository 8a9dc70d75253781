"""The kernel: takes what is due off the agenda, one thing after another."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from tapewarden.compiled.compiling import kernel, rule
from tapewarden.domain.kinds import MINUTE, SECOND
from tapewarden.simulator.agents.acting import strike_crowd
from tapewarden.simulator.agents.tempo import break_news, keep_pace
from tapewarden.simulator.exchange.agenda import (
    AMEND,
    CANCEL,
    CLOCK,
    LOOK,
    NEW,
    NEWS,
    RESUME,
    TRIGGERED,
    compose,
    discard,
    send,
    take_next,
)
from tapewarden.simulator.exchange.margin import fund, liquidate, mark, report_references
from tapewarden.simulator.exchange.requests import (
    receive_amend,
    receive_cancel,
    receive_order,
    receive_triggered,
)
from tapewarden.simulator.exchange.tables import lend

DONE: Final = 0  # why the kernel returned: all that was due is done,
FULL: Final = 1  # a table needs room,
OUTSIDE_DUE: Final = 2  # or somebody outside the kernel is to act

REPORTS_KEPT: Final = 4096  # free before anything is done: no message gives more rows
ROWS_KEPT: Final = 4096
CLEARANCE: Final = 8 * 60 * MINUTE


@cache
def runner(digest: str) -> Callable[..., tuple[int, int]]:
    """The compiled kernel; ``digest`` stands for the sources of all rules it calls.

    ``run(world, until)`` does everything due before ``until`` (ns) and returns why it stopped and, for
    OUTSIDE_DUE, the row of the message, which the caller discards.
    """

    def run(world: Any, until: int) -> tuple[int, int]:
        version = digest  # noqa: F841  ties the machine code to the sources
        w = lend(world)
        counters = w.counters[0]
        while counters.due > 0 and w.due[0].time < until:
            if lacks_room(w):
                return FULL, 0
            message = take_next(w)
            if w.messages[message].kind >= RESUME:
                return OUTSIDE_DUE, message
            handle(w, message)
            discard(w, message)
        counters.now = max(counters.now, until)
        return DONE, 0

    return kernel(run)


@rule
def lacks_room(w: Any) -> bool:
    """Whether the next message might find a table full."""
    counters = w.counters[0]
    return bool(
        counters.orders < ROWS_KEPT
        or counters.messages < ROWS_KEPT
        or counters.due + ROWS_KEPT > len(w.due)
        or counters.reports + REPORTS_KEPT > len(w.reports)
    )


@rule
def handle(w: Any, message: int) -> None:
    """Do what a message asks for."""
    kind = w.messages[message].kind
    if kind == LOOK:
        strike_crowd(w, w.messages[message].number)
    elif kind == NEW:
        receive_order(w, message)
    elif kind == CANCEL:
        receive_cancel(w, message)
    elif kind == AMEND:
        receive_amend(w, message)
    elif kind == TRIGGERED:
        receive_triggered(w, message)
    elif kind == NEWS:
        break_news(w, message)
    elif kind == CLOCK:
        strike(w)


@rule
def strike(w: Any) -> None:
    """A second has passed: pace, marks, margins, and now and then funding."""
    now = w.counters[0].now
    keep_pace(w)
    for instrument in range(len(w.instruments)):
        market = w.instruments[instrument]
        if market.perpetual:
            mark(w, instrument)
            liquidate(w, instrument)
            if now % MINUTE == 0:
                report_references(w, instrument)
            if now % market.funding_interval == 0:
                fund(w, instrument)
    send(w, compose(w, CLOCK, 0), now + SECOND)
