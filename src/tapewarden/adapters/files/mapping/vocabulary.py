"""The words a mapping may use, and what they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from tapewarden.domain.kinds import (
    ClientStage,
    EndReason,
    EventKind,
    Flag,
    Initiator,
    LinkKind,
    ReferenceKind,
    Side,
)

SKIP: Final = 0
"""Stands for a row that is passed over."""


class FieldType(Enum):
    """How the cells of a field are read."""

    TIME = auto()
    WORD = auto()
    DECIMAL = auto()
    WHOLE = auto()
    IDENTIFIER = auto()
    NAME = auto()


KINDS: Final[Mapping[str, int]] = {
    **{
        kind.name.lower(): kind.value
        for kind in (
            *(EventKind.PLACE, EventKind.AMEND, EventKind.CANCEL, EventKind.REJECT, EventKind.EXPIRE),
            *(EventKind.TRADE, EventKind.LEVEL, EventKind.CLEAR, EventKind.CLIENT_ORDER, EventKind.REFERENCE),
        )
    },
    "skip": SKIP,
}
SIDES: Final[Mapping[str, int]] = {side.name.lower(): side.value for side in Side}
INITIATORS: Final[Mapping[str, int]] = {one.name.lower(): one.value for one in Initiator}
LINKS: Final[Mapping[str, int]] = {link.name.lower(): link.value for link in LinkKind if link}
TRUTHS: Final[Mapping[str, int]] = {"true": 1, "false": 0, "yes": 1, "no": 0, "1": 1, "0": 0}

_REASONS: Final = {
    **dict.fromkeys((EventKind.AMEND, EventKind.CANCEL, EventKind.REJECT, EventKind.EXPIRE), EndReason),
    EventKind.CLIENT_ORDER: ClientStage,
    EventKind.REFERENCE: ReferenceKind,
}
"""Kinds that have a reason, and its enumeration."""

REASON_WORDS: Final = list(
    dict.fromkeys(code.name.lower() for codes in _REASONS.values() for code in codes if code)
)
REASONS: Final[Mapping[str, int]] = {word: place for place, word in enumerate(REASON_WORDS, 1)}
"""Reasons by number in a list of our own: their codes depend on the kind."""

FLAGS: Final[Mapping[str, int]] = {
    flag.name.lower(): flag.value for flag in Flag if flag.name and flag is not Flag.NONE
}

FIELDS: Final[Mapping[str, FieldType]] = {
    "time": FieldType.TIME,
    "receive_time": FieldType.TIME,
    "kind": FieldType.WORD,
    "reason": FieldType.WORD,
    "initiator": FieldType.WORD,
    "side": FieldType.WORD,
    "price": FieldType.DECIMAL,
    "size": FieldType.DECIMAL,
    "instrument": FieldType.NAME,
    "venue": FieldType.NAME,
    "account": FieldType.NAME,
    "counter_account": FieldType.NAME,
    "buy_account": FieldType.NAME,
    "sell_account": FieldType.NAME,
    "order": FieldType.IDENTIFIER,
    "counter_order": FieldType.IDENTIFIER,
    "buy_order": FieldType.IDENTIFIER,
    "sell_order": FieldType.IDENTIFIER,
    "trade": FieldType.IDENTIFIER,
    "sequence": FieldType.WHOLE,
    **dict.fromkeys(FLAGS, FieldType.WORD),
}
"""What may be known of an event."""

WORDS: Final[Mapping[str, Mapping[str, int]]] = {
    "kind": KINDS,
    "side": SIDES,
    "initiator": INITIATORS,
    "reason": REASONS,
    **dict.fromkeys(FLAGS, TRUTHS),
}
"""The words of each field that has some."""


def reason_codes(kind: int) -> list[int]:
    """Codes of the reasons of an event of this kind, in the order of ``REASONS``; -1 where there is none."""
    codes = _REASONS.get(EventKind(kind)) if kind else None
    names = {} if codes is None else {code.name.lower(): code.value for code in codes}
    return [0, *(names.get(word, -1 if names else 0) for word in REASON_WORDS)]


DEFAULT_REASONS: Final[Mapping[int, int]] = {
    EventKind.AMEND: EndReason.USER,
    EventKind.CANCEL: EndReason.USER,
    EventKind.EXPIRE: EndReason.EXPIRY,
}
"""Reason of a kind where the file tells none."""

INITIATORS_OF_REASONS: Final[Mapping[int, int]] = {
    EndReason.USER: Initiator.MEMBER,
    EndReason.MASS_CANCEL: Initiator.MEMBER,
    EndReason.DISCONNECT: Initiator.SYSTEM,
    EndReason.SELF_TRADE_PREVENTION: Initiator.VENUE,
    EndReason.EXPIRY: Initiator.SYSTEM,
    EndReason.VENUE: Initiator.VENUE,
    EndReason.LIQUIDATION: Initiator.VENUE,
    EndReason.POST_ONLY: Initiator.VENUE,
    EndReason.FILLED: Initiator.VENUE,
}
"""Who acts for a reason, where the file does not tell."""
