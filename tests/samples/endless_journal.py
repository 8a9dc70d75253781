"""A program that appends without end and prints each number once it is durable: something to kill."""

import sys
from itertools import count
from pathlib import Path

from tapewarden.journal import Journal
from tests.samples.journals import frame


def main(folder: str, size: str) -> None:
    journal = Journal(
        Path(folder),
        segment_bytes=int(size),
        pending_bytes=4000,
        on_durable=lambda number: print(number, flush=True),
    )
    for number in count(journal.recovery.last + 1):
        _, kind, received_ns, origin, body = frame(number, number % 400)
        journal.append(body, received_ns=received_ns, kind=kind, origin=origin)


if __name__ == "__main__":
    main(*sys.argv[1:])
