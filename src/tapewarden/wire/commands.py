"""Commands on cases as messages, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tapewarden.domain.case import Disposition
from tapewarden.domain.commands import (
    Approve,
    Assign,
    Close,
    Command,
    Decline,
    Escalate,
    FormSuspicion,
    Investigate,
    Reopen,
    Undo,
)
from tapewarden.domain.errors import FieldError
from tapewarden.wire.casework import given, word
from tapewarden.wire.v1 import cases_pb2

_WITH_REASON: Final[Mapping[str, type[Escalate | Approve | Decline | Reopen | Undo]]] = {
    "escalate": Escalate,
    "approve": Approve,
    "decline": Decline,
    "reopen": Reopen,
    "undo": Undo,
}


def command_message(command: Command | Undo) -> cases_pb2.Command:
    """The message of a command."""
    match command:
        case Assign(to):
            return cases_pb2.Command(assign=cases_pb2.Assign(to=to))
        case Investigate():
            return cases_pb2.Command(investigate=cases_pb2.Investigate())
        case FormSuspicion(formed_ns, reason):
            formed = cases_pb2.FormSuspicion(formed_ns=formed_ns, reason=reason)
            return cases_pb2.Command(form_suspicion=formed)
        case Close(disposition, reason, duplicate_of):
            closing = cases_pb2.Close(disposition=disposition, reason=reason, duplicate_of=duplicate_of)
            return cases_pb2.Command(close=closing)
        case Escalate(reason) | Approve(reason) | Decline(reason) | Reopen(reason) | Undo(reason):
            message = cases_pb2.Command()
            name = next(name for name, kind in _WITH_REASON.items() if type(command) is kind)
            getattr(message, name).SetInParent()  # without a reason it would not be there
            getattr(message, name).reason = reason
            return message


def command_of(message: cases_pb2.Command) -> Command | Undo:
    """The command in a message; ``FieldError`` if there is none."""
    name = message.WhichOneof("command")
    if name in _WITH_REASON:
        return _WITH_REASON[name](getattr(message, name).reason)
    match name:
        case "assign":
            return Assign(given(message.assign, "to"))
        case "investigate":
            return Investigate()
        case "form_suspicion":
            return FormSuspicion(message.form_suspicion.formed_ns, message.form_suspicion.reason)
        case "close":
            close = message.close
            disposition = word(Disposition, "disposition", close.disposition)
            return Close(disposition, close.reason, given(close, "duplicate_of"))
        case _:
            raise FieldError("command", "a command", "none")
