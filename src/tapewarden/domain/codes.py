"""Which codes belong together in the columns of an event."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from tapewarden.domain.kinds import (
    ClientStage,
    EndReason,
    EventKind,
    Flag,
    LinkKind,
    QualityKind,
    ReferenceKind,
    WindowKind,
)

REASONS: Final[Mapping[EventKind, type[IntEnum]]] = {
    EventKind.AMEND: EndReason,
    EventKind.CANCEL: EndReason,
    EventKind.REJECT: EndReason,
    EventKind.EXPIRE: EndReason,
    EventKind.CLIENT_ORDER: ClientStage,
    EventKind.LINK: LinkKind,
    EventKind.WINDOW: WindowKind,
    EventKind.REFERENCE: ReferenceKind,
    EventKind.QUALITY: QualityKind,
}
"""What the column `reason` means; it is 0 for every other kind."""

KNOWN_FLAGS: Final = sum(flag.value for flag in Flag)

UNSCALED_SIZES: Final = frozenset({EventKind.LINK.value, EventKind.WINDOW.value})
"""Kinds whose size is no amount of the instrument: millionths, nanoseconds."""


def _allowed_reasons() -> npt.NDArray[np.bool_]:
    allowed = np.ones((256, 256), np.bool_)
    for kind in EventKind:
        allowed[kind] = False
        allowed[kind, [code.value for code in REASONS[kind]] if kind in REASONS else 0] = True
    return allowed


REASON_ALLOWED: Final = _allowed_reasons()
"""Indexed by kind and reason. An unknown kind is a fault of its own, whatever its reason."""
