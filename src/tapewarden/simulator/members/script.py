"""Scripts: what a member does, written as a generator that yields what it waits for.

    def buy_dip(desk):
        order = desk.place(Side.BUY, desk.usual_size, desk.bid)
        yield Pause(5 * SECOND, until_answer=order.has_ended)
        desk.cancel(order)

The script goes on when the time is over, or as soon as an answer of the exchange to any of its desks makes
``until_answer`` true.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapewarden.domain.kinds import DAY

if TYPE_CHECKING:
    from tapewarden.simulator.members.desk import Desk


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait for so many ns, a day at most, or until an answer of the exchange makes a condition true."""

    duration: int
    until_answer: Callable[[], bool] | None = None


Script = Generator[Pause, None, None]


class Performance:
    """A script being performed at one or several desks, from ``start`` (ns) on."""

    def __init__(self, desks: Sequence[Desk], script: Script, start: int) -> None:
        self._clock = desks[0]
        self._script: Script | None = script
        self._condition: Callable[[], bool] | None = None
        for desk in desks:
            desk.on_wake(self._wake)
        self._clock.wait_until(start)

    @property
    def is_over(self) -> bool:
        """Whether the script has come to its end."""
        return self._script is None

    def _wake(self, answered: bool) -> None:
        if answered and not (self._condition is not None and self._condition()):
            return
        if self._script is None:
            return
        try:
            pause = next(self._script)
        except StopIteration:
            self._script = None
            return
        self._condition = pause.until_answer
        self._clock.wait_until(self._clock.now + min(pause.duration, DAY))
