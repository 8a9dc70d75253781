"""Self-trades by chance on a recorded market: its orders dealt out to accounts at random."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from tapewarden.adapters.files import Session, find_preset
from tapewarden.detectors import same_owner, self_match
from tapewarden.domain.batch import NO_ORDER, UNKNOWN, EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import EventKind
from tapewarden.runtime.running import Tape, run_tape


@pytest.fixture(scope="module")
def bitstamp(shared_data: Path) -> Tape:
    session = Session()
    path = shared_data / "bitstamp_l3" / "2015-05-01_first3h.log.xz"
    return Tape(
        EventBatch.concatenate(list(find_preset("bitstamp-l3").read([path], session))), session.directory
    )


def dealt(tape: Tape, accounts: int, seed: int) -> Tape:
    """Every order gets an account, the n-th account with a weight of 1 / n; two accounts share an owner."""
    directory = Directory(order_names=tape.directory.order_names)
    for instrument in tape.directory.instruments:
        directory.add_instrument(instrument)
    for source in tape.directory.sources:
        directory.sources.number(source)
    for number in range(accounts):
        directory.add_account(f"account {number}", owner=f"owner {number // 2}")
    batch = tape.batch
    orders = np.unique(np.concatenate([batch.order, batch.counter_order]))
    weight = 1 / np.arange(1, accounts + 1)
    holder = np.random.default_rng(seed).choice(accounts, len(orders), p=weight / weight.sum())

    def account(column: np.ndarray) -> np.ndarray:
        found = holder[np.searchsorted(orders, column)]
        return np.where(column == NO_ORDER, UNKNOWN, found).astype(np.int32)

    changed = dataclasses.replace(
        batch, account=account(batch.order), counter_account=account(batch.counter_order)
    )
    return Tape(changed, directory)


@pytest.mark.parametrize(("accounts", "least"), [(5, 90), (20, 40), (100, 10), (1000, 1)])
def test_orders_dealt_out_at_random_meet_themselves_and_nobody_is_suspected(
    bitstamp: Tape, accounts: int, least: int
) -> None:
    tape = dealt(bitstamp, accounts, seed=1)
    trades = tape.batch[tape.batch.kind == EventKind.TRADE]
    met = (trades.account == trades.counter_account) & (trades.account != UNKNOWN)
    assert met.sum() >= least
    assert run_tape([self_match.DETECTOR, same_owner.DETECTOR], tape) == []
