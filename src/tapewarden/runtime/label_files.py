"""Labels on disk: JSON Lines, one episode per line, in the canonical bytes of ``Episode.to_json``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tapewarden.domain.episode import Episode
from tapewarden.domain.errors import FieldError, InputError
from tapewarden.tape.partial import PartialFile


def write_labels(path: Path, episodes: Iterable[Episode]) -> None:
    """Write a file that appears only when all episodes are in it; ``InputError`` for a bad place."""
    text = "".join(episode.to_json() + "\n" for episode in episodes)
    partial = PartialFile(path)
    try:
        partial.path.write_text(text, encoding="utf-8", newline="\n")
        partial.commit()
    except OSError as error:
        raise InputError(str(path), "a place to write", f"{error.strerror or error}") from error
    finally:
        partial.discard()


def read_labels(path: Path) -> list[Episode]:
    """The episodes of a file in its order.

    Raises:
        InputError: Naming file, line and field, for anything that is not an episode, and for one told twice.
    """
    try:
        with path.open(encoding="utf-8") as stream:
            return list(_unique(stream, str(path)))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(str(path), "a file of labels", str(error)) from error


def _unique(lines: Iterable[str], source: str) -> Iterator[Episode]:
    rows: dict[str, int] = {}
    for row, line in enumerate(lines, start=1):
        episode = _episode(line, source, row)
        first = rows.setdefault(episode.episode_id, row)
        if first != row:
            received = f"{episode.episode_id!r}, which row {first} has"
            raise InputError(source, "an id of its own", received, row=row, field="episode_id")
        yield episode


def _episode(line: str, source: str, row: int) -> Episode:
    try:
        return Episode.from_json(line)
    except FieldError as error:
        raise InputError(source, error.expected, error.received, row=row, field=error.field) from error
