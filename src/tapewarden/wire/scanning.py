"""The kernels that take a message apart: a survey of the whole, then its rows into columns.

Both read bytes they do not trust: every length is held against the message it stands in, and the first fault
ends the work. The survey counts, so that the second kernel writes into tables of the right size.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np

from tapewarden.compiled.borrowing import borrow
from tapewarden.compiled.compiling import inline_rule, kernel, rule
from tapewarden.wire.fields import (
    MAX_DEPTH,
    NOT_TEXT,
    TRUNCATED,
    read_fixed64,
    read_length,
    read_tag,
    read_varint,
    skip_value,
    unzigzag,
)
from tapewarden.wire.texts import is_utf8, text_id

TAGS: Final = 256  # those of the fields of a schema; a larger tag is of an unknown field

FAULT: Final = 0  # places in a report
OFFSET: Final = 1  # of the field at fault
ROW: Final = 2  # at fault, or one of the two below
ROWS: Final = 3
HEADERS: Final = 4
COLUMNS: Final = 5  # whether there is a message of columns
REPORT: Final = 6

NO_ROW: Final = -1  # the fault is in the whole message,
IN_COLUMNS: Final = -2  # or in its columns

HEADER_ROLE: Final = 1  # what a tag of the whole message means
ROW_ROLE: Final = 2
COLUMNS_ROLE: Final = 3

SKIPPED: Final = 0  # how the value of a tag is written
UINT32: Final = 1
ENUM: Final = 2
INT64: Final = 3
SINT64: Final = 4
SFIXED64: Final = 5
STRING: Final = 6

NAMES: Final = 3  # of a row: those of order, counter_order and trade
FIRST_NAMED: Final = 10  # column `order`; `counter_order` and `trade` follow


class Message(NamedTuple):
    """A message being read, and where what is found in it goes."""

    data: Any  # its bytes
    roles: Any  # by tag of the whole message
    spans: Any  # start and end of each column's bytes
    places: Any  # by tag of `Columns`: column + 1, 0 for none
    headers: Any  # start and end of the fields that define something, as many as fit
    forms: Any  # by tag of `Event`: how its value is written
    targets: Any  # by tag of `Event`: its column, or the number of its name
    values: Any  # column after column, one number per row
    starts: Any  # of the names, one row of texts after the other
    ends: Any
    groups: Any  # room for the groups that are open
    report: Any


@rule
def lend(message: Any) -> Any:
    """The same message with its tables borrowed."""
    return Message(
        *(borrow(message.data), borrow(message.roles), borrow(message.spans), borrow(message.places)),
        *(borrow(message.headers), borrow(message.forms), borrow(message.targets), borrow(message.values)),
        *(borrow(message.starts), borrow(message.ends), borrow(message.groups), borrow(message.report)),
    )


@cache
def surveyor(digest: str) -> Callable[[Message], None]:
    """The kernel that counts rows and finds definitions and columns; ``digest`` stands for its sources."""

    def survey(message: Message) -> None:
        version = digest  # noqa: F841  ties the machine code to the sources
        m = lend(message)
        place, end = 0, len(m.data)
        while 0 <= place < end:
            place = survey_field(m, place, end)

    return kernel(survey)


@cache
def row_reader(digest: str) -> Callable[[Message], None]:
    """The kernel that reads the rows of a surveyed message into columns."""

    def read_rows(message: Message) -> None:
        version = digest  # noqa: F841
        m = lend(message)
        place, end, row = 0, len(m.data), 0
        while 0 <= place < end:
            tag, after = read_tag(m.data, place, end)
            if tag < TAGS and m.roles[tag] == ROW_ROLE:
                length, first = read_length(m.data, after, end)
                place = read_row(m, first, first + length, row)
                row += 1
            else:
                place = skip_value(m.data, after, end, tag, m.groups, 0)

    return kernel(read_rows)


@rule
def refuse(m: Any, fault: int, offset: int, row: int) -> int:
    """Note the fault; gives it back, to end the work."""
    m.report[FAULT], m.report[OFFSET], m.report[ROW] = fault, offset, row
    return fault


@inline_rule
def survey_field(m: Any, start: int, end: int) -> int:
    """Look at one field of the whole message; gives the place after it."""
    tag, value = read_tag(m.data, start, end)
    if value < 0:
        return refuse(m, value, start, NO_ROW)
    place = skip_value(m.data, value, end, tag, m.groups, 0)
    if place < 0:
        return refuse(m, place, start, NO_ROW)
    role = m.roles[tag] if tag < TAGS else 0
    if role == ROW_ROLE:
        m.report[ROWS] += 1
    elif role == HEADER_ROLE:
        number = m.report[HEADERS]
        if 2 * number < len(m.headers):
            m.headers[2 * number], m.headers[2 * number + 1] = start, place
        m.report[HEADERS] = number + 1
    elif role == COLUMNS_ROLE:
        m.report[COLUMNS] = 1
        length, first = read_length(m.data, value, end)
        return find_columns(m, first, first + length)
    return place


@rule
def find_columns(m: Any, place: int, end: int) -> int:
    """Note where the bytes of each column stand; gives the place after the last."""
    while place < end:
        start = place
        tag, value = read_tag(m.data, place, end)
        if value < 0:
            return refuse(m, value, start, IN_COLUMNS)
        place = skip_value(m.data, value, end, tag, m.groups, 1)
        if place < 0:
            return refuse(m, place, start, IN_COLUMNS)
        column = m.places[tag] if tag < TAGS else 0
        if column > 0:
            length, first = read_length(m.data, value, end)
            m.spans[2 * column - 2], m.spans[2 * column - 1] = first, first + length
    return place


@inline_rule
def read_row(m: Any, place: int, end: int, row: int) -> int:
    """Read one event; gives the place after it. Of a field given twice the last one counts."""
    while place < end:
        start = place
        tag, place = read_tag(m.data, place, end)
        if place < 0:
            return refuse(m, place, start, row)
        form = m.forms[tag] if tag < TAGS else SKIPPED
        if form == SKIPPED:
            place = skip_value(m.data, place, end, tag, m.groups, 1)
        elif form == STRING:
            place = read_name(m, place, end, NAMES * row + m.targets[tag])
        else:
            place = read_number(m, place, end, form, m.targets[tag] * m.report[ROWS] + row)
        if place < 0:
            return refuse(m, place, start, row)
    name_orders(m, row)
    return place


@inline_rule
def read_number(m: Any, place: int, end: int, form: int, target: int) -> int:
    """Read a number as ``form`` says; gives the place after it."""
    if form == SFIXED64:
        if end - place < 8:
            return TRUNCATED
        m.values[target] = read_fixed64(m.data, place)
        return place + 8
    value, place = read_varint(m.data, place, end)
    if form == UINT32:
        value &= 0xFFFF_FFFF
    elif form == ENUM:
        value = ((value & 0xFFFF_FFFF) ^ 0x8000_0000) - 0x8000_0000
    elif form == SINT64:
        value = unzigzag(value)
    m.values[target] = value
    return place


@rule
def read_name(m: Any, place: int, end: int, target: int) -> int:
    """Note where a text stands; gives the place after it."""
    length, first = read_length(m.data, place, end)
    if first < 0:
        return first
    if not is_utf8(m.data, first, first + length):
        return NOT_TEXT
    m.starts[target], m.ends[target] = first, first + length
    return first + length


@inline_rule
def name_orders(m: Any, row: int) -> None:
    """Give the row the ids that its names stand for."""
    for name in range(NAMES):
        start, end = m.starts[NAMES * row + name], m.ends[NAMES * row + name]
        if start < end:
            m.values[(FIRST_NAMED + name) * m.report[ROWS] + row] = text_id(m.data, start, end)


def new_report() -> Any:
    """A report in which nothing was found yet."""
    report = np.zeros(REPORT, np.int64)
    report[ROW] = NO_ROW
    return report


def new_groups() -> Any:
    """Room for the groups that can be open at once."""
    return np.zeros(MAX_DEPTH, np.int64)
