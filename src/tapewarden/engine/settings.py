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
        lateness: A row further behind its source's clock than this (ns) is late.
    """

    parameters: Mapping[str, tuple[Any, ...]] = field(default_factory=lambda: MappingProxyType({}))
    profiles: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    profile_count: int = 1
    lateness: int = SECOND
