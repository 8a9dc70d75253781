"""The live screen of the demo, for terminals of 80 × 24 and more, and what it is without a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Final, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from tapewarden.cli.demo_show import Market, Show
from tapewarden.cli.screen import SEVERITY_STYLES, moment
from tapewarden.cli.tables import shown
from tapewarden.domain.kinds import SECOND
from tapewarden.domain.numbers import from_units
from tapewarden.domain.signal import Signal
from tapewarden.domain.simulation import Phase

WIDEST: Final = 120
"""Letters per line that are still pleasant to read."""

_PROGRESS_S: Final = 10.0  # between two lines of progress
_FEWEST_SIGNALS, _FEWEST_CASES = 3, 3
_DIM: Final = "dim"


class Screen:
    """Shows what happens, in place: ``with Screen(console) as screen``, then ``screen.look`` now and then."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, screen=True, auto_refresh=False)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def look(self, show: Show) -> None:
        """Draw everything anew."""
        size = self._console.size
        self._live.update(picture(show, min(size.width, WIDEST), size.height), refresh=True)


class Lines:
    """Tells what happens, one line after the other: for files and for who wants no screen."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._told = 0
        self._due = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def look(self, show: Show) -> None:
        """Tell what is new: signals, and now and then how it goes."""
        fresh = show.signal_count - self._told
        for signal in list(show.signals)[len(show.signals) - fresh :]:
            self._console.print(_told(signal), no_wrap=True, overflow="ellipsis", crop=True)
        self._told = show.signal_count
        if show.state.now_ns >= self._due and show.state.phase is Phase.RUNNING:
            self._due = show.state.now_ns + int(_PROGRESS_S * show.wish.speed * SECOND)
            clock = moment(show.state.now_ns)[11:19]
            counts = f"; signals {show.signal_count:,}, cases {show.queue.total:,}"
            self._console.print(Text(f"{clock}  SIM  ").append(_pace(show)).append(counts), style=_DIM)


def picture(show: Show, width: int, height: int) -> RenderableType:
    """The whole screen: ``height`` lines of at most ``width`` letters."""
    rows = len(show.state.instruments)
    room = height - rows - 8  # headlines, titles, a blank line, and the last one, which stays free
    cases = max(room // 3, _FEWEST_CASES)
    signals = max((room - cases) // 2, _FEWEST_SIGNALS)
    lines: list[RenderableType] = [
        _headline(show, width),
        _bar(show, width),
        _pace(show),
        Text(),
        _markets(show, width),
        _title(f"Signals: {show.signal_count:,}, the newest first: what, of whom, and why", width),
        *_signals(show, signals, width),
        _title(f"Cases: {show.queue.total:,} for people to look into, by priority from 0 to 100", width),
        *_cases(show, cases, width),
    ]
    return Group(*lines)


def _headline(show: Show, width: int) -> Text:
    text = Text(" SIM ", style="bold black on yellow", end="")
    line = Text.assemble(text, ("  tapewarden watches a simulated market", "bold"))
    line.append("   Ctrl+C: end it and see the score", style=_DIM)
    line.truncate(width, overflow="ellipsis")
    return line


def _bar(show: Show, width: int) -> Text:
    """How far the market has come: its clock, and how fast that goes."""
    state = show.state
    done = (state.now_ns - state.begin_ns) / max(state.end_ns - state.begin_ns, 1)
    left = (state.end_ns - state.now_ns) / SECOND / max(show.wish.speed, 1e-9)
    text = Text(f"{moment(state.now_ns)[11:19]} on the market, {show.wish.speed:g} × as fast as the clock  ")
    cells = max(width - len(text) - 14, 10)
    full = round(cells * done)
    text.append("━" * full, style="green").append("─" * (cells - full), style=_DIM)
    text.append(f"  {left:4.0f} s left" if state.phase is Phase.RUNNING else "  at the end")
    return text


def _pace(show: Show) -> Text:
    state = show.state
    text = Text(f"{state.events_durable:,} events, {state.events_per_second:,.0f}/s", no_wrap=True)
    if state.acknowledged_p50_s is not None and state.acknowledged_p99_s is not None:
        half, most = 1e3 * state.acknowledged_p50_s, 1e3 * state.acknowledged_p99_s
        text.append(f"; on disk and acknowledged in {half:.0f} ms (99 %: {most:.0f} ms)")
    return text


def _markets(show: Show, width: int) -> Table:
    table = Table.grid(padding=(0, 3), pad_edge=False)
    table.add_column(no_wrap=True)
    for _ in range(3):
        table.add_column(justify="right", no_wrap=True)
    table.add_row(*(Text(name, style=_DIM) for name in ("instrument", "last price", "change", "trades/min")))
    for name in show.state.instruments:
        market = show.markets.get(name)
        table.add_row(shown(name), *(_market(market) if market else ("–",) * 3))
    return table


def _market(market: Market) -> tuple[Text, ...]:
    instrument, change = market.last.instrument, round(100 * market.change, 2)
    style = "green" if change > 0 else "red" if change < 0 else ""
    return (
        Text(from_units(market.last.price, instrument.price_exponent)),
        Text(f"{change:+.2f} %", style=style),
        Text(f"{len(market.recent):,}"),
    )


def _title(text: str, width: int) -> Text:
    title = Text(f"─ {text} ", style="bold")
    title.append("─" * max(width - len(title), 0), style=_DIM)
    title.truncate(width)
    return title


def _signals(show: Show, count: int, width: int) -> Iterator[Text]:
    """Two lines per signal, the newest on top; blank lines for those to come."""
    newest = list(show.signals)[::-1][:count]
    for signal in newest:
        yield from _signal(signal, width)
    if not newest:
        yield Text("none yet: what is usual has to be learned first", style=_DIM)
        yield Text()
    for _ in range(count - max(len(newest), 1)):
        yield from (Text(), Text())


def _signal(signal: Signal, width: int) -> Iterator[Text]:
    who = shown(signal.actor) or "nobody is accused"
    first = Text(f"{moment(signal.end_ns)[11:19]} ")
    first.append(f"{signal.severity:<8} ", style=SEVERITY_STYLES.get(signal.severity, ""))
    first.append(f"{signal.typology}", style="bold").append(f"  {who} on {shown(signal.instrument)}")
    first.append(f"  {signal.detector}", style=_DIM)
    second = Text(f"         {shown(signal.text)}", style=_DIM)
    for line in (first, second):
        line.truncate(width, overflow="ellipsis")
        yield line


def _cases(show: Show, count: int, width: int) -> Iterator[Text]:
    for queued in show.queue.cases[:count]:
        case = queued.case
        line = Text(f"{case.priority:3.0f} ")
        line.append(f"{case.severity:<8} ", style=SEVERITY_STYLES.get(case.severity, ""))
        line.append(
            f"{case.family:<14} {shown(case.actor) or 'nobody is accused'} on {shown(case.instrument)}"
        )
        line.append(f", {queued.signals} signals" if queued.signals != 1 else ", 1 signal", style=_DIM)
        line.truncate(width, overflow="ellipsis")
        yield line
    for _ in range(count - len(show.queue.cases)):
        yield Text()


def _told(signal: Signal) -> Text:
    when, who = moment(signal.end_ns)[11:19], shown(signal.actor) or "the market"
    text = f"{when}  {signal.detector}  {who:<16.16}  {shown(signal.instrument):<14.14}  "
    return Text(text + shown(signal.text))
