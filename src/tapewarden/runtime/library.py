"""Replaying from Python: everything a notebook needs in one call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import Any, overload

import pyarrow as pa

from tapewarden.domain.signal import Signal
from tapewarden.engine.registry import find_detectors
from tapewarden.runtime.replay import Replay
from tapewarden.runtime.selection import configured
from tapewarden.runtime.summary import Summary
from tapewarden.tape.merge import merge_tapes
from tapewarden.tape.opening import read_tape
from tapewarden.tape.reader import TapeReader
from tapewarden.tape.schema import GROUP_ROWS

_TEXT, _INTEGER, _NUMBER = pa.string(), pa.int64(), pa.float64()

SIGNAL_SCHEMA = pa.schema(
    [
        ("id", _TEXT),
        ("detector", _TEXT),
        ("version", _INTEGER),
        ("parameters", _TEXT),
        ("typology", _TEXT),
        ("family", _TEXT),
        ("severity", _TEXT),
        ("score", _NUMBER),
        ("instrument", _TEXT),
        ("actor", _TEXT),
        ("parties", pa.list_(pa.struct([("account", _TEXT), ("role", _TEXT)]))),
        ("start", pa.timestamp("ns", "UTC")),
        ("end", pa.timestamp("ns", "UTC")),
        ("text", _TEXT),
        (
            "reasons",
            pa.list_(
                pa.struct(
                    [
                        ("name", _TEXT),
                        ("value", _NUMBER),
                        ("threshold", _NUMBER),
                        ("unit", _TEXT),
                        ("passed", pa.bool_()),
                    ]
                )
            ),
        ),
        ("orders", pa.list_(_TEXT)),
        ("orders_total", _INTEGER),
        ("trades", pa.list_(_TEXT)),
        ("source", _TEXT),
        ("epoch", _INTEGER),
        ("sequence", pa.uint64()),
        ("quality_facts", _INTEGER),
        ("blind", pa.bool_()),
    ]
)
"""Columns of ``Signals.to_arrow``: those of a signal, its evidence and its data health."""

_SHOWN = 20


class Signals(Sequence[Signal]):
    """The signals of a replay, in tape order, and ``summary``, what the replay saw."""

    def __init__(self, signals: Iterable[Signal], summary: Summary) -> None:
        self._signals = tuple(signals)
        self.summary = summary

    def __len__(self) -> int:
        return len(self._signals)

    @overload
    def __getitem__(self, place: int) -> Signal: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Signal]: ...
    def __getitem__(self, place: int | slice) -> Signal | Sequence[Signal]:
        return self._signals[place]

    def to_arrow(self) -> pa.Table:
        """One row per signal, with the columns of ``SIGNAL_SCHEMA``; times are UTC."""
        return pa.Table.from_pylist([_row(signal) for signal in self], SIGNAL_SCHEMA)

    def __repr__(self) -> str:
        plural = "" if len(self) == 1 else "s"
        return (
            f"<{len(self)} signal{plural} of {self.summary.events:,} events, "
            f"{len(self.summary.evaluated)} of {len(self.summary.detectors)} detectors evaluated>"
        )

    def _repr_html_(self) -> str:
        """A table of the first signals, as notebooks show it."""
        columns = ("detector", "score", "actor", "instrument", "text")
        head = "".join(f"<th>{name}</th>" for name in columns)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(str(getattr(one, name)))}</td>" for name in columns) + "</tr>"
            for one in self[:_SHOWN]
        )
        return f"<p>{escape(repr(self))}</p><table><tr>{head}</tr>{rows}</table>"


def replay(
    tape: str | Path | TapeReader,
    *more: str | Path | TapeReader,
    config: str | Path | None = None,
    detectors: Iterable[str] | None = None,
    batch_size: int = GROUP_ROWS,
) -> Signals:
    """Run the detectors over a tape, or over several merged by time, and keep the signals.

    Args:
        tape: A file, or a tape that was opened before.
        more: Further ones.
        config: A configuration file; without it detectors run with their defaults.
        detectors: Ids of those to run; all that the configuration enables if not given.
        batch_size: Rows at a time; changes the speed, never a signal.

    Raises:
        InputError: For a tape that is missing, damaged, or contradicts another one.
        ConfigurationError: For a wrong configuration, and for an id that no detector has.
    """
    opened = [one if isinstance(one, TapeReader) else read_tape(one) for one in (tape, *more)]
    known = find_detectors()
    configuration = configured(known, None if config is None else Path(config), detectors)
    run = Replay(merge_tapes(opened), configuration, known=known, batch_size=batch_size)
    found = tuple(run)
    return Signals(found, run.summary())


def _row(signal: Signal) -> dict[str, Any]:
    row = asdict(signal)
    evidence, health = row.pop("evidence"), row.pop("health")
    return {
        **row,
        **evidence,
        "start": row["start_ns"],
        "end": row["end_ns"],
        "quality_facts": health["quality_facts"],
        "blind": health["blind"],
    }
