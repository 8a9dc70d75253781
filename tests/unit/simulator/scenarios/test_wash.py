"""Scenarios of wash trading, performed."""

import pytest

from tapewarden.domain.episode import Episode
from tapewarden.domain.kinds import EventKind
from tests.samples.performances import SEVERITIES, WASH, Performed, perform


def trades_among(market: Performed, episode: Episode) -> int:
    """Trades with both sides of the episode's accounts."""
    own = [market.accounts[one.id] for one in episode.accounts]
    tape = market.tape
    trades = tape.kind == EventKind.TRADE
    both = [[account in own for account in side.tolist()] for side in (tape.account, tape.counter_account)]
    return sum(one and first and second for one, first, second in zip(trades.tolist(), *both, strict=True))


@pytest.mark.parametrize("name", WASH.manipulators)
def test_those_who_wash_trade_among_themselves_the_more_the_more_brazen(name: str) -> None:
    counts = [trades_among(*WASH.seen(name, severity)) for severity in SEVERITIES]
    assert counts[0] < counts[1] < counts[2]
    assert counts[1] >= 8


def test_accounts_of_one_owner_are_known_as_such_and_others_are_not() -> None:
    market, _ = WASH.seen("same-owner", 0.5)
    names = ("same-owner", "two-desks", "circular", "pre-arranged")
    assert [WASH.scenarios[name].owners for name in names] == [
        True, True, False, False,
    ]  # fmt: skip
    assert (market.tape.kind == EventKind.LINK).any()


def test_equal_performances_of_several_accounts_give_equal_tapes() -> None:
    names = ("same-owner", "two-desks") * 4
    tapes = [perform(names, 0.5).tape for _ in range(2)]
    assert all(
        len(mine) == len(yours) and (mine == yours).all()
        for (_, mine), (_, yours) in zip(*(tape.columns() for tape in tapes), strict=True)
    )
