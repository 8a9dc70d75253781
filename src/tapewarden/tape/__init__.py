"""Tapes on disk: Parquet and its readable twin in JSON Lines, merging and checking them."""

from tapewarden.tape.check import Finding, check_tape
from tapewarden.tape.header import Counts, Provenance, SourceFile, TapeHeader
from tapewarden.tape.merge import merge_tapes
from tapewarden.tape.opening import read_tape, write_tape
from tapewarden.tape.reader import TapeReader
from tapewarden.tape.row_text import row_texts, time_text
from tapewarden.tape.writer import TapeWriter

__all__ = [
    "Counts",
    "Finding",
    "Provenance",
    "SourceFile",
    "TapeHeader",
    "TapeReader",
    "TapeWriter",
    "check_tape",
    "merge_tapes",
    "read_tape",
    "row_texts",
    "time_text",
    "write_tape",
]
