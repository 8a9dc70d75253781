import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.domain.kinds import DAY, SECOND
from tapewarden.engine.acts import Act
from tapewarden.engine.dealings import (
    OCTAVES,
    ROOM,
    STAND_IN,
    Dealings,
    begin,
    find,
    habit,
    note,
    octave,
    teach,
    usual,
)

CHANCE = 0.05


def trade(maker: int, taker: int, ts: int = 0, size: int = 10) -> Act:
    """The resting side's act."""
    act = Act()
    values = {"actor": maker, "counter_actor": taker, "ts": 10**18 + ts, "size": size, "size_scale": 10.0}
    for name, value in values.items():
        setattr(act, name, value)
    return act


def on_record(*couples: tuple[int, int]) -> Dealings:
    dealings = Dealings()
    for couple in couples:
        begin(dealings, trade(*couple), DAY)
    return dealings


def test_a_couple_is_found_in_either_order() -> None:
    dealings = on_record((1, 2), (3, 4))
    assert [find(dealings, *pair) for pair in ((1, 2), (2, 1), (4, 3), (1, 3))] == [0, 0, 1, -1]


def test_before_anything_is_known_chance_stands_in() -> None:
    assert habit(on_record((1, 2)), 0, trade(1, 2), CHANCE) == pytest.approx(CHANCE)


def test_what_an_actor_does_with_others_in_the_same_role_is_his_habit() -> None:
    dealings = on_record((1, 2))
    for other in range(10, 50):
        teach(dealings, trade(other, 2), alike=True)
    assert habit(dealings, 0, trade(1, 2), CHANCE) > 0.9
    assert habit(dealings, 0, trade(2, 1), CHANCE) == pytest.approx(usual(dealings, trade(1, 2), CHANCE))


def test_each_other_partner_on_record_is_one_example_however_often_they_trade() -> None:
    dealings = on_record((1, 2), (2, 3))
    for n in range(1, 1000):
        note(dealings, 1, trade(2, 3, ts=n), True, CHANCE, DAY)
    assert habit(dealings, 0, trade(1, 2), CHANCE) == pytest.approx((1 + STAND_IN * CHANCE) / (1 + STAND_IN))


def test_the_market_stands_in_by_octaves_of_size() -> None:
    dealings = Dealings()
    for _ in range(100):
        teach(dealings, trade(1, 2, size=10), alike=True)
        teach(dealings, trade(1, 2, size=50), alike=False)
    assert usual(dealings, trade(3, 4, size=11), CHANCE) > 0.9
    assert usual(dealings, trade(3, 4, size=60), CHANCE) < 0.01
    assert usual(dealings, trade(3, 4, size=2), CHANCE) == CHANCE


@given(st.integers(1, 10**9), st.integers(1, 10**6))
def test_octaves_do_not_depend_on_the_unit(size: int, typical: int) -> None:
    assert octave(size, float(typical)) == octave(2 * size, 2.0 * typical) < OCTAVES


def test_an_octave_is_a_factor_of_two() -> None:
    assert [octave(size, 8.0) for size in (1, 2, 3, 4, 8, 15, 16)] == [0, 1, 1, 2, 3, 3, 4]
    assert octave(5, 0.0) == 0


def test_evidence_fades_by_half_in_a_half_life() -> None:
    dealings = on_record((1, 2))
    note(dealings, 0, trade(1, 2, ts=1), True, CHANCE, DAY)
    note(dealings, 0, trade(1, 2, ts=1 + DAY), False, CHANCE, DAY)
    assert dealings.alike[0] == pytest.approx(0.5, abs=1e-3)
    assert dealings.traded[0] == pytest.approx(1.5, abs=1e-3)
    assert dealings.expected[0] == pytest.approx(1.5 * CHANCE, abs=1e-3)


def test_only_what_looks_arranged_is_evidence() -> None:
    dealings = on_record((1, 2))
    for n in range(4):
        act = trade(1, 2, ts=n + 1)
        act.trade = n
        note(dealings, 0, act, n % 2 == 1, CHANCE, DAY)
    assert dealings.looks[0] == 2
    assert dealings.trades[0].tolist()[:2] == [1, 3]


def test_the_couple_with_least_evidence_makes_room() -> None:
    dealings = on_record(*((n, 1000) for n in range(1, ROOM + 1)))
    for place in range(ROOM):
        if place not in (5, 9):
            note(dealings, place, trade(place + 1, 1000, ts=place), True, CHANCE, DAY)
    begin(dealings, trade(7, 8, ts=SECOND), DAY)
    begin(dealings, trade(8, 9, ts=SECOND), DAY)
    assert (find(dealings, 7, 8), find(dealings, 8, 9), dealings.count) == (5, 9, ROOM)


def test_a_couple_that_takes_a_place_starts_afresh() -> None:
    dealings = on_record(*((n, 1000) for n in range(1, ROOM + 1)))
    for place in range(ROOM):
        note(dealings, place, trade(place + 1, 1000, ts=place), True, CHANCE, DAY)
        teach(dealings, trade(place + 1, 2000), True)
    begin(dealings, trade(7, 8, ts=SECOND), DAY)
    (place,) = (find(dealings, 7, 8),)
    numbers = ("traded", "alike", "expected", "told", "looks")
    assert all(getattr(dealings, name)[place] == 0 for name in numbers)
    assert not dealings.others[place].any()
    assert not dealings.trades[place].any()
