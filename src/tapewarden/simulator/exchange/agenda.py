"""The agenda: what is to come, in the order of time, and of sending where times are equal."""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import inline_rule, integer, rule

LOOK: Final = 1  # one of a crowd looks at the market; ``number`` is the crowd
NEW: Final = 2  # requests of members, on arrival at the exchange
CANCEL: Final = 3
AMEND: Final = 4
CANCEL_ALL: Final = 5
TRIGGERED: Final = 6  # a stop order whose price was reached
CLOCK: Final = 7  # the exchange's own work, once a second: marks, margins, funding
NEWS: Final = 8  # an asset's value jumps
RESUME: Final = 9  # from here on for people outside the kernel: a time they waited for,
ACCEPTED: Final = 10  # and answers of the exchange
FILLED: Final = 11
CANCELED: Final = 12
REJECTED: Final = 13


@inline_rule
def compose(w: Any, kind: int, agent: int) -> int:
    """A fresh message of an agent, everything else 0; the caller made room. Give it to ``send``."""
    counters = w.counters[0]
    row = integer(w.message_free[counters.messages])
    counters.messages -= 1
    message = w.messages[row]
    message.number = 0
    message.price = 0
    message.size = 0
    message.peak = 0
    message.trigger = 0
    message.life = 0
    message.order = 0
    message.kind = kind
    message.agent = agent
    message.account = w.agents[agent].account
    message.instrument = w.agents[agent].instrument
    message.side = 0
    message.flags = 0
    message.slot = 0
    return row


@rule
def send(w: Any, row: int, time: int) -> None:
    """Put a message on the agenda."""
    counters = w.counters[0]
    serial = counters.serial + 1
    counters.serial = serial
    at = counters.due
    counters.due += 1
    while at > 0:
        parent = (at - 1) >> 1
        above = w.due[parent]
        if above.time <= time:  # an equal one was sent before
            break
        below = w.due[at]
        below.time = above.time
        below.serial = above.serial
        below.message = above.message
        at = parent
    entry = w.due[at]
    entry.time = time
    entry.serial = serial
    entry.message = row


@rule
def take_next(w: Any) -> int:
    """Take the earliest message off the agenda, which is not empty, and let it be now."""
    counters = w.counters[0]
    first = integer(w.due[0].message)
    counters.now = w.due[0].time
    counters.due -= 1
    count = counters.due
    last = w.due[count]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= count:
            break
        if child + 1 < count and comes_first(w.due[child + 1], w.due[child]):
            child += 1
        if not comes_first(w.due[child], last):
            break
        above, below = w.due[at], w.due[child]
        above.time = below.time
        above.serial = below.serial
        above.message = below.message
        at = child
    entry = w.due[at]
    entry.time = last.time
    entry.serial = last.serial
    entry.message = last.message
    return first


@inline_rule
def comes_first(one: Any, other: Any) -> bool:
    """Whether one entry is due before another."""
    if one.time != other.time:
        return bool(one.time < other.time)
    return bool(one.serial < other.serial)


@inline_rule
def discard(w: Any, row: int) -> None:
    """Give the row of a message back."""
    counters = w.counters[0]
    counters.messages += 1
    w.message_free[counters.messages] = row
