"""The language that chooses trades: ``sym:BTC-USD qty>1 flag:any acct:0417``.

Every word must fit. ``name:text`` looks for a part of a text whatever its case, ``name>number`` compares;
``name=text`` for the whole of it; ``-`` before a word turns it round; quotes keep blanks together, and two of
them inside are one. A word alone is looked for in markets and accounts.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.desktop.presenters.trade_ring import BILLION, UNRATED, TradeRing
from tapewarden.domain.kinds import Side
from tapewarden.domain.signal import Signal

Column = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]

_WORD = re.compile(r'(-?)(?:([a-zA-Z]+)(:|>=|<=|>|<|=))?(?:"((?:[^"]|"")*)"?|(\S*))')
_COMPARISONS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
}
_TEXTS: Final = ("sym", "acct", "buyer", "seller", "side", "flag")
_NUMBERS: Final = ("price", "qty", "notional", "unusual")
_SIDES: Final = {"buy": Side.BUY, "sell": Side.SELL, "unknown": Side.UNKNOWN}


class FilterError(ValueError):
    """A filter that cannot be read; the message is for people."""


@dataclass(frozen=True, slots=True)
class Word:
    """One condition: of a field, or with an empty one of any text."""

    field: str
    comparison: str
    text: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class TradeFilter:
    """All of some conditions; without any, every trade fits."""

    words: tuple[Word, ...] = ()

    @property
    def needs_signals(self) -> bool:
        """Whether a signal that comes later may change what fits."""
        return self._asks_for("flag")

    @property
    def needs_ratings(self) -> bool:
        """Whether what a model says later may change what fits."""
        return self._asks_for("unusual")

    def _asks_for(self, field: str) -> bool:
        return any(word.field == field for word in self.words)

    def fitting(self, ring: TradeRing, numbers: Column, signals: Sequence[Signal]) -> Column:
        """Those of the trades that fit; ``signals`` are what the ring's marks are places in."""
        fits: Mask = np.ones(len(numbers), np.bool_)
        for word in self.words:
            fits &= _mask(word, ring, numbers, signals) ^ word.negated
        fitting: Column = numbers[fits]
        return fitting


def read_filter(text: str) -> TradeFilter:
    """The filter in a text.

    Raises:
        FilterError: A field, number, side or comparison that is none; says what would be.
    """
    words = []
    for match in _WORD.finditer(text):
        minus, field, comparison, inside, plain = match.groups()
        value = plain if inside is None else inside.replace('""', '"')
        if not value and not field:
            continue
        words.append(_checked(Word((field or "").lower(), comparison or ":", value.lower(), bool(minus))))
    return TradeFilter(tuple(words))


def quoted(text: str) -> str:
    """A text as one word of a filter, whatever is in it."""
    return '"' + text.replace('"', '""') + '"' if re.search(r'\s|"', text) else text


def _checked(word: Word) -> Word:
    if word.field and word.field not in (*_TEXTS, *_NUMBERS):
        raise FilterError(f"{word.field}: not a field; there are {', '.join((*_TEXTS, *_NUMBERS))}")
    if word.field in _NUMBERS:
        if word.comparison == ":":
            raise FilterError(f"{word.field}: compare with > >= < <= or =, as in {word.field}>1")
        _number(word)
    elif word.comparison not in (":", "="):
        raise FilterError(f"{word.field}{word.comparison}: a text is looked for with a colon, {word.field}:…")
    if word.field == "side" and word.text not in _SIDES:
        raise FilterError(f"side:{word.text}: expected buy, sell or unknown")
    return word


def _number(word: Word) -> float:
    try:
        return float(word.text.replace(",", ""))
    except ValueError:
        wrong = f"{word.field}{word.comparison}{word.text}: expected a number after {word.comparison}"
        raise FilterError(wrong) from None


def _mask(word: Word, ring: TradeRing, numbers: Column, signals: Sequence[Signal]) -> Mask:
    match word.field:
        case "sym":
            return _instruments(word, ring, numbers)
        case "buyer" | "seller":
            return _accounts(word, ring, ring.column(word.field, numbers))
        case "acct":
            return _of_anybody(word, ring, numbers)
        case "side":
            return np.asarray(ring.column("side", numbers) == _SIDES[word.text])
        case "flag":
            return _flags(word, ring, numbers, signals)
        case "":
            return _instruments(word, ring, numbers) | _of_anybody(word, ring, numbers)
        case _:
            return np.asarray(_COMPARISONS[word.comparison](_amounts(word, ring, numbers), _number(word)))


def _instruments(word: Word, ring: TradeRing, numbers: Column) -> Mask:
    names = (instrument.name for instrument in ring.parties.instruments)
    return _lookup(word, list(names), ring.column("instrument", numbers))


def _of_anybody(word: Word, ring: TradeRing, numbers: Column) -> Mask:
    buyers, sellers = ring.column("buyer", numbers), ring.column("seller", numbers)
    return _accounts(word, ring, buyers) | _accounts(word, ring, sellers)


def _accounts(word: Word, ring: TradeRing, column: Column) -> Mask:
    return _lookup(word, ring.parties.accounts, column)


def _lookup(word: Word, names: Sequence[str], column: Column) -> Mask:
    """Which places of a column have a fitting name; -1, the last entry of the table, has none."""
    fits = (_fits(word, name.lower()) for name in names)
    return np.array([*fits, False], np.bool_)[column]


def _fits(word: Word, name: str) -> bool:
    return name == word.text if word.comparison == "=" else word.text in name


def _flags(word: Word, ring: TradeRing, numbers: Column, signals: Sequence[Signal]) -> Mask:
    marks = ring.column("signal", numbers)
    if word.text in ("any", "none"):
        return np.asarray((marks >= 0) == (word.text == "any"))
    named = [f"{one.detector} {one.typology} {one.severity} {one.family}" for one in signals]
    return _lookup(word, named, marks)


def _amounts(word: Word, ring: TradeRing, numbers: Column) -> Column:
    """Prices, sizes, what was paid or how unusual, as people write them; NaN where that is not known."""
    if word.field == "unusual":
        rarity = ring.column("rarity", numbers)
        return np.where(rarity == UNRATED, np.nan, 100 - 100 * rarity / BILLION)
    instruments = ring.parties.instruments
    place = ring.column("instrument", numbers)
    price_scale = np.array([10.0**one.price_exponent for one in instruments] or [1.0])[place]
    size_scale = np.array([10.0**one.size_exponent for one in instruments] or [1.0])[place]
    price = ring.column("price", numbers) * price_scale
    size = ring.column("size", numbers) * size_scale
    amounts: dict[str, Column] = {"price": price, "qty": size, "notional": price * size}
    return amounts[word.field]
