import math

import numpy as np
import pytest

from tapewarden.detectors.pump import DETECTOR, RECENT, WINDOW, Params
from tapewarden.domain.kinds import MINUTE, SECOND
from tapewarden.domain.signal import Signal
from tapewarden.engine.engine import Engine
from tapewarden.engine.scenarios import quiet
from tapewarden.engine.settings import Settings
from tapewarden.runtime.running import tape_of

SMALL = Params(window=30)


def rush_order(at: float, price: float = 100.0) -> str:
    return f"{round(1000 * at)}ms print buy 1 @ {price:.2f}\n" * 2


def chunks(count: int, *, every: int = 30, rush: int = 0) -> str:
    """A buy per chunk and second of warm-up, with a rush order in each ``rush``-th."""
    lines = ""
    for number in range(count):
        lines += "".join(f"{number * every + second}s print buy 1 @ 100\n" for second in range(24))
        if rush and number % rush == 0:
            lines += rush_order(number * every + 24)
    return lines


def signals(text: str, parameters: Params = SMALL) -> list[Signal]:
    tape = tape_of(quiet("a test", text))
    return Engine(tape.directory, [DETECTOR], Settings(parameters={DETECTOR.id: (parameters,)})).process(
        tape.batch
    )


def burst(start: int, orders: int) -> str:
    return "".join(rush_order(start + 0.5 * number, 100.01 + number / 100) for number in range(orders))


def test_the_rise_of_the_deviation_is_that_of_the_counts() -> None:
    (signal,) = signals(chunks(40, rush=5) + burst(1200, 10))
    counts = [int(number % 5 == 0) for number in range(40)]
    needed = next(number for number in range(10) if rise(counts, number) >= SMALL.change)
    assert signal.text.startswith(f"{needed} rush orders")
    assert signal.reasons[0].value == pytest.approx(rise(counts, needed), rel=1e-12)


def rise(counts: list[int], newest: int) -> float:
    """The chunk before the newest is left out: it may overlap the last 25 seconds."""
    known = counts[:-1]
    return deviation([*known[-29:], newest]) / deviation(known[-30:]) - 1


def deviation(counts: list[int]) -> float:
    return max(float(np.std(counts, ddof=1)), SMALL.floor)


def test_a_market_without_rush_orders_does_not_alarm_at_its_first() -> None:
    floor = Params(window=30, floor=1.0)
    needed = math.ceil(1.3032 * 1.0 * math.sqrt(30))
    assert signals(chunks(40) + burst(1200, needed - 1), floor) == []
    assert len(signals(chunks(40) + burst(1200, needed), floor)) == 1


def test_hours_without_trades_change_nothing() -> None:
    asleep = chunks(40, rush=5) + burst(1200 + 50_000, 10)
    awake = chunks(40, rush=5) + burst(1200, 10)
    assert [signal.reasons for signal in signals(asleep)] == [signal.reasons for signal in signals(awake)]


def test_more_rush_orders_than_there_is_room_for_are_no_error() -> None:
    lively = "".join(rush_order(1200 + 0.02 * number, 100 + number / 100) for number in range(2 * RECENT))
    assert len(signals(chunks(40, rush=5) + lively)) == 1


def test_a_signal_begins_with_the_first_rush_order_it_counts() -> None:
    (signal,) = signals(chunks(40, rush=5) + burst(1200, 10))
    assert 0 < signal.end_ns - signal.start_ns <= 10 * SECOND // 2


def test_the_pause_is_a_parameter() -> None:
    text = chunks(40, rush=5) + burst(1200, 10) + burst(1300, 40)
    assert len(signals(text)) == 1
    assert len(signals(text, Params(window=30, pause=MINUTE))) == 2


def test_the_window_fits_its_room() -> None:
    assert Params().window == WINDOW
