"""What an engine is told besides the tape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from tapewarden.domain.kinds import SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Parameters by profile, and how late a row may be.

    Attributes:
        parameters: By detector id, one instance of its ``Params`` per profile; absent: its defaults.
        profiles: By instrument name, which profile applies; absent: profile 0.
        profile_count: How many profiles there are.
        exceptions: By detector id, whether it reports in general, and the instruments where it is otherwise.
        lateness: A row further behind its source's clock than this (ns) is late.
    """

    parameters: Mapping[str, tuple[Any, ...]] = field(default_factory=lambda: MappingProxyType({}))
    profiles: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    profile_count: int = 1
    exceptions: Mapping[str, tuple[bool, frozenset[str]]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    lateness: int = SECOND

    def reports(self, detector: str, instrument: str) -> bool:
        """Whether a detector is enabled on an instrument; what it finds elsewhere is dropped, uncounted."""
        in_general, otherwise = self.exceptions.get(detector, (True, frozenset()))
        return in_general != (instrument in otherwise)
