"""Run as `make soak` or `python -m tools.soak`: kill a server again and again, then load it for long.

Prints what happens line by line, and a table at the end; the exit code is 1 at the first promise that is
broken. What a run leaves in `--folder` is for looking at; without it, nothing is left of one that succeeds.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from tools.soak import BrokenPromise
from tools.soak.endurance import Endured, endure
from tools.soak.kills import Killed, kill_again_and_again

_MIB = 1 << 20


def main() -> int:
    """Do what the arguments say; gives the exit code."""
    wanted = _arguments()
    folder = wanted.folder or Path(tempfile.mkdtemp(prefix="tapewarden-soak-"))
    folder.mkdir(parents=True, exist_ok=True)
    begin = monotonic()

    def tell(line: str) -> None:
        print(f"{monotonic() - begin:7.1f} s  {line}", flush=True)

    rows: list[tuple[str, str]] = []
    try:
        if wanted.kills:
            rows += _killed(kill_again_and_again(folder, wanted.kills, wanted.seed, tell))
        if wanted.minutes:
            tell(f"{wanted.rate:,} events a second are to be sent for {wanted.minutes:g} minutes")
            rows += _endured(endure(folder, wanted.minutes, wanted.rate, wanted.seed, tell))
    except BrokenPromise as broken:
        tell(f"BROKEN: {broken}")
        print(f"What it left is in {folder}.")
        return 1
    for name, value in rows:
        print(f"{name:<44} {value}")
    if wanted.folder is None:
        shutil.rmtree(folder)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.soak", description="Prove that nothing is lost.")
    parser.add_argument("--kills", type=int, default=50, help="how often to kill the server; 0: not at all")
    parser.add_argument("--minutes", type=float, default=30.0, help="of steady load; 0: none")
    parser.add_argument("--rate", type=int, default=50_000, help="events a second, under steady load")
    parser.add_argument("--seed", type=int, default=1, help="of market and moments")
    parser.add_argument("--folder", type=Path, help="where to leave everything, new or empty")
    return parser.parse_args()


def _killed(killed: Killed) -> Iterator[tuple[str, str]]:
    moments = ", ".join(f"{count} {moment}" for moment, count in sorted(killed.kills.items()))
    yield "kills", f"{killed.kills.total()}: {moments}"
    yield "events, each in the journal once", f"{killed.events:,}"
    yield "events received again and left out", f"{killed.received_again:,}"
    yield "events kept though not yet acknowledged", f"{killed.unacknowledged:,}"
    yield "clients, one after the other", f"{killed.publishers}"
    yield "signals = uninterrupted run = replay", f"{killed.signals:,}"
    yield "cases = uninterrupted run", f"{killed.cases:,}"
    yield "audit entries, verified", f"{killed.entries:,}"


def _endured(endured: Endured) -> Iterator[tuple[str, str]]:
    rate = endured.events / endured.seconds
    first, last = endured.warm[0].memory / _MIB, endured.warm[-1].memory / _MIB
    yield (
        "events taken, none dropped",
        f"{endured.events:,} in {endured.seconds:,.0f} s, {rate:,.0f} a second",
    )
    yield (
        "acknowledged after, p50 and p99",
        f"{endured.wait_ms(0.5):.1f} ms, {endured.wait_ms(0.99):.1f} ms",
    )
    yield "most events that waited for the rules", f"{endured.most('waiting'):,}"
    yield "the client was behind by at most", f"{endured.late:.2f} s"
    yield (
        "memory after the warm-up, first, last, most",
        f"{first:,.0f}, {last:,.0f}, {endured.most('memory') / _MIB:,.0f} MiB",
    )
    yield "rise of the line through it", f"{endured.growth:+.2%}"
    yield (
        "most of the journal, and of all on disk",
        f"{endured.most('journal') / _MIB:,.0f} MiB, {endured.most('disk') / _MIB:,.0f} MiB",
    )


if __name__ == "__main__":
    sys.exit(main())
