"""Rules that read one protobuf field: tags, varints, lengths, and the values of fields nobody knows.

Each returns a place in the bytes, or a fault (below 0) instead of one. A rule never reads at or beyond
``end``, whatever the bytes claim. Source of the format: Protocol Buffers documentation, *Encoding*.
"""

from __future__ import annotations

from typing import Any, Final

from tapewarden.compiled.compiling import inline_rule, integer, rule

TRUNCATED: Final = -1  # faults
LONG_VARINT: Final = -2
LONG_TAG: Final = -3
LONG_LENGTH: Final = -4
BEYOND_END: Final = -5
FIELD_ZERO: Final = -6
WIRE_TYPE: Final = -7
GROUP_END: Final = -8
TOO_DEEP: Final = -9
NOT_TEXT: Final = -10

VARINT: Final = 0  # wire types
FIXED64: Final = 1
BYTES: Final = 2
GROUP: Final = 3
END_OF_GROUP: Final = 4
FIXED32: Final = 5

MAX_TAG: Final = 2**32 - 1
MAX_LENGTH: Final = 2**31 - 1
SHORT: Final = 5  # bytes of a tag or a length at most
MAX_DEPTH: Final = 100
"""Messages and groups inside one another, as many as the generated classes allow."""


@inline_rule
def read_varint(data: Any, place: int, end: int) -> tuple[int, int]:
    """The low 64 bits of the varint at ``place``, as a signed number, and the place after it."""
    value = integer(0)
    for shift in range(0, 70, 7):
        if place >= end:
            return value, TRUNCATED
        byte = integer(data[place])
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
    return value, LONG_VARINT


@inline_rule
def read_tag(data: Any, place: int, end: int) -> tuple[int, int]:
    """Field number * 8 + wire type, and the place after it."""
    tag, after = read_any_tag(data, place, end)
    return tag, FIELD_ZERO if tag < 8 and after >= 0 else after


@inline_rule
def read_any_tag(data: Any, place: int, end: int) -> tuple[int, int]:
    """The same, where a field number of 0 may stand: the generated classes take it inside groups."""
    tag, after = read_varint(data, place, end)
    if after == LONG_VARINT or after - place > SHORT or tag > MAX_TAG:
        return tag, LONG_TAG
    return tag, after


@inline_rule
def read_length(data: Any, place: int, end: int) -> tuple[int, int]:
    """The length at ``place`` and the place after it, from where so many bytes follow before ``end``."""
    length, after = read_varint(data, place, end)
    if after < 0:
        return length, LONG_LENGTH if after == LONG_VARINT else after
    if after - place > SHORT or length > MAX_LENGTH:
        return length, LONG_LENGTH
    if length > end - after:
        return length, BEYOND_END
    return length, after


@rule
def skip_value(data: Any, place: int, end: int, tag: int, groups: Any, depth: int) -> int:
    """The place after the value of a field whose tag was read.

    ``groups`` is room for ``MAX_DEPTH`` field numbers; ``depth`` messages are open around the field.
    """
    if tag & 7 != GROUP:
        return skip_plain(data, place, end, tag & 7)
    level = depth
    groups[level] = tag >> 3
    while level >= depth:
        tag, place = read_any_tag(data, place, end)
        if place < 0:
            return place
        if tag & 7 == GROUP:
            level += 1
            if level >= MAX_DEPTH:
                return TOO_DEEP
            groups[level] = tag >> 3
        elif tag & 7 == END_OF_GROUP:
            if groups[level] != tag >> 3:
                return GROUP_END
            level -= 1
        else:
            place = skip_plain(data, place, end, tag & 7)
            if place < 0:
                return place
    return place


@rule
def skip_plain(data: Any, place: int, end: int, wire_type: int) -> int:
    """The place after a value that is no group."""
    if wire_type == VARINT:
        return read_varint(data, place, end)[1]
    if wire_type == BYTES:
        length, after = read_length(data, place, end)
        return after + length if after >= 0 else after
    if wire_type == FIXED64:
        return place + 8 if end - place >= 8 else TRUNCATED
    if wire_type == FIXED32:
        return place + 4 if end - place >= 4 else TRUNCATED
    return GROUP_END if wire_type == END_OF_GROUP else WIRE_TYPE


@inline_rule
def read_fixed64(data: Any, place: int) -> int:
    """The signed number in the eight bytes at ``place``, which the caller knows to be there."""
    value = integer(0)
    for byte in range(8):
        value |= integer(data[place + byte]) << (8 * byte)
    return value


@inline_rule
def unzigzag(value: int) -> int:
    """The signed number that a ``sint64`` stands for."""
    return ((value >> 1) & 0x7FFF_FFFF_FFFF_FFFF) ^ -(value & 1)
