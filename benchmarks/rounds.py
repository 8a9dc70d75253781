"""Timing: CPU time, the sides of a comparison in turn, the same work for all."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from time import process_time
from typing import Any, NamedTuple, TypeVar

from benchmarks.figures import DisagreementError, middle

Output = TypeVar("Output")


class Timed(NamedTuple):
    """What some work gave, and the CPU seconds it took."""

    output: Any
    seconds: float


def timed(work: Callable[[], Output]) -> Timed:
    """Do the work on a tidied heap, without collections in between."""
    gc.collect()
    gc.disable()
    try:
        start = process_time()
        output = work()
        return Timed(output, process_time() - start)
    finally:
        gc.enable()


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
