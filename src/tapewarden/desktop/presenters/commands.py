"""What the command search finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

MOST_FOUND: Final = 12


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do or to go to; ``hint`` is its key or what kind of thing it is."""

    name: str
    hint: str
    act: Callable[[], object]


Finder: TypeAlias = Callable[[str], Iterable[Command]]
"""Commands for a text that somebody types; it may be empty."""


def found(text: str, finders: Iterable[Finder]) -> list[Command]:
    """The commands whose name or hint has every word of the text, those that begin with it first."""
    words = text.casefold().split()
    fitting = [
        command
        for finder in finders
        for command in finder(text)
        if all(word in _text(command) for word in words)
    ]
    begin = text.casefold().strip()
    fitting.sort(key=lambda command: not command.name.casefold().startswith(begin))
    return fitting[:MOST_FOUND]


def _text(command: Command) -> str:
    return f"{command.name} {command.hint}".casefold()
