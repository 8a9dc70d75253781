from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.domain.episode import Episode
from tapewarden.domain.errors import InputError
from tapewarden.runtime.label_files import read_labels, write_labels
from tests.samples.episodes import episode, episodes, twin


@given(told=st.lists(episodes(), max_size=4, unique_by=lambda one: one.episode_id))
def test_labels_read_back_as_they_were_written(
    told: list[Episode], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("labels") / "labels.jsonl"
    write_labels(path, told)
    assert read_labels(path) == told


def test_a_bad_line_is_named_by_file_row_and_field(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    bad = twin().to_json().replace('"seed":1', '"seed":"one"')
    path.write_text(f"{episode().to_json()}\n{bad}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_labels(path)
    assert str(caught.value) == f"{path}, row 2, field 'seed': expected a whole number, received 'one'"


def test_an_episode_told_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    write_labels(path, [episode(), twin(), episode()])
    with pytest.raises(InputError, match=r"row 3, field 'episode_id': .* 'one', which row 1 has"):
        read_labels(path)


def test_files_that_cannot_be_read_or_written_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no-file"):
        read_labels(tmp_path / "no-file")
    with pytest.raises(InputError, match="missing"):
        write_labels(tmp_path / "missing" / "labels.jsonl", [])
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="a file of labels"):
        read_labels(binary)
