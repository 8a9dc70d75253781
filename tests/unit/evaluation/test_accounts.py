import numpy as np

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import Tier
from tapewarden.evaluation.accounts import ACCOUNTS, WithAccounts
from tapewarden.runtime.memory_tapes import MemoryTape


def with_accounts(orders: int, seed: int = 1) -> tuple[WithAccounts, EventBatch]:
    batch = EventBatch.of(orders, order=np.arange(orders), counter_order=np.arange(orders)[::-1])
    directory = Directory()
    directory.sources.number("test")
    tape = WithAccounts(MemoryTape("orders", batch, directory), seed)
    return tape, EventBatch.concatenate(list(tape.batches()))


def test_every_order_has_one_account_on_either_side() -> None:
    _, batch = with_accounts(500)
    of_order = dict(zip(batch.order.tolist(), batch.account.tolist(), strict=True))
    assert batch.counter_account.tolist() == [of_order[order] for order in batch.counter_order.tolist()]


def test_a_row_without_an_order_stays_without_an_account() -> None:
    _, batch = with_accounts(3)
    assert batch.account[0] == -1
    assert (batch.account[1:] >= 0).all()


def test_the_same_seed_gives_the_same_accounts_and_another_one_others() -> None:
    assert with_accounts(100)[1].account.tolist() == with_accounts(100)[1].account.tolist()
    assert with_accounts(100)[1].account.tolist() != with_accounts(100, seed=2)[1].account.tolist()


def test_activity_is_spread_unevenly() -> None:
    _, batch = with_accounts(100_000)
    shares = np.bincount(batch.account[1:], minlength=ACCOUNTS) / 100_000
    assert np.allclose(
        shares, 1 / np.arange(1, ACCOUNTS + 1) / np.sum(1 / np.arange(1, ACCOUNTS + 1)), atol=0.005
    )


def test_two_neighbors_share_an_owner_so_that_the_tape_shows_ownership() -> None:
    tape, _ = with_accounts(3)
    owners = [account.owner for account in tape.directory.accounts]
    assert len(set(owners)) == ACCOUNTS // 2
    assert owners[0] == owners[1] != owners[2]
    assert tape.header.tier is Tier.T4
