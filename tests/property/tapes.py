"""Arbitrary directories and batches that fit them."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from tapewarden.domain.batch import COLUMN_TYPES, EventBatch
from tapewarden.domain.directory import Directory, Instrument
from tapewarden.domain.identifiers import TEXT_ID, order_id

names = st.text(max_size=8)
exponents = st.integers(-18, 9)
units = st.none() | st.integers(1, 1000)


@st.composite
def directories(draw: st.DrawFn, names: st.SearchStrategy[str] = names) -> Directory:
    known = Directory()
    for symbol in draw(st.lists(names, max_size=3, unique=True)):
        known.add_instrument(
            Instrument(
                symbol=symbol,
                venue="V",
                price_exponent=draw(exponents),
                size_exponent=draw(exponents),
                tick=draw(units),
                lot=draw(units),
                version=draw(st.integers(1, 3)),
            )
        )
    for name in draw(st.lists(names, max_size=3, unique=True)):
        known.add_account(name, draw(st.none() | names))
    for text in draw(st.lists(names, min_size=1, max_size=3, unique=True)):
        known.sources.number(text)
    return known


@st.composite
def ids(draw: st.DrawFn, known: Directory) -> int:
    """A decimal id, an id whose text is known, or one whose text is not."""
    text = draw(st.none() | names | names.map(lambda text: "~" + text))
    if text is None:
        return draw(st.integers(0, 2**64 - 1))
    number = order_id(text)
    known.order_names.learn(number, text)
    return number


@st.composite
def batches(draw: st.DrawFn, known: Directory, max_size: int = 5) -> EventBatch:
    """Rows of any value at all, but dense numbers within the directory's tables."""
    values: dict[str, st.SearchStrategy[int]] = {
        name: st.integers(int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)) | st.integers(0, 3)
        for name, dtype in COLUMN_TYPES.items()
    }
    values |= dict.fromkeys(("price", "size"), values["price"] | st.integers(-(10**6), 10**6))
    values |= dict.fromkeys(("order", "counter_order", "trade"), ids(known))
    values |= dict.fromkeys(("account", "counter_account"), st.integers(-1, len(known.accounts) - 1))
    values["instrument"] = st.integers(-1, len(known.instruments) - 1)
    values["source"] = st.integers(0, len(known.sources) - 1)
    return EventBatch.of_rows(draw(st.lists(st.fixed_dictionaries(values), max_size=max_size)))


def text_ids(batch: EventBatch) -> set[int]:
    """The ids in a batch that may have a text."""
    columns: list[Any] = [batch.order, batch.counter_order, batch.trade]
    return {number for number in np.concatenate(columns).tolist() if number & TEXT_ID}
