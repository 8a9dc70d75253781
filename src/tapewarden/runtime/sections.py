"""Reading a TOML file key by key, so that whatever is wrong is named by file and dotted key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from tapewarden.domain.durations import to_nanoseconds
from tapewarden.domain.errors import ConfigurationError
from tapewarden.domain.kinds import SECOND
from tapewarden.engine.parameters import nearest

Choice = TypeVar("Choice")

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@dataclass(slots=True)
class Section:
    """One table of a file. Keys that nobody asked about by the time of ``finish`` are refused.

    Every method that reads raises ``ConfigurationError`` for a value of the wrong kind.
    """

    file: str
    key: str
    values: dict[str, Any]
    _asked: set[str] = field(default_factory=set)

    @staticmethod
    def of_text(file: str, text: str) -> Section:
        """The top of a TOML text."""
        try:
            return Section(file, "", tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise ConfigurationError(f"{file}: {error}") from error

    def place(self, name: str) -> str:
        """File and dotted key of an entry, for messages."""
        return f"{self.file}, {self.key}.{name}" if self.key else f"{self.file}, {name}"

    def refuse(self, name: str, expected: str) -> ConfigurationError:
        """The error for an entry that is not what it must be, or that is missing."""
        received = repr(self.values[name]) if name in self.values else "nothing"
        return ConfigurationError(f"{self.place(name)}: expected {expected}, received {received}")

    def rest(self) -> dict[str, Any]:
        """The entries that nobody asked about so far; they count as asked about."""
        rest = {name: value for name, value in self.values.items() if name not in self._asked}
        self._asked.update(rest)
        return rest

    def finish(self) -> None:
        """Refuse entries that nobody asked about, naming the nearest that somebody did."""
        for name in self.values:
            if name not in self._asked:
                raise ConfigurationError(f"{self.place(name)}: no such key{nearest(name, self._asked)}")

    def section(self, name: str) -> Section:
        """A table below this one, empty where there is none."""
        value = self._take(name, {})
        if not isinstance(value, dict):
            raise self.refuse(name, "a table")
        return Section(self.file, f"{self.key}.{name}".lstrip("."), value)

    def sections(self, name: str) -> Iterator[Section]:
        """The tables of an array, none where there is none; each is finished when the next is asked for."""
        entries = self._take(name, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise self.refuse(name, "an array of tables")
        for number, entry in enumerate(entries, start=1):
            section = Section(self.file, f"{self.key}.{name}[{number}]".lstrip("."), entry)
            yield section
            section.finish()

    def flag(self, name: str, *, default: bool) -> bool:
        """True or false."""
        value = self._take(name, default)
        if not isinstance(value, bool):
            raise self.refuse(name, "true or false")
        return value

    def text(self, name: str, default: str | None = None) -> str | None:
        """A text that is not empty; ``default`` where there is none."""
        value = self._take(name, default)
        if value is not None and not (isinstance(value, str) and value):
            raise self.refuse(name, "a text")
        return None if value is None else str(value)

    def whole(self, name: str, default: int, *, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self._take(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.refuse(name, f"a whole number from {least} to {most}")
        return value

    def texts(self, name: str, default: Iterable[str] | None = None) -> tuple[str, ...]:
        """A list of texts; required unless there is a default."""
        value = self._take(name, default)
        if not isinstance(value, (list, tuple)) or not all(isinstance(text, str) for text in value):
            raise self.refuse(name, "a list of texts")
        return tuple(value)

    def one_of(self, name: str, choices: dict[str, Choice]) -> Choice:
        """What one of some words stands for; required."""
        value = self._take(name, None)
        if not isinstance(value, str) or value not in choices:
            close = nearest(value, choices) if isinstance(value, str) else ""
            raise ConfigurationError(f"{self.refuse(name, 'one of ' + ', '.join(choices))}{close}")
        return choices[value]

    def share(self, name: str, default: float) -> float:
        """A number from 0 to 1."""
        value = self._take(name, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
            raise self.refuse(name, "a number from 0 to 1")
        return float(value)

    def duration(self, name: str, default: int | None = None) -> int:
        """A duration such as ``5s``, above 0, in nanoseconds; required unless there is a default."""
        value = self._take(name, None)
        if value is None and default is not None:
            return default
        try:
            nanoseconds = to_nanoseconds(value) if isinstance(value, str) else 0
        except ValueError as error:
            raise self.refuse(name, str(error)) from error
        if nanoseconds <= 0:
            raise self.refuse(name, "a duration above 0, such as 500ms, 5s or 24h")
        return nanoseconds

    def instant(self, name: str) -> int | None:
        """A date and time with its offset from UTC, as nanoseconds UTC; ``None`` where there is none."""
        value = self._take(name, None)
        if value is None:
            return None
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise self.refuse(name, "a date and time with its offset, such as 2026-01-01T00:00:00Z")
        since = value - _EPOCH
        return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds * 1000

    def _take(self, name: str, default: object) -> Any:  # noqa: ANN401  whatever TOML holds
        self._asked.add(name)
        return self.values.get(name, default)
