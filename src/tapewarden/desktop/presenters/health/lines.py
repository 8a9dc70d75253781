"""A server's health as rows of tables, and each row at length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tapewarden.client import DetectorFacts, DetectorHealth, InstrumentHealth, SourcePosition
from tapewarden.desktop.presenters.numbers import UNKNOWN
from tapewarden.desktop.presenters.rows import Cell
from tapewarden.desktop.presenters.tone import Tone, pattern_tone
from tapewarden.domain.drift import (
    ENOUGH,
    SHIFTED,
    FeatureShift,
    ModelDrift,
    ModelsStatus,
    ScopeComparison,
    ScopeDrift,
)

UNLIKELY: Final = 0.01
"""How often chance may give as many alerts, or as few, before the count asks for a look."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row: what names it, its cells, and all that is known of it in sentences."""

    key: str
    cells: tuple[Cell, ...]
    text: str


def detector_line(health: DetectorHealth, facts: DetectorFacts | None, markets: int) -> Line:
    """A detector: what it said, what it held back, and where it cannot judge yet."""
    unready = len(health.unready_on)
    where = ", ".join(health.unready_on)
    state = (
        Cell("everywhere", Tone.GOOD)
        if not unready
        else Cell("nowhere", Tone.BAD)
        if unready == markets
        else Cell("in part", Tone.DOUBTFUL)
    )
    title = health.detector if facts is None else facts.title
    text = f"{health.detector} · {title}."
    if unready:
        text += f" Not evaluated on {where}: it has not seen enough there yet, its silence says nothing."
    if health.held_back:
        text += f" Held back: {health.held_back:,} firings before it knew what is usual there."
    if facts is not None:
        text += f" {facts.summary}"
    return Line(
        health.detector,
        (
            Cell(health.detector),
            Cell(title) if facts is None else Cell(title, pattern_tone(facts.family, facts.typology)),
            Cell(f"{health.signals:,}"),
            Cell(f"{health.held_back:,}", Tone.DOUBTFUL if health.held_back else Tone.MUTED),
            state,
            Cell(where, Tone.MUTED),
        ),
        text,
    )


def market_line(health: InstrumentHealth) -> Line:
    """A market: whether it can be seen, and what its data were like."""
    kinds = ", ".join(f"{kind} {count:,}" for kind, count in health.quality)
    minutes = health.blind_seconds / 60
    seen = Cell("blind now", Tone.BAD) if health.blind else Cell("seen", Tone.GOOD)
    text = (
        f"{health.instrument}: {'blind now' if health.blind else 'seen'}, blind for {minutes:,.1f} minutes."
    )
    text += f" Quality facts: {kinds or 'none'}."
    return Line(
        health.instrument,
        (
            Cell(health.instrument),
            seen,
            Cell(f"{minutes:,.1f}", Tone.DOUBTFUL if minutes else Tone.MUTED),
            Cell(f"{sum(count for _, count in health.quality):,}"),
            Cell(kinds, Tone.MUTED),
        ),
        text,
    )


def source_line(position: SourcePosition) -> Line:
    """A source: how far it has come."""
    return Line(
        position.source,
        (Cell(position.source), Cell(f"{position.epoch:,}"), Cell(f"{position.sequence:,}")),
        f"{position.source}: number {position.sequence:,} of its epoch {position.epoch:,}.",
    )


def model_lines(status: ModelsStatus) -> Iterator[Line]:
    """What should judge and cannot; then champion and challenger by scope, and where they agree."""
    for place, fault in enumerate(status.faults):
        cells = (Cell("fault", Tone.BAD), Cell(fault), *[Cell()] * 5, Cell("cannot judge", Tone.BAD), Cell())
        yield Line(f"fault {place}", cells, fault)
    for role, drift in (("champion", status.champion), ("challenger", status.challenger)):
        if drift is not None:
            yield from _of_model(role, drift)
    if status.comparison is not None:
        yield from map(_agreement, status.comparison.scopes)


def _of_model(role: str, drift: ModelDrift) -> Iterator[Line]:
    scopes: Sequence[ScopeDrift] = drift.scopes
    for scope in scopes:
        word, tone = _judged(scope)
        shifted = ", ".join(map(_stability, scope.shifted))
        enough = scope.windows >= ENOUGH and scope.features
        none = f"none, most {_stability(scope.features[0])}" if enough else "too few windows to say"
        yield Line(
            f"{role} {scope.scope}",
            (
                Cell(role),
                Cell(f"{scope.scope} s"),
                Cell(f"{scope.windows:,}"),
                Cell(f"{scope.alerts:,}"),
                Cell(f"{scope.expected:,.1f}"),
                Cell(f"{scope.score_distance:.2f}"),
                Cell(f"{scope.features[0].stability or 0.0:.2f}" if enough else UNKNOWN),
                Cell(word, tone),
                Cell(shifted or UNKNOWN, Tone.MUTED),
            ),
            f"{role} {drift.model}, windows of {scope.scope} s: {scope.alerts:,} alerts where its budget "
            f"expects {scope.expected:,.1f}, by chance as far from it in {scope.alerts_p_value:.2%}. Scores "
            f"are {scope.score_distance:.3f} from those it was made with (KS), by chance as far in "
            f"{scope.score_p_value:.2%}. Features that shifted by more than {SHIFTED:g} (PSI): "
            f"{shifted or none}.",
        )


def _agreement(scope: ScopeComparison) -> Line:
    """Windows of one kind that both judged, and whose alerts they were."""
    champion, challenger = scope.champion_alerts - scope.both, scope.challenger_alerts - scope.both
    either = scope.both + champion + challenger
    split = f"both {scope.both:,} · only champion {champion:,} · only challenger {challenger:,}"
    word = Cell("no alert yet", Tone.MUTED)
    if either:
        word = Cell(
            f"agree on {scope.both / either:.0%}", Tone.GOOD if 2 * scope.both > either else Tone.DOUBTFUL
        )
    return Line(
        f"agreement {scope.scope}",
        (
            Cell("both"),
            Cell(f"{scope.scope} s"),
            Cell(f"{scope.windows:,}"),
            Cell(f"{either:,}"),
            *[Cell()] * 3,
            word,
            Cell(split, Tone.MUTED),
        ),
        f"Of {scope.windows:,} windows of {scope.scope} s that champion and challenger judged, both find "
        f"{scope.both:,} unusual, only the champion {champion:,}, only the challenger {challenger:,}. The "
        "champion's alone are filed as signals.",
    )


def _stability(shift: FeatureShift) -> str:
    return shift.feature if shift.stability is None else f"{shift.feature} {shift.stability:.2f}"


def _judged(scope: ScopeDrift) -> tuple[str, Tone]:
    if scope.shifted:
        return "drifted", Tone.BAD
    if scope.alerts_p_value < UNLIKELY:
        return "off its budget", Tone.DOUBTFUL
    if scope.windows < ENOUGH:
        return "too few to say", Tone.MUTED
    return "as it was made", Tone.GOOD


def detector_lines(
    health: Sequence[DetectorHealth], facts: Mapping[str, DetectorFacts], markets: int
) -> list[Line]:
    """All detectors; those that cannot judge everywhere first."""
    lines = [detector_line(one, facts.get(one.detector), markets) for one in health]
    unready = {one.detector for one in health if one.unready_on}
    return sorted(lines, key=lambda line: (line.key not in unready, line.key))
