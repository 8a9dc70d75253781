"""Who is told of clients' orders and of reference windows, by the reference and by the kernel alike."""

from __future__ import annotations

from collections.abc import Iterator

from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.kinds import SECOND, ClientStage, EventKind, LinkKind, Side, WindowKind
from tapewarden.engine import acts as kinds
from tapewarden.engine.engine import Engine
from tests.reference.acts import ActDict
from tests.reference.comparing import differences, event, kernel_run, reference_run, rows
from tests.reference.engine import MOST_TOLD
from tests.strategies import START, small_directory

BUY, SELL = Side.BUY, Side.SELL
ORDER = event(
    EventKind.CLIENT_ORDER, account=5, order=9, side=BUY, price=1010, size=40, reason=ClientStage.RECEIVED
)
BID = event(EventKind.PLACE, side=BUY, order=1, price=1000, size=5, account=0)
ASK = event(EventKind.PLACE, side=SELL, order=2, price=1002, size=7, account=2)
TAKE = event(EventKind.TRADE, side=BUY, account=3, counter_order=2, price=1002, size=1)


def link(kind: LinkKind, account: int, counter_account: int = -1, size: int = 10**6) -> dict[str, int]:
    return event(
        EventKind.LINK,
        instrument=-1,
        account=account,
        counter_account=counter_account,
        reason=kind,
        size=size,
    )


def window(length: int = 60, instrument: int = 0, kind: WindowKind = WindowKind.CLOSE) -> dict[str, int]:
    return event(EventKind.WINDOW, instrument=instrument, reason=kind, size=length * SECOND)


def at(seconds: float, event: dict[str, int]) -> dict[str, int]:
    return event | {"ts_event": START + round(seconds * SECOND)}


def acts_of(*events: dict[str, int], directory: Directory | None = None) -> list[ActDict]:
    """The acts of these events, on which kernel and reference agree."""
    directory = directory or small_directory(owner=None)
    tape = rows(*events)
    ours = kernel_run(Engine(directory, []), [tape])
    theirs = reference_run(directory, tape)
    assert [line for line in differences(ours.acts, theirs.acts) if "couple" not in line] == []
    return ours.acts


def told(acts: list[ActDict], kind: int) -> Iterator[tuple[int, int]]:
    """Accounts and counter-accounts of the acts of a kind that are not primary, as in the tape."""
    for act in acts:
        if act["kind"] == kind and not act["marks"] & kinds.PRIMARY:
            yield act["account"] - 1, act["counter_account"] - 1


def test_a_clients_order_is_told_to_the_house_employees_and_those_who_can_see_it() -> None:
    links = [
        link(LinkKind.INFORMATION, 4, 5),
        link(LinkKind.HOUSE, 0),
        link(LinkKind.EMPLOYEE, 2),
        link(LinkKind.EMPLOYEE, 2),
    ]
    acts = acts_of(*links, ORDER)
    assert list(told(acts, kinds.CLIENT_ORDER)) == [(4, 5), (0, 5), (2, 5)]
    assert [act["roles"] for act in acts[-3:]] == [kinds.INFORMED, kinds.HOUSE, kinds.EMPLOYEE]
    assert {(act["order"], act["side"], act["size"]) for act in acts[-4:]} == {(9, kinds.BUY, 40)}


def test_a_clients_order_is_told_to_nobody_else() -> None:
    links = [
        link(LinkKind.INFORMATION, 4, 3),
        link(LinkKind.INFORMATION, 4, 5, size=799_999),
        link(LinkKind.INFORMATION, 4),
        link(LinkKind.HOUSE, 0, 3),
        link(LinkKind.DEVICE, 1, 5),
        link(LinkKind.HOUSE, -1),
    ]
    assert list(told(acts_of(*links, ORDER), kinds.CLIENT_ORDER)) == []


def test_a_client_is_not_told_of_his_own_order() -> None:
    links = [link(LinkKind.HOUSE, 5), link(LinkKind.HOUSE, 4), link(LinkKind.SAME_OWNER, 4, 5)]
    assert list(told(acts_of(*links, ORDER), kinds.CLIENT_ORDER)) == []


def test_an_actor_is_told_once_and_through_any_account_of_the_client() -> None:
    links = [
        link(LinkKind.INFORMATION, 2, 3),
        link(LinkKind.INFORMATION, 4, 3),
        link(LinkKind.SAME_OWNER, 2, 4),
        link(LinkKind.SAME_OWNER, 5, 3),
    ]
    assert list(told(acts_of(*links, ORDER), kinds.CLIENT_ORDER)) == [(2, 5)]


