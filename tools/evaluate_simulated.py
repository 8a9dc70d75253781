"""Let detectors watch simulated markets; rewrite that part of `docs/evaluation.md`, and its pictures.

Run as `python -m tools.evaluate_simulated`; `make evaluate` does. It takes a quarter of an hour on one core.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tapewarden.engine.registry import find_detectors
from tapewarden.evaluation.intervals import Share
from tapewarden.evaluation.plots import Picture, curve, mark
from tapewarden.evaluation.published import (
    CROWD,
    Figures,
    all_cores,
    crowd_of_twins,
    density_sweep,
    power_curves,
)
from tapewarden.evaluation.report import DetectorResult, Report
from tapewarden.evaluation.tables import (
    baseline_table,
    detector_table,
    false_alarm_table,
    headline,
    markdown,
    scenario_table,
)
from tools.build_docs import rewrite, tell

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "evaluation.md"
PICTURES: Final = ROOT / "docs" / "images"
FAST: Final = ("SPF-01", "SPF-02", "QST-01", "WSH-01", "WSH-02")
"""Detectors of the schemes that are judged at every density."""
SLOW: Final = ("FRT-01", "MOM-01", "MTC-01", "PND-02", "RMP-01", "WSH-03", "WSH-04")
"""Detectors of schemes that take their time, judged at the density of the power curves."""
SPARSEST: Final = 16.0  # orders per second from which on the fast ones have targets
FAST_TARGET, SLOW_TARGET = 0.9, 0.8  # recall and precision, at least
LOSS: Final = 0.05  # of precision from there to the densest market, at most
ALARMS: Final = 1.0  # about twins per instrument-day, at most


def lines_of(densities: Sequence[Figures], powers: Sequence[Figures], crowd: Figures) -> Iterator[str]:
    """The simulated part of the page."""
    middle = next(one for one in powers if one.severity == 0.5)
    yield "**Targets**, severity 0.5."
    yield ""
    yield from target_lines(densities, middle, crowd)
    yield ""
    yield "**By density**, severity 0.5: recall and precision, right of all; the interval is of 95 %."
    yield ""
    yield from density_lines(densities)
    yield ""
    yield "![Recall and precision by density](images/evaluation-density.svg)"
    yield ""
    yield f"**By severity**, {middle.rate:g} orders per second: caught by any detector of the family."
    yield ""
    yield from power_lines(powers)
    yield ""
    yield "![Episodes caught by severity](images/evaluation-power.svg)"
    yield ""
    yield f"**All detectors at severity 0.5.** {headline(middle.report)}."
    for table in (
        detector_table(middle.report.detectors, middle.report.overall),
        scenario_table(middle.report.scenarios),
        baseline_table(middle.report.baselines),
        detector_table(middle.report.market_quality, None),
    ):
        yield ""
        yield from markdown(table)
    yield ""
    days = crowd.report.instrument_days or 0.0
    alarms = crowd.report.overall.false_alarms
    yield (
        f"**Nobody but the innocent**, each kind of twin {CROWD} times on each of {crowd.markets} markets: "
        f"{alarms} false alarms in {days:.2f} instrument-days, {alarms / days:.2f} per instrument-day "
        "(target: at most 1)."
    )
    yield ""
    yield from markdown(false_alarm_table(crowd.report.false_alarms))


def target_lines(densities: Sequence[Figures], middle: Figures, crowd: Figures) -> Iterator[str]:
    """One row per target: what was to be reached, what was, and whether it was missed."""
    yield "| target | measured | |"
    yield "|---|---:|---|"
    dense = [one.report for one in densities if one.rate >= SPARSEST]
    for name in FAST:
        for label in ("recall", "precision"):
            worst = min(_figure(report, name, label) for report in dense)
            where = f"at least {FAST_TARGET} at every density from {SPARSEST:g}/s on"
            yield _target(f"{name} {label}, {where}", worst, worst >= FAST_TARGET)
        loss = _figure(dense[0], name, "precision") - _figure(dense[-1], name, "precision")
        yield _target(f"{name} precision lost on the densest market, at most {LOSS}", loss, loss <= LOSS)
    for name in SLOW:
        for label in ("recall", "precision"):
            value = _figure(middle.report, name, label)
            yield _target(f"{name} {label}, at least {SLOW_TARGET}", value, value >= SLOW_TARGET)
    alarms = crowd.report.overall.false_alarms / (crowd.report.instrument_days or 1.0)
    what = f"false alarms per instrument-day among ten times the twins, at most {ALARMS:g}"
    yield _target(what, alarms, alarms <= ALARMS)


def _target(what: str, value: float, met: bool) -> str:
    return f"| {what} | {value:.2f} | {'met' if met else '**missed**'} |"


def _figure(report: Report, name: str, label: str) -> float:
    """Recall or precision of a detector; 0 where it could not be measured, which misses every target."""
    share: Share = getattr(_of(report, name).performance, label)
    return share.value or 0.0


def density_lines(densities: Sequence[Figures]) -> Iterator[str]:
    """One row per detector, two columns per density."""
    rates = [f"{one.rate:,g}/s" for one in densities]
    yield f"| detector | | {' | '.join(rates)} |"
    yield f"|---|---|{'---:|' * len(rates)}"
    for name in FAST:
        found = [_of(one.report, name) for one in densities]
        yield f"| {name} | recall | {' | '.join(_share(one.performance.recall) for one in found)} |"
        yield f"| | precision | {' | '.join(_share(one.performance.precision) for one in found)} |"


def power_lines(powers: Sequence[Figures]) -> Iterator[str]:
    """One row per scheme, one column per severity."""
    yield f"| scheme | {' | '.join(f'{one.severity:g}' for one in powers)} |"
    yield f"|---|{'---:|' * len(powers)}"
    recalls = [_recalls(one.report) for one in powers]
    for name in sorted({name for one in recalls for name in one}):
        cells = [f"{one[name].hits}/{one[name].total}" if name in one else "–" for one in recalls]
        yield f"| {name} | {' | '.join(cells)} |"


def density_picture(densities: Sequence[Figures]) -> str:
    """Recall and precision of the fast detectors by orders per second."""
    rates = [one.rate for one in densities]
    caption = "severity 0.5, 15 instruments, simulated; shaded: intervals of 95 %"
    with Picture("Busier markets, the same answers", caption, panels=2) as picture:
        for label in ("recall", "precision"):
            panel = picture.panel("orders per second, 15 instruments", label, log="x")
            for name in FAST:
                shares = [getattr(_of(one.report, name).performance, label) for one in densities]
                _curve(panel, rates, shares, name)
            panel.set_ylim(0, 1.02)
            mark(panel, 0.9, "0.9")
    return picture.svg()


def power_picture(powers: Sequence[Figures]) -> str:
    """Share of episodes caught by severity: schemes of the book, and all others."""
    recalls = [_recalls(one.report) for one in powers]
    names = sorted({name for one in recalls for name in one})
    half = (len(names) + 1) // 2
    caption = "75 orders per second, 15 instruments, simulated"
    with Picture("From faint to brazen", caption, panels=2, height=400) as picture:
        for group in (names[:half], names[half:]):
            panel = picture.panel("severity", "share of episodes caught")
            for name in group:
                seen = [
                    (one.severity, two[name]) for one, two in zip(powers, recalls, strict=True) if name in two
                ]
                _curve(panel, [at for at, _ in seen], [share for _, share in seen], name, band=False)
            panel.set_ylim(0, 1.02)
    return picture.svg()


def _curve(
    panel: Axes, at: Sequence[float], shares: Sequence[Share], name: str, *, band: bool = True
) -> None:
    kept = [(place, one) for place, one in zip(at, shares, strict=True) if one.value is not None]
    if kept:
        places = [place for place, _ in kept]
        low, high = [one.low for _, one in kept], [one.high for _, one in kept]
        values = [one.value or 0.0 for _, one in kept]
        curve(panel, places, values, name, band=(low, high) if band else None, points=True)


def _of(report: Report, name: str) -> DetectorResult:
    return next(one for one in report.detectors if one.detector == name)


def _recalls(report: Report) -> Mapping[str, Share]:
    return {one.scenario: one.recall for one in report.scenarios if one.recall.total}


def _share(one: Share) -> str:
    return "–" if one.value is None else f"{one.value:.2f} ({one.low:.2f}–{one.high:.2f})"


def main() -> int:
    """Measure, draw, rewrite the page."""
    detectors = find_detectors()
    with all_cores() as cores:
        densities = list(density_sweep(detectors, tell, cores))
        powers = list(power_curves(detectors, tell, cores))
        crowd = crowd_of_twins(detectors, tell, cores)
    lines = list(lines_of(densities, powers, crowd))
    print("\n".join(lines))
    rewrite(PAGE, {"simulated": lines})
    (PICTURES / "evaluation-density.svg").write_text(density_picture(densities), encoding="utf-8")
    (PICTURES / "evaluation-power.svg").write_text(power_picture(powers), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
