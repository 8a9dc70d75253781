"""Opening tapes of either form."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tapewarden.domain.directory import Directory
from tapewarden.domain.errors import InputError
from tapewarden.domain.kinds import Tier
from tapewarden.tape.header import Provenance
from tapewarden.tape.lines import LinesTapeReader, LinesTapeWriter
from tapewarden.tape.parquet import MAGIC, ParquetTapeReader, ParquetTapeWriter
from tapewarden.tape.reader import TapeReader
from tapewarden.tape.writer import TapeWriter

WRITERS: Final[dict[str, type[TapeWriter]]] = {".parquet": ParquetTapeWriter, ".jsonl": LinesTapeWriter}


def read_tape(path: str | Path) -> TapeReader:
    """The tape in a file, of the form its first bytes show; ``InputError`` for anything else.

    Only the header is read, whatever the size of the tape.
    """
    path = Path(path)
    start = _first_bytes(path)
    if start == MAGIC:
        return ParquetTapeReader(path)
    if start.startswith(b"{"):
        return LinesTapeReader(path)
    received = f"a file that starts with the bytes {start.hex(' ')}" if start else "an empty file"
    raise InputError(str(path), "a tape in Parquet or JSON Lines", received)


def write_tape(
    path: str | Path, directory: Directory, *, tier: Tier | None = None, provenance: Provenance | None = None
) -> TapeWriter:
    """A writer of the form the suffix names, ``.parquet`` or ``.jsonl``; ``InputError`` for another one.

    See ``TapeWriter`` for when ``directory`` may still grow.
    """
    path = Path(path)
    writer = WRITERS.get(path.suffix)
    if writer is None:
        raise InputError(str(path), f"a name that ends in {' or '.join(WRITERS)}", repr(path.suffix))
    try:
        return writer(path, directory, tier, provenance)
    except OSError as error:
        raise InputError(str(path), "a place to write", f"{error.strerror or error}") from None


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC))
    except FileNotFoundError:
        raise InputError(str(path), "a tape", "no such file") from None
    except IsADirectoryError:
        raise InputError(str(path), "a tape", "a directory") from None
    except OSError as error:
        raise InputError(str(path), "a tape", f"a file that cannot be read ({error.strerror})") from None
