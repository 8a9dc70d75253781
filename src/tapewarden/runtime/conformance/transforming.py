"""Tapes changed in ways that must not change what a detector says, or only in a way that is known."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.domain.batch import COLUMN_TYPES, NO_ORDER, UNKNOWN, EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.identifiers import order_id
from tapewarden.domain.kinds import EventKind, ReferenceKind
from tapewarden.runtime.running import Tape

_OPPOSITE: Final = {
    ReferenceKind.BEST_BID: ReferenceKind.BEST_ASK,
    ReferenceKind.BEST_ASK: ReferenceKind.BEST_BID,
}
_SIZE_IS_NO_SIZE: Final = (EventKind.LINK, EventKind.WINDOW)


def shifted(tape: Tape, nanoseconds: int) -> Tape:
    """The same events, later."""
    batch = tape.batch
    return _with(tape, ts_event=batch.ts_event + nanoseconds, ts_receive=batch.ts_receive + nanoseconds)


def scaled(tape: Tape, factor: int) -> Tape:
    """The same events with every size times ``factor``."""
    sizes = tape.batch.size * factor
    untouched = (tape.batch.size == UNKNOWN) | np.isin(tape.batch.kind, _SIZE_IS_NO_SIZE)
    return _with(tape, size=np.where(untouched, tape.batch.size, sizes))


def mirrored(tape: Tape) -> Tape:
    """The same market in a mirror: buying is selling, and each instrument's prices are turned around.

    Prices are reflected within the range they had, so that they stay positive. Trades of unknown side name
    the buyer first, so those change places.
    """
    batch = tape.batch
    price = batch.price.copy()
    for instrument in np.unique(batch.instrument):
        rows = (batch.instrument == instrument) & (price > 0)
        if rows.any():
            price[rows] = price[rows].min() + price[rows].max() - price[rows]
    reason = batch.reason.copy()
    for kind, opposite in _OPPOSITE.items():
        reason[(batch.kind == EventKind.REFERENCE) & (batch.reason == kind)] = opposite
    swapped = (batch.kind == EventKind.TRADE) & (batch.side == 0)
    return _with(
        tape,
        side=-batch.side,
        price=price,
        reason=reason,
        account=np.where(swapped, batch.counter_account, batch.account),
        counter_account=np.where(swapped, batch.account, batch.counter_account),
        order=np.where(swapped, batch.counter_order, batch.order),
        counter_order=np.where(swapped, batch.order, batch.counter_order),
    )


def with_wide_ticks(tape: Tape) -> Tape:
    """The same tape with ticks so wide that the near band is as broad at every price of it.

    Otherwise the band, a share of the price, would differ between a market and its mirror image.
    """
    directory = _copy(tape.directory, str)
    highest = int(tape.batch.price.max(initial=1))
    directory.instruments = [
        dataclasses.replace(instrument, tick=highest // 4000 + 1) for instrument in directory.instruments
    ]
    return Tape(tape.batch, directory)


def renamed(tape: Tape, rename: Callable[[str], str]) -> Tape:
    """The same events with other names for accounts, orders and trades, met in another order."""
    batch = tape.batch
    directory = _copy(tape.directory, rename)
    directory.accounts.reverse()
    directory = _copy(directory, str)
    names = {
        number: rename(tape.directory.order_names.text(number))
        for column in (batch.order, batch.counter_order, batch.trade)
        for number in np.unique(column).tolist()
        if number != NO_ORDER
    }
    for name in names.values():
        directory.order_names.learn(order_id(name), name)
    last = len(directory.accounts) - 1

    def account(column: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        return np.where(column == UNKNOWN, UNKNOWN, last - column)

    def number(column: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
        return np.array([order_id(names[n]) if n else NO_ORDER for n in column.tolist()], np.uint64)

    changed = _with(
        tape,
        account=account(batch.account),
        counter_account=account(batch.counter_account),
        order=number(batch.order),
        counter_order=number(batch.counter_order),
        trade=number(batch.trade),
    )
    return Tape(changed.batch, directory)


def interleaved(tape: Tape, other: Tape, rename: Callable[[str], str]) -> Tape:
    """Both tapes as one in time order, the other one's accounts, instruments and sources renamed apart."""
    directory = _copy(tape.directory, str)
    instruments = [
        directory.add_instrument(dataclasses.replace(instrument, symbol=rename(instrument.symbol)))
        for instrument in other.directory.instruments
    ]
    accounts = [directory.add_account(rename(account.name)) for account in other.directory.accounts]
    sources = [directory.sources.number(rename(source)) for source in other.directory.sources]
    apart = _with(
        other,
        instrument=_mapped(other.batch.instrument, instruments),
        account=_mapped(other.batch.account, accounts),
        counter_account=_mapped(other.batch.counter_account, accounts),
        source=_mapped(other.batch.source, sources),
    )
    both = EventBatch.concatenate([tape.batch, apart.batch])
    return Tape(both[np.argsort(both.ts_event, kind="stable")], directory)


def _mapped(column: npt.NDArray[np.int32], numbers: list[int]) -> npt.NDArray[np.int32]:
    # Unknown is -1, hence the last entry.
    mapped: npt.NDArray[np.int32] = np.array([*numbers, UNKNOWN], np.int32)[column]
    return mapped


def _with(tape: Tape, **columns: npt.NDArray[np.generic]) -> Tape:
    changed = {name: column.astype(COLUMN_TYPES[name]) for name, column in columns.items()}
    return Tape(dataclasses.replace(tape.batch, **changed), tape.directory)


def _copy(directory: Directory, rename: Callable[[str], str]) -> Directory:
    """A directory of its own with the same numbers, its accounts renamed."""
    twin = Directory()
    for instrument in directory.instruments:
        twin.add_instrument(instrument)
    for account in directory.accounts:
        twin.add_account(rename(account.name), account.owner and rename(account.owner))
    for source in directory.sources:
        twin.sources.number(source)
    twin.order_names = copy.deepcopy(directory.order_names)
    return twin
