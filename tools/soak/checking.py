"""What must hold at the end, looked up in the files of a server that has stopped."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tapewarden.cases import place
from tapewarden.domain.batch import UNKNOWN, EventBatch
from tapewarden.domain.directory import Directory
from tapewarden.journal import read_frames
from tapewarden.live.intake import FrameKind
from tapewarden.live.recording import Recording
from tapewarden.server.heads import HEADS
from tapewarden.wire.decoding import decode
from tools.soak import BrokenPromise
from tools.soak.market import Market
from tools.soak.process import COMMAND

UNEQUAL: Final = ("id", "version", "opened_ns", "priority")
"""Columns of a case that need not be equal in two runs.

A case's number and its version count how signals came in groups, and groups are what a message held. It is
opened by the server's clock. Its priority counts the actor's other cases as of the latest group.
"""

_NAMED: Final = ("instrument", "account", "counter_account")
_SKIPPED: Final = ("source",)  # numbers of the server's own


def check_journal(data: Path, market: Market) -> int:
    """Every event of the market is in the journal once; gives how many rows were received again.

    Counted as a server counts: of a source and epoch, a row counts if its number is higher than all before.
    """
    known: Counter[tuple[str, int]] = Counter()
    again = 0
    for frame in read_frames(data / "journal"):
        if frame.kind != FrameKind.EVENTS:
            continue
        batch = decode(frame.body)
        source, epoch, first = batch.position
        if len(batch) and first > known[source, epoch] + 1:
            raise BrokenPromise(f"frame {frame.number}: events before {first:,} are missing")
        last = first + len(batch) - 1
        again += min(max(known[source, epoch] - first + 1, 0), len(batch))
        known[source, epoch] = max(known[source, epoch], last)
    if list(known.values()) != [len(market.events)]:
        raise BrokenPromise(f"journal: expected {len(market.events):,} events, received {dict(known)}")
    _check_events(data, market)
    return again


def _check_events(data: Path, market: Market) -> None:
    recording = Recording(data)
    found = EventBatch.concatenate(list(recording.batches()))
    if len(found) != len(market.events):
        raise BrokenPromise(f"tape: expected {len(market.events):,} events, received {len(found):,}")
    for name, column in found.columns():
        if name in _SKIPPED:
            continue
        sides = [(column, recording.directory), (getattr(market.events, name), market.directory)]
        ours, theirs = (_named(name, *side) for side in sides)
        differing = np.flatnonzero(ours != theirs)
        if len(differing):
            row = int(differing[0])
            raise BrokenPromise(f"event {row + 1}, {name}: expected {theirs[row]}, received {ours[row]}")


def _named(name: str, column: npt.NDArray[Any], directory: Directory) -> npt.NDArray[Any]:
    """A column with names instead of the numbers of a directory."""
    if name not in _NAMED:
        return column
    if name == "instrument":
        names = [one.name for one in directory.instruments]
    else:
        names = [one.name for one in directory.accounts]
    return np.array([*names, ""], object)[np.where(column == UNKNOWN, len(names), column)]


def signal_lines(data: Path) -> list[str]:
    """The lines of all signals that were filed, in order."""
    return sorted(row[0] for row in _rows(data, "SELECT line FROM signal_lines"))


def case_rows(data: Path) -> list[dict[str, Any]]:
    """All cases with their signals, in order, without what is ``UNEQUAL``."""
    members: dict[int, list[str]] = {}
    for row in _rows(data, "SELECT case_id, id FROM signals ORDER BY id"):
        members.setdefault(row["case_id"], []).append(row["id"])
    found = []
    for row in _rows(data, "SELECT * FROM cases"):
        told = {name: row[name] for name in row.keys() if name not in UNEQUAL}  # noqa: SIM118
        found.append({**told, "signals": members[row["id"]]})
    return sorted(found, key=lambda one: (one["actor"], one["instrument"], one["family"], one["start_ns"]))


def replayed_lines(market: Market, config: Path, out: Path) -> list[str]:
    """The lines of the signals that `tapewarden replay` finds on the tape, in order."""
    command = [*COMMAND, "replay", str(market.tape), "--signals", str(out), "--config", str(config)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return sorted(out.read_text("utf-8").splitlines())


def check_trail(data: Path) -> int:
    """The audit trail verifies without a server; gives how many entries it has."""
    command = [*COMMAND, "audit", "verify", "--json", "--data", str(data)]
    command += ["--key", str(data / place.PUBLIC_KEY), "--held", str(data / HEADS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BrokenPromise(f"audit verify: {done.stdout.strip()}{done.stderr.strip()}")
    return int(json.loads(done.stdout)["sound_entries"])


def require_equal(what: str, expected: list[Any], received: list[Any]) -> None:
    """Two lists are equal; otherwise name the first item that only one of them has."""
    if expected == received:
        return
    missing = next((one for one in expected if one not in received), None)
    added = next((one for one in received if one not in expected), None)
    raise BrokenPromise(
        f"{what}: expected {len(expected):,}, received {len(received):,}; missing {missing}, added {added}"
    )


def _rows(data: Path, question: str) -> list[sqlite3.Row]:
    with closing(sqlite3.connect(data / place.DATABASE)) as connection:
        connection.row_factory = sqlite3.Row
        return connection.execute(question).fetchall()
