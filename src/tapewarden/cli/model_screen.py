"""What commands show of models: their cards, who decided on them, how they fare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import typer

from tapewarden.cli.screen import moment
from tapewarden.cli.tables import print_table
from tapewarden.domain.counting import counted
from tapewarden.domain.drift import ENOUGH, Comparison, ModelDrift, ModelsStatus, ScopeDrift
from tapewarden.domain.kinds import DAY
from tapewarden.domain.promotion import KeptModel

if TYPE_CHECKING:
    from tapewarden.anomaly.card import ModelCard
    from tapewarden.anomaly.collection import ModelCollection

_SHADOW_DAYS = 7
_DAY = 10  # letters of a date


def show_cards(models: ModelCollection, refused: Mapping[str, str]) -> None:
    """Print what each model was trained on, and why others were not."""
    typer.echo(f"models {models.id}")
    cards = [model.card for model in models.models.values()]
    start, end = min(card.start_ns for card in cards), max(card.end_ns for card in cards)
    typer.echo(f"learned from {moment(start)} to {moment(end)} UTC")
    libraries = sorted({pair for card in cards for pair in card.libraries.items()})
    typer.echo(f"with {', '.join(f'{name} {version}' for name, version in libraries)}, seed {cards[0].seed}")
    typer.echo(f"left out: {_left_out(cards)}")
    typer.echo(f"alert budget: {cards[0].chance:g} of windows")
    print_table(
        ("windows of", "judged by", "learned", "held back", "features", "alerts from"),
        [
            (
                f"{scope} s",
                model.card.method,
                f"{model.card.learned_rows:,}",
                f"{model.card.calibration_rows:,}",
                f"{len(model.used)} of {len(model.card.features)}",
                f"{model.threshold:.3f}",
            )
            for scope, model in sorted(models.models.items())
        ],
    )
    if refused:
        print_table(("no model for windows of", "why"), [(f"{one} s", why) for one, why in refused.items()])


def _left_out(cards: Iterable[ModelCard]) -> str:
    told = [card.left_out for card in cards if card.left_out is not None]
    if not told:
        return "nothing"
    windows, signals = sum(one.windows for one in told), counted(told[0].signals, "signal")
    return f"{counted(windows, 'window')} of which {signals} of {', '.join(told[0].detectors)} told"


def list_models(models: Iterable[KeptModel]) -> None:
    """Print models with the day on which each was kept, who proposed it last, and who promoted it."""
    rows = [
        (
            one.id,
            one.name,
            one.state,
            moment(one.kept_ns)[:_DAY],
            f"{one.proposed_by or '–'}, {one.promoted_by or '–'}",
        )
        for one in models
    ]
    if not rows:
        typer.echo("no model is kept")
        return
    print_table(("model", "name", "state", "kept", "by whom"), rows)


def show_status(status: ModelsStatus) -> None:
    """Print how champion and challenger fare, and what cannot be used."""
    for role, drift in (("champion", status.champion), ("challenger", status.challenger)):
        if drift is None:
            typer.echo(f"{role}: none judges")
        else:
            _show_drift(role, drift)
    if status.comparison is not None and status.comparison.scopes:
        _show_comparison(status.comparison)
    for fault in status.faults:
        typer.echo(f"cannot be used: {fault}")


def _show_drift(role: str, drift: ModelDrift) -> None:
    if not drift.scopes:
        typer.echo(f"{role}: model {drift.model}, no window yet")
        return
    span = f"{moment(drift.since_ns)} to {moment(drift.until_ns)} UTC"
    typer.echo(f"{role}: model {drift.model}\nwindows of {span}")
    print_table(
        ("windows of", "judged", "alerts", "expected", "chance", "shift", "features"),
        [
            (
                f"{one.scope} s",
                f"{one.windows:,}",
                f"{one.alerts:,}",
                f"{one.expected:.1f}",
                f"{one.alerts_p_value:.2g}",
                f"{one.score_distance:.2f}",
                f"{len(one.shifted)}" if one.windows >= ENOUGH else "too few",
            )
            for one in drift.scopes
        ],
    )
    for one in drift.scopes:
        if one.shifted:
            typer.echo(f"features of {one.scope} s that shifted: {_shifted(one)}")


def _shifted(drift: ScopeDrift) -> str:
    told = [f"{one.feature} {one.stability:.2f}" for one in drift.shifted[:3] if one.stability is not None]
    rest = len(drift.shifted) - len(told)
    return ", ".join(told) + (f" and {rest} more" if rest > 0 else "")


def _show_comparison(comparison: Comparison) -> None:
    days = (comparison.until_ns - comparison.since_ns) / DAY
    typer.echo(f"side by side: {days:.1f} days of the usual {_SHADOW_DAYS}; alerts of whom:")
    print_table(
        ("windows of", "both judged", "champion", "challenger", "both"),
        [
            (
                f"{one.scope} s",
                f"{one.windows:,}",
                f"{one.champion_alerts:,}",
                f"{one.challenger_alerts:,}",
                f"{one.both:,}",
            )
            for one in comparison.scopes
        ],
    )