def test_who_is_told_sees_his_own_orders_and_messages() -> None:
    *_, act = acts_of(link(LinkKind.HOUSE, 0), BID, ASK, ORDER)
    assert (act["own"], act["opposite"], act["depth_own"], act["depth_opposite"]) == (5, 0, 5, 7)
    assert act["rate"] > 0


def test_more_than_a_tables_room_of_accounts_can_be_told() -> None:
    directory = Directory()
    directory.add_instrument(
        Instrument(symbol="COIN", venue="SIM", price_exponent=0, size_exponent=0, tick=1)
    )
    for number in range(MOST_TOLD + 10):
        directory.add_account(f"account {number}")
    links = [link(LinkKind.HOUSE, account) for account in range(MOST_TOLD + 10) if account != 5]
    acts = acts_of(*links, ORDER, ORDER | {"reason": ClientStage.ROUTED}, directory=directory)
    assert len(list(told(acts, kinds.CLIENT_ORDER))) == 2 * MOST_TOLD


def test_links_and_windows_survive_a_snapshot() -> None:
    before = rows(link(LinkKind.HOUSE, 0, 5), BID, ASK, window(), TAKE)
    after = rows(ORDER, TAKE, TAKE | {"account": 4}, start=START + SECOND)
    straight, first, second = (Engine(small_directory(), []) for _ in range(3))
    first.process(before)
    second.restore(first.snapshot())
    straight.process(before)
    assert kernel_run(second, [after]).acts == kernel_run(straight, [after]).acts
    assert list(told(kernel_run(straight, [after]).acts, kinds.CLIENT_ORDER)) == [(0, 5)]


def test_both_parties_of_a_trade_are_told_of_the_window_before_their_first_trade_in_it() -> None:
    acts = acts_of(at(0, BID), at(0, ASK), at(0, window()), at(2, TAKE), at(3, TAKE))
    assert [act["kind"] for act in acts[3:]] == [kinds.WINDOW] * 2 + [kinds.FILL] * 4
    assert [act["account"] - 1 for act in acts[3:5]] == [3, 2]
    first = acts[3]
    assert (first["reason"], first["size"], first["age"]) == (WindowKind.CLOSE, 60 * SECOND, 2 * SECOND)
    assert (first["order"], first["trade"], first["price"], first["counter_account"]) == (0, 0, -1, 0)


def test_who_is_told_of_a_window_learns_what_was_so_as_it_opened() -> None:
    better = event(EventKind.PLACE, side=BUY, order=3, price=1001, size=5, account=0)
    acts = acts_of(at(0, BID), at(0, ASK), at(1, TAKE), at(2, window()), at(3, better), at(4, TAKE))
    act = next(act for act in acts[4:] if act["kind"] == kinds.WINDOW)
    assert (act["bid"], act["ask"], act["volume_buy"], act["warm"]) == (1000, 1002, 1, 2)
    assert acts[-1]["bid"] == 1001


def test_who_trades_first_later_is_told_later_and_each_window_anew() -> None:
    other = TAKE | {"account": 4}
    acts = acts_of(at(0, BID), at(0, ASK), at(0, window()), at(1, TAKE), at(2, other), at(3, window()))
    assert [account for account, _ in told(acts, kinds.WINDOW)] == [3, 2, 4]
    acts = acts_of(at(0, ASK), at(0, window()), at(1, TAKE), at(3, window(instrument=-1)), at(4, TAKE))
    assert [account for account, _ in told(acts, kinds.WINDOW)] == [3, 2, 3, 2]


def test_nobody_is_told_of_a_window_that_is_over_or_unknown_to_the_tape() -> None:
    assert list(told(acts_of(at(0, ASK), at(0, window(1)), at(2, TAKE)), kinds.WINDOW)) == []
    nobody = event(EventKind.TRADE, side=BUY, price=1002, size=1)
    assert list(told(acts_of(at(0, window()), at(1, nobody)), kinds.WINDOW)) == []


def test_who_trades_with_himself_is_told_once() -> None:
    acts = acts_of(at(0, ASK), at(0, window()), at(1, TAKE | {"account": 2}))
    assert list(told(acts, kinds.WINDOW)) == [(2, -1)]
