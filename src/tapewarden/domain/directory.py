"""Who and what the dense numbers of a batch stand for: instruments, accounts and sources."""

from __future__ import annotations

from dataclasses import dataclass, field

from tapewarden.domain.errors import FieldError
from tapewarden.domain.identifiers import Interner, OrderNames
from tapewarden.domain.numbers import MAX_EXPONENT, MIN_EXPONENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """What is traded where, and the exponents its integers are at.

    A price of ``p`` units is ``p * 10**price_exponent`` in quote currency; likewise sizes. ``tick`` and
    ``lot`` are in units and ``None`` where the source does not say.
    """

    symbol: str
    venue: str
    price_exponent: int
    size_exponent: int
    tick: int | None = None
    lot: int | None = None
    version: int = 1

    def __post_init__(self) -> None:
        for name in ("price_exponent", "size_exponent"):
            value = getattr(self, name)
            if not MIN_EXPONENT <= value <= MAX_EXPONENT:
                raise FieldError(name, f"{MIN_EXPONENT} to {MAX_EXPONENT}", str(value))
        for name in ("tick", "lot"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise FieldError(name, "a positive number of units", str(value))

    @property
    def name(self) -> str:
        """Symbol and venue, such as ``BTC-USD@SIM``: the instrument's name everywhere."""
        return f"{self.symbol}@{self.venue}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A trading identity at a venue; ``owner`` is its beneficial owner, ``None`` where unknown."""

    name: str
    owner: str | None = None

    @property
    def actor(self) -> str:
        """Whom detectors watch: the owner where known, otherwise the account itself."""
        return self.owner or self.name


@dataclass(slots=True)
class Directory:
    """The instruments, accounts and sources that batches refer to by dense number.

    It only grows, so a number given out stays valid. Changing an instrument's exponents is refused:
    that is a new version, hence a new tape segment.
    """

    instruments: list[Instrument] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    sources: Interner = field(default_factory=Interner)
    order_names: OrderNames = field(default_factory=OrderNames)
    _instrument_numbers: dict[str, int] = field(default_factory=dict)
    _account_numbers: dict[str, int] = field(default_factory=dict)

    def add_instrument(self, instrument: Instrument) -> int:
        """The number of this instrument, new at its first use; ``FieldError`` if it contradicts itself."""
        known = self._instrument_numbers.get(instrument.name)
        if known is not None:
            if self.instruments[known] != instrument:
                raise FieldError(instrument.name, str(self.instruments[known]), str(instrument))
            return known
        number = self._instrument_numbers[instrument.name] = len(self.instruments)
        self.instruments.append(instrument)
        return number

    def add_account(self, name: str, owner: str | None = None) -> int:
        """The number of this account, a new one at its first use; ``FieldError`` if it changes its owner."""
        known = self._account_numbers.get(name)
        if known is not None:
            account = self.accounts[known]
            if owner is not None and account.owner is None:
                self.accounts[known] = Account(name=name, owner=owner)
            elif owner is not None and account.owner != owner:
                raise FieldError(f"account {name}", f"owner {account.owner}", owner)
            return known
        number = self._account_numbers[name] = len(self.accounts)
        self.accounts.append(Account(name=name, owner=owner))
        return number

    def find_instrument(self, name: str) -> int | None:
        """The number of the instrument of this name if there is one."""
        return self._instrument_numbers.get(name)

    def find_account(self, name: str) -> int | None:
        """The number of the account of this name if there is one."""
        return self._account_numbers.get(name)

    def account_number(self, name: str) -> int:
        """The number of the account of this name; ``KeyError`` if there is none."""
        return self._account_numbers[name]

    def account_name(self, number: int) -> str | None:
        """The name of an account, ``None`` for an unknown one."""
        return self.accounts[number].name if number >= 0 else None

    def source_name(self, number: int) -> str:
        """The name of a source, empty for an unknown one."""
        return self.sources.text(number) if 0 <= number < len(self.sources) else ""
