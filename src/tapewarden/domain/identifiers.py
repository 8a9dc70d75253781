"""Numbers for the texts that sources use as identifiers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

TEXT_ID: Final = 1 << 63
"""Set in an order or trade id that stands for a text, not for the decimal number itself."""

_FNV_OFFSET: Final = 0xCBF29CE484222325
_FNV_PRIME: Final = 0x100000001B3
_MASK: Final = (1 << 64) - 1


def order_id(text: str) -> int:
    """The 64-bit id of an order's or trade's text, the same in every process.

    A canonical decimal from 1 to 2**63 - 1 is its own id. Any other text is hashed (FNV-1a, then the
    finalizer of splitmix64) with ``TEXT_ID`` set: among a million live orders of an instrument two
    share an id with a probability of about one in ten million. Cost: linear in the length.
    """
    if text.isascii() and text.isdigit() and text[0] != "0" and len(text) <= 19:
        number = int(text)
        if number < TEXT_ID:
            return number
    value = _FNV_OFFSET
    for byte in text.encode():
        value = ((value ^ byte) * _FNV_PRIME) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return (value ^ (value >> 31)) | TEXT_ID


class Interner:
    """Texts numbered densely from 0 in order of first use. Numbers mean nothing outside this object."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._texts: list[str] = []

    def __len__(self) -> int:
        return len(self._texts)

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __contains__(self, text: str) -> bool:
        return text in self._numbers

    def number(self, text: str) -> int:
        """The number of ``text``, a new one at its first use."""
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = len(self._texts)
            self._texts.append(text)
        return number

    def find(self, text: str) -> int | None:
        """The number of ``text`` if it has one."""
        return self._numbers.get(text)

    def text(self, number: int) -> str:
        """The text of a number; ``IndexError`` for one never given out."""
        if number < 0:
            raise IndexError(number)
        return self._texts[number]


class OrderNames:
    """Texts of the order and trade ids that stand for one (``TEXT_ID``), the newest ``limit`` of them.

    Bounded because a tape may name more orders than fit in memory; an older one is shown as ``~`` and
    its id in hexadecimal. Which names are kept depends on tape order alone.
    """

    def __init__(self, limit: int = 1_000_000) -> None:
        self.limit = limit
        self._texts: dict[int, str] = {}

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """The ids remembered, with their texts, the oldest first."""
        return iter(self._texts.items())

    def learn(self, number: int, text: str) -> None:
        """Remember the text of an id, forgetting the oldest one beyond the limit."""
        if number & TEXT_ID:
            self._texts.pop(number, None)
            self._texts[number] = text
            if len(self._texts) > self.limit:
                del self._texts[next(iter(self._texts))]

    def find(self, number: int) -> str | None:
        """The text of an id that stands for one, if it is remembered."""
        return self._texts.get(number)

    def text(self, number: int) -> str:
        """What the source calls this order or trade."""
        if not number & TEXT_ID:
            return str(number)
        return self._texts.get(number, f"~{number:016x}")
