"""Trades that come at a steady rate, from a process of their own.

``python -m benchmarks.trades ADDRESS RATE START_NS`` publishes to a server until its input ends.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic, sleep
from typing import Final

import numpy as np

from benchmarks.apart import variables_of_child
from benchmarks.wire import SOURCE
from tapewarden.client import Connection, Publisher
from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.kinds import SECOND, EventKind, Side

INSTRUMENTS: Final = 5
ACCOUNTS: Final = 1_000
START: Final = 1_700_000_000 * SECOND

_BEATS: Final = 50  # in which the trades of a second are sent


@contextmanager
def publishing(address: str, rate: int, start_ns: int = START) -> Iterator[None]:
    """Trades at a rate until the end of the block, which waits until all of them are durable."""
    command = [sys.executable, "-m", __name__, address, str(rate), str(start_ns)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=variables_of_child(), stdin=pipe, stdout=pipe) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()  # it has connected
        try:
            yield
        finally:
            process.stdin.close()


# --- in the other process ---------------------------------------------------------------------------------


def publish(address: str, rate: int, start_ns: int) -> None:
    """Publish until the input ends."""
    reading = threading.Thread(target=sys.stdin.read, daemon=True)
    reading.start()
    directory, second = _directory(), _second(rate, start_ns)
    with Publisher(Connection(address=address), SOURCE, directory) as publisher:
        print("connected", flush=True)
        begin, beats = monotonic(), 0
        while True:
            trades = _later(second, beats // _BEATS)
            for beat in trades.split(rate // _BEATS):
                if not reading.is_alive():
                    return
                sleep(max(0.0, begin + beats / _BEATS - monotonic()))
                publisher.send(beat)
                beats += 1


def _directory() -> Directory:
    directory = Directory()
    directory.sources.number(SOURCE)
    for number in range(INSTRUMENTS):
        directory.add_instrument(
            Instrument(symbol=f"COIN{number}-USD", venue="SIM", price_exponent=-2, size_exponent=-3, tick=1)
        )
    for number in range(ACCOUNTS):
        directory.add_account(f"account {number}")
    return directory


def _second(rate: int, start_ns: int) -> EventBatch:
    """A second of trades whose prices wander; nobody trades with himself."""
    random = np.random.default_rng(1)
    account = random.integers(0, ACCOUNTS, rate)
    wandering = random.integers(-1, 2, rate).cumsum()
    return EventBatch.of(
        rate,
        kind=np.full(rate, EventKind.TRADE),
        side=random.choice([Side.BUY, Side.SELL], rate),
        instrument=random.integers(0, INSTRUMENTS, rate),
        account=account,
        counter_account=(account + random.integers(1, ACCOUNTS, rate)) % ACCOUNTS,
        trade=np.arange(1, rate + 1),
        price=6_000_000 + wandering - np.linspace(0, wandering[-1], rate).astype(np.int64),
        size=random.integers(1, 5_000, rate),
        ts_event=start_ns + np.arange(rate) * SECOND // rate,
    )


def _later(second: EventBatch, seconds: int) -> EventBatch:
    """The same trades so many seconds later, under other numbers."""
    trade = second.trade + np.uint64(seconds * len(second))
    return replace(second, ts_event=second.ts_event + seconds * SECOND, trade=trade)


if __name__ == "__main__":
    publish(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
