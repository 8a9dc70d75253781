"""Accounts for tapes that have none, so that rules about accounts can be held against real order flow.

Public order-by-order data names orders but not whose they are. Here each order is given to one of
``ACCOUNTS`` accounts at random: the ``k``-th gets a share proportional to ``1 / k``, as activity on venues is
spread very unevenly, and two neighbors each share an owner. Nobody plans anything across these orders, so
every signal on such a tape is a false alarm. It is harder than a real market in one way, accounts meet
themselves as often as chance wills, and easier in another: nobody quotes both sides on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.domain.batch import NO_ORDER, EventBatch
from tapewarden.domain.kinds import Tier
from tapewarden.tape.header import Provenance, TapeHeader
from tapewarden.tape.reader import TapeReader

ACCOUNTS: Final = 200
SEED: Final = 20240808


class WithAccounts(TapeReader):
    """A tape of tier T2 with accounts and owners given to its orders at random, the same ones each time."""

    def __init__(self, tape: TapeReader, seed: int = SEED) -> None:
        names = [f"random-{number + 1}" for number in range(ACCOUNTS)]
        for number, name in enumerate(names):
            tape.directory.add_account(name, f"owner-{number // 2 + 1}")
        provenance = Provenance(
            origin=tape.header.provenance.origin, parameters={"accounts": f"random, seed {seed}"}
        )
        header = TapeHeader.of(tape.directory, Tier.T4, provenance, tape.header.counts)
        super().__init__(f"{tape.source}, random accounts", header)
        self.directory.order_names = tape.directory.order_names
        self._tape = tape
        self._seed = np.uint64(seed)
        shares = 1 / np.arange(1, ACCOUNTS + 1)
        self._bounds = np.cumsum(shares / shares.sum())

    def stored_batches(self) -> Iterator[EventBatch]:
        """The events of the tape, each with the accounts of the orders it names."""
        for batch in self._tape.stored_batches():
            columns = dict(batch.columns())
            columns["account"] = self._accounts_of(batch.order)
            columns["counter_account"] = self._accounts_of(batch.counter_order)
            yield EventBatch(**columns)

    def _accounts_of(self, orders: npt.NDArray[np.uint64]) -> npt.NDArray[np.int32]:
        """Whose the orders are: a hash of order and seed decides, so it does not matter what came before."""
        draws = _mixed(orders ^ self._seed).astype(np.float64) / 2.0**64
        accounts = np.minimum(np.searchsorted(self._bounds, draws), ACCOUNTS - 1)
        return np.where(orders == NO_ORDER, -1, accounts).astype(np.int32)


def _mixed(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finalizer of splitmix64: evenly spread over 64 bits."""
    numbers = numbers + np.uint64(0x9E3779B97F4A7C15)
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))
