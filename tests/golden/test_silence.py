"""Detectors of the order book on recorded markets in which nobody is known to have misbehaved."""

import random
from pathlib import Path

import pytest

from benchmarks.recorded import read_files
from tapewarden.adapters.files.presets import find_preset
from tapewarden.adapters.files.session import Session
from tapewarden.detectors import layering, pulled_wall, quote_stuffing, spoofing
from tapewarden.domain.batch import NO_ORDER, EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.engine.engine import Engine

DETECTORS = [module.DETECTOR for module in (spoofing, layering, pulled_wall, quote_stuffing)]


class Assignment:
    """Gives each order one of some accounts at random, the first ones oftener (1, 1/2, 1/3 ...)."""

    def __init__(self, directory: Directory, accounts: int, seed: int) -> None:
        self._chance = random.Random(seed)
        self._numbers = [directory.add_account(f"assigned {i}") for i in range(accounts)]
        self._weights = [1 / (i + 1) for i in range(accounts)]
        self._owners: dict[int, int] = {}

    def apply(self, batch: EventBatch) -> None:
        for orders, holders in ((batch.order, batch.account), (batch.counter_order, batch.counter_account)):
            for row, order in enumerate(orders.tolist()):
                if order != NO_ORDER:
                    holders[row] = self._owner(order)

    def _owner(self, order: int) -> int:
        if order not in self._owners:
            self._owners[order] = self._chance.choices(self._numbers, self._weights)[0]
        return self._owners[order]


def signals_on(batch: EventBatch, directory: Directory) -> list[str]:
    return [signal.text for signal in Engine(directory, DETECTORS).process(batch)]


@pytest.mark.parametrize(("accounts", "seed"), [(0, 1), (20, 1), (20, 2), (200, 1)])
def test_bitstamp_is_quiet_whoever_its_orders_belong_to(shared_data: Path, accounts: int, seed: int) -> None:
    session = Session()
    log = shared_data / "bitstamp_l3" / "2015-05-01_first3h.log.xz"
    batch = EventBatch.concatenate(list(find_preset("bitstamp-l3").read([log], session)))
    if accounts:
        Assignment(session.directory, accounts, seed).apply(batch)
    assert signals_on(batch, session.directory) == []


@pytest.mark.parametrize("name", ["cm_btcusd_perp", "spot_btcusdt", "spot_ethusdt", "usdm_btcusdt"])
def test_binance_is_quiet(shared_data: Path, name: str) -> None:
    directory, batch = read_files("binance-raw", shared_data / "binance_raw_feeds" / f"{name}_20240808.gz")
    assert signals_on(batch, directory) == []
