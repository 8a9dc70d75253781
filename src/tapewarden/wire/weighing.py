"""How the priority of a case comes about, as a message and back."""

from __future__ import annotations

from typing import Final

from tapewarden.domain.weighing import Voice, Weighing
from tapewarden.wire.v1 import cases_pb2 as pb

_VOICE: Final = ("family", "detector", "weight", "score")
_WHOLE: Final = ("earlier_cases", "repetition", "suspicion", "priority")


def weighing_message(weighing: Weighing) -> pb.Weighing:
    """The message of a weighing."""
    return pb.Weighing(
        **{name: getattr(weighing, name) for name in _WHOLE},
        voices=[pb.Voice(**{name: getattr(one, name) for name in _VOICE}) for one in weighing.voices],
        caps=[pb.FamilyCap(family=family, cap=cap) for family, cap in weighing.caps],
        materiality=weighing.materiality,
    )


def weighing_of(message: pb.Weighing) -> Weighing:
    """The weighing in a message."""
    return Weighing(
        **{name: getattr(message, name) for name in _WHOLE},
        voices=tuple(Voice(**{name: getattr(one, name) for name in _VOICE}) for one in message.voices),
        caps=tuple((one.family, one.cap) for one in message.caps),
        materiality=message.materiality if message.HasField("materiality") else None,
    )
