from __future__ import annotations

from typing import Any

import pytest

from tapewarden.domain.directory import Directory, Instrument


def instrument(**changes: Any) -> Instrument:
    facts: dict[str, Any] = {"symbol": "BTC-USD", "venue": "SIM", "price_exponent": -2, "size_exponent": -8}
    return Instrument(**(facts | changes))


def test_things_are_numbered_in_order_of_first_use() -> None:
    directory = Directory()
    assert [directory.add_instrument(instrument(symbol=symbol)) for symbol in ("BTC", "ETH", "BTC")] == [
        0,
        1,
        0,
    ]
    assert [directory.add_account(name) for name in ("ada", "bob", "ada")] == [0, 1, 0]
    assert [each.name for each in directory.instruments] == ["BTC@SIM", "ETH@SIM"]
    assert [each.name for each in directory.accounts] == ["ada", "bob"]


def test_looking_something_up_does_not_add_it() -> None:
    directory = Directory()
    assert directory.find_instrument("BTC-USD@SIM") is None
    assert directory.find_account("ada") is None
    directory.add_instrument(instrument())
    directory.add_account("ada")
    assert (directory.find_instrument("BTC-USD@SIM"), directory.find_account("ada")) == (0, 0)


def test_the_same_symbol_at_two_venues_is_two_instruments() -> None:
    directory = Directory()
    assert directory.add_instrument(instrument()) != directory.add_instrument(instrument(venue="OTHER"))


def test_an_instrument_may_not_contradict_itself() -> None:
    directory = Directory()
    directory.add_instrument(instrument())
    with pytest.raises(ValueError, match="BTC-USD@SIM: expected"):
        directory.add_instrument(instrument(price_exponent=-3))


def test_an_owner_may_become_known_and_may_not_change() -> None:
    directory = Directory()
    directory.add_account("ada")
    directory.add_account("ada", owner="Ada Ltd")
    directory.add_account("ada")
    assert directory.accounts[0].owner == "Ada Ltd"
    with pytest.raises(ValueError, match="account ada: expected owner Ada Ltd, received Bob Ltd"):
        directory.add_account("ada", owner="Bob Ltd")


def test_an_unknown_account_has_no_name() -> None:
    directory = Directory()
    directory.add_account("ada")
    assert (directory.account_name(0), directory.account_name(-1)) == ("ada", None)


@pytest.mark.parametrize("field", ["price_exponent", "size_exponent"])
@pytest.mark.parametrize("exponent", [-19, 10])
def test_an_exponent_out_of_bounds_is_refused(field: str, exponent: int) -> None:
    with pytest.raises(ValueError, match=f"{field}: expected -18 to 9, received {exponent}"):
        instrument(**{field: exponent})


@pytest.mark.parametrize("field", ["tick", "lot"])
def test_a_step_must_be_positive_or_unknown(field: str) -> None:
    assert getattr(instrument(), field) is None
    with pytest.raises(ValueError, match=f"{field}: expected a positive number of units, received 0"):
        instrument(**{field: 0})
