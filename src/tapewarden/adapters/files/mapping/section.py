"""Reading a TOML table key by key, so that no wrong key or value passes unnoticed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from tapewarden.domain.errors import ConfigurationError


def nearest(word: str, words: Iterable[str]) -> str:
    """What to say of a wrong word: the right ones, and the nearest of them."""
    known = list(words)
    near = get_close_matches(word, known, n=1, cutoff=0)
    return f"expected one of {', '.join(known)}" + (f"; nearest is {near[0]!r}" if near else "")


class Section:
    """One table of the file. ``close`` refuses keys nobody asked for; every error names the place."""

    def __init__(self, table: dict[str, Any], where: str, path: str) -> None:
        self._table = table
        self._asked: dict[str, None] = {}
        self.where = where
        self.path = path

    def __contains__(self, key: str) -> bool:
        self._asked[key] = None
        return key in self._table

    def get(self, key: str) -> object:
        """Any value, ``None`` if the key is absent."""
        self._asked[key] = None
        value: object = self._table.get(key)
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text; required without ``default``."""
        value = self.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value:
            raise self.error(key, f"expected a text, received {shown(value)}")
        return value

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.error(key, f"expected true or false, received {shown(value)}")
        return value

    def whole(self, key: str) -> int | None:
        """A whole number, ``None`` if the key is absent."""
        value = self.get(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise self.error(key, f"expected a whole number, received {shown(value)}")
        return value

    def choice(self, key: str, words: Iterable[str], default: str) -> str:
        """One of some words."""
        value = self.text(key, default)
        if value not in (known := list(words)):
            raise self.error(key, f"received {value!r}, {nearest(value, known)}")
        return value

    def section(self, key: str) -> Section:
        """A table below this one, empty if absent."""
        value = self.get(key)
        if value is not None and not isinstance(value, dict):
            raise self.error(key, f"expected a table, received {shown(value)}")
        return Section(value or {}, f"{self.where}.{key}" if self.where else key, self.path)

    def sections(self, key: str) -> Iterator[Section]:
        """The tables of an array of tables."""
        value = self.get(key)
        if value is not None and (
            not isinstance(value, list) or not all(isinstance(one, dict) for one in value)
        ):
            raise self.error(key, f"expected tables [[{key}]], received {shown(value)}")
        place = f"{self.where}.{key}" if self.where else key
        for number, table in enumerate(value or [], 1):
            yield Section(table, f"{place}[{number}]", self.path)

    def names(self) -> list[str]:
        """All keys of the table, which count as asked for."""
        self._asked.update(dict.fromkeys(self._table))
        return list(self._table)

    def close(self) -> None:
        """Refuse the table if it has a key nobody asked for."""
        for key in self._table:
            if key not in self._asked:
                raise self.error(key, f"no such key, {nearest(key, self._asked)}")

    def error(self, key: str, message: str) -> ConfigurationError:
        """The error to raise for a key of this table."""
        place = f"{self.where}.{key}" if self.where else key
        return ConfigurationError(f"{self.path}, {place}: {message}")


def shown(value: object) -> str:
    """A value of the file as a message shows it."""
    return "nothing" if value is None else repr(value)
