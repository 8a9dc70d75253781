"""Rules over texts inside a message: whether bytes are UTF-8, and the id an order's text stands for."""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import inline_rule, integer, rule, unsigned

_FNV_OFFSET: Final = 0xCBF29CE484222325
_FNV_PRIME: Final = 0x100000001B3
_TEXT_ID: Final = 1 << 63
_LONGEST_DECIMAL: Final = 19  # digits of 2**63 - 1


@rule
def is_utf8(data: Any, place: int, end: int) -> bool:
    """Whether the bytes are UTF-8 as Unicode defines it (table 3-7 of the standard)."""
    while place < end:
        first = integer(data[place])
        place += 1
        if first < 0x80:
            continue
        if first < 0xC2 or first > 0xF4:
            return False
        more = 1 + (first >= 0xE0) + (first >= 0xF0)
        if end - place < more or not _may_follow(first, integer(data[place])):
            return False
        for byte in range(place + 1, place + more):
            if data[byte] & 0xC0 != 0x80:
                return False
        place += more
    return True


@inline_rule
def _may_follow(first: int, second: int) -> bool:
    """Leaves out what could be shorter, surrogates, and what lies beyond Unicode."""
    least, most = 0x80, 0xBF
    if first == 0xE0:
        least = 0xA0
    elif first == 0xED:
        most = 0x9F
    elif first == 0xF0:
        least = 0x90
    elif first == 0xF4:
        most = 0x8F
    return least <= second <= most


@rule
def text_id(data: Any, place: int, end: int) -> int:
    """What ``tapewarden.domain.identifiers.order_id`` gives for the text, its bits as a signed number."""
    number = _decimal(data, place, end)
    return number if number > 0 else _hash(data, place, end)


@rule
def _decimal(data: Any, place: int, end: int) -> int:
    """The canonical decimal from 1 to 2**63 - 1, or 0 for anything else."""
    if end - place > _LONGEST_DECIMAL or data[place] == ord("0"):
        return integer(0)
    number = unsigned(0)
    for byte in range(place, end):
        digit = integer(data[byte]) - ord("0")
        if digit < 0 or digit > 9:
            return integer(0)
        number = number * unsigned(10) + unsigned(digit)
    return integer(number) if number < unsigned(_TEXT_ID) else integer(0)


@rule
def _hash(data: Any, place: int, end: int) -> int:
    """FNV-1a, then the finalizer of splitmix64, with the bit set that marks a text."""
    value = unsigned(_FNV_OFFSET)
    for byte in range(place, end):
        value = (value ^ unsigned(data[byte])) * unsigned(_FNV_PRIME)
    value = (value ^ (value >> unsigned(30))) * unsigned(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> unsigned(27))) * unsigned(0x94D049BB133111EB)
    return integer((value ^ (value >> unsigned(31))) | unsigned(_TEXT_ID))
