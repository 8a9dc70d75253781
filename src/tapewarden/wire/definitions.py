"""What a source says its numbers stand for, before anything of it is believed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from tapewarden.domain.directory import Account, Directory, Instrument
from tapewarden.domain.errors import FieldError, InputError
from tapewarden.domain.identifiers import order_id
from tapewarden.wire.layout import MAX_ID
from tapewarden.wire.parties import account_of, checked_text, instrument_of
from tapewarden.wire.v1 import ingest_pb2

Noun = "Noun"


class Numbered(NamedTuple):
    """A number and what it stands for; ``field`` is where the message says so."""

    field: str
    number: int
    name: str
    noun: Any


class Definitions(NamedTuple):
    """The definitions of one batch, each well-formed and none against what the directory knows."""

    instruments: list[Numbered]
    accounts: list[Numbered]
    feeds: list[Numbered]
    names: list[Numbered]


def read_definitions(message: ingest_pb2.EventBatch, directory: Directory) -> Definitions:
    """The definitions of a message; changes nothing.

    Raises:
        InputError: Naming the definition that is none, or is against another one or the directory.
    """
    known = _Known(directory)
    return Definitions(
        list(_read("instruments", message.instruments, known.instrument)),
        list(_read("accounts", message.accounts, known.account)),
        list(_read("feeds", message.feeds, lambda one: checked_text("name", one.name))),
        [_name(f"names[{place}]", one) for place, one in enumerate(message.names)],
    )


def _read(table: str, messages: Iterable[Any], read: Callable[[Any], Any]) -> Iterator[Numbered]:
    for place, one in enumerate(messages):
        noun = _within(f"{table}[{place}]", read, one)
        yield Numbered(f"{table}[{place}]", one.number, getattr(noun, "name", noun), noun)


def _within(place: str, read: Callable[[Any], Any], message: object) -> Any:
    try:
        return read(message)
    except FieldError as error:
        raise refused(f"{place}: {error.field}", error.expected, error.received) from None


def _name(place: str, message: ingest_pb2.OrderName) -> Numbered:
    name: str = _within(place, lambda one: checked_text("name", one.name, MAX_ID), message)
    if order_id(name) != message.id:
        raise refused(f"{place}: id", f"{order_id(name)}, the id of {name!r}", str(message.id))
    return Numbered(place, message.id, name, name)


def refused(where: str, expected: str, received: str) -> InputError:
    """The error for a definition."""
    return InputError("the batch", expected, received, field=where)


class _Known:
    """The directory and, on top of it, what the batch has said so far."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._instruments: dict[str, Instrument] = {}
        self._owners: dict[str, str] = {}

    def instrument(self, message: Any) -> Instrument:
        instrument = instrument_of(message.instrument)
        number = self._directory.find_instrument(instrument.name)
        known = instrument if number is None else self._directory.instruments[number]
        known = self._instruments.setdefault(instrument.name, known)
        if instrument != known:
            raise FieldError(instrument.name, str(known), str(instrument))
        return instrument

    def account(self, message: Any) -> Account:
        account = account_of(message.account)
        if account.owner is not None:
            number = self._directory.find_account(account.name)
            known = None if number is None else self._directory.accounts[number].owner
            known = self._owners.setdefault(account.name, known or account.owner)
            if account.owner != known:
                raise FieldError(f"account {account.name}", f"owner {known}", account.owner)
        return account
