"""What `Register` tells: instruments, accounts, owners, and links that become events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from tapewarden.domain.batch import EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.errors import FieldError
from tapewarden.domain.kinds import EventKind, LinkKind
from tapewarden.wire.layout import FULL_CONFIDENCE
from tapewarden.wire.parties import account_of, checked_text, instrument_of
from tapewarden.wire.v1 import ingest_pb2, market_pb2

LAST: Final = 2**63 - 1
"""The last time there is, ns UTC."""


class Registered(NamedTuple):
    """The links as events, and what contradicts what is known or itself."""

    links: EventBatch
    rejects: tuple[ingest_pb2.RegistrationReject, ...]


def register(
    request: ingest_pb2.RegisterRequest, directory: Directory, source: str, latest_ns: int = LAST
) -> Registered:
    """Enter what a request tells, item by item, into the directory.

    The links come back as LINK events of ``source``, in their order, for the tape: they apply from their
    time on, which is ``latest_ns`` or before. Both accounts of a link must be known, if only from the same
    request.
    """
    desk = _Desk(directory, directory.sources.number(source), latest_ns)
    desk.each("instruments", request.instruments, lambda one: directory.add_instrument(instrument_of(one)))
    desk.each("accounts", request.accounts, desk.account)
    desk.each("owners", request.owners, desk.owner)
    desk.each("links", request.links, desk.link)
    return Registered(EventBatch.of_rows(desk.links), tuple(desk.rejects))


class _Desk:
    def __init__(self, directory: Directory, source: int, latest_ns: int) -> None:
        self._directory = directory
        self._latest_ns = latest_ns
        self._source = source
        self.links: list[dict[str, int]] = []
        self.rejects: list[ingest_pb2.RegistrationReject] = []

    def each(self, table: str, items: Any, enter: Callable[[Any], object]) -> None:
        for place, item in enumerate(items):
            try:
                enter(item)
            except FieldError as error:
                self.rejects.append(
                    ingest_pb2.RegistrationReject(
                        item=f"{table}[{place}]",
                        field=error.field or "",
                        expected=error.expected,
                        received=error.received,
                    )
                )

    def account(self, message: market_pb2.Account) -> None:
        account = account_of(message)
        self._directory.add_account(account.name, account.owner)

    def owner(self, message: market_pb2.Owner) -> None:
        owner = checked_text("name", message.name)
        names = [checked_text("accounts", name) for name in message.accounts]
        for name in names:
            number = self._directory.find_account(name)
            known = None if number is None else self._directory.accounts[number].owner
            if known not in {None, owner}:
                raise FieldError(f"account {name}", f"owner {known}", owner)
        for name in names:
            self._directory.add_account(name, owner)

    def link(self, message: market_pb2.Link) -> None:
        if not LinkKind.UNKNOWN < message.kind <= max(LinkKind):
            raise FieldError("kind", "a code of LinkKind", str(message.kind))
        if message.confidence_millionths > FULL_CONFIDENCE:
            confidence = str(message.confidence_millionths)
            raise FieldError("confidence_millionths", f"0 to {FULL_CONFIDENCE}", confidence)
        if not 0 <= message.since_ns <= self._latest_ns:
            raise FieldError("since_ns", f"a time from 0 to {self._latest_ns}", str(message.since_ns))
        self.links.append(
            {
                "kind": EventKind.LINK,
                "reason": message.kind,
                "source": self._source,
                "account": self._known("account", message.account),
                "counter_account": self._known("counter_account", message.counter_account),
                "size": message.confidence_millionths,
                "ts_event": message.since_ns,
            }
        )

    def _known(self, field: str, name: str) -> int:
        number = self._directory.find_account(name)
        if number is None:
            raise FieldError(field, "a known account", repr(name))
        return number
