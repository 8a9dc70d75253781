"""`Document`: a report in words and pictures, for every format that people read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


class Look(StrEnum):
    """How a column of a table is set."""

    TEXT = "text"
    NUMBER = "number"
    """To the right, digits below each other."""
    CODE = "code"
    """Small, all letters of one width: names of orders, digests."""


class Weight(StrEnum):
    """How loud a paragraph is."""

    PLAIN = "plain"
    QUIET = "quiet"
    """What one may pass over."""
    NOTICE = "notice"
    """What one should not."""
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences; line breaks are kept."""

    text: str
    weight: Weight = Weight.PLAIN
    kind: str = field(default="paragraph", init=False)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a section."""

    text: str
    kind: str = field(default="heading", init=False)


@dataclass(frozen=True, slots=True)
class Fields:
    """Names and values below each other."""

    rows: tuple[tuple[str, str], ...]
    kind: str = field(default="fields", init=False)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; ``share`` of the width, beside those of the others."""

    title: str
    share: float = 1.0
    look: Look = Look.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with as many cells as there are columns; ``caption`` says what of."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: str = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture as SVG, which refers to nothing outside; ``alternative`` says what it shows."""

    svg: str
    caption: str
    alternative: str
    kind: str = field(default="figure", init=False)


Block: TypeAlias = Paragraph | Heading | Fields | Table | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the template that the report follows."""

    number: int
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report: ``title`` and ``subtitle``, what is read first, then sections.

    ``short`` names it on every page. ``mark`` says what the reader must know of every page; empty where
    there is nothing. ``as_of_ns`` is when the case became what is told of it, ns UTC.
    """

    title: str
    subtitle: str
    short: str
    mark: str
    as_of_ns: int
    opening: tuple[Block, ...]
    sections: tuple[Section, ...]
