"""Which anomaly model watches: models are kept, proposed by one person and promoted by another."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class ModelState(StrEnum):
    """Where a model stands."""

    KEPT = "kept"
    PROPOSED = "proposed"  # runs in the shadow of the champion until somebody else decides
    CHAMPION = "champion"
    RETIRED = "retired"


class Chosen(NamedTuple):
    """Ids of the models that judge: the champion's signals are filed, the challenger's only counted."""

    champion: str | None = None
    challenger: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptModel:
    """What is known of a kept model without its bytes. Times are nanoseconds UTC.

    Attributes:
        id: The first 32 hex digits of the SHA-256 of its bytes; signals name it so.
        name: Given at training.
        card: Its card, JSON.
        size: Bytes.
        state: Where it stands. There is at most one champion and one proposed model.
        kept_by: Who kept it, at ``kept_ns``.
        proposed_by: Who proposed it last, at ``proposed_ns``; ``None`` if nobody did.
        promoted_by: Who made it the champion last, at ``promoted_ns``; never who proposed it.
    """

    id: str
    name: str
    card: str
    size: int
    state: ModelState
    kept_by: str
    kept_ns: int
    proposed_by: str | None = None
    proposed_ns: int | None = None
    promoted_by: str | None = None
    promoted_ns: int | None = None
