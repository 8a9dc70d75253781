"""Files that commands write: there when all of it is, and never half."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tapewarden.domain.errors import InputError


@contextmanager
def writing(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """A new file that takes its place at the end, for nobody else to read if ``private``.

    Raises:
        InputError: It cannot be written there.
    """
    from tapewarden.tape.partial import PartialFile

    partial = PartialFile(path)
    try:
        with _opened(partial.path, private=private) as file:
            yield file
        partial.commit()
    finally:
        partial.discard()


def keep_tapes(tapes: Sequence[Path], target: Path | None) -> None:
    """Refuse tapes given twice, and a file to write that would replace one of them.

    Raises:
        InputError: Naming the path.
    """
    given = [path.resolve() for path in tapes]
    for place, path in enumerate(given):
        if path in given[:place]:
            raise InputError(str(tapes[place]), "each tape once", "the same tape again")
    if target is not None and target.resolve() in given:
        raise InputError(str(target), "another file than the tapes", "one of them")


def _opened(path: Path, *, private: bool) -> BinaryIO:
    try:
        if private:
            path.unlink(missing_ok=True)
            path.touch(mode=0o600)
        return path.open("wb")
    except OSError as error:
        raise InputError(str(path), "a place to write", f"{error.strerror or error}") from error
