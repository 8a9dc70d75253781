"""Evidence of a case: signals, what the market showed, files; each with the SHA-256 of its bytes."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from typing import Final

import numpy as np

from tapewarden.client import WindowEvents
from tapewarden.desktop.presenters.numbers import clock_text, date_text
from tapewarden.desktop.presenters.replay.replay import Scene
from tapewarden.desktop.presenters.rows import Cell
from tapewarden.desktop.presenters.tone import Tone
from tapewarden.domain.casework import Attachment
from tapewarden.domain.directory import Instrument
from tapewarden.domain.kinds import EventKind, Side
from tapewarden.domain.numbers import from_units
from tapewarden.domain.signal import Signal

_SHORT: Final = 8


class EvidenceKind(StrEnum):
    """What a piece of evidence is."""

    SIGNAL = "signal"
    ORDERS = "orders"
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A piece of evidence.

    Attributes:
        key: Names it among the others.
        kind: What it is.
        title: In words.
        from_ns: Where its time begins, ns UTC.
        until_ns: Where it ends.
        digest: SHA-256 of its bytes, hexadecimal.
        name: Of the file that it makes.
        content: Its bytes; ``None`` where the server has them.
        attachment: Its number on the server, of a file.
    """

    key: str
    kind: EvidenceKind
    title: str
    from_ns: int
    until_ns: int
    digest: str
    name: str
    content: bytes | None = None
    attachment: int | None = None


def signal_evidence(signals: Iterable[Signal]) -> list[Evidence]:
    """Signals as the lines of JSON of which the audit trail has the digests."""
    return [
        _piece(
            EvidenceKind.SIGNAL,
            signal.id,
            f"{signal.detector} {signal.typology}",
            (signal.start_ns, signal.end_ns),
            f"signal-{signal.id}.json",
            signal.to_json().encode(),
        )
        for signal in signals
    ]


def order_evidence(scene: Scene) -> list[Evidence]:
    """What the accounts in question did in a window, as a table in CSV; nothing if they did nothing."""
    rows = np.flatnonzero(scene.concerned)
    if not len(rows):
        return []
    times = scene.events.ts_event[rows]
    return [
        _piece(
            EvidenceKind.ORDERS,
            f"{scene.instrument.name} {scene.from_ns}",
            f"{len(rows):,} order events",
            (int(times[0]), int(times[-1])),
            f"order-events-{int(times[0])}.csv",
            events_csv(scene.events, rows.tolist(), scene.instrument),
        )
    ]


def file_evidence(attachments: Iterable[Attachment]) -> list[Evidence]:
    """Files that people added."""
    return [
        Evidence(
            key=f"file {one.id}",
            kind=EvidenceKind.FILE,
            title=f"{one.name} · {one.size:,} bytes · {one.by}",
            from_ns=one.at_ns,
            until_ns=one.at_ns,
            digest=one.digest,
            name=one.name,
            attachment=one.id,
        )
        for one in attachments
    ]


def evidence_cells(piece: Evidence) -> tuple[Cell, ...]:
    """A piece in a table: kind, what, when, digest, and a link to save it."""
    span = f"{clock_text(piece.from_ns)}–{clock_text(piece.until_ns)}"
    when = date_text(piece.from_ns) if piece.kind is EvidenceKind.FILE else span
    return (
        Cell(piece.kind, Tone.ACCENT),
        Cell(piece.title),
        Cell(when, Tone.MUTED),
        Cell(f"{piece.digest[:_SHORT]}…", Tone.MUTED),
        Cell("save", Tone.ACCENT),
    )


def events_csv(events: WindowEvents, rows: Iterable[int], instrument: Instrument) -> bytes:
    """Events with exact decimals and times in ns UTC; unknown values are empty."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ("ts_event_ns", "event", "side", "price", "size", "account", "counter_account", "order", "frame")
    )
    for row in rows:
        price, size = int(events.price[row]), int(events.size[row])
        writer.writerow(
            (
                int(events.ts_event[row]),
                EventKind(int(events.kind[row])).name,
                Side(int(events.side[row])).name,
                "" if price < 0 else from_units(price, instrument.price_exponent),
                "" if size < 0 else from_units(size, instrument.size_exponent),
                _name(events, int(events.account[row])),
                _name(events, int(events.counter_account[row])),
                events.order[row],
                int(events.frame[row]),
            )
        )
    return out.getvalue().encode()


def _name(events: WindowEvents, number: int) -> str:
    return "" if number < 0 else events.accounts[number].name


def _piece(
    kind: EvidenceKind, key: str, title: str, span: tuple[int, int], name: str, content: bytes
) -> Evidence:
    digest = hashlib.sha256(content).hexdigest()
    return Evidence(
        key=f"{kind} {key}",
        kind=kind,
        title=title,
        from_ns=span[0],
        until_ns=span[1],
        digest=digest,
        name=name,
        content=content,
    )
