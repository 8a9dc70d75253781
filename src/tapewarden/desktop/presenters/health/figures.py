"""A server's health as a few figures, each with what to think of it in a word or two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tapewarden.client import ServerHealth
from tapewarden.desktop.presenters.numbers import UNKNOWN, date_text
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.domain.kinds import DAY, SECOND

MANY_WAITING: Final = 50_000
"""Events that wait for the engine from which on it counts as behind."""

LATE_S: Final = 5.0
"""How old the newest event may be before a live feed counts as late."""

_TO_THE_MINUTE: Final = len("2024-01-01 10:00")


@dataclass(frozen=True, slots=True)
class Figure:
    """What, how much, and what to think of it."""

    name: str
    value: str = UNKNOWN
    judgement: str = ""
    tone: Tone = Tone.MUTED


def figures(health: ServerHealth, events_per_second: float | None) -> tuple[Figure, ...]:
    """The server in seven figures."""
    return (
        _coverage(health),
        _blind_time(health),
        _quality(health),
        _judging(health),
        _lag(health),
        _waiting(health, events_per_second),
        _journal(health),
    )


def _coverage(health: ServerHealth) -> Figure:
    blind, known = sum(one.blind for one in health.instruments), len(health.instruments)
    value = f"{known - blind} of {known} markets"
    if not known:
        return Figure("Coverage", value, "no market yet")
    if blind:
        return Figure("Coverage", value, f"blind on {blind} now", Tone.BAD)
    return Figure("Coverage", value, "all are seen", Tone.GOOD)


def _blind_time(health: ServerHealth) -> Figure:
    minutes = sum(one.blind_seconds for one in health.instruments) / 60
    if not minutes:
        return Figure("Blind time", "0 min", "never blind", Tone.GOOD)
    return Figure("Blind time", f"{minutes:,.1f} min", "over all markets", Tone.DOUBTFUL)


def _quality(health: ServerHealth) -> Figure:
    told = [one.quality for one in health.instruments] + [health.unplaced]
    counts = [count for quality in told for _, count in quality]
    gaps = sum(count for quality in told for kind, count in quality if kind == "gap")
    if not counts:
        return Figure("Quality facts", "0", "no gaps", Tone.GOOD)
    judgement = f"{gaps:,} of them gaps" if gaps else "no gaps among them"
    return Figure("Quality facts", f"{sum(counts):,}", judgement, Tone.DOUBTFUL)


def _judging(health: ServerHealth) -> Figure:
    unready = sum(bool(one.unready_on) for one in health.detectors)
    value = f"{unready} of {len(health.detectors)} detectors"
    if unready:
        return Figure("Not evaluated", value, "on some market", Tone.DOUBTFUL)
    if not health.instruments:
        return Figure("Not evaluated", value, "no market yet")
    return Figure("Not evaluated", value, "all can judge", Tone.GOOD)


def _lag(health: ServerHealth) -> Figure:
    if health.clock_ns is None:
        return Figure("Event time", UNKNOWN, "no event yet")
    late = health.at_ns - health.clock_ns
    if late > DAY:
        return Figure("Event time", date_text(health.clock_ns)[:_TO_THE_MINUTE], "replayed or simulated")
    value = f"{late / SECOND:,.1f} s behind"
    if late > LATE_S * SECOND:
        return Figure("Event time", value, "late or quiet", Tone.DOUBTFUL)
    return Figure("Event time", value, "live", Tone.GOOD)


def _waiting(health: ServerHealth, events_per_second: float | None) -> Figure:
    rate = UNKNOWN if events_per_second is None else f"{events_per_second:,.0f}"
    if health.waiting >= MANY_WAITING:
        return Figure("Waiting events", f"{health.waiting:,}", f"behind, {rate}/s", Tone.BAD)
    return Figure("Waiting events", f"{health.waiting:,}", f"keeps up, {rate}/s", Tone.GOOD)


def _journal(health: ServerHealth) -> Figure:
    behind = health.last_frame - health.durable_frame
    if behind or health.pending_bytes:
        kilobytes = health.pending_bytes / 1_000
        return Figure("Journal", f"frame {health.last_frame:,}", f"{kilobytes:,.0f} kB on their way to disk")
    return Figure("Journal", f"frame {health.last_frame:,}", "all on disk", Tone.GOOD)
