"""`Detection`: the engine on a thread of its own, so that nobody who is slow keeps events from coming in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Final, NamedTuple, TypeVar

from tapewarden.domain.errors import UnavailableError
from tapewarden.domain.signal import Signal
from tapewarden.engine.engine import Engine
from tapewarden.live.covering import Cover
from tapewarden.live.intake import Work
from tapewarden.live.judges import Judges

Answer = TypeVar("Answer")


class Detected(NamedTuple):
    """What was said of a frame; ``signals`` may be none. ``cover`` is ``None`` without a champion."""

    work: Work
    signals: list[Signal]
    cover: Cover | None


class _Question(NamedTuple):
    ask: Callable[[Engine], None]
    refuse: Callable[[BaseException], None]


class _Stop(NamedTuple):
    pass


_STOP: Final = _Stop()


class Detection:
    """Feeds an engine in the order of ``put``. Compiled code runs without the interpreter lock.

    Args:
        engine: Whose directory is its own: it learns from each frame's news.
        judges: The models that observe it.
        on_detected: Called on the thread after each frame. May wait, which holds back everything behind it.
        on_failure: Called on the thread, once, with what went wrong; nothing is done after that.
        frame: Number of the last frame that the engine has seen already.
    """

    def __init__(
        self,
        engine: Engine,
        judges: Judges,
        on_detected: Callable[[Detected], None],
        on_failure: Callable[[BaseException], None],
        frame: int = 0,
    ) -> None:
        self._engine = engine
        self._judges = judges
        self._on_detected = on_detected
        self._on_failure = on_failure
        self._queue: SimpleQueue[Work | _Question | _Stop] = SimpleQueue()
        self._lock = threading.Lock()
        self._ended = False
        self._put = 0
        self.events = 0
        """Events the engine has seen since the start."""
        self.frame = frame
        """Number of the last frame it has seen."""
        self._thread = threading.Thread(target=self._run, name="tapewarden-detection", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Events put and not seen by the engine yet."""
        return self._put - self.events

    def put(self, work: Work) -> None:
        """Queue a frame; never waits. Who puts bounds what is ``waiting``. One thread at a time."""
        self._put += len(work.events)
        self._queue.put(work)

    def ask(self, question: Callable[[Engine], Answer]) -> Future[Answer]:
        """Ask the engine behind all that was put before; it must not be changed.

        The answer is ``UnavailableError`` once detection has ended. Who waits no more may cancel the future.
        """
        future: Future[Answer] = Future()

        def answer(engine: Engine) -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(question(engine))
            except Exception as error:
                future.set_exception(error)

        def refuse(error: BaseException) -> None:
            if future.set_running_or_notify_cancel():
                future.set_exception(error)

        with self._lock:
            if self._ended:
                refuse(_ended())
            else:
                self._queue.put(_Question(answer, refuse))
        return future

    def stop(self) -> None:
        """Do all that was put, then end."""
        self._queue.put(_STOP)
        self._thread.join()

    def _run(self) -> None:
        try:
            while not isinstance(item := self._queue.get(), _Stop):
                if isinstance(item, _Question):
                    item.ask(self._engine)
                else:
                    detected = detect(self._engine, self._judges, item)
                    self.events += len(item.events)
                    self.frame = item.frame
                    self._on_detected(detected)
        except BaseException as error:
            self._on_failure(error)
        finally:
            self._refuse_questions()

    def _refuse_questions(self) -> None:
        with self._lock:
            self._ended = True
        while not self._queue.empty():
            item = self._queue.get()
            if isinstance(item, _Question):
                item.refuse(_ended())


def _ended() -> UnavailableError:
    return UnavailableError("detection has ended")


def detect(engine: Engine, judges: Judges, work: Work) -> Detected:
    """What the engine and the models that observe it say of a frame."""
    work.news.tell(engine.directory)
    if work.chosen is not None:
        judges.choose(work.chosen)
    signals = engine.process(work.events)
    return Detected(work, signals, judges.take_cover())
