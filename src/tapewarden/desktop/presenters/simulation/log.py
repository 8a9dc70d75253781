"""The log of a simulated market: what was let loose on it, when, and whether anybody saw it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from tapewarden.desktop.presenters.numbers import UNKNOWN, clock_text
from tapewarden.desktop.presenters.rows import Cell
from tapewarden.desktop.presenters.simulation.waiting import wait_s
from tapewarden.desktop.presenters.simulation.watch import Look
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.domain.kinds import MINUTE
from tapewarden.domain.simulation import Performed, Phase, Result, ScenarioFacts, SimulationState

SIMULATED: Final = "SIM"

_TONES: Final = {
    Result.PENDING: Tone.DOUBTFUL,
    Result.DETECTED: Tone.GOOD,
    Result.MISSED: Tone.BAD,
    Result.NOT_EVALUATED: Tone.DOUBTFUL,
    Result.IDLE: Tone.MUTED,
    Result.LEFT_ALONE: Tone.GOOD,
    Result.ACCUSED: Tone.BAD,
}


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line: of a scenario by its number on a run, or with number -1 of the market itself."""

    run: int
    number: int
    cells: tuple[Cell, ...]
    signals: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[int, int]:
        """What names it."""
        return self.run, self.number


def log_lines(look: Look, scenarios: Mapping[str, ScenarioFacts]) -> list[LogLine]:
    """All lines of a run, the latest first; the market itself is the oldest."""
    state = look.state
    if state.phase is Phase.IDLE:
        return []
    performed = sorted(look.truth.performances, key=lambda one: (_began(one, state), one.number))
    lines = [_line(one, look, scenarios.get(one.wish.scenario)) for one in performed]
    return [*reversed(lines), _market_line(state)]


def _line(performed: Performed, look: Look, scenario: ScenarioFacts | None) -> LogLine:
    began = _began(performed, look.state)
    return LogLine(
        look.state.run,
        performed.number,
        (
            Cell(clock_text(began) if began else UNKNOWN),
            Cell(SIMULATED, Tone.DOUBTFUL),
            Cell(_name(performed.wish.scenario, scenario)),
            Cell(_markets(performed)),
            Cell(_parameters(performed), Tone.MUTED),
            Cell(_result(performed), _TONES[performed.result]),
            _delay(performed, look),
            Cell(_signals(performed.signals), Tone.ACCENT),
        ),
        performed.signals,
    )


def _market_line(state: SimulationState) -> LogLine:
    wish = state.wish
    told = "" if wish is None else (
        f"seed {wish.seed} · {wish.rate:g} orders/s · {wish.accounts:,} accounts · {wish.minutes:g} min"
    )  # fmt: skip
    return LogLine(
        state.run,
        -1,
        (
            Cell(clock_text(state.begin_ns)),
            Cell(SIMULATED, Tone.DOUBTFUL),
            Cell("normal market"),
            Cell(f"{len(state.instruments)} markets"),
            Cell(told, Tone.MUTED),
            Cell(state.phase.value, Tone.BAD if state.phase is Phase.FAILED else Tone.MUTED),
            Cell(),
            Cell(),
        ),
    )


def delay_text(seconds: float | None) -> str:
    """A time from harm to signal.

    >>> delay_text(75.0)
    '1 min 15 s'
    """
    if seconds is None:
        return UNKNOWN
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def wait_text(seconds: float) -> str:
    """About how long it still takes.

    >>> wait_text(75.4)
    'in ~1 min 15 s'
    """
    minutes, rest = divmod(round(seconds), 60)
    if minutes:
        return f"in ~{minutes} min {rest} s"
    return f"in ~{rest} s" if rest else "soon"


def _delay(performed: Performed, look: Look) -> Cell:
    """How long it took to be seen, or how long the result is still to be waited for."""
    wait = wait_s(look, performed)
    if wait is None:
        return Cell(delay_text(performed.detected_after_s))
    return Cell(wait_text(wait), Tone.MUTED)


def _began(performed: Performed, state: SimulationState) -> int:
    """Event time at which it came, 0 where only the market knows that yet."""
    if performed.wish.after_ns is not None:
        return state.begin_ns + performed.wish.after_ns
    return 0 if performed.episode is None else performed.episode.start_ns


def _name(scenario: str, facts: ScenarioFacts | None) -> str:
    return scenario if facts is None or facts.twin_of is None else f"{scenario} (honest)"


def _markets(performed: Performed) -> str:
    if performed.episode is not None:
        return ", ".join(performed.episode.instruments)
    return performed.wish.instrument or "told when over"


def _parameters(performed: Performed) -> str:
    seed = "market's seed" if performed.wish.seed is None else f"seed {performed.wish.seed}"
    told = f"{seed} · intensity {performed.wish.severity:.2f}"
    if performed.episode is None:
        most = performed.wish.duration_ns
        return told if most is None else f"{told} · {most / MINUTE:g} min at most"
    return f"{told} · {(performed.episode.end_ns - performed.episode.start_ns) / MINUTE:.1f} min"


def _result(performed: Performed) -> str:
    """As the server says it; before, whether it still goes on: some act until the market closes."""
    goes_on = performed.result is Result.PENDING and performed.episode is None
    return "goes on" if goes_on else performed.result.value


def _signals(signals: Iterable[str]) -> str:
    first, *rest = [*signals, ""]
    more = len(rest) - 1
    return f"{first[:8]} +{more}" if more > 0 else first[:8]
