import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest

from tapewarden.adapters.files.opening import MAX_LINE, open_source, read_blocks, read_lines
from tapewarden.domain.errors import InputError

TEXT = b"".join(b"line %d with some words\n" % number for number in range(20_000))


def zipped(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, TEXT)
    return target.getvalue()


def zstd(data: bytes) -> bytes:
    return bytes(pa.compress(data, "zstd", asbytes=True))


FORMS = {
    "plain": TEXT,
    "gz": gzip.compress(TEXT),
    "xz": lzma.compress(TEXT),
    "zst": zstd(TEXT),
    "zip": zipped("a"),
}


@pytest.mark.parametrize("form", FORMS)
def test_content_is_the_same_however_it_is_compressed(tmp_path: Path, form: str) -> None:
    path = tmp_path / "file.txt"
    path.write_bytes(FORMS[form])
    with open_source(path) as stream:
        assert stream.read() == TEXT


@pytest.mark.parametrize("compress", [gzip.compress, lzma.compress, zstd])
def test_files_joined_after_compression_are_read_whole(tmp_path: Path, compress: object) -> None:
    assert callable(compress)
    path = tmp_path / "file"
    path.write_bytes(compress(TEXT) + compress(TEXT))
    with open_source(path) as stream:
        assert stream.read() == TEXT + TEXT


@pytest.mark.parametrize("form", ["gz", "xz", "zst", "zip"])
@pytest.mark.parametrize("kept", [0.5, 0.99])
def test_truncated_file_is_one_input_error(tmp_path: Path, form: str, kept: float) -> None:
    path = tmp_path / "file"
    path.write_bytes(FORMS[form][: int(len(FORMS[form]) * kept)])
    with pytest.raises(InputError, match="expected a complete"), open_source(path) as stream:
        stream.read()


@pytest.mark.parametrize("form", ["gz", "xz", "zst"])
def test_damaged_file_is_one_input_error(tmp_path: Path, form: str) -> None:
    data = bytearray(FORMS[form])
    data[len(data) // 2 : len(data) // 2 + 50] = bytes(50)
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(InputError, match="expected a complete"), open_source(path) as stream:
        stream.read()


def test_archive_of_several_files_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.zip"
    path.write_bytes(zipped("a", "b"))
    with pytest.raises(InputError, match="zip"):
        open_source(path)


def test_directory_and_missing_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a directory"):
        open_source(tmp_path)
    with pytest.raises(InputError, match="no such file"):
        open_source(tmp_path / "missing")


@pytest.mark.parametrize("data", [b"", gzip.compress(b"", mtime=0)], ids=["plain", "gz"])
def test_empty_file_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(InputError, match="an empty file"):
        list(read_lines(path))


def test_binary_data_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"abc\0def\n")
    with pytest.raises(InputError, match="binary data"):
        list(read_lines(path))


def test_lines_keep_their_numbers_over_blank_ones_and_any_line_end(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\xef\xbb\xbfone\r\n\n  \nfour\nfive")
    assert list(read_lines(path)) == [(1, b"one"), (4, b"four"), (5, b"five")]


def test_endless_line_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * (MAX_LINE + 10))
    with pytest.raises(InputError, match="a longer one"):
        list(read_lines(path))


@pytest.mark.parametrize("size", [1, 7, 100, 10**6])
def test_blocks_are_whole_lines_with_the_number_of_the_first(tmp_path: Path, size: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(TEXT[:5000])
    lines = TEXT[:5000].splitlines(keepends=True)
    blocks = list(read_blocks(path, skip=2, size=size))
    assert b"".join(block for _, block in blocks) == b"".join(lines[2:])
    assert all(lines[number - 1].startswith(block.split(b"\n")[0]) for number, block in blocks)


def test_progress_adds_up_to_the_size_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(FORMS["gz"])
    seen: list[int] = []
    with open_source(path, seen.append) as stream:
        stream.read()
    assert sum(seen) == path.stat().st_size
