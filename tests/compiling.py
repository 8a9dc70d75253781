"""Compiles what most tests need, once for all workers: two at the same time would each compile it."""

import gc
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tapewarden.engine.registry import built_in_detectors
from tapewarden.runtime.warming import steps, steps_of_models
from tests.probes import PROBES


def compile_together() -> None:
    """Compile on all cores into the cache on disk; costs little where everything is there."""
    # Collecting garbage would cost an eighth of the time: compiling leaves none that matters.
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=gc.disable) as pool:
        for _ in pool.map(compile_step, range(len(all_steps()))):
            pass


def compile_step(number: int) -> None:
    """Compile one of them; by number, because what it calls cannot be sent to another process."""
    all_steps()[number]()


def all_steps() -> list[Callable[[], None]]:
    return [work for _, work in (*steps((*built_in_detectors(), *PROBES)), *steps_of_models())]
