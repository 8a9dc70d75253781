"""How a tape begins: who belongs together, who makes markets, and the book as it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from tapewarden.compiled.rows import Table
from tapewarden.domain.kinds import DAY, EventKind, Flag, Initiator, LinkKind, WindowKind
from tapewarden.simulator.exchange.ladder import BOOK
from tapewarden.simulator.exchange.reporting import ICEBERG_TELLS, UNKNOWN_SIDE, side_code
from tapewarden.simulator.exchange.tables import ReportRow, World
from tapewarden.simulator.population import Holder

CERTAIN: Final = 1_000_000  # confidence of a link, millionths
_ROLE: Final = 3650 * DAY  # how long a market maker keeps its role
_ANYWHERE: Final = np.uint32(0xFFFFFFFF)


def opening_rows(world: World, holders: Sequence[Holder]) -> Table:
    """The first rows of a tape, as of now: links of owners, roles, and all resting orders, best first."""
    told = [*_links(holders), *_roles(holders), *_orders(world)]
    rows = np.zeros(len(told), ReportRow.dtype)
    for row, columns in zip(rows, told, strict=True):
        row["ts_event"], row["side"], row["price"] = world.counters[0]["now"], UNKNOWN_SIDE, -1
        for name, value in columns.items():
            row[name] = value
    return rows


def _links(holders: Sequence[Holder]) -> Iterator[dict[str, Any]]:
    """The venue knows which accounts have one owner."""
    owned: dict[str, list[int]] = {}
    for account, holder in enumerate(holders):
        if holder.owner is not None:
            owned.setdefault(holder.owner, []).append(account)
    for accounts in owned.values():
        for other in accounts[1:]:
            yield {
                "kind": EventKind.LINK,
                "reason": LinkKind.SAME_OWNER,
                "instrument": _ANYWHERE,
                "account": accounts[0] + 1,
                "counter_account": other + 1,
                "size": CERTAIN,
            }


def _roles(holders: Sequence[Holder]) -> Iterator[dict[str, Any]]:
    for account, holder in enumerate(holders):
        if holder.is_market_maker:
            yield {
                "kind": EventKind.WINDOW,
                "reason": WindowKind.MARKET_MAKER,
                "instrument": _ANYWHERE,
                "account": account + 1,
                "size": _ROLE,
            }


def _orders(world: World) -> Iterator[dict[str, Any]]:
    for instrument, market in enumerate(world.instruments):
        first, ladder = int(market["first"]) + BOOK * int(market["ladder"]), int(market["ladder"])
        used = np.flatnonzero(world.levels["front"][first : first + ladder])
        bids = used[used <= int(market["best_bid"])]
        for position in [*bids[::-1], *used[len(bids) :]]:
            row = int(world.levels["front"][first + position])
            while row:
                order = world.orders[row]
                yield _restated(order, instrument)
                row = int(order["after"])


def _restated(order: Any, instrument: int) -> dict[str, Any]:
    return {
        "kind": EventKind.PLACE,
        "instrument": instrument,
        "account": order["account"] + 1,
        "order": order["told"],
        "price": order["price"],
        "size": order["shown"],
        "initiator": Initiator.MEMBER,
        "side": side_code(int(order["side"])),
        "flags": int(order["flags"]) & ICEBERG_TELLS | Flag.SNAPSHOT,
    }
