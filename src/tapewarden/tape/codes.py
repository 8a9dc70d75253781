"""Names of the codes in event columns."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from tapewarden.domain.codes import KNOWN_FLAGS, REASONS
from tapewarden.domain.kinds import EventKind, Flag, Initiator, Side

Code = str | int
"""A code's name where it has one, otherwise its number."""


class CodeNames:
    """Names of one enumeration, both ways."""

    def __init__(self, codes: type[IntEnum]) -> None:
        self._names = {code.value: code.name for code in codes}
        self._values = {code.name: code.value for code in codes}
        self.expected = f"a number or one of {', '.join(self._values)}"

    def name(self, value: int) -> Code:
        """The name of a code, or the number itself."""
        return self._names.get(value, value)

    def value(self, code: Code) -> int:
        """The number of a code; ``KeyError`` for a name there is none of."""
        return code if isinstance(code, int) else self._values[code]


class _NoReason(IntEnum):
    """Of kinds that give none."""

    UNKNOWN = 0


KINDS: Final = CodeNames(EventKind)
INITIATORS: Final = CodeNames(Initiator)
SIDES: Final = CodeNames(Side)
_REASON_NAMES: Final = {kind.value: CodeNames(codes) for kind, codes in REASONS.items()}
_NO_REASON: Final = CodeNames(_NoReason)


def reasons_of(kind: int) -> CodeNames:
    """The names of ``reason`` for events of a kind."""
    return _REASON_NAMES.get(kind, _NO_REASON)


def flag_names(value: int) -> list[Code]:
    """The names of the bits that are set, and the rest as one number."""
    names: list[Code] = [flag.name or flag.value for flag in Flag if flag.value and flag.value & value]
    rest = value & ~KNOWN_FLAGS
    return [*names, rest] if rest else names


def flag_value(names: list[Code]) -> int:
    """The bits that ``flag_names`` named; ``KeyError`` for a name there is none of."""
    value = 0
    for name in names:
        value |= name if isinstance(name, int) else Flag[name].value
    return value
