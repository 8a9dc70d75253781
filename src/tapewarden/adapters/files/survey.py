"""Finding the decimal exponents a file needs, in a first pass over it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import pyarrow as pa

from tapewarden.adapters.files.decimals import are_plain, plain_shapes
from tapewarden.domain.directory import Instrument
from tapewarden.domain.numbers import MAX_UNITS, MIN_EXPONENT, exponent_of

_MAX_DIGITS: Final = len(str(MAX_UNITS)) - 1  # every whole number of so many digits fits
_REMEMBERED: Final = 200_000


class DecimalSurvey:
    """Which exponent the decimals seen so far need: the coarsest at which the fewest are lost.

    Lost is a value that would need rounding or that would exceed ``MAX_UNITS``; without hostile or
    damaged values none is. Memory is bounded, and repeated texts cost one look-up.
    """

    def __init__(self) -> None:
        self._shapes: Counter[tuple[int, int]] = Counter()
        self._seen: set[str] = set()

    def see(self, text: str) -> None:
        """Take one decimal text into account; what is none is ignored, for it will be rejected."""
        if text in self._seen:
            return
        if len(self._seen) >= _REMEMBERED:
            self._seen.clear()
        self._seen.add(text)
        try:
            exponent = exponent_of(text)
        except ValueError:
            return
        if exponent >= MIN_EXPONENT:
            self._shapes[exponent, Decimal(text.strip()).adjusted() + 1] += 1

    def see_all(self, texts: Iterable[str]) -> None:
        """Take many decimal texts into account."""
        for text in texts:
            self.see(text)

    def see_column(self, texts: pa.Array) -> None:
        """Take a column without nulls into account."""
        if are_plain(texts):
            self._shapes.update(plain_shapes(texts))
        else:
            self.see_all(texts.unique().to_pylist())

    def absorb(self, other: DecimalSurvey) -> None:
        """Take into account all that ``other`` did."""
        self._shapes.update(other._shapes)

    def exponent(self) -> int:
        """The exponent to use, at most 0."""
        candidates = sorted({exponent for exponent, _ in self._shapes}, reverse=True)
        return min(candidates, key=self._lost, default=0)

    def _lost(self, exponent: int) -> int:
        return sum(
            count
            for (needed, digits), count in self._shapes.items()
            if needed < exponent or digits - exponent > _MAX_DIGITS
        )


class InstrumentSurvey:
    """The exponents of one instrument's prices and sizes."""

    def __init__(self) -> None:
        self.price = DecimalSurvey()
        self.size = DecimalSurvey()

    def see(self, decimals: Iterable[tuple[str, str]]) -> None:
        """Take pairs of price and size into account."""
        for price, size in decimals:
            self.price.see(price)
            self.size.see(size)

    def see_columns(self, prices: pa.Array, sizes: pa.Array) -> None:
        """Take columns of texts into account."""
        for part, texts in ((self.price, prices), (self.size, sizes)):
            part.see_column(texts.drop_null())

    def instrument(self, symbol: str, venue: str) -> Instrument:
        """The instrument at the exponents found."""
        return Instrument(
            symbol=symbol,
            venue=venue,
            price_exponent=self.price.exponent(),
            size_exponent=self.size.exponent(),
        )

    def absorb(self, other: InstrumentSurvey) -> None:
        """Take into account all that ``other`` did."""
        self.price.absorb(other.price)
        self.size.absorb(other.size)
