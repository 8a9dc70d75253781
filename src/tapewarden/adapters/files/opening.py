"""Opening what users have: plain, gzip, xz, zstd and zip files, as lines or as blocks of whole lines."""

from __future__ import annotations

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final

import pyarrow as pa

from tapewarden.domain.errors import InputError

Advance = Callable[[int], None]

MAX_LINE: Final = 1 << 24
"""Longest line in bytes; a snapshot of a deep book stays far below."""

_BLOCK: Final = 1 << 20
_SNIFF: Final = 1 << 13
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_MAGIC: Final = {
    b"\x1f\x8b": "gzip",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"PK\x03\x04": "zip",
}
_DAMAGE: Final = (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, pa.ArrowInvalid)


def ignore_progress(_: int) -> None:
    """The `Advance` of those who do not ask how far reading has come."""


def open_source(path: Path, advance: Advance = ignore_progress) -> IO[bytes]:
    """The decompressed bytes of a file, compression told by its first bytes and not by its name.

    ``advance`` hears of every byte read from disk. Raises ``InputError`` here for what is no readable,
    non-empty file, and while reading for what is damaged or truncated.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(str(path), "a readable file", _say(error)) from error
    head = file.read(8)
    file.seek(0)
    if not head:
        file.close()
        raise InputError(str(path), "at least one row", "an empty file")
    compression = next((name for magic, name in _MAGIC.items() if head.startswith(magic)), "")
    return io.BufferedReader(_Decompressed(path, file, compression, advance), 1 << 18)


def read_lines(path: Path, advance: Advance = ignore_progress) -> Iterator[tuple[int, bytes]]:
    """Numbers (from 1) and bytes of the lines that are not blank, without their line ends."""
    with open_text(path, advance) as stream:
        number = 0
        while line := stream.readline(MAX_LINE):
            number += 1
            if len(line) == MAX_LINE:
                raise InputError(str(path), f"lines of at most {MAX_LINE} bytes", "a longer one", row=number)
            line = line.rstrip(b"\r\n")
            if line and not line.isspace():
                yield number, line


def read_blocks(
    path: Path, advance: Advance = ignore_progress, *, skip: int = 0, size: int = _BLOCK
) -> Iterator[tuple[int, bytes]]:
    """Blocks of whole lines, about ``size`` bytes each, behind ``skip`` lines, with the first number."""
    with open_text(path, advance) as stream:
        for _ in range(skip):
            stream.readline(MAX_LINE)
        number = skip + 1
        while block := stream.read(size):
            if not block.endswith(b"\n"):
                block += stream.readline(MAX_LINE)
            yield number, block
            number += block.count(b"\n")


def open_text(path: Path, advance: Advance = ignore_progress) -> io.BufferedReader:
    """Like ``open_source`` for text: refuses binary data and skips a byte order mark."""
    stream = open_source(path, advance)
    assert isinstance(stream, io.BufferedReader)
    try:
        head = stream.peek(_SNIFF)[:_SNIFF]
        if b"\0" in head:
            raise InputError(str(path), "text in UTF-8", "binary data")
        if not head:
            raise InputError(str(path), "at least one row", "an empty file")
    except InputError:
        stream.close()
        raise
    if head.startswith(_BYTE_ORDER_MARK):
        stream.read(len(_BYTE_ORDER_MARK))
    return stream


class _Counted(io.RawIOBase):
    """A file that tells how much was read from it."""

    def __init__(self, file: IO[bytes], advance: Advance) -> None:
        self._file = file
        self._advance = advance

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - as io declares it
        data = self._file.read(len(buffer))
        self._advance(len(data))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Decompressed(io.RawIOBase):
    """The content of a possibly compressed file; every damage is an ``InputError``."""

    def __init__(self, path: Path, file: IO[bytes], compression: str, advance: Advance) -> None:
        self._path = path
        self._compression = compression
        self._file = io.BufferedReader(_Counted(file, advance), 1 << 16)
        try:
            self._content = _decompress(self._file, compression)
        except _DAMAGE as error:
            self._file.close()
            raise self._damaged(error) from error

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - as io declares it
        try:
            data = self._content.read(len(buffer))
        except _DAMAGE as error:
            raise self._damaged(error) from error
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _damaged(self, error: Exception) -> InputError:
        if self._compression:
            expected = f"a complete {self._compression} file"
            return InputError(str(self._path), expected, "a damaged or truncated one")
        return InputError(str(self._path), "a readable file", _say(error))


def _decompress(file: io.BufferedReader[_Counted], compression: str) -> IO[bytes]:
    match compression:
        case "gzip":
            return gzip.GzipFile(fileobj=file)  # type: ignore[return-value]
        case "xz":
            return lzma.LZMAFile(file)
        case "zstd":
            return pa.CompressedInputStream(pa.PythonFile(file), "zstd")  # type: ignore[no-any-return]
        case "zip":
            archive = zipfile.ZipFile(file)
            if len(archive.namelist()) != 1:
                raise OSError("a zip archive of several files")
            return archive.open(archive.namelist()[0])
        case _:
            return file


def _say(error: Exception) -> str:
    return error.strerror.lower() if isinstance(error, OSError) and error.strerror else str(error)
