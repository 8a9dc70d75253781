"""The attack laboratory on the screen: `tapewarden simulate SCENARIO --sweep severity`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from tapewarden.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from tapewarden.evaluation.laboratory import Attempt
    from tapewarden.simulator.orders import ProductionPlan
    from tapewarden.simulator.staging import Casting

SEVERITIES: Final = tuple(step / 8 for step in range(9))
MARKETS: Final = 3
COPIES: Final = 8
"""Episodes on each of the markets: enough to see a curve, few enough to wait for it."""


def run_sweep(plan: ProductionPlan, knob: str, *, plot: bool) -> None:
    """Try the plan's one scenario at growing severity, show what was caught, and draw it if wanted."""
    from tapewarden.cli.tables import print_table
    from tapewarden.engine.registry import find_detectors
    from tapewarden.evaluation.laboratory import sweep

    casting = _only(plan, knob)
    severities = sorted({*SEVERITIES, casting.severity})
    seeds = [plan.market.seed + number for number in range(MARKETS)]
    found = sweep(casting.scenario, severities, plan, find_detectors(), seeds=seeds, copies=COPIES)
    attempts = list(_followed(found, len(severities)))
    print_table(
        ("severity", "caught", "recall, 95 %", "delay, median", "gain of an episode", "false alarms"),
        [_row(one) for one in attempts],
    )
    typer.echo(
        f"{casting.scenario.name}: {COPIES} episodes on each of {MARKETS} markets per severity, "
        f"{plan.minutes:g} minutes, {plan.market.rate:g} orders/s; gain in quote currency, without fees"
    )
    if plot:
        path = Path(f"{casting.scenario.name}-severity.svg")
        path.write_text(_picture(casting, attempts), encoding="utf-8")
        typer.echo(f"drawn in {path}")


def _only(plan: ProductionPlan, knob: str) -> Casting:
    """The one scenario to try."""
    if knob != "severity":
        raise ConfigurationError(f"--sweep: expected severity, received {knob!r}")
    if len(plan.castings) != 1:
        raise ConfigurationError(f"--sweep: expected one scenario, received {len(plan.castings)}")
    return plan.castings[0]


def _followed(attempts: Iterator[Attempt], count: int) -> Iterator[Attempt]:
    """The attempts unchanged, shown as a bar on a terminal."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(attempts, "Attacking", count, console=console, disable=not console.is_terminal)


def _row(one: Attempt) -> Sequence[str]:
    recall = "–" if one.caught.value is None else f"{one.caught.low:.2f} to {one.caught.high:.2f}"
    return (
        f"{one.severity:g}",
        f"{one.caught.hits} of {one.caught.total}",
        recall,
        "–" if one.delay is None else f"{one.delay:,.0f} s",
        f"{one.gain:,.2f}",
        str(one.false_alarms),
    )


def _picture(casting: Casting, attempts: Sequence[Attempt]) -> str:
    """Two panels: the share caught, and the gain, both by severity."""
    from tapewarden.evaluation.plots import Picture, curve, mark

    seen = [one for one in attempts if one.caught.value is not None]
    at = [one.severity for one in seen]
    title = f"{casting.scenario.name}: caught, and what it brings"
    with Picture(title, "One rule's curve of detection and evasion, simulated", panels=2) as picture:
        panel = picture.panel("severity", "share of episodes caught")
        band = ([one.caught.low for one in seen], [one.caught.high for one in seen])
        curve(panel, at, [one.caught.value or 0.0 for one in seen], "caught", band=band, points=True)
        panel.set_ylim(0, 1.02)
        mark(panel, casting.severity, "", across=False)
        panel = picture.panel("severity", "gain of an episode, quote currency, without fees")
        curve(panel, at, [one.gain for one in seen], "gain", points=True)
        mark(panel, casting.severity, "", across=False)
    return picture.svg()
