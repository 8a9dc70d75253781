"""Rendering in a process of its own, which gives way to everything else that the machine does."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Final

from tapewarden.domain.casework import ExportFormat
from tapewarden.reports.content import Report
from tapewarden.reports.formats.errors import RenderingError
from tapewarden.reports.rendering import render

_PATIENCE: Final = 15  # how far the process gives way, in steps of `nice`


def print_report(report: Report, wanted: ExportFormat) -> bytes:
    """The file of a report, see ``render``; the caller's interpreter is free meanwhile.

    Costs half a second for the process beside what rendering does. By any thread.

    Raises:
        RenderingError: The report cannot be made, or the process ended before it was.
    """
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_give_way) as press:
            return press.submit(render, report, wanted).result()
    except BrokenProcessPool:
        raise RenderingError("the process that was to make the report ended before it was made") from None
    except ImportError as error:
        raise RenderingError(f"reports cannot be made here: install tapewarden[reports] ({error})") from None


def _give_way() -> None:
    """Let detection go first, and leave it to the server to end: Ctrl+C in a terminal is meant for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_PATIENCE)
