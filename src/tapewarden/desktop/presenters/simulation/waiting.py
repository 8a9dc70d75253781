"""What has to be waited for: detectors that know too little yet, and results that are not to be told yet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tapewarden.desktop.presenters.simulation.watch import Look
from tapewarden.domain.kinds import MINUTE, SECOND
from tapewarden.domain.simulation import Performed, Result

JUDGED_AFTER: Final = MINUTE
"""How much of the market detectors must have seen behind a scenario before it counts as missed, ns."""


def blindness(look: Look, scenario: str) -> str:
    """Which detectors that should see a scenario cannot do so now, in sentences; empty where all can."""
    facts, markets = look.scenarios.get(scenario), set(look.state.instruments)
    if facts is None or not markets or not look.unready:
        return ""
    told = (_blindness(one, look, markets) for one in facts.expected_detectors)
    return " ".join(filter(None, told))


def _blindness(detector: str, look: Look, markets: set[str]) -> str:
    if detector not in look.unready:
        return f"{detector} does not run on this server."
    unready = sorted(markets.intersection(look.unready[detector]))
    if not unready:
        return ""
    where = "on any market" if len(unready) == len(markets) else f"on {', '.join(unready)}"
    return f"{detector} cannot judge {where} yet: it must see more of it first, so this may go unseen."


def wait_s(look: Look, performed: Performed) -> float | None:
    """Seconds by the clock until the result of a scenario can be told; ``None`` where that is not known.

    It is told once the scenario is over and detectors have seen a minute of market behind it; one that a
    detector has seen by then is told at its end.
    """
    state = look.state
    if performed.result is not Result.PENDING or state.wish is None or not state.wish.speed:
        return None
    end = _end(look, performed)
    return None if end is None else max(0.0, (end - state.now_ns) / SECOND / state.wish.speed)


def _end(look: Look, performed: Performed) -> int | None:
    """Event time at which it can be told; ``None`` where it goes on longer than such scenarios usually do."""
    if performed.episode is not None:
        return performed.episode.end_ns + JUDGED_AFTER
    facts, wish = look.scenarios.get(performed.wish.scenario), performed.wish
    if facts is None or wish.after_ns is None:
        return None
    lengths = [one for one in (wish.duration_ns, facts.usual_length_ns) if one is not None]
    over = look.state.begin_ns + wish.after_ns + min(lengths)
    return over + JUDGED_AFTER if look.state.now_ns < over else None


def longest_wait_s(look: Look, performed: Iterable[Performed]) -> float | None:
    """The longest of these waits; ``None`` where none is known."""
    waits = [one for one in (wait_s(look, one) for one in performed) if one is not None]
    return max(waits, default=None)
