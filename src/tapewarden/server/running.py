"""Running a server's coroutine: with uvloop, where there is one."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")

_SWITCHING_S = (
    0.0005  # threads hand the interpreter over ten times as often: it is what latencies are made of
)


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Do the work on an event loop of its own."""
    sys.setswitchinterval(_SWITCHING_S)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(work)


def spare_lasting_objects() -> None:
    """Let the collector of garbage pass over what is there now; for a process that has just started.

    A server starts with some million objects, most of them of the compiler. The collector looks through all
    of them every few seconds under load, and stops every thread meanwhile, for about 0.1 s.
    """
    gc.collect()
    gc.freeze()


def _loop_factory() -> Any:  # noqa: ANN401 - uvloop is not there on every system
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop
