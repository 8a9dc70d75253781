"""Grounds of signals as messages, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from tapewarden.domain.grounds import Alike, Contribution, Grounds
from tapewarden.wire.v1 import surveillance_pb2 as pb

_LINES: Final = ("seen", "usual", "reasons", "against", "next")
_WINDOW: Final = ("actor", "instrument", "start_ns", "end_ns", "distance")
_CONTRIBUTION: Final = ("feature", "value", "median", "effect", "meaning", "words")


def grounds_message(grounds: Grounds) -> pb.Grounds:
    """The message of grounds."""
    return pb.Grounds(**asdict(grounds))


def grounds_of(message: pb.Grounds) -> Grounds:
    """The grounds in a message."""
    return Grounds(
        **{name: getattr(message, name) for name in _LINES},
        alike=tuple(
            Alike(**{name: getattr(one, name) for name in _WINDOW}, differences=tuple(one.differences))
            for one in message.alike
        ),
        contributions=tuple(
            Contribution(**{name: getattr(one, name) for name in _CONTRIBUTION})
            for one in message.contributions
        ),
    )
