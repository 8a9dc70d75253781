"""Names of keys as people write them, such as ``Ctrl+K``, and what they do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_SHIFT: Final = 0x1
_CONTROL: Final = 0x4
_ALT: Final = 0x8 | 0x20000  # elsewhere, and on Windows

_NAMES: Final = {
    "space": "Space",
    "slash": "/",
    "bracketleft": "[",
    "bracketright": "]",
    "question": "?",
    "Return": "Enter",
    "KP_Enter": "Enter",
    "Prior": "PgUp",
    "Next": "PgDn",
}


@dataclass(frozen=True, slots=True)
class Binding:
    """A key, what it does in a few words, and the doing."""

    key: str
    meaning: str
    act: Callable[[], object]


def key_name(keysym: str, state: int) -> str:
    """The name of a key as Tk tells it: its symbol, and the modifiers held as bits.

    >>> key_name("k", 4)
    'Ctrl+K'
    """
    name = _NAMES.get(keysym, keysym)
    letter = len(name) == 1 and name.isalpha()
    parts = []
    if state & _CONTROL:
        parts.append("Ctrl")
    if state & _ALT:
        parts.append("Alt")
    if state & _SHIFT and (letter or len(name) > 1):
        parts.append("Shift")
    return "+".join([*parts, name.upper() if letter else name])


def types_text(name: str) -> bool:
    """Whether a key belongs to a text field that has the focus, so that no shortcut may take it."""
    return not name.startswith(("Ctrl+", "Alt+")) and name != "Escape" and not _is_function_key(name)


def _is_function_key(name: str) -> bool:
    return len(name) > 1 and name[0] == "F" and name[1:].isdigit()
