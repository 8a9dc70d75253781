"""Timing: CPU time, the sides of a comparison in turn, the same work for all."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from time import process_time
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np

from benchmarks.figures import DisagreementError, middle

AT_HAND: Final = 1 << 28
"""Bytes; what a side needs beyond them may be counted as its time."""

Output = TypeVar("Output")


class Timed(NamedTuple):
    """What some work gave, and the CPU seconds it took."""

    output: Any
    seconds: float


def timed(work: Callable[[], Output]) -> Timed:
    """Do the work on a tidied heap and memory at hand, without collections in between."""
    gc.collect()
    have_memory()
    gc.disable()
    try:
        start = process_time()
        output = work()
        return Timed(output, process_time() - start)
    finally:
        gc.enable()


def have_memory() -> None:
    """Make sure that the system has memory at hand which was written to before.

    A virtual machine gives back what it does not use for some seconds. To get it again may take twenty times
    as long as to clear it, and would be counted as time of whoever needs more than the side before.
    """
    np.ones(AT_HAND, np.uint8)


class Rounds(NamedTuple):
    """CPU seconds of each side in each round."""

    seconds: Mapping[str, list[float]]

    def median(self, side: str) -> float:
        """The median CPU seconds of a side."""
        return middle(self.seconds[side])

    def ratio(self, slow: str, quick: str) -> float:
        """How many times the seconds of one side the other takes: the median of the rounds' ratios."""
        pairs = zip(self.seconds[slow], self.seconds[quick], strict=True)
        return middle([one / other for one, other in pairs])


def alternate(
    sides: Mapping[str, Callable[[], Timed]], rounds: int, agree: Callable[[Any, Any], bool]
) -> Rounds:
    """Let the sides run in turn, each round in the opposite order of the last one.

    Raises:
        DisagreementError: If the output of a side is not that of the first one, by ``agree``.
    """
    seconds: dict[str, list[float]] = {side: [] for side in sides}
    for number in range(rounds):
        outputs = {}
        for side in list(sides)[:: -1 if number % 2 else 1]:
            done = sides[side]()
            outputs[side] = done.output
            seconds[side].append(done.seconds)
        check_agreement(outputs, agree)
    return Rounds(seconds)


def check_agreement(outputs: Mapping[str, Any], agree: Callable[[Any, Any], bool]) -> None:
    """Refuse outputs of the same work that differ; ``DisagreementError`` names both sides."""
    sides = iter(outputs)
    first = next(sides)
    for side in sides:
        if not agree(outputs[first], outputs[side]):
            raise DisagreementError(f"{first} and {side}: expected equal outputs, received different ones")
