"""The file of producers holds secrets: it is private, and no message tells of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tapewarden.domain.errors import ConfigurationError
from tapewarden.server.rest.producers import load_producers

SECRET = "s3cret" * 6


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "producers.toml"
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def test_a_producer_sends_for_its_sources_or_for_that_of_its_name(tmp_path: Path) -> None:
    first = f'[producers.acme]\nsecret = "{SECRET}"\nsources = ["one", "two"]\n'
    text = f'{first}[producers.b]\nsecret = "{SECRET}2"\n'
    producers = load_producers(written(tmp_path, text))
    assert {name: one.sources for name, one in producers.items()} == {"acme": {"one", "two"}, "b": {"b"}}
    assert producers["acme"].secret == SECRET.encode()
    assert SECRET not in repr(producers)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '[producers.acme]\nsecret = "short"\n',
            "acme.secret: expected a text of at least 32 letters",
        ),
        ("[producers.acme]\n", "acme.secret: expected a text of at least 32 letters"),
        ("[producers.acme]\nsecret = 12345678\n", "producers.acme.secret: expected a text"),
        (f'[producers]\nacme = "{SECRET}"\n', "producers.acme: expected a table"),
        (f'[producers.acme]\nsecret = "{SECRET}"\nsource = ["a"]\n', "no such key; did you mean 'sources'?"),
        (
            f'[producers.acme]\nsecret = "{SECRET}"\nsources = "a"\n',
            "acme.sources: expected a list",
        ),
        (f'[producer.acme]\nsecret = "{SECRET}"\n', "producer: no such key; did you mean 'producers'?"),
        (f'[producers.acme]\nsecret = "{SECRET}\n', "line 2"),
    ],
)
def test_what_is_wrong_is_told_without_the_secret(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load_producers(written(tmp_path, text))
    assert expected in str(raised.value)
    assert not any(secret in str(raised.value) for secret in (SECRET, "short", "12345678"))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = written(tmp_path, f'[producers.acme]\nsecret = "{SECRET}"\n', mode)
    with pytest.raises(ConfigurationError, match="only its owner may read"):
        load_producers(path)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such file"):
        load_producers(tmp_path / "none.toml")
    path = tmp_path / "bytes.toml"
    path.write_bytes(b"\xff")
    path.chmod(0o600)
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        load_producers(path)
