from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.domain.identifiers import TEXT_ID, Interner, OrderNames, order_id


@given(st.integers(1, TEXT_ID - 1))
def test_a_decimal_is_its_own_id(number: int) -> None:
    assert order_id(str(number)) == number


@given(st.text())
def test_an_id_fits_64_bits_and_is_never_none(text: str) -> None:
    assert 0 < order_id(text) < 2**64


@pytest.mark.parametrize("text", ["", "0", "007", "-1", "1.0", " 1", "٣", "9223372036854775808", "a3f-09"])
def test_any_other_text_is_marked_as_one(text: str) -> None:
    assert order_id(text) & TEXT_ID


def test_ids_of_texts_do_not_depend_on_the_process() -> None:
    assert order_id("a3f-09") == 12155753850394299646


@given(st.lists(st.text(), unique=True))
def test_different_texts_have_different_ids(texts: list[str]) -> None:
    assert len({order_id(text) for text in texts}) == len(texts)


@given(st.lists(st.text(max_size=3)))
def test_texts_are_numbered_in_order_of_first_use(texts: list[str]) -> None:
    interner = Interner()
    numbers = [interner.number(text) for text in texts]
    assert list(interner) == list(dict.fromkeys(texts))
    assert [interner.text(number) for number in numbers] == texts
    assert [interner.find(text) for text in texts] == numbers
    assert len(interner) == len(set(texts))


def test_asking_for_a_text_does_not_number_it() -> None:
    interner = Interner()
    assert interner.find("BTC") is None
    assert "BTC" not in interner
    assert interner.number("BTC") == 0
    assert "BTC" in interner


@pytest.mark.parametrize("number", [-1, 1])
def test_a_number_never_given_out_is_an_error(number: int) -> None:
    interner = Interner()
    interner.number("BTC")
    with pytest.raises(IndexError):
        interner.text(number)


def test_the_newest_names_are_kept() -> None:
    names = OrderNames(limit=2)
    for text in ("one", "two", "one", "three"):
        names.learn(order_id(text), text)
    assert [names.text(order_id(text)) for text in ("one", "three")] == ["one", "three"]
    assert names.text(order_id("two")) == f"~{order_id('two'):016x}"


def test_a_number_needs_no_name() -> None:
    names = OrderNames(limit=1)
    names.learn(order_id("17"), "17")
    names.learn(order_id("one"), "one")
    assert (names.text(17), names.text(order_id("one"))) == ("17", "one")
