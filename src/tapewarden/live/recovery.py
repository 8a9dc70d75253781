"""Starting where one stopped: the newest checkpoint that fits, then the journal's frames behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NamedTuple

from tapewarden.domain.directory import Directory
from tapewarden.domain.errors import FieldError, JournalError, SnapshotError
from tapewarden.engine.engine import Engine
from tapewarden.journal import Frame
from tapewarden.live.checkpoints import Checkpoint, Checkpoints, decode, decode_intake
from tapewarden.live.detection import Detected, detect
from tapewarden.live.intake import Intake
from tapewarden.live.judges import Judges


class State(NamedTuple):
    """An intake, and an engine with the models that observe it, all behind the same frame."""

    intake: Intake
    engine: Engine
    judges: Judges
    frame: int = 0


class Restored(NamedTuple):
    """What to go on from, and the checkpoints that could not be used, each with why.

    ``is_whole`` is false where the engine begins in the middle of the journal without a state.
    """

    state: State
    passed_over: list[tuple[Checkpoint, str]]
    is_whole: bool


def restore(
    checkpoints: Checkpoints, fresh: Callable[[], State], oldest: int, last: int, before_ns: int | None = None
) -> Restored:
    """The state of the newest checkpoint that can be gone on from, or a fresh one at the journal's beginning.

    Args:
        checkpoints: Where to look.
        fresh: Makes a state that has seen nothing.
        oldest: Number of the oldest frame that is kept.
        last: Number of the last frame to be seen; later checkpoints are passed over.
        before_ns: Only those that stand before this time of the tape.

    Raises:
        JournalError: If the journal begins in the middle, and no checkpoint says what its numbers mean.
    """
    passed_over = []
    for checkpoint in reversed(checkpoints.all()):
        if checkpoint.frame > last:
            passed_over.append((checkpoint, f"it stands behind frame {checkpoint.frame}"))
        elif checkpoint.frame + 1 < oldest:
            passed_over.append((checkpoint, f"the journal begins at frame {oldest}"))
        elif before_ns is not None and checkpoint.clock_ns >= before_ns:
            continue
        else:
            state = fresh()
            try:
                frame = decode(checkpoint.read(), state.intake, state.engine, state.judges)
            except (SnapshotError, FieldError) as error:
                passed_over.append((checkpoint, str(error)))
            else:
                return Restored(state._replace(frame=frame), passed_over, is_whole=True)
    state = fresh()
    frame = begin(checkpoints, oldest, state.intake, state.engine.directory)
    return Restored(state._replace(frame=frame), passed_over, is_whole=frame == 0)


def begin(checkpoints: Checkpoints, oldest: int, intake: Intake, directory: Directory) -> int:
    """The frame behind which a journal can be understood whose oldest frame is ``oldest``: 0 if all is kept.

    Otherwise that of the first checkpoint there is: it tells the intake what the sources' numbers mean, and
    the directory their names, whatever engine it was written for.

    Raises:
        JournalError: If there is none.
    """
    if oldest == 1:
        return 0
    for checkpoint in checkpoints.all():
        if checkpoint.frame + 1 >= oldest:
            with suppress(SnapshotError):
                return decode_intake(checkpoint.read(), intake, directory)
    raise JournalError(
        f"{checkpoints.folder}: the journal begins at frame {oldest}: expected a checkpoint behind it,"
        " received none"
    )


def require_whole(checkpoints: Checkpoints, last: int) -> None:
    """Refuse a journal that ends before a checkpoint: what was durable then is gone.

    Raises:
        JournalError: Naming the checkpoint.
    """
    newest = checkpoints.all()[-1:]
    if newest and newest[0].frame > last:
        raise JournalError(
            f"{newest[0].path} stands behind frame {newest[0].frame}, the journal ends at frame {last}:"
            " frames were lost, or the folders do not belong together"
        )


def catch_up(state: State, frames: Iterator[Frame]) -> Iterator[Detected]:
    """Let the state see frames again; what the engine says of each."""
    for frame in frames:
        work = state.intake.again(frame)
        yield detect(state.engine, state.judges, work)
