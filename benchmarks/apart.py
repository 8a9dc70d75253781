"""Work in a process of its own: its CPU time from birth and the most memory it held.

``python -m benchmarks.apart MODULE FUNCTION ARGUMENT...`` calls the function with texts and prints JSON.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.figures import NotMeasuredError

ROOT: Final = Path(__file__).parents[1]
STATUS: Final = Path("/proc/self/status")


class Outcome(NamedTuple):
    """What a function gave, and what its whole process took."""

    output: Any
    seconds: float
    most_bytes: int


def call_apart(
    module: str, function: str, *arguments: object, environment: Mapping[str, str] | None = None
) -> Outcome:
    """Call a function of this package in a new process; its output must fit JSON.

    Raises:
        NotMeasuredError: If it fails, with the last line it wrote.
    """
    command = [sys.executable, "-m", __name__, module, function, *map(str, arguments)]
    variables = variables_of_child(environment)
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise NotMeasuredError(f"{module}.{function}: {lines[-1]}")
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))


def variables_of_child(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of another process of this package."""
    return {**os.environ, **(more or {}), "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}


def resident_bytes(field: str = "VmRSS") -> int:
    """Memory of this process now, or the most it ever held (``VmHWM``)."""
    if STATUS.exists():
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith(field))
        return 1024 * int(line.split()[1])
    scale = 1 if sys.platform == "darwin" else 1024
    return scale * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(module: str, function: str, *arguments: str) -> None:
    """Call the function and print its outcome."""
    output = getattr(importlib.import_module(module), function)(*arguments)
    outcome = Outcome(output, time.process_time(), resident_bytes("VmHWM"))
    print(json.dumps(outcome._asdict()))


if __name__ == "__main__":
    main(*sys.argv[1:])
