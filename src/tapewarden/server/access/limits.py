"""Limits per caller: calls per second, and calls at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from tapewarden.domain.errors import LimitError

_MANY: Final = 1_000  # callers; beyond, those that do nothing are forgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one caller may do.

    Attributes:
        calls_per_second: Calls begun, in the long run.
        burst: Calls begun at once after a pause.
        open_calls: Calls that go on at the same time, streams among them.
    """

    calls_per_second: float = 200.0
    burst: int = 400
    open_calls: int = 64


@dataclass(slots=True)
class _Account:
    """A caller's bucket, which fills as time passes, and how many calls go on."""

    left: float
    at_s: float
    calls: int = 0


class Counter:
    """Counts calls; for one event loop. ``clock`` is any that only rises, in seconds."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._accounts: dict[str, _Account] = {}

    @contextmanager
    def counting(self, caller: str) -> Iterator[None]:
        """Count a call from its beginning to its end. ``LimitError`` where it is one too many."""
        account = self._account(caller)
        if account.left < 1:
            raise LimitError(f"{caller} may make {self._limits.calls_per_second:g} calls per second")
        account.left -= 1
        if account.calls >= self._limits.open_calls:
            raise LimitError(f"{caller} may have {self._limits.open_calls} calls and streams at once")
        account.calls += 1
        try:
            yield
        finally:
            account.calls -= 1

    def _account(self, caller: str) -> _Account:
        now, limits = self._clock(), self._limits
        account = self._accounts.get(caller)
        if account is None:
            if len(self._accounts) >= _MANY:
                self._forget(now)
            account = self._accounts[caller] = _Account(limits.burst, now)
        account.left = self._filled(account, now)
        account.at_s = now
        return account

    def _filled(self, account: _Account, now: float) -> float:
        return min(self._limits.burst, account.left + (now - account.at_s) * self._limits.calls_per_second)

    def _forget(self, now: float) -> None:
        """Forget whoever has no calls and a full bucket: they come back as they are."""
        for caller, account in list(self._accounts.items()):
            if account.calls == 0 and self._filled(account, now) >= self._limits.burst:
                del self._accounts[caller]
