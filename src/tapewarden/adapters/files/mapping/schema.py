"""`Mapping`: what a mapping file says, checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from tapewarden.adapters.files.mapping.section import Section, nearest, shown
from tapewarden.adapters.files.mapping.vocabulary import FIELDS, LINKS, WORDS, FieldType
from tapewarden.adapters.files.times import UNITS
from tapewarden.domain.directory import Instrument
from tapewarden.domain.errors import ConfigurationError
from tapewarden.domain.numbers import to_units

FORMATS: Final = ("csv", "jsonl", "json", "parquet")
SORTS: Final = ("none", "time", "reversed")

_SUFFIXES: Final = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".parquet": "parquet",
}
_COMPRESSIONS: Final = (".gz", ".xz", ".zst", ".zip")

Column = str | int
"""A column by its name, or by its place from 1."""

Key = tuple[str, str]
"""Symbol and venue of an instrument."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Where one fact about an event stands, and how to read it.

    Either ``column`` or ``constant`` is given. ``words`` are the file's words for ours, ``otherwise`` is ours
    for all others; ``unit`` and ``zone`` are of times.
    """

    name: str
    column: Column | None = None
    constant: str | None = None
    words: Dict[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    unit: str = "iso"
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How a file is cut into rows and cells."""

    name: str | None
    delimiter: str
    header: bool

    def of(self, path: Path) -> str:
        """As stated, otherwise by the file's name; ``ConfigurationError`` if that says nothing."""
        if self.name is not None:
            return self.name
        suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() not in _COMPRESSIONS]
        found = _SUFFIXES.get(suffixes[-1]) if suffixes else None
        if found is None:
            raise ConfigurationError(
                f"{path}: its name does not tell the format; state format = one of {', '.join(FORMATS)}"
            )
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """Files of one shape. ``sort`` is ``none``, ``time`` or ``reversed`` (newest first)."""

    files: str
    format: Format
    sort: str
    fields: Dict[str, Field]

    def columns(self) -> list[Column]:
        """The columns to read, each once."""
        wanted = (field.column for field in self.fields.values())
        return list(dict.fromkeys(column for column in wanted if column is not None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A column that lists accounts which the row's account is linked to."""

    column: Column
    separator: str
    kind: int
    confidence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """What the file of accounts says; without ``time`` its links hold from the start of the tape."""

    format: Format
    account: Column
    owner: Column | None
    links: tuple[Link, ...]
    time: Field | None

    def columns(self) -> list[Column]:
        """The columns to read, each once."""
        time = None if self.time is None else self.time.column
        wanted = (self.account, self.owner, time, *(link.column for link in self.links))
        return list(dict.fromkeys(column for column in wanted if column is not None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A whole mapping file. Declared instruments without exponents are ``None``."""

    path: str
    inputs: tuple[Input, ...]
    instruments: Dict[Key, Instrument | None]
    accounts: Accounts | None

    def input_of(self, path: Path) -> Input:
        """The first input whose pattern fits the file's name; ``ConfigurationError`` if none does."""
        for one in self.inputs:
            if fnmatchcase(path.name, one.files):
                return one
        patterns = ", ".join(repr(one.files) for one in self.inputs)
        raise ConfigurationError(f"{self.path}: no [[input]] for {path.name!r}; files = {patterns}")


def load_mapping(path: Path) -> Mapping:
    """The mapping in a file; ``ConfigurationError`` names the key that is wrong and the nearest right one."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path}: {(error.strerror or str(error)).lower()}") from None
    except ValueError as error:
        raise ConfigurationError(f"{path}: {error}") from None
    root = Section(table, "", str(path))
    instruments = dict(_instrument(section) for section in root.sections("instrument"))
    inputs = tuple(_input(section, list(instruments)) for section in root.sections("input"))
    accounts = _accounts(root.section("accounts")) if "accounts" in root else None
    root.close()
    if not inputs:
        raise root.error("input", "expected at least one table [[input]]")
    return Mapping(path=str(path), inputs=inputs, instruments=instruments, accounts=accounts)


def _instrument(section: Section) -> tuple[Key, Instrument | None]:
    key = section.text("symbol"), section.text("venue")
    price, size = section.whole("price_exponent"), section.whole("size_exponent")
    tick, lot = section.text("tick", ""), section.text("lot", "")
    section.close()
    if price is None and size is None and not tick and not lot:
        return key, None
    if price is None or size is None:
        missing = "price_exponent" if price is None else "size_exponent"
        raise section.error(missing, "expected a whole number, received nothing")
    try:
        instrument = Instrument(
            symbol=key[0],
            venue=key[1],
            price_exponent=price,
            size_exponent=size,
            tick=to_units(tick, price) if tick else None,
            lot=to_units(lot, size) if lot else None,
        )
    except ValueError as error:
        raise ConfigurationError(f"{section.path}, {section.where}: {error}") from None
    return key, instrument


def _input(section: Section, instruments: list[Key]) -> Input:
    fields = section.section("fields")
    known = {name: _field(fields, name) for name in fields.names() if _is_field(fields, name)}
    if len(instruments) == 1:
        for name, value in zip(("instrument", "venue"), instruments[0], strict=True):
            known.setdefault(name, _constant(name, value))
    for name in ("time", "kind", "instrument", "venue"):
        if name not in known:
            raise fields.error(name, "expected a column or a constant, received nothing")
    result = Input(
        files=section.text("files", "*"),
        format=_format(section),
        sort=section.choice("sort", SORTS, "none"),
        fields=known,
    )
    section.close()
    return result


def _format(section: Section) -> Format:
    name = section.choice("format", FORMATS, FORMATS[0]) if "format" in section else None
    delimiter = section.text("delimiter", ",")
    if len(delimiter) != 1 or delimiter in '"\n\r':
        raise section.error("delimiter", f"expected one character, received {delimiter!r}")
    return Format(name=name, delimiter=delimiter, header=section.flag("header", True))


def _is_field(fields: Section, name: str) -> bool:
    if name not in FIELDS:
        raise fields.error(name, f"no such field, {nearest(name, FIELDS)}")
    return True


def _field(fields: Section, name: str) -> Field:
    """A field: the name or place of a column, or a table that says more."""
    value = fields.get(name)
    if isinstance(value, dict):
        return _detailed(fields.section(name), name)
    return Field(name=name, column=_column(fields, name))


def _detailed(section: Section, name: str) -> Field:
    if ("column" in section) == ("constant" in section):
        raise section.error("column", "expected either a column or a constant")
    zone = unit = None
    words: dict[str, str] = {}
    otherwise = None
    if FIELDS[name] is FieldType.TIME:
        unit = section.choice("unit", [*UNITS, "iso"], "iso")
        zone = _named_zone(section)
    if name in WORDS:
        words = _words(section.section("values"), name)
        otherwise = section.choice("otherwise", WORDS[name], "") if "otherwise" in section else None
    column = _column(section, "column") if "column" in section else None
    constant = section.text("constant") if "constant" in section else None
    section.close()
    if constant is not None and name in WORDS and constant not in WORDS[name]:
        raise section.error("constant", f"received {constant!r}, {nearest(constant, WORDS[name])}")
    return Field(
        name=name,
        column=column,
        constant=constant,
        words=words,
        otherwise=otherwise,
        unit=unit or "iso",
        zone=zone or UTC,
    )


def _words(values: Section, name: str) -> dict[str, str]:
    return {word: values.choice(word, WORDS[name], "") for word in values.names()}


def _constant(name: str, value: str) -> Field:
    return Field(name=name, constant=value)


def _column(section: Section, key: str) -> Column:
    value = section.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    if isinstance(value, str) and value:
        return value
    raise section.error(key, f"expected the name of a column or its place from 1, received {shown(value)}")


def _named_zone(section: Section) -> ZoneInfo:
    name = section.text("zone", "UTC")
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        near = get_close_matches(name, available_timezones(), n=1, cutoff=0)
        message = f"expected the name of a time zone, received {name!r}; nearest is {''.join(near)!r}"
        raise section.error("zone", message) from None


def _accounts(section: Section) -> Accounts:
    result = Accounts(
        format=_format(section),
        account=_column(section, "account"),
        owner=_column(section, "owner") if "owner" in section else None,
        links=tuple(_link(link) for link in section.sections("links")),
        time=_field(section, "time") if "time" in section else None,
    )
    section.close()
    return result


def _link(section: Section) -> Link:
    try:
        confidence = to_units(section.text("confidence", "1"), -6)
    except ValueError as error:
        raise section.error("confidence", f"expected {error}") from None
    if not 0 < confidence <= 1_000_000:
        raise section.error("confidence", "expected more than 0 and at most 1")
    result = Link(
        column=_column(section, "column"),
        separator=section.text("separator", ";"),
        kind=LINKS[section.choice("kind", LINKS, "same_owner")],
        confidence=confidence,
    )
    section.close()
    return result
