"""Two simple rules over a CSV file, streamed through Arrow into compiled code.

A: trades of an owner with itself, counted per owner and 60 s; B: accounts that cancel more than nine tenths
of at least 20 new orders within 10 s. Windows are counted from the epoch and do not overlap.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pc

from tapewarden.compiled.compiling import kernel
from tapewarden.domain.kinds import SECOND

MATCH_WINDOW: Final = 60 * SECOND
CANCEL_WINDOW: Final = 10 * SECOND
LEAST_NEW: Final = 20
NUMBERS: Final = {
    "ts_event": pa.int64(),
    "account": pa.int32(),
    "owner": pa.int32(),
    "counter_owner": pa.int32(),
}
WORDS: Final = ("place", "cancel", "trade")

Rows = list[tuple[int, ...]]
Numbers = npt.NDArray[np.signedinteger[Any]]


class Answers(NamedTuple):
    """Rule A: owner, start of the window, trades. Rule B: account, start, new orders, canceled ones."""

    matches: Rows
    cancels: Rows


class Windows(NamedTuple):
    """The open window of everybody, by number: its number, and what was counted in it."""

    match_window: Numbers
    matches: Numbers
    cancel_window: Numbers
    placed: Numbers
    canceled: Numbers


def run_rules(path: Path, accounts: int) -> Answers:
    """Both rules over the file, a block at a time; numbers of accounts and owners are below ``accounts``."""
    windows = Windows(*(np.zeros(accounts, np.int64) for _ in Windows._fields))
    answers = Answers([], [])
    for block in open_blocks(path):
        column = {name: block.column(name).to_numpy() for name in NUMBERS}
        found = np.zeros((block.num_rows, 4), np.int64)
        kinds = kind_numbers(block.column("kind"))
        counts = apply(
            windows,
            kinds,
            column["ts_event"],
            column["account"],
            column["owner"],
            column["counter_owner"],
            found,
        )
        answers.matches.extend(map(tuple, found[: counts[0], :3].tolist()))
        answers.cancels.extend(map(tuple, found[len(found) - counts[1] :].tolist()))
    close(windows, answers)
    return Answers(sorted(answers.matches), sorted(answers.cancels))


def open_blocks(path: Path) -> pc.CSVStreamingReader:
    """The columns the rules read, in blocks of a megabyte."""
    types = {**NUMBERS, "kind": pa.dictionary(pa.int32(), pa.string())}
    return pc.open_csv(
        path,
        read_options=pc.ReadOptions(use_threads=False, block_size=1 << 20),
        convert_options=pc.ConvertOptions(column_types=types, include_columns=list(types)),
    )


def kind_numbers(kinds: pa.DictionaryArray) -> npt.NDArray[np.int8]:
    """1, 2 and 3 for the kinds the rules read, 0 for the others."""
    words = kinds.dictionary.to_pylist()
    numbers = np.array([WORDS.index(word) + 1 if word in WORDS else 0 for word in words], np.int8)
    taken: npt.NDArray[np.int8] = numbers[kinds.indices.to_numpy()]
    return taken


@kernel
def apply(
    windows: Windows,
    kinds: Numbers,
    times: Numbers,
    accounts: Numbers,
    owners: Numbers,
    counter_owners: Numbers,
    found: Numbers,
) -> tuple[int, int]:
    """Count rows and close the windows they end: answers of A from the top of ``found``, of B from below."""
    matches, cancels = 0, 0
    for i in range(len(kinds)):
        if kinds[i] == 3 and owners[i] >= 0 and owners[i] == counter_owners[i]:
            owner, window = owners[i], times[i] // MATCH_WINDOW
            if windows.match_window[owner] != window:
                if windows.matches[owner] > 0:
                    found[matches, 0] = owner
                    found[matches, 1] = windows.match_window[owner] * MATCH_WINDOW
                    found[matches, 2] = windows.matches[owner]
                    matches += 1
                windows.match_window[owner] = window
                windows.matches[owner] = 0
            windows.matches[owner] += 1
        elif kinds[i] in (1, 2) and accounts[i] >= 0:
            account, window = accounts[i], times[i] // CANCEL_WINDOW
            if windows.cancel_window[account] != window:
                placed, canceled = windows.placed[account], windows.canceled[account]
                if placed >= LEAST_NEW and 10 * canceled > 9 * placed:
                    cancels += 1
                    row = found[len(found) - cancels]
                    row[0], row[1] = account, windows.cancel_window[account] * CANCEL_WINDOW
                    row[2], row[3] = placed, canceled
                windows.cancel_window[account] = window
                windows.placed[account] = 0
                windows.canceled[account] = 0
            if kinds[i] == 1:
                windows.placed[account] += 1
            else:
                windows.canceled[account] += 1
    return matches, cancels


def close(windows: Windows, answers: Answers) -> None:
    """The file is over: answer for the windows that are still open."""
    for owner in np.flatnonzero(windows.matches):
        start = int(windows.match_window[owner]) * MATCH_WINDOW
        answers.matches.append((int(owner), start, int(windows.matches[owner])))
    for account in np.flatnonzero(windows.placed >= LEAST_NEW):
        placed, canceled = int(windows.placed[account]), int(windows.canceled[account])
        if 10 * canceled > 9 * placed:
            start = int(windows.cancel_window[account]) * CANCEL_WINDOW
            answers.cancels.append((int(account), start, placed, canceled))
