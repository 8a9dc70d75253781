"""The page `docs/accuracy.md`, made of all comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from benchmarks.accuracy import checkpoints, feeds, order_lives
from benchmarks.accuracy.checkpoints import Point, WarmUp
from benchmarks.accuracy.comparing import Agreement, recording, share_text
from benchmarks.accuracy.order_lives import LivesCompared
from benchmarks.apart import ROOT
from tapewarden.adapters.files.bitstamp_l3 import INSTRUMENT
from tapewarden.domain.numbers import from_units

PAGE: Final = ROOT / "docs" / "accuracy.md"

HEAD: Final = """\
# Accuracy on recorded markets

`make accuracy` writes this page. It replays recorded markets through the compiled engine and compares its
books and order lives with what the venues themselves, or an independent program, say of the same market.
Shares are cut off, not rounded."""

BOOKS: Final = """\
## Bitstamp: the book beside the venue's checkpoints

Every two or three seconds the venue wrote its book, twenty levels of each side, into its log: {count:,}
times in three hours. The log begins in the middle of trading, and orders older than it are announced
nowhere, so the first checkpoints cannot agree. Where to begin is a choice; these are the defensible ones.
A *pair* is best bid and best ask, price and size."""

MISSES: Final = """\
Behind the first {first} checkpoints a target of 99.9 % of pairs allows {allowed} misses, and there are
{misses}. They come from the recording and not from the book: checkpoints and messages reached the log
over two channels, and at each of these checkpoints the message told milliseconds before is not in it yet.
These are all the misses since nothing older than the log stood at a touch:"""

FULL_LOG: Final = """\
A plain replay with dicts agrees at the same 2,646 of 2,649. On the whole day, which is not part of the
recordings, it agreed at 4,408 of 4,411 (99.93 %): as many misses, so presumably these three."""

LIVES: Final = """\
## Bitstamp: order lives beside ob-analytics

{lives:,} orders were placed in the three hours, and both sides have a life of each; {missing} is known to
one side only. {older:,} more are older than the log: it names their end, nobody saw their entry, and they
have no life here. {flashed:,} lives, {flashed_share}, ended in a cancel without any fill; published for
the whole day: 96 %."""

FILLS: Final = """\
The reference also matches fills into trades. Of the orders these name, and whose entry was seen:"""

FEEDS: Final = """\
## CME and Binance

The CME sample begins with a snapshot; an order is known if the snapshot or a later row placed it, and the
engine's ledger counts the rows that name another. A ticker of Binance tells every change of the touch, so
that its last word before an update holds until the next; updates before its first word and after its last
cannot be compared."""


def measure() -> tuple[list[Point], LivesCompared, list[Agreement]]:
    """All comparisons; ``NotMeasuredError`` where a recording is missing."""
    log = recording(checkpoints.LOG)
    lives = order_lives.compare(log, recording(order_lives.EVENTS), recording(order_lives.TRADES))
    others = [feeds.compare_futures(recording(feeds.FUTURES))]
    for market, path in feeds.TICKERS.items():
        others.extend(feeds.compare_ticker(market, recording(path)))
    return checkpoints.compare(log), lives, others


def summary(
    points: Sequence[Point], lives: LivesCompared, others: Iterable[Agreement]
) -> Iterator[Agreement]:
    """The lines of the table of everything."""
    market = order_lives.MARKET
    usual = next(one for one in checkpoints.warm_ups(points) if one.first == checkpoints.USUAL_WARM_UP)
    behind = f"behind {usual.first} checkpoints"
    yield Agreement(market, f"best bid and ask together, {behind}", usual.exact, usual.compared, 0.999)
    yield Agreement(market, f"best bid and ask singly, {behind}", usual.sides, 2 * usual.compared, 0.999)
    what = f"best bid and ask together, {behind}, give or take the last message"
    yield Agreement(market, what, usual.within_a_message, usual.compared, 1.0)
    yield from lives.agreements()
    yield from others


def page_text(points: Sequence[Point], lives: LivesCompared, others: Sequence[Agreement]) -> str:
    """The page."""
    choices = checkpoints.warm_ups(points)
    usual = next(one for one in choices if one.first == checkpoints.USUAL_WARM_UP)
    misses = usual.compared - usual.exact
    share = share_text(lives.flashed, lives.lives)
    facts = {"lives": lives.lives, "missing": lives.missing or "none", "older": lives.older}
    sections = [
        HEAD,
        "\n".join(_agreements(summary(points, lives, others))),
        BOOKS.format(count=len(points)),
        "\n".join(_choices(choices)),
        MISSES.format(first=usual.first, allowed=usual.compared // 1000, misses=misses),
        "\n".join(_misses(points, choices)),
        FULL_LOG,
        LIVES.format(flashed=lives.flashed, flashed_share=share, **facts),
        "\n".join(_classes(lives.classes, order_lives.CLASSES)),
        FILLS,
        "\n".join(_classes(lives.fills, order_lives.FILL_CLASSES)),
        FEEDS,
    ]
    return "\n\n".join(sections) + "\n"


def _agreements(lines: Iterable[Agreement]) -> Iterator[str]:
    yield "| market | what | agree | of | share | target | |\n|---|---|---:|---:|---:|---:|---|"
    for one in lines:
        target = "" if one.least is None else f"{100 * one.least:g} %"
        share = share_text(one.agreed, one.compared)
        yield (
            f"| {one.market} | {one.what} | {one.agreed:,} | {one.compared:,} | {share} | {target} "
            f"| {one.verdict} |"
        )


def _choices(choices: Iterable[WarmUp]) -> Iterator[str]:
    yield "| checkpoints left out | first counted | pairs that agree | | singly | give or take a message |"
    yield "|---|---:|---:|---:|---:|---:|"
    for one in choices:
        yield (
            f"| {one.why} | {one.first:,} | {one.exact:,} of {one.compared:,} "
            f"| {share_text(one.exact, one.compared)} | {share_text(one.sides, 2 * one.compared)} "
            f"| {share_text(one.within_a_message, one.compared)} |"
        )


def _misses(points: Sequence[Point], choices: Iterable[WarmUp]) -> Iterator[str]:
    """The misses behind the last checkpoint at which something older than the log stands at a touch."""
    yield "| checkpoint | side | the engine has | the checkpoint has | the engine had | message told before |"
    yield "|---:|---|---:|---:|---:|---:|"
    first = max(one.first for one in choices if one.first <= checkpoints.USUAL_WARM_UP // 2)
    for place, point in enumerate(points[first:], first):
        yield from _miss(place, point)


def _miss(place: int, point: Point) -> Iterator[str]:
    said = (point.checkpoint.bid, point.checkpoint.ask)
    for side, has, should, had in zip(("bid", "ask"), point.now, said, point.before, strict=True):
        if has != should:
            cells = " | ".join(map(_level, (has, should, had)))
            yield f"| {place:,} | {side} | {cells} | {point.pause // 1_000_000} ms |"


def _level(level: tuple[int, int] | None) -> str:
    if level is None:
        return "nothing"
    price, size = level
    return f"{from_units(size, INSTRUMENT.size_exponent)} at {from_units(price, INSTRUMENT.price_exponent)}"


def _classes(counts: dict[str, int], classes: Sequence[str]) -> Iterator[str]:
    yield "| orders | |\n|---:|---|"
    for name in classes:
        yield f"| {counts[name]:,} | {name} |"
