"""The tape notation: one event per line, ``TIME VERB ...``, as a person would tell it.

::

    0ms    place s1 sell 50 @ 101 by mallory    # a comment
    1ms    place b1 buy 5 @ bid+1
    2ms    fill b1 5
    900ms  cancel s1

TIME is a duration since the beginning (``900ms``, ``1.5s``, ``24h``); lines stand in time order.

| verb | what happens |
|---|---|
| ``place ORDER SIDE SIZE @ PRICE`` | an order is accepted; without a price it is a market order |
| ``amend ORDER SIZE @ PRICE`` | it gets a new remaining size, and a new price if one is given |
| ``cancel ORDER SIZE`` | size is taken off it, all that remains if none is given |
| ``expire ORDER`` | its time has run out |
| ``reject ORDER SIDE SIZE @ PRICE`` | an order is refused |
| ``fill ORDER SIZE @ PRICE`` | somebody hits the resting order; at its own price if none is given |
| ``trade AGGRESSOR RESTING SIZE @ PRICE`` | two orders of the text meet |
| ``take SIDE SIZE @ LIMIT`` | the account takes what rests on the other side, best first, then cancels |
| ``print SIDE SIZE @ PRICE`` | a public trade, without orders or accounts |
| ``level bid PRICE SIZE`` | the size at a price is now this (``bid`` or ``ask``); 0 removes it |
| ``clear`` | the book starts anew |
| ``link ACCOUNT OTHER KIND CONFIDENCE`` | two accounts share owner, device or information; confidence 1 |
| ``role ACCOUNT KIND`` | an account is the house's or an employee's |
| ``client STAGE ORDER SIDE SIZE @ PRICE`` | a client's order is received, routed or completed |
| ``window KIND DURATION`` | a reference window opens; ``market_maker`` with ``by``: a role |
| ``reference KIND VALUE SIDE`` | index, mark, funding, best_bid ...; open_interest and position are sizes |
| ``quality KIND`` | gap, resync, disconnect ... |
| ``clock`` | time has advanced, nothing else |

After that, in any order: ``@ PRICE``, ``by ACCOUNT`` (``suspect`` if not given, ``nobody`` for unknown),
``on INSTRUMENT`` (``BTC-USD`` if not given), ``because REASON`` (of an end; default ``user``) and
``flags FLAG,FLAG``. A PRICE may be relative to the touch in ticks: ``bid``, ``bid-2``, ``ask+1``, ``mid``.
Names of orders begin with a letter. One price unit, and one tick, is 0.01; one size unit 0.0001.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from tapewarden.domain.durations import to_nanoseconds
from tapewarden.domain.errors import InputError
from tapewarden.engine.parameters import nearest

VERBS: Final = {
    "place": "ORDER SIDE SIZE [@ PRICE] [by ACCOUNT] [flags FLAGS]",
    "amend": "ORDER SIZE [@ PRICE] [because REASON]",
    "cancel": "ORDER [SIZE] [because REASON]",
    "expire": "ORDER",
    "reject": "ORDER SIDE SIZE [@ PRICE] [by ACCOUNT] [because REASON]",
    "fill": "ORDER SIZE [@ PRICE] [by ACCOUNT] [flags FLAGS]",
    "trade": "AGGRESSOR RESTING SIZE [@ PRICE] [flags FLAGS]",
    "take": "SIDE SIZE [@ PRICE] [by ACCOUNT]",
    "print": "SIDE SIZE [@ PRICE] [flags FLAGS]",
    "level": "BOOK PRICE SIZE",
    "clear": "",
    "link": "ACCOUNT OTHER KIND [CONFIDENCE]",
    "role": "ACCOUNT KIND",
    "client": "STAGE ORDER [SIDE] [SIZE] [@ PRICE] [by ACCOUNT]",
    "window": "KIND DURATION [by ACCOUNT]",
    "reference": "KIND VALUE [SIDE] [by ACCOUNT]",
    "quality": "KIND",
    "clock": "",
}
"""What follows each verb, optional parts in brackets; ``on INSTRUMENT`` may follow all of them."""

_CLAUSES: Final = {"@": "price", "by": "by", "on": "on", "because": "because", "flags": "flags"}
_PART: Final = re.compile(r"(\[?)(?:(@|[a-z]+) )?([A-Z]+)\]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a scenario, split into words that are not yet interpreted.

    ``arguments`` are the words of the verb by the name they have in ``VERBS``; the clauses are ``None``
    where not given. ``number`` counts from 1, ``at`` is in nanoseconds since the beginning.
    """

    number: int
    at: int
    verb: str
    arguments: dict[str, str]
    price: str | None = None
    by: str | None = None
    on: str | None = None
    because: str | None = None
    flags: str | None = None


def parse(source: str, text: str) -> tuple[Line, ...]:
    """The lines of a text in tape notation, without comments and empty lines.

    Raises:
        InputError: Naming ``source`` and the line, with what was expected there.
    """
    lines = tuple(_lines(source, text))
    for before, after in pairwise(lines):
        if after.at < before.at:
            raise InputError(source, "lines in time order", "an earlier time", row=after.number)
    return lines


def _lines(source: str, text: str) -> Iterator[Line]:
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.partition("#")[0].split()
        if words:
            try:
                yield _line(number, words)
            except ValueError as error:
                raise InputError(source, str(error), repr(line.strip()), row=number) from error


def _line(number: int, words: list[str]) -> Line:
    at = to_nanoseconds(words[0])
    verb = words[1] if len(words) > 1 else ""
    if verb not in VERBS:
        raise ValueError(f"a verb after the time{nearest(verb, VERBS)}")
    usage = f"{verb} {VERBS[verb]}".strip()
    parts = _PART.findall(VERBS[verb])
    allowed = {keyword for _, keyword, _ in parts if keyword} | {"on"}
    positional, clauses = _split(words[2:], allowed, usage)
    names = [name for _, keyword, name in parts if not keyword]
    required = [name for bracket, keyword, name in parts if not keyword and not bracket]
    if not len(required) <= len(positional) <= len(names):
        raise ValueError(usage)
    arguments = dict(zip(names, positional, strict=False))
    return Line(number=number, at=at, verb=verb, arguments=arguments, **clauses)


def _split(words: list[str], allowed: set[str], usage: str) -> tuple[list[str], dict[str, str]]:
    """The verb's own words, and the clauses after them."""
    positional: list[str] = []
    clauses: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        if word not in _CLAUSES:
            if clauses:
                raise ValueError(usage)
            positional.append(word)
            continue
        value = next(rest, None)
        if value is None or word not in allowed or _CLAUSES[word] in clauses:
            raise ValueError(usage)
        clauses[_CLAUSES[word]] = value
    return positional, clauses
