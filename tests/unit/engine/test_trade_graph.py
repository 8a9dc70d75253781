import pytest

from tapewarden.domain.kinds import DAY
from tapewarden.engine.chance import poisson_tail
from tapewarden.engine.trade_graph import (
    MANY,
    MOST_MEMBERS,
    MOST_SEEN,
    TRADERS,
    Group,
    TradeGraph,
    admit,
    chance_of_group,
    expected,
    find_group,
    goes_to_and_fro,
    is_continued,
    least_inside,
    note,
    places_of,
    stands_out,
    trades_from,
)

START = 10**18


def trade(graph: TradeGraph, seller: int, buyer: int, times: int = 1, ts: int = START) -> None:
    for _ in range(times):
        one, other = admit(graph, seller, buyer)
        note(graph, ts, one, other, DAY)


def graph_of(*trades: tuple[int, int, int], others: int = 40) -> TradeGraph:
    """Trades (seller, buyer, how often), and as many of others with each other."""
    graph = TradeGraph()
    for actor in {end for seller, buyer, _ in trades for end in (seller, buyer)}:
        admit(graph, actor, 999)
    for n in range(others):
        trade(graph, 500 + n % 7, 600 + n % 11)
    for seller, buyer, times in trades:
        trade(graph, seller, buyer, times)
    return graph


def group_of(graph: TradeGraph, seller: int, buyer: int, excess: float = 3.0) -> tuple[int, set[int]]:
    group = Group()
    find_group(graph, group, *places_of(graph, seller, buyer), 4, excess)
    return group.weight, {int(graph.actors[place]) for place in group.members[: group.count]}


def test_actors_keep_their_places() -> None:
    graph = TradeGraph()
    assert admit(graph, 7, 8) == (0, 1)
    assert admit(graph, 8, 9) == (1, 2)
    assert places_of(graph, 9, 10) == (2, -1)


def test_fills_of_one_order_are_one_trade() -> None:
    graph = TradeGraph()
    seen = [is_continued(graph, *fill) for fill in ((1, 5, 6), (1, 5, 6), (1, 6, 5), (2, 6, 5), (2, 6, 5))]
    assert seen == [False, True, False, False, True]


def test_the_least_active_makes_room_and_leaves_nothing_behind() -> None:
    graph = TradeGraph()
    for n in range(TRADERS // 2):
        trade(graph, 1000 + n, 2000 + n, times=1 if n == 5 else 2)
    trade(graph, 1000, 2005)
    one, other = admit(graph, 7, 8)
    assert int(graph.sold_to[one].sum() + graph.sold_to[:, one].sum()) == 0
    assert int(graph.sold_to[other].sum() + graph.sold_to[:, other].sum()) == 0
    assert places_of(graph, 1005, 7) == (-1, one)
    assert trades_from(graph, *places_of(graph, 1000, 2000)) == 2


def test_an_actor_of_the_same_trade_is_never_put_out() -> None:
    graph = TradeGraph()
    for n in range(TRADERS):
        trade(graph, 1000 + n, 5000, times=3)
    for n in range(100):
        one, other = admit(graph, 7000 + n, 8000 + n)
        assert one != other
        note(graph, START, one, other, DAY)


def test_the_market_tells_what_to_expect() -> None:
    graph = TradeGraph()
    for n in range(1, 4000):  # all meet all, one of them far oftener than others
        seller, buyer = (n % 5) * (n % 3) % 5 + 1, 10 + n % 7
        trade(graph, seller, buyer)
    one, other = places_of(graph, 1, 12)
    assert expected(graph, one, other) == pytest.approx(trades_from(graph, one, other), rel=0.2)
    assert not stands_out(graph, one, other, 4, 3.0)


def test_a_couple_that_makes_up_most_of_the_market_stands_out_all_the_same() -> None:
    graph = graph_of((1, 2, 300), (2, 1, 300), others=40)
    assert stands_out(graph, *places_of(graph, 1, 2), 4, 3.0)


def test_with_nothing_to_compare_with_nothing_stands_out() -> None:
    graph = TradeGraph()
    trade(graph, 1, 2, 50)
    trade(graph, 2, 1, 50)
    assert expected(graph, *places_of(graph, 1, 2)) == MANY
    assert not stands_out(graph, *places_of(graph, 1, 2), 4, 3.0)


def test_numbers_are_halved_after_a_half_life_and_when_there_are_many() -> None:
    graph = TradeGraph()
    trade(graph, 1, 2, 10)
    trade(graph, 1, 2, ts=START + DAY)
    assert (trades_from(graph, 0, 1), graph.seen) == (5, 5)
    graph.seen = MOST_SEEN - 1
    trade(graph, 1, 2, ts=START + DAY)
    assert (trades_from(graph, 0, 1), graph.seen) == (3, MOST_SEEN // 2)


def test_a_group_passes_round_and_weighs_what_its_lightest_edge_does() -> None:
    graph = graph_of((1, 2, 20), (2, 3, 12), (3, 1, 15))
    assert group_of(graph, 1, 2) == (12, {1, 2, 3})
    assert group_of(graph, 2, 3) == (12, {1, 2, 3})


def test_there_is_no_group_where_nothing_comes_back() -> None:
    assert group_of(graph_of((1, 2, 20), (2, 3, 12)), 1, 2)[0] == 0


def test_a_heavier_ring_is_told_from_a_lighter_one_it_touches() -> None:
    graph = graph_of((1, 2, 30), (2, 1, 30), (2, 3, 10), (3, 2, 10))
    assert group_of(graph, 1, 2) == (30, {1, 2})
    assert group_of(graph, 2, 3) == (10, {1, 2, 3})


def test_edges_that_do_not_stand_out_carry_nothing() -> None:
    graph = graph_of((1, 2, 20), (2, 1, 3))
    assert group_of(graph, 1, 2)[0] == 0


def test_more_than_eight_are_a_market() -> None:
    for members, weight in ((MOST_MEMBERS, 12), (MOST_MEMBERS + 1, 0)):
        ring = [(n + 1, (n + 1) % members + 1, 12) for n in range(members)]
        assert group_of(graph_of(*ring), 1, 2)[0] == weight


def test_a_circle_goes_one_way_and_a_pair_to_and_fro() -> None:
    for trades, both_ways in (
        (((1, 2, 12), (2, 3, 12), (3, 1, 12)), False),
        (((1, 2, 12), (2, 3, 12), (3, 1, 12), (2, 1, 30)), True),
        (((1, 2, 12), (2, 1, 12)), True),
    ):
        graph, group = graph_of(*trades), Group()
        find_group(graph, group, *places_of(graph, 1, 2), 4, 3.0)
        assert goes_to_and_fro(graph, group, 4, 3.0) is both_ways


def test_the_share_inside_is_that_of_the_member_least_bound() -> None:
    graph, group = graph_of((1, 2, 10), (2, 1, 10), (1, 50, 4), (1, 51, 4), (60, 1, 4)), Group()
    find_group(graph, group, *places_of(graph, 1, 2), 4, 3.0)
    assert least_inside(graph, group) == pytest.approx(20 / 32)


def test_the_chance_of_a_group_is_that_of_its_likeliest_edge() -> None:
    graph, group = graph_of((1, 2, 20), (2, 1, 9)), Group()
    find_group(graph, group, *places_of(graph, 1, 2), 4, 3.0)
    there, back = places_of(graph, 1, 2)
    assert chance_of_group(graph, group, 3.0) == poisson_tail(9, expected(graph, back, there))
