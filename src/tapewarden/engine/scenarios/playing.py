"""Playing a scenario: its text, line by line, over the ambient market it asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum
from typing import Final, TypeVar

from tapewarden.domain.batch import NO_ORDER, UNKNOWN, EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.domain.durations import to_nanoseconds
from tapewarden.domain.errors import InputError
from tapewarden.domain.kinds import (
    SECOND,
    ClientStage,
    EndReason,
    EventKind,
    Flag,
    LinkKind,
    QualityKind,
    ReferenceKind,
    Side,
    WindowKind,
)
from tapewarden.domain.numbers import from_units, to_units
from tapewarden.engine.parameters import nearest
from tapewarden.engine.scenarios.ambient import advance, warmed
from tapewarden.engine.scenarios.draft import PRICE_EXPONENT, SIZE_EXPONENT, Draft, Order, initiator_of
from tapewarden.engine.scenarios.notation import Line, parse
from tapewarden.engine.scenarios.scenario import Scenario

PAUSE: Final = 10 * SECOND
"""Between two playings of a text, unless it says `every`; as long the ambient market goes on at the end."""

DEFAULT_SYMBOL: Final = "BTC-USD"
DEFAULT_ACCOUNT: Final = "suspect"
_TAKERS: Final = 5  # accounts that take turns at hitting the text's orders

_RELATIVE: Final = re.compile(r"(bid|ask|mid)([+-]\d+)?")
_SIDES: Final = {"buy": Side.BUY, "sell": Side.SELL, "unknown": Side.UNKNOWN}
_BOOK_SIDES: Final = {"bid": Side.BUY, "ask": Side.SELL}
_STAGES: Final = {
    "receive": ClientStage.RECEIVED,
    "route": ClientStage.ROUTED,
    "complete": ClientStage.COMPLETED,
}
_LINKS: Final = {
    "owner": LinkKind.SAME_OWNER,
    "device": LinkKind.DEVICE,
    "information": LinkKind.INFORMATION,
}
_ROLES: Final = {"house": LinkKind.HOUSE, "employee": LinkKind.EMPLOYEE}
_SIZED_REFERENCES: Final = {ReferenceKind.OPEN_INTEREST, ReferenceKind.POSITION}

Code = TypeVar("Code", bound=IntEnum)
Choice = TypeVar("Choice")


def play(scenario: Scenario) -> tuple[EventBatch, Directory]:
    """The tape of a scenario, always the same, and what its numbers stand for.

    Raises:
        InputError: Naming the scenario and the line, for bad notation or what cannot happen, such as
            filling more than an order has.
    """
    source = f"scenario {scenario.name!r}"
    lines = parse(source, scenario.text)
    if not lines:
        raise InputError(source, "at least one line", "none")
    every = scenario.every or lines[-1].at + PAUSE
    if scenario.repeat > 1 and every < lines[-1].at:
        raise InputError(source, "`every` not shorter than the text", f"{every} ns")
    symbols = tuple(dict.fromkeys([DEFAULT_SYMBOL, *(line.on for line in lines if line.on)]))
    draft, markets = warmed(scenario.market, symbols, scenario.warm)
    start = scenario.warm * SECOND if markets else 0
    for playing in range(scenario.repeat):
        player = _Player(draft, playing)
        for line in lines:
            advance(draft, markets, start + playing * every + line.at)
            draft.now = start + playing * every + line.at
            try:
                player.play(line)
            except ValueError as error:
                expected, received = (*error.args, line.verb)[:2]
                raise InputError(source, expected, received, row=line.number) from error
    advance(draft, markets, draft.now + PAUSE)
    return draft.batch(), draft.directory


class _Player:
    """Plays lines on a draft; names of orders belong to one playing of the text."""

    def __init__(self, draft: Draft, playing: int) -> None:
        self._draft = draft
        self._suffix = f".{playing + 1}" if playing else ""
        self._orders: dict[str, Order] = {}
        self._hits = 0
        self._line: Line
        self._instrument = UNKNOWN

    def play(self, line: Line) -> None:
        self._line = line
        self._instrument = self._draft.instrument(line.on or DEFAULT_SYMBOL)
        verb: Callable[[], None] = getattr(self, f"_{line.verb}")
        verb()

    def _place(self) -> None:
        order = self._new_order(self._line.arguments["ORDER"])
        if order.price == UNKNOWN:
            order.flags |= Flag.MARKET
        self._draft.place(self._instrument, order)

    def _amend(self) -> None:
        order = self._live("ORDER")
        size = self._size(least=0)
        self._draft.amend(self._instrument, order, size, self._price(order.price), self._reason())

    def _cancel(self) -> None:
        size = self._size() if "SIZE" in self._line.arguments else None
        self._draft.end(EventKind.CANCEL, self._instrument, self._live("ORDER"), size, self._reason())

    def _expire(self) -> None:
        self._draft.end(EventKind.EXPIRE, self._instrument, self._live("ORDER"), None, EndReason.EXPIRY)

    def _reject(self) -> None:
        order, reason = self._new_order(self._line.arguments["ORDER"]), self._reason()
        self._draft.write(
            EventKind.REJECT,
            self._instrument,
            order=order.number,
            account=order.account,
            side=order.side,
            price=order.price,
            size=order.size,
            reason=reason,
            initiator=initiator_of(reason),
        )

    def _fill(self) -> None:
        resting = self._live("ORDER")
        self._hits += 1
        account = self._account(f"stranger-{self._hits % _TAKERS + 1}")
        price, size = self._price(resting.price), self._size()
        aggressor = Order(NO_ORDER, account, Side(-resting.side), price, size)
        self._draft.trade(self._instrument, aggressor, resting, size, price, self._flags())

    def _trade(self) -> None:
        aggressor, resting = self._live("AGGRESSOR"), self._live("RESTING")
        price = self._price(resting.price)
        self._draft.trade(self._instrument, aggressor, resting, self._size(), price, self._flags())

    def _take(self) -> None:
        side, size = self._side(), self._size()
        number = self._draft.next_number()
        order = Order(number, self._account(DEFAULT_ACCOUNT), side, self._price(UNKNOWN), size)
        self._draft.take(self._instrument, order)

    def _print(self) -> None:
        price = self._price(UNKNOWN)
        if price == UNKNOWN:
            raise ValueError("@ PRICE")
        self._draft.write(
            EventKind.TRADE,
            self._instrument,
            trade=self._draft.next_number(),
            side=self._side(),
            price=price,
            size=self._size(),
            flags=self._flags(),
        )

    def _level(self) -> None:
        side = _choose(_BOOK_SIDES, self._line.arguments["BOOK"])
        price = self._number_price(self._line.arguments["PRICE"])
        self._draft.set_level(self._instrument, side, price, self._size(least=0))

    def _clear(self) -> None:
        self._draft.clear(self._instrument)

    def _link(self) -> None:
        words = self._line.arguments
        self._draft.write(
            EventKind.LINK,
            account=self._draft.directory.add_account(words["ACCOUNT"]),
            counter_account=self._draft.directory.add_account(words["OTHER"]),
            reason=_choose(_LINKS, words["KIND"]),
            size=to_units(words.get("CONFIDENCE", "1"), -6),
        )

    def _role(self) -> None:
        account = self._draft.directory.add_account(self._line.arguments["ACCOUNT"])
        kind = _choose(_ROLES, self._line.arguments["KIND"])
        self._draft.write(EventKind.LINK, account=account, reason=kind, size=10**6)

    def _client(self) -> None:
        words = self._line.arguments
        stage = _choose(_STAGES, words["STAGE"])
        order = self._orders.get(words["ORDER"]) or self._new_order(words["ORDER"], "client")
        self._draft.write(
            EventKind.CLIENT_ORDER,
            self._instrument,
            order=order.number,
            account=order.account,
            side=order.side,
            price=order.price,
            size=order.size,
            reason=stage,
        )

    def _window(self) -> None:
        kind = _code(WindowKind, self._line.arguments["KIND"])
        length = to_nanoseconds(self._line.arguments["DURATION"])
        account = self._account(DEFAULT_ACCOUNT) if self._line.by else UNKNOWN
        self._draft.write(EventKind.WINDOW, self._instrument, account=account, reason=kind, size=length)

    def _reference(self) -> None:
        kind = _code(ReferenceKind, self._line.arguments["KIND"])
        value = self._line.arguments["VALUE"]
        account = self._account(DEFAULT_ACCOUNT) if self._line.by else UNKNOWN
        if kind in _SIZED_REFERENCES:
            columns = {"size": to_units(value, SIZE_EXPONENT)}
        else:
            columns = {"price": to_units(value, PRICE_EXPONENT)}
        if "SIDE" in self._line.arguments:
            columns["side"] = self._side()
        self._draft.write(EventKind.REFERENCE, self._instrument, account=account, reason=kind, **columns)

    def _quality(self) -> None:
        kind = _code(QualityKind, self._line.arguments["KIND"])
        self._draft.write(EventKind.QUALITY, self._instrument, reason=kind)

    def _clock(self) -> None:
        self._draft.write(EventKind.CLOCK, self._instrument)

    def _new_order(self, name: str, account: str = DEFAULT_ACCOUNT) -> Order:
        """The order a line describes, known by its name from now on."""
        if not name[0].isalpha():
            raise ValueError("a name that begins with a letter", repr(name))
        number = self._draft.number(name + self._suffix)
        price, size = self._price(UNKNOWN), self._size()
        order = Order(number, self._account(account), self._side(), price, size, self._flags())
        self._orders[name] = order
        return order

    def _live(self, argument: str) -> Order:
        name = self._line.arguments[argument]
        order = self._orders.get(name)
        if order is None:
            raise ValueError("the name of an order placed before", repr(name) + nearest(name, self._orders))
        if order.number not in self._draft.book(self._instrument).orders:
            raise ValueError("an order with size left on this instrument", repr(name))
        return order

    def _account(self, default: str) -> int:
        name = self._line.by or default
        return UNKNOWN if name == "nobody" else self._draft.directory.add_account(name)

    def _side(self) -> Side:
        return _choose(_SIDES, self._line.arguments.get("SIDE", ""))

    def _size(self, *, least: int = 1) -> int:
        text = self._line.arguments.get("SIZE", "")
        size = _units("a size", text, SIZE_EXPONENT)
        if size < least:
            raise ValueError(f"a size of at least {from_units(least, SIZE_EXPONENT)}", repr(text))
        return size

    def _price(self, default: int) -> int:
        return default if self._line.price is None else self._number_price(self._line.price)

    def _number_price(self, text: str) -> int:
        """A price in units: a decimal number, or relative to the touch in ticks."""
        match = _RELATIVE.fullmatch(text)
        if match is None:
            return _units("a price", text, PRICE_EXPONENT)
        book = self._draft.book(self._instrument)
        bid, ask = book.best(Side.BUY), book.best(Side.SELL)
        if (bid is None and match[1] != "ask") or (ask is None and match[1] != "bid"):
            raise ValueError("a book with a touch to measure from", repr(text))
        middle = ((bid or 0) + (ask or 0)) // 2
        return {"bid": bid or 0, "ask": ask or 0, "mid": middle}[match[1]] + int(match[2] or 0)

    def _reason(self) -> EndReason:
        return _code(EndReason, self._line.because) if self._line.because else EndReason.USER

    def _flags(self) -> int:
        flags = 0
        for word in (self._line.flags or "").split(","):
            if word:
                flags |= int(_choose({flag.name.lower(): flag for flag in Flag if flag.name}, word))
        return flags


def _units(what: str, text: str, exponent: int) -> int:
    try:
        return to_units(text, exponent)
    except ValueError as error:
        raise ValueError(f"{what}, {error}", repr(text)) from error


def _code(codes: type[Code], word: str) -> Code:
    return _choose({code.name.lower(): code for code in codes}, word)


def _choose(choices: dict[str, Choice], word: str) -> Choice:
    """What a word stands for; ``ValueError`` naming the words that stand for something."""
    if word not in choices:
        raise ValueError(f"one of {', '.join(choices)}", repr(word))
    return choices[word]
