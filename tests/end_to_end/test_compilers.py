"""Engine and decoder do the same with every index checked, compiled for any processor."""

import os
import subprocess
import sys
from pathlib import Path

from tests.samples.running import digests

ROOT = Path(__file__).parents[2]

OTHERWISE = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}
"""Both at once: to compile the engine takes ten seconds, and each must change nothing."""


def test_compiled_otherwise_the_engine_says_the_same(tmp_path: Path) -> None:
    done = run("tests.samples.running", folder=tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == digests()


def test_the_decoder_reads_nothing_outside_a_message(tmp_path: Path) -> None:
    tests = str(ROOT / "tests" / "property" / "test_wire.py")
    done = run("pytest", tests, "-k", "agrees", folder=tmp_path)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "1 passed" in done.stdout


def run(module: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    places = os.pathsep.join(map(str, (ROOT / "src", ROOT)))
    # A cache of its own: the usual one does not tell these settings apart.
    surroundings = os.environ | OTHERWISE | {"NUMBA_CACHE_DIR": str(folder), "PYTHONPATH": places}
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=surroundings,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
