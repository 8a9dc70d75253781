"""Who acts together, how busy each actor is, and what is usual on an instrument."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tapewarden.domain.directory import Directory
from tapewarden.domain.kinds import HOUR, SECOND
from tapewarden.engine.acts import BUY, FILL
from tapewarden.engine.measures import Baseline, Decay, add, decayed, learn, robust_z

HALF_LIFE = SECOND
LN_2 = 0.6931471805599453
FORGOTTEN_AFTER = 24 * HOUR
HOLDER_FORGOTTEN_AFTER = 30 * 24 * HOUR
MOVE_WINDOW = 10 * SECOND
MOST_WINDOWS_APART = 2


class Actors:
    """Which accounts act as one, and their roles. Accounts are the directory's numbers plus one."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._actors: dict[int, int] = {}
        self._first_of_owner: dict[str, int] = {}
        self._owned: set[int] = set()
        self.roles: defaultdict[int, int] = defaultdict(int)
        self.market_maker_until: dict[int, int] = {}
        self.informed: list[tuple[int, int]] = []

    def learn_owners(self) -> None:
        """Join the accounts whose owner the directory gives since the last call."""
        for account, entry in enumerate(self._directory.accounts, start=1):
            if entry.owner is not None and account not in self._owned:
                self._owned.add(account)
                self.join(self._first_of_owner.setdefault(entry.owner, account), account)

    def number(self, account: int) -> int:
        """The engine's number of an account of a batch, 0 for one the directory does not have."""
        return account + 1 if 0 <= account < len(self._directory.accounts) else 0

    def of(self, account: int) -> int:
        return self._actors.get(account, account)

    def inform(self, account: int, client: int, role: int) -> None:
        """From now on the account may know of the client's orders, 0: all clients'."""
        self.roles[account] |= role
        if (account, client) not in self.informed:
            self.informed.append((account, client))

    def informed_of(self, client: int) -> dict[int, int]:
        """By actor, the first of its accounts that may know of orders of an actor's accounts."""
        told: dict[int, int] = {}
        for account, counter_account in self.informed:
            actor = self.of(account)
            if actor != client and (not counter_account or self.of(counter_account) == client):
                told.setdefault(actor, account)
        return told

    def join(self, account: int, counter_account: int) -> None:
        joined, actor = self.of(counter_account), self.of(account)
        for member in range(1, len(self._directory.accounts) + 1):
            if self.of(member) == joined:
                self._actors[member] = actor


@dataclass(slots=True)
class Pair:
    """An actor on an instrument."""

    seen: int
    messages: Decay = field(default_factory=Decay)
    window: int = 0
    position: int = 0
    second: int | None = None


class Activity:
    """Message rates of the actors on one instrument, and what is usual there."""

    def __init__(self) -> None:
        self.pairs: dict[int, Pair] = {}
        self.rates = Baseline()
        self.level_sizes = Baseline()
        self.trade_sizes = Baseline()
        self.moves = Baseline()
        self.volume_buy = 0
        self.volume_sell = 0
        self.seconds = 0
        self._second: int | None = None
        self._window: int | None = None
        self._window_mid: Fraction | None = None

    def rate(self, actor: int, ts: int) -> float:
        pair = self.pairs.get(actor)
        return decayed(pair.messages, ts, HALF_LIFE) * LN_2 if pair else 0.0

    def rate_z(self, actor: int, ts: int) -> float:
        return robust_z(self.rates, self.rate(actor, ts), 1.0) if actor else 0.0

    def level_z(self, level_size: int) -> float:
        return robust_z(self.level_sizes, float(level_size), 0.5 * self.level_sizes.median)

    def see(self, actor: int, ts: int, has_orders: bool) -> None:
        """Note an act of an actor."""
        self.touch(actor, ts, has_orders).seen = ts

    def touch(self, actor: int, ts: int, has_orders: bool) -> Pair:
        """The pair of an actor, a fresh one if he was idle for long without orders."""
        pair = self.pairs.get(actor)
        longest = HOLDER_FORGOTTEN_AFTER if pair and pair.position else FORGOTTEN_AFTER
        if pair is None or (not has_orders and ts - pair.seen > longest):
            pair = self.pairs[actor] = Pair(ts)
        return pair

    def hold(self, acts: Iterable[Mapping[str, Any]]) -> None:
        """The parties of a trade hold more, or less."""
        for act in acts:
            if act["kind"] == FILL and act["pair"] is not None:
                self.pairs[act["actor"]].position += act["size"] if act["side"] == BUY else -act["size"]

    def count_message(self, actor: int, ts: int) -> None:
        pair = self.pairs[actor]
        if pair.second != ts // SECOND:
            pair.second = ts // SECOND
            learn(self.rates, self.rate(actor, ts))
        add(pair.messages, 1.0, ts, HALF_LIFE)

    def pass_time(self, ts: int, mid_before: Fraction | None) -> None:
        """End of a row at `ts`: count its second; at each new window of ten seconds learn the move."""
        if self._second != ts // SECOND:
            self._second = ts // SECOND
            self.seconds += 1
        window = ts // MOVE_WINDOW
        if self._window == window:
            return
        close = self._window is not None and window - self._window <= MOST_WINDOWS_APART
        if close and mid_before is not None and self._window_mid is not None:
            learn(self.moves, float(abs(mid_before - self._window_mid)))
        self._window, self._window_mid = window, mid_before
