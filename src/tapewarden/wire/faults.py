"""What is told about a message that is no message of the schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tapewarden.domain.errors import InputError
from tapewarden.wire import fields

WORDS: Final[Mapping[int, tuple[str, str]]] = {
    fields.TRUNCATED: ("a whole value", "the end of the message"),
    fields.LONG_VARINT: ("a varint of at most 10 bytes", "a longer one"),
    fields.LONG_TAG: ("a tag of at most 5 bytes and 32 bits", "a larger one"),
    fields.LONG_LENGTH: ("a length of at most 5 bytes and 31 bits", "a larger one"),
    fields.BEYOND_END: ("a length that ends within its message", "one that ends beyond it"),
    fields.FIELD_ZERO: ("a field number from 1 on", "0"),
    fields.WIRE_TYPE: ("a wire type from 0 to 5", "6 or 7"),
    fields.GROUP_END: ("the end of the group that is open", "the end of another"),
    fields.TOO_DEEP: (f"at most {fields.MAX_DEPTH} groups inside one another", "more"),
    fields.NOT_TEXT: ("UTF-8", "other bytes"),
}
"""What each fault of the kernels expects and receives."""


class WireError(InputError):
    """The bytes of a message are not what they must be; nothing of it was taken.

    ``offset`` is that of the field's tag from the beginning of the message, ``row`` counts from 1.
    """

    def __init__(
        self, offset: int, expected: str, received: str, *, field: str | None = None, row: int | None = None
    ) -> None:
        self.offset = offset
        super().__init__(f"byte {offset} of the batch", expected, received, row=row, field=field)


def wire_error(fault: int, offset: int, field: str, row: int | None) -> WireError:
    """The error for a fault that a kernel found."""
    expected, received = WORDS[fault]
    return WireError(offset, expected, received, field=field, row=row)
