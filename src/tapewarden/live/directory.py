"""The directory of a tape without an end: bounded, dated, and told on to the engine piece by piece."""

from __future__ import annotations

from typing import Final, NamedTuple

from tapewarden.domain.directory import Account, Directory, Instrument
from tapewarden.domain.errors import FieldError
from tapewarden.domain.identifiers import Interner, OrderNames

MOST_INSTRUMENTS: Final = 10_000
MOST_ACCOUNTS: Final = 2_000_000
MOST_SOURCES: Final = 100_000
"""Sources and feeds together."""


class News(NamedTuple):
    """What a directory has learned since it was asked last, in the order in which it did."""

    instruments: list[Instrument]
    accounts: list[Account]
    sources: list[str]
    names: list[tuple[int, str]]

    def tell(self, directory: Directory) -> None:
        """Teach another directory, which then gives out the same dense numbers."""
        for instrument in self.instruments:
            directory.add_instrument(instrument)
        for account in self.accounts:
            directory.add_account(account.name, account.owner)
        for source in self.sources:
            directory.sources.number(source)
        for number, name in self.names:
            directory.order_names.learn(number, name)


class Ownership(NamedTuple):
    """An owner that became known after the account: two accounts belong together from now on."""

    account: int
    other: int


class _NamesToTell(OrderNames):
    """Texts of ids on their way to the engine's directory, which is the one that remembers them."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[int, str]] = []

    def learn(self, number: int, text: str) -> None:
        self.told.append((number, text))


class _BoundedInterner(Interner):
    def number(self, text: str) -> int:
        if len(self) >= MOST_SOURCES and text not in self:
            raise FieldError("source", f"at most {MOST_SOURCES} sources and feeds", text)
        return super().number(text)


class DatedDirectory(Directory):
    """A directory where nothing applies backwards.

    An owner told with an account's first mention is the account's. One told later is not entered but
    becomes a link to the owner's first account, for the tape (``ownerships``).

    Raises:
        FieldError: By ``add_instrument`` and ``add_account``, also beyond the most there may be.
    """

    def __init__(self, most_instruments: int = MOST_INSTRUMENTS, most_accounts: int = MOST_ACCOUNTS) -> None:
        super().__init__()
        self._names = _NamesToTell()
        self.order_names = self._names
        self.sources = _BoundedInterner()
        self._most = (most_instruments, most_accounts)
        self._told = (0, 0, 0)
        self._firsts: dict[str, int] = {}
        self._later: dict[int, str] = {}
        self._ownerships: list[Ownership] = []

    def add_instrument(self, instrument: Instrument) -> int:
        """As in ``Directory``."""
        known = self.find_instrument(instrument.name)
        if known is None and len(self.instruments) >= self._most[0]:
            raise FieldError("instrument", f"at most {self._most[0]} instruments", instrument.name)
        return super().add_instrument(instrument)

    def add_account(self, name: str, owner: str | None = None) -> int:
        """As in ``Directory``, but for owners that come later than their accounts."""
        number = self.find_account(name)
        if number is None:
            if len(self.accounts) >= self._most[1]:
                raise FieldError("account", f"at most {self._most[1]} accounts", name)
            number = super().add_account(name, owner)
            if owner is not None:
                first = self._firsts.setdefault(owner, number)
                if first in self._later:  # what the engine does not know by their accounts alone
                    self._ownerships.append(Ownership(number, first))
        elif owner is not None and self.accounts[number].owner != owner:
            self._own_later(number, owner)
        return number

    def owner_of(self, number: int) -> str | None:
        """Whose account it is by now."""
        return self.accounts[number].owner or self._later.get(number)

    def _own_later(self, number: int, owner: str) -> None:
        known = self.owner_of(number)
        if known is None:
            self._later[number] = owner
            first = self._firsts.setdefault(owner, number)
            if first != number:
                self._ownerships.append(Ownership(number, first))
        elif known != owner:
            raise FieldError(f"account {self.accounts[number].name}", f"owner {known}", owner)

    def ownerships(self) -> list[Ownership]:
        """The links of owners that became known since this was asked last."""
        found, self._ownerships = self._ownerships, []
        return found

    @property
    def later_owners(self) -> list[tuple[int, str, bool]]:
        """Accounts, owners that became known after them, and whether the account is the owner's first."""
        return [(number, owner, self._firsts[owner] == number) for number, owner in self._later.items()]

    def know_later(self, owners: list[tuple[int, str, bool]]) -> None:
        """Know of ``later_owners``, whose links are on the tape already."""
        for number, owner, is_first in owners:
            self._later[number] = owner
            if is_first:
                self._firsts[owner] = number

    def news(self) -> News:
        """What was learned since this was asked last."""
        instruments, accounts, sources = self._told
        self._told = (len(self.instruments), len(self.accounts), len(self.sources))
        names, self._names.told = self._names.told, []
        return News(
            self.instruments[instruments:],
            self.accounts[accounts:],
            [self.sources.text(number) for number in range(sources, len(self.sources))],
            names,
        )
